//! Addresses that are a page for people and a document for machines: `/`, `/@ana`, `/@ana/123`. Who asks for ActivityPub is led to the document's
//! own address, inside, before routing.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use tower::ServiceExt;

/// Doors for everybody, except that ActivityPub requests for shared addresses go to `machines`.
pub fn layer(doors: Router, machines: Router) -> Router {
    Router::new().fallback(move |mut request: Request| {
        let (doors, machines) = (doors.clone(), machines.clone());
        async move {
            let document = document_path(request.uri().path());
            let is_for_machine = document.is_some() && parvis_federation::is_activity_request(request.headers());
            let is_shared = document.is_some();
            let answer: Result<Response, std::convert::Infallible> = match document.filter(|_| is_for_machine) {
                Some(path) => {
                    if let Ok(uri) = path.parse::<Uri>() {
                        *request.uri_mut() = uri;
                    }
                    machines.oneshot(request).await
                }
                None => doors.oneshot(request).await,
            };
            let Ok(mut response) = answer;
            if is_shared {
                response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
            }
            response
        }
    })
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
}
