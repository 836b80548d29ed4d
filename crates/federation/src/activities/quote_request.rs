//! QuoteRequest (FEP-044f): somebody elsewhere asks to quote a post of ours. The rule and the answer are in `domain::quotes`; nothing is fetched for
//! somebody who will be refused.

use activitypub_federation::config::Data;
use parvis_domain::remote::statuses::{self, Wanted};
use parvis_domain::remote::{Outcome, gone};
use parvis_domain::rows::Account;
use parvis_domain::{Record, Result, Town, Tx, actors, quotes};
use parvis_model::event::Event;
use parvis_model::ids::StatusId;
use url::Url;

use super::{Incoming, Prepared, post};
use crate::fetch::{Problem, note, reading};
use crate::signature::same_origin;
use crate::wire::NoteDocument;

pub(super) async fn prepare(
    incoming: &Incoming,
    data: &Data<Town>,
) -> std::result::Result<Prepared, Problem> {
    let (Some(quoted), Some(instrument)) = (incoming.object_id(), quoting_id(incoming)) else {
        return Ok(Prepared::Drop("a request without its posts"));
    };
    if !same_origin(&instrument, &incoming.actor) {
        return Ok(Prepared::Drop("a post of another server"));
    }
    let actor = incoming.actor.to_string();
    let may = data
        .db()
        .write(move |tx| {
            let Some(who) = actors::by_uri(tx, &actor)? else { return Ok(None) };
            match post(tx, &quoted)? {
                Some(quoted) => quotes::may_ask(tx, who.id, quoted),
                None => Ok(None),
            }
        })
        .await?;
    match may {
        Some(true) => {}
        Some(false) => return Ok(Prepared::Nothing),
        None => return Ok(Prepared::Drop("no post of ours that they can see")),
    }
    // Inside it is believed as in a Create (threats O4); else it is fetched.
    if let Some(inside) = incoming.activity.instrument.as_ref().and_then(|i| i.object())
        && let Ok(document) = NoteDocument::read(inside, data.now())
        && document.author == incoming.actor
        && let Some(read) = reading::note(&document)
    {
        return Ok(Prepared::Note(Box::new(read)));
    }
    let fetched = note(&instrument, data).await?;
    Ok(Prepared::Post(fetched.id))
}

fn quoting_id(incoming: &Incoming) -> Option<Url> {
    incoming.activity.instrument.as_ref()?.id()
}

pub(super) fn apply(
    tx: &mut Tx<'_>,
    incoming: &Incoming,
    prepared: &Prepared,
    sender: &Account,
) -> Result<()> {
    let (Some(object), Some(instrument)) = (incoming.object_id(), quoting_id(incoming)) else {
        return Ok(());
    };
    let Some(quoted) = post(tx, &object)? else { return Ok(()) };
    if gone::is_gone(tx, &sender.uri, incoming.id.as_str())? {
        return Ok(());
    }
    let request = incoming.id.as_str();
    match quotes::may_ask(tx, sender.id, quoted)? {
        Some(true) => match quoting(tx, prepared)? {
            Some(quoting) => quotes::asked(tx, sender.id, quoting, quoted, request),
            None => Ok(()),
        },
        Some(false) => tx.record(Event::QuoteRefused {
            quoted,
            by: sender.id,
            request: request.to_owned(),
            quoting: instrument.to_string(),
        }),
        None => Ok(()),
    }
}

/// The post that quotes: it was fetched, or comes with the request.
fn quoting(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<Option<StatusId>> {
    match prepared {
        Prepared::Post(id) => Ok(Some(*id)),
        Prepared::Note(note) => match statuses::create(tx, note, Wanted::Yes)? {
            Outcome::Kept(id) => Ok(Some(id)),
            Outcome::Dropped(why) => {
                tracing::debug!(post = %note.uri, why, "dropped");
                Ok(None)
            }
        },
        _ => Ok(None),
    }
}

#[cfg(test)]
#[path = "quote_request_tests.rs"]
mod tests;
