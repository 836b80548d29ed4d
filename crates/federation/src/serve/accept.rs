//! Page or document: what `Accept` prefers (ActivityPub §3.2).

use http::{HeaderMap, header};
use mime::Mime;

use crate::client::is_activity_type;

/// Types in one `Accept` that are looked at.
const MOST: usize = 30;

/// Whether a request asks for ActivityPub and not rather for a page: `application/activity+json`, or `application/ld+json` with the profile of
/// ActivityStreams, weighs more than HTML or stands before it.
#[must_use]
pub fn is_activity_request(headers: &HeaderMap) -> bool {
    match weights(headers) {
        (Some(document), Some(page)) => document > page,
        (document, _) => document.is_some(),
    }
}

/// Whether a request to a document's own address comes from a browser: it names HTML and does not rather ask for ActivityPub. Whoever names
/// neither gets the document.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    weights(headers).1.is_some() && !is_activity_request(headers)
}

/// Weight in thousandths, and the place from the end: both more is better.
type Weight = (u16, usize);

/// The best weights of the document and of the page.
fn weights(headers: &HeaderMap) -> (Option<Weight>, Option<Weight>) {
    let texts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let kinds = texts.flat_map(|text| text.split(',')).take(MOST).enumerate();
    let (mut document, mut page) = (None, None);
    for (place, kind) in kinds.filter_map(|(place, text)| Some((place, text.trim().parse::<Mime>().ok()?))) {
        let weight = (quality(&kind), MOST - place);
        if weight.0 == 0 {
            continue;
        }
        if is_activity_type(&kind) {
            document = document.max(Some(weight));
        } else if matches!(kind.essence_str(), "text/html" | "application/xhtml+xml") {
            page = page.max(Some(weight));
        }
    }
    (document, page)
}

/// RFC 9110 §12.4.2: `1`, `0`, or up to three digits behind the point. Anything else counts as 1, as if it were not there.
fn quality(kind: &Mime) -> u16 {
    let Some(text) = kind.get_param("q") else { return 1_000 };
    let (whole, part) = text.as_str().split_once('.').unwrap_or((text.as_str(), ""));
    match (whole, format!("{part:0<3}").parse::<u16>()) {
        ("0", Ok(thousandths)) if part.len() <= 3 => thousandths,
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(accept: &str) -> (bool, bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        (is_activity_request(&headers), wants_page(&headers))
    }

    #[test]
    fn servers_get_documents() {
        for accept in [
            "application/activity+json",
            "application/activity+json, application/ld+json",
            r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
            r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1"#,
            "APPLICATION/Activity+JSON; charset=utf-8",
            "text/html;q=0.5, application/activity+json;q=0.9",
        ] {
            assert_eq!(asked(accept), (true, false), "{accept}");
        }
    }

    #[test]
    fn browsers_get_pages() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html, application/activity+json",
            "text/html, application/activity+json;q=0.9",
            "application/activity+json;q=0, text/html",
        ] {
            assert_eq!(asked(accept), (false, true), "{accept}");
        }
    }

    #[test]
    fn who_asks_for_neither_gets_what_stands_at_the_address() {
        for accept in [
            "*/*",
            "application/json",
            "application/ld+json",
            "image/png",
            "nonsense",
            ",;,",
            "text/html;q=0",
        ] {
            assert_eq!(asked(accept), (false, false), "{accept}");
        }
        assert!(!is_activity_request(&HeaderMap::new()) && !wants_page(&HeaderMap::new()));
    }
}
