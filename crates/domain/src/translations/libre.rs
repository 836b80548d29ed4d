//! What LibreTranslate is asked and answers (<https://docs.libretranslate.com/api/operations/translate/>): JSON both ways, one request for all texts of a post.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;

use super::UNKNOWN;
use crate::error::{Error, Result};
use crate::known_languages::Pairs;
use crate::town::Town;

/// Its name, as clients show it.
pub const NAME: &str = "LibreTranslate";
/// Characters of a language's tag.
const TAG_MAX: usize = 35;

#[derive(Deserialize)]
struct Language {
    code: String,
    targets: Vec<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    q: &'a [String],
    source: &'a str,
    target: &'a str,
    format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    translated_text: Vec<String>,
    #[serde(default)]
    detected_language: Vec<Detected>,
}

#[derive(Deserialize)]
struct Detected {
    language: String,
}

fn address(town: &Town, path: &str) -> Result<Url> {
    let base = town.settings().translation.service_url.as_ref().ok_or(Error::NotFound)?;
    let text = format!("{}/{path}", base.as_str().trim_end_matches('/'));
    Url::parse(&text).map_err(|e| Error::internal(e.to_string()))
}

fn read<T: for<'a> Deserialize<'a>>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|e| Error::Remote(format!("the translation service: {e}")))
}

/// From which language into which others, [`UNKNOWN`] among them.
pub async fn languages(town: &Town) -> Result<Pairs> {
    let bytes = town.remote().service(&address(town, "languages")?, None).await?;
    let mut pairs = Pairs::new();
    let mut targets: BTreeSet<String> = BTreeSet::new();
    for language in read::<Vec<Language>>(&bytes)? {
        let others: Vec<String> = language.targets.into_iter().filter(|t| *t != language.code).collect();
        targets.extend(others.iter().cloned());
        pairs.insert(language.code, others);
    }
    pairs.insert(UNKNOWN.to_owned(), targets.into_iter().collect());
    Ok(pairs)
}

/// The texts in another language, as many as were sent, and the language that they were in.
pub async fn translate(town: &Town, from: &str, to: &str, texts: &[String]) -> Result<(String, Vec<String>)> {
    let request = Request {
        q: texts,
        source: if from == UNKNOWN { "auto" } else { from },
        target: to,
        format: "html",
        api_key: town.settings().translation.api_key.as_ref().map(parvis_config::values::Secret::expose),
    };
    let body = serde_json::to_string(&request).map_err(|e| Error::internal(e.to_string()))?;
    let bytes = town.remote().service(&address(town, "translate")?, Some(body)).await?;
    let answer: Answer = read(&bytes)?;
    if answer.translated_text.len() != texts.len() {
        return Err(Error::Remote("the translation service answered another number of texts".to_owned()));
    }
    let detected = answer.detected_language.into_iter().next().map(|d| d.language);
    let source =
        detected.filter(|tag| from == UNKNOWN && tag.len() <= TAG_MAX).unwrap_or_else(|| from.to_owned());
    Ok((source, answer.translated_text))
}
