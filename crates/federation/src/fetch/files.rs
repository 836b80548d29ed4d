//! Pictures, video and sound of other servers: bytes within limits, through the one guarded client. What they are is found out elsewhere, by content.

use std::path::PathBuf;

use parvis_domain::Error;
use parvis_domain::outside::Upload;

use crate::client::{Accepted, Client, FetchError};
use crate::wire::web_url;

fn failed(failure: &FetchError) -> Error {
    Error::Remote(failure.to_string())
}

pub(super) async fn picture(client: &Client, url: &str, limit: usize) -> parvis_domain::Result<Vec<u8>> {
    let url = web_url(url).ok_or(Error::NotFound)?;
    let fetched = client.get(&url, Accepted::Media).await.map_err(|failure| failed(&failure))?;
    if fetched.bytes.len() > limit {
        return Err(Error::Remote("the picture is too large".to_owned()));
    }
    Ok(fetched.bytes.to_vec())
}

/// Piece by piece, so that it is never whole in memory.
pub(super) async fn recording(
    client: &Client,
    url: &str,
    limit: u64,
    folder: PathBuf,
) -> parvis_domain::Result<Upload> {
    let url = web_url(url).ok_or(Error::NotFound)?;
    let mut download = client.open(&url, limit).await.map_err(|failure| failed(&failure))?;
    let mut file = Upload::new(folder);
    while let Some(piece) = download.piece().await.map_err(|failure| failed(&failure))? {
        file.push(&piece).await.map_err(|error| Error::internal(error.to_string()))?;
    }
    Ok(file)
}
