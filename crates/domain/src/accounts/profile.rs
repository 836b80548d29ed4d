//! Changing one's profile and what new posts begin with. Text becomes HTML here (mentions looked up, tags and addresses linked); pictures come
//! as keys of stored files, checked and re-encoded by `media`.

use std::collections::HashMap;

use parvis_model::account::{
    ActorKind, BIO_MAX, DISPLAY_NAME_MAX, FIELD_NAME_MAX, FIELD_VALUE_MAX, FIELDS_MAX, ProfileField,
};
use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_model::quote::QuotePolicy;
use parvis_model::refusal::Refusal;
use parvis_model::status::language_tag;
use parvis_model::urls::Urls;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::{self, Account};
use parvis_store::logins;
use parvis_text::{Handle, Links, compose, length, names, sanitise};

use crate::error::{Error, OrNotFound, Result};
use crate::events::urls_of;
use crate::{Record, Tx};

/// What changes; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The name that is shown.
    pub display_name: Option<String>,
    /// The profile text, as typed.
    pub bio: Option<String>,
    /// Name and value of each line, as typed; lines without a name are left out.
    pub fields: Option<Vec<(String, String)>>,
    /// Whether followers must be accepted.
    pub is_locked: Option<bool>,
    /// Whether the account is in the directory.
    pub is_discoverable: Option<bool>,
    /// Whether a machine writes here.
    pub is_bot: Option<bool>,
    /// Key of a stored picture, or none.
    pub avatar: Option<Option<String>>,
    /// Key of a stored picture, or none.
    pub header: Option<Option<String>>,
    /// What new posts begin with.
    pub default_visibility: Option<Visibility>,
    /// What new posts begin with.
    pub default_sensitive: Option<bool>,
    /// What new posts begin with.
    pub default_language: Option<Option<String>>,
    /// Who may quote new posts.
    pub default_quote_policy: Option<QuotePolicy>,
}

/// A profile after a change, and the stored files that nothing shows any more: remove them after the commit.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The account as it is now.
    pub account: Account,
    /// Keys of files.
    pub files: Vec<String>,
}

/// Changes a profile.
///
/// # Errors
/// `Invalid` for texts that are too long; `NotFound` for an account without login.
pub fn update(tx: &mut Tx<'_>, id: AccountId, change: &Change) -> Result<Changed> {
    let before = accounts::by_id(tx, id)?.filter(|a| a.is_local() && a.is_active()).or_not_found()?;
    let mut account = before.clone();
    change_texts(tx, &mut account, change)?;
    if let Some(is_locked) = change.is_locked {
        account.is_locked = is_locked;
    }
    if let Some(is_discoverable) = change.is_discoverable {
        account.is_discoverable = is_discoverable;
    }
    if let Some(is_bot) = change.is_bot {
        let kind = ActorKind::parse(&account.kind).unwrap_or(ActorKind::Person);
        let kind = match (kind, is_bot) {
            (ActorKind::Person, true) => ActorKind::Service,
            (ActorKind::Service, false) => ActorKind::Person,
            (other, _) => other,
        };
        kind.as_str().clone_into(&mut account.kind);
    }
    let mut files = Vec::new();
    for (slot, new) in [(&mut account.avatar, &change.avatar), (&mut account.header, &change.header)] {
        if let Some(new) = new {
            files.extend(std::mem::replace(slot, new.clone()).filter(|old| new.as_ref() != Some(old)));
        }
    }
    change_defaults(tx, id, change)?;
    if account != before {
        account.version += 1;
        accounts::save(tx, &account)?;
        tx.record(Event::ProfileChanged { account: id })?;
    }
    Ok(Changed { account, files })
}

