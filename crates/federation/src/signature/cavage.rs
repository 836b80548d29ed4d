//! Reading signatures of draft-cavage-http-signatures-12. The text that was signed is built by
//! http-signature-normalization; around it stand the checks that it leaves out.
//!
//! The library takes expiry from the system clock, so it is handed the header without `created` and `expires` (their
//! values go in as pseudo-headers) and a validity of a thousand years; our own window uses the given instant.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_signature_normalization::Config;
use parvis_model::time::Moment;

use super::verify::{fresh, has_body, header, joined, unexpired};
use super::{Claim, KeyKind, Received, Scheme, SignatureError};

const A_THOUSAND_YEARS: Duration = Duration::from_secs(1_000 * 365 * 24 * 3_600);
/// More covered headers than this are refused.
const MOST_HEADERS: usize = 32;

const MALFORMED: SignatureError = SignatureError::Malformed("Signature");

/// Reads and judges the `Signature` header. Digest, host and duplicates have been checked.
pub(super) fn parse(request: &Received<'_>, now: Moment) -> Result<Claim, SignatureError> {
    let parameters = Parameters::read(header(request.headers, "signature")?)?;
    let key_id = parameters.get("keyId").filter(|id| !id.is_empty()).ok_or(MALFORMED)?;
    let encoded = parameters.get("signature").ok_or(MALFORMED)?;
    let signature = STANDARD.decode(encoded).map_err(|_| MALFORMED)?;
    let covered = covered(parameters.get("headers").unwrap_or("(created)"))?;
    let covers = |name: &str| covered.iter().any(|covered| covered == name);

    let mut needed = vec!["(request-target)", "host"];
    if has_body(request.method) {
        needed.push("digest");
    }
    if let Some(missing) = needed.iter().find(|name| !covers(name)) {
        return Err(SignatureError::NotCovered(missing));
    }
    let signed_at = dated(request, &parameters, covers, now)?;
    let headers = signed_headers(request, &parameters, &covered)?;

    // The key's id may hold commas, at which the library would cut it; it does not need it.
    let header = format!(r#"keyId="-",headers="{}",signature="{encoded}""#, covered.join(" "));
    let without_query = request.path_and_query.split_once('?').map(|(path, _)| path);
    let texts = [Some(request.path_and_query), without_query]
        .into_iter()
        .flatten()
        .map(|target| signed_text(request, target, headers.clone(), &header))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Claim {
        scheme: Scheme::Cavage,
        key_id: key_id.to_owned(),
        algorithm: algorithm(parameters.get("algorithm"))?,
        covered,
        signed_at,
        signature,
        texts,
    })
}

/// The algorithm parameter names nothing that the key does not say, but an unknown one is refused (threats S6).
/// `hs2019` means "see the key".
fn algorithm(named: Option<&str>) -> Result<Option<KeyKind>, SignatureError> {
    match named {
        None | Some("hs2019") => Ok(None),
        Some("rsa-sha256") => Ok(Some(KeyKind::Rsa)),
        Some("ed25519") => Ok(Some(KeyKind::Ed25519)),
        Some(_) => Err(SignatureError::Algorithm),
    }
}

/// The list of covered headers in lower case.
fn covered(list: &str) -> Result<Vec<String>, SignatureError> {
    let mut names: Vec<String> = Vec::new();
    for name in list.split_ascii_whitespace() {
        let name = name.to_ascii_lowercase();
        if names.len() >= MOST_HEADERS || names.contains(&name) || name.contains(['"', ',']) {
            return Err(MALFORMED);
        }
        names.push(name);
    }
    Ok(names)
}

/// When the request was signed: `(created)` or `Date`, whichever is covered, and both must be fresh if both are.
fn dated(
    request: &Received<'_>,
    parameters: &Parameters<'_>,
    covers: impl Fn(&str) -> bool,
    now: Moment,
) -> Result<Moment, SignatureError> {
    let mut signed_at = None;
    if covers("date") {
        let date = header(request.headers, "date").map_err(|_| SignatureError::NotCovered("date"))?;
        signed_at = Some(Moment::parse_http_date(date).ok_or(SignatureError::Malformed("Date"))?);
    }
    if covers("(created)") {
        signed_at.map_or(Ok(()), |date| fresh(date, now))?;
        signed_at = Some(parameters.instant("created")?.ok_or(MALFORMED)?);
    }
    let signed_at = signed_at.ok_or(SignatureError::NotCovered("date"))?;
    fresh(signed_at, now)?;
    if let Some(expires) = parameters.instant("expires")? {
        unexpired(expires, now)?;
    }
    Ok(signed_at)
}

/// The covered headers with their values, every one of which must be there.
fn signed_headers(
    request: &Received<'_>,
    parameters: &Parameters<'_>,
    covered: &[String],
) -> Result<BTreeMap<String, String>, SignatureError> {
    let mut headers = BTreeMap::new();
    for name in covered {
        let value = match name.as_str() {
            "(request-target)" => continue,
            "(created)" => parameters.get("created").map(str::to_owned),
            "(expires)" => parameters.get("expires").map(str::to_owned),
            // The library would read the signature from these.
            "authorization" | "signature" => None,
            name => joined(request.headers, name),
        };
        headers.insert(name.clone(), value.ok_or(MALFORMED)?);
    }
    Ok(headers)
}

fn signed_text(
    request: &Received<'_>,
    target: &str,
    mut headers: BTreeMap<String, String>,
    signature: &str,
) -> Result<String, SignatureError> {
    headers.insert("signature".to_owned(), signature.to_owned());
    let config = Config::new().set_expiration(A_THOUSAND_YEARS).require_header("(request-target)");
    let unverified = config.begin_verify(request.method.as_str(), target, headers).map_err(|_| MALFORMED)?;
    Ok(unverified.signing_string().to_owned())
}

/// The parameters of a `Signature` header: `name="value"` or `name=value`, separated by commas and blanks.
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    fn read(header: &'a str) -> Result<Self, SignatureError> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let mut rest = header.strip_prefix("Signature ").unwrap_or(header).trim();
        while !rest.is_empty() {
            let (name, after) = rest.split_once('=').ok_or(MALFORMED)?;
            let name = name.trim();
            let (value, after) = match after.trim_start().strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').ok_or(MALFORMED)?,
                None => after.split_at(after.find(',').unwrap_or(after.len())),
            };
            let after = after.trim_start();
            if found.iter().any(|(seen, _)| *seen == name) {
                return Err(SignatureError::Duplicate("Signature"));
            }
            found.push((name, value.trim()));
            rest = match after.strip_prefix(',') {
                Some(more) => more.trim_start(),
                None if after.is_empty() => after,
                None => return Err(MALFORMED),
            };
        }
        Ok(Self(found))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(found, _)| *found == name).map(|(_, value)| *value)
    }

    /// An instant in whole seconds. Digits only: the text is signed as it stands.
    fn instant(&self, name: &str) -> Result<Option<Moment>, SignatureError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        if text.len() > 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(MALFORMED);
        }
        text.parse().map(|seconds| Some(Moment::from_seconds(seconds))).map_err(|_| MALFORMED)
    }
}
