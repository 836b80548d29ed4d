//! The pictures of people who have none. Made for Parvis; not third-party files.

use axum::response::{IntoResponse, Response};
use http::header;

const AVATAR: &[u8] = include_bytes!("../../assets/missing-avatar.png");
const HEADER: &[u8] = include_bytes!("../../assets/missing-header.png");

/// `GET /avatars/original/missing.png`.
pub async fn avatar() -> Response {
    picture(AVATAR)
}

/// `GET /headers/original/missing.png`.
pub async fn header() -> Response {
    picture(HEADER)
}

fn picture(bytes: &'static [u8]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    (headers, bytes).into_response()
}
