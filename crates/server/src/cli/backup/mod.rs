//! `parvis backup FILE`: one tar file with the database, the stored pictures and a note of what it is, readable by its owner only. The database is
//! copied first, so every picture that it names is there afterwards. PostgreSQL is copied by its own `pg_dump`. Back again: [`restore()`].

mod restore;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use parvis_config::Settings;
pub use restore::{RestoreArguments, restore};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use super::out;
use crate::instance::{self, Machine};

const MANIFEST: &str = "manifest.json";
const SQLITE: &str = "database.sqlite";
const POSTGRES: &str = "database.pgdump";
const SECRET: &str = "secret.key";
/// The last entry: a backup without it broke off.
const END: &str = "end";

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// Where to write; must not be there yet.
    file: PathBuf,
    /// Put the secret key into the backup too. Without it, keep the key file yourself: the backup cannot be used without it.
    #[arg(long)]
    with_secret: bool,
}

/// What a backup says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    software: String,
    domain: String,
    database: String,
    created_at: String,
}

/// Writes a backup while the town may be running. The file appears only when it is whole.
///
/// # Errors
/// In words for the operator.
pub async fn backup(
    settings: &Settings,
    machine: &Machine,
    arguments: &BackupArguments,
) -> anyhow::Result<()> {
    ensure!(!arguments.file.exists(), "{} is there already", arguments.file.display());
    let town = instance::open(settings, machine).await?;
    let folder = arguments.file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let work = folder.join(format!(".parvis-backup-{}", std::process::id()));
    DirBuilder::new()
        .mode(0o700)
        .create(&work)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    let result = async {
        let name = copy_database(settings, &town, &work).await?;
        let manifest = Manifest {
            format: 1,
            software: format!("parvis {}", env!("CARGO_PKG_VERSION")),
            domain: town.urls().domain().to_owned(),
            database: name.to_owned(),
            created_at: town.now().to_rfc3339(),
        };
        write_tar(settings, &work, &manifest, arguments)
    }
    .await;
    let _cleaned = std::fs::remove_dir_all(&work);
    result?;
    out::line(format_args!("backup written to {}", arguments.file.display()));
    if let Some(bucket) = &settings.s3.bucket {
        out::say(format_args!(
            "pictures, video and sound are not in it: they lie in the bucket {bucket}, which needs a backup of its own"
        ));
    }
    if !arguments.with_secret {
        out::say(format_args!(
            "keep {} too: the backup cannot be used without it",
            settings.secret_file().display()
        ));
    }
    town.db().close().await;
    Ok(())
}

async fn copy_database(
    settings: &Settings,
    town: &parvis_domain::Town,
    work: &Path,
) -> anyhow::Result<&'static str> {
    if town.db().is_postgres() {
        let status = postgres_program("pg_dump", &settings.database_url())?
            .args(["--format=custom", "--no-owner", "--no-privileges", "--file"])
            .arg(work.join(POSTGRES))
            .stdin(Stdio::null())
            .status()
            .await
            .context("pg_dump is needed for a backup of PostgreSQL (Debian: postgresql-client)")?;
        ensure!(status.success(), "pg_dump failed");
        Ok(POSTGRES)
    } else {
        town.db().backup_to(&work.join(SQLITE)).await?;
        Ok(SQLITE)
    }
}

/// One of PostgreSQL's programs for this database. The password goes through the environment: everybody on the machine can read command lines.
fn postgres_program(name: &str, address: &str) -> anyhow::Result<Command> {
    let (address, password) = without_password(address)?;
    let mut command = Command::new(name);
    command.arg("--dbname").arg(address);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The address of a database without its password, and the password as it is typed.
fn without_password(address: &str) -> anyhow::Result<(String, Option<String>)> {
    let mut url = url::Url::parse(address).context("database.url cannot be read")?;
    let Some(password) = url.password() else { return Ok((address.to_owned(), None)) };
    let password = percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned();
    if url.set_password(None).is_err() {
        bail!("database.url has a password and no host");
    }
    Ok((url.into(), Some(password)))
}

fn write_tar(
    settings: &Settings,
    work: &Path,
    manifest: &Manifest,
    arguments: &BackupArguments,
) -> anyhow::Result<()> {
    let unfinished = work.join("unfinished.tar");
    // Names, addresses and words of a whole town: for nobody else on this machine (threats R14).
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    let mut tar = tar::Builder::new(file);
    append_text(&mut tar, MANIFEST, &serde_json::to_vec_pretty(manifest)?)?;
    tar.append_path_with_name(work.join(&manifest.database), &manifest.database)?;
    if arguments.with_secret {
        tar.append_path_with_name(settings.secret_file(), SECRET)?;
    }
    append_folder(&mut tar, &settings.data_dir.join("media"), Path::new("media"))?;
    append_text(&mut tar, END, b"whole\n")?;
    let mut file = tar.into_inner()?;
    file.flush()?;
    file.sync_all()?;
    std::fs::rename(&unfinished, &arguments.file)
        .with_context(|| format!("cannot write {}", arguments.file.display()))
}

fn append_text(tar: &mut tar::Builder<File>, name: &str, text: &[u8]) -> anyhow::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(text.len())?);
    header.set_mode(0o600);
    header.set_cksum();
    Ok(tar.append_data(&mut header, name, text)?)
}

/// Adds a folder's files; one that is deleted meanwhile was deleted.
fn append_folder(tar: &mut tar::Builder<File>, folder: &Path, name: &Path) -> anyhow::Result<()> {
    let mut open = vec![(folder.to_path_buf(), name.to_path_buf())];
    while let Some((folder, name)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let entry = entry?;
            let (path, name) = (entry.path(), name.join(entry.file_name()));
            if entry.file_type()?.is_dir() {
                open.push((path, name));
            } else if let Err(error) = tar.append_path_with_name(&path, &name)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                return Err(error.into());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_the_database_is_not_on_a_command_line() {
        let (address, password) =
            without_password("postgres://parvis:s%40fe%2Fty@127.0.0.1/clairval?sslmode=require").unwrap();
        assert_eq!(address, "postgres://parvis@127.0.0.1/clairval?sslmode=require");
        assert_eq!(password.as_deref(), Some("s@fe/ty"));
        let local = "postgres://parvis@localhost/clairval";
        assert_eq!(without_password(local).unwrap(), (local.to_owned(), None));
    }
}
