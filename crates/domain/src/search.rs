//! Finding accounts, posts and hashtags: by address here, by their words in `people` and `posts`. What the words of posts are kept in is in `index`.

pub mod index;
mod people;
mod posts;
mod query;
#[cfg(test)]
mod tests;

use parvis_model::handle::Address;
use parvis_model::ids::{AccountId, StatusId};
use parvis_store::status_parts::{self, Tag};
use parvis_store::{Conn, accounts};

use crate::access::{self, Viewer};
use crate::accounts::find;
use crate::addresses;
use crate::error::{Error, Result};
use crate::outside::Found;
use crate::policy;
use crate::town::Town;
use crate::views::{self, AccountView, StatusView};

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub text: String,
    /// Ask other servers for addresses and URLs that are unknown here; only for people signed in.
    pub resolves: bool,
    pub accounts: bool,
    pub statuses: bool,
    pub hashtags: bool,
    /// Of accounts, those only whom the viewer follows.
    pub only_followed: bool,
    /// Posts of this account only.
    pub author: Option<AccountId>,
    /// Posts below this id.
    pub max: Option<i64>,
    /// Posts above this id.
    pub min: Option<i64>,
    /// Of each kind so many are left out.
    pub offset: i64,
    /// At most 40 of each, of accounts 80.
    pub limit: i64,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Results {
    pub accounts: Vec<AccountView>,
    pub statuses: Vec<StatusView>,
    pub hashtags: Vec<Tag>,
}

/// Looks for accounts, posts and hashtags.
///
/// # Errors
/// Internal only: another server's silence is an empty answer.
pub async fn search(town: &Town, viewer: Viewer, query: Query) -> Result<Results> {
    let text = query.text.trim().chars().filter(|c| *c != '\0').take(2_048).collect::<String>();
    if text.is_empty() {
        return Ok(Results::default());
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        return by_url(town, viewer, &query, text).await;
    }
    let domain = town.urls().domain().to_owned();
    if query.accounts
        && let Some(address) =
            Address::parse(&text, &domain).filter(|a| a.host.is_some() || names_a_host(&text))
    {
        return Ok(Results {
            accounts: by_address(town, address, query.resolves).await?,
            ..Results::default()
        });
    }
    town.db().read(move |c| by_words(c, viewer, &domain, &text, &query)).await
}

/// `ana@our.town` is an address too, though the host is left out of what is read.
fn names_a_host(text: &str) -> bool {
    text.trim_start_matches('@').contains('@')
}

fn by_words(c: &mut Conn, viewer: Viewer, our_domain: &str, text: &str, query: &Query) -> Result<Results> {
    let limit = query.limit.clamp(1, 40);
    let mut results = Results::default();
    if query.accounts && !text.starts_with('#') {
        results.accounts = people::find(c, viewer, text, query)?;
    }
    if let Some(viewer) = viewer.filter(|_| query.statuses) {
        results.statuses = posts::find(c, viewer, our_domain, text, query)?;
    }
    // Of hashtags there is one page.
    if query.hashtags
        && query.offset <= 0
        && let Some(tag) = parvis_text::hashtag_name(text.trim_start_matches('#'))
    {
        results.hashtags = status_parts::tags_starting_with(c, &tag, limit)?;
    }
    Ok(results)
}

/// An account by its address, fetched when it is unknown and `resolves`.
///
/// # Errors
/// Internal.
pub async fn by_address(town: &Town, address: Address, resolves: bool) -> Result<Vec<AccountView>> {
    let asked = address.clone();
    let known = town
        .db()
        .read(move |c| {
            let host = asked.host.clone().unwrap_or_default();
            if policy::is_suspended(c, &host)? {
                return Ok::<_, Error>(Some(Vec::new()));
            }
            match find::by_address(c, &asked)?.filter(parvis_store::accounts::Account::is_active) {
                Some(account) => Ok(Some(views::of_accounts(c, &[account.id])?)),
                None => Ok(None),
            }
        })
        .await?;
    match known {
        Some(found) => Ok(found),
        None if resolves && address.host.is_some() => {
            match town.remote().account_by_address(&address).await {
                Ok(Some(id)) => town.db().read(move |c| views::of_accounts(c, &[id])).await,
                Ok(None) => Ok(Vec::new()),
                Err(error) => {
                    tracing::debug!(%error, "an address could not be looked up");
                    Ok(Vec::new())
                }
            }
        }
        None => Ok(Vec::new()),
    }
}

async fn by_url(town: &Town, viewer: Viewer, query: &Query, url: String) -> Result<Results> {
    let (urls, asked) = (town.urls().clone(), url.clone());
    let mut found = town
        .db()
        .read(move |c| {
            if let Some(status) = addresses::status(c, &urls, &asked)? {
                return Ok::<_, Error>(Some(Found::Status(status.id)));
            }
            if let Some(name) = urls.username_of_actor(&asked) {
                let account = accounts::by_handle(c, &name.to_lowercase(), "")?;
                return Ok(account.map(|a| Found::Account(a.id)));
            }
            let account = match accounts::by_uri(c, &asked)? {
                Some(account) => Some(account),
                None => accounts::by_url(c, &asked)?,
            };
            Ok(account.map(|a| Found::Account(a.id)))
        })
        .await?;
    if found.is_none() && query.resolves && viewer.is_some() && !town.urls().is_our_text(&url) {
        found = match town.remote().by_url(&url).await {
            Ok(found) => found,
            Err(error) => {
                tracing::debug!(%error, "a URL could not be looked up");
                None
            }
        };
    }
    let (wants_accounts, wants_statuses) = (query.accounts, query.statuses);
    town.db()
        .read(move |c| {
            Ok(match found {
                Some(Found::Account(id)) if wants_accounts && access::active_account(c, id).is_ok() => {
                    Results { accounts: views::of_accounts(c, &[id])?, ..Results::default() }
                }
                Some(Found::Status(id)) if wants_statuses => {
                    Results { statuses: of_status(c, viewer, id)?, ..Results::default() }
                }
                _ => Results::default(),
            })
        })
        .await
}

fn of_status(c: &mut Conn, viewer: Viewer, id: StatusId) -> Result<Vec<StatusView>> {
    Ok(views::of_status(c, viewer, id)?.into_iter().collect())
}
