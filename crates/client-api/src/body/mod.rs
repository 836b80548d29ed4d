//! What a request says: query, form, multipart and JSON, read alike, because clients mix them (`clients.md`: Mastodon.py sends forms, toot sends JSON, and
//! booleans come as `"0"` and `"1"`). Bad input is 422, too much is 413, never anything else.
//!
//! Handlers take [`Params`] with a struct that derives `Deserialize`; fields should be `Option` or `#[serde(default)]`. `#[serde(flatten)]` does not
//! work with lenient numbers and booleans. Files come through [`Upload`].

mod keys;
mod lenient;
mod multipart;

use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use http::header;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::ApiError;

pub use lenient::blank;

/// Bytes of a form or JSON body.
const FORM_MAX: usize = 1024 * 1024;
/// Bytes of a body with files: a picture of 16 MiB and what stands around it.
const UPLOAD_MAX: usize = 17 * 1024 * 1024;

/// The parameters of a request, from its query and its body; the body wins.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

/// The same with files, for uploads.
#[derive(Clone, Debug)]
pub struct Upload<T> {
    /// The other parameters.
    pub params: T,
    /// Contents by field name. Names and types that the client gave are not kept (threats M1).
    pub files: HashMap<String, Bytes>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        Ok(Self(read(request, FORM_MAX).await?.params))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Upload<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        read(request, UPLOAD_MAX).await
    }
}

async fn read<T: DeserializeOwned>(request: Request, most: usize) -> Result<Upload<T>, ApiError> {
    let mut tree = Map::new();
    let query = request.uri().query().unwrap_or_default();
    keys::insert_all(&mut tree, url::form_urlencoded::parse(query.as_bytes()))?;
    let kind = content_type(&request);
    let mut files = HashMap::new();
    match kind.as_deref() {
        Some("application/json") => merge_json(&mut tree, &bytes(request, FORM_MAX).await?)?,
        Some("application/x-www-form-urlencoded") => {
            let body = bytes(request, FORM_MAX).await?;
            keys::insert_all(&mut tree, url::form_urlencoded::parse(&body))?;
        }
        Some("multipart/form-data") => multipart::read(request, most, &mut tree, &mut files).await?,
        _ => {}
    }
    let params = lenient::read(Value::Object(tree)).map_err(|e| unreadable(&e))?;
    Ok(Upload { params, files })
}

/// The media type without parameters, lower case.
fn content_type(request: &Request) -> Option<String> {
    let value = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next()?.trim().to_ascii_lowercase())
}

async fn bytes(request: Request, most: usize) -> Result<Bytes, ApiError> {
    let body: Limited<Body> = Limited::new(request.into_body(), most);
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::TooLarge),
        Err(error) => Err(ApiError::Unreadable(format!("The request body could not be read: {error}"))),
    }
}

fn merge_json(tree: &mut Map<String, Value>, body: &[u8]) -> Result<(), ApiError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    // serde_json refuses more than 128 levels itself (threats J2).
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => {
            for (key, value) in fields {
                keys::check_value(&value)?;
                if !value.is_null() {
                    tree.insert(key, value);
                }
            }
            Ok(())
        }
        Ok(_) => Err(ApiError::Unreadable("The request body must be a JSON object".to_owned())),
        Err(error) => Err(ApiError::Unreadable(format!("The request body is not JSON: {error}"))),
    }
}

fn unreadable(what: &dyn std::fmt::Display) -> ApiError {
    ApiError::Unreadable(format!("Validation failed: {what}"))
}

#[cfg(test)]
mod tests;
