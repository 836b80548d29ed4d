//! A translation service of a test: it knows English, French and German, and answers each text with the name of the language in front of it, and with
//! something that no page wants.

use std::sync::Mutex;

use async_trait::async_trait;
use parvis_model::handle::Address;
use parvis_model::ids::AccountId;
use serde_json::{Value, json};
use url::Url;

use crate::error::{Error, Result};
use crate::outside::{Found, Remote};

/// See the module. It remembers what it was asked.
#[derive(Debug, Default)]
pub struct Babel {
    asked: Mutex<Vec<(String, String)>>,
    is_down: Mutex<bool>,
}

impl Babel {
    /// Address and body of each request since the last call.
    #[must_use]
    pub fn asked(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Whether nothing answers.
    pub fn set_down(&self, is_down: bool) {
        *self.is_down.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = is_down;
    }
}

#[async_trait]
impl Remote for Babel {
    async fn account_by_address(&self, _: &Address) -> Result<Option<AccountId>> {
        Ok(None)
    }

    async fn by_url(&self, _: &str) -> Result<Option<Found>> {
        Ok(None)
    }

    async fn picture(&self, _: &str, _: usize) -> Result<Vec<u8>> {
        Err(Error::NotFound)
    }

    async fn service(&self, url: &Url, body: Option<String>) -> Result<Vec<u8>> {
        if *self.is_down.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(Error::Remote("nothing answers".to_owned()));
        }
        let body = body.unwrap_or_default();
        self.asked
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push((url.to_string(), body.clone()));
        let all = ["de", "en", "fr"];
        if body.is_empty() {
            let languages = all.map(|code| json!({ "code": code, "name": code, "targets": all }));
            return Ok(json!(languages).to_string().into_bytes());
        }
        let asked: Value = serde_json::from_str(&body).unwrap_or_default();
        let to = asked.get("target").and_then(Value::as_str).unwrap_or_default();
        let texts: Vec<String> = asked
            .get("q")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|text| match text.as_str().unwrap_or_default() {
                "" => String::new(),
                text => format!("{to}: {text}<script>alert(1)</script>"),
            })
            .collect();
        let detected: Vec<Value> =
            texts.iter().map(|_| json!({ "language": "de", "confidence": 90 })).collect();
        Ok(json!({ "translatedText": texts, "detectedLanguage": detected }).to_string().into_bytes())
    }
}
