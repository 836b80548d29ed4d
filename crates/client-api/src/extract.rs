//! What handlers take from a request besides [`crate::body::Params`]: who asks, and the ids in the path.

use std::str::FromStr;

use axum::extract::{FromRequestParts, OriginalUri, Path};
use http::Uri;
use http::request::Parts;
use parvis_model::ids::AccountId;

use crate::auth::{Caller, Grant, bearer};
use crate::error::ApiError;

/// Whoever asks, if it is somebody: routes of `Access::Optional`.
#[derive(Clone, Copy, Debug)]
pub struct Viewer(pub Option<AccountId>);

/// Who asks: routes of `Access::User`.
#[derive(Clone, Copy, Debug)]
pub struct Me(pub AccountId);

/// The token that the request brought.
#[derive(Clone, Debug)]
pub struct Token(pub Grant);

/// The bearer token itself, for the one place that must give it back (`domain::push`).
#[derive(Clone)]
pub struct Bearer(pub String);

/// The id in the path; what is no id is not there.
#[derive(Clone, Copy, Debug)]
pub struct Id<T>(pub T);

/// The word in the path; what is no text is not there.
#[derive(Clone, Debug)]
pub struct Word(pub String);

/// Path and query as they came, for links to the next page.
#[derive(Clone, Debug)]
pub struct Here(pub Uri);

fn caller(parts: &Parts) -> Caller {
    parts.extensions.get::<Caller>().cloned().unwrap_or(Caller::Nobody)
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        Ok(Self(caller(parts).grant().and_then(|g| g.account)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Me {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        caller(parts).grant().and_then(|g| g.account).map(Self).ok_or_else(ApiError::unauthorized)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        caller(parts).grant().cloned().map(Self).ok_or_else(ApiError::unauthorized)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Bearer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        bearer(&parts.headers)?.map(Self).ok_or_else(ApiError::unauthorized)
    }
}

impl<T: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        text.parse().map(Self).map_err(|_| ApiError::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Word {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        text.map(|Path(text)| Self(text)).map_err(|_| ApiError::not_found())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let uri = parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.clone(), |o| o.0.clone());
        Ok(Self(uri))
    }
}
