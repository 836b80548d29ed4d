//! From a template to an answer.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use crate::trouble::Trouble;

/// What a handler of a page returns.
pub type Answer = Result<Response, Trouble>;

/// Rendered HTML.
#[derive(Debug)]
pub struct Page(pub String);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], self.0)
            .into_response()
    }
}

/// The HTML of a template.
///
/// # Errors
/// Internal, never in practice.
pub fn render(template: &impl Template) -> Result<String, Trouble> {
    Ok(template.render()?)
}

/// The page of a template.
///
/// # Errors
/// Internal, never in practice.
pub fn page(template: &impl Template) -> Answer {
    Ok(Page(render(template)?).into_response())
}

/// The page of a template with another code than 200.
///
/// # Errors
/// Internal, never in practice.
pub fn page_with(code: http::StatusCode, template: &impl Template) -> Answer {
    let mut response = (code, Page(render(template)?)).into_response();
    if code == http::StatusCode::TOO_MANY_REQUESTS {
        response.headers_mut().insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("300"));
    }
    Ok(response)
}
