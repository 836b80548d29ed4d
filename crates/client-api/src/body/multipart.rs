//! Multipart forms. Parts with a file name are files, the others parameters. What the client says of a file is not believed (threats M1).

use std::collections::HashMap;
use std::error::Error;

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use http_body_util::{LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::keys;
use crate::error::ApiError;

/// Parts of one form, at most.
const MOST: usize = 200;

/// Reads a form of at most `most` bytes.
pub(super) async fn read(
    request: Request,
    most: usize,
    tree: &mut Map<String, Value>,
    files: &mut HashMap<String, Bytes>,
) -> Result<(), ApiError> {
    let mut limited = request.map(|body| Body::new(Limited::new(body, most)));
    // Our limit is the one that counts, not axum's for everything.
    DefaultBodyLimit::disable().apply(&mut limited);
    let mut form = Multipart::from_request(limited, &())
        .await
        .map_err(|e| ApiError::Unreadable(format!("The form could not be read: {e}")))?;
    let mut count = 0;
    while let Some(field) = form.next_field().await.map_err(|e| broken(&e))? {
        count += 1;
        if count > MOST {
            return Err(ApiError::Unreadable("Too many parameters".to_owned()));
        }
        part(field, tree, files).await?;
    }
    Ok(())
}

async fn part(
    field: Field<'_>,
    tree: &mut Map<String, Value>,
    files: &mut HashMap<String, Bytes>,
) -> Result<(), ApiError> {
    let Some(name) = field.name().map(str::to_owned) else { return Ok(()) };
    let is_file = field.file_name().is_some();
    let bytes = field.bytes().await.map_err(|e| broken(&e))?;
    if is_file {
        // Browsers send an empty part for a file that was not chosen.
        if !bytes.is_empty() {
            files.insert(name, bytes);
        }
        return Ok(());
    }
    let text = String::from_utf8(bytes.to_vec())
        .map_err(|_| ApiError::Unreadable("The form is not in UTF-8".to_owned()))?;
    keys::insert(tree, &name, text)
}

fn broken(error: &MultipartError) -> ApiError {
    let causes = std::iter::successors(Some::<&dyn Error>(error), |e| (*e).source());
    if causes.into_iter().any(|e| e.is::<LengthLimitError>()) {
        ApiError::TooLarge
    } else {
        ApiError::Unreadable(format!("The form could not be read: {}", error.body_text()))
    }
}
