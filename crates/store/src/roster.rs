//! Accounts as staff look for them: by state, place, role, name and address. Use cases: `domain::moderation::roster`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;

use crate::account_words::end_of;
use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{account_words, accounts, logins};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// What an account is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Neither waiting nor limited.
    Active,
    /// Waits for approval.
    Pending,
    /// Cannot sign in.
    Disabled,
    /// Shows to followers only.
    Silenced,
    /// Shows to nobody.
    Suspended,
    /// Has all pictures behind a warning.
    Sensitized,
}

/// Which accounts. What is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this town, or of other servers.
    pub is_local: Option<bool>,
    /// All of these at once.
    pub states: Vec<State>,
    /// One of these roles.
    pub roles: Vec<String>,
    /// The lower-case username begins with this.
    pub username: Option<String>,
    /// Each of these folded words begins a word of what it is called.
    pub display_name: Vec<String>,
    /// The host is this.
    pub host: Option<String>,
    /// What the mail address is compared by begins with this.
    pub email: Option<String>,
}

/// A page, newest first. Those that are gone, and the town's own actor, are left out.
///
/// # Errors
/// As the database's.
pub fn page(c: &mut Conn, filter: &Filter, range: Range) -> Result<Vec<AccountId>> {
    let mut query = accounts::table
        .left_join(logins::table.on(logins::account_id.eq(accounts::id)))
        .filter(accounts::gone_at.is_null())
        .filter(accounts::host.ne("").or(accounts::kind.ne("application")))
        .select(accounts::id)
        .limit(range.limit)
        .into_boxed();
    if let Some(is_local) = filter.is_local {
        query =
            if is_local { query.filter(accounts::host.eq("")) } else { query.filter(accounts::host.ne("")) };
    }
    for state in &filter.states {
        query = match state {
            State::Active => query
                .filter(accounts::suspended_at.is_null().and(accounts::silenced_at.is_null()))
                .filter(logins::account_id.nullable().is_null().or(logins::approved_at.is_not_null()))
                .filter(logins::disabled_at.is_null()),
            State::Pending => {
                query.filter(logins::account_id.nullable().is_not_null().and(logins::approved_at.is_null()))
            }
            State::Disabled => query.filter(logins::disabled_at.is_not_null()),
            State::Silenced => query.filter(accounts::silenced_at.is_not_null()),
            State::Suspended => query.filter(accounts::suspended_at.is_not_null()),
            State::Sensitized => query.filter(accounts::sensitized_at.is_not_null()),
        };
    }
    if !filter.roles.is_empty() {
        query = query.filter(logins::role.nullable().among_texts(&filter.roles));
    }
    if let Some(name) = &filter.username {
        // A range instead of LIKE: no wildcard can be smuggled in.
        query = query.filter(
            accounts::username_key.ge(name.clone()).and(accounts::username_key.lt(format!("{name}\u{7f}"))),
        );
    }
    for word in &filter.display_name {
        let named = account_words::table
            .filter(account_words::word.ge(word.clone()).and(account_words::word.lt(end_of(word))))
            // Of both, so that the index is used.
            .filter(account_words::is_local.eq(true).or(account_words::is_local.eq(false)))
            .filter(account_words::is_in_name.eq(true))
            .select(account_words::account_id);
        query = query.filter(accounts::id.eq_any(named));
    }
    if let Some(host) = &filter.host {
        query = query.filter(accounts::host.eq(host.clone()));
    }
    if let Some(beginning) = &filter.email {
        query = query
            .filter(logins::email_key.nullable().ge(beginning.clone()))
            .filter(logins::email_key.nullable().lt(end_of(beginning)));
    }
    keyset!(query, accounts::id, range, AccountId);
    Ok(range.in_order(query.load(c.db())?))
}

/// How many administrators can act.
///
/// # Errors
/// As the database's.
pub fn count_admins(c: &mut Conn) -> Result<i64> {
    Ok(each!(c, |db| logins::table
        .inner_join(accounts::table.on(accounts::id.eq(logins::account_id)))
        .filter(logins::role.eq("admin"))
        .filter(accounts::suspended_at.is_null().and(accounts::gone_at.is_null()))
        .filter(logins::confirmed_at.is_not_null().and(logins::approved_at.is_not_null()))
        .filter(logins::disabled_at.is_null())
        .count()
        .get_result(db))?)
}
