//! Delivering one activity to one inbox: signed POST, two knocks, and what the answer means (federation.md §5).
//!
//! Neighbours: the delivery worker decides when to try again and keeps the order. Not here: queues and backoff.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};
use parvis_model::time::{DAY, Moment, SECOND};
use reqwest::Response;
use url::Url;

use super::guard::Refusal;
use super::signing::signed_headers;
use super::{Client, FetchError, body};
use crate::signature::{Scheme, Signer};

/// Bytes of an answer that are read so that the connection can be used again; what it says is of no interest.
const ANSWER: usize = 16 * 1024;

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Any 2xx: the other side has it.
    Delivered,
    /// 404 or 410: this inbox is no more.
    Gone {
        /// Which of the two; 410 is meant for ever.
        status: u16,
    },
    /// The other side does not want this activity, or our guard does not want this inbox. Never try this one again.
    Refused {
        /// The answer, when there was one.
        status: Option<u16>,
        /// Why we did not ask, when it was us.
        guard: Option<Refusal>,
    },
    /// Not now: 401 to both knocks, 408, 425, 429, 5xx, or no answer.
    RetryLater {
        /// The answer, when there was one.
        status: Option<u16>,
        /// `Retry-After`, at most a day.
        after: Option<Duration>,
    },
}

impl Client {
    /// Delivers `body`, exactly these bytes, to `inbox`, signed by `signer`. Takes at most the time of one document,
    /// both knocks included.
    pub async fn post_signed(&self, inbox: &Url, body: Bytes, signer: &Signer) -> DeliveryOutcome {
        self.post_signed_with(inbox, body, signer, &HeaderMap::new()).await
    }

    /// The same with more headers, which the signature does not cover.
    pub async fn post_signed_with(
        &self,
        inbox: &Url,
        body: Bytes,
        signer: &Signer,
        more: &HeaderMap,
    ) -> DeliveryOutcome {
        let later = DeliveryOutcome::RetryLater { status: None, after: None };
        tokio::time::timeout(self.0.limits.json_total, self.knock_twice(inbox, body, signer, more))
            .await
            .unwrap_or(later)
    }

    async fn knock_twice(
        &self,
        inbox: &Url,
        body: Bytes,
        signer: &Signer,
        more: &HeaderMap,
    ) -> DeliveryOutcome {
        if self.is_ours(inbox) {
            return DeliveryOutcome::Refused { status: None, guard: Some(Refusal::Ourselves) };
        }
        let first = self.0.knocks.first(inbox);
        let mut status = match self.knock(inbox, body.clone(), signer, first, more).await {
            Ok(response) => response,
            Err(outcome) => return outcome,
        };
        if matches!(status.0.as_u16(), 400 | 401 | 403) {
            status = match self.knock(inbox, body, signer, first.other(), more).await {
                Ok(response) => response,
                Err(outcome) => return outcome,
            };
            if status.0.is_success() {
                self.0.knocks.remember(inbox, first.other());
            }
        }
        meaning(status.0, &status.1, self.0.clock.now())
    }

    async fn knock(
        &self,
        inbox: &Url,
        body: Bytes,
        signer: &Signer,
        scheme: Scheme,
        more: &HeaderMap,
    ) -> Result<(StatusCode, HeaderMap), DeliveryOutcome> {
        let headers = signed_headers(scheme, signer, Method::POST, inbox, Some(body.clone()), &self.0.clock)
            .await
            .map_err(|_| {
                tracing::error!(key = %signer.key_id, "an own key cannot sign");
                DeliveryOutcome::RetryLater { status: None, after: None }
            })?;
        let sent = self
            .0
            .chain
            .post(inbox.clone())
            .headers(headers)
            .headers(more.clone())
            .header(CONTENT_TYPE, "application/activity+json")
            .header(ACCEPT, "application/activity+json, application/json")
            .timeout(self.0.limits.json_total)
            .body(body)
            .send()
            .await;
        match sent.map_err(|error| FetchError::of_chain(&error)) {
            Ok(response) => Ok(drained(response).await),
            Err(FetchError::Refused(refusal)) => {
                Err(DeliveryOutcome::Refused { status: None, guard: Some(refusal) })
            }
            Err(_) => Err(DeliveryOutcome::RetryLater { status: None, after: None }),
        }
    }
}

pub(super) async fn drained(mut response: Response) -> (StatusCode, HeaderMap) {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    // An answer that cannot be read is an answer all the same.
    let _ignored = body::read(response, ANSWER).await;
    (status, headers)
}

/// What an answer means for the delivery.
fn meaning(status: StatusCode, headers: &HeaderMap, now: Moment) -> DeliveryOutcome {
    let code = status.as_u16();
    match code {
        200..=299 => DeliveryOutcome::Delivered,
        404 | 410 => DeliveryOutcome::Gone { status: code },
        // 501 will not become implemented while we wait (Mastodon gives up on it too).
        401 | 408 | 425 | 429 | 500 | 502..=599 => {
            DeliveryOutcome::RetryLater { status: Some(code), after: retry_after(headers, now) }
        }
        _ => DeliveryOutcome::Refused { status: Some(code), guard: None },
    }
}

/// `Retry-After` in seconds or as a date (RFC 9110 §10.2.3), at most a day.
pub(super) fn retry_after(headers: &HeaderMap, now: Moment) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let millis = match text.parse::<i64>() {
        Ok(seconds) => seconds.saturating_mul(SECOND),
        Err(_) => Moment::parse_http_date(text)?.since(now),
    };
    u64::try_from(millis.clamp(0, DAY)).ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_federation_md_says() {
        let of = |code: u16| meaning(StatusCode::from_u16(code).unwrap(), &HeaderMap::new(), Moment(0));
        for code in [200, 201, 202, 204] {
            assert_eq!(of(code), DeliveryOutcome::Delivered, "{code}");
        }
        for code in [404, 410] {
            assert_eq!(of(code), DeliveryOutcome::Gone { status: code }, "{code}");
        }
        for code in [401, 408, 425, 429, 500, 502, 503, 504, 522] {
            assert_eq!(of(code), DeliveryOutcome::RetryLater { status: Some(code), after: None }, "{code}");
        }
        for code in [301, 302, 308, 400, 403, 405, 406, 413, 415, 422, 501] {
            assert_eq!(of(code), DeliveryOutcome::Refused { status: Some(code), guard: None }, "{code}");
        }
    }

    #[test]
    fn r3_retry_after_is_read_in_both_forms_and_bounded() {
        let now = Moment(1_795_341_600_000);
        for (text, expected) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("-5", Some(0)),
            ("99999999999999999", Some(86_400)),
            ("Sun, 22 Nov 2026 10:01:00 GMT", Some(60)),
            ("Sun, 22 Nov 2026 09:00:00 GMT", Some(0)),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs), "{text}");
        }
    }
}
