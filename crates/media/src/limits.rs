//! How much a file may cost before and while it is decoded (threats M3). How large the result is, is in
//! `wanted`; the limits of the confined process itself are in `worker`.

use image::Limits;

use crate::Refused;

/// The largest file that is looked at: 16 MiB, as Mastodon's `image_size_limit`.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Width × height, asked of the header before anything is decoded: 40 megapixels.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The longer side, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// More frames than this are refused.
pub const MAX_FRAMES: u64 = 500;
/// Canvas × frames. An animation with more becomes a still picture of its first frame.
pub const MAX_ANIMATION_PIXELS: u64 = 60_000_000;
/// The decoded picture, in bytes: 40 megapixels with alpha, but not with 16 bits per channel.
pub const MAX_DECODED_BYTES: u64 = 192 * 1024 * 1024;
/// The largest colour profile that is kept. Display P3 has about 500 bytes, camera profiles a few thousand.
pub const MAX_PROFILE_BYTES: usize = 16 * 1024;

/// The largest video or sound file, sent or made: 99 MiB, as Mastodon's `video_size_limit`.
pub const MAX_RECORDING_BYTES: u64 = 99 * 1024 * 1024;
/// Width × height of a video: 3840 × 2160, as Mastodon's `video_matrix_limit`.
pub const MAX_VIDEO_PIXELS: u64 = 8_294_400;
/// Frames per second of a video, as Mastodon's `video_frame_rate_limit`.
pub const MAX_FRAME_RATE: u64 = 120;
/// The longest recording: a meeting of the council.
pub const MAX_RECORDING_SECONDS: i64 = 4 * 60 * 60;

/// What the decoders themselves are told.
pub(crate) fn for_decoder() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    limits
}

/// Judges the size that a header claims.
pub(crate) fn check_size(width: u32, height: u32) -> Result<(), Refused> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Refused::Damaged);
    }
    if pixels > MAX_PIXELS || width > MAX_SIDE || height > MAX_SIDE {
        return Err(Refused::TooManyPixels { limit: MAX_PIXELS });
    }
    Ok(())
}

/// Judges the length of a file.
pub(crate) fn check_length(bytes: &[u8]) -> Result<(), Refused> {
    match u64::try_from(bytes.len()) {
        Ok(0) => Err(Refused::Empty),
        Ok(length) if length <= MAX_BYTES => Ok(()),
        _ => Err(Refused::TooManyBytes { limit: MAX_BYTES }),
    }
}
