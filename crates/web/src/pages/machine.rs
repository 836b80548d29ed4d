//! What machines ask a site for: `robots.txt`, `security.txt` (RFC 9116). Federation documents are in `federation`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use parvis_domain::Town;
use parvis_model::time::DAY;

/// How long a reader may rely on `security.txt`.
const VALID: i64 = 180 * DAY;

fn text(text: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], text).into_response()
}

/// `GET /robots.txt`. Posts and profiles of the town may be found; who does not want to be has it said on the page itself.
pub async fn robots() -> Response {
    text("User-agent: *\nDisallow: /api/\nDisallow: /auth/\nDisallow: /oauth/\nDisallow: /search\nDisallow: /settings\nDisallow: /desk/\nDisallow: /media_proxy/\n".to_owned())
}

/// `GET /.well-known/security.txt`; not there while the town has no contact.
pub async fn security(State(town): State<Town>) -> Response {
    let Some(contact) = &town.settings().town.contact_email else {
        return StatusCode::NOT_FOUND.into_response();
    };
    text(format!(
        "Contact: mailto:{contact}\nExpires: {}\nPreferred-Languages: {}\nCanonical: {}\n",
        town.now().plus(VALID).to_rfc3339(),
        town.settings().town.languages.join(", "),
        town.urls().page("/.well-known/security.txt"),
    ))
}
