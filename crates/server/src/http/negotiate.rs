//! Addresses that are a page for people and a document for machines: `/`, `/@ana`, `/@ana/123`. Who asks for ActivityPub is led to the document's
//! own address, inside, before routing. The address that was asked for stays in `OriginalUri`, because signatures cover it.
//!
//! Also: a slash at the end of an address that programs call counts for nothing, as in Mastodon. Mastodon.py asks for `/api/v2/instance/`, toot for
//! `/oauth/authorize/`.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, Uri, header};
use axum::response::Response;
use tower::ServiceExt;

/// The same routes; ActivityPub requests for shared addresses come to their documents.
pub fn around(routes: Router) -> Router {
    Router::new().fallback(move |mut request: Request| {
        let routes = routes.clone();
        async move {
            let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
            if let Some(uri) = without_last_slash(request.uri()) {
                *request.uri_mut() = uri;
            }
            let document = document_path(request.uri().path()).filter(|_| is_reading);
            let is_shared = document.is_some();
            let is_for_machine = is_shared && parvis_federation::is_activity_request(request.headers());
            if let Some(uri) = document.filter(|_| is_for_machine).and_then(|path| path.parse::<Uri>().ok()) {
                *request.uri_mut() = uri;
            }
            let answer: Result<Response, std::convert::Infallible> = routes.oneshot(request).await;
            let Ok(mut response) = answer;
            if is_shared && !is_for_machine {
                response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
            }
            response
        }
    })
}

/// The same address without the slash at its end, if it has one and is for programs.
fn without_last_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let shorter =
        path.strip_suffix('/').filter(|_| path.starts_with("/api/") || path.starts_with("/oauth/"))?;
    match uri.query() {
        Some(query) => format!("{shorter}?{query}").parse().ok(),
        None => shorter.parse().ok(),
    }
}

/// Where the document of a shared address is served: `/@ana/1` → `/users/ana/statuses/1`.
fn document_path(path: &str) -> Option<String> {
    if path == "/" {
        return Some("/actor".to_owned());
    }
    let rest = path.strip_prefix("/@")?;
    match rest.split_once('/') {
        None if !rest.contains('@') => Some(format!("/users/{rest}")),
        Some((user, id)) if id.bytes().all(|b| b.is_ascii_digit()) && !user.contains('@') => {
            Some(format!("/users/{user}/statuses/{id}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::OriginalUri;
    use axum::routing::get;

    use super::*;

    #[test]
    fn shared_addresses_have_a_document() {
        assert_eq!(document_path("/").as_deref(), Some("/actor"));
        assert_eq!(document_path("/@ana").as_deref(), Some("/users/ana"));
        assert_eq!(document_path("/@ana/12").as_deref(), Some("/users/ana/statuses/12"));
        assert_eq!(document_path("/@ana@elsewhere"), None);
        assert_eq!(document_path("/@ana/followers"), None);
        assert_eq!(document_path("/about"), None);
    }

    #[test]
    fn a_slash_at_the_end_of_an_address_for_programs_counts_for_nothing() {
        let short = |text: &str| without_last_slash(&text.parse().unwrap()).map(|uri| uri.to_string());
        assert_eq!(short("/api/v2/instance/").as_deref(), Some("/api/v2/instance"));
        assert_eq!(short("/oauth/authorize/?a=b/").as_deref(), Some("/oauth/authorize?a=b/"));
        assert_eq!(short("/api/v2/instance"), None);
        assert_eq!(short("/about/"), None);
        assert_eq!(short("/"), None);
    }

    async fn asked(accept: &str) -> (String, Vec<String>) {
        let routes = Router::new().route("/@{user}", get(|| async { "page" })).route(
            "/users/{user}",
            get(|signed: OriginalUri| async move { format!("document, asked at {}", signed.path()) }),
        );
        let request = Request::get("/@ana").header("accept", accept).body(Body::empty()).unwrap();
        let response = around(routes).oneshot(request).await.unwrap();
        let vary =
            response.headers().get_all("vary").iter().map(|v| v.to_str().unwrap().to_owned()).collect();
        let body = to_bytes(response.into_body(), 1_000).await.unwrap();
        (String::from_utf8(body.to_vec()).unwrap(), vary)
    }

    #[tokio::test]
    async fn people_get_the_page_and_machines_the_document_with_the_address_they_signed() {
        assert_eq!(asked("text/html").await, ("page".to_owned(), vec!["Accept".to_owned()]));
        assert_eq!(asked("application/activity+json").await.0, "document, asked at /@ana");
    }
}
