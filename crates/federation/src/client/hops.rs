//! Redirects: at most three, never from https to http, and each hop passes the whole rest of the chain again (threats F3).
//!
//! Only GET and HEAD follow; a delivery that is redirected has not arrived.

use http::header::LOCATION;
use http::{Extensions, Method, StatusCode};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use url::Url;

use super::guard::Refusal;

/// Redirects that are followed.
const MOST_HOPS: usize = 3;

/// Follows redirects.
pub(super) struct Hops;

#[async_trait::async_trait]
impl Middleware for Hops {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return next.run(request, extensions).await;
        }
        for _ in 0..=MOST_HOPS {
            let mut again = request.try_clone().ok_or_else(|| Error::middleware(Refusal::Redirect))?;
            let response = next.clone().run(request, extensions).await?;
            let Some(target) = target(&response).map_err(Error::middleware)? else { return Ok(response) };
            // The answer must be gone before the next request: it may wait for the same host's turn.
            drop(response);
            *again.url_mut() = target;
            request = again;
        }
        Err(Error::middleware(Refusal::TooManyRedirects))
    }
}

/// Where the answer sends us, if it does.
fn target(response: &Response) -> std::result::Result<Option<Url>, Refusal> {
    let moved = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(location) = response.headers().get(LOCATION).filter(|_| moved) else { return Ok(None) };
    let location = location.to_str().map_err(|_| Refusal::Redirect)?;
    let mut target = response.url().join(location).map_err(|_| Refusal::Redirect)?;
    if response.url().scheme() == "https" && target.scheme() != "https" {
        return Err(Refusal::Redirect);
    }
    target.set_fragment(None);
    Ok(Some(target))
}
