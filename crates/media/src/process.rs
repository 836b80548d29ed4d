//! From a file that somebody sent to the files that are stored: decode, turn upright, cut, shrink, write anew.
//!
//! Pure and synchronous. It decodes what strangers wrote, so production calls it only inside the confined
//! process (`worker`, started by `child`). Animations branch off to `animation`.

use std::io::Cursor;

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder,
    codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
    imageops::FilterType,
    metadata::Orientation,
};

use crate::{
    FileType, Refused, Wanted, animation,
    encode::{encode, type_for},
    limits, sniff,
    wanted::{fit, middle},
};

/// Pixels that a blurhash is computed from: more do not change it.
const BLURHASH_PIXELS: u32 = 1_024;
/// The smooth filter needs 16 bytes for every pixel of old width × new height; above this the coarse one is used.
const SMOOTH_FILTER_BYTES: u64 = 192 * 1024 * 1024;

/// A file as it shall be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    pub bytes: Bytes,
    pub file_type: FileType,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processed {
    pub original: Encoded,
    /// A small still picture: as asked for, or the still form of an animation.
    pub thumbnail: Option<Encoded>,
    /// <https://blurha.sh>, 4 × 4 components.
    pub blurhash: String,
}

/// Makes of a file what is wanted.
///
/// # Errors
/// [`Refused`] says what is wrong with the file.
pub fn process(bytes: &[u8], wanted: &Wanted) -> Result<Processed, Refused> {
    limits::check_length(bytes)?;
    let file_type = sniff::sniff(bytes)?;
    if file_type == FileType::Gif
        && let Some(animated) = animation::keep(bytes, wanted)?
    {
        let (first, profile) = still(bytes, file_type, wanted)?;
        let pixels = wanted.thumbnail_pixels.unwrap_or(wanted.max_pixels);
        let thumbnail = Some(thumbnail(&first, pixels, profile.as_deref())?);
        return Ok(Processed { original: animated, thumbnail, blurhash: blurhash(&first)? });
    }
    let (picture, profile) = still(bytes, file_type, wanted)?;
    let written_as = type_for(file_type, wanted.kind, !picture.color().has_alpha());
    let original = encode(&picture, written_as, profile.as_deref())?;
    let thumbnail =
        wanted.thumbnail_pixels.map(|pixels| thumbnail(&picture, pixels, profile.as_deref())).transpose()?;
    Ok(Processed { original, thumbnail, blurhash: blurhash(&picture)? })
}

/// The picture as wanted, and its colour profile.
fn still(
    bytes: &[u8],
    file_type: FileType,
    wanted: &Wanted,
) -> Result<(DynamicImage, Option<Vec<u8>>), Refused> {
    let (picture, orientation, profile) =
        decode(bytes, file_type).map_err(|error| Refused::from_decoder(&error))??;
    // Cutting out the middle and shrinking are the same before and after turning, and cheaper before.
    let lying = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let ratio = wanted.ratio().map(|(across, down)| if lying { (down, across) } else { (across, down) });
    let mut picture = shrink(cut(picture, ratio), wanted.max_pixels);
    picture.apply_orientation(orientation);
    Ok((eight_bits(picture), profile))
}

type Decoded = Result<(DynamicImage, Orientation, Option<Vec<u8>>), Refused>;

/// Two layers of errors: the decoder's outside, ours inside.
fn decode(bytes: &[u8], file_type: FileType) -> image::ImageResult<Decoded> {
    let input = Cursor::new(bytes);
    let mut decoder: Box<dyn ImageDecoder> = match file_type {
        FileType::Jpeg => Box::new(JpegDecoder::new(input)?),
        FileType::Png => Box::new(PngDecoder::with_limits(input, limits::for_decoder())?),
        FileType::Gif => Box::new(GifDecoder::new(input)?),
        FileType::Webp => Box::new(WebPDecoder::new(input)?),
    };
    let (width, height) = decoder.dimensions();
    if let Err(refused) = limits::check_size(width, height) {
        return Ok(Err(refused));
    }
    if decoder.total_bytes() > limits::MAX_DECODED_BYTES {
        return Ok(Err(Refused::TooManyPixels { limit: limits::MAX_PIXELS }));
    }
    decoder.set_limits(limits::for_decoder())?;
    // Broken metadata is no reason to refuse a picture: it is thrown away anyway.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    Ok(Ok((DynamicImage::from_decoder(decoder)?, orientation, profile)))
}

/// Cuts the middle out, if a shape is wanted.
pub(crate) fn cut(picture: DynamicImage, ratio: Option<(u32, u32)>) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    match ratio.map(|ratio| middle(width, height, ratio)) {
        Some((left, top, wide, high)) if (wide, high) != (width, height) => {
            picture.crop_imm(left, top, wide, high)
        }
        _ => picture,
    }
}

/// Scales down to at most `max_pixels`.
pub(crate) fn shrink(picture: DynamicImage, max_pixels: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let (wide, high) = fit(width, height, max_pixels);
    if (wide, high) == (width, height) {
        picture
    } else if u64::from(width) * u64::from(high) * 16 <= SMOOTH_FILTER_BYTES {
        picture.resize_exact(wide, high, FilterType::CatmullRom)
    } else {
        picture.thumbnail_exact(wide, high)
    }
}

/// Eight bits per channel; an alpha channel that hides nothing goes.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    let color = picture.color();
    if color.has_alpha() {
        let picture = picture.into_rgba8();
        if picture.pixels().any(|pixel| pixel.0.last().is_some_and(|alpha| *alpha != u8::MAX)) {
            return DynamicImage::ImageRgba8(picture);
        }
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(picture).into_rgb8());
    }
    if color.has_color() {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    } else {
        DynamicImage::ImageLuma8(picture.into_luma8())
    }
}

fn thumbnail(picture: &DynamicImage, pixels: u32, profile: Option<&[u8]>) -> Result<Encoded, Refused> {
    let file_type = if picture.color().has_alpha() { FileType::Png } else { FileType::Jpeg };
    encode(&shrink(picture.clone(), pixels), file_type, profile)
}

fn blurhash(picture: &DynamicImage) -> Result<String, Refused> {
    let (wide, high) = fit(picture.width(), picture.height(), BLURHASH_PIXELS);
    let small = picture.thumbnail_exact(wide, high).into_rgba8();
    blurhash::encode(4, 4, wide, high, small.as_raw()).map_err(|_| Refused::Damaged)
}

#[cfg(test)]
#[path = "process_tests.rs"]
mod tests;
