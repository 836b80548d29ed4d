//! Open communities: groups of residents about what they have in common, with a charter and facilitators. Anybody may follow one and write there who is
//! not kept out. What all groups have is in `groups` and `facilitation`.

use parvis_model::account::DISPLAY_NAME_MAX;
use parvis_model::group::{CHARTER_MAX, MODERATORS_MAX};
use parvis_model::handle::Username;
use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_store::accounts::Account;
use parvis_store::{Conn, communities as rows, groups as group_rows, keys};

use crate::accounts::find;
use crate::accounts::group_actor::{self, NewGroup};
use crate::accounts::key_pool::{self, Pairs};
use crate::audit::{self, Target};
use crate::error::{Error, Result};
use crate::events::urls_of;
use crate::staff::{self, By};
use crate::statuses::compose;
use crate::{Town, Tx, groups};

/// Characters of a charter's HTML, as the schema has it.
const HTML_MAX: usize = 20_000;

/// A community that somebody opens.
#[derive(Clone, Debug, Default)]
pub struct NewCommunity {
    /// The handle.
    pub username: String,
    /// How it is called.
    pub title: String,
    /// What holds there, plain text.
    pub charter: String,
    /// Handles of residents who look after it.
    pub facilitators: Vec<String>,
}

/// Opens a community. Only who runs the town may, so that its names are also those that residents cannot take.
///
/// # Errors
/// [`Error::Invalid`] with the field, [`Refusal::RoleTooLow`].
pub async fn create(town: &Town, by: By, new: NewCommunity) -> Result<AccountId> {
    let mut pair: Option<Pairs> = None;
    let ready = town.db().read(|c| Ok::<_, Error>(keys::pool_size(c)?)).await?;
    if ready == 0 {
        pair = Some(key_pool::make(town).await?);
    }
    for _ in 0..2 {
        let (new, made) = (new.clone(), pair.clone());
        if let Some(id) = town.db().write(move |tx| open(tx, by, &new, made.as_ref())).await? {
            return Ok(id);
        }
        pair = Some(key_pool::make(town).await?);
    }
    Err(Error::internal("a community that could not be written"))
}

/// The transaction; `None` when there was no key.
fn open(tx: &mut Tx<'_>, by: By, new: &NewCommunity, made: Option<&Pairs>) -> Result<Option<AccountId>> {
    let staff = staff::require(tx, by, Permission::Administrator)?;
    let username = Username::parse(&new.username).map_err(|r| Error::field("username", r))?;
    let title = parvis_text::names::display_name(&new.title, DISPLAY_NAME_MAX);
    if title.is_empty() {
        return Err(Error::field("title", Refusal::TitleMissing));
    }
    if new.title.trim().chars().count() > DISPLAY_NAME_MAX {
        return Err(Error::field("title", Refusal::TextTooLong));
    }
    let (text, html) = charter(tx, &new.charter)?;
    let facilitators = facilitators(tx, &new.facilitators)?;
    let group = NewGroup { username, title, text, html };
    let Some(id) = group_actor::insert(tx, &group, made)? else { return Ok(None) };
    let now = tx.now();
    rows::insert(tx, id, now)?;
    for one in facilitators {
        group_rows::add_moderator(tx, id, one, now)?;
    }
    let account = groups::by_id(tx, id)?;
    audit::record(tx, &staff, "create_community", &Target::account(&account), "")?;
    Ok(Some(id))
}

/// A charter as typed and as shown.
fn charter(tx: &mut Tx<'_>, text: &str) -> Result<(String, String)> {
    let text = compose::clean(text).trim().to_owned();
    if text.chars().count() > CHARTER_MAX {
        return Err(Error::field("charter", Refusal::TextTooLong));
    }
    let urls = urls_of(tx)?;
    let html = compose::compose(tx, &urls, &text)?.html;
    if html.chars().count() > HTML_MAX {
        return Err(Error::field("charter", Refusal::TextTooLong));
    }
    Ok((text, html))
}

fn facilitators(tx: &mut Tx<'_>, handles: &[String]) -> Result<Vec<AccountId>> {
    if handles.len() > MODERATORS_MAX {
        return Err(Error::field("facilitators", Refusal::TooManyKept));
    }
    let mut found = Vec::new();
    for handle in handles {
        match find::local(tx, handle.trim().trim_start_matches('@')) {
            Ok(account) if account.is_active() && account.kind != "group" => found.push(account.id),
            Ok(_) | Err(Error::NotFound) => return Err(Error::field("facilitators", Refusal::AccountGone)),
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Whether a group is a community.
///
/// # Errors
/// Internal.
pub fn is_one(c: &mut Conn, group: AccountId) -> Result<bool> {
    Ok(rows::is_one(c, group)?)
}

/// The communities of the town by name, after the one called `after`, at most `limit`.
///
/// # Errors
/// Internal.
pub fn all(c: &mut Conn, after: &str, limit: i64) -> Result<Vec<Account>> {
    Ok(rows::all(c, after, limit)?)
}

#[cfg(test)]
#[path = "communities_tests.rs"]
mod tests;
