//! What `child` and `worker` say to one another: a length (four bytes, little endian), a header in JSON of that
//! length, then the files that the header announces. One request, one answer, then the worker ends.

use std::io::{self, Read, Write};

use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Encoded, FileType, Processed, Refused, Wanted, limits};

/// The longest header in bytes.
const MAX_HEADER_BYTES: u32 = 4_096;
/// The longest answer that is read from a worker: two files, and a PNG may be as large as its pixels.
pub(crate) const MAX_ANSWER_BYTES: u64 = 80 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Request {
    wanted: Wanted,
    length: u64,
}

#[derive(Serialize, Deserialize)]
struct File {
    file_type: FileType,
    width: u32,
    height: u32,
    length: u64,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    original: File,
    thumbnail: Option<File>,
    blurhash: String,
}

impl File {
    fn of(encoded: &Encoded) -> io::Result<Self> {
        let length = length_of(&encoded.bytes)?;
        Ok(Self { file_type: encoded.file_type, width: encoded.width, height: encoded.height, length })
    }

    fn read(self, input: impl Read) -> io::Result<Encoded> {
        let bytes = exactly(input, self.length, MAX_ANSWER_BYTES)?;
        Ok(Encoded { bytes, file_type: self.file_type, width: self.width, height: self.height })
    }
}

/// The beginning of a request; the file's bytes follow it.
pub(crate) fn request_header(wanted: Wanted, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut written = Vec::new();
    write_header(&mut written, &Request { wanted, length: length_of(bytes)? })?;
    Ok(written)
}

pub(crate) fn read_request(mut input: impl Read) -> io::Result<(Wanted, Bytes)> {
    let request: Request = read_header(&mut input)?;
    let bytes = exactly(input, request.length, limits::MAX_BYTES)?;
    Ok((request.wanted, bytes))
}

pub(crate) fn write_answer(mut output: impl Write, answer: &Result<Processed, Refused>) -> io::Result<()> {
    match answer {
        Err(refused) => write_header(&mut output, &Err::<Answer, _>(refused))?,
        Ok(processed) => {
            let header = Answer {
                original: File::of(&processed.original)?,
                thumbnail: processed.thumbnail.as_ref().map(File::of).transpose()?,
                blurhash: processed.blurhash.clone(),
            };
            write_header(&mut output, &Ok::<_, Refused>(header))?;
            output.write_all(&processed.original.bytes)?;
            if let Some(thumbnail) = &processed.thumbnail {
                output.write_all(&thumbnail.bytes)?;
            }
        }
    }
    output.flush()
}

pub(crate) fn read_answer(mut input: impl Read) -> io::Result<Result<Processed, Refused>> {
    let answer: Result<Answer, Refused> = read_header(&mut input)?;
    match answer {
        Err(refused) => Ok(Err(refused)),
        Ok(Answer { original, thumbnail, blurhash }) => {
            let original = original.read(&mut input)?;
            let thumbnail = thumbnail.map(|file| file.read(&mut input)).transpose()?;
            Ok(Ok(Processed { original, thumbnail, blurhash }))
        }
    }
}

fn write_header(mut output: impl Write, header: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(header)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&json)
}

fn read_header<T: DeserializeOwned>(mut input: impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let json = exactly(input, u32::from_le_bytes(length).into(), MAX_HEADER_BYTES.into())?;
    Ok(serde_json::from_slice(&json)?)
}

fn exactly(input: impl Read, length: u64, most: u64) -> io::Result<Bytes> {
    if length > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "longer than agreed"));
    }
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if length_of(&bytes)? == length { Ok(bytes.into()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn length_of(bytes: &[u8]) -> io::Result<u64> {
    u64::try_from(bytes.len()).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        let mut sent = request_header(Wanted::AVATAR, b"picture").unwrap();
        sent.extend_from_slice(b"picture");
        let (wanted, bytes) = read_request(sent.as_slice()).unwrap();
        assert_eq!((wanted, bytes.as_ref()), (Wanted::AVATAR, b"picture".as_slice()));
        sent.pop();
        assert_eq!(read_request(sent.as_slice()).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn an_answer_arrives_as_it_was_sent() {
        let file = |bytes: &'static [u8], file_type| Encoded {
            bytes: Bytes::from_static(bytes),
            file_type,
            width: 3,
            height: 2,
        };
        let answers = [
            Ok(Processed {
                original: file(b"one", FileType::Gif),
                thumbnail: Some(file(b"three", FileType::Png)),
                blurhash: "LKO2".into(),
            }),
            Ok(Processed { original: file(b"", FileType::Jpeg), thumbnail: None, blurhash: String::new() }),
            Err(Refused::NotYet { name: "HEIC".into() }),
        ];
        for answer in answers {
            let mut sent = Vec::new();
            write_answer(&mut sent, &answer).unwrap();
            assert_eq!(read_answer(sent.as_slice()).unwrap(), answer);
        }
    }

    #[test]
    fn m2_a_worker_that_went_mad_cannot_fill_the_memory() {
        for answer in [b"yyyyyyyyyyyyyyyyyyyy".as_slice(), b"\x04\0\0\0null", b"\x02\0\0\0{}", b"", b"\xFF"] {
            assert!(read_answer(answer).is_err());
        }
        let mut boast = Vec::new();
        write_header(
            &mut boast,
            &Ok::<_, Refused>(Answer {
                original: File { file_type: FileType::Png, width: 1, height: 1, length: u64::MAX },
                thumbnail: None,
                blurhash: String::new(),
            }),
        )
        .unwrap();
        assert_eq!(read_answer(boast.as_slice()).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
