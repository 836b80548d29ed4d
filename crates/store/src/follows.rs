//! Who follows whom. Use cases: `domain::follows`.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, FollowId};
use parvis_model::time::Moment;

use crate::conn::among::{AmongExt, Numbers};
use crate::conn::db::each;
use crate::conn::written::Written;
use crate::schema::{accounts, follows, logins};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `follows`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = follows, treat_none_as_default_value = false)]
pub struct Follow {
    pub id: FollowId,
    pub follower_id: AccountId,
    pub followee_id: AccountId,
    /// The Follow activity's id.
    pub uri: String,
    /// [`FollowState::code`].
    pub state: i16,
    pub shows_boosts: bool,
    pub notifies: bool,
    /// Language tags with blanks between; '' is all.
    pub languages: String,
    pub created_at: Moment,
}

/// A new row.
///
/// # Errors
/// `Conflict` when the pair or the URI is there.
pub fn insert(c: &mut Conn, follow: &Follow) -> Result<()> {
    each!(c, |db| diesel::insert_into(follows::table).values(follow.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, follow: &Follow) -> Result<()> {
    each!(c, |db| diesel::update(follows::table.find(follow.id)).set(follow.clone()).execute(db))?;
    Ok(())
}

/// By id.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: FollowId) -> Result<Option<Follow>> {
    Ok(each!(c, |db| follows::table.find(id).select(Follow::as_select()).first(db)).optional()?)
}

/// Between two accounts.
///
/// # Errors
/// As the database's.
pub fn between(c: &mut Conn, follower: AccountId, followee: AccountId) -> Result<Option<Follow>> {
    Ok(each!(c, |db| follows::table
        .filter(follows::follower_id.eq(follower).and(follows::followee_id.eq(followee)))
        .select(Follow::as_select())
        .first(db))
    .optional()?)
}

/// By the Follow activity's id.
///
/// # Errors
/// As the database's.
pub fn by_uri(c: &mut Conn, uri: &str) -> Result<Option<Follow>> {
    Ok(each!(c, |db| follows::table.filter(follows::uri.eq(uri)).select(Follow::as_select()).first(db))
        .optional()?)
}

/// Removes a row.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: FollowId) -> Result<()> {
    each!(c, |db| diesel::delete(follows::table.find(id)).execute(db))?;
    Ok(())
}

/// Follows from or to an account, for when it goes. At most `limit`.
///
/// # Errors
/// As the database's.
pub fn involving(c: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<Follow>> {
    Ok(each!(c, |db| follows::table
        .filter(follows::follower_id.eq(account).or(follows::followee_id.eq(account)))
        .order(follows::id.asc())
        .limit(limit)
        .select(Follow::as_select())
        .load(db))?)
}

/// Follows between a viewer and many others, both ways.
///
/// # Errors
/// As the database's.
pub fn with(c: &mut Conn, viewer: AccountId, others: &[AccountId]) -> Result<Vec<Follow>> {
    Ok(each!(c, |db| follows::table
        .filter(
            follows::follower_id
                .eq(viewer)
                .and(follows::followee_id.among(others))
                .or(follows::followee_id.eq(viewer).and(follows::follower_id.among(others))),
        )
        .select(Follow::as_select())
        .load(db))?)
}

/// Who follows an account: (follow id, follower).
///
/// # Errors
/// As the database's.
pub fn followers(
    c: &mut Conn,
    of: AccountId,
    state: FollowState,
    range: Range,
) -> Result<Vec<(i64, AccountId)>> {
    let mut query = follows::table
        .filter(follows::followee_id.eq(of).and(follows::state.eq(state.code())))
        .select((follows::id, follows::follower_id))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, follows::id, range, FollowId);
    let rows: Vec<(FollowId, AccountId)> = query.load(c.db())?;
    Ok(range.in_order(rows.into_iter().map(|(f, a)| (f.0, a)).collect()))
}

/// Whom an account follows: (follow id, followee).
///
/// # Errors
/// As the database's.
pub fn following(c: &mut Conn, of: AccountId, range: Range) -> Result<Vec<(i64, AccountId)>> {
    let mut query = follows::table
        .filter(follows::follower_id.eq(of).and(follows::state.eq(FollowState::Accepted.code())))
        .select((follows::id, follows::followee_id))
        .limit(range.limit)
        .into_boxed();
    keyset!(query, follows::id, range, FollowId);
    let rows: Vec<(FollowId, AccountId)> = query.load(c.db())?;
    Ok(range.in_order(rows.into_iter().map(|(f, a)| (f.0, a)).collect()))
}

