//! Coming by things of other servers, on top of the guarded client and activitypub_federation: actors, posts, addresses, pictures. Implements
//! `domain::outside::Remote`.
//!
//! [`Federation`] is the handle that doors, workers and jobs share. Neighbours: `things` (what an object is), `webfinger`, `ancestors` (the
//! job). Deliberately not here: what may be believed (`domain::remote`), sockets (`client`).

mod again;
mod ancestors;
mod answers;
mod descendants;
mod files;
mod jobs;
mod outside;
mod past;
mod pinned;
mod problem;
pub mod reading;
mod refresh;
#[cfg(test)]
mod descendant_tests;
#[cfg(test)]
mod past_tests;
#[cfg(test)]
mod peer_tests;
#[cfg(test)]
mod pinned_tests;
#[cfg(test)]
pub(crate) mod tests;
mod things;
mod webfinger;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use activitypub_federation::config::{Data, FederationConfig, UrlVerifier};
use activitypub_federation::error::Error as CrateError;
use activitypub_federation::fetch::fetch_object_http;
use activitypub_federation::fetch::object_id::ObjectId;
use activitypub_federation::traits::Object as _;
use async_trait::async_trait;
use moka::future::Cache as Flights;
use moka::sync::Cache;
use parvis_domain::outside::Found;
use parvis_domain::quotes::Authorization;
use parvis_domain::rows::{Account, Status};
use parvis_domain::{Error, Town, accounts, actors, inbound, outbox, policy, remote};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::MINUTE;
use parvis_model::urls::authority;
use url::Url;

pub(crate) use again::read_anew;
pub use jobs::{Ancestors, Answers, Featured, Followers, Listed, Missing, Past, Pinned, Refresh};
pub use problem::Problem;
pub(crate) use things::keep;
pub use things::{KnownActor, KnownNote, Wire};

use crate::client::Client;
use crate::signature::{KeyPair, Signer, same_origin};
use crate::wire::{ActorDocument, QuoteAuthorizationDocument};

/// Requests that one activity or look-up may cause (threats F10).
pub const FETCHES: u32 = 20;
/// How long an address that failed is not asked again.
const NEGATIVE: Duration = Duration::from_secs(60);
/// Addresses whose failure is remembered.
const MOST_FAILURES: u64 = 20_000;
/// How long the answers to a post are not asked for again.
const THREADS_ARE_FRESH: Duration = Duration::from_secs(15 * 60);
/// How old keys must be before they are fetched anew because a signature did not fit, in milliseconds (threats S10).
pub const KEYS_ARE_FRESH: i64 = MINUTE;

/// The town's part in the Fediverse; a clone is the same one.
#[derive(Clone)]
pub struct Federation(Arc<Inner>);

struct Inner {
    town: Town,
    client: Client,
    config: FederationConfig<Town>,
    /// One fetch at a time per address, whoever asks.
    flights: Flights<String, Result<AccountId, Arc<Problem>>>,
    failures: Cache<Url, crate::client::FetchError>,
    /// How many more activities the inbox takes before it counts again.
    room: AtomicI64,
    /// How many may wait at once.
    capacity: AtomicI64,
    /// Servers that were heard within the last minute.
    heard: Cache<String, ()>,
    /// Posts whose answers were asked for lately.
    threads: Cache<StatusId, ()>,
}

impl std::fmt::Debug for Federation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Federation").field(&self.0.town).finish()
    }
}

/// Asks the town's policy before anything is fetched (threats O14). Addresses and redirects are the client's guard's.
#[derive(Clone)]
struct Policy(Town);

#[async_trait]
impl UrlVerifier for Policy {
    async fn verify(&self, url: &Url) -> Result<(), CrateError> {
        let host = authority(url).ok_or(CrateError::UrlVerificationError("no host"))?;
        let is_blocked = self
            .0
            .db()
            .read(move |c| policy::is_suspended(c, &host))
            .await
            .map_err(|e| CrateError::Other(e.to_string()))?;
        if is_blocked {
            Err(CrateError::UrlVerificationError("the server is blocked by the town"))
        } else {
            Ok(())
        }
    }
}

