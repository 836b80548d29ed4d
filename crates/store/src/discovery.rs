//! Finding people: the directory, suggestions, whom one's acquaintances follow, known servers. Use cases: `domain::discovery`.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use parvis_model::ids::AccountId;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{accounts, suggestion_dismissals, town_picks};
use crate::{Conn, Result};

/// In which order a directory stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// Who wrote last first; who never wrote is not there.
    #[default]
    Active,
    /// Who came last first.
    New,
}

/// A page of the directory: discoverable people, groups and departments. Clients of Mastodon leaf through it by number, so this is the one list
/// with an offset; the caller bounds it.
///
/// # Errors
/// As the database's.
pub fn directory(
    c: &mut Conn,
    order: Order,
    only_local: bool,
    offset: i64,
    limit: i64,
) -> Result<Vec<AccountId>> {
    let mut query = accounts::table
        .filter(accounts::is_discoverable.eq(true).and(accounts::kind.ne("application")))
        .filter(accounts::suspended_at.is_null().and(accounts::gone_at.is_null()))
        .select(accounts::id)
        .offset(offset)
        .limit(limit)
        .into_boxed();
    if only_local {
        query = query.filter(accounts::host.eq(""));
    }
    query = match order {
        Order::Active => query
            .filter(accounts::last_status_at.is_not_null())
            .order((accounts::last_status_at.desc(), accounts::id.desc())),
        Order::New => query.order((accounts::created_at.desc(), accounts::id.desc())),
    };
    Ok(query.load(c.db())?)
}

/// What the town recommends: the picks of its staff, the last first, then its departments.
///
/// # Errors
/// As the database's.
pub fn picks(c: &mut Conn, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| town_picks::table
        .order((town_picks::created_at.desc(), town_picks::account_id.desc()))
        .limit(limit)
        .select(town_picks::account_id)
        .load(db))?)
}

/// The town's departments, by name.
///
/// # Errors
/// As the database's.
pub fn departments(c: &mut Conn, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::host.eq("").and(accounts::kind.eq("organization")))
        .filter(accounts::suspended_at.is_null().and(accounts::gone_at.is_null()))
        .filter(accounts::is_discoverable.eq(true))
        .order(accounts::username_key.asc())
        .limit(limit)
        .select(accounts::id)
        .load(db))?)
}

/// The town recommends an account.
///
/// # Errors
/// As the database's.
pub fn pick(c: &mut Conn, account: AccountId) -> Result<()> {
    let now = c.now();
    each!(c, |db| diesel::insert_into(town_picks::table)
        .values((town_picks::account_id.eq(account), town_picks::created_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// No longer.
///
/// # Errors
/// As the database's.
pub fn unpick(c: &mut Conn, account: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(town_picks::table.find(account)).execute(db))?;
    Ok(())
}

/// Somebody does not want an account recommended.
///
/// # Errors
/// As the database's.
pub fn dismiss(c: &mut Conn, account: AccountId, target: AccountId) -> Result<()> {
    each!(c, |db| diesel::insert_into(suggestion_dismissals::table)
        .values((suggestion_dismissals::account_id.eq(account), suggestion_dismissals::target_id.eq(target)))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Which of these somebody does not want recommended.
///
/// # Errors
/// As the database's.
pub fn dismissed_among(c: &mut Conn, account: AccountId, some: &[AccountId]) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| suggestion_dismissals::table
        .filter(suggestion_dismissals::account_id.eq(account))
        .filter(suggestion_dismissals::target_id.among(some))
        .select(suggestion_dismissals::target_id)
        .load(db))?)
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
}

/// Discoverable accounts that those whom somebody follows (and who do not hide it) follow, the most followed among them first. Of their follows the latest 5,000 count.
///
/// # Errors
/// As the database's.
pub fn friends_of_friends(c: &mut Conn, of: AccountId, limit: i64) -> Result<Vec<AccountId>> {
    // The id and the limit are numbers, so their text is safe in the query.
    let rows: Vec<One> = each!(c, |db| {
        diesel::sql_query(format!(
        "SELECT found.account_id FROM ( \
             SELECT theirs.followee_id AS account_id FROM follows mine \
             INNER JOIN follows theirs ON theirs.follower_id = mine.followee_id AND theirs.state = 1 \
             WHERE mine.follower_id = {of} AND mine.state = 1 AND theirs.followee_id <> {of} \
               AND NOT EXISTS (SELECT 1 FROM profiles p WHERE p.account_id = theirs.follower_id AND p.hides_collections) \
             ORDER BY theirs.id DESC LIMIT 5000 \
         ) AS found INNER JOIN accounts ON accounts.id = found.account_id \
         WHERE accounts.is_discoverable AND accounts.suspended_at IS NULL AND accounts.gone_at IS NULL \
             AND accounts.kind <> 'application' \
         GROUP BY found.account_id ORDER BY COUNT(*) DESC, found.account_id DESC LIMIT {limit}"
    )).load(db)
    })?;
    Ok(rows.into_iter().map(|row| AccountId(row.account_id)).collect())
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = BigInt)]
    target_id: i64,
    #[diesel(sql_type = BigInt)]
    account_id: i64,
}

/// Of those whom a viewer follows, who follows these accounts: (account, acquaintance), the latest follows first. Not where one of the two hides whom
/// they follow and who follows them.
///
/// # Errors
/// As the database's.
pub fn familiar_followers(
    c: &mut Conn,
    viewer: AccountId,
    of: &[AccountId],
    limit: i64,
) -> Result<Vec<(AccountId, AccountId)>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    // Ids are numbers, so their text is safe in the query.
    let list = of.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let rows: Vec<Pair> = each!(c, |db| {
        diesel::sql_query(format!(
        "SELECT theirs.followee_id AS target_id, theirs.follower_id AS account_id FROM follows theirs \
         INNER JOIN follows mine ON mine.followee_id = theirs.follower_id AND mine.follower_id = {viewer} AND mine.state = 1 \
         WHERE theirs.followee_id IN ({list}) AND theirs.state = 1 AND NOT EXISTS (SELECT 1 FROM profiles p \
             WHERE p.account_id IN (theirs.followee_id, theirs.follower_id) AND p.hides_collections) ORDER BY theirs.id DESC LIMIT {limit}"
    )).load(db)
    })?;
    Ok(rows.into_iter().map(|row| (AccountId(row.target_id), AccountId(row.account_id))).collect())
}

/// Servers of which an account is known, by name; with a prefix only those that begin so.
///
/// # Errors
/// As the database's.
pub fn hosts(c: &mut Conn, prefix: &str, limit: i64) -> Result<Vec<String>> {
    let mut query = accounts::table
        .filter(accounts::host.ne("").and(accounts::gone_at.is_null()))
        .select(accounts::host)
        .distinct()
        .order(accounts::host.asc())
        .limit(limit)
        .into_boxed();
    if !prefix.is_empty() {
        // A range instead of LIKE: no wildcard can be smuggled in, and both databases use the index.
        query = query
            .filter(accounts::host.ge(prefix.to_owned()).and(accounts::host.lt(format!("{prefix}\u{7f}"))));
    }
    Ok(query.load(c.db())?)
}
