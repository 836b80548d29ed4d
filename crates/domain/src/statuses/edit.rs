//! Editing one's own post. The earlier version is kept; visibility and the post answered never change.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, MediaId, StatusId};
use parvis_model::media::Focus;
use parvis_model::quote::QuotePolicy;
use parvis_model::refusal::Refusal;
use parvis_model::status::{DESCRIPTION_MAX, language_tag};
use parvis_store::statuses::{self, StatusEdit};
use parvis_store::{Tx, media};

use super::compose::{check_hashtags, check_lengths, clean, compose, rewrite_parts};
use super::publish::{attach, usable_media};
use crate::access;
use crate::error::{Error, Result};
use crate::events::Record;
use crate::polls::{self, PollDraft};
use crate::quotes;

/// What is to change. `None` leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub text: Option<String>,
    pub warning: Option<String>,
    pub is_sensitive: Option<bool>,
    pub language: Option<String>,
    pub media: Option<Vec<MediaId>>,
    /// Who may quote it from now on.
    pub quote_policy: Option<QuotePolicy>,
    /// `Some(None)` takes the poll away; so do pictures.
    pub poll: Option<Option<PollDraft>>,
    /// New descriptions and focal points of the post's pictures.
    pub media_details: Vec<(MediaId, Option<String>, Option<Focus>)>,
}

/// Changes a post.
///
/// # Errors
/// [`Error::NotFound`] for posts of others and for boosts; [`Error::Invalid`] as in publishing.
pub fn edit(tx: &mut Tx<'_>, author: AccountId, id: StatusId, edit: &Edit) -> Result<()> {
    let mut status = access::own_status(tx, author, id)?;
    if status.boost_of_id.is_some() {
        return Err(Error::NotFound);
    }
    let before = StatusEdit {
        id: tx.new_id(),
        status_id: id,
        html: status.html.clone(),
        warning: status.warning.clone(),
        is_sensitive: status.is_sensitive,
        created_at: status.edited_at.unwrap_or(status.created_at),
        poll_options: polls::titles_for_history(tx, id)?,
    };
    let text = edit.text.as_deref().map(clean).unwrap_or_else(|| status.source.clone());
    let warning = edit.warning.clone().unwrap_or_else(|| status.warning.clone());
    check_lengths(&text, &warning)?;
    let current: Vec<MediaId> = media::of_statuses(tx, &[id])?.into_iter().map(|m| m.id).collect();
    let wanted = match &edit.media {
        Some(ids) => usable_media(tx, author, ids, Some(id), None)?,
        None => current.clone(),
    };
    if parvis_text::names::is_blank(&text) && wanted.is_empty() && quotes::of_quoting(tx, id)?.is_none() {
        return Err(Error::field("status", Refusal::EmptyPost));
    }
    let context = tx.context()?;
    let composed = compose(tx, &context.urls, &text)?;
    check_hashtags(tx, &composed.hashtags)?;
    status.html = composed.html;
    status.source = text;
    status.warning = parvis_text::sanitise::one_line(&warning, parvis_model::status::WARNING_MAX);
    status.is_sensitive = edit.is_sensitive.unwrap_or(status.is_sensitive) || !status.warning.is_empty();
    if let Some(language) = &edit.language {
        status.language = language_tag(language);
    }
    status.edited_at = Some(tx.now());
    status.version += 1;
    statuses::insert_edit(tx, &before)?;
    statuses::save(tx, &status)?;
    let mentioned: Vec<AccountId> = composed.mentioned.iter().map(|a| a.id).collect();
    rewrite_parts(tx, id, &mentioned, &composed.hashtags)?;
    if wanted != current {
        media::detach_all(tx, id)?;
        attach(tx, id, &wanted)?;
    }
    change_media(tx, author, &wanted, &edit.media_details)?;
    if edit.quote_policy.is_some() {
        quotes::say_policy(tx, &status, edit.quote_policy)?;
    }
    change_poll(tx, id, edit, !wanted.is_empty())?;
    tx.record(Event::StatusEdited { id, author })?;
    tx.notify("status.update", id.0);
    Ok(())
}

fn change_poll(tx: &mut Tx<'_>, id: StatusId, edit: &Edit, has_pictures: bool) -> Result<()> {
    match &edit.poll {
        Some(Some(_)) if has_pictures => Err(Error::field("poll", Refusal::PollAndMedia)),
        Some(wanted) => polls::change(tx, id, wanted.as_ref()),
        None if has_pictures => polls::change(tx, id, None),
        None => Ok(()),
    }
}

fn change_media(
    tx: &mut Tx<'_>,
    owner: AccountId,
    on_post: &[MediaId],
    details: &[(MediaId, Option<String>, Option<Focus>)],
) -> Result<()> {
    if details.is_empty() {
        return Ok(());
    }
    let ids: Vec<MediaId> = details.iter().map(|d| d.0).filter(|id| on_post.contains(id)).collect();
    for mut row in media::many_of_owner(tx, owner, &ids)? {
        let Some((_, description, focus)) = details.iter().find(|d| d.0 == row.id) else { continue };
        if let Some(text) = description {
            row.description = checked_description(text)?;
        }
        if let Some(focus) = focus {
            (row.focus_x, row.focus_y) = (focus.x, focus.y);
        }
        media::save(tx, &row)?;
    }
    Ok(())
}

/// A picture's description, if it is not too long.
///
/// # Errors
/// [`Refusal::TextTooLong`].
pub(crate) fn checked_description(text: &str) -> Result<String> {
    if text.chars().count() > DESCRIPTION_MAX {
        return Err(Error::field("description", Refusal::TextTooLong));
    }
    Ok(text.replace('\0', ""))
}
