//! Lists in pages, as Mastodon gives them: `max_id`, `since_id`, `min_id`, `limit` in, a `Link` header out (RFC 8288). Addresses are made from the settings,
//! never from what the client sent as host (threats X5).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Uri, header};
use parvis_domain::Town;
use parvis_domain::rows::Range;
use serde::{Deserialize, Serialize};

use crate::body::blank;

/// The parameters of a page. Take it as a field of its own [`crate::body::Params`], beside other parameters of the same request.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct PageParams {
    #[serde(default, deserialize_with = "blank")]
    max_id: Option<Cursor>,
    #[serde(default, deserialize_with = "blank")]
    since_id: Option<Cursor>,
    #[serde(default, deserialize_with = "blank")]
    min_id: Option<Cursor>,
    #[serde(default, deserialize_with = "blank")]
    limit: Option<i64>,
}

/// An id of whatever the page lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor(i64);

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        parvis_model::ids::StatusId::deserialize(d).map(|id| Self(id.0))
    }
}

impl PageParams {
    /// The range for a list with `usual` entries per page and `most` at most.
    #[must_use]
    pub fn range(&self, usual: i64, most: i64) -> Range {
        let id = |c: Option<Cursor>| c.map(|c| c.0);
        Range {
            max: id(self.max_id),
            since: id(self.since_id),
            min: id(self.min_id),
            limit: self.limit.unwrap_or(usual).clamp(1, most),
        }
    }
}

/// A page as an answer. `ids` are the cursors of the entries, newest first, also of those that were left out for the viewer; without any there is no
/// `Link`.
pub fn answer<T: Serialize>(town: &Town, uri: &Uri, items: &[T], ids: &[i64]) -> Response {
    let mut response = Json(items).into_response();
    if let (Some(newest), Some(oldest)) = (ids.first(), ids.last())
        && let Ok(value) = HeaderValue::from_str(&link(town, uri, *newest, *oldest))
    {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

fn link(town: &Town, uri: &Uri, newest: i64, oldest: i64) -> String {
    let base = town.urls().page(uri.path());
    let kept: Vec<(String, String)> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .filter(|(k, _)| !matches!(k.as_ref(), "max_id" | "since_id" | "min_id" | "access_token"))
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let address = |key: &str, id: i64| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&kept).append_pair(key, &id.to_string());
        format!("{base}?{}", query.finish())
    };
    format!("<{}>; rel=\"next\", <{}>; rel=\"prev\"", address("max_id", oldest), address("min_id", newest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn x5_links_come_from_the_settings_and_keep_the_other_parameters() {
        let town = parvis_domain::testing::Town::new().await;
        let uri = Uri::from_static(
            "http://evil.example/api/v1/timelines/home?limit=2&max_id=9&only=a%20b&access_token=t",
        );
        let response = answer(&town, &uri, &["a", "b"], &[8, 7]);
        assert_eq!(
            response.headers().get(header::LINK).and_then(|v| v.to_str().ok()),
            Some(
                "<http://town.example/api/v1/timelines/home?limit=2&only=a+b&max_id=7>; rel=\"next\", \
                 <http://town.example/api/v1/timelines/home?limit=2&only=a+b&min_id=8>; rel=\"prev\""
            )
        );
        assert!(answer(&town, &uri, &[""; 0], &[]).headers().get(header::LINK).is_none());
    }

    #[test]
    fn a_page_has_at_least_one_and_at_most_so_many_entries() {
        let params = PageParams { limit: Some(1_000), max_id: Some(Cursor(5)), ..PageParams::default() };
        assert_eq!(params.range(20, 40), Range { max: Some(5), since: None, min: None, limit: 40 });
        assert_eq!(PageParams { limit: Some(-3), ..params }.range(20, 40).limit, 1);
        assert_eq!(PageParams::default().range(20, 40).limit, 20);
    }
}
