//! Animated GIFs. The frames are counted before any is decoded (threats M3); then they are written anew, as they
//! are or smaller. Animated WebP and PNG are not here: of them the first frame is kept, by `process`.

use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, Encoder, MemoryLimit};
use image::{
    AnimationDecoder, DynamicImage, Frame, ImageDecoder,
    codecs::gif::{GifDecoder, GifEncoder, Repeat},
    metadata::LoopCount,
};

use crate::{
    Encoded, FileType, Refused, Wanted, limits,
    process::{cut, shrink},
    wanted::{fit, middle},
};

/// Of 1 (slow) to 30: how carefully 256 colours are chosen for a frame that was scaled.
const PALETTE_SPEED: i32 = 20;

/// The animation as wanted, or `None` if there is only one frame or too much to keep in motion.
pub(crate) fn keep(bytes: &[u8], wanted: &Wanted) -> Result<Option<Encoded>, Refused> {
    let (width, height, frames) = census(bytes)?;
    let canvas = u64::from(width) * u64::from(height);
    if frames < 2 || canvas.saturating_mul(frames) > limits::MAX_ANIMATION_PIXELS {
        return Ok(None);
    }
    let shaped = wanted.ratio().is_none_or(|ratio| {
        let (_, _, wide, high) = middle(width, height, ratio);
        (wide, high) == (width, height)
    });
    if shaped && fit(width, height, wanted.max_pixels) == (width, height) {
        rewritten(bytes, width, height).map(Some)
    } else {
        scaled(bytes, wanted).map(Some)
    }
}

/// Canvas width and height and the number of frames, without decoding a pixel.
fn census(bytes: &[u8]) -> Result<(u32, u32, u64), Refused> {
    let mut options = options();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(bytes).map_err(damaged)?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    limits::check_size(width, height)?;
    let mut frames = 0;
    while decoder.next_frame_info().map_err(damaged)?.is_some() {
        frames += 1;
        if frames > limits::MAX_FRAMES {
            return Err(Refused::TooManyFrames { limit: limits::MAX_FRAMES });
        }
    }
    Ok((width, height, frames))
}

/// The same frames with the same palettes and delays: comments, application data and whatever follows the last
/// frame are left behind.
fn rewritten(bytes: &[u8], width: u32, height: u32) -> Result<Encoded, Refused> {
    let mut decoder = options().read_info(bytes).map_err(damaged)?;
    let palette = decoder.global_palette().unwrap_or_default().to_vec();
    let mut written = Vec::new();
    let mut encoder =
        Encoder::new(&mut written, decoder.width(), decoder.height(), &palette).map_err(damaged)?;
    encoder.set_repeat(decoder.repeat()).map_err(damaged)?;
    while let Some(frame) = decoder.read_next_frame().map_err(damaged)? {
        encoder.write_frame(frame).map_err(damaged)?;
    }
    drop(encoder);
    Ok(Encoded { bytes: written.into(), file_type: FileType::Gif, width, height })
}

/// Every frame as it is seen, cut and shrunk, with colours chosen anew.
fn scaled(bytes: &[u8], wanted: &Wanted) -> Result<Encoded, Refused> {
    let failed = |error: image::ImageError| Refused::from_decoder(&error);
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(failed)?;
    decoder.set_limits(limits::for_decoder()).map_err(failed)?;
    let repeat = match decoder.loop_count() {
        LoopCount::Infinite => Repeat::Infinite,
        LoopCount::Finite(times) => Repeat::Finite(u16::try_from(times.get()).unwrap_or(u16::MAX)),
    };
    let mut written = Vec::new();
    let mut size = (0, 0);
    let mut encoder = GifEncoder::new_with_speed(&mut written, PALETTE_SPEED);
    encoder.set_repeat(repeat).map_err(failed)?;
    for frame in decoder.into_frames() {
        let frame = frame.map_err(failed)?;
        let delay = frame.delay();
        let seen = DynamicImage::ImageRgba8(frame.into_buffer());
        let small = shrink(cut(seen, wanted.ratio()), wanted.max_pixels).into_rgba8();
        size = small.dimensions();
        encoder.encode_frame(Frame::from_parts(small, 0, 0, delay)).map_err(failed)?;
    }
    drop(encoder);
    Ok(Encoded { bytes: written.into(), file_type: FileType::Gif, width: size.0, height: size.1 })
}

fn options() -> DecodeOptions {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.check_frame_consistency(true);
    if let Some(most) = std::num::NonZeroU64::new(limits::MAX_DECODED_BYTES) {
        options.set_memory_limit(MemoryLimit::Bytes(most));
    }
    options
}

fn damaged<E>(_: E) -> Refused {
    Refused::Damaged
}
