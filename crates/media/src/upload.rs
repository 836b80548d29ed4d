//! A file on its way in: in memory while it is small, then in a file that has no name and is gone with the process.

use std::{
    io::{self, SeekFrom},
    path::PathBuf,
};

use bytes::{Bytes, BytesMut};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
    task::spawn_blocking,
};

use crate::Container;

/// More than this is not kept in memory.
const IN_MEMORY: usize = 2 * 1024 * 1024;
/// Bytes that tell what a file is.
const HEAD: usize = 128;

/// See the module.
#[derive(Debug)]
pub struct Upload {
    folder: PathBuf,
    head: Vec<u8>,
    memory: BytesMut,
    file: Option<File>,
    length: u64,
}

impl Upload {
    /// Nothing of it is here yet; what is large goes into this folder, which is made if it is not there. Not the system's: that one may be small, or
    /// memory.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, head: Vec::new(), memory: BytesMut::new(), file: None, length: 0 }
    }

    /// All of it is here.
    #[must_use]
    pub fn of(folder: PathBuf, bytes: Bytes) -> Self {
        let head = bytes.iter().take(HEAD).copied().collect();
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self { folder, head, memory: bytes.into(), file: None, length }
    }

    async fn new_file(&self) -> io::Result<File> {
        let folder = self.folder.clone();
        let make = move || {
            std::fs::create_dir_all(&folder)?;
            tempfile::tempfile_in(&folder)
        };
        Ok(File::from_std(spawn_blocking(make).await.map_err(io::Error::other)??))
    }

    /// Adds what came.
    ///
    /// # Errors
    /// The folder is full, or cannot be written.
    pub async fn push(&mut self, chunk: &[u8]) -> io::Result<()> {
        let wanted = HEAD.saturating_sub(self.head.len());
        self.head.extend(chunk.iter().take(wanted));
        self.length = self.length.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if self.file.is_none() && self.memory.len() + chunk.len() > IN_MEMORY {
            let mut file = self.new_file().await?;
            file.write_all(&std::mem::take(&mut self.memory)).await?;
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(chunk).await,
            None => {
                self.memory.extend_from_slice(chunk);
                Ok(())
            }
        }
    }

    /// How long it is, in bytes.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// What kind of recording it is, by its first bytes.
    #[must_use]
    pub fn container(&self) -> Option<Container> {
        Container::of(&self.head)
    }

    /// All of it in memory, for pictures: whoever calls has looked at the length.
    ///
    /// # Errors
    /// It cannot be read back.
    pub async fn into_bytes(self) -> io::Result<Bytes> {
        let Some(mut file) = self.file else { return Ok(self.memory.freeze()) };
        file.flush().await?;
        file.seek(SeekFrom::Start(0)).await?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).await?;
        Ok(bytes.into())
    }

    /// All of it as a file, at its beginning.
    ///
    /// # Errors
    /// The folder is full, or cannot be written.
    pub async fn into_file(self) -> io::Result<std::fs::File> {
        let mut file = match self.file {
            Some(file) => file,
            None => {
                let mut file = self.new_file().await?;
                file.write_all(&self.memory).await?;
                file
            }
        };
        file.flush().await?;
        file.seek(SeekFrom::Start(0)).await?;
        Ok(file.into_std().await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_large_file_is_not_kept_in_memory_and_comes_out_as_it_went_in() {
        let place = tempfile::tempdir().unwrap();
        for length in [0, 10, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY] {
            let sent: Vec<u8> = (0..length).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let mut first = Upload::new(place.path().join("work"));
            let mut second = Upload::new(place.path().join("work"));
            for chunk in sent.chunks(300_000) {
                first.push(chunk).await.unwrap();
                second.push(chunk).await.unwrap();
            }
            assert_eq!(first.file.is_some(), length > IN_MEMORY);
            assert_eq!(first.length(), u64::try_from(length).unwrap());
            assert!(first.memory.len() <= IN_MEMORY);
            assert_eq!(first.into_bytes().await.unwrap(), sent);
            let mut read = Vec::new();
            std::io::Read::read_to_end(&mut second.into_file().await.unwrap(), &mut read).unwrap();
            assert!(read == sent);
        }
        assert_eq!(std::fs::read_dir(place.path().join("work")).unwrap().count(), 0, "without a name");
    }

    #[tokio::test]
    async fn m3_a_large_file_fills_the_towns_folder_and_not_the_systems() {
        let place = tempfile::tempdir().unwrap();
        let blocked = place.path().join("a file, where the folder should be");
        std::fs::write(&blocked, "").unwrap();
        let mut file = Upload::new(blocked.clone());
        file.push(&vec![0; IN_MEMORY]).await.unwrap();
        assert!(file.push(b"1").await.is_err());
        assert!(Upload::of(blocked, Bytes::from_static(b"small")).into_file().await.is_err());
    }
}
