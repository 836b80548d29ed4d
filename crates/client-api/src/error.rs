//! How this door says no: one error, one exhaustive translation from `domain::Error`, one place that prints it, in Mastodon's shapes.
//! Status codes are those of threats rule 0.1; our own trouble is logged here and never sent.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use parvis_domain::oauth::{LoginState, OAuthError};
use parvis_domain::{Error, FieldProblem};
use parvis_model::refusal::Refusal;
use serde_json::{Map, Value, json};

/// Why a request of the client API is refused.
#[derive(Debug)]
pub enum ApiError {
    /// No token where one is needed, or one that does not work.
    Unauthorized,
    /// The token may not do this.
    OutsideScopes,
    /// The token is a program's own and this needs a person.
    NeedsUser,
    /// The person may not use their account (yet).
    Waiting(LoginState),
    /// What was sent cannot be read, or misses something. The sentence is for the developer of the program.
    Unreadable(String),
    /// More than is taken.
    TooLarge,
    /// Too many requests; the headers say until when.
    TooMany,
    /// A use case said no.
    Domain(Error),
    /// An endpoint of OAuth said no.
    OAuth(OAuthError),
}

/// What handlers return.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Domain(refusal.into())
    }
}

impl From<OAuthError> for ApiError {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => unauthorized(),
            Self::OutsideScopes => {
                sentence(StatusCode::FORBIDDEN, "This action is outside the authorized scopes")
            }
            Self::NeedsUser => {
                sentence(StatusCode::UNPROCESSABLE_ENTITY, "This method requires an authenticated user")
            }
            Self::Waiting(state) => sentence(StatusCode::FORBIDDEN, waiting(state)),
            Self::Unreadable(what) => sentence(StatusCode::UNPROCESSABLE_ENTITY, &what),
            Self::TooLarge => sentence(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large"),
            Self::TooMany => sentence(StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Self::Domain(error) => domain(error),
            Self::OAuth(error) => oauth(error),
        }
    }
}

/// `{"error": …}`.
fn sentence(status: StatusCode, text: &str) -> Response {
    (status, axum::Json(json!({ "error": text }))).into_response()
}

fn unauthorized() -> Response {
    let mut response = sentence(StatusCode::UNAUTHORIZED, "The access token is invalid");
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(
            "Bearer error=\"invalid_token\", error_description=\"The access token is invalid\"",
        ),
    );
    response
}

const fn waiting(state: LoginState) -> &'static str {
    match state {
        LoginState::AwaitsConfirmation => "Your login is missing a confirmed e-mail address",
        LoginState::AwaitsApproval => "Your login is currently pending approval",
        LoginState::Barred | LoginState::Nobody | LoginState::Open => "Your login is currently disabled",
    }
}

fn domain(error: Error) -> Response {
    match error {
        Error::NotFound => sentence(StatusCode::NOT_FOUND, "Record not found"),
        Error::Forbidden(refusal) => sentence(StatusCode::FORBIDDEN, refusal.sentence()),
        Error::Invalid(problems) => invalid(&problems),
        Error::Refused(refusal) => sentence(status_of(refusal), refusal.sentence()),
        Error::Remote(what) => {
            tracing::info!(what, "another server did not answer as it should");
            sentence(StatusCode::SERVICE_UNAVAILABLE, "Remote data could not be fetched")
        }
        Error::Internal(parvis_domain::error::StoreError::Unavailable(what)) => {
            tracing::error!(what, "the database is unavailable");
            let mut response =
                sentence(StatusCode::SERVICE_UNAVAILABLE, "The town is busy. Please try again shortly.");
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            response
        }
        Error::Internal(error) => {
            tracing::error!(%error, "a request failed");
            sentence(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side")
        }
    }
}

/// The status of a rule that said no.
const fn status_of(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Refusal::MediaSize => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::WrongCredentials => StatusCode::UNAUTHORIZED,
        Refusal::RegistrationClosed
        | Refusal::RoleTooLow
        | Refusal::EmailNotConfirmed
        | Refusal::AwaitingApproval
        | Refusal::Suspended
        | Refusal::BlockedBetween
        | Refusal::ServerBlocked => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Mastodon's answer to a form with mistakes: a sentence, and `details` by field with a code for programs.
fn invalid(problems: &[FieldProblem]) -> Response {
    let sentences: Vec<&str> = problems.iter().map(|p| p.refusal.sentence()).collect();
    let mut details = Map::new();
    for problem in problems {
        let entry = json!({ "error": code_of(problem.refusal), "description": problem.refusal.sentence() });
        if let Value::Array(list) = details.entry(problem.field).or_insert_with(|| json!([])) {
            list.push(entry);
        }
    }
    let body = json!({ "error": format!("Validation failed: {}", sentences.join(" ")), "details": details });
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(body)).into_response()
}

/// The codes of Mastodon's `POST /api/v1/accounts`.
const fn code_of(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::HandleTaken => "ERR_TAKEN",
        Refusal::HandleReserved => "ERR_RESERVED",
        Refusal::RulesNotAccepted => "ERR_ACCEPTED",
        Refusal::TextTooLong | Refusal::TooManyMedia => "ERR_TOO_LONG",
        Refusal::PasswordLength => "ERR_TOO_SHORT",
        Refusal::EmptyPost => "ERR_BLANK",
        _ => "ERR_INVALID",
    }
}

/// RFC 6749 §5.2.
fn oauth(error: OAuthError) -> Response {
    let status = match error {
        OAuthError::InvalidClient => StatusCode::UNAUTHORIZED,
        OAuthError::UnauthorizedClient | OAuthError::AccessDenied => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    let body = json!({ "error": error.code(), "error_description": error.description() });
    let mut response = (status, axum::Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if error == OAuthError::InvalidClient {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Parvis\""));
    }
    response
}
