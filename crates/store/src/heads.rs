//! Which posts and authors stand on a page, under which revisions what is kept of them in memory is right (docs/adr/0008), and their figures
//! (docs/adr/0011): one look into two narrow tables. Use case: `domain::views`, `domain::kept`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::{AmongExt, Numbers};
use crate::conn::db::each;
use crate::conn::written::Written;
use crate::follows::ProfileCounts;
use crate::reactions::Counts;
use crate::schema::account_moves;
use crate::{Conn, Result};

/// A post as it is now. Kept parts of another revision, or of another instant of writing, are not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub id: StatusId,
    pub revision: i64,
    pub created_at: Moment,
    pub boost_of: Option<StatusId>,
    pub counts: Counts,
    pub author: AuthorHead,
}

/// An author as they are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorHead {
    pub id: AccountId,
    pub revision: i64,
    /// Changes with every post, so it is no part of the revision.
    pub last_status_at: Option<Moment>,
    pub counts: ProfileCounts,
}

/// The heads of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heads {
    /// In no order, perhaps several times.
    pub posts: Vec<Head>,
    /// The viewer's number under which what they have to do with the page may be kept.
    pub ties: Option<i64>,
}

type Columns = (
    (BigInt, BigInt, BigInt, Nullable<BigInt>),
    (BigInt, BigInt, BigInt, BigInt),
    (BigInt, BigInt, Nullable<BigInt>, BigInt, BigInt, BigInt),
);
type Row = ((i64, i64, i64, Option<i64>), (i64, i64, i64, i64), (i64, i64, Option<i64>, i64, i64, i64));

const HEADS: &str = "WITH asked (id) AS ({posts}) \
    SELECT h.status_id, h.revision, h.created_at, h.boost_of_id, h.replies, h.reblogs, h.favourites, h.quotes, \
      a.account_id, a.revision, a.last_status_at, a.followers, a.following, a.statuses \
    FROM asked p CROSS JOIN status_heads h CROSS JOIN account_heads a WHERE h.status_id = p.id AND a.account_id = h.account_id \
    UNION ALL SELECT o.status_id, o.revision, o.created_at, o.boost_of_id, o.replies, o.reblogs, o.favourites, o.quotes, \
      a.account_id, a.revision, a.last_status_at, a.followers, a.following, a.statuses \
    FROM asked p CROSS JOIN status_heads h CROSS JOIN status_heads o CROSS JOIN account_heads a \
    WHERE h.status_id = p.id AND o.status_id = h.boost_of_id AND a.account_id = o.account_id \
    UNION ALL SELECT 0, v.ties, 0, NULL, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0 FROM account_heads v WHERE v.account_id = {viewer}";

/// The posts, those that they boost, and the viewer. One statement.
///
/// # Errors
/// As the database's.
pub fn of_statuses(c: &mut Conn, viewer: Option<AccountId>, ids: &[StatusId]) -> Result<Heads> {
    if ids.is_empty() {
        return Ok(Heads::default());
    }
    struct Name;
    let nobody = AccountId(-1);
    let values = vec![("posts", Numbers::of(ids).into()), ("viewer", viewer.unwrap_or(nobody).0.into())];
    let rows: Vec<Row> = {
        let query = Written::<Columns, Name>::new(HEADS, values);
        each!(c, |db| query.load(db))?
    };
    let mut heads = Heads::default();
    for ((id, revision, created_at, boost_of), counts, author) in rows {
        if id == 0 {
            heads.ties = Some(revision);
            continue;
        }
        let (replies, reblogs, favourites, quotes) = counts;
        heads.posts.push(Head {
            id: StatusId(id),
            revision,
            created_at: Moment(created_at),
            boost_of: boost_of.map(StatusId),
            counts: Counts { replies, reblogs, favourites, quotes },
            author: author_head(author),
        });
    }
    Ok(heads)
}

fn author_head(row: (i64, i64, Option<i64>, i64, i64, i64)) -> AuthorHead {
    let (id, revision, last_status_at, followers, following, statuses) = row;
    AuthorHead {
        id: AccountId(id),
        revision,
        last_status_at: last_status_at.map(Moment),
        counts: ProfileCounts { followers, following, statuses },
    }
}

/// The number that rises with every follow that concerns an account, and with what else it has to do with others; `None` when it is not there.
///
/// # Errors
/// As the database's.
pub fn ties_of(c: &mut Conn, account: AccountId) -> Result<Option<i64>> {
    struct Name;
    let text = "SELECT ties FROM account_heads WHERE account_id = {account}";
    let query = Written::<(BigInt,), Name>::new(text, vec![("account", account.0.into())]);
    let rows: Vec<(i64,)> = each!(c, |db| query.load(db))?;
    Ok(rows.first().map(|row| row.0))
}

/// Accounts and posts whose figures are not those of their rows: none, ever (threats R10). Counts everything, so it takes its time.
///
/// # Errors
/// As the database's.
pub fn miscounted(c: &mut Conn) -> Result<(Vec<AccountId>, Vec<StatusId>)> {
    struct Accounts;
    let query = Written::<BigInt, Accounts>::new(
        "SELECT a.id FROM accounts a LEFT JOIN account_heads n ON n.account_id = a.id WHERE n.account_id IS NULL \
         OR COALESCE(n.last_status_at, -1) <> COALESCE(a.last_status_at, -1) \
         OR n.followers <> (SELECT COUNT(*) FROM follows f WHERE f.followee_id = a.id AND f.state = 1) \
         OR n.following <> (SELECT COUNT(*) FROM follows f WHERE f.follower_id = a.id AND f.state = 1) \
         OR n.statuses <> (SELECT COUNT(*) FROM statuses s WHERE s.account_id = a.id AND s.visibility < 2) ORDER BY a.id",
        Vec::new(),
    );
    let accounts: Vec<i64> = each!(c, |db| query.load(db))?;
    struct Posts;
    let query = Written::<BigInt, Posts>::new(
        "SELECT p.id FROM statuses p LEFT JOIN status_heads n ON n.status_id = p.id WHERE n.status_id IS NULL \
         OR n.account_id <> p.account_id OR n.created_at <> p.created_at OR COALESCE(n.boost_of_id, -1) <> COALESCE(p.boost_of_id, -1) \
         OR n.replies <> (SELECT COUNT(*) FROM statuses s WHERE s.in_reply_to_id = p.id AND s.visibility < 2 AND NOT EXISTS \
           (SELECT 1 FROM blocks b WHERE b.account_id = s.in_reply_to_account_id AND b.target_id = s.account_id)) \
         OR n.reblogs <> (SELECT COUNT(*) FROM statuses s WHERE s.boost_of_id = p.id) \
         OR n.favourites <> (SELECT COUNT(*) FROM favourites f WHERE f.status_id = p.id) \
         OR n.quotes <> (SELECT COUNT(*) FROM quotes q WHERE q.quoted_id = p.id AND q.state = 1) ORDER BY p.id",
        Vec::new(),
    );
    let posts: Vec<i64> = each!(c, |db| query.load(db))?;
    Ok((accounts.into_iter().map(AccountId).collect(), posts.into_iter().map(StatusId).collect()))
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
    Ok(each!(c, |db| account_moves::table
        .filter(account_moves::account_id.among(ids).and(account_moves::is_shown.eq(true)))
        .select(account_moves::account_id)
        .load(db))?)
}

#[cfg(test)]
#[path = "heads_tests.rs"]
mod tests;
