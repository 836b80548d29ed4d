//! Posts that are written now and published later: kept with their pictures, listed, moved, taken back, and published by a durable job through the
//! same use case as any other post (`statuses::publish`), which asks all rules anew at that time (threats V7).

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_model::ids::{AccountId, ScheduledId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::status::{SCHEDULED_AHEAD, SCHEDULED_MAX, SCHEDULED_PER_DAY_MAX};
use parvis_model::time::{DAY, Moment};
use parvis_store::media::Media;
use parvis_store::scheduled_statuses::{self as rows, ScheduledStatus};
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, policy};

use crate::Town;
use crate::error::{Error, OrNotFound, Result};
use crate::statuses::{self, Draft, fetch_mentioned, publish};

/// A post that waits, with what it will have.
#[derive(Clone, Debug)]
pub struct ScheduledView {
    pub row: ScheduledStatus,
    pub draft: Draft,
    pub media: Vec<Media>,
}

/// Keeps a post for later. It must be one that could be published now.
///
/// # Errors
/// As [`publish()`]; [`Refusal::ScheduledTooSoon`], [`Refusal::TooManyScheduled`].
pub fn schedule(tx: &mut Tx<'_>, author: AccountId, draft: &Draft, at: Moment) -> Result<ScheduledId> {
    let key = draft.idempotency_key.as_deref().map(crate::secrets::hash);
    if let Some(key) = &key
        && let Some(done) = policy::idempotent_status(tx, author, key)?
    {
        return Ok(ScheduledId(done.0));
    }
    statuses::publish::check(tx, author, draft)?;
    check_time(tx, author, at, None)?;
    let now = tx.now();
    let id = ScheduledId(tx.new_id());
    let kept = Draft { idempotency_key: None, ..draft.clone() };
    let draft_json = serde_json::to_string(&kept).map_err(|e| Error::internal(e.to_string()))?;
    let row =
        ScheduledStatus { id, account_id: author, draft: draft_json, scheduled_at: at, created_at: now };
    rows::insert(tx, &row)?;
    rows::keep_media(tx, id, &draft.media)?;
    if let Some(key) = &key {
        // Ids of posts and of those that wait are never the same.
        policy::remember_idempotent(tx, author, key, StatusId(id.0), now)?;
    }
    publish_at(tx, id, at)?;
    Ok(id)
}

/// A page of one's posts that wait, the last written first.
///
/// # Errors
/// Internal.
pub fn page(c: &mut Conn, owner: AccountId, range: Range) -> Result<Vec<ScheduledView>> {
    let found = rows::page(c, owner, range)?;
    with_media(c, found)
}

/// One of one's posts that wait.
///
/// # Errors
/// [`Error::NotFound`], also once it is published.
pub fn one(c: &mut Conn, owner: AccountId, id: ScheduledId) -> Result<ScheduledView> {
    let row = rows::of_owner(c, owner, id)?.or_not_found()?;
    with_media(c, vec![row])?.pop().or_not_found()
}

/// Moves one to another time.
///
/// # Errors
/// [`Error::NotFound`]; as [`schedule`].
pub fn reschedule(tx: &mut Tx<'_>, owner: AccountId, id: ScheduledId, at: Moment) -> Result<()> {
    rows::of_owner(tx, owner, id)?.or_not_found()?;
    check_time(tx, owner, at, Some(id))?;
    rows::set_time(tx, id, at)?;
    publish_at(tx, id, at)
}

/// Takes one back.
///
/// # Errors
/// [`Error::NotFound`].
pub fn cancel(tx: &mut Tx<'_>, owner: AccountId, id: ScheduledId) -> Result<()> {
    rows::of_owner(tx, owner, id)?.or_not_found()?;
    Ok(rows::delete(tx, id)?)
}

