//! Fetching: documents of ActivityPub with the rules that make them believable, and other things with limits only.
//!
//! A document is believed when it came with the right type (threats O3) and from the address that is its id (threats O1,
//! O2). Neighbours: `wire` reads the bytes. Not here: how many fetches an activity may cause, and caching of successes.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE};
use mime::Mime;
use reqwest::Response;
use serde::Deserialize;
use url::Url;

use super::guard::Refusal;
use super::signing::Unsigned;
use super::{Client, body};

const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";
pub(crate) const ACCEPT_ACTIVITY: &str =
    r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;

/// Something that was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Where it came from in the end. For ActivityPub documents it is also their id.
    pub final_url: Url,
    /// `Content-Type` as it was sent.
    pub content_type: Option<String>,
    /// The body, decompressed.
    pub bytes: Bytes,
}

/// What kinds of answers are taken by [`Client::get`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// WebFinger and NodeInfo: `application/jrd+json`, `application/json`; a document's size and time.
    Json,
    /// Pages for previews: `text/html`, `application/xhtml+xml`; a document's size and time.
    Html,
    /// Anything, with the size and time of pictures; the type is found out from the content.
    Media,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// We do not ask there at all.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// 404: it is not there, or not for us.
    #[error("it is not there")]
    NotFound,
    /// 410: it was deleted.
    #[error("it was deleted")]
    Gone,
    /// Any other status that is no success.
    #[error("the server answered {0}")]
    Status(u16),
    /// The answer is too large.
    #[error("the answer is too large")]
    TooLarge,
    /// The answer took too long.
    #[error("the answer took too long")]
    Timeout,
    /// The answer has a type that is not believed.
    #[error("the answer has the wrong type")]
    ContentType,
    /// The document says that it lives elsewhere, and there it does not.
    #[error("the document is not the one of this address")]
    WrongId,
    /// The answer is no JSON object with an id.
    #[error("the answer is not a document")]
    NotADocument,
    /// There was no answer.
    #[error("the server cannot be reached")]
    Unreachable,
}

impl FetchError {
    /// Finds our own refusals inside the HTTP client's errors.
    pub(super) fn of_reqwest(error: &reqwest::Error) -> Self {
        let mut cause = error.source();
        while let Some(inner) = cause {
            if let Some(refusal) = inner.downcast_ref::<Refusal>() {
                return Self::Refused(refusal.clone());
            }
            cause = inner.source();
        }
        tracing::debug!(%error, "an outgoing request failed");
        if error.is_timeout() { Self::Timeout } else { Self::Unreachable }
    }

    pub(crate) fn of_chain(error: &reqwest_middleware::Error) -> Self {
        match error {
            reqwest_middleware::Error::Reqwest(error) => Self::of_reqwest(error),
            reqwest_middleware::Error::Middleware(error) => error
                .downcast_ref::<Refusal>()
                .map_or(Self::Unreachable, |refusal| Self::Refused(refusal.clone())),
        }
    }
}

/// The one member that decides where a document belongs.
#[derive(Deserialize)]
struct Identified<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

impl Client {
    /// Fetches an ActivityPub document, signed. Its `id` is the address it came from: if the document names another one,
    /// that one is asked once, and must agree. A fragment in `url` is ignored, so ask for the object by its own `id`.
    ///
    /// # Errors
    /// [`FetchError`]; failures are remembered for a while and answered without asking again.
    pub async fn get_json(&self, url: &Url) -> Result<Fetched, FetchError> {
        let asking = async {
            let first = self.document(url).await?;
            let id = id_of(&first.bytes)?;
            if id == first.final_url {
                return Ok(first);
            }
            let second = self.document(&id).await?;
            if second.final_url == id && id_of(&second.bytes)? == id {
                Ok(second)
            } else {
                Err(FetchError::WrongId)
            }
        };
        self.remembering(url, self.0.limits.json_total, asking).await
    }

    /// Fetches something that is no ActivityPub document, unsigned.
    ///
    /// # Errors
    /// [`FetchError`]; failures are remembered for a while and answered without asking again.
    pub async fn get(&self, url: &Url, accepted: Accepted) -> Result<Fetched, FetchError> {
        let limits = &self.0.limits;
        let (accept, types, size): (_, &[&str], _) = match accepted {
            Accepted::Json => (
                "application/jrd+json, application/json",
                &["application/jrd+json", "application/json"],
                limits.json_bytes,
            ),
            Accepted::Html => ("text/html", &["text/html", "application/xhtml+xml"], limits.json_bytes),
            Accepted::Media => ("image/*, video/*, audio/*", &[], limits.media_bytes),
        };
        let total = if accepted == Accepted::Media { limits.media_total } else { limits.json_total };
        let asking = async {
            let request = self.0.chain.get(url.clone()).header(ACCEPT, accept).with_extension(Unsigned);
            let response = success(request.send().await)?;
            let essence = content_type(&response).map(|kind| kind.essence_str().to_owned());
            let fits = types.is_empty() || essence.is_some_and(|essence| types.contains(&essence.as_str()));
            if !fits {
                return Err(FetchError::ContentType);
            }
            fetched(response, size).await
        };
        self.remembering(url, total, asking).await
    }

