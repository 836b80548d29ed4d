//! Writing an activity: one row, whatever the number of recipients, in the transaction of what it tells.

use std::collections::BTreeSet;

use parvis_model::ids::{AccountId, OutboxId};
use parvis_store::outbox::{self as rows, NewRow};
use parvis_store::{Tx, peers};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::events::Record;

/// Named inboxes of one row; more than any thread of a town has, and a bound on what one post can cost (threats R4).
const MOST_INBOXES: usize = 5_000;

/// An activity that leaves the town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The activity's own id. Unique: writing it twice is a conflict.
    pub uri: String,
    /// Who signs it: a local account.
    pub actor: AccountId,
    /// What the activity brings into being, changes or ends: the Note of Create, Update and Delete; for Announce, Like, Follow and Block their own
    /// id, and that same id for their Undo. Later rows find by it where the first one went, and a first one that was not sent yet cancels out
    /// with its end. `None` for what stands alone (Accept, Reject, Add, Remove).
    pub object_uri: Option<String>,
    /// What is sent: JSON with a `type`. What is for everybody gets a proof on its way out (`federation::delivery`).
    pub body: String,
    /// To whom.
    pub audience: Audience,
}

/// Who gets an activity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// The servers where somebody follows this account now.
    pub followers_of: Option<AccountId>,
    /// The servers to which the first activity about this object went, and whoever was named then. For Update, Delete and Undo.
    pub as_of_object: Option<String>,
    /// Named inboxes, fixed now: (host as in handles, inbox URL). Mentioned, answered, boosting people elsewhere. Our own host is left out.
    pub explicit: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'a, str>,
}

/// Puts an activity on its way. What nobody would get is written all the same: it may be asked for where its object went.
///
/// # Errors
/// Internal: the body is no activity, or the id was used before.
pub fn write(tx: &mut Tx<'_>, outgoing: Outgoing) -> Result<OutboxId> {
    let Outgoing { uri, actor, object_uri, body, audience } = outgoing;
    let kind = serde_json::from_str::<Kind<'_>>(&body)
        .map_err(|e| Error::internal(format!("{uri} is no activity: {e}")))?
        .kind
        .into_owned();
    let (mut as_of, mut before) = (None, Vec::new());
    if let Some(object) = &audience.as_of_object {
        as_of = rows::first_about(tx, object)?;
        before = rows::inboxes_about(tx, object)?;
    }
    let own = tx.context()?.urls.domain().to_owned();
    let inboxes: BTreeSet<(String, String)> = audience
        .explicit
        .into_iter()
        .chain(before)
        .filter(|(host, inbox)| !host.is_empty() && *host != own && !inbox.is_empty())
        .take(MOST_INBOXES)
        .collect();
    // Servers first: a new one wants nothing that was numbered before this row.
    let hosts: BTreeSet<String> = inboxes.iter().map(|(host, _)| host.clone()).collect();
    know(tx, &hosts.into_iter().collect::<Vec<_>>())?;
    let row = NewRow { uri, actor, kind, object_uri, body, followers_of: audience.followers_of, as_of };
    let id = rows::insert(tx, row)?;
    rows::add_inboxes(tx, id, &inboxes.into_iter().collect::<Vec<_>>())?;
    tx.notify("outbox", id.0);
    Ok(id)
}

/// Makes sure that there are rows for these servers.
fn know(tx: &mut Tx<'_>, hosts: &[String]) -> Result<()> {
    let known: BTreeSet<String> = peers::known_among(tx, hosts)?.into_iter().collect();
    let new: Vec<&String> = hosts.iter().filter(|h| !known.contains(*h)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let cursor = rows::highest_seq(tx)?;
    for host in new {
        peers::add(tx, host, cursor, None)?;
    }
    Ok(())
}
