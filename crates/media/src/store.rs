//! Files on the local disk, under `data_dir/media`.
//!
//! Names are given by the caller, who makes them from randomness, never from what a client said (threats M1).
//! A file is either there as a whole or not there: it is written beside its place, synced and renamed (R14).

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use bytes::Bytes;
use futures_util::StreamExt as _;
use tempfile::NamedTempFile;
use tokio::{
    io::{AsyncReadExt as _, AsyncSeekExt as _},
    task::spawn_blocking,
};
use tokio_util::io::ReaderStream;

use crate::{Found, Opened, Part};

/// The longest key in bytes.
const MAX_KEY_BYTES: usize = 200;
/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;
/// Files that are being written begin with this; a key cannot.
const UNFINISHED: &str = ".unfinished-";

/// Where a file is, relative to the folder: `attachments/ab/cdef….png`. Made of `a-z 0-9 . _ -` and `/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a media key consists of parts of a-z, 0-9, '.', '_' and '-', none of which begins with a dot")]
pub struct NotAKey;

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        let good = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(allowed);
        if text.len() <= MAX_KEY_BYTES && text.split('/').all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAKey)
        }
    }
}

impl Key {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A folder of files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Folder {
    root: Arc<Path>,
}

impl Folder {
    /// Makes the folder if it is not there.
    pub fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&root)?;
        Ok(Self { root: root.into() })
    }

    /// Stores a file; an older one of the same key is replaced. When this returns, it survives a power cut.
    pub async fn put(&self, key: &Key, bytes: Bytes) -> io::Result<()> {
        let (root, path) = (Arc::clone(&self.root), self.path(key));
        blocking(move || write(&root, &path, &mut bytes.as_ref())).await
    }

    /// Stores what is in an open file, from where it stands.
    pub async fn put_file(&self, key: &Key, mut file: fs::File) -> io::Result<()> {
        let (root, path) = (Arc::clone(&self.root), self.path(key));
        blocking(move || write(&root, &path, &mut file)).await
    }

    /// Opens a part of a file; `None` if there is no file.
    pub async fn open_part(&self, key: &Key, part: Part) -> io::Result<Option<Found>> {
        let Some(mut file) = present(tokio::fs::File::open(self.path(key)).await)? else { return Ok(None) };
        let about = file.metadata().await?;
        if !about.is_file() {
            return Ok(None);
        }
        let length = about.len();
        let Some(range) = part.of(length) else { return Ok(Some(Found::OutOfRange(length))) };
        file.seek(io::SeekFrom::Start(range.start)).await?;
        let body = ReaderStream::with_capacity(file.take(range.end - range.start), PIECE).boxed();
        Ok(Some(Found::Part(Opened { length, range, body })))
    }

    /// How long a file is; `None` if there is no file.
    pub async fn length(&self, key: &Key) -> io::Result<Option<u64>> {
        let about = present(tokio::fs::metadata(self.path(key)).await)?;
        Ok(about.filter(fs::Metadata::is_file).map(|about| about.len()))
    }

    /// Deletes the file; false if there was none.
    pub async fn delete(&self, key: &Key) -> io::Result<bool> {
        let path = self.path(key);
        blocking(move || present(fs::remove_file(path)).map(|found| found.is_some())).await
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.as_str())
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn write(root: &Path, path: &Path, content: &mut dyn io::Read) -> io::Result<()> {
    let folder = path.parent().unwrap_or(root);
    let fresh = !folder.exists();
    fs::create_dir_all(folder)?;
    let mut unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    finish(&mut unfinished, content)?;
    unfinished.persist(path)?;
    sync(folder)?;
    if fresh {
        // The names of new folders stand in the folders above them.
        for above in folder.ancestors().skip(1).take_while(|above| above.starts_with(root)) {
            sync(above)?;
        }
    }
    Ok(())
}

fn finish(file: &mut NamedTempFile, content: &mut dyn io::Read) -> io::Result<()> {
    io::copy(content, file)?;
    file.as_file().sync_all()
}

fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    async fn read(folder: &Folder, key: &Key, part: Part) -> Option<Bytes> {
        match folder.open_part(key, part).await.unwrap()? {
            Found::Part(opened) => Some(opened.bytes().await.unwrap()),
            Found::OutOfRange(_) => None,
        }
    }

    #[tokio::test]
    async fn a_file_is_stored_replaced_and_deleted() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path().join("media")).unwrap();
        let key = key("attachments/ab/0123456789.png");
        assert_eq!(read(&folder, &key, Part::Whole).await, None);
        folder.put(&key, Bytes::from_static(b"one")).await.unwrap();
        folder.put(&key, Bytes::from_static(b"two")).await.unwrap();
        assert_eq!(read(&folder, &key, Part::Whole).await.as_deref(), Some(b"two".as_slice()));
        assert_eq!(read(&folder, &key, Part::Between(1, 1)).await.as_deref(), Some(b"w".as_slice()));
        assert_eq!(read(&folder, &key, Part::Last(2)).await.as_deref(), Some(b"wo".as_slice()));
        assert_eq!(read(&folder, &key, Part::From(3)).await, None, "there is nothing behind the end");
        let left = fs::read_dir(place.path().join("media/attachments/ab")).unwrap().count();
        assert_eq!(left, 1, "nothing unfinished is left behind");
        assert!(folder.delete(&key).await.unwrap());
        assert!(!folder.delete(&key).await.unwrap());
        assert_eq!(read(&folder, &key, Part::Whole).await, None);
    }

    #[tokio::test]
    async fn r14_a_file_that_cannot_be_written_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path().to_owned()).unwrap();
        folder.put(&key("a"), Bytes::from_static(b"a file, not a folder")).await.unwrap();
        assert!(folder.put(&key("a/b"), Bytes::from_static(b"x")).await.is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn m1_a_key_cannot_leave_the_folder() {
        for text in [
            "",
            "/",
            "..",
            "../x",
            "a/../b",
            "a/./b",
            "/etc/passwd",
            "a//b",
            "a/",
            ".unfinished-x",
            "A",
            "ä",
            "a b",
            "a\0b",
            "a\\b",
            "a%2e",
            "~",
            "a\n",
        ] {
            assert_eq!(text.parse::<Key>(), Err(NotAKey), "{text}");
        }
        assert!("a".repeat(MAX_KEY_BYTES + 1).parse::<Key>().is_err());
        assert_eq!(key("accounts/avatars/0a/b_c-d.webp").to_string(), "accounts/avatars/0a/b_c-d.webp");
    }
}
