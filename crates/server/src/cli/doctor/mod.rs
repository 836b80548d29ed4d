//! `parvis doctor`: looks at everything that usually goes wrong and says what to do. Here what lies on this machine; `reach`: how others see it.

mod reach;

use parvis_config::Settings;
use parvis_domain::accounts::instance_actor;
use parvis_domain::{Town, outbox};

use super::out;
use crate::instance::{self, Machine};

/// Free space below which the doctor complains.
const DISK_MIN: u64 = 1024 * 1024 * 1024;

/// How a check ended.
#[derive(Debug)]
enum Finding {
    Good(String),
    Warning(String),
    Bad(String),
}

/// Checks and prints; fails when something must be done.
///
/// # Errors
/// How many checks failed.
pub async fn run(settings: &Settings, machine: &Machine) -> anyhow::Result<()> {
    let mut findings =
        vec![Finding::Good(format!("settings: {} ({})", settings.origin(), settings.data_dir.display()))];
    findings.extend(settings.warnings().into_iter().map(Finding::Warning));
    match instance::open(settings, machine).await {
        Ok(town) => {
            findings.push(Finding::Good(format!(
                "database: {}, all migrations done",
                if town.db().is_postgres() { "PostgreSQL" } else { "SQLite" }
            )));
            findings.push(secret(&town).await);
            findings.push(pictures(&town).await);
            findings.push(files(&town).await);
            findings.push(recordings(&town).await);
            findings.extend(reach::look(&town, machine).await);
            town.db().close().await;
        }
        Err(error) => findings.push(Finding::Bad(format!("database: {error:#}"))),
    }
    findings.push(disk(settings));
    let mut failed = 0;
    for finding in &findings {
        match finding {
            Finding::Good(text) => out::line(format_args!("ok       {text}")),
            Finding::Warning(text) => out::line(format_args!("warning  {text}")),
            Finding::Bad(text) => {
                failed += 1;
                out::line(format_args!("FAILED   {text}"));
            }
        }
    }
    anyhow::ensure!(failed == 0, "{failed} of {} checks failed", findings.len());
    Ok(())
}

/// Whether the secret file belongs to this database.
async fn secret(town: &Town) -> Finding {
    let opened = async {
        let actor = instance_actor::ensure(town).await?;
        let key = town.db().read(move |c| outbox::signing_key(c, actor)).await?;
        key.ok_or_else(|| parvis_domain::Error::internal("the instance's own actor has no key"))?
            .open(town.secrets())
    };
    match opened.await {
        Ok(_) => Finding::Good("secret key: belongs to this database".to_owned()),
        Err(error) => Finding::Bad(format!("secret key: {error}; put back the one from before")),
    }
}

/// Whether a picture can be decoded in the confined process.
async fn pictures(town: &Town) -> Finding {
    // A white pixel.
    const PIXEL: &[u8] = include_bytes!("pixel.png");
    match town.pictures().process(PIXEL.into(), parvis_media::Wanted::EMOJI).await {
        Ok(_) => Finding::Good("pictures: decoded in a confined process".to_owned()),
        Err(error) => Finding::Bad(format!("pictures: {error}")),
    }
}

/// Whether files can be stored, read and deleted.
async fn files(town: &Town) -> Finding {
    let place = match &town.settings().s3.bucket {
        Some(bucket) => format!("stored files (bucket {bucket})"),
        None => "stored files (data_dir)".to_owned(),
    };
    let mut name = [0; 8];
    town.random().fill(&mut name);
    let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    match town.files().check(&name).await {
        Ok(()) => Finding::Good(format!("{place}: written, read and deleted")),
        Err(error) => Finding::Bad(format!("{place}: {error}")),
    }
}

/// Whether ffmpeg runs confined and can do what is needed.
async fn recordings(town: &Town) -> Finding {
    match town.recordings().check().await {
        Ok(Some(version)) => Finding::Good(format!("video and sound: ffmpeg {version}, in a confined process")),
        Ok(None) if !town.settings().media.recordings => {
            Finding::Good("video and sound: not wanted (media.recordings)".to_owned())
        }
        Ok(None) => Finding::Warning(
            "video and sound: not taken, for there is no ffmpeg with ffprobe; install it (Debian: apt install ffmpeg)".to_owned(),
        ),
        Err(error) => Finding::Bad(format!("video and sound: {error}")),
    }
}

fn disk(settings: &Settings) -> Finding {
    match rustix::fs::statvfs(&settings.data_dir) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let text = format!("disk: {} MiB free in {}", free / (1024 * 1024), settings.data_dir.display());
            if free < DISK_MIN { Finding::Bad(format!("{text}; make room")) } else { Finding::Good(text) }
        }
        Err(error) => Finding::Bad(format!("disk: {error}")),
    }
}
