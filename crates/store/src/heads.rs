//! Which posts and authors stand on a page, and under which revisions what is kept of them in memory is right (docs/adr/0008). Use case: `domain::kept`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::{AmongExt, Numbers};
use crate::conn::db::each;
use crate::conn::written::Written;
use crate::schema::account_moves;
use crate::{Conn, Result};

/// A post as it is now. Kept parts of another revision, or of another instant of writing, are not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub id: StatusId,
    pub revision: i64,
    pub created_at: Moment,
    pub boost_of: Option<StatusId>,
    pub author: AuthorHead,
}

/// An author as they are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorHead {
    pub id: AccountId,
    pub revision: i64,
    /// Changes with every post, so it is no part of the revision.
    pub last_status_at: Option<Moment>,
}

type Row = (i64, i64, i64, Option<i64>, i64, i64, Option<i64>);
type Columns = (BigInt, BigInt, BigInt, Nullable<BigInt>, BigInt, BigInt, Nullable<BigInt>);

const HEADS: &str = "WITH asked (id) AS ({posts}) \
    SELECT s.id, s.revision, s.created_at, s.boost_of_id, a.id, a.revision, a.last_status_at \
    FROM asked p CROSS JOIN statuses s CROSS JOIN accounts a WHERE s.id = p.id AND a.id = s.account_id \
    UNION ALL SELECT o.id, o.revision, o.created_at, o.boost_of_id, a.id, a.revision, a.last_status_at \
    FROM asked p CROSS JOIN statuses s CROSS JOIN statuses o CROSS JOIN accounts a \
    WHERE s.id = p.id AND o.id = s.boost_of_id AND a.id = o.account_id";

/// The posts, and those that they boost; in no order, perhaps several times. One statement.
///
/// # Errors
/// As the database's.
pub fn of_statuses(c: &mut Conn, ids: &[StatusId]) -> Result<Vec<Head>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    struct Name;
    let query = Written::<Columns, Name>::new(HEADS, vec![("posts", Numbers::of(ids).into())]);
    let rows: Vec<Row> = each!(c, |db| query.load(db))?;
    Ok(rows
        .into_iter()
        .map(|(id, revision, created_at, boost_of, author, author_revision, last_status_at)| Head {
            id: StatusId(id),
            revision,
            created_at: Moment(created_at),
            boost_of: boost_of.map(StatusId),
            author: AuthorHead {
                id: AccountId(author),
                revision: author_revision,
                last_status_at: last_status_at.map(Moment),
            },
        })
        .collect())
}

/// Some accounts; in no order. One statement.
///
/// # Errors
/// As the database's.
pub fn of_accounts(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<AuthorHead>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    struct Name;
    let query = Written::<(BigInt, BigInt, Nullable<BigInt>), Name>::new(
        "WITH asked (id) AS ({ids}) SELECT a.id, a.revision, a.last_status_at FROM asked p CROSS JOIN accounts a WHERE a.id = p.id",
        vec![("ids", Numbers::of(ids).into())],
    );
    let rows: Vec<(i64, i64, Option<i64>)> = each!(c, |db| query.load(db))?;
    let head = |(id, revision, at): (i64, i64, Option<i64>)| AuthorHead {
        id: AccountId(id),
        revision,
        last_status_at: at.map(Moment),
    };
    Ok(rows.into_iter().map(head).collect())
}

/// What hangs on a post and changes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attached {
    pub has_card: bool,
    pub has_poll: bool,
    pub has_quote: bool,
}

/// What hangs on these posts. One statement.
///
/// # Errors
/// As the database's.
pub fn attached(c: &mut Conn, ids: &[StatusId]) -> Result<Vec<(StatusId, Attached)>> {
    struct Name;
    let query = Written::<(BigInt, BigInt), Name>::new(
        "WITH asked (id) AS ({posts}) SELECT p.id, CAST( \
           CASE WHEN EXISTS (SELECT 1 FROM status_cards x WHERE x.status_id = p.id) THEN 1 ELSE 0 END + \
           CASE WHEN EXISTS (SELECT 1 FROM polls x WHERE x.status_id = p.id) THEN 2 ELSE 0 END + \
           CASE WHEN EXISTS (SELECT 1 FROM quotes x WHERE x.status_id = p.id) THEN 4 ELSE 0 END AS BIGINT) FROM asked p",
        vec![("posts", Numbers::of(ids).into())],
    );
    let rows: Vec<(i64, i64)> = each!(c, |db| query.load(db))?;
    let one = |(id, bits): (i64, i64)| {
        let attached =
            Attached { has_card: bits & 1 != 0, has_poll: bits & 2 != 0, has_quote: bits & 4 != 0 };
        (StatusId(id), attached)
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Which of these accounts say that they moved, wherever to. One statement.
///
/// # Errors
/// As the database's.
pub fn moved_among(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<AccountId>> {
    Ok(account_moves::table
        .filter(account_moves::account_id.among(ids).and(account_moves::is_shown.eq(true)))
        .select(account_moves::account_id)
        .load(c.db())?)
}

#[cfg(test)]
#[path = "heads_tests.rs"]
mod tests;
