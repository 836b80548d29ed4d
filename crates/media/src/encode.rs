//! Writes pictures anew, from pixels and nothing else but a colour profile (threats M4). The encoders are the
//! image crate's; which of them is used for what, is decided here.

use image::{
    DynamicImage, ImageEncoder,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
        webp::WebPEncoder,
    },
};

use crate::{Encoded, FileType, Kind, Refused, limits::MAX_PROFILE_BYTES};

/// Of 100. Above this, files grow faster than anybody can see.
const JPEG_QUALITY: u8 = 85;

/// The type in which a picture that came as `from` is written. There is no lossy WebP encoder, so an opaque
/// WebP picture, mostly a photograph, becomes a JPEG.
pub(crate) fn type_for(from: FileType, kind: Kind, opaque: bool) -> FileType {
    match (from, opaque) {
        _ if kind == Kind::Emoji => FileType::Png,
        (FileType::Jpeg, _) | (FileType::Webp, true) => FileType::Jpeg,
        (FileType::Webp, false) => FileType::Webp,
        (FileType::Png | FileType::Gif, _) => FileType::Png,
    }
}

/// Writes one picture. `picture` must be what [`crate::process`] made of it: 8 bits, grey, RGB or RGBA.
pub(crate) fn encode(
    picture: &DynamicImage,
    file_type: FileType,
    profile: Option<&[u8]>,
) -> Result<Encoded, Refused> {
    let mut bytes = Vec::new();
    let written = match file_type {
        FileType::Jpeg => write(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY), picture, profile),
        FileType::Webp => write(WebPEncoder::new_lossless(&mut bytes), picture, profile),
        FileType::Png | FileType::Gif => {
            let encoder =
                PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
            write(encoder, picture, profile)
        }
    };
    // Encoders refuse only what does not fit the format, which is the fault of the picture.
    written.map_err(|_| Refused::Damaged)?;
    let file_type = if file_type == FileType::Gif { FileType::Png } else { file_type };
    Ok(Encoded { bytes: bytes.into(), file_type, width: picture.width(), height: picture.height() })
}

fn write(
    mut encoder: impl ImageEncoder,
    picture: &DynamicImage,
    profile: Option<&[u8]>,
) -> image::ImageResult<()> {
    if let Some(profile) = profile.filter(|profile| suits(profile, picture)) {
        // An encoder that knows no profiles says so; the picture is then written without.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    picture.write_with_encoder(encoder)
}

/// A profile is kept if it is small and speaks of the colours that are written: the profile of a CMYK file, whose
/// pixels are RGB by now, would turn every colour. The data colour space stands at byte 16 (ICC.1:2022 §7.2.6).
fn suits(profile: &[u8], picture: &DynamicImage) -> bool {
    let space: &[u8] = if picture.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.len() <= MAX_PROFILE_BYTES && profile.get(16..20) == Some(space)
}
