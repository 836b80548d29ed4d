//! What is done to a recording, as arguments for ffmpeg: taken over as it is where it plays everywhere (H.264 with AAC; AAC), else
//! converted to that. Nothing of a recording but its pictures and its sound is taken over: no texts, covers, chapters, subtitles or data (threats
//! M4). Names of files are fixed, so nothing that a stranger wrote is ever an argument (threats M1).

use super::probe::{Found, fraction};
use super::work::{POSTER, RESULT, SOURCE};
use crate::{Container, Refused, limits};

/// What ffmpeg must be able to write.
pub(super) const ENCODERS: [&str; 3] = ["libx264", "aac", "libmp3lame"];
/// The longer side of a video that is converted, in pixels.
const SIDE: u32 = 1_920;
/// The longer side of a picture that only ffmpeg can read.
const STILL_SIDE: u32 = 4_096;
/// The longer side of a poster frame.
const POSTER_SIDE: u32 = 640;
/// Frames per second of a video that is converted, at most.
const FRAME_RATE: u64 = 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plan {
    /// Pictures, sound and the frame rate to come down to. `None` takes over what is there.
    Film { picture: u32, sound: Option<u32>, converted: Option<Option<u64>> },
    /// The sound as it is, in this container.
    Sound { sound: u32, container: Container, is_converted: bool },
}

impl Plan {
    /// What a recording needs.
    pub(super) fn for_recording(from: Container, found: &Found) -> Result<Self, Refused> {
        let sound_codec = found.sound.as_ref().map(|sound| sound.codec.as_str());
        let sound = found.sound.as_ref().map(|sound| sound.index);
        if let Some(picture) = &found.picture {
            let is_web = picture.codec == "h264"
                && matches!(picture.pixels.as_str(), "yuv420p" | "yuvj420p")
                && from.demuxer() == "mov"
                && matches!(sound_codec, None | Some("aac"));
            let is_fast = |(above, below): (u64, u64)| above > below.saturating_mul(FRAME_RATE);
            let rate = fraction(&picture.frame_rate).filter(|rate| is_fast(*rate)).map(|_| FRAME_RATE);
            let converted = (!is_web).then_some(rate);
            return Ok(Self::Film { picture: picture.index, sound, converted });
        }
        let sound = sound.ok_or(Refused::Damaged)?;
        let (container, is_converted) = match (sound_codec, from) {
            (Some("aac"), _) => (Container::M4a, false),
            // Also MP3: its tags may stand between any two frames, and a copy takes them along.
            _ => (Container::Mp3, true),
        };
        Ok(Self::Sound { sound, container, is_converted })
    }

    /// Whether it takes more than copying.
    pub(super) const fn is_conversion(&self) -> bool {
        match self {
            Self::Film { converted, .. } => converted.is_some(),
            Self::Sound { is_converted, .. } => *is_converted,
        }
    }

    /// What to try when this failed: to convert.
    pub(super) fn otherwise(&self) -> Option<Self> {
        match self {
            Self::Film { picture, sound, converted: None } => {
                let converted = Some(Some(FRAME_RATE));
                Some(Self::Film { picture: *picture, sound: *sound, converted })
            }
            Self::Sound { sound, is_converted: false, .. } => {
                Some(Self::Sound { sound: *sound, container: Container::Mp3, is_converted: true })
            }
            _ => None,
        }
    }

    /// What comes out.
    pub(super) const fn container(&self) -> Container {
        match self {
            Self::Film { .. } => Container::Mp4,
            Self::Sound { container, .. } => *container,
        }
    }

    pub(super) fn arguments(&self, from: Container) -> Vec<String> {
        let mut all = quietly();
        all.extend(input(from, SOURCE));
        match self {
            Self::Film { picture, sound, converted } => {
                all.extend(["-map".to_owned(), format!("0:{picture}")]);
                if let Some(sound) = sound {
                    all.extend(["-map".to_owned(), format!("0:{sound}")]);
                }
                all.extend(stripped());
                match converted {
                    None => all.extend(words("-c copy")),
                    Some(rate) => all.extend(conversion(*rate)),
                }
                // Only pictures and what decodes them (H.264 table 7-1): what cameras write in between (SEI) and what decoders skip goes.
                all.extend(words("-bsf:v filter_units=pass_types=1-5|7-9 -movflags +faststart -f mp4"));
            }
            Self::Sound { sound, container, is_converted } => {
                all.extend(["-map".to_owned(), format!("0:{sound}")]);
                all.extend(stripped());
                all.extend(match (is_converted, container) {
                    // The encoder takes one channel or two; ffmpeg mixes more of them down by itself, and leaves a voice alone.
                    (true, _) => words("-c:a libmp3lame -q:a 3 -ar 44100"),
                    (false, _) => words("-c copy"),
                });
                all.extend(match container {
                    Container::Mp3 => words("-write_id3v1 0 -id3v2_version 0 -write_xing 1 -f mp3"),
                    _ => words("-movflags +faststart -f ipod"),
                });
            }
        }
        all.extend(["-t".to_owned(), limits::MAX_RECORDING_SECONDS.to_string()]);
        all.extend(["-y".to_owned(), RESULT.to_owned()]);
        all
    }
}

