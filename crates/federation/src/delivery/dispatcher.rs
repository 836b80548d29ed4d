//! Finds out which servers have something to get, wakes their workers, tries failed ones again, and lifts the cursors of idle ones together.

use std::sync::Arc;
use std::time::Duration;

use parvis_domain::outbox;
use parvis_domain::{Conn, Error, Result, Tx};
use parvis_model::time::{Moment, SECOND};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::worker::Ended;
use super::{Host, Inner};
use crate::notices::told;

/// How often the outbox is looked at although nobody told.
const LOOK: Duration = Duration::from_secs(5);
/// How long another node waits before it takes over from one that died; renewed when half of it is over.
const LEAD: i64 = 20 * SECOND;
/// How often cursors of idle servers are lifted.
const LIFTED_EVERY: Duration = Duration::from_secs(60);
/// Rows that are numbered, or whose servers are asked for, at once.
const AT_ONCE: i64 = 1_000;
/// Failed servers that are tried again at once.
const RETRIED: i64 = 1_000;

/// How far the outbox was read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The servers of everything up to this number were woken; `None` before the first look.
    through: Option<i64>,
    /// The highest number that somebody before us may have put on the line.
    floor: i64,
    lifted_at: Option<Instant>,
    /// Until when this node leads, if it does.
    leads_until: Option<Moment>,
}