/// Local followers that were active since `since`, above `after`, in order: the recipients of the written home timeline.
/// (account, shows boosts, wants a notification, languages)
///
/// # Errors
/// As the database's.
pub fn active_local_followers(
    c: &mut Conn,
    of: AccountId,
    since: Moment,
    after: AccountId,
    limit: i64,
) -> Result<Vec<(AccountId, bool, bool, String)>> {
    Ok(each!(c, |db| follows::table
        .inner_join(logins::table.on(logins::account_id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Accepted.code())))
        .filter(logins::last_active_at.ge(since).and(follows::follower_id.gt(after)))
        .order(follows::follower_id.asc())
        .limit(limit)
        .select((follows::follower_id, follows::shows_boosts, follows::notifies, follows::languages))
        .load(db))?)
}

/// How many local people follow an account.
///
/// # Errors
/// As the database's.
pub fn count_local_followers(c: &mut Conn, of: AccountId) -> Result<i64> {
    Ok(each!(c, |db| follows::table
        .inner_join(logins::table.on(logins::account_id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Accepted.code())))
        .count()
        .get_result(db))?)
}

/// Whether somebody here follows an account.
///
/// # Errors
/// As the database's.
pub fn has_local_follower(c: &mut Conn, of: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        follows::table
            .inner_join(logins::table.on(logins::account_id.eq(follows::follower_id)))
            .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Accepted.code()))),
    ))
    .get_result(db))?)
}

/// Whether any account of a host still follows an account.
///
/// # Errors
/// As the database's.
pub fn has_follower_of_host(c: &mut Conn, of: AccountId, host: &str) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        follows::table
            .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
            .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Accepted.code())))
            .filter(accounts::host.eq(host)),
    ))
    .get_result(db))?)
}

/// The followers of an account whose ids begin with `prefix`, as (account, id), at most `limit`. An id with `%` or `_` before its path is no real one.
///
/// # Errors
/// As the database's.
pub fn followers_under(
    c: &mut Conn,
    of: AccountId,
    prefix: &str,
    limit: i64,
) -> Result<Vec<(AccountId, String)>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Accepted.code())))
        .filter(accounts::uri.like(format!("{prefix}%")))
        .limit(limit)
        .select((accounts::id, accounts::uri))
        .load(db))?)
}

/// The distinct inboxes of an account's followers on one host, at most 100.
///
/// # Errors
/// As the database's.
pub fn inboxes_of_host(c: &mut Conn, of: AccountId, host: &str) -> Result<Vec<String>> {
    let rows: Vec<(String, Option<String>)> = each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Accepted.code())))
        .filter(accounts::host.eq(host))
        .order((accounts::shared_inbox.desc(), accounts::id.asc()))
        .select((accounts::inbox, accounts::shared_inbox))
        .limit(2_000)
        .load(db))?;
    let mut out: Vec<String> = Vec::new();
    for (inbox, shared) in rows {
        let one = shared.unwrap_or(inbox);
        if !one.is_empty() && !out.contains(&one) {
            out.push(one);
        }
    }
    out.truncate(100);
    Ok(out)
}

/// Followers, followees and posts of an account, for its profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProfileCounts {
    pub followers: i64,
    pub following: i64,
    pub statuses: i64,
}

/// Counts of many profiles in one statement (docs/adr/0011). Of posts those that everybody may see, whoever asks: how many others there are is
/// nobody's business (threats I3).
///
/// # Errors
/// As the database's.
pub fn profile_counts(c: &mut Conn, ids: &[AccountId]) -> Result<HashMap<AccountId, ProfileCounts>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    struct Name;
    let query = Written::<(BigInt, BigInt, BigInt, BigInt), Name>::new(
        "WITH asked (id) AS ({ids}) SELECT n.account_id, n.followers, n.following, n.statuses \
         FROM asked a CROSS JOIN account_heads n WHERE n.account_id = a.id",
        vec![("ids", Numbers::of(ids).into())],
    );
    let rows: Vec<(i64, i64, i64, i64)> = each!(c, |db| query.load(db))?;
    let counts = |(id, followers, following, statuses)| {
        (AccountId(id), ProfileCounts { followers, following, statuses })
    };
    Ok(rows.into_iter().map(counts).collect())
}

/// How many ask to follow an account.
///
/// # Errors
/// As the database's.
pub fn count_requests(c: &mut Conn, of: AccountId) -> Result<i64> {
    Ok(each!(c, |db| follows::table
        .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Requested.code())))
        .count()
        .get_result(db))?)
}

/// Which of these accounts follow an account.
///
/// # Errors
/// As the database's.
pub fn followers_among(c: &mut Conn, of: AccountId, some: &[AccountId]) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| follows::table
        .filter(follows::followee_id.eq(of).and(follows::state.eq(FollowState::Accepted.code())))
        .filter(follows::follower_id.among(some))
        .select(follows::follower_id)
        .load(db))?)
}
