//! Checking a signed request, first step: what can be decided without a key, the same for both schemes.
//!
//! Neighbours: [`super::cavage`] and [`super::rfc9421`] read their scheme and build the text that was signed.

use http::{HeaderMap, Method};
use parvis_model::time::{HOUR, Moment};
use url::Url;

use super::{KeyKind, PublicKey, Scheme, cavage, digest, rfc9421};

/// How far in the future a signature may be dated (clock skew), in milliseconds.
const AHEAD: i64 = HOUR;
/// How old a signature may be, in milliseconds. Within this window the inbox knows repeated activities by their id.
const OLDEST: i64 = 12 * HOUR;

/// Headers that must not come twice: two parsers would pick different copies (threats S5).
const SINGLE: [&str; 7] =
    ["signature", "signature-input", "digest", "content-digest", "host", "date", "content-length"];

/// A request as it was received. With HTTP/2 the server puts `:authority` into `Host` first.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The method.
    pub method: &'a Method,
    /// Path and query of the original request, before any router took a prefix off.
    pub path_and_query: &'a str,
    /// All headers; `Authorization` is never looked at.
    pub headers: &'a HeaderMap,
    /// The body's bytes.
    pub body: &'a [u8],
    /// Our own configured `host[:port]`, whatever the request says.
    pub authority: &'a str,
    /// Our own configured scheme.
    pub scheme: &'a str,
}

/// Why a signature is not believed. Every case is answered with 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("the request is not signed")]
    Missing,
    /// A header came twice.
    #[error("the header {0} came twice")]
    Duplicate(&'static str),
    /// A header cannot be read.
    #[error("{0} cannot be read")]
    Malformed(&'static str),
    /// The request was made for another host.
    #[error("the request was made for another host")]
    Host,
    /// The digest is missing, is of another kind or does not match the body.
    #[error("the digest does not match the body")]
    Digest,
    /// The signature leaves out something it has to cover.
    #[error("the signature does not cover {0}")]
    NotCovered(&'static str),
    /// The signature is older than 12 hours or has expired.
    #[error("the signature is too old")]
    TooOld,
    /// The signature is dated more than an hour in the future.
    #[error("the signature is dated in the future")]
    Ahead,
    /// The algorithm is unknown, or is not the key's.
    #[error("the algorithm is unknown or is not the key's")]
    Algorithm,
    /// The key did not make this signature.
    #[error("the signature is not of this key")]
    Mismatch,
}

/// A request's signature, read but not believed: only [`Claim::check`] makes it worth anything.
#[derive(Debug)]
pub struct Claim {
    pub(super) scheme: Scheme,
    pub(super) key_id: String,
    /// What the request says about the algorithm; it may only agree with the key.
    pub(super) algorithm: Option<KeyKind>,
    pub(super) covered: Vec<String>,
    pub(super) signed_at: Moment,
    pub(super) signature: Vec<u8>,
    /// The texts of which one was signed: with the query string, and without.
    pub(super) texts: Vec<String>,
}

impl Claim {
    /// The id of the key that is said to have signed.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Which scheme the request uses.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The covered components, as the request names them.
    #[must_use]
    pub fn covered(&self) -> &[String] {
        &self.covered
    }

    /// The instant that the signature is dated.
    #[must_use]
    pub const fn signed_at(&self) -> Moment {
        self.signed_at
    }

    /// Second step: whether `key` made this signature. The caller has made sure that the key has this id and belongs to
    /// the actor who is said to speak.
    ///
    /// # Errors
    /// [`SignatureError::Algorithm`] or [`SignatureError::Mismatch`].
    pub fn check(&self, key: &PublicKey) -> Result<(), SignatureError> {
        if self.algorithm.is_some_and(|kind| kind != key.kind()) {
            return Err(SignatureError::Algorithm);
        }
        let made = self.texts.iter().any(|text| key.verifies(text.as_bytes(), &self.signature));
        made.then_some(()).ok_or(SignatureError::Mismatch)
    }
}

/// First step: reads the signature of a request and decides everything that needs no key.
///
/// # Errors
/// [`SignatureError`], to be answered with 401.
pub fn parse(request: &Received<'_>, now: Moment) -> Result<Claim, SignatureError> {
    if !request.headers.contains_key("signature") {
        return Err(SignatureError::Missing);
    }
    for name in SINGLE {
        if request.headers.get_all(name).iter().nth(1).is_some() {
            return Err(SignatureError::Duplicate(name));
        }
    }
    host_is_ours(request)?;
    digest::check(request.headers, request.body)?;
    if request.headers.contains_key("signature-input") {
        rfc9421::parse(request, now)
    } else {
        cavage::parse(request, now)
    }
}

/// Whether requests of this method carry a body whose digest must be signed.
pub(super) fn has_body(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

/// The text of a header that [`SINGLE`] lists.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, SignatureError> {
    let value = headers.get(name).ok_or(SignatureError::Missing)?;
    Ok(value.to_str().map_err(|_| SignatureError::Malformed(name))?.trim())
}

/// All values of a covered header, joined as both schemes demand (RFC 9421 §2.1). `None` when it is not there.
pub(super) fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter().peekable();
    values.peek()?;
    values
        .map(|value| value.to_str().map(str::trim).ok())
        .collect::<Option<Vec<_>>>()
        .map(|all| all.join(", "))
}

/// Refuses what is too old or too far ahead (threats S4).
pub(super) fn fresh(at: Moment, now: Moment) -> Result<(), SignatureError> {
    match now.since(at) {
        age if age > OLDEST => Err(SignatureError::TooOld),
        age if age < -AHEAD => Err(SignatureError::Ahead),
        _ => Ok(()),
    }
}

/// Refuses what has expired, with the same allowance for skewed clocks: Lemmy's signatures live for ten seconds.
pub(super) fn unexpired(expires: Moment, now: Moment) -> Result<(), SignatureError> {
    if now.since(expires) > AHEAD { Err(SignatureError::TooOld) } else { Ok(()) }
}

/// The request must have been made for the name we are configured with (threats S3).
fn host_is_ours(request: &Received<'_>) -> Result<(), SignatureError> {
    let said = header(request.headers, "host").map_err(|_| SignatureError::Host)?;
    let ours = normal_authority(request.scheme, request.authority).ok_or(SignatureError::Host)?;
    (normal_authority(request.scheme, said) == Some(ours)).then_some(()).ok_or(SignatureError::Host)
}

/// `host[:port]` in lower case and without the scheme's own port; `None` when it is anything else.
pub(super) fn normal_authority(scheme: &str, authority: &str) -> Option<String> {
    if authority.contains(['/', '?', '#', '@', '\\', ' ', '\t']) {
        return None;
    }
    let url = Url::parse(&format!("{scheme}://{authority}/")).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}
