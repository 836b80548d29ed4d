//! From what somebody typed to what is stored: mentions are looked up, hashtags kept, HTML rendered. The text rules are in the `text` crate;
//! what a mention or a tag leads to is decided here.

use std::collections::HashMap;

use parvis_model::handle::Address;
use parvis_model::ids::{AccountId, StatusId, TagId};
use parvis_model::refusal::Refusal;
use parvis_model::status::{CHARACTERS_MAX, WARNING_MAX};
use parvis_model::urls::Urls;
use parvis_store::accounts::{self, Account};
use parvis_store::status_parts::{self, Tag};
use parvis_store::{Conn, Tx, tag_rules};
use parvis_text::{Found, Handle, Hashtag, Links};

use crate::error::{Error, Result};
use crate::town::Town;

/// Mentions and tags of one post that we look at, at most.
const MOST: usize = 100;

/// A text ready to be stored.
#[derive(Clone, Debug)]
pub struct Composed {
    pub html: String,
    pub mentioned: Vec<Account>,
    pub hashtags: Vec<Hashtag>,
    pub has_link: bool,
}

/// Fetches those whom a text mentions and whom the town does not know yet, so that [`compose`] finds them. Outside any transaction; who cannot
/// be found stays plain text. At most ten look-ups.
///
/// # Errors
/// Internal only: a server that does not answer is no error here.
pub async fn fetch_mentioned(town: &Town, text: &str) -> Result<()> {
    let found = parvis_text::compose::scan(text);
    let wanted: Vec<(String, String)> = found
        .mentions
        .iter()
        .filter_map(|m| m.host.clone().map(|host| (m.username.to_ascii_lowercase(), host)))
        .filter(|(_, host)| host != town.urls().domain())
        .take(MOST)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let asked = wanted.clone();
    let known: Vec<Account> = town.db().read(move |c| known_accounts(c, &asked)).await?;
    let unknown = wanted
        .into_iter()
        .filter(|(name, host)| !known.iter().any(|a| a.username_key == *name && a.host == *host))
        .take(10);
    for (username, host) in unknown {
        if let Err(error) =
            town.remote().account_by_address(&Address { username, host: Some(host.clone()) }).await
        {
            tracing::debug!(%host, %error, "a mentioned account could not be fetched");
        }
    }
    Ok(())
}

/// The accounts with these names and hosts (`''`: here) that are active.
pub(crate) fn known_accounts(c: &mut Conn, wanted: &[(String, String)]) -> Result<Vec<Account>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = wanted.iter().map(|(n, _)| n.clone()).collect();
    let hosts: Vec<String> = wanted.iter().map(|(_, h)| h.clone()).collect();
    Ok(accounts::by_usernames(c, &names, &hosts)?.into_iter().filter(Account::is_active).collect())
}

/// Renders a text. The accounts it mentions must be known already.
///
/// # Errors
/// Internal.
pub fn compose(c: &mut Conn, urls: &Urls, text: &str) -> Result<Composed> {
    let Found { mentions, hashtags, links: found } = parvis_text::compose::scan(text);
    let host_of = |m: &Handle| m.host.clone().filter(|h| h != urls.domain()).unwrap_or_default();
    let wanted: Vec<(String, String)> =
        mentions.iter().take(MOST).map(|m| (m.username.to_ascii_lowercase(), host_of(m))).collect();
    let known: HashMap<(String, String), Account> = known_accounts(c, &wanted)?
        .into_iter()
        .map(|a| ((a.username_key.clone(), a.host.clone()), a))
        .collect();
    let links = Resolved { known: &known, urls };
    let html = parvis_text::compose::render(text, &links);
    let mentioned = wanted.iter().filter_map(|key| known.get(key)).cloned().collect();
    let hashtags = hashtags.into_iter().take(MOST).collect();
    Ok(Composed { html, mentioned, hashtags, has_link: !found.is_empty() })
}

struct Resolved<'a> {
    known: &'a HashMap<(String, String), Account>,
    urls: &'a Urls,
}

impl Links for Resolved<'_> {
    fn profile(&self, mention: &Handle) -> Option<String> {
        let host = mention.host.clone().filter(|h| h != self.urls.domain()).unwrap_or_default();
        self.known.get(&(mention.username.to_ascii_lowercase(), host)).map(|a| a.url.clone())
    }

    fn hashtag(&self, name: &str) -> String {
        self.urls.tag(name)
    }
}

/// Characters of a text as it is typed; addresses count less towards the limit that people see, so it has a second one.
const SOURCE_MAX: usize = 10_000;

/// A text as it is kept: line ends as `\n`, without NUL, which PostgreSQL does not take (threats J1).
#[must_use]
pub fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "")
}

/// Checks the lengths of a text and its warning.
///
/// # Errors
/// [`Refusal::TextTooLong`] with the field's name.
pub fn check_lengths(text: &str, warning: &str) -> Result<()> {
    if parvis_text::length::characters(text) + warning.chars().count() > CHARACTERS_MAX
        || text.chars().count() > SOURCE_MAX
    {
        return Err(Error::field("status", Refusal::TextTooLong));
    }
    if warning.chars().count() > WARNING_MAX {
        return Err(Error::field("spoiler_text", Refusal::TextTooLong));
    }
    Ok(())
}

/// Whether people here may write these hashtags.
///
/// # Errors
/// `Invalid(TagForbidden)`.
pub fn check_hashtags(c: &mut Conn, hashtags: &[Hashtag]) -> Result<()> {
    let names: Vec<String> = hashtags.iter().map(|h| h.name.clone()).collect();
    if !names.is_empty() && tag_rules::has_unusable(c, &names)? {
        return Err(Error::field("status", Refusal::TagForbidden));
    }
    Ok(())
}

/// Writes the mentions and tags of a new post; the tags, ordered as they are read.
///
/// # Errors
/// Internal.
pub fn write_parts(
    tx: &mut Tx<'_>,
    status: StatusId,
    mentioned: &[AccountId],
    hashtags: &[Hashtag],
) -> Result<Vec<Tag>> {
    status_parts::add_mentions(tx, status, mentioned)?;
    let tags = make_tags(tx, hashtags)?;
    let ids: Vec<TagId> = tags.iter().map(|t| t.id).collect();
    status_parts::add_tags(tx, status, &ids)?;
    Ok(tags)
}

/// The same for a post that has some already.
///
/// # Errors
/// Internal.
pub fn rewrite_parts(
    tx: &mut Tx<'_>,
    status: StatusId,
    mentioned: &[AccountId],
    hashtags: &[Hashtag],
) -> Result<()> {
    status_parts::remove_mentions(tx, status)?;
    status_parts::remove_tags(tx, status)?;
    write_parts(tx, status, mentioned, hashtags).map(drop)
}

/// Tags, made where they are new, by id.
fn make_tags(tx: &mut Tx<'_>, hashtags: &[Hashtag]) -> Result<Vec<Tag>> {
    if hashtags.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = hashtags.iter().map(|h| h.name.clone()).collect();
    let mut tags = status_parts::tags_by_name(tx, &names)?;
    for new in hashtags {
        if !tags.iter().any(|known| known.name == new.name) {
            let tag = Tag { id: TagId(tx.new_id()), name: new.name.clone(), display: new.display.clone() };
            status_parts::add_tag(tx, &tag)?;
            tags.push(tag);
        }
    }
    tags.sort_unstable_by_key(|t| t.id);
    Ok(tags)
}
