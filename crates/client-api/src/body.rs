//! What clients send, in any of the ways they send it: query, form, multipart or JSON, booleans as words, numbers or `"0"`/`"1"`, lists as
//! `key[]`, nested values as `a[b]`. One tolerant reader for all routes, so that no route is stricter than another (J1, J2, J4).
//!
//! Neighbours: limits of texts are in `model` and enforced by the use cases. Not here: what a value means.

use std::collections::HashMap;
use std::str::FromStr;

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use bytes::BytesMut;
use http::header;
use http_body_util::{LengthLimitError, Limited};
use parvis_domain::media::arrivals::Arrival;
use parvis_media::Upload;
use parvis_model::refusal::Refusal;
use serde_json::{Map, Value};

use crate::error::{ApiError, Result};
use crate::nested;

/// How many bytes a body may have. Set by the route table (`access`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(pub usize);

impl BodyLimit {
    /// Of routes without files: 1 MiB.
    pub const SMALL: Self = Self(1 << 20);
    /// Of routes with one or two pictures: what the media crate looks at, twice, and room for the rest of the form.
    pub const PICTURES: Self = Self((2 * 16 + 1) << 20);
    /// Of routes with a recording: 99 MiB of it, and room for the rest of the form. Files of these are not kept in memory.
    pub const RECORDINGS: Self = Self(101 << 20);
}

/// A picture beside a file, in bytes: what the media crate looks at.
const THUMBNAIL_MAX: usize = 16 << 20;
/// More names than this are no form of ours.
const PAIRS_MAX: usize = 1_000;
/// JSON nesting (threats J2).
const DEPTH_MAX: usize = 64;

/// Everything a request says, query first, the body over it.
#[derive(Debug, Default)]
pub struct Params {
    values: Map<String, Value>,
    files: HashMap<String, Bytes>,
    /// The file of a route that takes a large one.
    upload: Option<Upload>,
}

impl Params {
    /// From a query or a form body.
    ///
    /// # Errors
    /// 422 for more names than a form has.
    pub fn from_query(query: &str) -> Result<Self> {
        let mut params = Self::default();
        params.add_pairs(query.as_bytes())?;
        Ok(params)
    }

    fn add_pairs(&mut self, text: &[u8]) -> Result<()> {
        for (count, (name, value)) in url::form_urlencoded::parse(text).enumerate() {
            if count >= PAIRS_MAX {
                return Err(ApiError::invalid("Too many parameters"));
            }
            nested::insert(&mut self.values, &name, value.into_owned());
        }
        Ok(())
    }

