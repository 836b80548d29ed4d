//! Posts of other servers: created, changed; deleting them is [`super::gone`]. A post is kept only when somebody here has something to do with it.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId, ThreadId, late_at};
use parvis_model::refusal::Refusal;
use parvis_model::status::{REMOTE_CONTENT_MAX, WARNING_MAX, believable, clamp_published, language_tag};
use parvis_model::time::Moment;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::{self, Account};
use parvis_store::statuses::{self as rows, Status, StatusEdit};
use parvis_store::{Tx, follows};
use url::Url;

use super::{Outcome, RemoteNote, foreign, gone, host_of, is_same_server, on_origin, parts, polls, threads};
use crate::accounts::activity::has_written;
use crate::error::{Error, OrNotFound, Result};
use crate::events::{Record, urls_of};
use crate::statuses::compose::{rewrite_parts, write_parts};
use crate::{groups, policy, quotes};

/// Characters of stored HTML.
const HTML_MAX: usize = 190_000;
/// Characters of a title that stands in front of a text.
const TITLE_MAX: usize = 300;
/// Tries to find a free id in the millisecond of a late post.
const TRIES: usize = 16;

/// Whether a post was asked for by us (an ancestor, the target of a boost, a search), or just came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// We asked for it: keep it whoever wrote it.
    Yes,
    /// Keep it only if its author is followed here, or it mentions or answers somebody here.
    IfRelevant,
}

/// Keeps a post. The author must be known.
///
/// # Errors
/// [`Error::NotFound`] when the author is unknown, suspended or gone.
pub fn create(tx: &mut Tx<'_>, note: &RemoteNote, wanted: Wanted) -> Result<Outcome<StatusId>> {
    let author = author_of(tx, &note.author)?;
    let (urls, now) = (urls_of(tx)?, tx.now());
    let Ok(uri) = foreign(&urls, &note.uri) else { return Ok(Outcome::Dropped("an id that is not theirs")) };
    if !is_same_server(&author.uri, &uri) {
        return Ok(Outcome::Dropped("an id of another server"));
    }
    if let Some(known) = known_already(tx, &author, &uri)? {
        return Ok(known);
    }
    let visibility = visibility_of(&author, note);
    let parts::Named { mentioned, groups: named } = parts::named(tx, note)?;
    // Nothing answers itself.
    let answered = note.in_reply_to.as_ref().filter(|parent| parent.as_str() != uri.as_str());
    let parent = match answered {
        Some(parent) => threads::parent(tx, parent, author.id, visibility)?,
        None => None,
    };
    let said = groups::Said {
        author: author.id,
        visibility,
        is_answer: answered.is_some(),
        parent: parent.as_ref(),
        groups: &named,
    };
    let admission = match groups::admit(tx, &said) {
        Err(Error::Forbidden(Refusal::BannedFromGroup | Refusal::ThreadLocked)) => {
            return Ok(Outcome::Dropped("its group does not take it"));
        }
        other => other?,
    };
    if wanted == Wanted::IfRelevant
        && admission.is_none()
        && !is_relevant(tx, &author, &mentioned, parent.as_ref())?
    {
        return Ok(Outcome::Dropped("nobody here has to do with it"));
    }
    let published = note.published.map_or(now, |p| believable(p, now));
    let id = late_id(tx, clamp_published(published, now))?;
    let missing_parent = answered.filter(|u| parent.is_none() && u.len() <= super::URL_MAX);
    let mut status = Status {
        id,
        uri: uri.to_string(),
        url: String::new(),
        account_id: author.id,
        is_local: false,
        source: String::new(),
        html: String::new(),
        warning: String::new(),
        is_sensitive: false,
        language: None,
        visibility: visibility.code(),
        in_reply_to_id: parent.as_ref().map(|p| p.id),
        in_reply_to_uri: parent.as_ref().map(|p| p.uri.clone()).or_else(|| missing_parent.cloned()),
        in_reply_to_account_id: parent.as_ref().map(|p| p.account_id),
        thread_id: parent.as_ref().map_or(ThreadId(id.0), |p| p.thread_id),
        boost_of_id: None,
        app_id: None,
        created_at: published,
        edited_at: note.updated.filter(|u| *u > published && *u <= now),
        version: 1,
        context_uri: note.context.clone().filter(|u| u.len() <= super::URL_MAX),
    };
    write_texts(&mut status, note, &uri);
    rows::insert(tx, &status)?;
    write_everything_else(tx, &status, &author, &mentioned, note)?;
    polls::set(tx, status.id, note.poll.as_ref())?;
    if let Some(admission) = admission {
        groups::enter(tx, status.id, admission)?;
    }
    let was_awaited = threads::adopt(tx, &status)?;
    // An ancestor that we fetched for somebody: how far up the thread goes on is decided there, or a thread without end would be fetched without end.
    let is_ancestor = was_awaited && wanted == Wanted::Yes;
    if let Some(parent) = missing_parent.filter(|p| !is_ancestor && !urls.is_our_text(p)) {
        threads::want_parent(tx, parent)?;
    }
    has_written(tx, &author, published)?;
    tx.record(Event::StatusPublished { id, author: author.id })?;
    Ok(Outcome::Kept(id))
}

