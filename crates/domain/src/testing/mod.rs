//! Whole towns for tests: a database of their own, a clock that stands still, repeatable randomness, fixed keys, the cheapest passwords, letters
//! that stay in memory. Nothing here reaches the network.
//!
//! ```ignore
//! let town = Town::new().await;
//! let ana = town.resident("ana").await;
//! town.clock.advance(HOUR);
//! ```
//!
//! [`both`] runs a test on SQLite and PostgreSQL; [`Town::builder`] changes the domain, settings, listeners, or shares a clock between two towns.
#![expect(clippy::expect_used, reason = "a test that has no town has failed")]

mod babel;
mod build;
mod cost;
mod elsewhere;
pub mod crowded;
mod keys;
mod mailbox;
pub mod record;
mod recordings;
mod web;

use std::future::Future;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use parvis_model::account::Role;
use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_model::scope::Scopes;
use parvis_model::time::ManualClock;
use parvis_store::Notice;
use tokio::sync::broadcast;

pub use babel::Babel;
pub use build::Builder;
pub use cost::{Cost, cost_of};
pub use elsewhere::{somebody, somebody_at};
pub use keys::FixedKeys;
pub use mailbox::Mailbox;
pub use parvis_store::testing::{Place, START};
pub use recordings::{AVIF, FILM, SECRET_OF_THE_TELEPHONE, SOUND, ffmpeg};
pub use web::{PICTURE, Web};

use crate::accounts::{NewAccount, create_by_command};
use crate::context::Listener;
use crate::oauth::tokens::issue_by_command;
use crate::oauth::{Grant, authenticate};
use crate::{Conn, Result, Tx};

/// The password of everybody in a test town.
pub const PASSWORD: &str = "a long enough password";

/// A town and what a test may turn in it. Used like a [`crate::Town`].
pub struct Town {
    town: crate::Town,
    /// Its clock, which starts at [`START`] and moves when told to.
    pub clock: Arc<ManualClock>,
    /// The letters it sent.
    pub mail: Arc<Mailbox>,
    heard: Mutex<broadcast::Receiver<Notice>>,
    // After the town, so that the database is closed before it is removed.
    place: Place,
    _folder: tempfile::TempDir,
}

impl Deref for Town {
    type Target = crate::Town;
    fn deref(&self) -> &crate::Town {
        &self.town
    }
}

impl Town {
    /// On SQLite, called `town.example`.
    pub async fn new() -> Self {
        Self::builder().build().await
    }

    /// In an empty database that the test chose.
    pub async fn on(place: Place) -> Self {
        Self::builder().place(place).build().await
    }

    /// A town with something other than usual.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A clone that can be moved into tasks and routers.
    #[must_use]
    pub fn handle(&self) -> crate::Town {
        self.town.clone()
    }

    /// The same town as another server process has it: its own connections to the same database. On SQLite that is what the command line is
    /// beside a serving town; on PostgreSQL it may be a second server.
    pub async fn another_node(&self, listeners: Vec<Listener>) -> crate::Town {
        let settings = self.town.settings().clone();
        build::node(&self.place, settings, self.clock.clone(), self.mail.clone(), 2, listeners).await
    }

    /// Somebody who lives here: confirmed and approved, `NAME@mail.example`, [`PASSWORD`].
    pub async fn resident(&self, name: &str) -> AccountId {
        self.account(name, Role::Resident).await
    }

    /// A civil servant.
    pub async fn officer(&self, name: &str) -> AccountId {
        self.account(name, Role::Officer).await
    }

    /// Somebody who looks after the rules.
    pub async fn moderator(&self, name: &str) -> AccountId {
        self.account(name, Role::Moderator).await
    }

    /// Somebody with a role.
    pub async fn account(&self, name: &str, role: Role) -> AccountId {
        let new = NewAccount {
            username: name.to_owned(),
            email: format!("{name}@mail.example"),
            password: PASSWORD.to_owned(),
            role,
        };
        create_by_command(self, new).await.expect("an account")
    }

    /// A bearer token for somebody, with these scopes, made as on the command line.
    pub async fn token(&self, account: AccountId, scopes: &str) -> String {
        let scopes = Scopes::parse(scopes).expect("known scopes");
        self.write(move |tx| issue_by_command(tx, account, &scopes)).await.token
    }

    /// What a bearer token is good for; `None` when it is not in force.
    pub async fn grant_of(&self, token: &str) -> Option<Grant> {
        let token = token.to_owned();
        self.read(move |c| authenticate(c, &token)).await
    }

