//! What ffprobe says of a recording, and whether that is acceptable (threats M3). Only numbers and names of codecs are asked for, never texts that
//! somebody wrote into the file.

use serde::Deserialize;

use crate::{Refused, limits};

/// What a recording is to those who look or listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pictures and sound.
    Film,
    /// Pictures only: Mastodon calls it `gifv`.
    Silent,
    /// Sound only.
    Sound,
}

/// The sound of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    pub(super) index: u32,
    /// Such as `aac`.
    pub codec: String,
    /// Samples per second.
    pub frequency: u32,
    pub channels: u32,
}

/// The pictures of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Picture {
    pub(super) index: u32,
    pub(super) codec: String,
    pub(super) pixels: String,
    pub(super) profile: String,
    /// As it is shown, turned.
    pub(super) width: u32,
    /// As it is shown, turned.
    pub(super) height: u32,
    pub(super) frame_rate: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) picture: Option<Picture>,
    pub(super) sound: Option<Sound>,
    pub(super) milliseconds: i64,
    pub(super) bitrate: i64,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Deserialize, Default)]
struct Format {
    #[serde(default)]
    duration: String,
    #[serde(default)]
    bit_rate: String,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Stream {
    index: u32,
    codec_type: String,
    codec_name: String,
    profile: String,
    pix_fmt: String,
    width: u32,
    height: u32,
    avg_frame_rate: String,
    r_frame_rate: String,
    sample_rate: String,
    channels: u32,
    disposition: Disposition,
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<i32>,
}

/// Reads ffprobe's JSON.
pub(super) fn read(json: &[u8]) -> Result<Found, Refused> {
    let answer: Answer = serde_json::from_slice(json).map_err(|_| Refused::Damaged)?;
    let is_cover = |stream: &Stream| stream.disposition.attached_pic != 0;
    let picture = answer.streams.iter().find(|s| s.codec_type == "video" && !is_cover(s)).map(picture);
    let sound = answer.streams.iter().find(|s| s.codec_type == "audio").map(|stream| Sound {
        index: stream.index,
        codec: name(&stream.codec_name),
        frequency: stream.sample_rate.parse().unwrap_or(0),
        channels: stream.channels,
    });
    if picture.is_none() && sound.is_none() {
        return Err(Refused::Damaged);
    }
    let bitrate = answer.format.bit_rate.parse().unwrap_or(0);
    Ok(Found { picture, sound, milliseconds: milliseconds(&answer.format.duration), bitrate })
}

fn picture(stream: &Stream) -> Picture {
    let turned = stream.side_data_list.iter().find_map(|data| data.rotation).unwrap_or(0);
    let is_lying = turned.rem_euclid(180) == 90;
    let (width, height) =
        if is_lying { (stream.height, stream.width) } else { (stream.width, stream.height) };
    let is_rate = |rate: &&String| fraction(rate).is_some();
    let rate = [&stream.avg_frame_rate, &stream.r_frame_rate].into_iter().find(is_rate);
    Picture {
        index: stream.index,
        codec: name(&stream.codec_name),
        pixels: name(&stream.pix_fmt),
        profile: stream.profile.clone(),
        width,
        height,
        frame_rate: rate.filter(|r| r.len() <= 30).cloned().unwrap_or_default(),
    }
}

/// Names of codecs and formats go into the database and to clients.
fn name(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}

/// Seconds as ffprobe writes them. No answer is no duration.
fn milliseconds(seconds: &str) -> i64 {
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    let whole = whole.parse::<i64>().unwrap_or(0);
    whole.saturating_mul(1_000).saturating_add(part.parse().unwrap_or(0))
}

/// `30000/1001`; `None` for `0/0`, which is how ffprobe says that it does not know.
pub(super) fn fraction(text: &str) -> Option<(u64, u64)> {
    let (above, below) = text.split_once('/')?;
    let (above, below) = (above.parse().ok()?, below.parse().ok()?);
    (above > 0 && below > 0).then_some((above, below))
}

impl Found {
    pub(super) fn kind(&self) -> Kind {
        match (&self.picture, &self.sound) {
            (Some(_), Some(_)) => Kind::Film,
            (Some(_), None) => Kind::Silent,
            (None, _) => Kind::Sound,
        }
    }

    /// Whether it may be worked on, by what it says of itself.
    pub(super) fn judge(&self) -> Result<(), Refused> {
        if self.milliseconds < 0 || self.milliseconds > limits::MAX_RECORDING_SECONDS * 1_000 {
            return Err(Refused::TooLong { limit: limits::MAX_RECORDING_SECONDS });
        }
        let Some(picture) = &self.picture else { return Ok(()) };
        let pixels = u64::from(picture.width) * u64::from(picture.height);
        if pixels == 0 {
            return Err(Refused::Damaged);
        }
        if pixels > limits::MAX_VIDEO_PIXELS {
            return Err(Refused::TooManyPixels { limit: limits::MAX_VIDEO_PIXELS });
        }
        let is_fast = |(above, below): (u64, u64)| above > below.saturating_mul(limits::MAX_FRAME_RATE);
        if fraction(&picture.frame_rate).is_some_and(is_fast) {
            return Err(Refused::TooFast { limit: limits::MAX_FRAME_RATE });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(width: u32, height: u32, rate: &str, seconds: &str) -> Result<Found, Refused> {
        let json = format!(
            r#"{{"streams":[{{"index":0,"codec_type":"video","codec_name":"h264","width":{width},"height":{height},
            "avg_frame_rate":"{rate}","side_data_list":[{{"rotation":-90}}]}}],"format":{{"duration":"{seconds}"}}}}"#
        );
        let found = read(json.as_bytes())?;
        found.judge().map(|()| found)
    }

    #[test]
    fn m3_what_a_recording_says_of_itself_is_judged_before_it_is_read() {
        let fine = film(1920, 1080, "30000/1001", "88.654000").unwrap();
        let picture = fine.picture.as_ref().unwrap();
        assert_eq!((picture.width, picture.height, fine.milliseconds), (1080, 1920, 88_654), "it is turned");
        assert_eq!(fine.kind(), Kind::Silent);
        let pixels = Refused::TooManyPixels { limit: limits::MAX_VIDEO_PIXELS };
        assert_eq!(film(20_000, 20_000, "30/1", "1.0"), Err(pixels));
        assert_eq!(film(0, 1, "30/1", "1.0"), Err(Refused::Damaged));
        assert_eq!(film(8, 8, "1000/1", "1.0"), Err(Refused::TooFast { limit: limits::MAX_FRAME_RATE }));
        let long = Refused::TooLong { limit: limits::MAX_RECORDING_SECONDS };
        for seconds in ["999999999.0", "9223372036854775807.999999", "-5.0"] {
            assert_eq!(film(8, 8, "30/1", seconds), Err(long.clone()), "{seconds}");
        }
    }

    #[test]
    fn nonsense_is_a_damaged_file() {
        for json in ["", "{}", "[]", "{\"streams\":[{\"codec_type\":\"data\"}]}", "{\"streams\":{}}"] {
            assert_eq!(read(json.as_bytes()), Err(Refused::Damaged), "{json}");
        }
    }

    #[test]
    fn a_cover_is_no_film() {
        let json = r#"{"streams":[{"codec_type":"video","disposition":{"attached_pic":1}},
            {"index":1,"codec_type":"audio","codec_name":"mp3","sample_rate":"44100","channels":2}],"format":{}}"#;
        let found = read(json.as_bytes()).unwrap();
        assert_eq!(found.kind(), Kind::Sound);
        assert_eq!(found.sound.unwrap().index, 1);
    }
}
