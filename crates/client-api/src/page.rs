//! Pages of lists: Mastodon's `max_id`, `since_id`, `min_id`, `limit` in, `Link` headers out (RFC 8288). The links are built from the town's
//! own address, never from the Host header (threats X5).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Uri, header};
use parvis_domain::rows::Range;
use parvis_domain::views::StatusView;
use parvis_model::ids::AccountId;
use parvis_model::urls::Urls;
use serde::Serialize;

use crate::body::Params;
use crate::entities::status_kept;
use crate::error::{ApiError, Result};

/// The range that a request asks for; `default` and `most` are Mastodon's for that list.
///
/// # Errors
/// 422 for what is no number.
pub fn range(params: &Params, default: i64, most: i64) -> Result<Range> {
    Ok(Range {
        max: bound(params, "max_id")?,
        since: bound(params, "since_id")?,
        min: bound(params, "min_id")?,
        limit: limit(params, default, most)?,
    })
}

/// How many entries a request wants.
///
/// # Errors
/// 422 for what is no number.
pub fn limit(params: &Params, default: i64, most: i64) -> Result<i64> {
    match params.number("limit")? {
        Some(n) if n >= 1 => Ok(n.min(most)),
        Some(0) | None => Ok(default),
        Some(_) => Err(ApiError::invalid("limit must be positive")),
    }
}

/// Some clients send `-1` or nothing for "no bound".
fn bound(params: &Params, name: &str) -> Result<Option<i64>> {
    Ok(params.number(name)?.filter(|n| *n >= 0))
}

/// Where a page stands: the request's own path and query, and the ids at its ends.
#[derive(Debug)]
pub struct Links<'a> {
    urls: &'a Urls,
    uri: &'a Uri,
}

impl<'a> Links<'a> {
    /// Links of this request.
    #[must_use]
    pub const fn new(urls: &'a Urls, uri: &'a Uri) -> Self {
        Self { urls, uri }
    }

    /// A page whose first and last entries have these ids (of the list, which are not always the entities'). An empty page has no links;
    /// any other has both, since an entry may have been left out of a full page.
    pub fn page<T: Serialize>(&self, entries: &[T], ends: Option<(i64, i64)>) -> Response {
        self.around(json(entries), ends)
    }

    /// The same of posts.
    pub fn posts<'v>(
        &self,
        posts: impl ExactSizeIterator<Item = &'v StatusView>,
        viewer: Option<AccountId>,
        ends: Option<(i64, i64)>,
    ) -> Response {
        let mut body = Vec::with_capacity(posts.len().saturating_mul(ENTRY).saturating_add(2));
        body.push(b'[');
        for (place, post) in posts.enumerate() {
            if place > 0 {
                body.push(b',');
            }
            if let Err(error) = status_kept::write(post, viewer, self.urls, &mut body) {
                return ApiError::internal(error.to_string()).into_response();
            }
        }
        body.push(b']');
        self.around(of_json(body), ends)
    }

    /// An answer with the links of its page.
    pub fn around(&self, mut response: Response, ends: Option<(i64, i64)>) -> Response {
        if let Some((newest, oldest)) = ends {
            let next = self.link("max_id", oldest);
            let prev = self.link("min_id", newest);
            let text = format!("<{next}>; rel=\"next\", <{prev}>; rel=\"prev\"");
            if let Ok(value) = HeaderValue::from_str(&text) {
                response.headers_mut().insert(header::LINK, value);
            }
        }
        response
    }

    /// This request again, with another bound.
    fn link(&self, name: &str, id: i64) -> String {
        let kept = url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes())
            .filter(|(k, _)| !matches!(k.as_ref(), "max_id" | "min_id" | "since_id" | "access_token"));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair(name, &id.to_string())
            .finish();
        format!("{}{}?{query}", self.urls.base(), self.uri.path())
    }
}

/// Bytes of an entry, more or less, so that a page is not moved while it grows.
const ENTRY: usize = 2_500;

fn json<T: Serialize>(entries: &[T]) -> Response {
    let mut body = Vec::with_capacity(entries.len().saturating_mul(ENTRY).saturating_add(2));
    match serde_json::to_writer(&mut body, entries) {
        Ok(()) => of_json(body),
        Err(error) => ApiError::internal(error.to_string()).into_response(),
    }
}

fn of_json(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_question_and_come_from_our_own_address() {
        let urls = Urls::new("https", "town.example");
        let uri: Uri = "/api/v1/timelines/public?local=true&limit=2&max_id=9".parse().unwrap();
        let response = Links::new(&urls, &uri).page(&["a", "b"], Some((8, 5)));
        insta::assert_snapshot!(
            response.headers()["link"].to_str().unwrap(),
            @r#"<https://town.example/api/v1/timelines/public?local=true&limit=2&max_id=5>; rel="next", <https://town.example/api/v1/timelines/public?local=true&limit=2&min_id=8>; rel="prev""#
        );
    }

    #[test]
    fn an_empty_page_has_no_links() {
        let urls = Urls::new("https", "town.example");
        let uri: Uri = "/api/v1/blocks".parse().unwrap();
        assert!(Links::new(&urls, &uri).page::<()>(&[], None).headers().get("link").is_none());
    }

    #[test]
    fn bounds_that_mean_nothing_are_no_bounds_and_limits_have_an_end() {
        let read = |q: &str| range(&Params::from_query(q).unwrap(), 20, 40);
        assert_eq!(read("").unwrap(), Range::newest(20));
        assert_eq!(read("max_id=&since_id=-1&limit=4000").unwrap(), Range::newest(40));
        assert_eq!(read("min_id=7&limit=1").unwrap(), Range { min: Some(7), ..Range::newest(1) });
        assert!(read("max_id=abc").is_err());
        assert!(read("limit=-3").is_err());
    }
}