    /// Reads, and expects that it works.
    pub async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> T {
        self.db().read(f).await.expect("the test reads")
    }

    /// Runs a use case, and expects that it works.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Tx<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> T {
        self.db().write(f).await.expect("the test writes")
    }

    /// What was committed since the last call: topics and ids of `Tx::notify`, and every recorded event as `event StatusPublished` with id 0.
    /// At once on SQLite; on PostgreSQL the server tells it later, so do not ask there.
    #[must_use]
    pub fn heard(&self) -> Vec<(String, i64)> {
        let mut heard = self.heard.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut all = Vec::new();
        while let Ok(notice) = heard.try_recv() {
            all.push((notice.topic, notice.id));
        }
        all
    }

    /// Runs the town's own jobs that are due, until none is.
    pub async fn run_jobs(&self) {
        let registry = crate::jobs::add_to(parvis_jobs::Registry::default());
        let runner = parvis_jobs::Runner::new(self.db().clone(), self.handle(), registry);
        runner.run_due().await.expect("the jobs run");
    }

    /// The names of the events since the last call (also drops other notices).
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        self.heard()
            .into_iter()
            .filter_map(|(topic, _)| topic.strip_prefix("event ").map(str::to_owned))
            .collect()
    }
}

/// Runs `test` in a town on SQLite, and then in one on PostgreSQL if there is a server.
pub async fn both<F, Fut>(test: F)
where
    F: Fn(Town) -> Fut,
    Fut: Future<Output = ()>,
{
    test(Town::new().await).await;
    if let Some(place) = Place::postgres() {
        test(Town::on(place).await).await;
    }
}

/// As [`both`], in towns where these hear of events.
pub async fn both_with<F, Fut>(listeners: &[crate::context::Listener], test: F)
where
    F: Fn(Town) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        test(Town::builder().listeners(listeners.to_vec()).place(place).build().await).await;
    }
}

/// A listener that makes events visible to [`Town::events`].
fn tell(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    let topic = match event {
        Event::StatusPublished { .. } => "event StatusPublished",
        Event::StatusEdited { .. } => "event StatusEdited",
        Event::StatusDeleted { .. } => "event StatusDeleted",
        Event::BoostUndone { .. } => "event BoostUndone",
        Event::Favourited { .. } => "event Favourited",
        Event::FavouriteUndone { .. } => "event FavouriteUndone",
        Event::BookmarkChanged { .. } => "event BookmarkChanged",
        Event::IndexingChosen { .. } => "event IndexingChosen",
        Event::Voted { .. } => "event Voted",
        Event::PollCounted { .. } => "event PollCounted",
        Event::PollEnded { .. } => "event PollEnded",
        Event::FollowRequested { .. } => "event FollowRequested",
        Event::FollowAccepted { .. } => "event FollowAccepted",
        Event::FollowRejected { .. } => "event FollowRejected",
        Event::Unfollowed { .. } => "event Unfollowed",
        Event::Blocked { .. } => "event Blocked",
        Event::Unblocked { .. } => "event Unblocked",
        Event::Muted { .. } => "event Muted",
        Event::ProfileChanged { .. } => "event ProfileChanged",
        Event::AccountMoved { .. } => "event AccountMoved",
        Event::PinChanged { .. } => "event PinChanged",
        Event::AccountSuspended { .. } => "event AccountSuspended",
        Event::AccountRestored { .. } => "event AccountRestored",
        Event::AccountDeleted { .. } => "event AccountDeleted",
        Event::TokensRevoked { .. } => "event TokensRevoked",
        Event::QuoteRequested { .. } => "event QuoteRequested",
        Event::QuoteAccepted { .. } => "event QuoteAccepted",
        Event::QuoteRefused { .. } => "event QuoteRefused",
        Event::QuoteRevoked { .. } => "event QuoteRevoked",
        Event::QuotePolicyChanged { .. } => "event QuotePolicyChanged",
        Event::Reported { .. } => "event Reported",
        Event::SignedUp { .. } => "event SignedUp",
        Event::Warned { .. } => "event Warned",
        Event::ServerShutOut { .. } => "event ServerShutOut",
        Event::GroupModerated { .. } => "event GroupModerated",
        Event::DomainPolicyChanged => "event DomainPolicyChanged",
    };
    tx.notify(topic, 0);
    Ok(())
}
