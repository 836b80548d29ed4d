//! Pages of posts as ids: home, public, tag, account. Keyset only; a page is one index range. Use cases: `domain::timelines`.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use parvis_model::ids::{AccountId, StatusId, TagId};

use crate::aversions::averse;
use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::conn::written::Written;
use crate::schema::{
    accounts, big_authors, big_entries, follows, home_entries, list_accounts, lists, media, status_tags,
    statuses,
};
use crate::{Conn, Result};

/// Which part of a list: Mastodon's `max_id`, `since_id`, `min_id` and `limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Below this.
    pub max: Option<i64>,
    /// Above this, the newest first.
    pub since: Option<i64>,
    /// Above this, those right above it.
    pub min: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

impl Range {
    /// The newest `limit`.
    #[must_use]
    pub const fn newest(limit: i64) -> Self {
        Self { max: None, since: None, min: None, limit }
    }

    /// Whether the database reads upwards, so that the page must be turned round.
    #[must_use]
    pub const fn is_upwards(&self) -> bool {
        self.min.is_some()
    }

    /// Rows as loaded → newest first.
    #[must_use]
    pub fn in_order<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.is_upwards() {
            rows.reverse();
        }
        rows
    }
}

/// Adds the range to a boxed query by an id column; the fourth word is the column's newtype.
macro_rules! keyset {
    ($query:ident, $column:expr, $range:expr) => {
        crate::timelines::keyset!($query, $column, $range, i64)
    };
    ($query:ident, $column:expr, $range:expr, $id:ty) => {
        if let Some(max) = $range.max {
            $query = $query.filter($column.lt(<$id>::from(max)));
        }
        if let Some(since) = $range.since {
            $query = $query.filter($column.gt(<$id>::from(since)));
        }
        if let Some(min) = $range.min {
            $query = $query.filter($column.gt(<$id>::from(min)));
        }
        $query = if $range.is_upwards() { $query.order($column.asc()) } else { $query.order($column.desc()) };
    };
}
pub(crate) use keyset;

/// Who wrote a post, and what it boosts: enough to decide whether it stays on a viewer's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Entry {
    pub status: StatusId,
    pub author: AccountId,
}

/// The written home timeline, and the posts of big authors that the viewer follows and reads at home, each as far as the range goes. `$order` is how the
/// range is read.
macro_rules! home {
    ($order:literal) => {
        concat!(
            "WITH big (id) AS MATERIALIZED (SELECT a.account_id FROM big_authors a CROSS JOIN follows f \
               WHERE f.follower_id = {viewer} AND f.followee_id = a.account_id AND f.state = 1 AND NOT EXISTS \
                 (SELECT 1 FROM lists l JOIN list_accounts x ON x.list_id = l.id \
                  WHERE l.account_id = {viewer} AND l.is_exclusive AND x.account_id = a.account_id)) \
             SELECT status_id, author_id, 0 FROM (SELECT status_id, author_id FROM home_entries \
               WHERE account_id = {viewer} AND status_id > {above} AND status_id < {below} ORDER BY status_id ",
            $order,
            " LIMIT {limit}) AS written \
             UNION ALL SELECT status_id, author_id, 1 FROM (SELECT e.status_id, e.author_id \
               FROM (SELECT id FROM big LIMIT 1) AS any_big CROSS JOIN big_entries e \
               WHERE e.status_id > {above} AND e.status_id < {below} AND e.author_id IN (SELECT id FROM big) ORDER BY e.status_id ",
            $order,
            " LIMIT {limit}) AS merged"
        )
    };
}

