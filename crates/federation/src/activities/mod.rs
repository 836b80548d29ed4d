//! What an incoming activity does, one file each: `prepare` fetches what is missing, `apply` calls the use case in the transaction that also marks the
//! activity as done. "What happens on an incoming Follow" is `follow.rs` and `domain/src/follows.rs`.
//!
//! An embedded object is believed only when it is of the sender's own server (threats O4); everything else is fetched from its origin. What is not
//! understood is done: peers must not send it again. Neighbours: [`crate::inbox`] accepted it, [`crate::worker`] drives.

mod accept;
mod announce;
mod block;
mod create;
mod delete;
mod featured;
mod flag;
#[cfg(test)]
mod flag_tests;
#[cfg(test)]
mod group_tests;
#[cfg(test)]
mod own_group_tests;
mod follow;
mod like;
mod members;
mod moving;
mod offices;
mod proven;
#[cfg(test)]
mod proven_tests;
mod quote_request;
#[cfg(test)]
mod poll_tests;
mod reject;
#[cfg(test)]
mod tests;
mod undo;
mod update;
mod wrapped;

use activitypub_federation::config::Data;
use activitypub_federation::traits::Activity;
use async_trait::async_trait;
use parvis_domain::events::urls_of;
use parvis_domain::remote::{RemoteActor, RemoteNote};
use parvis_domain::rows::{Account, Inbound};
use parvis_domain::{Error, Result, Town, Tx, actors, inbound};
use parvis_model::ids::{AccountId, StatusId};
use url::Url;

use crate::fetch::Problem;
use crate::signature::same_origin;
use crate::wire::{ActivityDocument, ActivityKind, Document};

/// All that one activity may have fetched takes no longer (threats F10).
const PREPARING: std::time::Duration = std::time::Duration::from_secs(10);

/// What `prepare` came by.
#[derive(Debug, Clone)]
enum Prepared {
    /// Nothing was needed.
    Nothing,
    /// The post that is created or changed, with the sender's or its origin's authority.
    Note(Box<RemoteNote>),
    /// A choice in a poll.
    Vote(Vote),
    /// The sender's own document.
    Actor(Box<RemoteActor>),
    /// A post that is in the database.
    Post(StatusId),
    /// The sender and the account they move to (`None` when it is one of ours), both read just now.
    Move { origin: Box<RemoteActor>, target: Url, there: Option<Box<RemoteActor>> },
    /// A post that its origin says is gone.
    Gone(Url),
    /// A post that was deleted and that its origin has again.
    Restored(Box<RemoteNote>),
    /// A Like of a member that a group passed on.
    Passed(Box<wrapped::Vote>),
    /// A post that the sender pins, or no longer.
    Pin(featured::Pin),
    /// It is not for us: why.
    Drop(&'static str),
}

/// A choice in a poll.
#[derive(Debug, Clone)]
struct Vote {
    /// The post with the poll.
    poll: String,
    /// The text of the option.
    option: String,
}

/// An activity that was stored by the inbox: its signature was checked then, everything else is checked again here.
#[derive(Debug)]
pub struct Incoming {
    row: Inbound,
    id: Url,
    actor: Url,
    activity: ActivityDocument,
}

impl Incoming {
    /// Reads a stored activity.
    ///
    /// # Errors
    /// [`Problem`] when it is none; it was accepted by its envelope only.
    pub fn read(row: Inbound, town: &Town) -> std::result::Result<Self, Problem> {
        let activity = ActivityDocument::read(&Document::parse(&row.body)?, town.now())?;
        let bad = |_| Problem::Dropped("an id that is none");
        let id = Url::parse(&row.activity_uri).map_err(bad)?;
        let actor = Url::parse(&row.actor_uri).map_err(bad)?;
        Ok(Self { row, id, actor, activity })
    }

    async fn prepare(&self, data: &Data<Town>) -> std::result::Result<Prepared, Problem> {
        match self.activity.kind {
            Some(ActivityKind::Create) => create::prepare(self, data).await,
            Some(ActivityKind::Update) => update::prepare(self, data).await,
            Some(ActivityKind::Announce) => announce::prepare(self, data).await,
            Some(ActivityKind::Move) => moving::prepare(self, data).await,
            Some(ActivityKind::Add | ActivityKind::Remove) => {
                featured::prepare(self, &self.activity, data).await
            }
            Some(ActivityKind::QuoteRequest) => quote_request::prepare(self, data).await,
            Some(ActivityKind::Undo) => undo::prepare(self, data).await,
            _ => Ok(Prepared::Nothing),
        }
    }

    /// The effect. Runs in the transaction that marks the row as done, perhaps more than once.
    fn apply(&self, tx: &mut Tx<'_>, prepared: &Prepared) -> Result<()> {
        let Some(sender) = sender(tx, &self.actor)? else { return Ok(()) };
        if offices::apply(tx, self, &sender)? {
            return Ok(());
        }
        if let Prepared::Drop(why) = prepared {
            tracing::debug!(activity = %self.id, why, "dropped");
            return Ok(());
        }
        let before = members::before(tx, self, &sender)?;
        self.take_effect(tx, prepared, &sender)?;
        members::after(tx, self, prepared, &sender, before)
    }

