//! A middleware between activitypub_federation and our guarded client: it says `Accept` as ActivityPub wants it, lets only answers through that are
//! documents by our rule (threats O3), and remembers failures for a minute (S10, F11).
//!
//! The crate compares `Content-Type` with three fixed texts and does not look at the status; so what passes here is given the text that it knows.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{Extensions, HeaderValue, StatusCode};
use moka::sync::Cache;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};
use url::Url;

use crate::client::{ACCEPT_ACTIVITY, FetchError, content_type, is_activity_type};

/// See the module.
pub(super) struct Answers {
    pub(super) failures: Cache<Url, FetchError>,
}

#[async_trait::async_trait]
impl Middleware for Answers {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let url = request.url().clone();
        if let Some(failure) = self.failures.get(&url) {
            return Err(Error::middleware(failure));
        }
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static(ACCEPT_ACTIVITY));
        let outcome = match next.run(request, extensions).await {
            Ok(response) => document(response),
            Err(error) => Err(FetchError::of_chain(&error)),
        };
        outcome.map_err(|failure| {
            self.failures.insert(url, failure.clone());
            Error::middleware(failure)
        })
    }
}

fn document(mut response: Response) -> std::result::Result<Response, FetchError> {
    match response.status() {
        // The crate knows what this means, and tells the object that it is gone.
        StatusCode::GONE => return Ok(response),
        StatusCode::NOT_FOUND => return Err(FetchError::NotFound),
        status if !status.is_success() => return Err(FetchError::Status(status.as_u16())),
        _ => {}
    }
    if !content_type(&response).is_some_and(|kind| is_activity_type(&kind)) {
        return Err(FetchError::ContentType);
    }
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/activity+json"));
    Ok(response)
}

/// What an error of the chain means, ours included.
pub(super) fn meaning(error: &Error) -> FetchError {
    if let Error::Middleware(inner) = error
        && let Some(failure) = inner.downcast_ref::<FetchError>()
    {
        return failure.clone();
    }
    FetchError::of_chain(error)
}
