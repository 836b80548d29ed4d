//! One server gets what is for it: in order, one delivery at a time, until it has everything, fails, or we stop.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use parvis_domain::outbox::{self, Batch, Peer, ToDeliver, Trouble};
use parvis_domain::{Result, Tx};
use parvis_model::ids::AccountId;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Inner;
use super::memory::Memory;
use super::signers::SignerProblem;
use crate::client::DeliveryOutcome;
use crate::signature::{Scheme, Signer};
use crate::synchrony;

/// A cursor is moved at least so often.
const SAVED_EVERY: Duration = Duration::from_secs(1);

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The server has everything.
    Empty,
    /// It failed and waits for its next try.
    Waiting,
    /// We were asked to stop.
    Stopped,
}

/// How far a batch came.
struct Progress {
    cursor: i64,
    saved_at: Instant,
    /// The server answered since the cursor was saved, whatever it said.
    has_answered: bool,
    /// Activities that it took.
    taken: usize,
}

/// What became of one row.
enum Fate {
    /// The server has it, or never will.
    Settled,
    /// Not now.
    Later(Trouble),
    /// We were asked to stop before it was sent.
    Stopped,
}

impl Inner {
    /// Works for one server; returns how that ended and how many activities it took.
    pub(super) async fn work_for(
        &self,
        host: &str,
        memory: &mut Memory,
        floor: i64,
        cancel: &CancellationToken,
    ) -> Result<(Ended, usize)> {
        let mut taken = 0;
        loop {
            if cancel.is_cancelled() {
                return Ok((Ended::Stopped, taken));
            }
            let (name, limit) = (host.to_owned(), self.limits.batch);
            let Some(batch) = self.town.db().read(move |c| outbox::batch_for(c, &name, limit)).await? else {
                return Ok((Ended::Empty, taken));
            };
            if batch.peer.next_try_at.is_some_and(|at| at > self.town.now()) {
                return Ok((Ended::Waiting, taken));
            }
            if batch.peer.cursor_seq >= batch.head {
                return Ok((Ended::Empty, taken));
            }
            let (ended, some) = self.send(&batch, memory, floor, cancel).await?;
            taken += some;
            if let Some(ended) = ended {
                return Ok((ended, taken));
            }
        }
    }

    /// Sends a batch and moves the cursor; `None` when the server may get more.
    async fn send(
        &self,
        batch: &Batch,
        memory: &mut Memory,
        floor: i64,
        cancel: &CancellationToken,
    ) -> Result<(Option<Ended>, usize)> {
        let host = batch.peer.host.as_str();
        let cursor = batch.peer.cursor_seq;
        let mut at = Progress { cursor, saved_at: Instant::now(), has_answered: false, taken: 0 };
        for row in &batch.rows {
            if cancel.is_cancelled() {
                self.save(host, &mut at).await?;
                return Ok((Some(Ended::Stopped), at.taken));
            }
            if !memory.withholds(row, floor) {
                match self.send_row(&batch.peer, row, memory, &mut at, cancel).await? {
                    Fate::Settled => {}
                    Fate::Stopped => {
                        self.save(host, &mut at).await?;
                        return Ok((Some(Ended::Stopped), at.taken));
                    }
                    Fate::Later(trouble) => {
                        self.save(host, &mut at).await?;
                        self.fail(host, trouble).await?;
                        return Ok((Some(Ended::Waiting), at.taken));
                    }
                }
            }
            at.cursor = row.seq;
            if at.saved_at.elapsed() >= SAVED_EVERY {
                self.save(host, &mut at).await?;
            }
        }
        at.cursor = batch.through;
        self.save(host, &mut at).await?;
        Ok((None, at.taken))
    }