/// H.264 and AAC, small enough for telephones; two threads, so that a town answers meanwhile.
fn conversion(rate: Option<u64>) -> Vec<String> {
    let side = |axis: &str| format!("'min({SIDE},{axis})'");
    let scale = format!(
        "scale=w={}:h={}:force_original_aspect_ratio=decrease:force_divisible_by=2",
        side("iw"),
        side("ih")
    );
    let mut all = words("-c:v libx264 -preset veryfast -crf 24 -maxrate 5M -bufsize 10M -pix_fmt yuv420p");
    all.extend(words("-threads 2 -filter_threads 1 -c:a aac -b:a 128k -ac 2 -ar 44100"));
    all.extend(["-vf".to_owned(), scale]);
    if let Some(rate) = rate {
        all.extend(["-r".to_owned(), rate.to_string()]);
    }
    all
}

fn quietly() -> Vec<String> {
    words("-nostdin -hide_banner -loglevel error")
}

/// One file, one demuxer, no other protocol than files (threats M2).
fn input(container: Container, file: &str) -> Vec<String> {
    let demuxer = container.demuxer();
    let list = if demuxer == "matroska" { "matroska,webm" } else { demuxer };
    let mut all = words("-protocol_whitelist file -format_whitelist");
    all.extend([list, "-f", demuxer, "-i", file].map(str::to_owned));
    all
}

fn stripped() -> Vec<String> {
    words("-sn -dn -map_metadata -1 -map_chapters -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact")
}

/// For ffprobe: numbers and names of codecs only.
pub(super) fn look(file: &str, container: Container) -> Vec<String> {
    let mut all = words("-hide_banner -loglevel error -of json -show_entries");
    all.push(
        "format=duration,bit_rate:stream=index,codec_type,codec_name,profile,pix_fmt,width,height,\
         avg_frame_rate,r_frame_rate,sample_rate,channels:stream_disposition=attached_pic:\
         stream_side_data=rotation"
            .to_owned(),
    );
    all.extend(input(container, file));
    all
}

/// The first picture of a stream as JPEG, with all its colours, as large as a picture of a post at most.
pub(super) fn still(container: Container, picture: u32) -> Vec<String> {
    let mut all = quietly();
    all.extend(input(container, SOURCE));
    all.extend(["-map".to_owned(), format!("0:{picture}")]);
    let side = |axis: &str| format!("'min({STILL_SIDE},{axis})'");
    let scale = format!("scale=w={}:h={}:force_original_aspect_ratio=decrease", side("iw"), side("ih"));
    all.extend(["-vf".to_owned(), scale]);
    all.extend(words(
        "-frames:v 1 -an -sn -dn -map_metadata -1 -threads 2 -c:v mjpeg -pix_fmt yuvj444p -q:v 2",
    ));
    all.extend(words("-f image2 -update 1 -y"));
    all.push(RESULT.to_owned());
    all
}

pub(super) fn poster(container: Container, milliseconds: i64) -> Vec<String> {
    let mut all = quietly();
    all.extend(["-ss".to_owned(), format!("{}ms", milliseconds.max(0))]);
    all.extend(input(container, RESULT));
    let side = |axis: &str| format!("'min({POSTER_SIDE},{axis})'");
    let scale = format!("scale=w={}:h={}:force_original_aspect_ratio=decrease", side("iw"), side("ih"));
    all.extend(["-vf".to_owned(), scale]);
    all.extend(words("-frames:v 1 -an -sn -dn -map_metadata -1 -threads 2 -pix_fmt yuvj420p -q:v 3"));
    all.extend(words("-f image2 -update 1 -y"));
    all.push(POSTER.to_owned());
    all
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}
