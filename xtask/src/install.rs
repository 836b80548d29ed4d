//! What the tests need from the system: PostgreSQL's programs, Chromium, ffmpeg. Found where they are, or installed with apt when that is possible.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::command::{find, output, program, run};

/// Whether we may install packages: root on a system with apt.
fn may_install() -> bool {
    is_root() && find("apt-get").is_some()
}

/// Whether we run as root.
pub fn is_root() -> bool {
    output(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The folder of PostgreSQL's server programs, the newest version if there are several.
pub fn postgresql() -> Result<Option<PathBuf>> {
    if let Some(found) = server_programs() {
        return Ok(Some(found));
    }
    if may_install() {
        apt(&["postgresql"])?;
    }
    Ok(server_programs())
}

/// The same, without installing anything.
pub fn server_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .map(|entry| entry.path())
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .filter(|(_, path)| path.join("initdb").is_file())
        .collect();
    folders.sort();
    let newest = folders.pop().map(|(_, path)| path);
    newest.or_else(|| find("initdb").and_then(|path| path.canonicalize().ok()?.parent().map(Path::to_owned)))
}

/// Chromium and its driver, for the tests that look at pages as people do.
pub fn chromium() -> Result<Option<(PathBuf, PathBuf)>> {
    if let Some(found) = browser() {
        return Ok(Some(found));
    }
    if may_install() {
        apt(&["chromium", "chromium-driver"])?;
    }
    Ok(browser())
}

fn browser() -> Option<(PathBuf, PathBuf)> {
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(find)?;
    Some((browser, find("chromedriver")?))
}

/// Python with venv, for the tests with real client programs.
pub fn python() -> Result<Option<PathBuf>> {
    let usable = || {
        find("python3")
            .filter(|python| output(program(python).args(["-c", "import venv, ensurepip"])).is_ok())
    };
    if usable().is_none() && may_install() {
        apt(&["python3", "python3-venv"])?;
    }
    Ok(usable())
}

/// Any other program, from the given packages when it is missing.
pub fn find_or_install(name: &str, packages: &[&str]) -> Result<Option<PathBuf>> {
    if find(name).is_none() && may_install() {
        apt(packages)?;
    }
    Ok(find(name))
}

fn apt(packages: &[&str]) -> Result<()> {
    let get = || {
        let mut command = program("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        command
    };
    run(get().arg("update"))?;
    run(get().args(["install", "-y", "--no-install-recommends"]).args(packages))
}
