//! Looking at an address as another server would, for `parvis doctor`: what fails is told in words, down to the certificate, and nothing is
//! remembered. Deliberately not for documents that somebody is to believe: that is [`Client::get_json`].

use std::error::Error;

use http::header::{ACCEPT, DATE};
use parvis_model::time::Moment;
use serde_json::Value;
use url::Url;

use super::signing::Unsigned;
use super::{Client, body};

/// What was seen at an address.
#[derive(Debug, Clone)]
pub struct Looked {
    /// What the other machine takes for the present, by its `Date` header (RFC 9110 §6.6.1).
    pub date: Option<Moment>,
    /// The JSON document.
    pub document: Value,
}

impl Client {
    /// Asks for a JSON document, unsigned, through the guard.
    ///
    /// # Errors
    /// Why there is none, as a sentence for an operator.
    pub async fn look(&self, url: &Url, accept: &str) -> Result<Looked, String> {
        let asking = async {
            let request = self.0.chain.get(url.clone()).header(ACCEPT, accept).with_extension(Unsigned);
            let response = request.send().await.map_err(|error| causes(&error))?;
            if !response.status().is_success() {
                return Err(format!("it answers {}", response.status()));
            }
            let date =
                response.headers().get(DATE).and_then(|v| v.to_str().ok()).and_then(Moment::parse_http_date);
            let bytes =
                body::read(response, self.0.limits.json_bytes).await.map_err(|error| error.to_string())?;
            let document =
                serde_json::from_slice(&bytes).map_err(|_| "what it answers is not JSON".to_owned())?;
            Ok(Looked { date, document })
        };
        tokio::time::timeout(self.0.limits.json_total, asking)
            .await
            .unwrap_or_else(|_| Err("it does not answer in time".to_owned()))
    }
}

/// The error with all its causes, each once.
fn causes(error: &dyn Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut cause = Some(error);
    while let Some(one) = cause {
        let text = one.to_string();
        if !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
        cause = one.source();
    }
    said.join(": ")
}
