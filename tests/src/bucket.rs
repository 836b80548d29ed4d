//! A store that speaks as much S3 as a town needs: one bucket in memory, behind a real socket. It takes signed requests only.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parvis_config::{Secret, Settings};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Who may.
const KEY: &str = "KEYOFTHETOWN";
/// What is signed with.
const SECRET: &str = "a secret of the test";
const BUCKET: &str = "pictures";

#[derive(Default)]
struct Kept {
    objects: BTreeMap<String, (String, Bytes)>,
    pieces: BTreeMap<u32, Bytes>,
    asked: Vec<String>,
}

/// See the module.
pub struct Bucket {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    // Ends with this value.
    _serving: JoinSet<()>,
}

impl Bucket {
    /// Opens an empty one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let kept = Arc::new(Mutex::new(Kept::default()));
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&kept));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let _ended = axum::serve(listener, routes).await;
        });
        Self { address, kept, _serving: serving }
    }

    /// Puts it into a town's settings.
    pub fn into_settings(&self, settings: &mut Settings) {
        settings.s3.bucket = Some(BUCKET.to_owned());
        settings.s3.endpoint = Some(format!("http://{}", self.address).parse().expect("an address"));
        settings.s3.access_key_id = KEY.to_owned();
        settings.s3.secret_access_key = Some(Secret::new(SECRET));
    }

    /// The keys of what it keeps, with the types that it would be served as.
    #[must_use]
    pub fn objects(&self) -> Vec<(String, String)> {
        lock(&self.kept).objects.iter().map(|(key, (kind, _))| (key.clone(), kind.clone())).collect()
    }

    /// One of its objects.
    #[must_use]
    pub fn object(&self, key: &str) -> Option<Bytes> {
        lock(&self.kept).objects.get(key).map(|(_, bytes)| bytes.clone())
    }

    /// What was asked of it since the last call: method, path, range.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.kept).asked)
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(kept): State<Arc<Mutex<Kept>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let told = |name: header::HeaderName| {
        parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let signature = told(header::AUTHORIZATION);
    let is_signed = signature.starts_with(&format!("AWS4-HMAC-SHA256 Credential={KEY}/"))
        && signature.contains("/eu-test/s3/aws4_request")
        && signature.contains("Signature=");
    if !is_signed {
        return StatusCode::FORBIDDEN.into_response();
    }
    let bytes = to_bytes(body, 32 << 20).await.expect("a body");
    let query: BTreeMap<String, String> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let Some(key) = parts.uri.path().strip_prefix(&format!("/{BUCKET}/")).map(str::to_owned) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut kept = lock(&kept);
    kept.asked.push(format!("{} {key} {}", parts.method, told(header::RANGE)).trim().to_owned());
    let etag = [(header::ETAG, "\"e\"")];
    match parts.method {
        Method::PUT => {
            match query.get("partNumber").and_then(|number| number.parse().ok()) {
                Some(number) => kept.pieces.insert(number, bytes).map_or((), drop),
                None => {
                    kept.objects.insert(key, (told(header::CONTENT_TYPE), bytes));
                }
            }
            etag.into_response()
        }
        Method::POST if query.contains_key("uploads") => {
            kept.objects.insert(key, (told(header::CONTENT_TYPE), Bytes::new()));
            "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"
                .into_response()
        }
        Method::POST => {
            let whole: Vec<u8> = std::mem::take(&mut kept.pieces).into_values().flatten().collect();
            if let Some(object) = kept.objects.get_mut(&key) {
                object.1 = whole.into();
            }
            "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>"
                .into_response()
        }
        Method::DELETE => {
            kept.objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => match kept.objects.get(&key) {
            Some((kind, whole)) => part(kind, whole, &told(header::RANGE)),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

/// The object or, with `bytes=1-2`, a part of it.
fn part(kind: &str, whole: &Bytes, range: &str) -> Response {
    let length = whole.len();
    let asked = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let asked =
        asked.and_then(|(start, last)| Some((start.parse::<usize>().ok()?, last.parse::<usize>().ok()?)));
    let (status, bytes, told) = match asked {
        Some((start, last)) => {
            let last = last.min(length - 1);
            (StatusCode::PARTIAL_CONTENT, whole.slice(start..=last), format!("bytes {start}-{last}/{length}"))
        }
        None => (StatusCode::OK, whole.clone(), String::new()),
    };
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::ETAG, "\"e\"")
        .header(header::LAST_MODIFIED, "Sun, 22 Nov 2026 12:00:00 GMT")
        .header(header::CONTENT_LENGTH, bytes.len());
    if !told.is_empty() {
        response = response.header(header::CONTENT_RANGE, told);
    }
    response.body(Body::from(bytes)).expect("a response")
}
