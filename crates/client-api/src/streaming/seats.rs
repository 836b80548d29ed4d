//! Who is connected, in this process: each connection with its streams, how many an account or a network may have, and handing events over
//! without waiting for anybody. What is handed over is decided in [`super::hub`].

use std::collections::{HashSet, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use parvis_model::ids::{AccountId, StatusId, TokenId};
use tokio::sync::mpsc;

use super::stream::Subscription;

/// Events that may wait for a slow reader; more, and it is cut.
pub const WAITING_MAX: usize = 100;
/// Connections of one account, whichever token.
const ACCOUNT_MAX: usize = 40;
/// Connections from one network: a whole town hall may stand behind one address.
const NETWORK_MAX: usize = 1_000;
/// Connections of a process.
const ALL_MAX: usize = 20_000;
/// Streams of one connection.
const STREAMS_MAX: usize = 100;
/// Posts that a connection remembers having been sent: the fan-out tells of a post once per batch of followers.
const REMEMBERED: usize = 200;

/// One event for one stream of a connection.
#[derive(Clone, Debug)]
pub struct Said {
    /// Marks of the stream.
    pub stream: Arc<[String]>,
    /// Mastodon's name of what happened.
    pub event: &'static str,
    /// JSON, or the bare id of what is gone; some events are only their name.
    pub payload: Option<Arc<str>>,
}

/// Who connects.
#[derive(Clone, Debug)]
pub struct Guest {
    pub account: AccountId,
    pub token: TokenId,
    pub hears_notifications: bool,
    /// Of IPv6 the part that a household has.
    pub network: IpAddr,
}

/// One connection.
#[derive(Debug)]
pub struct Seated {
    pub guest: Guest,
    pub streams: Vec<Subscription>,
    sender: mpsc::Sender<Said>,
    /// Posts, and whether on a list.
    sent: VecDeque<(StatusId, bool)>,
}

/// Too many connections or streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Seated {
    /// A new connection and its reader's end.
    #[must_use]
    pub fn new(guest: Guest) -> (Self, mpsc::Receiver<Said>) {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        (Self { guest, streams: Vec::new(), sender, sent: VecDeque::new() }, receiver)
    }

    /// Adds a stream; one that is there stays once.
    ///
    /// # Errors
    /// [`Full`].
    pub fn subscribe(&mut self, wanted: Subscription) -> Result<(), Full> {
        if self.streams.iter().any(|s| s.stream == wanted.stream) {
            return Ok(());
        }
        if self.streams.len() >= STREAMS_MAX {
            return Err(Full);
        }
        self.streams.push(wanted);
        Ok(())
    }

    /// Hands an event over for each of these streams; `false` when the connection is gone or reads too slowly.
    pub fn tell<'a>(
        &self,
        streams: impl Iterator<Item = &'a Subscription>,
        event: &'static str,
        payload: Option<&Arc<str>>,
    ) -> bool {
        streams.into_iter().all(|s| {
            let said = Said { stream: Arc::clone(&s.name), event, payload: payload.cloned() };
            self.sender.try_send(said).is_ok()
        })
    }

    /// Whether a post was sent before, on the home timeline or a list.
    #[must_use]
    pub fn was_sent(&self, post: StatusId) -> bool {
        self.sent.iter().any(|(sent, _)| *sent == post)
    }

    /// Whether a post was sent before, in this kind of place.
    #[must_use]
    pub fn was_sent_there(&self, post: StatusId, is_list: bool) -> bool {
        self.sent.contains(&(post, is_list))
    }

    /// Remembers that a post was sent.
    pub fn remember(&mut self, post: StatusId, is_list: bool) {
        if self.was_sent_there(post, is_list) {
            return;
        }
        if self.sent.len() >= REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back((post, is_list));
    }
}

/// Whether one more may come.
///
/// # Errors
/// [`Full`].
pub fn admit<'a>(seated: impl ExactSizeIterator<Item = &'a Seated>, guest: &Guest) -> Result<(), Full> {
    let (mut all, mut same_account, mut same_network) = (0, 0, 0);
    for other in seated {
        all += 1;
        same_account += usize::from(other.guest.account == guest.account);
        same_network += usize::from(other.guest.network == guest.network);
    }
    if all >= ALL_MAX || same_account >= ACCOUNT_MAX || same_network >= NETWORK_MAX {
        return Err(Full);
    }
    Ok(())
}

/// The accounts of some connections, each once.
pub fn accounts_of<'a>(seated: impl Iterator<Item = &'a Seated>) -> Vec<AccountId> {
    seated.map(|s| s.guest.account).collect::<HashSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::stream::Asked;
    use super::*;

    fn stream(name: &str, tag: Option<&str>) -> Subscription {
        Subscription::parse(Asked { name, tag, ..Asked::default() }).unwrap()
    }

    fn guest(account: i64, last: u8) -> Guest {
        Guest {
            account: AccountId(account),
            token: TokenId(account),
            hears_notifications: true,
            network: IpAddr::from([192, 0, 2, last]),
        }
    }

    #[test]
    fn a_slow_reader_is_let_go_when_its_events_pile_up() {
        let (mut seated, mut reader) = Seated::new(guest(1, 1));
        seated.subscribe(stream("user", None)).unwrap();
        for n in 0..WAITING_MAX {
            assert!(seated.tell(seated.streams.iter(), "update", None), "event {n}");
        }
        assert!(!seated.tell(seated.streams.iter(), "update", None), "one too many");
        reader.try_recv().unwrap();
        assert!(seated.tell(seated.streams.iter(), "update", None), "who reads goes on");
    }

    #[test]
    fn a8_an_account_a_network_and_a_connection_have_their_limits() {
        let seated: Vec<Seated> = (0..ACCOUNT_MAX).map(|_| Seated::new(guest(1, 1)).0).collect();
        assert_eq!(admit(seated.iter(), &guest(1, 9)), Err(Full));
        assert_eq!(admit(seated.iter(), &guest(2, 1)), Ok(()));
        let seated: Vec<Seated> = (0..1_000).map(|n| Seated::new(guest(n, 1)).0).collect();
        assert_eq!(admit(seated.iter(), &guest(5_000, 1)), Err(Full));
        assert_eq!(admit(seated.iter(), &guest(5_000, 2)), Ok(()));
        let mut one = Seated::new(guest(1, 1)).0;
        for n in 0..STREAMS_MAX {
            one.subscribe(stream("hashtag", Some(&format!("t{n}")))).unwrap();
        }
        let more = || stream("user", None);
        assert_eq!(one.subscribe(more()), Err(Full));
        assert_eq!(one.subscribe(stream("hashtag", Some("T1"))), Ok(()));
    }
}
