//! What a file is, by its content. Names and types that a client or a server claims are never looked at
//! (threats M1). That the rest of the file is what its beginning says, is found out by decoding it.

use serde::{Deserialize, Serialize};

use crate::Refused;

/// The types that are accepted, and the only ones that are ever written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileType {
    Jpeg,
    Png,
    Gif,
    Webp,
}

impl FileType {
    /// For the `Content-Type` header.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Gif, Self::Webp];

    /// For our own file names, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }
}

/// The MIME types that clients may be told are accepted (`supported_mime_types` of the instance entity).
pub const SUPPORTED_MIME_TYPES: [&str; 4] =
    [FileType::Jpeg.mime(), FileType::Png.mime(), FileType::Gif.mime(), FileType::Webp.mime()];

/// The same while ffmpeg reads it ([`crate::Recordings::reads_avif`]).
pub const AVIF: &str = "image/avif";

/// Tells the type of a file from its first bytes.
///
/// # Errors
/// [`Refused::Heic`], [`Refused::Avif`] and [`Refused::NotYet`] for well-known types, so that the sentence can name them; [`Refused::UnknownType`]
/// else.
pub fn sniff(bytes: &[u8]) -> Result<FileType, Refused> {
    let riff = |kind: &[u8]| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(kind);
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Ok(FileType::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        Ok(FileType::Png)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Ok(FileType::Gif)
    } else if riff(b"WEBP") {
        Ok(FileType::Webp)
    } else {
        Err(match known(bytes) {
            Some("HEIC") => Refused::Heic,
            Some("AVIF") => Refused::Avif,
            Some(name) => Refused::NotYet { name: name.to_owned() },
            None => Refused::UnknownType,
        })
    }
}

/// The name of a type that people know and might reasonably try.
fn known(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(match bytes.get(8..12)? {
            b"avif" | b"avis" => "AVIF",
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => "HEIC",
            b"M4A " | b"M4B " => "Sound",
            _ => "Video",
        });
    }
    let starts: [(&[u8], &str); 11] = [
        (b"\x1A\x45\xDF\xA3", "Video"),
        (b"ID3", "Sound"),
        (b"\xFF\xFB", "Sound"),
        (b"OggS", "Sound"),
        (b"fLaC", "Sound"),
        (b"%PDF", "PDF"),
        (b"BM", "BMP"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL ", "JPEG XL"),
    ];
    if bytes.starts_with(b"RIFF") {
        return match bytes.get(8..12)? {
            b"WAVE" => Some("Sound"),
            b"AVI " => Some("Video"),
            _ => None,
        };
    }
    starts.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m1_the_type_is_read_from_the_content() {
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n...."), Ok(FileType::Png));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Ok(FileType::Webp));
        assert_eq!(sniff(b"GIF89a"), Ok(FileType::Gif));
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0"), Ok(FileType::Jpeg));
    }

    #[test]
    fn m5_markup_archives_and_scripts_are_refused() {
        let others: [&[u8]; 9] = [
            b"",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><svg/>",
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"PK\x03\x04",
            b"push graphic-context\nviewbox 0 0 640 480\n",
            b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\nconcat:http://127.0.0.1/",
            b"AT&TFORM",
            b" GIF89a",
        ];
        for bytes in others {
            assert_eq!(sniff(bytes), Err(Refused::UnknownType), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn types_that_people_will_try_are_refused_by_name() {
        let name = |bytes: &[u8]| match sniff(bytes) {
            Err(Refused::NotYet { name }) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(sniff(b"\0\0\0\x1Cftypavif...."), Err(Refused::Avif));
        assert_eq!(sniff(b"\0\0\0\x1Cftypheic...."), Err(Refused::Heic));
        assert_eq!(name(b"\0\0\0\x1Cftypisom...."), "Video");
        assert_eq!(name(b"%PDF-1.7"), "PDF");
    }
}