/// What was here before, or was deleted.
fn known_already(tx: &mut Tx<'_>, author: &Account, uri: &Url) -> Result<Option<Outcome<StatusId>>> {
    if let Some(known) = rows::by_uri(tx, uri.as_str())? {
        // Whoever else claims the id, and whatever else it says now, what is here stays (threats O6, O7).
        let is_same = known.account_id == author.id && known.boost_of_id.is_none();
        let outcome = if is_same { Outcome::Kept(known.id) } else { Outcome::Dropped("an id that is taken") };
        return Ok(Some(outcome));
    }
    let is_gone = gone::is_gone(tx, &author.uri, uri.as_str())?;
    Ok(is_gone.then_some(Outcome::Dropped("it was deleted already")))
}

/// Changes a post: by its author only (threats O8), and only to something newer (R9). Whom it is for never changes (O7).
///
/// # Errors
/// [`Error::NotFound`] when the author is unknown, suspended or gone.
pub fn update(tx: &mut Tx<'_>, note: &RemoteNote) -> Result<Outcome<StatusId>> {
    let author = author_of(tx, &note.author)?;
    let Some(mut status) = rows::by_uri(tx, &note.uri)? else {
        // It may be that only now somebody here has to do with it.
        return create(tx, note, Wanted::IfRelevant);
    };
    if status.account_id != author.id || status.is_local || status.boost_of_id.is_some() {
        return Ok(Outcome::Dropped("not theirs to change"));
    }
    let now = tx.now();
    let updated = note.updated.map_or(now, |u| u.min(now));
    let known_since = status.edited_at.unwrap_or(status.created_at);
    let same_poll = match &note.poll {
        Some(poll) => polls::same(tx, status.id, poll)?,
        None => None,
    };
    // New numbers come without a new date: they are no edit.
    if let (Some(known), Some(poll)) = (&same_poll, &note.poll)
        && note.updated.is_none_or(|u| u >= known_since)
    {
        polls::recount(tx, known.clone(), poll)?;
    }
    if updated <= known_since {
        if updated == known_since {
            quoted(tx, &status, &author, note)?;
        }
        return Ok(match same_poll {
            Some(_) => Outcome::Kept(status.id),
            None => Outcome::Dropped("older than what is here"),
        });
    }
    let Ok(uri) = Url::parse(&status.uri) else { return Ok(Outcome::Dropped("an id that is none")) };
    let says_of_quotes =
        (note.quote.is_some() || note.quote_policy.is_some()) && (note.poll.is_none() || same_poll.is_some());
    if note.updated.is_none() && says_of_quotes && !is_rewritten(&status, note, &uri) {
        // The consent of a quoted author, and who may quote, come without a new text: that is no edit.
        quoted(tx, &status, &author, note)?;
        return Ok(Outcome::Kept(status.id));
    }
    let before = StatusEdit {
        id: tx.new_id(),
        status_id: status.id,
        html: status.html.clone(),
        warning: status.warning.clone(),
        is_sensitive: status.is_sensitive,
        created_at: known_since,
        poll_options: crate::polls::titles_for_history(tx, status.id)?,
    };
    write_texts(&mut status, note, &uri);
    let is_poll_new = same_poll.is_none() && (note.poll.is_some() || before.poll_options.is_some());
    let is_text_new = status.html != before.html || status.warning != before.warning || is_poll_new;
    if !is_text_new && same_poll.is_some() && status.is_sensitive == before.is_sensitive {
        return Ok(Outcome::Kept(status.id));
    }
    if is_text_new {
        rows::insert_edit(tx, &before)?;
    }
    status.edited_at = Some(updated);
    status.version += 1;
    rows::save(tx, &status)?;
    let mut mentioned = parts::mentioned(tx, note)?;
    if Visibility::from_code(status.visibility) == Visibility::Direct {
        // A direct post is for those it was sent to: a change must not show it to others (O7).
        let before = parts::mentioned_before(tx, status.id)?;
        mentioned.retain(|m| before.contains(&m.id));
    }
    write_everything_else(tx, &status, &author, &mentioned, note)?;
    if is_poll_new {
        polls::set(tx, status.id, note.poll.as_ref())?;
    }
    tx.record(Event::StatusEdited { id: status.id, author: author.id })?;
    tx.notify("status.update", status.id.0);
    Ok(Outcome::Kept(status.id))
}