    fn add_json(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        if depth(bytes) > DEPTH_MAX {
            return Err(ApiError::unreadable());
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(map)) => {
                self.values.extend(map);
                Ok(())
            }
            _ => Err(ApiError::unreadable()),
        }
    }

    async fn add_multipart(&mut self, request: Request, mut arrival: Option<&mut Arrival>) -> Result<()> {
        let mut form = Multipart::from_request(request, &()).await.map_err(|e| unread(&e))?;
        let mut count = 0;
        // What stands beside a large file is small, all together.
        let mut left = BodyLimit::SMALL.0;
        let mut left_of_thumbnail = THUMBNAIL_MAX;
        while let Some(mut field) = form.next_field().await.map_err(|e| unread(&e))? {
            count += 1;
            if count > PAIRS_MAX {
                return Err(ApiError::invalid("Too many parameters"));
            }
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = field.file_name().is_some();
            let bytes = match arrival.as_deref_mut() {
                Some(arrival) if is_file && name == "file" && self.upload.is_none() => {
                    let mut upload = arrival.file();
                    while let Some(piece) = field.chunk().await.map_err(|e| unread(&e))? {
                        arrival.take(&mut upload, &piece).await?;
                    }
                    self.upload = Some(upload);
                    continue;
                }
                Some(_) if is_file && name == "thumbnail" => {
                    short(&mut field, &mut left_of_thumbnail).await?
                }
                Some(_) => short(&mut field, &mut left).await?,
                None => field.bytes().await.map_err(|e| unread(&e))?,
            };
            if is_file {
                self.files.insert(name, bytes);
            } else {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| not_text(&name))?;
                nested::insert(&mut self.values, &name, text);
            }
        }
        Ok(())
    }

    /// Whether the name was sent at all, even empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|v| !v.is_null())
    }

    /// Whether the name was sent at all, even as null.
    #[must_use]
    pub fn was_sent(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A text; `None` when it was not sent.
    ///
    /// # Errors
    /// 422 when it is no text or holds U+0000 (which PostgreSQL refuses).
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        text_of(self.values.get(name), name)
    }

    /// A text that is not empty.
    ///
    /// # Errors
    /// As [`Params::text`].
    pub fn word(&self, name: &str) -> Result<Option<String>> {
        Ok(self.text(name)?.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()))
    }

    /// A switch; `None` when it was not sent or empty.
    ///
    /// # Errors
    /// 422 when it is neither yes nor no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        flag_of(self.values.get(name), name)
    }

    /// A whole number; `None` when it was not sent or empty.
    ///
    /// # Errors
    /// 422 when it is none.
    pub fn number(&self, name: &str) -> Result<Option<i64>> {
        match self.word(name)? {
            Some(text) => {
                text.parse().map(Some).map_err(|_| ApiError::invalid(format!("{name} is not a number")))
            }
            None => Ok(None),
        }
    }

    /// An id; what is no id is not there.
    ///
    /// # Errors
    /// 404 when it is no id.
    pub fn id<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        match self.word(name)? {
            Some(text) => text.parse().map(Some).map_err(|_| ApiError::not_found()),
            None => Ok(None),
        }
    }

    /// A list of texts, sent as a list, as `name[]`, with numeric keys, or as a single value.
    ///
    /// # Errors
    /// 422 when one is no text.
    pub fn list(&self, name: &str) -> Result<Vec<String>> {
        items_of(self.values.get(name))
            .into_iter()
            .map(|v| text_of(Some(v), name).map(Option::unwrap_or_default))
            .collect()
    }

    /// A list of ids; what is no id is left out.
    ///
    /// # Errors
    /// As [`Params::list`].
    pub fn ids<T: FromStr>(&self, name: &str) -> Result<Vec<T>> {
        Ok(self.list(name)?.iter().filter_map(|t| t.trim().parse().ok()).collect())
    }

    /// A list of ids of which each must be one.
    ///
    /// # Errors
    /// 422 when one is none.
    pub fn all_ids<T: FromStr>(&self, name: &str) -> Result<Vec<T>> {
        self.list(name)?
            .iter()
            .filter(|t| !t.is_empty())
            .map(|t| t.trim().parse().map_err(|_| ApiError::invalid(Refusal::MediaUnusable.sentence())))
            .collect()
    }

    /// What is nested under a name (`source[privacy]`, `{"source": {"privacy": …}}`).
    #[must_use]
    pub fn under(&self, name: &str) -> Option<Self> {
        match self.values.get(name) {
            Some(Value::Object(map)) => Some(Self { values: map.clone(), ..Self::default() }),
            _ => None,
        }
    }

    /// A list of nested values, sent as a list or with numeric keys.
    #[must_use]
    pub fn rows(&self, name: &str) -> Vec<Self> {
        items_of(self.values.get(name))
            .into_iter()
            .filter_map(Value::as_object)
            .map(|map| Self { values: map.clone(), ..Self::default() })
            .collect()
    }

    /// The file of a route that takes a large one. Its name and type as the client tells them are not looked at (threats M1).
    pub const fn take_upload(&mut self) -> Option<Upload> {
        self.upload.take()
    }

    /// An uploaded file. Its name and type as the client tells them are not looked at (threats M1).
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.get(name)
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        Self::read(request, None).await
    }
}