impl Federation {
    /// Joins a town with the Fediverse: makes its instance actor if need be, signs fetches with its key, and gives the town its way to other servers.
    ///
    /// # Errors
    /// Internal: no key, or a secret file of another database.
    pub async fn connect(town: &Town, client: Client) -> parvis_domain::Result<Self> {
        let failures = Cache::builder().max_capacity(MOST_FAILURES).time_to_live(NEGATIVE).build();
        let chain = client.chain_behind(answers::Answers { failures: failures.clone() });
        let config = FederationConfig::builder()
            .domain(town.urls().domain())
            .app_data(town.clone())
            .client(chain)
            .http_fetch_limit(FETCHES)
            // Without it the crate refuses ports, and its list of private addresses is shorter than ours (docs/adr).
            .debug(true)
            .url_verifier(Box::new(Policy(town.clone())))
            .build()
            .await
            .map_err(|e| Error::internal(format!("activitypub_federation: {e}")))?;
        client.sign_as(instance_signer(town).await?);
        let inner = Inner {
            town: town.clone(),
            client,
            config,
            flights: Flights::builder().max_capacity(1_000).time_to_live(Duration::from_secs(60)).build(),
            failures,
            room: AtomicI64::new(0),
            capacity: AtomicI64::new(inbound::CAPACITY),
            heard: Cache::builder().max_capacity(10_000).time_to_live(NEGATIVE).build(),
            threads: Cache::builder().max_capacity(20_000).time_to_live(THREADS_ARE_FRESH).build(),
        };
        let federation = Self(Arc::new(inner));
        town.connect(Arc::new(federation.clone()));
        Ok(federation)
    }

    /// The town.
    #[must_use]
    pub fn town(&self) -> &Town {
        &self.0.town
    }

    /// The guarded client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// A new budget of [`FETCHES`] requests.
    #[must_use]
    pub fn data(&self) -> Data<Town> {
        self.0.config.to_request_data()
    }

    pub(crate) fn room(&self) -> &AtomicI64 {
        &self.0.room
    }

    pub(crate) fn capacity(&self) -> i64 {
        self.0.capacity.load(Ordering::SeqCst)
    }

    /// Lets the inbox hold fewer activities at once, for machines with little room and for tests.
    pub fn set_capacity(&self, rows: i64) {
        self.0.capacity.store(rows, Ordering::SeqCst);
        self.0.room.store(0, Ordering::SeqCst);
    }

    /// Whether a server was heard within the last minute; from now on it was.
    pub(crate) fn heard_lately(&self, host: &str) -> bool {
        let was = self.0.heard.contains_key(host);
        self.0.heard.insert(host.to_owned(), ());
        was
    }

