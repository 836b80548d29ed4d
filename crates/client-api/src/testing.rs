//! A town with this door in front of it, for the tests of this crate.

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use parvis_domain::testing::{Builder, Town};
use serde_json::Value;
use tower::ServiceExt;

/// A town and its router.
pub(crate) struct Api {
    pub(crate) town: Town,
    router: Router,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// As JSON; `null` when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// A header as text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

impl Api {
    pub(crate) async fn new() -> Self {
        Self::of(Town::builder()).await
    }

    pub(crate) async fn of(builder: Builder) -> Self {
        let town = builder.build().await;
        let router = crate::router(town.handle());
        Self { town, router }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("routers answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A request without body.
    pub(crate) async fn call(&self, method: Method, path: &str, token: Option<&str>) -> Answer {
        self.send(request(method, path, token).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.call(Method::GET, path, token).await
    }

    /// A POST with a form.
    pub(crate) async fn form(&self, path: &str, token: Option<&str>, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(path, token, "application/x-www-form-urlencoded", body).await
    }

    /// A POST with JSON.
    pub(crate) async fn json(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        self.post(path, token, "application/json", body.to_string()).await
    }

    /// A POST with any body.
    pub(crate) async fn post(
        &self,
        path: &str,
        token: Option<&str>,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let request = request(Method::POST, path, token).header(header::CONTENT_TYPE, content_type);
        self.send(request.body(body.into()).expect("a request")).await
    }
}

fn request(method: Method, path: &str, token: Option<&str>) -> http::request::Builder {
    let request = Request::builder().method(method).uri(path);
    match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    }
}
