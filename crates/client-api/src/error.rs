//! How the client API says no: one type, one exhaustive mapping from `domain::Error`, one place where internal trouble is logged (threats
//! rule 0.1, J7). Bodies are Mastodon's: `{"error": "…"}`, with `error_description` for OAuth (RFC 6749 §5.2) and `details` for forms.
//!
//! Neighbours: `model::refusal` has the sentences. Not here: which status an HTML page shows (`web`).

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use parvis_domain::outside::RequestId;
use parvis_domain::{Error, FieldProblem};
use parvis_model::refusal::Refusal;
use serde_json::{Map, Value, json};

/// What handlers return.
pub type Result<T> = std::result::Result<T, ApiError>;

/// An answer that is no success. What it shows is for anybody; `internal` is for the log only.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Value,
    retry_after: Option<u32>,
    internal: Option<String>,
}

/// Internal text on its way to [`Trouble::log`]; never in a body.
#[derive(Clone, Debug)]
struct Internal(String);

impl ApiError {
    /// A status with a sentence.
    #[must_use]
    pub fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        let sentence: String = sentence.into();
        Self { status, body: json!({ "error": sentence }), retry_after: None, internal: None }
    }

    /// 404: not yours or not there, the same body for both (threats I2).
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Record not found")
    }

    /// 401: no token, or one that is not in force.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "The access token is invalid")
    }

    /// 403: the token does not cover it.
    #[must_use]
    pub fn outside_scopes() -> Self {
        Self::new(StatusCode::FORBIDDEN, "This action is outside the authorized scopes")
    }

    /// 403: the person's role does not cover it.
    #[must_use]
    pub fn not_staff() -> Self {
        Self::new(StatusCode::FORBIDDEN, "This action is not allowed")
    }

    /// 422: a value that cannot be.
    #[must_use]
    pub fn invalid(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence)
    }

    /// 413.
    #[must_use]
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Refusal::MediaSize.sentence())
    }

    /// 400: a body that cannot be read at all.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Error occurred while parsing request parameters")
    }

    /// 429, with the seconds to wait.
    #[must_use]
    pub fn too_many(retry_after: u32) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Please wait a while.")
        }
    }

    /// An error of the OAuth end points (RFC 6749 §5.2): `code` is the RFC's word.
    #[must_use]
    pub fn oauth(status: StatusCode, code: &str, description: &str) -> Self {
        Self {
            body: json!({ "error": code, "error_description": description }),
            ..Self::new(status, String::new())
        }
    }

    /// 500, with words for the log.
    #[must_use]
    pub fn internal(text: impl Into<String>) -> Self {
        Self {
            internal: Some(text.into()),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
        }
    }

    /// The status.
    #[cfg(test)]
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Forbidden(refusal) => Self::new(StatusCode::FORBIDDEN, refusal.sentence()),
            Error::Refused(refusal) => refused(refusal),
            Error::Invalid(problems) => invalid(&problems),
            Error::Remote(text) => {
                tracing::debug!(%text, "another server did not answer as it should");
                Self::new(StatusCode::NOT_FOUND, "Remote data could not be fetched")
            }
            Error::Internal(_) if error.is_unavailable() => Self {
                retry_after: Some(10),
                internal: Some(error.to_string()),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "The town cannot answer at the moment.")
            },
            Error::Internal(_) => Self::internal(error.to_string()),
        }
    }
}

