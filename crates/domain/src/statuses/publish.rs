//! Publishing a post: who may, what is written, who hears of it.

use std::sync::Arc;

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, AppId, MediaId, ScheduledId, StatusId, ThreadId};
use parvis_model::quote::QuotePolicy;
use parvis_model::refusal::Refusal;
use parvis_model::status::{MEDIA_MAX, language_tag};
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::status_parts::Mention;
use parvis_store::statuses::{self, Status};
use parvis_store::{Tx, media, oauth, policy as rows, scheduled_statuses};
use serde::{Deserialize, Serialize};

use super::compose::{check_hashtags, check_lengths, clean, compose, write_parts};
use super::thread;
use crate::accounts::activity::has_written;
use crate::error::{Error, Result};
use crate::events::Record;
use crate::kept::{Application, PostParts};
use crate::polls::{self, PollDraft};
use crate::{access, groups, news, quotes, views};

/// What somebody wants to publish.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Plain text.
    pub text: String,
    /// Content warning; '' is none.
    pub warning: String,
    pub is_sensitive: bool,
    /// BCP 47; unreadable tags are left out.
    pub language: Option<String>,
    pub visibility: Visibility,
    pub in_reply_to: Option<StatusId>,
    /// The post that it quotes.
    pub quoted: Option<StatusId>,
    /// Who may quote it; without one, as the author's settings say.
    pub quote_policy: Option<QuotePolicy>,
    /// Uploaded before, by the same account, in the order in which they show.
    pub media: Vec<MediaId>,
    /// Not together with pictures.
    pub poll: Option<PollDraft>,
    /// The same key gives the same post again.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
    /// The post that waited until now, with its pictures.
    #[serde(skip)]
    pub scheduled: Option<ScheduledId>,
    /// The client program.
    pub app: Option<AppId>,
}

/// A post and what was written of it, if it was now.
pub type Published = (StatusId, Option<Arc<PostParts>>);

/// Publishes a post and returns its id. Mentioned remote accounts must be known ([`super::fetch_mentioned`]).
///
/// # Errors
/// [`Error::Invalid`] for text and pictures, [`Error::NotFound`] when the post answered is not there for the author, [`Refusal::HasMoved`];
/// those of [`groups::admit`].
pub fn publish(tx: &mut Tx<'_>, author: AccountId, draft: &Draft) -> Result<StatusId> {
    Ok(publish_whole(tx, author, draft)?.0)
}

/// The same with all that was written, unless it was written before.
///
/// # Errors
/// As [`publish`].
pub fn publish_whole(tx: &mut Tx<'_>, author: AccountId, draft: &Draft) -> Result<Published> {
    // Keys are hashed, so that a client may send one of any length.
    let key = draft.idempotency_key.as_deref().map(crate::secrets::hash);
    if let Some(key) = &key
        && let Some(done) = rows::idempotent_status(tx, author, key)?
    {
        return Ok((done, None));
    }
    let Checked { account, text, pictures, poll, parent } = check(tx, author, draft)?;
    let context = tx.context()?;
    let composed = compose(tx, &context.urls, &text)?;
    check_hashtags(tx, &composed.hashtags)?;
    let (quoted, visibility) = match draft.quoted {
        Some(id) => {
            let (quoted, visibility) =
                quotes::quotable(tx, author, id, draft.visibility, &composed.mentioned)?;
            (Some(quoted), visibility)
        }
        None => (None, draft.visibility),
    };
    let named: Vec<Account> = composed.mentioned.iter().filter(|a| groups::is_group(a)).cloned().collect();
    let said = groups::Said {
        author,
        visibility,
        is_answer: parent.is_some(),
        parent: parent.as_ref(),
        groups: &named,
    };
    let admission = groups::admit(tx, &said)?;
    let id = StatusId(tx.new_id());
    let status = row(tx, id, &account, draft, visibility, parent.as_ref(), (text, composed.html))?;
    statuses::insert(tx, &status)?;
    let mentioned: Vec<AccountId> = composed.mentioned.iter().map(|a| a.id).collect();
    let tags = write_parts(tx, id, &mentioned, &composed.hashtags)?;
    attach(tx, id, &pictures)?;
    let is_in_group = admission.is_some();
    if let Some(admission) = admission {
        groups::enter(tx, id, admission)?;
    }
    let has_poll = poll.is_some();
    if let Some(poll) = poll {
        polls::open(tx, id, poll)?;
    }
    let now = tx.now();
    has_written(tx, &account, now)?;
    if let Some(key) = &key {
        rows::remember_idempotent(tx, author, key, id, now)?;
    }
    let quote_policy = quotes::say_policy(tx, &status, draft.quote_policy)?;
    if let Some(quoted) = &quoted {
        quotes::attach(tx, &status, quoted)?;
    }
    let media = if pictures.is_empty() { Vec::new() } else { media::of_statuses(tx, &[id])? };
    let application = application(tx, draft.app)?;
    let parts = Arc::new(PostParts {
        // Only whether to look for one: what a link leads to may be known already.
        has_card: composed.has_link,
        has_poll,
        has_quote: quoted.is_some(),
        application,
        ..views::written(status, quote_policy, mentions(id, &composed.mentioned), tags, media)
    });
    news::written(tx, &parts, is_in_group);
    tx.record(Event::StatusPublished { id, author })?;
    if quoted.is_some() {
        quotes::tell(tx, id)?;
    }
    Ok((id, Some(parts)))
}

