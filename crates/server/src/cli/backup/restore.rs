//! `parvis restore FILE`: a backup back into an empty place. Everything is unpacked beside its place first and moved there only when the backup is
//! whole, so that a broken file leaves nothing behind that is in the way of the good one (threats R14).

use std::fs::{DirBuilder, File, Permissions};
use std::io::Read as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use parvis_config::Settings;

use super::{END, MANIFEST, Manifest, POSTGRES, SECRET, SQLITE, postgres_program};
use crate::cli::out;
use crate::instance::{self, Machine};

/// What is said of a file that is something else.
const NO_BACKUP: &str = "this is no backup of Parvis";
/// What is said of a file that is not whole.
const BROKEN: &str = "the backup is damaged or not whole; nothing was restored";

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// What `backup` wrote.
    file: PathBuf,
}

/// Brings a backup back. Nothing that is there is overwritten.
///
/// # Errors
/// In words for the operator.
pub async fn restore(
    settings: &Settings,
    machine: &Machine,
    arguments: &RestoreArguments,
) -> anyhow::Result<()> {
    let data = &settings.data_dir;
    let url = settings.database_url();
    let manifest = read_manifest(&arguments.file)?;
    ensure!(manifest.format == 1, "this backup is of a newer Parvis; update first");
    ensure!(
        manifest.domain == settings.domain.to_string(),
        "this is a backup of {}, and the settings say {}",
        manifest.domain,
        settings.domain
    );
    let sqlite = match (manifest.database.as_str(), url.strip_prefix("sqlite://")) {
        (SQLITE, Some(path)) => Some(PathBuf::from(path)),
        (POSTGRES, None) => None,
        (kind, _) => bail!("this backup holds {kind}, which does not fit database.url"),
    };
    let media = data.join("media");
    for place in sqlite.iter().chain([&media]) {
        ensure!(!place.exists(), "{} is there already: restore needs an empty place", place.display());
    }
    std::fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
    let work = Work::beside(data)?;
    let unpacked = work.unpack(&arguments.file)?;
    ensure!(unpacked.is_whole && work.path(&manifest.database).exists(), BROKEN);
    let secret = settings.secret_file();
    ensure!(
        secret.exists() || unpacked.has_secret,
        "{} is missing and not in the backup: put the secret key of the old machine there first",
        secret.display()
    );
    if !secret.exists() {
        settle(&work.path(SECRET), &secret)?;
    }
    match &sqlite {
        Some(path) => settle(&work.path(SQLITE), path)?,
        None => restore_postgres(&url, &work.path(POSTGRES)).await?,
    }
    if work.path("media").exists() {
        settle(&work.path("media"), &media)?;
    }
    drop(work);
    let town = instance::open(settings, machine).await?;
    town.db().close().await;
    out::line(format_args!("restored the backup of {} from {}", manifest.domain, manifest.created_at));
    Ok(())
}

async fn restore_postgres(url: &str, dump: &Path) -> anyhow::Result<()> {
    let status = postgres_program("pg_restore", url)?
        .args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"])
        .arg(dump)
        .stdin(Stdio::null())
        .status()
        .await
        .context("pg_restore is needed (Debian: postgresql-client)")?;
    ensure!(status.success(), "pg_restore failed: is the database empty?");
    Ok(())
}

/// Moves something to its place, on another disk if need be.
fn settle(from: &Path, to: &Path) -> anyhow::Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    if std::fs::rename(from, to).is_ok() {
        return Ok(());
    }
    ensure!(from.is_file(), "cannot move {} to {}", from.display(), to.display());
    std::fs::copy(from, to).with_context(|| format!("cannot write {}", to.display()))?;
    Ok(std::fs::set_permissions(to, Permissions::from_mode(0o600))?)
}

fn read_manifest(file: &Path) -> anyhow::Result<Manifest> {
    let file = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    // What the tar reader says of another file quotes that file.
    manifest_of(file).map_err(|_| anyhow::anyhow!(NO_BACKUP))
}

fn manifest_of(file: File) -> anyhow::Result<Manifest> {
    let mut tar = tar::Archive::new(file);
    let first = tar.entries()?.next().context(NO_BACKUP)??;
    ensure!(first.path()?.as_ref() == Path::new(MANIFEST), NO_BACKUP);
    let mut text = String::new();
    first.take(64 * 1024).read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

/// A folder for what is not in its place yet; gone with this value.
struct Work(PathBuf);

/// What was found in a backup.
#[derive(Default)]
struct Unpacked {
    is_whole: bool,
    has_secret: bool,
}

impl Work {
    fn beside(data: &Path) -> anyhow::Result<Self> {
        let path = data.join(format!(".parvis-restore-{}", std::process::id()));
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .with_context(|| format!("cannot write to {}", data.display()))?;
        Ok(Self(path))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Unpacks files by the names that backups have.
    fn unpack(&self, file: &Path) -> anyhow::Result<Unpacked> {
        let mut found = Unpacked::default();
        let mut tar = tar::Archive::new(File::open(file)?);
        for entry in tar.entries().context(BROKEN)? {
            let mut entry = entry.map_err(|_| anyhow::anyhow!(BROKEN))?;
            let name = entry.path()?.into_owned();
            match name.to_str() {
                Some(MANIFEST) => {}
                Some(END) => found.is_whole = true,
                Some(known @ (SQLITE | POSTGRES | SECRET)) => {
                    let to = self.path(known);
                    entry.unpack(&to).map_err(|_| anyhow::anyhow!(BROKEN))?;
                    std::fs::set_permissions(&to, Permissions::from_mode(0o600))?;
                    found.has_secret |= known == SECRET;
                }
                // `unpack_in` refuses names that lead out of the folder.
                _ if name.starts_with("media") => {
                    let is_inside = entry.unpack_in(&self.0).map_err(|_| anyhow::anyhow!(BROKEN))?;
                    ensure!(is_inside, "a strange name in the backup");
                }
                _ => bail!("a strange name in the backup: {}", name.display()),
            }
        }
        Ok(found)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a folder of this restore is left behind");
        }
    }
}