    /// Sends one row to all its inboxes on the server.
    async fn send_row(
        &self,
        peer: &Peer,
        row: &ToDeliver,
        memory: &mut Memory,
        at: &mut Progress,
        cancel: &CancellationToken,
    ) -> Result<Fate> {
        if row.inboxes.is_empty() {
            return Ok(Fate::Settled);
        }
        let signer = match self.signers.of(row.actor).await {
            Ok(signer) => signer,
            Err(SignerProblem::Later(problem)) => return Err(parvis_domain::Error::internal(problem)),
            Err(problem @ SignerProblem::Unusable(_)) => {
                tracing::error!(activity = row.uri, %problem, "an activity cannot be signed and is not sent");
                return Ok(Fate::Settled);
            }
        };
        let body = self.proofs.body(row).await;
        memory.attempts(row.seq);
        for inbox in &row.inboxes {
            if memory.has(inbox) {
                continue;
            }
            let Ok(url) = Url::parse(inbox) else {
                memory.settle(inbox);
                continue;
            };
            let Some(outcome) = self.post(peer, &url, (row.actor, body.clone()), &signer, cancel).await
            else {
                return Ok(Fate::Stopped);
            };
            match outcome {
                DeliveryOutcome::Delivered => {
                    (at.has_answered, at.taken) = (true, at.taken + 1);
                    self.remember_scheme(peer, &url).await?;
                }
                DeliveryOutcome::Gone { status: 410 } => {
                    if self.is_shared_inbox_gone(&peer.host, inbox).await? {
                        return Ok(Fate::Later(Trouble { is_gone: true, ..Trouble::default() }));
                    }
                    at.has_answered = true;
                }
                DeliveryOutcome::Gone { status } => {
                    at.has_answered = true;
                    tracing::info!(inbox, status, activity = row.uri, "nobody is there; not sent again");
                }
                DeliveryOutcome::Refused { status, guard } => {
                    at.has_answered |= status.is_some();
                    tracing::info!(inbox, status, ?guard, activity = row.uri, "refused; not sent again");
                }
                DeliveryOutcome::RetryLater { status, after } => {
                    tracing::debug!(inbox, status, ?after, activity = row.uri, "not now");
                    if status == Some(401) {
                        self.signers.doubt(row.actor).await;
                    }
                    return Ok(Fate::Later(Trouble { after, is_gone: false }));
                }
            }
            memory.settle(inbox);
        }
        Ok(Fate::Settled)
    }

    /// One delivery, in its turn. `None` when we are asked to stop first; what is on the line is waited for.
    async fn post(
        &self,
        peer: &Peer,
        inbox: &Url,
        (actor, body): (AccountId, Bytes),
        signer: &Signer,
        cancel: &CancellationToken,
    ) -> Option<DeliveryOutcome> {
        let places = if peer.failures > 0 { &self.ailing } else { &self.well };
        let place = tokio::select! {
            place = Arc::clone(places).acquire_owned() => place.ok()?,
            () = cancel.cancelled() => return None,
        };
        if peer.signature == "rfc9421" {
            self.client.remember_scheme(inbox, Scheme::Rfc9421);
        }
        let mut more = HeaderMap::new();
        let text = str::from_utf8(&body).unwrap_or_default();
        if let Some(digest) = synchrony::header(&self.town, actor, &signer.key_id, text, inbox).await {
            more.insert(synchrony::HEADER, digest);
        }
        let mut posting = std::pin::pin!(self.client.post_signed_with(inbox, body, signer, &more));
        // Whoever is slow waits for itself, not in the place of somebody else (threats R2).
        if peer.failures == 0 {
            tokio::select! {
                outcome = &mut posting => return Some(outcome),
                () = tokio::time::sleep(self.limits.slow_after) => drop(place),
            }
        }
        Some(posting.await)
    }

    /// Moves the cursor as far as the batch came.
    async fn save(&self, host: &str, at: &mut Progress) -> Result<()> {
        let (host, cursor, has_answered) = (host.to_owned(), at.cursor, at.has_answered);
        let save = move |tx: &mut Tx<'_>| {
            if has_answered {
                outbox::record_success(tx, &host)?;
            }
            outbox::advance(tx, &host, cursor)
        };
        self.town.db().claim(save).await?;
        (at.has_answered, at.saved_at) = (false, Instant::now());
        Ok(())
    }

    async fn fail(&self, host: &str, trouble: Trouble) -> Result<()> {
        let (name, first) = (host.to_owned(), i64::from(self.town.settings().federation.first_retry_seconds));
        let fail = move |tx: &mut Tx<'_>| outbox::record_failure(tx, &name, trouble, first);
        let next = self.town.db().claim(fail).await?;
        tracing::info!(host, %next, "a server did not take an activity; trying again then");
        Ok(())
    }

    async fn is_shared_inbox_gone(&self, host: &str, inbox: &str) -> Result<bool> {
        let (host, inbox) = (host.to_owned(), inbox.to_owned());
        self.town.db().write(move |tx: &mut Tx<'_>| outbox::inbox_is_gone(tx, &host, &inbox)).await
    }

    /// Writes down which signature was understood, when that is news.
    async fn remember_scheme(&self, peer: &Peer, inbox: &Url) -> Result<()> {
        let name = match self.client.scheme_for(inbox) {
            Scheme::Cavage => "cavage",
            Scheme::Rfc9421 => "rfc9421",
        };
        if name != peer.signature {
            let host = peer.host.clone();
            self.town.db().claim(move |tx: &mut Tx<'_>| outbox::set_signature(tx, &host, name)).await?;
        }
        Ok(())
    }
}
