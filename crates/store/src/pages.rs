//! What some readers have to do with the authors of a page of posts and did with the posts. What is the same for everybody is elsewhere (`heads`,
//! `statuses`, `status_parts`, `accounts`). Use cases: `domain::views`, `domain::crowd`.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use parvis_model::ids::{AccountId, StatusId};

use crate::conn::among::Numbers;
use crate::conn::db::each;
use crate::conn::written::Written;
use crate::crowds::Did;
use crate::reactions::Flags;
use crate::{Conn, Result};

/// What a reader has to do with an author.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bond {
    /// The reader follows them.
    pub is_followed: bool,
    /// The reader follows them, but does not want what they boost.
    pub is_without_boosts: bool,
    /// They follow the reader.
    pub is_following: bool,
    /// One of the two blocks the other.
    pub is_blocked: bool,
    /// The reader mutes them.
    pub is_muted: bool,
    /// The reader wants nothing to do with their server.
    pub is_avoided: bool,
}

/// What a reader has to do with a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Without those with whom they have nothing to do.
    pub authors: HashMap<AccountId, Bond>,
    /// Without those with which they did nothing.
    pub did: BTreeMap<StatusId, Did>,
    /// Whether they have filters in force.
    pub has_filters: bool,
    /// Whether some of this ends by itself: mutes and filters for a time.
    pub is_passing: bool,
}

/// Most things stand behind a question whether the reader has any such thing, since most people block nobody. Votes are looked for in the posts that have
/// a poll.
const READERS: &str = "WITH viewers (id) AS MATERIALIZED ({viewers}), \
    posts (id) AS MATERIALIZED ({posts}), authors (id) AS MATERIALIZED ({authors}), polled (id) AS MATERIALIZED ({polled}), \
    readers AS MATERIALIZED (SELECT v.id AS id, \
      EXISTS (SELECT 1 FROM bookmarks x WHERE x.account_id = v.id) AS bookmarks, \
      EXISTS (SELECT 1 FROM pins x WHERE x.account_id = v.id) AS pins, \
      EXISTS (SELECT 1 FROM thread_mutes x WHERE x.account_id = v.id) AS thread_mutes, \
      EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = v.id) AS blocks, \
      EXISTS (SELECT 1 FROM blocks x WHERE x.target_id = v.id) AS blocked, \
      EXISTS (SELECT 1 FROM mutes x WHERE x.account_id = v.id) AS mutes, \
      EXISTS (SELECT 1 FROM host_blocks x WHERE x.account_id = v.id) AS hosts FROM viewers v) \
    SELECT 0, r.id, p.id, \
      CASE WHEN EXISTS (SELECT 1 FROM favourites x WHERE x.status_id = p.id AND x.account_id = r.id) THEN 1 ELSE 0 END + \
      CASE WHEN EXISTS (SELECT 1 FROM statuses x WHERE x.boost_of_id = p.id AND x.account_id = r.id) THEN 2 ELSE 0 END + \
      CASE WHEN r.bookmarks AND EXISTS (SELECT 1 FROM bookmarks x WHERE x.account_id = r.id AND x.status_id = p.id) THEN 4 ELSE 0 END + \
      CASE WHEN r.pins AND EXISTS (SELECT 1 FROM pins x WHERE x.account_id = r.id AND x.status_id = p.id) THEN 8 ELSE 0 END + \
      CASE WHEN r.thread_mutes AND EXISTS (SELECT 1 FROM statuses s JOIN thread_mutes x ON x.thread_id = s.thread_id WHERE s.id = p.id AND x.account_id = r.id) THEN 16 ELSE 0 END \
    FROM readers r CROSS JOIN posts p \
    UNION ALL SELECT 1, r.id, a.id, \
      COALESCE((SELECT CASE WHEN x.shows_boosts THEN 1 ELSE 3 END FROM follows x WHERE x.follower_id = r.id AND x.followee_id = a.id AND x.state = 1), 0) + \
      CASE WHEN EXISTS (SELECT 1 FROM follows x WHERE x.follower_id = a.id AND x.followee_id = r.id AND x.state = 1) THEN 4 ELSE 0 END + \
      CASE WHEN r.blocks AND EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = r.id AND x.target_id = a.id) THEN 8 \
           WHEN r.blocked AND EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = a.id AND x.target_id = r.id) THEN 8 ELSE 0 END + \
      CASE WHEN r.mutes AND EXISTS (SELECT 1 FROM mutes x WHERE x.account_id = r.id AND x.target_id = a.id AND (x.expires_at IS NULL OR x.expires_at > {now})) THEN 16 ELSE 0 END + \
      CASE WHEN r.hosts AND EXISTS (SELECT 1 FROM accounts y JOIN host_blocks x ON x.host = y.host WHERE y.id = a.id AND x.account_id = r.id) THEN 32 ELSE 0 END \
    FROM readers r CROSS JOIN authors a \
    UNION ALL SELECT 2, v.id, 0, 0 FROM viewers v WHERE EXISTS \
      (SELECT 1 FROM filters x WHERE x.account_id = v.id AND (x.expires_at IS NULL OR x.expires_at > {now})) \
    UNION ALL SELECT 5, v.id, 0, 0 FROM viewers v WHERE EXISTS (SELECT 1 FROM filters x WHERE x.account_id = v.id AND x.expires_at > {now}) \
      OR EXISTS (SELECT 1 FROM mutes x WHERE x.account_id = v.id AND x.expires_at > {now}) \
    UNION ALL SELECT 3, v.id, q.id, 0 FROM polled q CROSS JOIN polls l CROSS JOIN viewers v CROSS JOIN poll_voters x \
      WHERE l.status_id = q.id AND x.poll_id = l.id AND x.account_id = v.id \
    UNION ALL SELECT 4, v.id, q.id, x.position FROM polled q CROSS JOIN polls l CROSS JOIN viewers v CROSS JOIN poll_votes x \
      WHERE l.status_id = q.id AND x.poll_id = l.id AND x.account_id = v.id";

