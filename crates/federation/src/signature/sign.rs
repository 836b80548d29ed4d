//! Signing requests: `(request-target) host date [digest]` in draft-cavage, Mastodon's profile of RFC 9421 otherwise.
//!
//! Half a millisecond with RSA: many signatures belong on the blocking pool. Neighbours: `client::signing` (GETs with the
//! instance's key) and `client::deliver` (POSTs with an actor's).

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use http_signature_normalization::Config;
use parvis_model::time::Moment;
use url::{Position, Url};

use super::{KeyError, KeyPair, Origin, Scheme, content_digest_value, digest_value};

/// Somebody who signs: a private key and the id under which the public half is published.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The key's id, `https://…#main-key`.
    pub key_id: Url,
    /// The key.
    pub key: Arc<KeyPair>,
}

/// The headers that sign a request. `Host` is signed but not among them: the HTTP client writes the same one itself.
///
/// # Errors
/// [`KeyError::Failed`] when the key cannot sign or `url` has no host.
pub fn sign(
    scheme: Scheme,
    signer: &Signer,
    method: &Method,
    url: &Url,
    body: Option<&[u8]>,
    now: Moment,
) -> Result<HeaderMap, KeyError> {
    match scheme {
        Scheme::Cavage => cavage(signer, method, url, body, now),
        Scheme::Rfc9421 => rfc9421(signer, method, url, body, now),
    }
}

fn cavage(
    signer: &Signer,
    method: &Method,
    url: &Url,
    body: Option<&[u8]>,
    now: Moment,
) -> Result<HeaderMap, KeyError> {
    let host = Origin::of(url).ok_or(KeyError::Failed)?.authority();
    let mut headers = HeaderMap::new();
    put(&mut headers, "date", &now.to_http_date())?;
    if let Some(body) = body {
        put(&mut headers, "digest", &digest_value(body))?;
    }
    let mut signed: BTreeMap<String, String> = BTreeMap::from([("host".to_owned(), host)]);
    for (name, value) in &headers {
        signed.insert(name.to_string(), value.to_str().map_err(|_| KeyError::Failed)?.to_owned());
    }
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let signature = Config::new()
        .mastodon_compat()
        .begin_sign(method.as_str(), target, signed)
        .map_err(|_| KeyError::Failed)?
        .sign(signer.key_id.to_string(), |text| {
            signer.key.sign(text.as_bytes()).map(|made| STANDARD.encode(made))
        })?
        .signature_header();
    put(&mut headers, "signature", &signature)?;
    Ok(headers)
}

fn rfc9421(
    signer: &Signer,
    method: &Method,
    url: &Url,
    body: Option<&[u8]>,
    now: Moment,
) -> Result<HeaderMap, KeyError> {
    let target = &url[..Position::AfterQuery];
    let mut headers = HeaderMap::new();
    let mut covered = String::from("\"@method\" \"@target-uri\"");
    let mut base = format!("\"@method\": {method}\n\"@target-uri\": {target}\n");
    if let Some(body) = body {
        let digest = content_digest_value(body);
        covered.push_str(" \"content-digest\"");
        base.push_str(&format!("\"content-digest\": {digest}\n"));
        put(&mut headers, "content-digest", &digest)?;
    }
    let parameters = format!("({covered});created={};keyid=\"{}\"", now.seconds(), signer.key_id);
    base.push_str(&format!("\"@signature-params\": {parameters}"));
    let signature = STANDARD.encode(signer.key.sign(base.as_bytes())?);
    put(&mut headers, "signature-input", &format!("sig1={parameters}"))?;
    put(&mut headers, "signature", &format!("sig1=:{signature}:"))?;
    Ok(headers)
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) -> Result<(), KeyError> {
    let value = HeaderValue::from_str(value).map_err(|_| KeyError::Failed)?;
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}