    /// An actor of another server: from the database, else fetched. Whoever asks for the same one meanwhile gets the same answer.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn actor(&self, url: &Url, data: &Data<Town>) -> Result<Account, Arc<Problem>> {
        let known = url.to_string();
        if let Some(account) = self
            .town()
            .db()
            .read(move |c| actors::by_uri(c, &known))
            .await
            .map_err(Problem::from)
            .map_err(Arc::new)?
        {
            return Ok(account);
        }
        self.fly(url, "new", async {
            let actor = ObjectId::<KnownActor>::from(url.clone()).dereference(data).await?;
            self.settle_handle(&actor.account).await;
            Ok(actor.account.id)
        })
        .await
    }

    /// Fetches an actor anew, for its keys. When it is gone (410) it is marked as gone.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn actor_anew(&self, url: &Url) -> Result<Account, Arc<Problem>> {
        self.fly(url, "anew", async {
            let data = self.data();
            match ObjectId::<KnownActor>::from(url.clone()).dereference_forced(&data).await {
                Ok(actor) => Ok(actor.account.id),
                Err(problem) => {
                    if problem.is_gone()
                        && let Some(known) = KnownActor::read_from_id(url.clone(), &data).await?
                    {
                        known.delete(&data).await?;
                    }
                    Err(problem)
                }
            }
        })
        .await
    }

    async fn fly(
        &self,
        url: &Url,
        what: &str,
        fetching: impl Future<Output = Result<AccountId, Problem>>,
    ) -> Result<Account, Arc<Problem>> {
        if self.town().urls().is_ours(url) {
            return Err(Arc::new(Problem::Dropped("one of ours that is not there")));
        }
        let key = format!("{what} {url}");
        let outcome = self.0.flights.get_with(key.clone(), async { fetching.await.map_err(Arc::new) }).await;
        self.0.flights.invalidate(&key).await;
        let id = outcome?;
        let account = self.town().db().read(move |c| actors::by_id(c, id)).await.map_err(Problem::from)?;
        account.ok_or_else(|| Arc::new(Problem::Dropped("it went while it came")))
    }

    /// A post: from the database, else fetched with its author and kept.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn note(&self, url: &Url, data: &Data<Town>) -> Result<Status, Problem> {
        note(url, data).await
    }

    /// Whether this address is known to fail at the moment.
    #[must_use]
    pub fn is_failing(&self, url: &Url) -> bool {
        self.0.failures.contains_key(url)
    }

    fn scheme(&self) -> &str {
        if self.town().urls().base().starts_with("https") { "https" } else { "http" }
    }

    /// The handle of a new actor may be on another host than its id: that is so when both hosts say it. Failing to find out is no error.
    async fn settle_handle(&self, account: &Account) {
        let (scheme, client) = (self.scheme(), self.client());
        let Ok(own) = webfinger::ask(client, scheme, &account.host, &account.username, &account.host).await
        else {
            return;
        };
        let Some(host) = own.subject.host.clone().filter(|h| *h != account.host) else { return };
        if own.actor.as_str() != account.uri || own.subject.username != account.username_key {
            return;
        }
        let Ok(other) = webfinger::ask(client, scheme, &host, &account.username, &host).await else { return };
        if other == own {
            self.move_handle(account.id, host).await;
        }
    }

    async fn move_handle(&self, id: AccountId, host: String) {
        let moved = self.town().db().write(move |tx| remote::accounts::settle_handle(tx, id, &host)).await;
        if let Err(error) = moved {
            tracing::info!(%error, account = id.0, "a handle stays on the host of its actor");
        }
    }

    async fn by_address(&self, username: &str, host: &str) -> Result<Option<AccountId>, Arc<Problem>> {
        let (scheme, client) = (self.scheme(), self.client());
        let mut finger = webfinger::ask(client, scheme, host, username, host).await?;
        // The name's own host decides: a host may only pass us on to it, once, and it must point to the same actor (threats O11).
        let named = finger.subject.host.clone().unwrap_or_default();
        if named == self.town().urls().domain() {
            return Ok(None);
        }
        if named != host {
            let second = webfinger::ask(client, scheme, &named, &finger.subject.username, &named).await?;
            if second != finger {
                return Ok(None);
            }
            finger = second;
        }
        if self.town().urls().is_ours(&finger.actor) {
            return Ok(None);
        }
        let account = self.actor(&finger.actor, &self.data()).await?;
        // `actor` has asked the actor's own host: only when that one agrees is the handle on another host than the id.
        let is_same = account.username_key == finger.subject.username && account.host == named;
        Ok((is_same && account.is_active()).then_some(account.id))
    }

    async fn authorization(&self, url: &Url) -> Result<Authorization, Problem> {
        let fetched = fetch_object_http::<Town, Wire>(url, &self.data()).await?;
        let said = QuoteAuthorizationDocument::read(&fetched.object.0)?;
        if said.id != *url || !same_origin(&said.id, &fetched.url) {
            return Err(Problem::Dropped("an authorization of another address"));
        }
        Ok(Authorization {
            id: said.id.into(),
            author: said.author.into(),
            quoting: said.quoting.into(),
            quoted: said.quoted.into(),
            is_public: true,
        })
    }

    async fn whatever(&self, url: &Url) -> Result<Option<Found>, Problem> {
        let data = self.data();
        let fetched = fetch_object_http::<Town, Wire>(url, &data).await?;
        if ActorDocument::read(&fetched.object.0, data.now()).is_ok() {
            KnownActor::verify(&fetched.object, &fetched.url, &data).await?;
            let actor = KnownActor::from_json(fetched.object, &data).await?;
            self.settle_handle(&actor.account).await;
            return Ok(Some(Found::Account(actor.account.id)));
        }
        KnownNote::verify(&fetched.object, &fetched.url, &data).await?;
        let note = KnownNote::from_json(fetched.object, &data).await?;
        Ok(Some(Found::Status(note.status.id)))
    }
}

/// A post: from the database, else fetched with its author and kept. Ours are never fetched.
pub(crate) async fn note(url: &Url, data: &Data<Town>) -> Result<Status, Problem> {
    if data.urls().is_ours(url) {
        let (urls, address) = (data.urls().clone(), url.to_string());
        let found = data.db().read(move |c| actors::post_by_any_address(c, &urls, &address)).await?;
        return found.filter(|s| s.is_local).ok_or(Problem::Dropped("one of ours that is not there"));
    }
    Ok(ObjectId::<KnownNote>::from(url.clone()).dereference(data).await?.status)
}

/// The instance actor as a signer of fetches.
async fn instance_signer(town: &Town) -> parvis_domain::Result<Signer> {
    let id = accounts::instance_actor::ensure(town).await?;
    let key = town.db().read(move |c| outbox::signing_key(c, id)).await?;
    let key = key.ok_or_else(|| Error::internal("the instance actor has no key"))?;
    let pair = KeyPair::from_pkcs8_der(&key.open(town.secrets())?)
        .map_err(|e| Error::internal(format!("the instance actor's key: {e}")))?;
    let key_id = Url::parse(&key.uri).map_err(|_| Error::internal("the instance actor's key id"))?;
    Ok(Signer { key_id, key: Arc::new(pair) })
}