/// What each of these viewers, at most [`crate::crowds::SOME`], has to do with a page. `polled` are the posts that have a poll.
///
/// # Errors
/// As the database's.
pub fn readers(
    c: &mut Conn,
    viewers: &[AccountId],
    posts: &[StatusId],
    authors: &[AccountId],
    polled: &[StatusId],
) -> Result<HashMap<AccountId, Reader>> {
    let mut all: HashMap<AccountId, Reader> = viewers.iter().map(|v| (*v, Reader::default())).collect();
    if viewers.is_empty() {
        return Ok(all);
    }
    let values = vec![
        ("viewers", Numbers::of(viewers).into()),
        ("posts", Numbers::of(posts).into()),
        ("authors", Numbers::of(authors).into()),
        ("polled", Numbers::of(polled).into()),
        ("now", c.now().0.into()),
    ];
    struct Name;
    let query = Written::<(Integer, BigInt, BigInt, Integer), Name>::new(READERS, values);
    let rows: Vec<(i32, i64, i64, i32)> = each!(c, |db| query.load(db))?;
    for (kind, viewer, id, bits) in rows {
        let Some(reader) = all.get_mut(&AccountId(viewer)) else { continue };
        match kind {
            0 | 1 if bits == 0 => {}
            0 => reader.did.entry(StatusId(id)).or_default().flags = flags(bits),
            1 => {
                reader.authors.insert(AccountId(id), bond(bits));
            }
            2 => reader.has_filters = true,
            5 => reader.is_passing = true,
            3 => {
                reader.did.entry(StatusId(id)).or_default().votes.get_or_insert_default();
            }
            _ => {
                let votes = reader.did.entry(StatusId(id)).or_default().votes.get_or_insert_default();
                votes.push(i16::try_from(bits).unwrap_or_default());
            }
        }
    }
    let did = all.values_mut().flat_map(|reader| reader.did.values_mut());
    did.filter_map(|did| did.votes.as_mut()).for_each(|votes| votes.sort_unstable());
    Ok(all)
}

const fn flags(bits: i32) -> Flags {
    Flags {
        favourited: bits & 1 != 0,
        reblogged: bits & 2 != 0,
        bookmarked: bits & 4 != 0,
        pinned: bits & 8 != 0,
        muted: bits & 16 != 0,
    }
}

const fn bond(bits: i32) -> Bond {
    Bond {
        is_followed: bits & 1 != 0,
        is_without_boosts: bits & 2 != 0,
        is_following: bits & 4 != 0,
        is_blocked: bits & 8 != 0,
        is_muted: bits & 16 != 0,
        is_avoided: bits & 32 != 0,
    }
}
