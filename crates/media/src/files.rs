//! Where files are kept: on the local disk ([`Folder`]) or in a bucket ([`Bucket`]). Whoever stores and reads does not ask which.

use std::io;

use bytes::Bytes;

use crate::{Bucket, Folder, Found, Key, Part};

/// See the module. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Files {
    Folder(Folder),
    Bucket(Bucket),
}

impl From<Folder> for Files {
    fn from(folder: Folder) -> Self {
        Self::Folder(folder)
    }
}

impl Files {
    /// Stores a file; an older one of the same key is replaced. When this returns, it is safe.
    ///
    /// # Errors
    /// It cannot be written.
    pub async fn put(&self, key: &Key, bytes: Bytes) -> io::Result<()> {
        match self {
            Self::Folder(folder) => folder.put(key, bytes).await,
            Self::Bucket(bucket) => bucket.put(key, bytes).await,
        }
    }

    /// Stores what is in an open file, from where it stands, without reading it into memory.
    ///
    /// # Errors
    /// It cannot be written.
    pub async fn put_file(&self, key: &Key, file: std::fs::File) -> io::Result<()> {
        match self {
            Self::Folder(folder) => folder.put_file(key, file).await,
            Self::Bucket(bucket) => bucket.put_file(key, file).await,
        }
    }

    /// Opens a part of a file; `None` if there is no file.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn open_part(&self, key: &Key, part: Part) -> io::Result<Option<Found>> {
        match self {
            Self::Folder(folder) => folder.open_part(key, part).await,
            Self::Bucket(bucket) => bucket.open_part(key, part).await,
        }
    }

    /// How long a file is, without opening it; `None` if there is no file.
    ///
    /// # Errors
    /// It cannot be found out.
    pub async fn length(&self, key: &Key) -> io::Result<Option<u64>> {
        match self {
            Self::Folder(folder) => folder.length(key).await,
            Self::Bucket(bucket) => bucket.length(key).await,
        }
    }

    /// Deletes a file; one that is gone already is no error.
    ///
    /// # Errors
    /// It cannot be deleted.
    pub async fn delete(&self, key: &Key) -> io::Result<()> {
        match self {
            Self::Folder(folder) => folder.delete(key).await.map(|_| ()),
            Self::Bucket(bucket) => bucket.delete(key).await,
        }
    }

    /// Writes a small file, reads it back and deletes it: for the operator.
    ///
    /// # Errors
    /// Which of the three does not work.
    pub async fn check(&self, name: &str) -> io::Result<()> {
        let at = |step: &str, error: &dyn std::fmt::Display| io::Error::other(format!("{step}: {error}"));
        let key: Key = format!("doctor/{name}.jpg").parse().map_err(io::Error::other)?;
        let sent = Bytes::from_static(b"written by parvis doctor");
        self.put(&key, sent.clone()).await.map_err(|e| at("it cannot be written", &e))?;
        let found =
            self.open_part(&key, Part::Between(8, 10)).await.map_err(|e| at("it cannot be read", &e))?;
        let read = match found {
            Some(Found::Part(opened)) => opened.bytes().await.map_err(|e| at("it cannot be read", &e))?,
            _ => return Err(io::Error::other("what was written is not there")),
        };
        self.delete(&key).await.map_err(|e| at("it cannot be deleted", &e))?;
        if read != sent.slice(8..11) {
            return Err(io::Error::other("what was read is not what was written"));
        }
        match self.open_part(&key, Part::Whole).await.map_err(|e| at("it cannot be read", &e))? {
            None => Ok(()),
            Some(_) => Err(io::Error::other("what was deleted is still there")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_places_are_tried_by_writing_reading_and_deleting() {
        let place = tempfile::tempdir().unwrap();
        let folder = Files::from(Folder::open(place.path().to_owned()).unwrap());
        for files in [folder, Files::Bucket(Bucket::in_memory())] {
            files.check("abc").await.unwrap();
        }
        std::fs::write(place.path().join("doctor"), "a file, where the folder of the test should be")
            .unwrap_or_else(|_| {
                std::fs::remove_dir_all(place.path().join("doctor")).unwrap();
                std::fs::write(place.path().join("doctor"), "x").unwrap();
            });
        let blocked = Files::from(Folder::open(place.path().to_owned()).unwrap());
        let error = blocked.check("abc").await.unwrap_err();
        assert!(error.to_string().starts_with("it cannot be written"), "{error}");
    }
}