impl Params {
    /// From a request with a `file` that may be large, and perhaps its `thumbnail`.
    ///
    /// # Errors
    /// What is wrong with the form; what [`Arrival::take`] refuses.
    pub async fn with_upload(request: Request, arrival: &mut Arrival) -> Result<Self> {
        Self::read(request, Some(arrival)).await
    }

    async fn read(request: Request, arrival: Option<&mut Arrival>) -> Result<Self> {
        let limit = request.extensions().get::<BodyLimit>().copied().unwrap_or(BodyLimit::SMALL).0;
        let length =
            request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|l| usize::try_from(l).map_or(true, |l| l > limit)) {
            return Err(ApiError::too_large());
        }
        let mut params = Self::from_query(request.uri().query().unwrap_or_default())?;
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        if kind == "multipart/form-data" {
            let request = request.map(|body| Body::new(Limited::new(body, limit)));
            params.add_multipart(request, arrival).await?;
            return Ok(params);
        }
        // Without files it is a form like any other.
        let limit = if arrival.is_some() { BodyLimit::SMALL.0 } else { limit };
        let bytes = axum::body::to_bytes(request.into_body(), limit).await.map_err(|e| unread(&e))?;
        if kind == "application/json" || kind.ends_with("+json") {
            params.add_json(&bytes)?;
        } else {
            // Some clients send a form without saying so.
            params.add_pairs(&bytes)?;
        }
        Ok(params)
    }
}

/// A field that is no file, beside one that may be large.
async fn short(field: &mut Field<'_>, left: &mut usize) -> Result<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(piece) = field.chunk().await.map_err(|e| unread(&e))? {
        *left = left.checked_sub(piece.len()).ok_or_else(ApiError::too_large)?;
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.freeze())
}

/// A body that could not be read to its end: too long, or broken off. The length limit stands somewhere below the reader's own error.
fn unread(error: &(dyn std::error::Error + 'static)) -> ApiError {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return ApiError::too_large();
        }
        cause = error.source();
    }
    ApiError::unreadable()
}

fn not_text(name: &str) -> ApiError {
    let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    ApiError::invalid(format!("{name} is not a text"))
}

fn text_of(value: Option<&Value>, name: &str) -> Result<Option<String>> {
    let text = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(n)) => n.to_string(),
        Some(Value::Bool(b)) => b.to_string(),
        Some(Value::Array(_) | Value::Object(_)) => return Err(not_text(name)),
    };
    if text.contains('\0') { Err(not_text(name)) } else { Ok(Some(text)) }
}

fn flag_of(value: Option<&Value>, name: &str) -> Result<Option<bool>> {
    let Some(text) = text_of(value, name)? else { return Ok(None) };
    match text.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "1" | "true" | "t" | "on" | "yes" => Ok(Some(true)),
        "0" | "false" | "f" | "off" | "no" => Ok(Some(false)),
        _ => Err(ApiError::invalid(format!("{name} is neither true nor false"))),
    }
}

/// The entries of a list however it was sent. Numeric keys are in the order in which they came.
fn items_of(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(Value::Object(map)) => map.values().collect(),
        Some(single) => vec![single],
    }
}

