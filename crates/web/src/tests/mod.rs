//! Handler tests through the router, as a browser would use it: cookies kept, forms read from the page before they are sent.

mod answers;
mod consent;
mod data;
mod groups;
mod moving;
mod sign_in;
mod square;
mod strikes;
mod words;

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use parvis_domain::testing::{PASSWORD, Town};
use tower::ServiceExt;

/// An answer with its page.
struct Seen {
    code: StatusCode,
    headers: http::HeaderMap,
    html: String,
}

impl Seen {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().expect("ASCII"))
    }

    fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// The values of the hidden and filled fields of the form that is sent to `action`.
    fn form(&self, action: &str) -> BTreeMap<String, String> {
        let start = format!("action=\"{action}\"");
        let (_, rest) =
            self.html.split_once(&start).unwrap_or_else(|| panic!("no form {action} in {}", self.html));
        let (form, _) = rest.split_once("</form>").expect("a whole form");
        let mut fields = BTreeMap::new();
        for input in form.split("<input").skip(1) {
            let tag = input.split('>').next().unwrap_or_default();
            let attribute = |name: &str| {
                tag.split(&format!(" {name}=\"")).nth(1).and_then(|t| t.split('"').next()).map(unescape)
            };
            let is_ticked = !tag.contains("type=\"checkbox\"");
            if let (Some(name), Some(value), true) = (attribute("name"), attribute("value"), is_ticked) {
                fields.insert(name, value);
            }
        }
        fields
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
}

/// Somebody's browser.
struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

impl Browser {
    fn new(town: &Town) -> Self {
        Self { router: crate::router(town.handle()), cookies: BTreeMap::new(), language: "en" }
    }

    async fn send(&mut self, request: Request<Body>) -> Seen {
        let response: Response<Body> = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().expect("ASCII");
            let (name, value) = text.split(';').next().and_then(|p| p.split_once('=')).expect("a pair");
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        Seen {
            code: parts.status,
            headers: parts.headers,
            html: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::COOKIE, cookies.join("; "))
    }

    async fn get(&mut self, path: &str) -> Seen {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        self.send(request).await
    }

    async fn post(&mut self, path: &str, fields: &BTreeMap<String, String>) -> Seen {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Opens `page`, fills the form that goes to `action`, sends it.
    async fn fill(&mut self, page: &str, action: &str, with: &[(&str, &str)]) -> Seen {
        let mut fields = self.get(page).await.form(action);
        for (name, value) in with {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        self.post(action, &fields).await
    }

    async fn sign_in(&mut self, login: &str) -> Seen {
        self.fill("/auth/sign_in", "/auth/sign_in", &[("login", login), ("password", PASSWORD)]).await
    }
}
