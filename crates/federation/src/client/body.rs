//! Reading an answer up to a limit that counts inflated bytes (threats F9).

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::FetchError;

/// Reads the body; stops and fails at `limit` bytes.
pub(super) async fn read(mut response: Response, limit: usize) -> Result<Bytes, FetchError> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(FetchError::TooLarge);
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or(8 * 1024));
    // Chunk by chunk, because the response holds our turn at the host until it is dropped.
    while let Some(chunk) = response.chunk().await.map_err(|error| FetchError::of_reqwest(&error))? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