/// How deep brackets nest, strings aside, without parsing.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut most, mut in_string, mut is_escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !in_string => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(kind: &str, body: impl Into<Body>) -> Result<Params> {
        let request =
            Request::builder().uri("/x?limit=3").header("content-type", kind).body(body.into()).unwrap();
        Params::from_request(request, &()).await
    }

    #[tokio::test]
    async fn a_form_and_json_say_the_same() {
        let form = read(
            "application/x-www-form-urlencoded",
            "status=Hi&media_ids[]=1&media_ids[]=2&sensitive=1&source[privacy]=private",
        );
        let json = read(
            "application/json; charset=utf-8",
            r#"{"status":"Hi","media_ids":["1",2],"sensitive":"1","source":{"privacy":"private"}}"#,
        );
        for params in [form.await.unwrap(), json.await.unwrap()] {
            assert_eq!(params.text("status").unwrap().as_deref(), Some("Hi"));
            assert_eq!(params.list("media_ids").unwrap(), ["1", "2"]);
            assert_eq!(params.flag("sensitive").unwrap(), Some(true));
            assert_eq!(params.under("source").unwrap().text("privacy").unwrap().as_deref(), Some("private"));
            assert_eq!(params.number("limit").unwrap(), Some(3));
        }
    }

    #[tokio::test]
    async fn a_multipart_form_brings_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nA cat\r\n--b\r\nContent-Disposition: form-data; \
                    name=\"file\"; filename=\"../../etc/passwd\"\r\nContent-Type: text/html\r\n\r\nbytes\r\n--b--\r\n";
        let params = read("multipart/form-data; boundary=b", body).await.unwrap();
        assert_eq!(params.text("description").unwrap().as_deref(), Some("A cat"));
        assert_eq!(params.file("file").unwrap().as_ref(), b"bytes");
    }

    #[tokio::test]
    async fn booleans_come_in_every_spelling() {
        for (text, expected) in
            [("true", true), ("1", true), ("on", true), ("false", false), ("0", false), ("FALSE", false)]
        {
            assert_eq!(Params::from_query(&format!("x={text}")).unwrap().flag("x").unwrap(), Some(expected));
        }
        assert_eq!(read("application/json", r#"{"x":false}"#).await.unwrap().flag("x").unwrap(), Some(false));
        assert!(Params::from_query("x=maybe").unwrap().flag("x").is_err());
    }

    #[tokio::test]
    async fn rows_come_with_numeric_keys_or_as_a_list() {
        let form = Params::from_query("f[0][name]=a&f[0][value]=b&f[1][name]=c").unwrap();
        let rails = Params::from_query("f[][name]=a&f[][value]=b&f[][name]=c").unwrap();
        let json =
            read("application/json", r#"{"f":[{"name":"a","value":"b"},{"name":"c"}]}"#).await.unwrap();
        for params in [form, rails, json] {
            let rows = params.rows("f");
            assert_eq!(rows.len(), 2);
            assert_eq!(rows[0].text("value").unwrap().as_deref(), Some("b"));
            assert_eq!(rows[1].text("name").unwrap().as_deref(), Some("c"));
        }
    }

    #[tokio::test]
    async fn j1_malformed_bodies_are_the_clients_fault() {
        for body in ["{", "[1]", "\"x\"", "{\"a\":1e4000}", "nul", "{\"a\":\"\\ud800\"}"] {
            let status = read("application/json", body).await.map(|p| p.text("a").is_ok());
            match status {
                Err(error) => assert!(error.status().is_client_error(), "{body}"),
                Ok(fine) => assert!(fine, "{body}"),
            }
        }
        let params = read("application/json", r#"{"a":"x\u0000y","b":{}}"#).await.unwrap();
        assert!(params.text("a").is_err() && params.text("b").is_err() && params.number("a").is_err());
        assert!(read("multipart/form-data; boundary=b", "--b\r\nbroken").await.is_err());
        assert!(read("multipart/form-data", "").await.is_err());
    }

    #[tokio::test]
    async fn j2_deep_json_is_refused_before_it_is_parsed() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100));
        assert!(read("application/json", deep).await.is_err());
        assert!(read("application/json", format!("{{\"a\":\"{}\"}}", "[".repeat(5_000))).await.is_ok());
        assert!(Params::from_query(&format!("a{}=1", "[b]".repeat(5_000))).is_ok());
    }

    #[tokio::test]
    async fn j4_a_body_over_the_limit_is_413() {
        for kind in
            ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
        {
            let body = format!(
                "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{}\r\n--b--\r\n",
                "x".repeat(2 << 20)
            );
            assert_eq!(read(kind, body).await.unwrap_err().status(), 413, "{kind}");
        }
        let pairs = "a=1&".repeat(2_000);
        assert_eq!(read("application/x-www-form-urlencoded", pairs).await.unwrap_err().status(), 422);
    }
}
