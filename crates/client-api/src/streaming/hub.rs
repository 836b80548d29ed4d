//! One listener per process for all connections: it hears what was committed on any node (`Database::subscribe`), asks once who is concerned,
//! renders with the same entities as the routes (once for all whose copy is the same), and hands over. It runs while somebody is connected.
//!
//! What is told of posts is in [`posts`], what is told of everything else but notifications in [`others`].
//!
//! Topics: `home`, `lists::feed::WRITTEN` and `status.update` (a post's id), `streams::{PUBLISHED, GONE}`, `notification` (its id), `conversation` (its id), those of `announcements` (its id), `MERGED` and `tokens` (an account's id), `resync`.

mod others;
mod posts;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parvis_domain::notifications::requests::MERGED;
use parvis_domain::rows::{Notice, RESYNC};
use parvis_domain::streams::{self, GONE, PUBLISHED};
use parvis_domain::{
    Town, accounts::revoke, announcements, conversations, filters, lists::feed, notifications,
};
use parvis_model::ids::{AccountId, ConversationId, ListId, NotificationId, StatusId, TokenId};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::task::TaskTracker;

use super::seats::{Full, Guest, Said, Seated, accounts_of, admit};
use super::stream::{Stream, Subscription};
use crate::entities::Notification;

/// All tokens are looked at again this often, whatever was told.
const LOOK_EVERY: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
struct State {
    next: u64,
    seated: HashMap<u64, Seated>,
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
        self.hub.state().seated.remove(&self.number);
    }
}

impl Seat {
    /// Listens to one more stream.
    ///
    /// # Errors
    /// [`Full`].
    pub fn subscribe(&self, wanted: Subscription) -> Result<(), Full> {
        self.hub.state().seated.get_mut(&self.number).map_or(Ok(()), |seated| seated.subscribe(wanted))
    }

    /// Listens to one stream less.
    pub fn unsubscribe(&self, stream: &Stream) {
        if let Some(seated) = self.hub.state().seated.get_mut(&self.number) {
            seated.streams.retain(|s| s.stream != *stream);
        }
    }
}

impl Hub {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a connection in, and begins to listen if nobody did.
    ///
    /// # Errors
    /// [`Full`].
    pub fn join(&self, town: &Town, guest: Guest) -> Result<(Seat, mpsc::Receiver<Said>), Full> {
        // Subscribed before anything is read, so that nothing falls between.
        let notices = town.db().subscribe();
        let account = guest.account;
        let mut state = self.state();
        admit(state.seated.values(), &guest)?;
        state.next += 1;
        let number = state.next;
        let (seated, receiver) = Seated::new(guest);
        state.seated.insert(number, seated);
        if !state.is_running {
            state.is_running = true;
            let (hub, town) = (self.clone(), town.clone());
            self.tasks.spawn(async move { hub.listen(&town, notices).await });
        }
        drop(state);
        // The token may have been revoked since it was looked at.
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner).insert(account);
        self.again.notify_one();
        Ok((Seat { hub: self.clone(), number }, receiver))
    }
}

/// What the hub has to do next.
enum Next {
    Tell(String, i64),
    Check(HashSet<AccountId>),
    CheckAll,
    Stop,
}

impl From<Result<Notice, RecvError>> for Next {
    fn from(heard: Result<Notice, RecvError>) -> Self {
        match heard {
            Ok(notice) if notice.topic == RESYNC => Self::CheckAll,
            Ok(notice) if notice.topic == revoke::TOKENS => {
                Self::Check(HashSet::from([AccountId(notice.id)]))
            }
            Ok(notice) => Self::Tell(notice.topic, notice.id),
            // What was missed is on the timelines; tokens must not be missed.
            Err(RecvError::Lagged(_)) => Self::CheckAll,
            Err(RecvError::Closed) => Self::Stop,
        }
    }
}

