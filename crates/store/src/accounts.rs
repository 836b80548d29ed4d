//! Actors, local (`host` is '') and remote. Use cases: `domain::accounts`, `domain::remote`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::accounts;
use crate::{Conn, Result};

/// A row of `accounts`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = accounts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Account {
    pub id: AccountId,
    /// As shown.
    pub username: String,
    /// Lower case.
    pub username_key: String,
    /// What the username looks like; local accounts only.
    pub skeleton: Option<String>,
    /// '' for local accounts.
    pub host: String,
    pub uri: String,
    pub url: String,
    /// [`parvis_model::account::ActorKind::as_str`].
    pub kind: String,
    pub display_name: String,
    pub bio_html: String,
    pub bio_source: String,
    /// JSON list of `ProfileField`.
    pub fields: String,
    /// A file key (local) or a URL (remote).
    pub avatar: Option<String>,
    /// A file key (local) or a URL (remote).
    pub header: Option<String>,
    pub is_locked: bool,
    pub is_discoverable: bool,
    pub inbox: String,
    pub shared_inbox: Option<String>,
    pub outbox: String,
    pub followers_uri: String,
    pub featured_uri: Option<String>,
    pub created_at: Moment,
    /// When a remote actor document was last read.
    pub fetched_at: Option<Moment>,
    pub suspended_at: Option<Moment>,
    /// When the account was deleted; the row stays so that its handle is never given again.
    pub gone_at: Option<Moment>,
    pub last_status_at: Option<Moment>,
    /// Rises with every change that shows.
    pub version: i64,
    /// Since when only followers see the posts.
    pub silenced_at: Option<Moment>,
    /// Since when all pictures are hidden behind a warning.
    pub sensitized_at: Option<Moment>,
}

impl Account {
    /// Whether the account lives in this town.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        self.host.is_empty()
    }

    /// `user` or `user@host`.
    #[must_use]
    pub fn acct(&self) -> String {
        if self.is_local() { self.username.clone() } else { format!("{}@{}", self.username, self.host) }
    }

    /// Whether others can deal with it: neither suspended nor gone.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.suspended_at.is_none() && self.gone_at.is_none()
    }

    /// The inbox that a delivery to this account goes to.
    #[must_use]
    pub fn delivery_inbox(&self) -> &str {
        self.shared_inbox.as_deref().unwrap_or(&self.inbox)
    }
}

/// A new row.
///
/// # Errors
/// `Conflict` when the URI, the handle or the skeleton is taken.
pub fn insert(c: &mut Conn, account: &Account) -> Result<()> {
    each!(c, |db| diesel::insert_into(accounts::table).values(account.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns of an existing row.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, account: &Account) -> Result<()> {
    each!(c, |db| diesel::update(accounts::table.find(account.id)).set(account.clone()).execute(db))?;
    Ok(())
}

/// Removes an account and, by the foreign keys, all that hangs on it: only for those that nobody ever saw. Others are emptied and stay
/// (`domain::accounts::delete`).
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(accounts::table.find(id)).execute(db))?;
    Ok(())
}

/// One account.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    Ok(each!(c, |db| accounts::table.find(id).select(Account::as_select()).first(db)).optional()?)
}

/// Many accounts, in no order; unknown ids are left out.
///
/// # Errors
/// As the database's.
pub fn by_ids(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<Account>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| accounts::table.filter(accounts::id.among(ids)).select(Account::as_select()).load(db))?)
}

/// By ActivityPub id.
///
/// # Errors
/// As the database's.
pub fn by_uri(c: &mut Conn, uri: &str) -> Result<Option<Account>> {
    Ok(each!(c, |db| accounts::table.filter(accounts::uri.eq(uri)).select(Account::as_select()).first(db))
        .optional()?)
}

/// Many by ActivityPub id.
///
/// # Errors
/// As the database's.
pub fn by_uris(c: &mut Conn, uris: &[String]) -> Result<Vec<Account>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::uri.among_texts(uris))
        .select(Account::as_select())
        .load(db))?)
}

