//! The style sheet and the drawings, compiled into the program and served under names that carry a hash of their content, so that browsers may keep
//! them for a year. Sources: `crates/web/assets`. Pictures that people upload are not here (`server`, `domain::media`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use parvis_domain::secrets;

/// The parts of the one style sheet, in the order of the cascade.
const STYLE: [&str; 7] = [
    include_str!("../assets/tokens.css"),
    include_str!("../assets/base.css"),
    include_str!("../assets/frame.css"),
    include_str!("../assets/forms.css"),
    include_str!("../assets/posts.css"),
    include_str!("../assets/polls.css"),
    include_str!("../assets/front.css"),
];

/// Drawings that the style sheet refers to as `url("NAME")`.
const DRAWINGS: [(&str, &str); 2] = [
    ("arcade.svg", include_str!("../assets/arcade.svg")),
    ("paving.svg", include_str!("../assets/paving.svg")),
];

const FAVICON: &str = include_str!("../assets/favicon.svg");
/// The same drawing for programs that take pixels only, by its side (`model::urls::ICON_SIZES`).
const ICONS: [(u32, &[u8]); 3] = [
    (48, include_bytes!("../assets/icon-48.png")),
    (192, include_bytes!("../assets/icon-192.png")),
    (512, include_bytes!("../assets/icon-512.png")),
];

/// All assets by the last part of their path. Never changes while the program runs.
struct Assets {
    files: BTreeMap<String, (&'static str, String)>,
    style: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let mut files = BTreeMap::new();
    let mut style = STYLE.concat();
    for (name, text) in DRAWINGS {
        let hashed = hashed(name, text);
        style = style.replace(&format!("url(\"{name}\")"), &format!("url(\"{hashed}\")"));
        files.insert(hashed, ("image/svg+xml", text.to_owned()));
    }
    let name = hashed("parvis.css", &style);
    files.insert(name.clone(), ("text/css; charset=utf-8", style));
    Assets { files, style: format!("/assets/{name}") }
});

fn hashed(name: &str, text: &str) -> String {
    let hash: String = secrets::hash(text).chars().take(12).collect();
    match name.split_once('.') {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => name.to_owned(),
    }
}

/// The path of the style sheet.
pub fn style_path() -> &'static str {
    &ASSETS.style
}

/// `GET /assets/{name}`.
pub async fn serve(Path(name): Path<String>) -> Response {
    match ASSETS.files.get(&name) {
        Some((kind, text)) => answer(kind, text.clone(), "public, max-age=31536000, immutable"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /favicon.svg`.
pub async fn favicon() -> Response {
    answer("image/svg+xml", FAVICON.to_owned(), "public, max-age=86400")
}

/// `GET /icon-{side}.png`.
pub async fn icon(side: u32) -> Response {
    match ICONS.iter().find(|(s, _)| *s == side) {
        Some((_, bytes)) => answer("image/png", *bytes, "public, max-age=86400"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(kind: &'static str, text: impl IntoResponse, keep: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        ),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_asks_no_other_site_for_anything() {
        let (_, style) = &ASSETS.files[ASSETS.style.trim_start_matches("/assets/")];
        assert!(
            !style.contains("@import") && !style.contains("//fonts") && !style.contains("http"),
            "no foreign address"
        );
        for (_, rest) in style.match_indices("url(\"").map(|(at, found)| (found, &style[at + 5..])) {
            let name = rest.split('"').next().unwrap_or_default();
            assert!(ASSETS.files.contains_key(name), "{name} is an asset with a hash");
        }
    }
}
