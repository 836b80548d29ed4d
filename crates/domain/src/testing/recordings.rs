//! A film and a sound as a telephone makes them, a second each, a picture that only ffmpeg reads, and the ffmpeg of this machine. Made for this file by ffmpeg's `testsrc` and `sine`.

/// 160 × 90 pixels, 10 frames per second, H.264 and AAC. It says where and by whom it was made.
pub const FILM: &[u8] = include_bytes!("film.mp4");
/// An AVIF picture, 64 × 48 pixels.
pub const AVIF: &[u8] = include_bytes!("picture.avif");
/// MP3 with a cover. It says by whom it was made.
pub const SOUND: &[u8] = include_bytes!("sound.mp3");
/// What is told beside pictures and sound in both.
pub const SECRET_OF_THE_TELEPHONE: &str = "50.0412N 3.1234E Ana's telephone";

/// Whether recordings can be tested here. Where not, says loudly that they were not; the pipeline must have it.
///
/// # Panics
/// In the pipeline (`CI`), when there is none.
#[must_use]
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see it")]
pub fn ffmpeg() -> bool {
    let is_there = parvis_config::Settings::default().ffmpeg().is_some();
    if !is_there {
        assert!(std::env::var_os("CI").is_none(), "the pipeline needs ffmpeg");
        eprintln!("SKIPPED: there is no ffmpeg on this machine, so this test of recordings did not run");
    }
    is_there
}
