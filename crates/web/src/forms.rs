//! What a browser sends with a form: named texts, read only after the form's mark was found to be ours (cross-site forms have none). There is no
//! mass assignment: a handler asks for each field by its name (threats A9).

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use http::header;

use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// Bytes of a form.
pub const FORM_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a form with a file.
pub const FILE_FORM_BYTES_MAX: usize = parvis_domain::imports::FILE_MAX + FORM_BYTES_MAX;
const FIELDS_MAX: usize = 64;
/// The hidden field that carries the mark.
pub const MARK: &str = "mark";

/// The fields of a form that came from one of our pages.
#[derive(Debug, Default)]
pub struct Sent(BTreeMap<String, String>);

impl Sent {
    /// The field as it was typed; nothing is the empty text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    fn read(body: &[u8]) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body).take(FIELDS_MAX) {
            fields.entry(name.into_owned()).or_insert_with(|| value.replace("\r\n", "\n"));
        }
        Self(fields)
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Trouble::FormExpired);
        }
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, state).await.map_err(|_| Trouble::TooLarge)?;
        let sent = Self::read(&body);
        // No browser types a NUL, and PostgreSQL takes none: as the API, refused and not left out in silence (threats J1).
        if sent.0.values().any(|text| text.contains('\0')) {
            return Err(Trouble::BadRequest);
        }
        if visitor.is_mark_ours(sent.text(MARK)) { Ok(sent) } else { Err(Trouble::FormExpired) }
    }
}

/// A form with a file that came from one of our pages.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// Its other fields.
    pub sent: Sent,
    /// The bytes of the field `file`. What the browser calls it is not looked at (threats M1).
    pub file: Vec<u8>,
}

impl<S: Send + Sync> FromRequest<S> for Uploaded {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let mut form = Multipart::from_request(request, state).await.map_err(|_| Trouble::FormExpired)?;
        let (mut fields, mut file) = (BTreeMap::new(), Vec::new());
        while let Some(field) = form.next_field().await.map_err(|e| unread(&e))? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|e| unread(&e))?;
            if name == "file" {
                file = bytes.to_vec();
            } else if fields.len() < FIELDS_MAX {
                let value = String::from_utf8_lossy(&bytes).replace('\0', "");
                fields.entry(name).or_insert(value);
            }
        }
        let sent = Sent(fields);
        if visitor.is_mark_ours(sent.text(MARK)) {
            Ok(Self { sent, file })
        } else {
            Err(Trouble::FormExpired)
        }
    }
}

fn unread(error: &MultipartError) -> Trouble {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        Trouble::TooLarge
    } else {
        Trouble::BadRequest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_two_fields_counts_and_line_ends_are_plain() {
        let sent = Sent::read(b"a=1&a=2&b=x%0D%0Ay&c=+");
        assert_eq!(sent.text("a"), "1");
        assert_eq!(sent.text("b"), "x\ny");
        assert_eq!(sent.text("c"), " ");
        assert!(!sent.is_ticked("nothing"));
    }
}