impl Hub {
    async fn listen(&self, town: &Town, mut notices: Receiver<Notice>) {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.is_deserted() {
            let next = tokio::select! {
                heard = notices.recv() => Next::from(heard),
                () = self.again.notified() => Next::Check(std::mem::take(
                    &mut *self.doubtful.lock().unwrap_or_else(PoisonError::into_inner),
                )),
                _ = ticks.tick() => Next::CheckAll,
            };
            let done = match next {
                Next::Tell(topic, id) => self.tell(town, &topic, id).await,
                Next::Check(accounts) => self.check(town, Some(&accounts)).await,
                Next::CheckAll => self.check(town, None).await,
                Next::Stop => {
                    let mut state = self.state();
                    state.is_running = false;
                    state.seated.clear();
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
        if state.seated.is_empty() {
            state.is_running = false;
        }
        !state.is_running
    }

    async fn tell(&self, town: &Town, topic: &str, id: i64) -> parvis_domain::Result<()> {
        match topic {
            "home" => self.tell_post(town, StatusId(id), "update", Stream::is_home).await,
            feed::WRITTEN => self.tell_post(town, StatusId(id), "update", |s| s.list().is_some()).await,
            PUBLISHED => self.tell_post(town, StatusId(id), "update", Stream::is_open).await,
            "status.update" => self.tell_post(town, StatusId(id), "status.update", |_| true).await,
            GONE => self.tell_deletion(town, id).await,
            MERGED => self.tell_merged(AccountId(id)),
            "notification" => self.tell_notification(town, NotificationId(id)).await,
            conversations::CHANGED => self.tell_conversation(town, ConversationId(id)).await,
            filters::CHANGED => {
                self.tell_filters_changed(AccountId(id));
                Ok(())
            }
            announcements::PUBLISHED => self.tell_announcement(town, id).await,
            announcements::REMOVED => {
                self.tell_all_at_home(town, "announcement.delete", move |_, _| Ok(id.to_string())).await
            }
            topic => match announcements::reacted(topic) {
                Some(name) => self.tell_reaction(town, id, name.to_owned()).await,
                None => Ok(()),
            },
        }
    }

    /// The accounts that listen to such a stream.
    fn listeners(&self, to: impl Fn(&Stream) -> bool) -> Vec<AccountId> {
        let state = self.state();
        accounts_of(state.seated.values().filter(|s| s.streams.iter().any(|s| to(&s.stream))))
    }

    /// The lists that somebody listens to.
    fn lists(&self) -> Vec<ListId> {
        let state = self.state();
        let streams = state.seated.values().flat_map(|s| &s.streams);
        streams.filter_map(|s| s.stream.list()).collect::<HashSet<_>>().into_iter().collect()
    }

    /// The tokens of these accounts (or all).
    fn tokens(&self, of: impl Fn(AccountId) -> bool) -> Vec<TokenId> {
        let state = self.state();
        let found: HashSet<TokenId> =
            state.seated.values().filter(|s| of(s.guest.account)).map(|s| s.guest.token).collect();
        found.into_iter().collect()
    }

    /// Loads something for listeners in the same snapshot in which their tokens are looked at: who was signed out gets nothing more (threats A5).
    async fn load<T: Send + 'static>(
        &self,
        town: &Town,
        tokens: Vec<TokenId>,
        load: impl FnOnce(&mut parvis_domain::Conn) -> parvis_domain::Result<T> + Send + 'static,
    ) -> parvis_domain::Result<T> {
        let asked = tokens.clone();
        let (alive, loaded) = town
            .db()
            .read(move |c| Ok::<_, parvis_domain::Error>((streams::tokens_in_force(c, &asked)?, load(c)?)))
            .await?;
        let dead: HashSet<TokenId> = tokens.into_iter().filter(|t| !alive.contains(t)).collect();
        if !dead.is_empty() {
            // Dropping the sender ends the connection.
            self.state().seated.retain(|_, s| !dead.contains(&s.guest.token));
        }
        Ok(loaded)
    }

    /// Cuts the connections of these accounts (or all) whose token is not in force any more.
    async fn check(&self, town: &Town, accounts: Option<&HashSet<AccountId>>) -> parvis_domain::Result<()> {
        let tokens = self.tokens(|account| accounts.is_none_or(|some| some.contains(&account)));
        if tokens.is_empty() {
            return Ok(());
        }
        self.load(town, tokens, |_| Ok(())).await
    }

    /// What was held back shows now: programs read their notifications anew.
    fn tell_merged(&self, owner: AccountId) -> parvis_domain::Result<()> {
        let payload: Arc<str> = "1".into();
        self.state().seated.retain(|_, seated| {
            if seated.guest.account != owner || !seated.guest.hears_notifications {
                return true;
            }
            let streams = seated.streams.iter().filter(|s| carries_notifications(&s.stream));
            seated.tell(streams, "notifications_merged", Some(&payload))
        });
        Ok(())
    }

    async fn tell_notification(&self, town: &Town, id: NotificationId) -> parvis_domain::Result<()> {
        let hears = |s: &Seated| {
            s.guest.hears_notifications && s.streams.iter().any(|s| carries_notifications(&s.stream))
        };
        let listening = accounts_of(self.state().seated.values().filter(|s| hears(s)));
        if listening.is_empty() {
            return Ok(());
        }
        let tokens = self.tokens(|account| listening.contains(&account));
        let load = move |c: &mut parvis_domain::Conn| match notifications::owner_of(c, id)? {
            Some(owner) if listening.contains(&owner) => notifications::one(c, owner, id),
            _ => Ok(None),
        };
        let Some(view) = self.load(town, tokens, load).await? else { return Ok(()) };
        let owner = view.row.account_id;
        let Ok(payload) = serde_json::to_string(&Notification::of(&view, owner, town.urls())) else {
            return Ok(());
        };
        let payload: Arc<str> = payload.into();
        self.state().seated.retain(|_, seated| {
            if seated.guest.account != owner || !seated.guest.hears_notifications {
                return true;
            }
            let streams = seated.streams.iter().filter(|s| carries_notifications(&s.stream));
            seated.tell(streams, "notification", Some(&payload))
        });
        Ok(())
    }
}

const fn carries_notifications(stream: &Stream) -> bool {
    matches!(stream, Stream::User | Stream::Notifications)
}
