//! A message to a push service (RFC 8030) through the guarded chain: no redirects, the addresses of the guard only, nothing of the answer kept
//! (threats F6). Neighbours: `domain::push` makes the message, its job tries again.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use parvis_domain::outside::{PushAnswer as Answer, PushRequest as Request};

use super::deliver::{drained, retry_after};
use super::{Client, FetchError};

impl Client {
    /// Hands a message to a push service. Takes at most the time of one document.
    pub async fn push(&self, message: Request) -> Answer {
        if self.is_ours(&message.endpoint) {
            return Answer::Refused;
        }
        let Some(headers) = headers(&message.headers) else { return Answer::Refused };
        let sent = self.post_once(&message, headers, message.body.clone());
        let Ok(sent) = tokio::time::timeout(self.0.limits.json_total, sent).await else {
            return Answer::Later(None);
        };
        match sent {
            Ok((status, headers)) => meaning(status, retry_after(&headers, self.0.clock.now())),
            Err(FetchError::Refused(refusal)) => {
                tracing::debug!(%refusal, "a push service that we do not call");
                Answer::Refused
            }
            Err(_) => Answer::Later(None),
        }
    }

    async fn post_once(
        &self,
        message: &Request,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<(StatusCode, HeaderMap), FetchError> {
        let sent = self
            .0
            .chain
            .post(message.endpoint.clone())
            .headers(headers)
            .timeout(self.0.limits.json_total)
            .body(body)
            .send()
            .await;
        match sent {
            Ok(response) => Ok(drained(response).await),
            Err(error) => Err(FetchError::of_chain(&error)),
        }
    }
}

fn headers(pairs: &[(&'static str, String)]) -> Option<HeaderMap> {
    pairs
        .iter()
        .map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(value).ok()?)))
        .collect()
}

/// What an answer means (RFC 8030 §5, §8.4).
fn meaning(status: StatusCode, after: Option<Duration>) -> Answer {
    match status.as_u16() {
        200..=299 => Answer::Delivered,
        404 | 410 => Answer::Gone,
        408 | 425 | 429 | 500..=599 => Answer::Later(after.and_then(|d| i64::try_from(d.as_millis()).ok())),
        _ => Answer::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f6_answers_of_push_services_mean_what_the_rfc_says() {
        let of = |code: u16| meaning(StatusCode::from_u16(code).unwrap(), Some(Duration::from_secs(9)));
        for code in [200, 201, 202, 204] {
            assert_eq!(of(code), Answer::Delivered, "{code}");
        }
        for code in [404, 410] {
            assert_eq!(of(code), Answer::Gone, "{code}");
        }
        for code in [408, 429, 500, 502, 503] {
            assert_eq!(of(code), Answer::Later(Some(9_000)), "{code}");
        }
        for code in [301, 302, 307, 308, 400, 401, 403, 413] {
            assert_eq!(of(code), Answer::Refused, "{code}: a redirect is not followed");
        }
    }
}
