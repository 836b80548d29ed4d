//! The one HTTP client of a town. Every outgoing request goes through it: actors, keys, WebFinger, media, previews, push,
//! deliveries. Nothing else opens a socket (threats §0.2).
//!
//! A request passes this chain, and each redirect passes it again:
//! `hops` (redirects) → `signing` (GETs, two knocks) → `per_host` (turns) → `transport` (guard, TLS, resolver).
//! [`Client::chain`] is that chain, for activitypub_federation; `fetch` and `deliver` put sizes, times and the rules of
//! ActivityPub around it. Deliberately not here: what to do with what comes back.

mod body;
mod deliver;
mod fetch;
mod guard;
mod hops;
mod look;
mod per_host;
mod push;
mod resolver;
mod service;
mod signing;
mod transport;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use moka::sync::Cache;
use parvis_model::time::SharedClock;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware};
use url::Url;

pub use deliver::DeliveryOutcome;
pub(crate) use fetch::{ACCEPT_ACTIVITY, content_type};
pub use fetch::{Accepted, Download, FetchError, Fetched, is_activity_type};
pub use guard::{Refusal, is_public};
pub use look::Looked;
pub use resolver::is_localhost;

use crate::signature::{Origin, Scheme, Signer};

/// URLs whose failure is remembered.
const MOST_FAILURES: u64 = 20_000;

/// What the client is told by the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Loopback addresses may be asked (development).
    pub allow_loopback: bool,
    /// Exact addresses with port that may be asked although they are private.
    pub allowed_private_addresses: Vec<SocketAddr>,
    /// A PEM file with certificates that are trusted beside the system's.
    pub extra_ca_file: Option<PathBuf>,
    /// http may be spoken, not only https.
    pub allow_http: bool,
    /// Our own `host[:port]`.
    pub domain: String,
    /// Our own scheme.
    pub scheme: String,
    /// Our version, for `User-Agent`.
    pub version: String,
    /// Times and sizes.
    pub limits: Limits,
}

/// Times and sizes of outgoing requests (threats F8, F9).
#[derive(Debug, Clone)]
pub struct Limits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// For a document or a delivery, all told: turns, redirects, knocks and body.
    pub json_total: Duration,
    /// For a picture, all told.
    pub media_total: Duration,
    /// For a video or sound, all told.
    pub recording_total: Duration,
    /// Bytes of a document, after decompression.
    pub json_bytes: usize,
    /// Bytes of a picture, after decompression.
    pub media_bytes: usize,
    /// Requests at a time to one host.
    pub per_host: usize,
    /// How long a failed address is not asked again.
    pub negative: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            json_total: Duration::from_secs(10),
            media_total: Duration::from_secs(30),
            recording_total: Duration::from_secs(110),
            json_bytes: 1024 * 1024,
            media_bytes: 16 * 1024 * 1024,
            per_host: 4,
            negative: Duration::from_secs(60),
        }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The file with extra certificates cannot be used.
    #[error("federation.extra_ca_file {0}: {1}")]
    ExtraCa(String, String),
    /// The HTTP client cannot be built.
    #[error("the HTTP client cannot be built: {0}")]
    Build(String),
}

/// The client; a clone is the same client.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    chain: ClientWithMiddleware,
    /// The HTTP client at the end of the chain, which no request reaches past the guard.
    bare: reqwest::Client,
    limits: Limits,
    /// `host[:port]` of this town, which is never asked for documents.
    ourselves: String,
    signer: Arc<RwLock<Option<Signer>>>,
    knocks: signing::Knocks,
    failures: Cache<Url, FetchError>,
    clock: SharedClock,
}

impl Client {
    /// A client by these settings. GETs are signed as soon as [`Client::sign_as`] was called.
    ///
    /// # Errors
    /// [`ClientError`], for whoever wrote the configuration.
    pub fn new(settings: &Settings, clock: SharedClock) -> Result<Self, ClientError> {
        let own = Url::parse(&format!("{}://{}/", settings.scheme, settings.domain)).ok();
        let ourselves = own
            .and_then(|url| Origin::of(&url))
            .ok_or_else(|| ClientError::Build(format!("{} is not a host", settings.domain)))?
            .authority();
        let signer = Arc::new(RwLock::new(None));
        let knocks = signing::Knocks::new();
        let transport = transport::Transport::new(settings)?;
        let sign_gets = signing::SignGets {
            signer: Arc::clone(&signer),
            knocks: knocks.clone(),
            clock: Arc::clone(&clock),
        };
        let bare = transport.usual();
        let chain = ClientBuilder::new(bare.clone())
            .with(hops::Hops)
            .with(sign_gets)
            .with(per_host::PerHost::new(settings.limits.per_host))
            .with(transport)
            .build();
        let failures =
            Cache::builder().max_capacity(MOST_FAILURES).time_to_live(settings.limits.negative).build();
        let limits = settings.limits.clone();
        Ok(Self(Arc::new(Inner { chain, bare, limits, ourselves, signer, knocks, failures, clock })))
    }

    /// From now on GETs for documents are signed with this key, the instance actor's.
    pub fn sign_as(&self, signer: Signer) {
        *self.0.signer.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(signer);
    }

    /// The guarded chain by itself, for activitypub_federation and for requests that are no documents (push). It has the
    /// guard, turns and a last time limit; size limits are the caller's.
    #[must_use]
    pub fn chain(&self) -> &ClientWithMiddleware {
        &self.0.chain
    }

    /// The chain with something in front of it that sees each request before the first hop and the answer after the last.
    #[must_use]
    pub fn chain_behind(&self, first: impl Middleware) -> ClientWithMiddleware {
        ClientBuilder::new(self.0.bare.clone()).with(first).with(Through(self.0.chain.clone())).build()
    }

    /// The signature that the host of `url` is tried with first.
    #[must_use]
    pub fn scheme_for(&self, url: &Url) -> Scheme {
        self.0.knocks.first(url)
    }

    /// Says which signature the host of `url` understood, as far as the database remembers.
    pub fn remember_scheme(&self, url: &Url, scheme: Scheme) {
        self.0.knocks.remember(url, scheme);
    }

    /// Whether `url` is one of this town's.
    #[must_use]
    pub fn is_ours(&self, url: &Url) -> bool {
        Origin::of(url).is_some_and(|origin| origin.authority() == self.0.ourselves)
    }
}

/// Hands a request to the guarded chain; what stands behind it in its own stack is never reached.
struct Through(ClientWithMiddleware);

#[async_trait::async_trait]
impl Middleware for Through {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut http::Extensions,
        _: reqwest_middleware::Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        self.0.execute_with_extensions(request, extensions).await
    }
}

#[cfg(test)]
mod tests;
