//! A question to a service that the settings name (translation): JSON both ways, through the guarded chain, without redirects to another scheme, with
//! the size and time of a document (threats F1, F8, F9). What fails is not remembered: the operator's service is no stranger.

use http::header::{ACCEPT, CONTENT_TYPE};
use url::Url;

use super::fetch::success;
use super::guard::Refusal;
use super::signing::Unsigned;
use super::{Client, FetchError, body};

const JSON: &str = "application/json";

impl Client {
    /// Asks, with a body of JSON or without; the bytes of a JSON answer.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn ask_service(&self, url: &Url, question: Option<String>) -> Result<Vec<u8>, FetchError> {
        if self.is_ours(url) {
            return Err(FetchError::Refused(Refusal::Ourselves));
        }
        let limits = &self.0.limits;
        let request = match question {
            Some(text) => self.0.chain.post(url.clone()).header(CONTENT_TYPE, JSON).body(text),
            None => self.0.chain.get(url.clone()).with_extension(Unsigned),
        };
        let asking = async {
            let response = success(request.header(ACCEPT, JSON).send().await)?;
            if super::content_type(&response).is_none_or(|kind| kind.essence_str() != JSON) {
                return Err(FetchError::ContentType);
            }
            body::read(response, limits.json_bytes).await
        };
        // Translating takes a while: the time of a picture.
        let answer = tokio::time::timeout(limits.media_total, asking).await;
        answer.unwrap_or(Err(FetchError::Timeout)).map(|bytes| bytes.to_vec())
    }
}
