//! Why a file is not accepted, as a sentence for the person who sent it. Failures of our own (no process, no
//! disk) are not refusals; they are `child::Error` and `std::io::Error`.

use serde::{Deserialize, Serialize};

/// Always the file's fault: doors answer 422, never 5xx.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Refused {
    #[error("The file is empty.")]
    Empty,
    #[error("The file is too large: at most {limit} bytes are accepted.")]
    TooManyBytes { limit: u64 },
    #[error("This is not a picture that can be used here. Send a JPEG, PNG, GIF or WebP picture.")]
    UnknownType,
    #[error("{name} files cannot be used. Send a JPEG, PNG, GIF or WebP picture.")]
    NotYet { name: String },
    #[error("HEIC pictures cannot be used. Save the picture as JPEG and send that.")]
    Heic,
    #[error("AVIF pictures cannot be used. Save the picture as JPEG or WebP and send that.")]
    Avif,
    #[error("Video and sound are not taken here: ffmpeg is missing.")]
    NeedsFfmpeg,
    #[error("The recording is too long: at most {limit} seconds are accepted.")]
    TooLong { limit: i64 },
    #[error("The video has too many frames per second: at most {limit} are accepted.")]
    TooFast { limit: u64 },
    #[error("It has too many pixels: at most {limit} are accepted.")]
    TooManyPixels { limit: u64 },
    #[error("The animation has too many frames: at most {limit} are accepted.")]
    TooManyFrames { limit: u64 },
    #[error("The file is damaged or of a rare kind and could not be read.")]
    Damaged,
    #[error("The file takes too long or too much memory to read.")]
    TooCostly,
}

impl Refused {
    /// What to answer to an error of a decoder. Its text is not passed on: it speaks of bytes and chunks.
    pub(crate) fn from_decoder(error: &image::ImageError) -> Self {
        match error {
            image::ImageError::Limits(_) => Self::TooManyPixels { limit: crate::limits::MAX_PIXELS },
            _ => Self::Damaged,
        }
    }
}