/// By profile page, for people who paste its address.
///
/// # Errors
/// As the database's.
pub fn by_url(c: &mut Conn, url: &str) -> Result<Option<Account>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::url.eq(url).and(accounts::host.ne("")))
        .select(Account::as_select())
        .first(db))
    .optional()?)
}

/// By lower-case username and host ('' is local).
///
/// # Errors
/// As the database's.
pub fn by_handle(c: &mut Conn, username_key: &str, host: &str) -> Result<Option<Account>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::username_key.eq(username_key).and(accounts::host.eq(host)))
        .select(Account::as_select())
        .first(db))
    .optional()?)
}

/// Accounts with one of these usernames, whatever the host; the caller picks the pairs it asked for. At most 1,000.
///
/// # Errors
/// As the database's.
pub fn by_usernames(c: &mut Conn, username_keys: &[String], hosts: &[String]) -> Result<Vec<Account>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::username_key.among_texts(username_keys).and(accounts::host.among_texts(hosts)))
        .select(Account::as_select())
        .limit(1_000)
        .load(db))?)
}

/// Whether a local account looks like this.
///
/// # Errors
/// As the database's.
pub fn is_skeleton_taken(c: &mut Conn, skeleton: &str) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        accounts::table.filter(accounts::skeleton.eq(skeleton))
    ))
    .get_result(db))?)
}

/// Local people for the directory and the front page: active, discoverable, those who wrote last first.
///
/// # Errors
/// As the database's.
pub fn lately_active(c: &mut Conn, limit: i64) -> Result<Vec<Account>> {
    Ok(each!(c, |db| accounts::table
        .filter(
            accounts::host
                .eq("")
                .and(accounts::is_discoverable.eq(true))
                .and(accounts::kind.ne("application")),
        )
        .filter(
            accounts::suspended_at
                .is_null()
                .and(accounts::gone_at.is_null())
                .and(accounts::last_status_at.is_not_null()),
        )
        .order((accounts::last_status_at.desc(), accounts::id.desc()))
        .limit(limit)
        .select(Account::as_select())
        .load(db))?)
}

/// Remote actors whose document was read before `before`, the oldest first.
///
/// # Errors
/// As the database's.
pub fn stale(c: &mut Conn, before: Moment, limit: i64) -> Result<Vec<Account>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::host.ne("").and(accounts::gone_at.is_null()).and(accounts::fetched_at.lt(before)))
        .order(accounts::fetched_at.asc())
        .limit(limit)
        .select(Account::as_select())
        .load(db))?)
}

/// Notes that somebody wrote.
///
/// # Errors
/// As the database's.
pub fn set_last_status_at(c: &mut Conn, id: AccountId, at: Moment) -> Result<()> {
    each!(c, |db| diesel::update(accounts::table.find(id)).set(accounts::last_status_at.eq(at)).execute(db))?;
    Ok(())
}

/// How many people have an account here (active, persons and departments): neither the town itself nor its groups.
///
/// # Errors
/// As the database's.
pub fn count_local(c: &mut Conn) -> Result<i64> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::host.eq("").and(accounts::kind.ne("application")).and(accounts::kind.ne("group")))
        .filter(accounts::suspended_at.is_null().and(accounts::gone_at.is_null()))
        .count()
        .get_result(db))?)
}

/// How many other servers are known.
///
/// # Errors
/// As the database's.
pub fn count_hosts(c: &mut Conn) -> Result<i64> {
    use diesel::expression_methods::AggregateExpressionMethods;
    Ok(each!(c, |db| accounts::table
        .filter(accounts::host.ne(""))
        .select(diesel::dsl::count(accounts::host).aggregate_distinct())
        .get_result(db))?)
}

/// Local accounts that go by this id list's hosts: all accounts of a host, for a domain block. At most 10,000 at a time, above `after`.
///
/// # Errors
/// As the database's.
pub fn ids_of_host(c: &mut Conn, host: &str, after: AccountId) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::host.eq(host).and(accounts::id.gt(after)))
        .order(accounts::id.asc())
        .select(accounts::id)
        .limit(10_000)
        .load(db))?)
}
