//! GETs signed with the instance actor's key, as servers in secure mode demand. draft-cavage first; on 401 the door is
//! knocked at once more with RFC 9421, and what opened it is remembered for that host.
//!
//! Neighbours: [`super::deliver`] does the same for POSTs. The first knock at an unknown host is always draft-cavage,
//! because some servers (snac2) accept a request before they find out that they cannot read RFC 9421.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http::{Extensions, HeaderMap, Method, StatusCode};
use moka::sync::Cache;
use parvis_model::time::SharedClock;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use url::Url;

use crate::signature::{KeyError, Origin, Scheme, Signer, sign};

/// What a request carries in its extensions when it is to go out unsigned: pages, pictures, WebFinger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unsigned;

/// Which scheme each host understands, when it is not draft-cavage. Bounded, and forgotten after a day.
#[derive(Debug, Clone)]
pub(super) struct Knocks(Cache<String, Scheme>);

impl Knocks {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(24 * 3_600)).build())
    }

    /// The scheme to try first.
    pub(super) fn first(&self, url: &Url) -> Scheme {
        Origin::of(url).and_then(|origin| self.0.get(&origin.authority())).unwrap_or(Scheme::Cavage)
    }

    /// Remembers which scheme a host understood.
    pub(super) fn remember(&self, url: &Url, scheme: Scheme) {
        if let Some(origin) = Origin::of(url) {
            self.0.insert(origin.authority(), scheme);
        }
    }
}

/// Signs on the blocking pool: RSA takes half a millisecond.
pub(super) async fn signed_headers(
    scheme: Scheme,
    signer: &Signer,
    method: Method,
    url: &Url,
    body: Option<Bytes>,
    clock: &SharedClock,
) -> std::result::Result<HeaderMap, KeyError> {
    let (signer, url, now) = (signer.clone(), url.clone(), clock.now());
    tokio::task::spawn_blocking(move || sign(scheme, &signer, &method, &url, body.as_deref(), now))
        .await
        .unwrap_or(Err(KeyError::Failed))
}

/// Signs GETs once the instance's key is known.
pub(super) struct SignGets {
    pub(super) signer: Arc<RwLock<Option<Signer>>>,
    pub(super) knocks: Knocks,
    pub(super) clock: SharedClock,
}

impl SignGets {
    /// The headers that sign `request` are put on it.
    async fn signed(&self, mut request: Request, scheme: Scheme, signer: &Signer) -> Result<Request> {
        let url = request.url().clone();
        let headers = signed_headers(scheme, signer, request.method().clone(), &url, None, &self.clock)
            .await
            .map_err(Error::middleware)?;
        request.headers_mut().extend(headers);
        Ok(request)
    }
}

#[async_trait::async_trait]
impl Middleware for SignGets {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let signer = self.signer.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let (Some(signer), Method::GET, None) =
            (signer, request.method().clone(), extensions.get::<Unsigned>())
        else {
            return next.run(request, extensions).await;
        };
        let first = self.knocks.first(request.url());
        let again = request.try_clone();
        let url = request.url().clone();
        let request = self.signed(request, first, &signer).await?;
        let response = next.clone().run(request, extensions).await?;
        let Some(again) = again.filter(|_| response.status() == StatusCode::UNAUTHORIZED) else {
            return Ok(response);
        };
        drop(response);
        let request = self.signed(again, first.other(), &signer).await?;
        let response = next.run(request, extensions).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            self.knocks.remember(&url, first.other());
        }
        Ok(response)
    }
}
