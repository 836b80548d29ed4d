//! Views of accounts: the rows of their profiles, loaded for a whole page at once.

use std::collections::HashMap;
use std::sync::Arc;

use parvis_model::account::{ActorKind, ProfileField, Role};
use parvis_model::ids::AccountId;
use parvis_store::accounts::Account;
use parvis_store::follows::ProfileCounts;
use parvis_store::policy::Emoji;
use parvis_store::profiles::{self, Profile};
use parvis_store::{Conn, accounts, follows, logins, moves, policy as policy_rows};

use crate::access;
use crate::error::Result;
use crate::shortcodes;

/// An account with what its profile shows.
#[derive(Clone, Debug)]
pub struct AccountView {
    pub account: Account,
    pub kind: ActorKind,
    pub fields: Vec<ProfileField>,
    pub counts: ProfileCounts,
    /// What its owner is in the town; residents and everybody elsewhere are nothing more.
    pub role: Role,
    /// What its owner chose to show.
    pub chosen: Profile,
    /// Custom emojis of the name, the text and the fields.
    pub emojis: Vec<Emoji>,
    /// The account that it has moved to; that one's own move is not shown.
    pub moved: Option<Box<AccountView>>,
}

/// Accounts with these ids, in this order, for every list of people. Who is gone, suspended or of a blocked server is left out (threats O14).
///
/// # Errors
/// Internal.
pub fn of_accounts(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<AccountView>> {
    let known = accounts::by_ids(c, ids)?;
    let rows = access::unbarred(c, known)?.into_iter().map(|a| (a.id, a)).collect();
    let views = account_views(c, rows)?;
    Ok(ids.iter().filter_map(|id| views.get(id)).map(|v| (**v).clone()).collect())
}

/// One account.
///
/// # Errors
/// Internal.
pub fn of_account(c: &mut Conn, account: &Account) -> Result<AccountView> {
    let views = account_views(c, HashMap::from([(account.id, account.clone())]))?;
    views
        .into_values()
        .next()
        .map(|v| (*v).clone())
        .ok_or_else(|| crate::Error::internal("a view of an account was not made"))
}

pub(super) fn account_views(
    c: &mut Conn,
    rows: HashMap<AccountId, Account>,
) -> Result<HashMap<AccountId, Arc<AccountView>>> {
    let ids: Vec<AccountId> = rows.keys().copied().collect();
    let mut moved: HashMap<AccountId, Account> = moves::targets_of(c, &ids)?.into_iter().collect();
    let all: Vec<AccountId> = ids.iter().copied().chain(moved.values().map(|a| a.id)).collect();
    let counts = follows::profile_counts(c, &all)?;
    let texts: Vec<(String, String)> =
        rows.values().chain(moved.values()).map(|a| (a.host.clone(), text_of(a))).collect();
    let emojis = shortcodes::load(c, &texts)?;
    let chosen: HashMap<AccountId, Profile> =
        profiles::of_accounts(c, &all)?.into_iter().map(|p| (p.account_id, p)).collect();
    let roles: HashMap<AccountId, Role> = logins::roles_of(c, &all)?
        .into_iter()
        .filter_map(|(id, role)| Some((id, Role::parse(&role)?)))
        .collect();
    Ok(rows
        .into_iter()
        .map(|(id, account)| {
            let target = moved
                .remove(&id)
                .map(|target| Box::new(put_together(target, &counts, &roles, &chosen, &emojis, None)));
            (id, Arc::new(put_together(account, &counts, &roles, &chosen, &emojis, target)))
        })
        .collect())
}

/// Where custom emojis may stand.
fn text_of(account: &Account) -> String {
    format!("{} {} {}", account.display_name, account.bio_html, account.fields)
}

fn put_together(
    account: Account,
    counts: &HashMap<AccountId, ProfileCounts>,
    roles: &HashMap<AccountId, Role>,
    chosen: &HashMap<AccountId, Profile>,
    emojis: &[Emoji],
    moved: Option<Box<AccountView>>,
) -> AccountView {
    let fields: Vec<ProfileField> = serde_json::from_str(&account.fields).unwrap_or_default();
    AccountView {
        kind: ActorKind::parse(&account.kind).unwrap_or(ActorKind::Person),
        fields,
        counts: counts.get(&account.id).copied().unwrap_or_default(),
        chosen: chosen
            .get(&account.id)
            .cloned()
            .unwrap_or_else(|| Profile::usual(account.id, account.is_discoverable)),
        role: roles.get(&account.id).copied().unwrap_or_default(),
        emojis: shortcodes::used(emojis, &account.host, &text_of(&account)),
        moved,
        account,
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
