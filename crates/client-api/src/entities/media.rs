//! MediaAttachment. Source: <https://docs.joinmastodon.org/entities/MediaAttachment/>.

use parvis_domain::rows::Media;
use parvis_model::ids::MediaId;
use parvis_model::urls::Urls;
use serde::Serialize;

/// A picture, video or sound of a post, or one that waits for its post.
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

/// Sizes, focal point and, of video and sound, how long it is and what is in it.
#[derive(Clone, Debug, Serialize)]
pub struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<Original>,
    #[serde(skip_serializing_if = "Option::is_none")]
    small: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    focus: Option<FocalPoint>,
    #[serde(flatten)]
    recording: Option<Recording>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Original {
    Picture(Size),
    Recording(RecordingSize),
}

#[derive(Clone, Debug, Serialize)]
struct Size {
    width: i32,
    height: i32,
    size: String,
    aspect: f64,
}

#[derive(Clone, Debug, Serialize)]
struct RecordingSize {
    #[serde(skip_serializing_if = "is_unknown")]
    width: i32,
    #[serde(skip_serializing_if = "is_unknown")]
    height: i32,
    #[serde(skip_serializing_if = "String::is_empty")]
    frame_rate: String,
    /// Seconds.
    duration: f64,
    bitrate: i64,
}

/// What Mastodon tells beside `original`; older clients read it here.
#[derive(Clone, Debug, Serialize)]
struct Recording {
    /// Hours, minutes, seconds and hundredths: `0:01:28.65`.
    length: String,
    /// Seconds.
    duration: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fps: Option<u64>,
    #[serde(flatten)]
    size: Option<Size>,
    #[serde(flatten)]
    audio: Option<Audio>,
}

#[derive(Clone, Debug, Serialize)]
struct Audio {
    audio_encode: String,
    /// Samples per second, whatever its name says.
    audio_bitrate: String,
    audio_channels: String,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct FocalPoint {
    x: f64,
    y: f64,
}

impl MediaAttachment {
    /// Renders a picture, video or sound. Remote ones go through our proxy, so that nobody's address is told to another server; kinds that we cannot
    /// show are linked only.
    #[must_use]
    pub fn of(row: &Media, urls: &Urls) -> Self {
        let kind = kind(row);
        let has_preview = row.small_key.is_some() || row.remote_preview_url.is_some() || kind == "image";
        let (url, preview) = match (&row.file_key, &row.remote_url) {
            (_, Some(source)) if kind != "unknown" => {
                let preview = has_preview.then(|| urls.media_proxy(row.id, source, true));
                (Some(urls.media_proxy(row.id, source, false)), preview)
            }
            (_, Some(source)) => (Some(source.clone()), None),
            (Some(key), None) => {
                let small = row.small_key.as_ref().or(Some(key).filter(|_| kind == "image"));
                (Some(urls.media_file(key)), small.map(|key| urls.media_file(key)))
            }
            // In work: their own small picture, if they sent one.
            (None, None) => (None, row.small_key.as_ref().map(|key| urls.media_file(key))),
        };
        Self {
            id: row.id,
            r#type: kind,
            url,
            preview_url: preview,
            remote_url: row.remote_url.clone(),
            preview_remote_url: row.remote_preview_url.clone(),
            text_url: None,
            meta: Meta::of(row),
            description: Some(row.description.clone()).filter(|d| !d.is_empty()),
            blurhash: row.blurhash.clone(),
        }
    }
}

fn kind(row: &Media) -> &'static str {
    match row.kind.as_str() {
        "image" => "image",
        "video" => "video",
        "gifv" => "gifv",
        "audio" => "audio",
        _ => "unknown",
    }
}

impl Meta {
    fn of(row: &Media) -> Self {
        let is_recording = row.is_recording() && row.duration_ms > 0;
        let size = Size::of(row.width, row.height);
        let original = if is_recording {
            Some(Original::Recording(RecordingSize {
                width: row.width,
                height: row.height,
                frame_rate: row.frame_rate.clone(),
                duration: seconds(row.duration_ms),
                bitrate: row.bitrate,
            }))
        } else {
            size.clone().map(Original::Picture)
        };
        let focus = FocalPoint { x: row.focus_x, y: row.focus_y };
        Self {
            original,
            small: Size::of(row.small_width, row.small_height),
            focus: (row.kind != "audio").then_some(focus),
            recording: is_recording.then(|| Recording::of(row, size)),
        }
    }
}

impl Recording {
    fn of(row: &Media, size: Option<Size>) -> Self {
        let hundredths = row.duration_ms / 10;
        let (hours, rest) = (hundredths / 360_000, hundredths % 360_000);
        Self {
            length: format!("{hours}:{:02}:{:02}.{:02}", rest / 6_000, rest / 100 % 60, rest % 100),
            duration: seconds(row.duration_ms),
            fps: frames_per_second(&row.frame_rate),
            size,
            audio: (!row.audio_codec.is_empty()).then(|| Audio {
                audio_encode: row.audio_codec.clone(),
                audio_bitrate: format!("{} Hz", row.audio_frequency),
                audio_channels: match row.audio_channels {
                    1 => "mono".to_owned(),
                    2 => "stereo".to_owned(),
                    more => format!("{more} channels"),
                },
            }),
        }
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "hours, in milliseconds")]
fn seconds(milliseconds: i64) -> f64 {
    milliseconds as f64 / 1_000.0
}

/// `30000/1001` → 30.
fn frames_per_second(fraction: &str) -> Option<u64> {
    let (above, below) = fraction.split_once('/')?;
    let (above, below) = (above.parse::<u64>().ok()?, below.parse::<u64>().ok().filter(|n| *n > 0)?);
    Some(above.saturating_add(below / 2) / below)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_unknown(length: &i32) -> bool {
    *length == 0
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