fn change_texts(tx: &mut Tx<'_>, account: &mut Account, change: &Change) -> Result<()> {
    let too_long = |field| Error::field(field, Refusal::TextTooLong);
    if let Some(name) = &change.display_name {
        if name.trim().chars().count() > DISPLAY_NAME_MAX {
            return Err(too_long("display_name"));
        }
        account.display_name = names::display_name(name, DISPLAY_NAME_MAX);
    }
    if let Some(bio) = &change.bio {
        if length::characters(bio) > BIO_MAX {
            return Err(too_long("note"));
        }
        let links = Known::of(tx, bio)?;
        account.bio_html = compose::render(bio, &links);
        account.bio_source.clone_from(bio);
    }
    if let Some(fields) = &change.fields {
        let fields: Vec<_> = fields.iter().filter(|(name, _)| !name.trim().is_empty()).collect();
        let fits = |(name, value): &&(String, String)| {
            name.chars().count() <= FIELD_NAME_MAX && value.chars().count() <= FIELD_VALUE_MAX
        };
        if fields.len() > FIELDS_MAX || !fields.iter().all(fits) {
            return Err(too_long("fields_attributes"));
        }
        let mut lines = Vec::new();
        for (name, value) in fields {
            lines.push(field(tx, name, value)?);
        }
        account.fields =
            serde_json::to_string(&lines).map_err(|e| Error::internal(format!("profile fields: {e}")))?;
    }
    Ok(())
}

fn field(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<ProfileField> {
    let source = sanitise::one_line(value, FIELD_VALUE_MAX);
    let links = Known::of(tx, &source)?;
    let html = compose::render_line(&source, &links);
    Ok(ProfileField {
        name: names::display_name(name, FIELD_NAME_MAX),
        value: html,
        value_source: Some(source),
    })
}

fn change_defaults(tx: &mut Tx<'_>, id: AccountId, change: &Change) -> Result<()> {
    if change.default_visibility.is_none()
        && change.default_sensitive.is_none()
        && change.default_language.is_none()
        && change.default_quote_policy.is_none()
    {
        return Ok(());
    }
    let login = logins::of_account(tx, id)?.or_not_found()?;
    let language = match &change.default_language {
        None => login.default_language.clone(),
        Some(tag) => tag.as_deref().and_then(language_tag),
    };
    let visibility = change.default_visibility.map_or(login.default_visibility, Visibility::code);
    let quotes = change.default_quote_policy.map_or(login.default_quote_policy, |policy| policy.automatic.0);
    let sensitive = change.default_sensitive.unwrap_or(login.default_sensitive);
    Ok(logins::set_defaults(tx, id, visibility, sensitive, language.as_deref(), quotes)?)
}

/// The profile pages of those whom a text mentions.
struct Known {
    urls: Urls,
    pages: HashMap<(String, String), String>,
}

impl Known {
    fn of(tx: &mut Tx<'_>, source: &str) -> Result<Self> {
        let urls = urls_of(tx)?;
        let wanted: Vec<(String, String)> =
            compose::scan(source).mentions.iter().map(|h| key(&urls, h)).collect();
        let mut pages = HashMap::new();
        if !wanted.is_empty() {
            let (names, hosts): (Vec<_>, Vec<_>) = wanted.iter().cloned().unzip();
            for account in accounts::by_usernames(tx, &names, &hosts)?.into_iter().filter(Account::is_active)
            {
                pages.insert((account.username_key, account.host), account.url);
            }
        }
        Ok(Self { urls, pages })
    }
}

fn key(urls: &Urls, handle: &Handle) -> (String, String) {
    let host = handle.host.as_deref().filter(|h| *h != urls.domain()).unwrap_or_default();
    (handle.username.to_lowercase(), host.to_owned())
}

impl Links for Known {
    fn profile(&self, mention: &Handle) -> Option<String> {
        self.pages.get(&key(&self.urls, mention)).cloned()
    }

    fn hashtag(&self, name: &str) -> String {
        self.urls.tag(name)
    }
}

#[cfg(test)]
#[path = "profile_tests.rs"]
mod tests;
