//! Video and sound by their first bytes. What is inside, and whether it is what the beginning promises, only ffmpeg finds out; this decides which
//! one of its demuxers may look (threats M2: playlists and scripts have none here).

use serde::{Deserialize, Serialize};

/// A kind of file that holds video or sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    Mp4,
    /// What Apple's cameras write.
    QuickTime,
    M4a,
    Webm,
    Ogg,
    Mp3,
    Flac,
    Wav,
    Aac,
}

impl Container {
    pub const ALL: [Self; 9] = [
        Self::Mp4,
        Self::QuickTime,
        Self::M4a,
        Self::Webm,
        Self::Ogg,
        Self::Mp3,
        Self::Flac,
        Self::Wav,
        Self::Aac,
    ];

    /// For the `Content-Type` header.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::QuickTime => "video/quicktime",
            Self::M4a => "audio/mp4",
            Self::Webm => "video/webm",
            Self::Ogg => "audio/ogg",
            Self::Mp3 => "audio/mpeg",
            Self::Flac => "audio/flac",
            Self::Wav => "audio/wav",
            Self::Aac => "audio/aac",
        }
    }

    /// Other names that programs have for the same thing.
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Mp4 | Self::QuickTime => &[],
            Self::M4a => &["audio/m4a", "audio/x-m4a"],
            Self::Webm => &["audio/webm"],
            Self::Ogg => &["video/ogg"],
            Self::Mp3 => &["audio/mp3"],
            Self::Flac => &["audio/x-flac"],
            Self::Wav => &["audio/wave", "audio/x-wav", "audio/vnd.wave"],
            Self::Aac => &["audio/x-aac"],
        }
    }

    /// For our own file names, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::QuickTime => "mov",
            Self::M4a => "m4a",
            Self::Webm => "webm",
            Self::Ogg => "ogg",
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Wav => "wav",
            Self::Aac => "aac",
        }
    }

    /// The only demuxer of ffmpeg that may read it.
    pub(crate) const fn demuxer(self) -> &'static str {
        match self {
            Self::Mp4 | Self::QuickTime | Self::M4a => "mov",
            Self::Webm => "matroska",
            Self::Ogg => "ogg",
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Wav => "wav",
            Self::Aac => "aac",
        }
    }

    /// Tells it from the first bytes of a file; a hundred are enough.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.get(4..8) == Some(b"ftyp") {
            return match bytes.get(8..12)? {
                b"qt  " => Some(Self::QuickTime),
                b"M4A " | b"M4B " => Some(Self::M4a),
                b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"iso7" | b"iso8" | b"iso9"
                | b"mp41" | b"mp42" | b"mp71" | b"avc1" | b"M4V " | b"M4VH" | b"M4VP" | b"MSNV" | b"dash"
                | b"cmfc" | b"f4v " | b"XAVC" | b"3gp4" | b"3gp5" | b"3gp6" | b"3g2a" => Some(Self::Mp4),
                _ => None,
            };
        }
        if bytes.starts_with(b"\x1A\x45\xDF\xA3") {
            // The name of the document type stands in the header of EBML (RFC 8794 §11.2.8).
            let header = bytes.get(..bytes.len().min(80)).unwrap_or_default();
            return header.windows(7).any(|part| part == b"\x42\x82\x84webm").then_some(Self::Webm);
        }
        if bytes.starts_with(b"RIFF") {
            return (bytes.get(8..12) == Some(b"WAVE")).then_some(Self::Wav);
        }
        if bytes.starts_with(b"OggS\0") {
            return Some(Self::Ogg);
        }
        if bytes.starts_with(b"fLaC") {
            return Some(Self::Flac);
        }
        if bytes.starts_with(b"ID3") {
            return Some(Self::Mp3);
        }
        of_frame(bytes)
    }
}

/// Sound without a container begins with a frame: eleven ones, then version and layer (ISO 11172-3 §2.4.2.3, ISO 13818-7 §6.2).
fn of_frame(bytes: &[u8]) -> Option<Container> {
    let [0xFF, second, third, ..] = bytes else { return None };
    let (rate, frequency) = (third >> 4, (third >> 2) & 0b11);
    match second {
        0xF1 | 0xF9 => Some(Container::Aac),
        // Layer III; bit rate and frequency are not the forbidden ones.
        0xFA | 0xFB | 0xF2 | 0xF3 | 0xE2 | 0xE3 if (1..15).contains(&rate) && frequency != 3 => {
            Some(Container::Mp3)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m1_video_and_sound_are_known_by_their_content() {
        let known: [(&[u8], Container); 10] = [
            (b"\0\0\0\x20ftypisom\0\0\x02\0", Container::Mp4),
            (b"\0\0\0\x14ftypqt  ", Container::QuickTime),
            (b"\0\0\0\x1CftypM4A ", Container::M4a),
            (b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04", Container::Webm),
            (b"OggS\0\x02", Container::Ogg),
            (b"ID3\x04\0", Container::Mp3),
            (b"\xFF\xFB\x90\x64", Container::Mp3),
            (b"\xFF\xF1\x50\x80", Container::Aac),
            (b"fLaC\0\0\0\x22", Container::Flac),
            (b"RIFF\x24\0\0\0WAVEfmt ", Container::Wav),
        ];
        for (bytes, container) in known {
            assert_eq!(Container::of(bytes), Some(container), "{container:?}");
        }
    }

    #[test]
    fn m2_playlists_scripts_and_collections_are_no_recordings() {
        let others: [&[u8]; 12] = [
            b"",
            b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST",
            b"ffconcat version 1.0\nfile /etc/passwd\n",
            b"file '/etc/passwd'\n",
            b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'/>",
            b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
            b"RIFF\x24\0\0\0AVI LIST",
            b"\x1A\x45\xDF\xA3\x9F\x42\x82\x88matroska",
            b"\0\0\0\x1Cftypheic",
            b"\0\0\0\x1Cftypavif",
            b"FLV\x01",
            b"\xFF\xFF\xFF\xFF\xFF",
        ];
        for bytes in others {
            assert_eq!(Container::of(bytes), None, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