/// The home timeline: what is written for the viewer, and what big authors wrote whom the viewer follows. Two ranges in no order, each as long as the
/// range allows; the caller merges them. One statement, and one more where big authors wrote some of it.
///
/// # Errors
/// As the database's.
pub fn home(c: &mut Conn, viewer: AccountId, range: Range) -> Result<Vec<Entry>> {
    let above = range.since.into_iter().chain(range.min).max().unwrap_or(-1);
    let values = vec![
        ("viewer", viewer.0.into()),
        ("above", above.into()),
        ("below", range.max.unwrap_or(i64::MAX).into()),
        ("limit", range.limit.into()),
    ];
    struct Up;
    struct Down;
    let rows: Vec<(i64, i64, i32)> = if range.is_upwards() {
        let query = Written::<(BigInt, BigInt, Integer), Up>::new(home!("ASC"), values);
        each!(c, |db| query.load(db))?
    } else {
        let query = Written::<(BigInt, BigInt, Integer), Down>::new(home!("DESC"), values);
        each!(c, |db| query.load(db))?
    };
    // What is written for the viewer was looked at then; what big authors wrote is looked at now.
    let big: Vec<StatusId> = rows.iter().filter(|row| row.2 == 1).map(|row| StatusId(row.0)).collect();
    let unwanted = if big.is_empty() { HashSet::new() } else { averse(c, &[viewer], &big)? };
    let entry = |(status, author, _)| Entry { status: StatusId(status), author: AccountId(author) };
    let entries = rows.into_iter().map(entry);
    Ok(entries.filter(|entry| !unwanted.contains(&(viewer, entry.status))).collect())
}

/// The accounts whose posts a viewer reads in an exclusive list instead of at home, as a subquery.
macro_rules! read_apart {
    ($viewer:expr) => {
        list_accounts::table
            .inner_join(lists::table)
            .filter(lists::account_id.eq($viewer).and(lists::is_exclusive.eq(true)))
            .select(list_accounts::account_id)
    };
}

/// Whether an author's posts go into `big_entries`.
///
/// # Errors
/// As the database's.
pub fn is_big(c: &mut Conn, author: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(big_authors::table.find(author))).get_result(db))?)
}

