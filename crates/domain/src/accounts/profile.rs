//! Changing one's profile and what new posts begin with. Text becomes HTML here (mentions looked up, tags and addresses linked); pictures come
//! as keys of stored files, checked and re-encoded by `media`.

use std::collections::HashMap;

use parvis_model::account::{
    ATTRIBUTION_DOMAINS_MAX, ActorKind, BIO_MAX, DISPLAY_NAME_MAX, FIELD_NAME_MAX, FIELD_VALUE_MAX,
    FIELDS_MAX, PICTURE_DESCRIPTION_MAX, ProfileField,
};
use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_model::quote::QuotePolicy;
use parvis_model::refusal::Refusal;
use parvis_model::status::language_tag;
use parvis_model::urls::{Urls, host_key};
use parvis_model::visibility::Visibility;
use parvis_store::accounts::{self, Account};
use parvis_store::profiles::{self, Profile};
use parvis_store::{jobs, logins};
use parvis_text::{Handle, Links, compose, length, names, sanitise};

use crate::error::{Error, OrNotFound, Result};
use crate::events::urls_of;
use crate::{Record, Tx, leftovers};

/// The job that lets in who asked to follow an account that is not locked any more: `[account, request after which to go on]`.
pub const LET_IN: &str = "follows.let_in";

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
    /// Whether posts may be found by their text.
    pub is_indexable: Option<bool>,
    /// Whether nobody else sees who follows and whom one follows.
    pub hides_collections: Option<bool>,
    /// Whether the profile has a page of pictures.
    pub shows_media: Option<bool>,
    /// Whether that page shows pictures of answers too.
    pub shows_media_replies: Option<bool>,
    /// Whether the profile has a page of recommendations.
    pub shows_featured: Option<bool>,
    /// What is to be seen on the portrait.
    pub avatar_description: Option<String>,
    /// What is to be seen on the banner.
    pub header_description: Option<String>,
    /// Sites that may name the owner as an author.
    pub attribution_domains: Option<Vec<String>>,
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

/// A profile after a change, and the stored files that nothing shows any more, which a job deletes.
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
    leftovers::delete(tx, &files)?;
    change_defaults(tx, id, change)?;
    let is_chosen = change_choices(tx, &before, &account, change)?;
    if account != before || is_chosen {
        account.version += 1;
        accounts::save(tx, &account)?;
        if account.display_name != before.display_name {
            super::names::keep(tx, &account)?;
        }
        tx.record(Event::ProfileChanged { account: id })?;
    }
    if before.is_locked && !account.is_locked {
        let (now, key) = (tx.now(), format!("{LET_IN}/{id}/{}", account.version));
        jobs::enqueue(tx, LET_IN, &format!("[{id},0]"), Some(&key), now)?;
        tx.notify("jobs", 0);
    }
    Ok(Changed { account, files })
}

/// What stands in a row of its own, once somebody chose something; whether that changed.
fn change_choices(tx: &mut Tx<'_>, before: &Account, account: &Account, change: &Change) -> Result<bool> {
    let known = profiles::of_accounts(tx, &[account.id])?.pop();
    let old = known.clone().unwrap_or_else(|| Profile::usual(before));
    let mut new = known.unwrap_or_else(|| Profile::usual(account));
    let flags = [
        (&mut new.is_indexable, change.is_indexable),
        (&mut new.hides_collections, change.hides_collections),
        (&mut new.shows_media, change.shows_media),
        (&mut new.shows_media_replies, change.shows_media_replies),
        (&mut new.shows_featured, change.shows_featured),
    ];
    for (slot, wanted) in flags {
        *slot = wanted.unwrap_or(*slot);
    }
    let texts = [
        (&mut new.avatar_description, &change.avatar_description, "avatar_description"),
        (&mut new.header_description, &change.header_description, "header_description"),
    ];
    for (slot, wanted, field) in texts {
        let Some(text) = wanted else { continue };
        if text.chars().count() > PICTURE_DESCRIPTION_MAX {
            return Err(Error::field(field, Refusal::TextTooLong));
        }
        *slot = text.trim().replace('\0', "");
    }
    if let Some(sites) = &change.attribution_domains {
        let sites: Vec<&str> = sites.iter().map(|s| s.trim()).filter(|s| !s.is_empty()).collect();
        if sites.len() > ATTRIBUTION_DOMAINS_MAX {
            return Err(Error::field("attribution_domains", Refusal::TooManyKept));
        }
        let keys: Option<Vec<String>> =
            sites.iter().map(|s| host_key(s).filter(|h| h.len() <= 253)).collect();
        let keys = keys.ok_or_else(|| Error::field("attribution_domains", Refusal::DomainShape))?;
        new.attribution_domains = keys.join(" ");
    }
    if old.is_indexable != new.is_indexable {
        tx.record(Event::IndexingChosen { account: account.id })?;
    }
    let is_usual = old == Profile::usual(before) && new == Profile::usual(account);
    if new == old || is_usual {
        return Ok(false);
    }
    profiles::save(tx, &new)?;
    Ok(true)
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
        let known: Vec<ProfileField> = serde_json::from_str(&account.fields).unwrap_or_default();
        let mut lines = Vec::new();
        for (name, value) in fields {
            let mut line = field(tx, name, value)?;
            // What was seen behind a link stays known while the link stays.
            let same = known.iter().find(|k| k.value_source == line.value_source);
            line.verified_at = same.and_then(|k| k.verified_at);
            lines.push(line);
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
        verified_at: None,
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
