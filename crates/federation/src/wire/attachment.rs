//! `attachment` of posts: pictures, films, sound, files and links. Only addresses; nothing is fetched here.

use parvis_model::media::from_xsd_duration;
use url::Url;

use super::limits::ATTACHMENTS;
use super::members::Members;

/// What an attachment says it is; the content decides later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// A page elsewhere (Lemmy's way of posting a link).
    Link,
    /// Something else.
    File,
}

/// One attachment.
#[derive(Debug, Clone, PartialEq)]
pub struct Attachment {
    /// What it says it is, by type and media type.
    pub kind: AttachmentKind,
    /// Where it is.
    pub url: Url,
    /// Its media type, if given.
    pub media_type: Option<String>,
    /// What is to be seen, for those who cannot see it.
    pub description: Option<String>,
    /// The blurred stand-in.
    pub blurhash: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// A picture of a recording.
    pub preview: Option<Url>,
    /// Milliseconds.
    pub duration: Option<i64>,
    /// What must not be cropped away: x and y from −1 to 1.
    pub focal_point: Option<(f64, f64)>,
}

impl Attachment {
    /// All usable attachments, at most 16. Rows of a profile's table are not attachments.
    pub(super) fn read_all(members: Members<'_>) -> Vec<Self> {
        members.many("attachment").objects().filter_map(Self::read).take(ATTACHMENTS).collect()
    }

    fn read(object: Members<'_>) -> Option<Self> {
        if object.is("PropertyValue") || object.is("Place") {
            return None;
        }
        let (url, inner) = object.media("url").or_else(|| object.url("href").map(|url| (url, None)))?;
        let media_type = object.text("mediaType").or(inner).filter(|kind| kind.len() <= 100);
        let by_media = media_type.as_deref().and_then(|kind| kind.split_once('/')).map(|(family, _)| family);
        let kind = match by_media {
            Some("image") => AttachmentKind::Image,
            Some("video") => AttachmentKind::Video,
            Some("audio") => AttachmentKind::Audio,
            // Some write pictures as links (older Lemmy), but never pages as anything else.
            _ if object.is("Link") => AttachmentKind::Link,
            _ => object
                .kind(&[
                    ("Image", AttachmentKind::Image),
                    ("Video", AttachmentKind::Video),
                    ("Audio", AttachmentKind::Audio),
                ])
                .unwrap_or(AttachmentKind::File),
        };
        Some(Self {
            kind,
            url,
            media_type,
            description: object.text("name").or_else(|| object.text("summary")),
            blurhash: object.text("blurhash").filter(|hash| hash.len() <= 100),
            width: object.size("width"),
            height: object.size("height"),
            preview: object.media("icon").map(|(url, _)| url),
            duration: object.text("duration").and_then(|text| from_xsd_duration(&text)),
            focal_point: object.point("focalPoint"),
        })
    }
}
