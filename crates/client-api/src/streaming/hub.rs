//! One listener per process for all connections: it hears what was committed (`Database::subscribe`), asks once who is concerned, renders for
//! each of them with the same entities as the routes, and hands it over without waiting. It runs while somebody is connected.
//!
//! Topics: `home` and `status.update` (a post's id), `status.delete`, `notification` (its id), `tokens` (an account's id), `resync`.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parvis_domain::rows::RESYNC;
use parvis_domain::views::{self, Place};
use parvis_domain::{Town, notifications, oauth, timelines};
use parvis_model::ids::{AccountId, NotificationId, StatusId, TokenId};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use crate::entities::{Notification, Status};

/// Posts that a connection remembers having been sent: the fan-out tells of a post once per batch of followers.
const REMEMBERED: usize = 200;

/// One event, rendered for one viewer.
#[derive(Clone, Debug)]
pub struct Said {
    pub event: &'static str,
    pub payload: Arc<str>,
    pub is_notification: bool,
}

/// One connection, as the hub knows it.
#[derive(Debug)]
pub struct Session {
    pub account: AccountId,
    pub token: TokenId,
    pub hears_notifications: bool,
    pub sender: mpsc::Sender<Said>,
}

#[derive(Debug)]
struct Joined {
    session: Session,
    sent: VecDeque<StatusId>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    joined: HashMap<u64, Joined>,
    is_running: bool,
}

/// All connections of a town in this process.
#[derive(Clone, Debug, Default)]
pub struct Hub {
    state: Arc<Mutex<State>>,
    tasks: TaskTracker,
    again: Arc<tokio::sync::Notify>,
    doubtful: Arc<Mutex<HashSet<AccountId>>>,
}

/// A connection's place; dropping it leaves.
#[derive(Debug)]
pub struct Seat {
    hub: Hub,
    number: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.state().joined.remove(&self.number);
    }
}

impl Hub {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection in, and begins to listen if nobody did.
    #[must_use]
    pub fn join(&self, town: &Town, session: Session) -> Seat {
        // Subscribed before anything is read, so that nothing falls between.
        let notices = town.db().subscribe();
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        state.joined.insert(number, Joined { session, sent: VecDeque::new() });
        if !state.is_running {
            state.is_running = true;
            let (hub, town) = (self.clone(), town.clone());
            self.tasks.spawn(async move { hub.listen(&town, notices).await });
        }
        drop(state);
        Seat { hub: self.clone(), number }
    }

    /// Asks for the tokens of an account to be looked at, as if they had been revoked.
    pub fn look_again(&self, account: AccountId) {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner).insert(account);
        self.again.notify_one();
    }
}

/// What the hub has to do next.
enum Next {
    Tell(String, i64),
    Check(HashSet<AccountId>),
    CheckAll,
    Stop,
}

impl Hub {
    async fn listen(
        &self,
        town: &Town,
        mut notices: tokio::sync::broadcast::Receiver<parvis_domain::rows::Notice>,
    ) {
        loop {
            if self.is_deserted() {
                return;
            }
            let next = tokio::select! {
                notice = notices.recv() => match notice {
                    Ok(notice) if notice.topic == RESYNC => Next::CheckAll,
                    Ok(notice) if notice.topic == parvis_domain::accounts::revoke::TOKENS => {
                        Next::Check(HashSet::from([AccountId(notice.id)]))
                    }
                    Ok(notice) => Next::Tell(notice.topic, notice.id),
                    // What was missed is on the timelines; tokens must not be missed.
                    Err(RecvError::Lagged(_)) => Next::CheckAll,
                    Err(RecvError::Closed) => Next::Stop,
                },
                () = self.again.notified() => Next::Check(std::mem::take(
                    &mut *self.doubtful.lock().unwrap_or_else(PoisonError::into_inner),
                )),
            };
            let done = match next {
                Next::Tell(topic, id) => self.tell(town, &topic, id).await,
                Next::Check(accounts) => self.check(town, Some(&accounts)).await,
                Next::CheckAll => self.check(town, None).await,
                Next::Stop => {
                    let mut state = self.state();
                    state.is_running = false;
                    state.joined.clear();
                    return;
                }
            };
            if let Err(error) = done {
                tracing::warn!(%error, "the streams could not be served");
            }
        }
    }

    /// Nobody is connected any more; decided under the lock, so that whoever joins next begins anew.
    fn is_deserted(&self) -> bool {
        let mut state = self.state();
        if state.joined.is_empty() {
            state.is_running = false;
        }
        !state.is_running
    }

    fn accounts(&self) -> Vec<AccountId> {
        let found: HashSet<AccountId> = self.state().joined.values().map(|j| j.session.account).collect();
        found.into_iter().collect()
    }