/// Whether a post says something else than what is here.
fn is_rewritten(status: &Status, note: &RemoteNote, uri: &Url) -> bool {
    let mut other = status.clone();
    write_texts(&mut other, note, uri);
    (&other.html, &other.warning, other.is_sensitive) != (&status.html, &status.warning, status.is_sensitive)
}

/// The author, if they are known, of another server, and may speak here (threats O14).
fn author_of(tx: &mut Tx<'_>, uri: &str) -> Result<Account> {
    let author = accounts::by_uri(tx, uri)?.filter(|a| !a.is_local() && a.is_active()).or_not_found()?;
    let url = Url::parse(&author.uri).map_err(|_| Error::NotFound)?;
    if policy::is_suspended(tx, &author.host)? || policy::is_suspended(tx, &host_of(&url)?)? {
        return Err(Error::NotFound);
    }
    Ok(author)
}

/// Whom a post is for, from its addresses. What nobody recognises is for those who are mentioned only.
fn visibility_of(author: &Account, note: &RemoteNote) -> Visibility {
    let is_for_followers =
        !author.followers_uri.is_empty() && note.recipients.contains(&author.followers_uri);
    match (note.is_public, note.is_unlisted, is_for_followers) {
        (true, ..) => Visibility::Public,
        (_, true, _) => Visibility::Unlisted,
        (_, _, true) => Visibility::Private,
        _ => Visibility::Direct,
    }
}

/// Whether somebody here has to do with a post: follows its author, is mentioned, or wrote (or follows who wrote) what it answers.
fn is_relevant(
    tx: &mut Tx<'_>,
    author: &Account,
    mentioned: &[Account],
    parent: Option<&Status>,
) -> Result<bool> {
    if mentioned.iter().any(Account::is_local) || follows::has_local_follower(tx, author.id)? {
        return Ok(true);
    }
    match parent {
        Some(parent) if parent.is_local => Ok(true),
        Some(parent) => Ok(follows::has_local_follower(tx, parent.account_id)?),
        None => Ok(false),
    }
}

/// A free id at an instant (design.md §2).
pub(super) fn late_id(tx: &mut Tx<'_>, at: Moment) -> Result<StatusId> {
    for _ in 0..TRIES {
        let id = StatusId(late_at(at, tx.random().number()));
        if !rows::is_taken(tx, id)? {
            return Ok(id);
        }
    }
    Ok(StatusId(tx.new_id()))
}

/// Text, warning, language and page of a post, sanitised and cut.
fn write_texts(status: &mut Status, note: &RemoteNote, uri: &Url) {
    let body = parts::fitting_html(&note.html, REMOTE_CONTENT_MAX, HTML_MAX);
    let title = note
        .title
        .as_deref()
        .map(|t| parvis_text::sanitise::one_line(&parvis_text::sanitise::plain_text(t), TITLE_MAX));
    status.html = match title.filter(|t| !t.is_empty()) {
        Some(title) => {
            // Both halves are harmless by themselves and closed, so together they are too; sanitising again would cut.
            format!("<p><strong>{}</strong></p>{body}", parts::escaped(&title))
        }
        None => body,
    };
    let warning = parvis_text::sanitise::plain_text(&note.warning);
    status.warning = parvis_text::sanitise::one_line(&warning, WARNING_MAX);
    status.is_sensitive = note.is_sensitive || !status.warning.is_empty();
    status.language = note.language.as_deref().and_then(language_tag);
    status.url = on_origin(uri, note.url.as_ref()).unwrap_or_else(|| uri.to_string());
}

fn write_everything_else(
    tx: &mut Tx<'_>,
    status: &Status,
    author: &Account,
    mentioned: &[Account],
    note: &RemoteNote,
) -> Result<()> {
    let ids: Vec<AccountId> = mentioned.iter().map(|m| m.id).collect();
    let hashtags = parts::hashtags(note);
    // Only what changed has some already.
    if status.version == 1 {
        write_parts(tx, status.id, &ids, &hashtags)?;
    } else {
        rewrite_parts(tx, status.id, &ids, &hashtags)?;
    }
    parts::keep_emojis(tx, &author.host, &note.emojis)?;
    let own_host = Url::parse(&author.uri).ok().and_then(|u| host_of(&u).ok()).unwrap_or_default();
    let pictures: &[super::RemoteMedia] =
        if crate::policy::rejects_media(tx, &own_host)? { &[] } else { &note.media };
    parts::write_media(tx, status.id, author.id, pictures)?;
    quoted(tx, status, author, note)
}

/// What it quotes, and who may quote it.
fn quoted(tx: &mut Tx<'_>, status: &Status, author: &Account, note: &RemoteNote) -> Result<()> {
    quotes::told(tx, status, note.quote.as_ref())?;
    match &note.quote_policy {
        Some(policy) => quotes::set_remote_policy(tx, status, author, policy),
        None => Ok(()),
    }
}