/// Makes an author big.
///
/// # Errors
/// As the database's.
pub fn make_big(c: &mut Conn, author: AccountId) -> Result<()> {
    each!(c, |db| diesel::insert_into(big_authors::table)
        .values(big_authors::account_id.eq(author))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Puts a post into the list of big authors' posts.
///
/// # Errors
/// As the database's.
pub fn add_big(c: &mut Conn, status: StatusId, author: AccountId) -> Result<()> {
    each!(c, |db| diesel::insert_into(big_entries::table)
        .values((big_entries::status_id.eq(status), big_entries::author_id.eq(author)))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Puts a post into many home timelines; those that have it keep it.
///
/// # Errors
/// As the database's.
pub fn add_home(c: &mut Conn, viewers: &[AccountId], status: StatusId, author: AccountId) -> Result<()> {
    // 300 rows of 3 values stay below SQLite's limit of bound values.
    for some in viewers.chunks(300) {
        let rows: Vec<_> = some
            .iter()
            .map(|v| {
                (
                    home_entries::account_id.eq(*v),
                    home_entries::status_id.eq(status),
                    home_entries::author_id.eq(author),
                )
            })
            .collect();
        each!(c.db(), |db| diesel::insert_into(home_entries::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(db))?;
    }
    Ok(())
}

/// Fills a home timeline with an author's latest posts: after a follow, or when somebody comes back.
///
/// # Errors
/// As the database's.
pub fn backfill_home(c: &mut Conn, viewer: AccountId, entries: &[Entry]) -> Result<()> {
    for some in entries.chunks(300) {
        let rows: Vec<_> = some
            .iter()
            .map(|e| {
                (
                    home_entries::account_id.eq(viewer),
                    home_entries::status_id.eq(e.status),
                    home_entries::author_id.eq(e.author),
                )
            })
            .collect();
        each!(c.db(), |db| diesel::insert_into(home_entries::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(db))?;
    }
    Ok(())
}

/// Takes an author out of a home timeline: after an unfollow, a block or a mute.
///
/// # Errors
/// As the database's.
pub fn remove_author(c: &mut Conn, viewer: AccountId, author: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(
        home_entries::table
            .filter(home_entries::account_id.eq(viewer).and(home_entries::author_id.eq(author))),
    )
    .execute(db))?;
    Ok(())
}

/// Empties a home timeline, for people who stay away.
///
/// # Errors
/// As the database's.
pub fn clear_home(c: &mut Conn, viewer: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(home_entries::table.filter(home_entries::account_id.eq(viewer)))
        .execute(db))?;
    Ok(())
}

/// The latest posts of the accounts that a viewer follows and reads at home, for rebuilding a home timeline.
///
/// # Errors
/// As the database's.
pub fn latest_of_followed(c: &mut Conn, viewer: AccountId, limit: i64) -> Result<Vec<Entry>> {
    let followed = follows::table
        .filter(follows::follower_id.eq(viewer).and(follows::state.eq(1)))
        .filter(follows::followee_id.ne_all(read_apart!(viewer)))
        .select(follows::followee_id);
    Ok(each!(c, |db| statuses::table
        .filter(statuses::account_id.eq_any(followed).or(statuses::account_id.eq(viewer)))
        .filter(statuses::visibility.le(2))
        .order(statuses::id.desc())
        .limit(limit)
        .select((statuses::id, statuses::account_id))
        .load(db))?)
}

/// Which public posts: all, of this town, or of other servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scope {
    /// All that the town knows.
    #[default]
    Federated,
    /// Written here.
    Local,
    /// Written elsewhere.
    Remote,
}

/// Public posts of active accounts: no boosts, and no answers to others (`domain::timelines::is_on_public` says the same of one post).
///
/// # Errors
/// As the database's.
pub fn public(c: &mut Conn, scope: Scope, only_media: bool, range: Range) -> Result<Vec<Entry>> {
    let mut query = statuses::table
        .inner_join(accounts::table)
        .filter(statuses::visibility.eq(0).and(statuses::boost_of_id.is_null()))
        // Answers to oneself stay: they are threads.
        .filter(
            statuses::in_reply_to_uri
                .is_null()
                .or(statuses::in_reply_to_account_id.eq(statuses::account_id.nullable()).assume_not_null()),
        )
        .filter(accounts::suspended_at.is_null())
        .select((statuses::id, statuses::account_id))
        .limit(range.limit)
        .into_boxed();
    match scope {
        Scope::Federated => {}
        Scope::Local => query = query.filter(statuses::is_local.eq(true)),
        Scope::Remote => query = query.filter(statuses::is_local.eq(false)),
    }
    if only_media {
        query = query
            .filter(diesel::dsl::exists(media::table.filter(media::status_id.eq(statuses::id.nullable()))));
    }
    keyset!(query, statuses::id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// What a hashtag timeline shows.
#[derive(Clone, Copy, Debug)]
pub struct TagFilter<'a> {
    /// With this tag,
    pub tag: TagId,
    /// and with each of these,
    pub all: &'a [TagId],
    /// and with none of these.
    pub none: &'a [TagId],
    pub scope: Scope,
    pub only_media: bool,
}

/// Public posts with a tag, and with or without others.
///
/// # Errors
/// As the database's.
pub fn tagged(c: &mut Conn, filter: TagFilter<'_>, range: Range) -> Result<Vec<Entry>> {
    let other = diesel::alias!(status_tags as other);
    let mut query = status_tags::table
        .inner_join(statuses::table.inner_join(accounts::table))
        .filter(status_tags::tag_id.eq(filter.tag))
        .filter(statuses::visibility.eq(0).and(statuses::boost_of_id.is_null()))
        .filter(accounts::suspended_at.is_null())
        .select((statuses::id, statuses::account_id))
        .limit(range.limit)
        .into_boxed();
    match filter.scope {
        Scope::Federated => {}
        Scope::Local => query = query.filter(statuses::is_local.eq(true)),
        Scope::Remote => query = query.filter(statuses::is_local.eq(false)),
    }
    if filter.only_media {
        query = query
            .filter(diesel::dsl::exists(media::table.filter(media::status_id.eq(statuses::id.nullable()))));
    }
    for tag in filter.all {
        query = query.filter(diesel::dsl::exists(
            other
                .filter(other.field(status_tags::status_id).eq(statuses::id))
                .filter(other.field(status_tags::tag_id).eq(*tag)),
        ));
    }
    if !filter.none.is_empty() {
        query = query.filter(diesel::dsl::not(diesel::dsl::exists(
            other
                .filter(other.field(status_tags::status_id).eq(statuses::id))
                .filter(other.field(status_tags::tag_id).among(filter.none)),
        )));
    }
    keyset!(query, status_tags::status_id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// What an account's page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct AccountFilter {
    /// The narrowest visibility that the viewer may see (see `domain::access`).
    pub narrowest: i16,
    pub exclude_replies: bool,
    pub exclude_boosts: bool,
    pub only_media: bool,
    pub tag: Option<TagId>,
}

/// An account's posts.
///
/// # Errors
/// As the database's.
pub fn of_account(
    c: &mut Conn,
    account: AccountId,
    filter: AccountFilter,
    range: Range,
) -> Result<Vec<Entry>> {
    let mut query = statuses::table
        .filter(statuses::account_id.eq(account).and(statuses::visibility.le(filter.narrowest)))
        .select((statuses::id, statuses::account_id))
        .limit(range.limit)
        .into_boxed();
    if filter.exclude_replies {
        // Answers to oneself stay: they are threads.
        query = query.filter(
            statuses::in_reply_to_uri
                .is_null()
                .or(statuses::in_reply_to_account_id.eq(account).assume_not_null()),
        );
    }
    if filter.exclude_boosts {
        query = query.filter(statuses::boost_of_id.is_null());
    }
    if filter.only_media {
        query = query
            .filter(diesel::dsl::exists(media::table.filter(media::status_id.eq(statuses::id.nullable()))));
    }
    if let Some(tag) = filter.tag {
        query = query.filter(diesel::dsl::exists(
            status_tags::table
                .filter(status_tags::status_id.eq(statuses::id).and(status_tags::tag_id.eq(tag))),
        ));
    }
    keyset!(query, statuses::id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// An account's posts for everybody (its outbox).
///
/// # Errors
/// As the database's.
pub fn count_of_account(c: &mut Conn, account: AccountId) -> Result<i64> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::account_id.eq(account).and(statuses::visibility.le(1)))
        .count()
        .get_result(db))?)
}

/// Which of these viewers have a post in their home timeline.
///
/// # Errors
/// As the database's.
pub fn who_has_home(c: &mut Conn, status: StatusId, viewers: &[AccountId]) -> Result<Vec<AccountId>> {
    let mut found: Vec<AccountId> = each!(c, |db| home_entries::table
        .filter(home_entries::status_id.eq(status).and(home_entries::account_id.among(viewers)))
        .select(home_entries::account_id)
        .load(db))?;
    let by_big: Vec<(AccountId, AccountId)> = each!(c, |db| big_entries::table
        .inner_join(follows::table.on(follows::followee_id.eq(big_entries::author_id)))
        .filter(big_entries::status_id.eq(status).and(follows::state.eq(1)))
        .filter(follows::follower_id.among(viewers))
        .select((follows::follower_id, big_entries::author_id))
        .load(db))?;
    if let Some((_, author)) = by_big.first() {
        let readers: Vec<AccountId> = by_big.iter().map(|(reader, _)| *reader).collect();
        let apart = crate::lists::exclusive_among(c, &readers, *author)?;
        let averse = averse(c, &readers, &[status])?;
        let reads = |a: &AccountId| !apart.contains(a) && !averse.contains(&(*a, status));
        let more = readers.into_iter().filter(|a| !found.contains(a) && reads(a));
        found.extend(more.collect::<Vec<_>>());
    }
    Ok(found)
}
