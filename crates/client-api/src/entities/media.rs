//! MediaAttachment. Source: <https://docs.joinmastodon.org/entities/MediaAttachment/>.

use parvis_domain::rows::Media;
use parvis_model::ids::MediaId;
use parvis_model::urls::Urls;
use serde::Serialize;

/// A picture of a post, or one that waits for its post.
#[derive(Clone, Debug, Serialize)]
pub struct MediaAttachment {
    pub id: MediaId,
    pub r#type: &'static str,
    pub url: Option<String>,
    pub preview_url: Option<String>,
    pub remote_url: Option<String>,
    pub preview_remote_url: Option<String>,
    pub text_url: Option<String>,
    pub meta: Meta,
    pub description: Option<String>,
    pub blurhash: Option<String>,
}

/// Sizes and focal point.
#[derive(Clone, Debug, Serialize)]
pub struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    small: Option<Size>,
    focus: FocalPoint,
}

#[derive(Clone, Debug, Serialize)]
struct Size {
    width: i32,
    height: i32,
    size: String,
    aspect: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct FocalPoint {
    x: f64,
    y: f64,
}

impl MediaAttachment {
    /// Renders a picture. Remote ones go through our proxy, so that nobody's address is told to another server; kinds that we cannot show
    /// are linked only.
    #[must_use]
    pub fn of(row: &Media, urls: &Urls) -> Self {
        let is_image = row.kind == "image";
        let (url, preview) = match (&row.file_key, &row.remote_url) {
            (Some(key), _) => {
                (Some(urls.media_file(key)), Some(urls.media_file(row.small_key.as_ref().unwrap_or(key))))
            }
            (None, Some(source)) if is_image => {
                let proxied = |small| Some(urls.media_proxy(row.id, source, small));
                (proxied(false), proxied(true))
            }
            (None, remote) => (remote.clone(), None),
        };
        Self {
            id: row.id,
            r#type: if is_image { "image" } else { "unknown" },
            url,
            preview_url: preview,
            remote_url: row.remote_url.clone(),
            preview_remote_url: None,
            text_url: None,
            meta: Meta {
                original: Size::of(row.width, row.height),
                small: Size::of(row.small_width, row.small_height),
                focus: FocalPoint { x: row.focus_x, y: row.focus_y },
            },
            description: Some(row.description.clone()).filter(|d| !d.is_empty()),
            blurhash: row.blurhash.clone(),
        }
    }
}

impl Size {
    fn of(width: i32, height: i32) -> Option<Self> {
        (width > 0 && height > 0).then(|| Self {
            width,
            height,
            size: format!("{width}x{height}"),
            aspect: f64::from(width) / f64::from(height),
        })
    }
}
