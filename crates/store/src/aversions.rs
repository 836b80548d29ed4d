//! What is said to somebody of whom a reader wants to hear nothing: one rule for homes and lists, as they are written and as they are read. Use cases:
//! `domain::timelines`, `domain::lists::feed`.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use parvis_model::ids::{AccountId, StatusId};

use crate::conn::among::Numbers;
use crate::conn::db::each;
use crate::conn::written::Written;
use crate::{Conn, Result};

/// Whether a reader wants to hear nothing of somebody: they block or mute them. What is said to such a person is not for that reader; this is the one
/// place where that stands. `{now}` is an instant.
macro_rules! hears_nothing_of {
    ($reader:literal, $somebody:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = ",
            $reader,
            " AND b.target_id = ",
            $somebody,
            ") OR EXISTS (SELECT 1 FROM mutes u WHERE u.account_id = ",
            $reader,
            " AND u.target_id = ",
            $somebody,
            " AND (u.expires_at IS NULL OR u.expires_at > {now})))"
        )
    };
}
pub(crate) use hears_nothing_of;

/// The posts (or what they boost) in which somebody is mentioned of whom a reader wants to hear nothing.
const AVERSE: &str = concat!(
    "WITH viewers (id) AS MATERIALIZED ({viewers}), posts (id) AS MATERIALIZED ({posts}), \
     shown (post, id) AS (SELECT p.id, p.id FROM posts p UNION ALL \
       SELECT p.id, h.boost_of_id FROM posts p CROSS JOIN status_heads h WHERE h.status_id = p.id AND h.boost_of_id IS NOT NULL) \
     SELECT DISTINCT v.id, s.post FROM shown s CROSS JOIN mentions m CROSS JOIN viewers v WHERE m.status_id = s.id AND ",
    hears_nothing_of!("v.id", "m.account_id")
);

/// Which of these posts are not for which of these readers, because somebody is mentioned whom the reader blocks or mutes.
///
/// # Errors
/// As the database's.
pub fn averse(
    c: &mut Conn,
    viewers: &[AccountId],
    posts: &[StatusId],
) -> Result<HashSet<(AccountId, StatusId)>> {
    struct Name;
    let values = vec![
        ("viewers", Numbers::of(viewers).into()),
        ("posts", Numbers::of(posts).into()),
        ("now", c.now().0.into()),
    ];
    let query = Written::<(BigInt, BigInt), Name>::new(AVERSE, values);
    let rows: Vec<(i64, i64)> = each!(c, |db| query.load(db))?;
    Ok(rows.into_iter().map(|(viewer, post)| (AccountId(viewer), StatusId(post))).collect())
}