/// Whether somebody may have a post wait until then: at least five minutes ahead, and neither too many at all nor on that day.
fn check_time(tx: &mut Tx<'_>, owner: AccountId, at: Moment, moved: Option<ScheduledId>) -> Result<()> {
    if at < tx.now().plus(SCHEDULED_AHEAD) {
        return Err(Error::field("scheduled_at", Refusal::ScheduledTooSoon));
    }
    let limit = i64::try_from(SCHEDULED_MAX).unwrap_or(i64::MAX);
    let others: Vec<Moment> = rows::times_of(tx, owner, limit)?
        .into_iter()
        .filter(|(id, _)| Some(*id) != moved)
        .map(|(_, time)| time)
        .collect();
    let day = |time: Moment| time.0.div_euclid(DAY);
    let on_that_day = others.iter().filter(|other| day(**other) == day(at)).count();
    if others.len() >= SCHEDULED_MAX || on_that_day >= SCHEDULED_PER_DAY_MAX {
        return Err(Error::field("scheduled_at", Refusal::TooManyScheduled));
    }
    Ok(())
}

fn with_media(c: &mut Conn, found: Vec<ScheduledStatus>) -> Result<Vec<ScheduledView>> {
    let ids: Vec<ScheduledId> = found.iter().map(|row| row.id).collect();
    let mut media: HashMap<ScheduledId, Vec<Media>> = HashMap::new();
    for (id, picture) in rows::media_of(c, &ids)? {
        media.entry(id).or_default().push(picture);
    }
    found
        .into_iter()
        .map(|row| {
            let draft = draft_of(&row)?;
            Ok(ScheduledView { draft, media: media.remove(&row.id).unwrap_or_default(), row })
        })
        .collect()
}

fn draft_of(row: &ScheduledStatus) -> Result<Draft> {
    let draft: Draft = serde_json::from_str(&row.draft)
        .map_err(|e| Error::internal(format!("the post {} that waits cannot be read: {e}", row.id)))?;
    Ok(Draft { scheduled: Some(row.id), ..draft })
}

/// Publishes a post that waited: `[id, its time]`. If the time was moved, another job knows.
pub struct PublishScheduled;

#[async_trait]
impl Job<Town> for PublishScheduled {
    const KIND: &'static str = "statuses.publish_scheduled";
    type Payload = (i64, Moment);

    async fn run((id, at): (i64, Moment), town: &Town) -> std::result::Result<Next<(i64, Moment)>, Problem> {
        let id = ScheduledId(id);
        let Some((_, draft)) = town.db().read(move |c| due(c, id, at)).await? else { return Ok(Next::Done) };
        fetch_mentioned(town, &draft.text).await?;
        match town.db().write(move |tx| publish_due(tx, id, at)).await {
            Ok(()) => Ok(Next::Done),
            Err(Error::Internal(error)) => Err(Error::Internal(error).into()),
            // It stays among those that wait, past its time, so that its author sees it and can move it.
            Err(refused) => {
                tracing::info!(%id, reason = %refused, "a post could not be published at its time");
                Ok(Next::Done)
            }
        }
    }
}

/// Whose post it is and what is to be published, if it still waits for this time.
fn due(c: &mut Conn, id: ScheduledId, at: Moment) -> Result<Option<(AccountId, Draft)>> {
    match rows::by_id(c, id)?.filter(|row| row.scheduled_at == at) {
        Some(row) => Ok(Some((row.account_id, draft_of(&row)?))),
        None => Ok(None),
    }
}

/// What the job does: published and no longer waiting, in one transaction. Who comes again finds nothing.
///
/// # Errors
/// As [`publish()`].
pub fn publish_due(tx: &mut Tx<'_>, id: ScheduledId, at: Moment) -> Result<()> {
    let Some((author, draft)) = due(tx, id, at)? else { return Ok(()) };
    publish(tx, author, &draft)?;
    Ok(rows::delete(tx, id)?)
}

fn publish_at(tx: &mut Tx<'_>, id: ScheduledId, at: Moment) -> Result<()> {
    let key = format!("{}/{id}/{}", PublishScheduled::KIND, at.0);
    enqueue::<Town, PublishScheduled>(tx, &(id.0, at), Some(&key), at)?;
    Ok(())
}
