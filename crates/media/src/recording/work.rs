//! The folder in which one recording is worked on: its source, the result, a frame. It is removed with the work, and the next one removes what a
//! killed process left behind: whoever works holds a lock on their folder, which ends with them.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// What was sent; the program may read it.
pub(super) const SOURCE: &str = "in/source";
/// What is made of it; the program may write it.
pub(super) const RESULT: &str = "out/result";
/// A frame of the result.
pub(super) const POSTER: &str = "out/poster.jpg";
/// Of a folder of ours.
const PREFIX: &str = "recording-";
const LOCK: &str = "lock";

/// A folder that is worked in.
#[derive(Debug)]
pub(super) struct Work {
    folder: TempDir,
    _lock: File,
}

impl Work {
    /// Makes one below `above`, and removes those in which nobody works any more.
    pub(super) fn new(above: &Path) -> io::Result<Self> {
        fs::create_dir_all(above)?;
        tidy(above)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(above)?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.try_lock().map_err(io::Error::other)?;
        fs::create_dir(folder.path().join("in"))?;
        fs::create_dir(folder.path().join("out"))?;
        Ok(Self { folder, _lock: lock })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The empty file for what was sent.
    pub(super) async fn source(&self) -> io::Result<tokio::fs::File> {
        tokio::fs::File::create_new(self.path(SOURCE)).await
    }
}

/// Removes folders without a living owner. One that is being made has no lock yet and stays until the next look.
fn tidy(above: &Path) -> io::Result<()> {
    for entry in fs::read_dir(above)? {
        let path = entry?.path();
        let is_ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        let Ok(lock) = File::open(path.join(LOCK)) else { continue };
        if is_ours && lock.try_lock().is_ok() {
            fs::remove_dir_all(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_work_and_at_the_latest_with_the_next_one() {
        let place = tempfile::tempdir().unwrap();
        let first = Work::new(place.path()).unwrap();
        let second = Work::new(place.path()).unwrap();
        assert!(first.folder().exists(), "somebody works there");
        let left = second.folder().to_owned();
        // As a process that is killed leaves it: the lock ends, the folder stays.
        let Work { folder, _lock } = second;
        let _ = folder.keep();
        drop(_lock);
        assert!(left.exists());
        let third = Work::new(place.path()).unwrap();
        assert!(!left.exists() && first.folder().exists() && third.folder().exists());
        drop((first, third));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