impl Inner {
    pub(super) async fn serve(self: Arc<Self>, cancel: CancellationToken) {
        let mut notices = self.town.db().subscribe();
        let workers = TaskTracker::new();
        // Workers also stop when another node leads.
        let mut leading = None;
        while !cancel.is_cancelled() {
            let wait = match self.look(&workers, &cancel, &mut leading).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(%error, "cannot look at the outbox, trying again");
                    LOOK
                }
            };
            tokio::select! {
                () = cancel.cancelled() => break,
                () = told(&mut notices, &["outbox"]) => {}
                () = self.ended.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        workers.close();
        workers.wait().await;
        if leading.is_some() && self.town.db().is_postgres() {
            let holder = self.holder;
            if let Err(error) =
                self.town.db().claim(move |tx: &mut Tx<'_>| outbox::leave_lead(tx, holder)).await
            {
                tracing::debug!(%error, "the lead was not given up; it ends by itself");
            }
        }
    }

    /// One look; returns how long there is nothing to do.
    async fn look(
        self: &Arc<Self>,
        workers: &TaskTracker,
        cancel: &CancellationToken,
        leading: &mut Option<CancellationToken>,
    ) -> Result<Duration> {
        if !self.leads().await? {
            if let Some(workers) = leading.take() {
                workers.cancel();
                *self.reading.lock().await = Reading::default();
            }
            return Ok(LOOK);
        }
        let stop = leading.get_or_insert_with(|| cancel.child_token()).clone();
        for host in self.ready().await? {
            if self.begin(&host) {
                let inner = Arc::clone(self);
                let stop = stop.clone();
                workers.spawn(async move {
                    if let Err(error) = inner.run(&host, &stop).await {
                        tracing::warn!(host, %error, "delivery was interrupted, trying again");
                    }
                    inner.ended.notify_one();
                });
            }
        }
        self.lift(LIFTED_EVERY).await?;
        let head = self.reading.lock().await.through.unwrap_or(i64::MAX);
        let next = self.town.db().glance(move |c: &mut Conn| outbox::next_try(c, head)).await?;
        let millis = next.map_or(i64::MAX, |at| at.since(self.town.now()));
        // A server that is due and still at work is no reason to look all the time.
        Ok(u64::try_from(millis.max(SECOND)).map_or(LOOK, Duration::from_millis).min(LOOK))
    }

    /// With several nodes on one database one delivers; SQLite has one.
    async fn leads(&self) -> Result<bool> {
        if !self.town.db().is_postgres() {
            return Ok(true);
        }
        let now = self.town.now();
        let mut reading = self.reading.lock().await;
        if reading.leads_until.is_some_and(|until| now < until.plus(-LEAD / 2)) {
            return Ok(true);
        }
        let (holder, until) = (self.holder, now.plus(LEAD));
        let leads = self.town.db().claim(move |tx: &mut Tx<'_>| outbox::take_lead(tx, holder, until)).await?;
        reading.leads_until = leads.then_some(until);
        Ok(leads)
    }

    /// See [`super::Delivery::deliver_due`].
    pub(super) async fn deliver_due(self: &Arc<Self>) -> Result<usize> {
        let cancel = CancellationToken::new();
        let mut taken = 0;
        loop {
            let ready = self.ready().await?;
            if ready.is_empty() {
                self.lift(Duration::ZERO).await?;
                return Ok(taken);
            }
            let mut workers: JoinSet<Result<usize>> = JoinSet::new();
            for host in ready {
                if self.begin(&host) {
                    let (inner, cancel) = (Arc::clone(self), cancel.clone());
                    workers.spawn(async move { inner.run(&host, &cancel).await });
                }
            }
            while let Some(done) = workers.join_next().await {
                taken += done.map_err(|e| Error::internal(e.to_string()))??;
            }
        }
    }

    /// Numbers new rows and names the servers that have something to get: of new rows, of failures whose pause is over, of work that was
    /// interrupted; at the first look all that are behind.
    async fn ready(&self) -> Result<Vec<String>> {
        while self.town.db().claim(|tx: &mut Tx<'_>| outbox::number(tx, AT_ONCE)).await? >= 1_000 {}
        let mut reading = self.reading.lock().await;
        let mut ready = self.interrupted();
        let head = self.town.db().glance(outbox::head).await?;
        match reading.through {
            None => {
                let all = move |c: &mut Conn| outbox::behind(c, head, false, i64::MAX);
                ready.extend(self.town.db().read(all).await?);
                reading.floor = head;
            }
            Some(mut through) => {
                let due = move |c: &mut Conn| outbox::behind(c, head, true, RETRIED);
                ready.extend(self.town.db().glance(due).await?);
                while through < head {
                    let end = through.saturating_add(AT_ONCE).min(head);
                    let hosts =
                        self.town.db().read(move |c: &mut Conn| outbox::hosts_between(c, through, end));
                    ready.extend(hosts.await?);
                    through = end;
                }
            }
        }
        ready.sort_unstable();
        ready.dedup();
        // Before the mark moves on, so that nobody lifts the cursor of a server that is to be woken.
        let mut hosts = self.hosts();
        for host in &ready {
            hosts.entry(host.clone()).or_default().is_woken = true;
        }
        drop(hosts);
        reading.through = Some(head);
        Ok(ready)
    }

    /// Servers whose work ended before they had everything.
    fn interrupted(&self) -> Vec<String> {
        let hosts = self.hosts();
        hosts.iter().filter(|(_, h)| h.is_woken && !h.is_running).map(|(name, _)| name.clone()).collect()
    }

    /// A server is at work from now on; false when it was already.
    fn begin(&self, host: &str) -> bool {
        let mut hosts = self.hosts();
        let host: &mut Host = hosts.entry(host.to_owned()).or_default();
        !std::mem::replace(&mut host.is_running, true)
    }

    /// Works for a server until nothing is left that woke it.
    async fn run(&self, host: &str, cancel: &CancellationToken) -> Result<usize> {
        let floor = self.reading.lock().await.floor;
        let mut taken = 0;
        loop {
            let mut memory = {
                let mut hosts = self.hosts();
                let known = hosts.entry(host.to_owned()).or_default();
                known.is_woken = false;
                std::mem::take(&mut known.memory)
            };
            let result = self.work_for(host, &mut memory, floor, cancel).await;
            let mut hosts = self.hosts();
            let Some(known) = hosts.get_mut(host) else { return Ok(taken) };
            match result {
                Ok((Ended::Empty, some)) => {
                    taken += some;
                    if !known.is_woken {
                        hosts.remove(host);
                        return Ok(taken);
                    }
                }
                Ok((Ended::Waiting, some)) => {
                    // What it remembers is needed when it is tried again; new rows wait with it.
                    (known.is_running, known.is_woken, known.memory) = (false, false, memory);
                    return Ok(taken + some);
                }
                Ok((Ended::Stopped, some)) => {
                    (known.is_running, known.is_woken, known.memory) = (false, true, memory);
                    return Ok(taken + some);
                }
                Err(error) => {
                    (known.is_running, known.is_woken, known.memory) = (false, true, memory);
                    return Err(error);
                }
            }
        }
    }

    /// Lifts the cursors of servers that have nothing to get, if that was not done within `every`.
    async fn lift(&self, every: Duration) -> Result<()> {
        let mut reading = self.reading.lock().await;
        let Some(through) = reading.through else { return Ok(()) };
        if reading.lifted_at.is_some_and(|at| at.elapsed() < every) {
            return Ok(());
        }
        let busy: Vec<String> = self.hosts().keys().cloned().collect();
        self.town.db().claim(move |tx: &mut Tx<'_>| outbox::lift(tx, &busy, through)).await?;
        reading.lifted_at = Some(Instant::now());
        Ok(())
    }
}