fn refused(refusal: Refusal) -> ApiError {
    let status = match refusal {
        Refusal::TooManyAttempts => return ApiError::too_many(300),
        Refusal::TooManyUploads => StatusCode::TOO_MANY_REQUESTS,
        Refusal::MediaSize => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::NotOneself
        | Refusal::BlockedBetween
        | Refusal::ServerBlocked
        | Refusal::EmailNotConfirmed
        | Refusal::AwaitingApproval
        | Refusal::Suspended
        | Refusal::RegistrationClosed
        | Refusal::LoginDisabled
        | Refusal::LastAdmin
        | Refusal::NotPending
        | Refusal::NotSuspended
        | Refusal::NetworkBarred
        | Refusal::RoleTooLow => StatusCode::FORBIDDEN,
        Refusal::WrongCredentials => StatusCode::UNAUTHORIZED,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    ApiError::new(status, refusal.sentence())
}

fn invalid(problems: &[FieldProblem]) -> ApiError {
    let mut details: Map<String, Value> = Map::new();
    let mut sentences: Vec<&str> = Vec::new();
    for problem in problems {
        let sentence = problem.refusal.sentence();
        sentences.push(sentence);
        let entry = details.entry(problem.field).or_insert_with(|| json!([]));
        if let Value::Array(list) = entry {
            list.push(json!({ "error": code(problem.refusal), "description": sentence }));
        }
    }
    let is_too_large = problems.iter().any(|p| p.refusal == Refusal::MediaSize);
    ApiError {
        status: if is_too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY },
        body: json!({ "error": format!("Validation failed: {}", sentences.join(" ")), "details": details }),
        ..ApiError::invalid(String::new())
    }
}

/// Mastodon's word for what is wrong with a field of the sign-up form.
const fn code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::HandleReserved => "ERR_RESERVED",
        Refusal::HandleTaken => "ERR_TAKEN",
        Refusal::RulesNotAccepted => "ERR_ACCEPTED",
        Refusal::PasswordLength => "ERR_TOO_SHORT",
        Refusal::TextTooLong => "ERR_TOO_LONG",
        Refusal::EmptyPost => "ERR_BLANK",
        _ => "ERR_INVALID",
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(self.body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"Parvis\", error=\"invalid_token\""),
            );
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(text) = self.internal {
            response.extensions_mut().insert(Internal(text));
        }
        response
    }
}

/// What a request is called in the log, should there be trouble with it.
#[derive(Debug)]
pub struct Trouble {
    id: Option<RequestId>,
    method: Method,
    path: Uri,
}

impl Trouble {
    /// Of a request that comes in.
    #[must_use]
    pub fn possible(request: &Request) -> Self {
        let id = request.extensions().get::<RequestId>().cloned();
        Self { id, method: request.method().clone(), path: request.uri().clone() }
    }

    /// Logs internal trouble once, with the request id that the server layer gave.
    pub fn log(self, response: &mut Response) {
        let Some(Internal(text)) = response.extensions_mut().remove::<Internal>() else { return };
        let id = self.id.map_or_else(|| "-".to_owned(), |id| id.0);
        let what = format!("{} {}", self.method, self.path.path());
        tracing::error!(request_id = %id, %what, %text, "the client API could not answer");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(error: ApiError) -> (u16, String) {
        use http_body_util::BodyExt;
        let response = error.into_response();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn j7_internal_text_never_reaches_a_body() {
        let (status, text) = body(Error::internal("SELECT secret FROM /var/lib").into()).await;
        assert_eq!(status, 500);
        assert!(!text.contains("secret") && !text.contains("/var"), "{text}");
    }

    #[tokio::test]
    async fn a_form_with_problems_says_which_fields() {
        let error = Error::Invalid(vec![
            FieldProblem { field: "username", refusal: Refusal::HandleTaken },
            FieldProblem { field: "agreement", refusal: Refusal::RulesNotAccepted },
        ]);
        let (status, text) = body(error.into()).await;
        assert_eq!(status, 422);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["details"]["username"][0]["error"], "ERR_TAKEN");
        assert_eq!(value["details"]["agreement"][0]["error"], "ERR_ACCEPTED");
    }

    #[tokio::test]
    async fn m1_a_picture_that_is_too_large_is_413() {
        assert_eq!(body(Error::field("file", Refusal::MediaSize).into()).await.0, 413);
    }

    #[tokio::test]
    async fn every_refusal_is_an_answer_of_the_4xx_kind() {
        for refusal in Refusal::ALL {
            for error in [Error::Refused(refusal), Error::Forbidden(refusal), Error::field("x", refusal)] {
                let (status, _) = body(error.into()).await;
                assert!((400..500).contains(&status), "{refusal:?} gives {status}");
            }
        }
    }
}
