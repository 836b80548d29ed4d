//! A few requests at a time to any one host, so that a slow peer cannot take all connections (threats R2).
//!
//! The place in the queue is held until the answer is dropped, body included.

use std::sync::Arc;
use std::time::Duration;

use http::Extensions;
use moka::sync::Cache;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use tokio::sync::Semaphore;

use crate::signature::Origin;

/// Hosts that are remembered; beyond, the least used is forgotten, and at worst gets a few requests more.
const MOST_HOSTS: u64 = 10_000;

/// The queues before hosts.
pub(super) struct PerHost {
    permits: usize,
    hosts: Cache<String, Arc<Semaphore>>,
}

impl PerHost {
    pub(super) fn new(permits: usize) -> Self {
        let hosts = Cache::builder().max_capacity(MOST_HOSTS).time_to_idle(Duration::from_secs(600)).build();
        Self { permits: permits.max(1), hosts }
    }
}

#[async_trait::async_trait]
impl Middleware for PerHost {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        // Whatever has no origin is refused, with the reason, at the end of the chain.
        let Some(origin) = Origin::of(request.url()) else { return next.run(request, extensions).await };
        let queue = self.hosts.get_with(origin.authority(), || Arc::new(Semaphore::new(self.permits)));
        let turn = queue.acquire_owned().await.map_err(Error::middleware)?;
        let mut response = next.run(request, extensions).await?;
        response.extensions_mut().insert(Arc::new(turn));
        Ok(response)
    }
}