    /// Begins to fetch a video or sound, unsigned. The caller takes it piece by piece, which is within the time and size of recordings.
    ///
    /// # Errors
    /// [`FetchError`]; failures are remembered for a while and answered without asking again.
    pub async fn open(&self, url: &Url, limit: u64) -> Result<Download, FetchError> {
        if let Some(failure) = self.0.failures.get(url) {
            return Err(failure);
        }
        let request =
            self.0.chain.get(url.clone()).header(ACCEPT, "video/*, audio/*").with_extension(Unsigned);
        let opened = success(request.timeout(self.0.limits.recording_total).send().await);
        let opened = opened.and_then(|response| match response.content_length() {
            Some(length) if length > limit => Err(FetchError::TooLarge),
            _ => Ok(Download { response, left: limit }),
        });
        if let Err(failure) = &opened {
            self.0.failures.insert(url.clone(), failure.clone());
        }
        opened
    }

    /// Forgets that `url` failed, so that the next fetch asks again.
    pub fn forget_failure(&self, url: &Url) {
        self.0.failures.invalidate(url);
    }

    /// One document, of the right type and not from ourselves.
    async fn document(&self, url: &Url) -> Result<Fetched, FetchError> {
        let mut url = url.clone();
        url.set_fragment(None);
        if self.is_ours(&url) {
            return Err(FetchError::Refused(Refusal::Ourselves));
        }
        let response = success(self.0.chain.get(url).header(ACCEPT, ACCEPT_ACTIVITY).send().await)?;
        if self.is_ours(response.url()) {
            return Err(FetchError::Refused(Refusal::Ourselves));
        }
        if !content_type(&response).is_some_and(|kind| is_activity_type(&kind)) {
            return Err(FetchError::ContentType);
        }
        fetched(response, self.0.limits.json_bytes).await
    }

    /// Answers from memory when `url` failed a moment ago, gives up after `total`, and remembers a failure.
    async fn remembering(
        &self,
        url: &Url,
        total: Duration,
        asking: impl Future<Output = Result<Fetched, FetchError>>,
    ) -> Result<Fetched, FetchError> {
        if let Some(failure) = self.0.failures.get(url) {
            return Err(failure);
        }
        let outcome = tokio::time::timeout(total, asking).await.unwrap_or(Err(FetchError::Timeout));
        if let Err(failure) = &outcome {
            self.0.failures.insert(url.clone(), failure.clone());
        }
        outcome
    }
}

/// A large file on its way.
#[derive(Debug)]
pub struct Download {
    response: Response,
    /// Bytes that may still come.
    left: u64,
}

impl Download {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn piece(&mut self) -> Result<Option<Bytes>, FetchError> {
        let Some(piece) = self.response.chunk().await.map_err(|error| FetchError::of_reqwest(&error))? else {
            return Ok(None);
        };
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or(FetchError::TooLarge)?;
        Ok(Some(piece))
    }
}

/// An answer that is one.
pub(super) fn success(outcome: reqwest_middleware::Result<Response>) -> Result<Response, FetchError> {
    let response = outcome.map_err(|error| FetchError::of_chain(&error))?;
    match response.status() {
        StatusCode::NOT_FOUND => Err(FetchError::NotFound),
        StatusCode::GONE => Err(FetchError::Gone),
        status if status.is_success() => Ok(response),
        status => Err(FetchError::Status(status.as_u16())),
    }
}

async fn fetched(response: Response, size: usize) -> Result<Fetched, FetchError> {
    let mut final_url = response.url().clone();
    final_url.set_fragment(None);
    let content_type =
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let bytes = body::read(response, size).await?;
    Ok(Fetched { final_url, content_type, bytes })
}

/// The one `Content-Type` of an answer.
pub(crate) fn content_type(response: &Response) -> Option<Mime> {
    let mut values = response.headers().get_all(CONTENT_TYPE).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    value.to_str().ok()?.parse().ok()
}

/// Whether this is the type of an ActivityPub document (ActivityPub §3.2): `application/activity+json`, or
/// `application/ld+json` with the profile of ActivityStreams. Anything else could be somebody's upload (threats O3).
#[must_use]
pub fn is_activity_type(kind: &Mime) -> bool {
    match kind.essence_str() {
        "application/activity+json" => true,
        "application/ld+json" => kind.get_param("profile").is_some_and(|profiles| {
            profiles.as_str().split_ascii_whitespace().any(|one| one == ACTIVITY_STREAMS)
        }),
        _ => false,
    }
}

fn id_of(bytes: &[u8]) -> Result<Url, FetchError> {
    let document: Identified<'_> = serde_json::from_slice(bytes).map_err(|_| FetchError::NotADocument)?;
    Url::parse(&document.id).map_err(|_| FetchError::NotADocument)
}