    async fn tell(&self, town: &Town, topic: &str, id: i64) -> parvis_domain::Result<()> {
        match topic {
            "home" => self.tell_post(town, StatusId(id), "update").await,
            "status.update" => self.tell_post(town, StatusId(id), "status.update").await,
            "status.delete" => {
                self.check(town, None).await?;
                self.tell_deletion(StatusId(id));
                Ok(())
            }
            "notification" => self.tell_notification(town, NotificationId(id)).await,
            _ => Ok(()),
        }
    }

    async fn tell_post(&self, town: &Town, id: StatusId, event: &'static str) -> parvis_domain::Result<()> {
        let connected = self.accounts();
        let concerned = town.db().read(move |c| timelines::who_has_home(c, id, &connected)).await?;
        for viewer in concerned {
            let rendered = self
                .for_viewer(town, viewer, move |c| {
                    Ok(views::of_statuses(c, Some(viewer), &[id], Place::Timeline)?.pop())
                })
                .await?;
            if let Some(view) = rendered {
                let status = Status::of(&view, Some(viewer), town.urls());
                self.hand_over(viewer, event, &status, Some(id), false);
            }
        }
        Ok(())
    }

    async fn tell_notification(&self, town: &Town, id: NotificationId) -> parvis_domain::Result<()> {
        let Some(owner) = town.db().read(move |c| notifications::owner_of(c, id)).await? else {
            return Ok(());
        };
        if !self.accounts().contains(&owner) {
            return Ok(());
        }
        let found = self.for_viewer(town, owner, move |c| notifications::one(c, owner, id)).await?;
        if let Some(view) = found {
            let shown = Notification::of(&view, owner, town.urls());
            self.hand_over(owner, "notification", &shown, None, true);
        }
        Ok(())
    }

    /// Loads something for a viewer, in the same snapshot in which their tokens are looked at: who was signed out gets nothing more.
    async fn for_viewer<T: Send + 'static>(
        &self,
        town: &Town,
        viewer: AccountId,
        load: impl FnOnce(&mut parvis_domain::Conn) -> parvis_domain::Result<Option<T>> + Send + 'static,
    ) -> parvis_domain::Result<Option<T>> {
        let tokens = self.tokens(Some(&HashSet::from([viewer])));
        let (dead, loaded) =
            town.db().read(move |c| Ok::<_, parvis_domain::Error>((dead(c, tokens)?, load(c)?))).await?;
        self.cut(&dead);
        Ok(loaded)
    }

    /// Cuts the connections of these accounts (or all) whose token is not in force any more.
    async fn check(&self, town: &Town, accounts: Option<&HashSet<AccountId>>) -> parvis_domain::Result<()> {
        let tokens = self.tokens(accounts);
        if !tokens.is_empty() {
            let dead = town.db().read(move |c| dead(c, tokens)).await?;
            self.cut(&dead);
        }
        Ok(())
    }

    fn tokens(&self, accounts: Option<&HashSet<AccountId>>) -> HashSet<TokenId> {
        let state = self.state();
        state
            .joined
            .values()
            .filter(|j| accounts.is_none_or(|a| a.contains(&j.session.account)))
            .map(|j| j.session.token)
            .collect()
    }

    /// Dropping the sender ends the connection.
    fn cut(&self, dead: &HashSet<TokenId>) {
        if !dead.is_empty() {
            self.state().joined.retain(|_, j| !dead.contains(&j.session.token));
        }
    }

    fn tell_deletion(&self, id: StatusId) {
        let said = Said { event: "delete", payload: id.to_string().into(), is_notification: false };
        self.state().joined.retain(|_, joined| joined.session.sender.try_send(said.clone()).is_ok());
    }

    fn hand_over(
        &self,
        viewer: AccountId,
        event: &'static str,
        entity: &impl serde::Serialize,
        post: Option<StatusId>,
        is_notification: bool,
    ) {
        let Ok(payload) = serde_json::to_string(entity) else { return };
        let said = Said { event, payload: payload.into(), is_notification };
        self.state().joined.retain(|_, joined| {
            if joined.session.account != viewer || (is_notification && !joined.session.hears_notifications) {
                return true;
            }
            if event == "update"
                && let Some(post) = post
                && !joined.is_new(post)
            {
                return true;
            }
            // Full is too slow; closed is gone.
            joined.session.sender.try_send(said.clone()).is_ok()
        });
    }
}

impl Joined {
    fn is_new(&mut self, post: StatusId) -> bool {
        if self.sent.contains(&post) {
            return false;
        }
        if self.sent.len() >= REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back(post);
        true
    }
}

/// Which of these tokens are not in force.
fn dead(c: &mut parvis_domain::Conn, tokens: HashSet<TokenId>) -> parvis_domain::Result<HashSet<TokenId>> {
    let mut found = HashSet::new();
    for token in tokens {
        if !oauth::tokens::is_in_force(c, token)? {
            found.insert(token);
        }
    }
    Ok(found)
}
