//! How a page fails: one type, one way from `domain::Error`, one page. Internal text is logged here, once, with the request's number, and never shown.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use parvis_domain::Error;
use parvis_model::refusal::Refusal;

use crate::frame::Frame;
use crate::page::{Page, render};
use crate::redirects::{self, OwnPath};
use crate::visitor::Visitor;

/// What went wrong, as a page says it.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Nothing there, or not for this visitor.
    NotFound,
    /// It was here, and was deleted for good.
    Gone,
    /// There, but not allowed.
    Forbidden(Refusal),
    /// A rule said no and there is no form to say it in.
    Refused(Refusal),
    /// The address or form has something unreadable in it.
    BadRequest,
    /// The form did not come from a page of ours, or from one that is too old.
    FormExpired,
    /// Too many bytes.
    TooLarge,
    /// Too many requests.
    TooMany,
    /// The database is busy or being repaired.
    Unavailable,
    /// Nobody is signed in: first there, then back to this path.
    SignIn(OwnPath),
    /// What axum itself refused: an unknown method, an unreadable query.
    Other(StatusCode),
    /// Our own trouble, in words for the log.
    Internal(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            error if error.is_unavailable() => Self::Unavailable,
            Error::NotFound => Self::NotFound,
            Error::Forbidden(refusal) => Self::Forbidden(refusal),
            Error::Refused(Refusal::TooManyAttempts) => Self::TooMany,
            Error::Refused(refusal) => Self::Refused(refusal),
            Error::Invalid(problems) => {
                problems.first().map_or(Self::BadRequest, |p| Self::Refused(p.refusal))
            }
            Error::Remote(text) => Self::Internal(text),
            Error::Internal(error) => Self::Internal(error.to_string()),
        }
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::Internal(format!("template: {error}"))
    }
}

impl Trouble {
    const fn code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::Forbidden(_) | Self::FormExpired => StatusCode::FORBIDDEN,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::Other(code) => *code,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Title and text, by their keys.
    const fn keys(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound => ("error-not-found-title", "error-not-found-text"),
            Self::Gone => ("error-gone-title", "error-gone-text"),
            Self::Forbidden(refusal) => ("error-forbidden-title", refusal.key()),
            Self::FormExpired => ("error-form-title", "error-form-expired"),
            Self::Refused(refusal) => ("error-refused-title", refusal.key()),
            Self::BadRequest | Self::Other(_) => ("error-invalid-title", "error-bad-request-text"),
            Self::TooLarge => ("error-invalid-title", "refusal-text-too-long"),
            Self::SignIn(_) => ("sign-in-title", "sign-in-title"),
            Self::TooMany => ("error-too-many-title", "error-too-many-text"),
            Self::Unavailable => ("error-unavailable-title", "error-unavailable-text"),
            Self::Internal(_) => ("error-internal-title", "error-internal-text"),
        }
    }
}

/// A handler's failure travels in the response's extensions to [`dress`], which knows the visitor.
impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.code().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(askama::Template)]
#[template(path = "errors/page.html")]
struct ErrorPage {
    frame: Frame,
    title: String,
    text: String,
    code: u16,
}

/// Makes a page of a failure; every other response stays as it is, but for axum's own refusals of a method or body, which become pages too.
pub fn dress(response: Response, visitor: &Visitor) -> Response {
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    let trouble = match response.extensions().get::<Trouble>() {
        Some(trouble) => trouble.clone(),
        None if response.status().is_client_error() && !is_page => Trouble::Other(response.status()),
        None => return response,
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    if let Trouble::SignIn(back) = &trouble {
        return redirects::to_sign_in(back);
    }
    if let Trouble::Internal(text) = &trouble {
        tracing::error!(
            request = visitor.request_id(),
            path = visitor.path().as_str(),
            error = text,
            "a page failed"
        );
    }
    let (title, text) = trouble.keys();
    let language = visitor.language();
    let words = |key| parvis_i18n::Words::text(language, key, &[("request", visitor.request_id().into())]);
    let page = ErrorPage {
        frame: Frame::new(visitor, words(title)).hidden_from_search(),
        title: words(title),
        text: words(text),
        code: trouble.code().as_u16(),
    };
    let mut dressed = match render(&page) {
        Ok(html) => (trouble.code(), Page(html)).into_response(),
        Err(_) => trouble.code().into_response(),
    };
    dressed.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    dressed.headers_mut().extend(allow.map(|methods| (header::ALLOW, methods)));
    if matches!(trouble, Trouble::TooMany | Trouble::Unavailable) {
        dressed.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    dressed
}

/// A failure before anything is known of the visitor.
pub fn bare(error: Error) -> Response {
    let trouble = Trouble::from(error);
    if let Trouble::Internal(text) = &trouble {
        tracing::error!(error = text, "a session could not be looked up");
    }
    (trouble.code(), "Something went wrong. Please try again in a moment.\n").into_response()
}
