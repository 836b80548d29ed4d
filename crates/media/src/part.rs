//! A part of a stored file, as it is read: players ask for pieces of a recording (RFC 9110 §14). Nothing is ever whole in memory.

use std::{io, ops::Range};

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream::BoxStream};

/// The part that somebody wants, in bytes; the last one is meant too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    #[default]
    Whole,
    From(u64),
    Between(u64, u64),
    Last(u64),
}

impl Part {
    /// Where it lies in a file of this length; `None` when none of it does.
    #[must_use]
    pub fn of(self, length: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::Whole => return Some(0..length),
            Self::From(start) => start..length,
            Self::Between(start, last) => start..last.saturating_add(1).min(length),
            Self::Last(count) => length.saturating_sub(count)..length,
        };
        (range.start < range.end).then_some(range)
    }
}

/// What is read of a stored file.
pub struct Opened {
    /// Of the whole file.
    pub length: u64,
    /// What comes, in bytes of the file.
    pub range: Range<u64>,
    pub body: BoxStream<'static, io::Result<Bytes>>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Opened").field("length", &self.length).field("range", &self.range).finish()
    }
}

impl Opened {
    /// Reads it to the end. For small files and tests.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn bytes(mut self) -> io::Result<Bytes> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = self.body.next().await {
            bytes.extend_from_slice(&chunk?);
        }
        Ok(bytes.freeze())
    }

    /// Writes it to a file, piece by piece.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub async fn copy_to(mut self, file: &mut tokio::fs::File) -> io::Result<()> {
        while let Some(chunk) = self.body.next().await {
            tokio::io::AsyncWriteExt::write_all(file, &chunk?).await?;
        }
        tokio::io::AsyncWriteExt::flush(file).await
    }
}

/// What became of asking for a part.
#[derive(Debug)]
pub enum Found {
    Part(Opened),
    /// There is such a file, of this length, but not this part of it.
    OutOfRange(u64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_what_lies_within_the_file() {
        assert_eq!(Part::Whole.of(10), Some(0..10));
        assert_eq!(Part::Whole.of(0), Some(0..0));
        assert_eq!(Part::From(3).of(10), Some(3..10));
        assert_eq!(Part::Between(3, 5).of(10), Some(3..6));
        assert_eq!(Part::Between(3, u64::MAX).of(10), Some(3..10));
        assert_eq!(Part::Last(4).of(10), Some(6..10));
        assert_eq!(Part::Last(40).of(10), Some(0..10));
        for part in [Part::From(10), Part::Between(5, 3), Part::Last(0), Part::From(u64::MAX)] {
            assert_eq!(part.of(10), None, "{part:?}");
        }
    }
}