/// The row of a post of somebody here; its text as typed and as HTML.
fn row(
    tx: &Tx<'_>,
    id: StatusId,
    account: &Account,
    draft: &Draft,
    visibility: Visibility,
    parent: Option<&Status>,
    (source, html): (String, String),
) -> Result<Status> {
    let context = tx.context()?;
    Ok(Status {
        id,
        uri: context.urls.status(&account.username, id),
        url: context.urls.status_page(&account.username, id),
        account_id: account.id,
        is_local: true,
        source,
        html,
        warning: parvis_text::sanitise::one_line(&draft.warning, parvis_model::status::WARNING_MAX),
        is_sensitive: draft.is_sensitive || !draft.warning.trim().is_empty(),
        language: draft.language.as_deref().and_then(language_tag),
        visibility: visibility.code(),
        in_reply_to_id: parent.map(|p| p.id),
        in_reply_to_uri: parent.map(|p| p.uri.clone()),
        in_reply_to_account_id: parent.map(|p| p.account_id),
        thread_id: parent.map_or(ThreadId(id.0), |p| p.thread_id),
        boost_of_id: None,
        app_id: draft.app,
        created_at: tx.now(),
        edited_at: None,
        version: 1,
        context_uri: parent.and_then(thread::conversation_of),
    })
}

/// As [`parvis_store::status_parts::mentions_of`] would read them.
fn mentions(status_id: StatusId, mentioned: &[Account]) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = mentioned
        .iter()
        .map(|account| Mention {
            status_id,
            account_id: account.id,
            username: account.username.clone(),
            host: account.host.clone(),
            uri: account.uri.clone(),
            url: account.url.clone(),
        })
        .collect();
    mentions.sort_unstable_by_key(|m| m.account_id);
    mentions.dedup_by_key(|m| m.account_id);
    mentions
}

/// The program that somebody writes with, as posts show it.
fn application(tx: &mut Tx<'_>, app: Option<AppId>) -> Result<Option<Application>> {
    let Some(app) = app else { return Ok(None) };
    let found = oauth::names_of_apps(tx, &[app])?.pop();
    Ok(found.map(|(_, name, website)| Application { name, website }))
}

/// What may be published, with what it was checked against.
pub(crate) struct Checked {
    account: Account,
    text: String,
    pictures: Vec<MediaId>,
    poll: Option<polls::Checked>,
    parent: Option<Status>,
}

/// Whether somebody may publish this now.
///
/// # Errors
/// As [`publish`].
pub(crate) fn check(tx: &mut Tx<'_>, author: AccountId, draft: &Draft) -> Result<Checked> {
    let account = access::actor(tx, author)?;
    let text = clean(&draft.text);
    check_lengths(&text, &draft.warning)?;
    let pictures = usable_media(tx, author, &draft.media, None, draft.scheduled)?;
    if parvis_text::names::is_blank(&text) && pictures.is_empty() && draft.quoted.is_none() {
        return Err(Error::field("status", Refusal::EmptyPost));
    }
    let poll = match &draft.poll {
        Some(_) if !pictures.is_empty() => return Err(Error::field("poll", Refusal::PollAndMedia)),
        Some(poll) => Some(polls::check(tx, poll, None)?),
        None => None,
    };
    let parent = match draft.in_reply_to {
        Some(id) => Some(access::original(tx, author, id)?),
        None => None,
    };
    Ok(Checked { account, text, pictures, poll, parent })
}

/// The author's pictures that may be hung on a post: theirs, and neither on another one nor waiting with one. Two statements.
///
/// # Errors
/// [`Refusal::TooManyMedia`], [`Refusal::MediaUnusable`], [`Refusal::MediaNotReady`], [`Refusal::MediaMixed`].
pub(super) fn usable_media(
    tx: &mut Tx<'_>,
    owner: AccountId,
    ids: &[MediaId],
    on: Option<StatusId>,
    scheduled: Option<ScheduledId>,
) -> Result<Vec<MediaId>> {
    if ids.len() > MEDIA_MAX {
        return Err(Error::field("media_ids", Refusal::TooManyMedia));
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = media::many_of_owner(tx, owner, ids)?;
    let waiting = scheduled_statuses::waiting_with(tx, ids)?;
    let waits_elsewhere =
        |id: &MediaId| waiting.iter().any(|(picture, with)| picture == id && Some(*with) != scheduled);
    let is_usable = |id: &MediaId| {
        found.iter().any(|m| m.id == *id && (m.status_id.is_none() || m.status_id == on))
            && !waits_elsewhere(id)
    };
    if !ids.iter().all(is_usable) {
        return Err(Error::field("media_ids", Refusal::MediaUnusable));
    }
    if found.iter().any(|m| m.state != media::READY) {
        return Err(Error::Refused(Refusal::MediaNotReady));
    }
    if found.len() > 1 && found.iter().any(|m| matches!(m.kind.as_str(), "video" | "audio")) {
        return Err(Error::Refused(Refusal::MediaMixed));
    }
    Ok(ids.to_vec())
}

/// Hangs pictures on a post, in order. At most [`MEDIA_MAX`] statements.
///
/// # Errors
/// Internal.
pub(super) fn attach(tx: &mut Tx<'_>, status: StatusId, pictures: &[MediaId]) -> Result<()> {
    for (place, id) in (0_i16..).zip(pictures) {
        media::attach(tx, *id, status, place)?;
    }
    Ok(())
}
