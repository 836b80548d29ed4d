//! Views of accounts: the rows of their profiles, loaded for a whole page at once.

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

use foldhash::{HashMap as IdMap, HashMapExt as _};
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;
use parvis_store::accounts::Account;
use parvis_store::follows::ProfileCounts;
use parvis_store::policy::Emoji;
use parvis_store::{Conn, accounts, follows, moves, policy as policy_rows};

use super::parts::{self, Author};
use crate::access;
use crate::error::Result;
use crate::kept::AccountParts;
use crate::shortcodes;

/// An account with what its profile shows; used like its parts.
#[derive(Clone, Debug)]
pub struct AccountView {
    /// What seldom changes.
    pub parts: Arc<AccountParts>,
    pub counts: ProfileCounts,
    /// When it wrote last.
    pub last_status_at: Option<Moment>,
    /// Custom emojis of the name, the text and the fields.
    pub emojis: Vec<Emoji>,
    /// The account that it has moved to; that one's own move is not shown.
    pub moved: Option<Box<AccountView>>,
}

impl Deref for AccountView {
    type Target = AccountParts;
    fn deref(&self) -> &AccountParts {
        &self.parts
    }
}

impl AccountView {
    /// What `make` makes of the account, kept with it as long as it is the same for everybody; nothing for accounts whose emojis or whose new
    /// account may change without them.
    pub fn rendered<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<Arc<T>> {
        let is_whole = self.emojis.is_empty() && self.moved.is_none();
        is_whole.then(|| self.parts.rendered.of((self.counts, self.last_status_at), make))
    }
}

/// Accounts with these ids, in this order, for every list of people. Who is gone, suspended or of a blocked server is left out (threats O14).
///
/// # Errors
/// Internal.
pub fn of_accounts(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<AccountView>> {
    let known = accounts::by_ids(c, ids)?;
    let rows = access::unbarred(c, known)?;
    let views = views_of_rows(c, rows)?;
    Ok(ids.iter().filter_map(|id| views.get(id)).map(|v| (**v).clone()).collect())
}

/// One account.
///
/// # Errors
/// Internal.
pub fn of_account(c: &mut Conn, account: &Account) -> Result<AccountView> {
    let views = views_of_rows(c, vec![account.clone()])?;
    views
        .into_values()
        .next()
        .map(|v| (*v).clone())
        .ok_or_else(|| crate::Error::internal("a view of an account was not made"))
}

/// Accounts whose rows are loaded.
pub(super) fn views_of_rows(c: &mut Conn, rows: Vec<Account>) -> Result<IdMap<AccountId, Arc<AccountView>>> {
    let authors = parts::account_parts(c, rows)?;
    account_views(c, authors, IdMap::new())
}

/// `counts` are those that are known already; the others are asked for.
pub(super) fn account_views(
    c: &mut Conn,
    authors: IdMap<AccountId, Author>,
    mut counts: IdMap<AccountId, ProfileCounts>,
) -> Result<IdMap<AccountId, Arc<AccountView>>> {
    let mut moved = moved(c, &authors)?;
    let all = authors.keys().chain(moved.values().map(|(parts, _)| &parts.account.id));
    let uncounted: Vec<AccountId> = all.filter(|id| !counts.contains_key(id)).copied().collect();
    counts.extend(follows::profile_counts(c, &uncounted)?);
    let texts: Vec<(String, String)> = authors
        .values()
        .chain(moved.values())
        .filter(|(parts, _)| parts.has_shortcodes)
        .map(|(parts, _)| (parts.account.host.clone(), text_of(&parts.account)))
        .collect();
    let emojis = shortcodes::load(c, &texts)?;
    Ok(authors
        .into_iter()
        .map(|(id, author)| {
            let target =
                moved.remove(&id).map(|target| Box::new(put_together(&target, &counts, &emojis, None)));
            (id, Arc::new(put_together(&author, &counts, &emojis, target)))
        })
        .collect())
}

/// Where those live now who moved and say so, as far as the new account is there. Nothing is asked where nobody moved.
fn moved(c: &mut Conn, authors: &IdMap<AccountId, Author>) -> Result<IdMap<AccountId, Author>> {
    let gone: Vec<AccountId> =
        authors.iter().filter(|(_, (parts, _))| parts.has_moved).map(|(id, _)| *id).collect();
    if gone.is_empty() {
        return Ok(IdMap::new());
    }
    let targets = moves::targets_of(c, &gone)?;
    let authors = parts::account_parts(c, targets.iter().map(|(_, account)| account.clone()).collect())?;
    let target = |(id, account): (AccountId, Account)| Some((id, authors.get(&account.id)?.clone()));
    Ok(targets.into_iter().filter_map(target).collect())
}

/// Where custom emojis may stand.
fn text_of(account: &Account) -> String {
    format!("{} {} {}", account.display_name, account.bio_html, account.fields)
}

fn put_together(
    (parts, last_status_at): &Author,
    counts: &IdMap<AccountId, ProfileCounts>,
    emojis: &[Emoji],
    moved: Option<Box<AccountView>>,
) -> AccountView {
    let account = &parts.account;
    AccountView {
        counts: counts.get(&account.id).copied().unwrap_or_default(),
        last_status_at: *last_status_at,
        emojis: if parts.has_shortcodes && !emojis.is_empty() {
            shortcodes::used(emojis, &account.host, &text_of(account))
        } else {
            Vec::new()
        },
        moved,
        parts: Arc::clone(parts),
    }
}

/// People of the town who want to be found, those who wrote last first: for the front page.
///
/// # Errors
/// Internal.
pub fn lately_active(c: &mut Conn, limit: i64) -> Result<Vec<AccountView>> {
    let ids: Vec<AccountId> = accounts::lately_active(c, limit)?.into_iter().map(|a| a.id).collect();
    of_accounts(c, &ids)
}

/// Emojis of the town, for clients' pickers.
///
/// # Errors
/// Internal.
pub fn town_emojis(c: &mut Conn) -> Result<Vec<Emoji>> {
    Ok(policy_rows::local_emojis(c)?)
}