    fn take_effect(&self, tx: &mut Tx<'_>, prepared: &Prepared, sender: &Account) -> Result<()> {
        match self.activity.kind {
            Some(ActivityKind::Follow) => follow::apply(tx, self, sender),
            Some(ActivityKind::Accept) => accept::apply(tx, self, sender),
            Some(ActivityKind::Reject) => reject::apply(tx, self, sender),
            Some(ActivityKind::Undo) => undo::apply(tx, self, prepared, sender),
            Some(ActivityKind::Create) => create::apply(tx, prepared, sender),
            Some(ActivityKind::Update) => update::apply(tx, prepared, sender),
            Some(ActivityKind::Delete) => delete::apply(tx, self, sender),
            // Reactions with an emoji are favourites with it (Misskey sends them as Likes anyway).
            Some(ActivityKind::Like | ActivityKind::EmojiReact) => like::apply(tx, self, sender),
            Some(ActivityKind::Announce) => announce::apply(tx, self, prepared, sender),
            Some(ActivityKind::QuoteRequest) => quote_request::apply(tx, self, prepared, sender),
            Some(ActivityKind::Block) => block::apply(tx, self, sender),
            Some(ActivityKind::Move) => moving::apply(tx, prepared, sender),
            Some(ActivityKind::Flag) => flag::apply(tx, self, sender),
            Some(ActivityKind::Add | ActivityKind::Remove) => featured::apply(tx, self, prepared, sender),
            // Votes against are counted nowhere here; closing a thread is the affair of its group.
            Some(ActivityKind::Lock | ActivityKind::Dislike) | None => Ok(()),
        }
    }

    /// The one thing that the activity is about, by id.
    fn object_id(&self) -> Option<Url> {
        self.activity.object()?.id()
    }

    /// The very words that were signed.
    fn words(&self) -> Option<&str> {
        std::str::from_utf8(&self.row.body).ok().map(str::trim)
    }

    /// The activity inside (Undo, Accept, Reject, Announce), when its actor can be read.
    fn inner(&self, town_now: parvis_model::time::Moment) -> Option<ActivityDocument> {
        ActivityDocument::read(self.activity.object()?.object()?, town_now).ok()
    }
}

#[async_trait]
impl Activity for Incoming {
    type DataType = Town;
    type Error = Problem;

    fn id(&self) -> &Url {
        &self.id
    }

    fn actor(&self) -> &Url {
        &self.actor
    }

    /// What the inbox found out must still be so: the signer is the actor, the id is of their server (threats S7, O13), and the server is not
    /// blocked meanwhile (O14).
    async fn verify(&self, data: &Data<Town>) -> std::result::Result<(), Problem> {
        if self.activity.actor != self.actor {
            return Err(Problem::Dropped("the signer is not the actor"));
        }
        if !same_origin(&self.id, &self.actor) || data.urls().is_ours(&self.actor) {
            return Err(Problem::Dropped("an id of another server"));
        }
        let host = parvis_model::urls::authority(&self.actor).unwrap_or_default();
        if data.db().read(move |c| parvis_domain::policy::is_suspended(c, &host)).await? {
            return Err(Problem::Dropped("the server is blocked by the town"));
        }
        Ok(())
    }

    /// Fetches what is missing, then has its effect and is done, in one transaction.
    async fn receive(self, data: &Data<Town>) -> std::result::Result<(), Problem> {
        let prepared = tokio::time::timeout(PREPARING, self.prepare(data))
            .await
            .map_err(|_| Problem::Fetch(crate::client::FetchError::Timeout))??;
        let row = self.row.id;
        data.db()
            .write(move |tx| {
                let effect = tx.attempt(|tx| self.apply(tx, &prepared));
                if let Err(error) = effect {
                    refused(&self.id, error)?;
                }
                inbound::finish(tx, row)
            })
            .await?;
        Ok(())
    }
}

/// A use case said no: that is the activity's effect. Our own trouble is none, and comes again later.
fn refused(id: &Url, error: Error) -> Result<()> {
    match error {
        Error::Internal(inner) => Err(Error::Internal(inner)),
        other => {
            tracing::debug!(activity = %id, reason = %other, "without effect");
            Ok(())
        }
    }
}

/// The sender, if they may speak here: known, of another server, neither suspended nor gone.
fn sender(tx: &mut Tx<'_>, actor: &Url) -> Result<Option<Account>> {
    Ok(actors::by_uri(tx, actor.as_str())?.filter(|a| !a.is_local() && a.is_active()))
}

/// An account of this town by its actor id.
fn local(tx: &mut Tx<'_>, url: &Url) -> Result<Option<AccountId>> {
    Ok(actors::by_uri(tx, url.as_str())?.filter(|a| a.is_local() && a.is_active()).map(|a| a.id))
}

/// A post by its id or, of ours, by its page.
fn post(tx: &mut Tx<'_>, url: &Url) -> Result<Option<StatusId>> {
    let urls = urls_of(tx)?;
    actors::post_by_any_address(tx, &urls, url.as_str()).map(|found| found.map(|s| s.id))
}
