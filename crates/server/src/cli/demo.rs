//! `parvis demo`: two neighbouring towns on this machine, federated over real HTTP, with a few residents and some life. Seeded through the same use
//! cases as everything else; what crosses between the towns is sent, signed and received like any activity.

mod people;
mod seed;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use parvis_config::Settings;

use super::{out, serve};
use crate::instance::{Instance, Machine};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Where the towns keep their data; seeded once, then found again.
    #[arg(long, default_value = "parvis-demo")]
    dir: PathBuf,
    /// Seed and exit.
    #[arg(long)]
    seed_only: bool,
}

/// A town of the demo.
struct Place {
    folder: &'static str,
    port: u16,
    name: &'static str,
    description: &'static str,
    language: &'static str,
}

const PLACES: [Place; 2] = [
    Place {
        folder: "clairval",
        port: 4001,
        name: "Clairval",
        description: "Le réseau social de Clairval : la vie de la commune, ses habitants, ses services.",
        language: "fr",
    },
    Place {
        folder: "aubepine",
        port: 4002,
        name: "Aubépine",
        description: "Aubépine's town square: neighbours, news and questions, just across the river from Clairval.",
        language: "en",
    },
];

/// Starts the towns, seeds them the first time, prints how to get in, and serves until Ctrl-C.
///
/// # Errors
/// In words for the operator.
pub async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let marks = Marks::of(&arguments.dir);
    marks.begin()?;
    let machine = Machine::real()?;
    let mut end = serve::End::listen()?;
    let mut towns = Vec::new();
    for place in &PLACES {
        let settings = settings(&arguments.dir, place)?;
        crate::logging::start(&settings)?;
        towns.push(Instance::start(&settings, &machine, None).await.with_context(|| place.name.to_owned())?);
    }
    let go_on = match towns.as_slice() {
        [here, there] if !marks.are_seeded() => tokio::select! {
            seeded = seed::seed(&here.town, &there.town) => {
                seeded?;
                marks.end()?;
                true
            }
            () = end.told() => {
                out::say("stopped before the towns were seeded; the next start begins afresh");
                false
            }
        },
        _ => true,
    };
    if go_on {
        announce(&towns).await;
        if !arguments.seed_only {
            out::line("Stop with Ctrl-C.");
            end.told().await;
        }
    }
    for town in towns {
        town.stop().await;
    }
    Ok(())
}

/// The two files that say whether the folder was seeded, or whether somebody stopped in the middle of it.
struct Marks {
    dir: PathBuf,
    begun: PathBuf,
    seeded: PathBuf,
}

impl Marks {
    fn of(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), begun: dir.join("seeding"), seeded: dir.join("seeded") }
    }

    fn are_seeded(&self) -> bool {
        self.seeded.exists()
    }

    /// Makes the folder. Half-seeded towns are taken away: only what a demo made itself stands where `seeding` does.
    fn begin(&self) -> anyhow::Result<()> {
        std::fs::create_dir_all(&self.dir).with_context(|| format!("cannot make {}", self.dir.display()))?;
        if self.are_seeded() {
            return Ok(());
        }
        if self.begun.exists() {
            out::say("the last start was interrupted while it seeded; beginning afresh");
            for place in &PLACES {
                let town = self.dir.join(place.folder);
                if town.exists() {
                    std::fs::remove_dir_all(&town)
                        .with_context(|| format!("cannot empty {}", town.display()))?;
                }
            }
        }
        std::fs::write(&self.begun, "The towns of this folder are being seeded.\n")
            .with_context(|| format!("cannot write to {}", self.dir.display()))
    }

    fn end(&self) -> anyhow::Result<()> {
        std::fs::write(&self.seeded, "The towns of this folder were seeded.\n")?;
        Ok(std::fs::remove_file(&self.begun)?)
    }
}

fn settings(dir: &Path, place: &Place) -> anyhow::Result<Settings> {
    let mut settings = Settings {
        domain: format!("{}.localhost:{}", place.folder, place.port)
            .parse()
            .map_err(|e| anyhow::anyhow!("{}: {e:?}", place.name))?,
        data_dir: dir.join(place.folder),
        ..Settings::default()
    };
    settings.http.listen.set_port(place.port);
    settings.town.name = place.name.to_owned();
    settings.town.description = place.description.to_owned();
    settings.town.languages =
        vec![place.language.to_owned(), if place.language == "fr" { "en" } else { "fr" }.to_owned()];
    settings.town.contact_email = Some(format!("mairie@{}.example", place.folder));
    settings.log.level = "warn".to_owned();
    Ok(settings)
}

async fn announce(towns: &[Instance]) {
    for (town, place) in towns.iter().zip(&PLACES) {
        out::line(format_args!("{}: {}/", place.name, town.town.urls().base()));
        for person in people::PEOPLE.iter().filter(|p| p.town == place.folder) {
            out::line(format_args!(
                "  {} / {}   ({})",
                people::email(person),
                people::PASSWORD,
                person.display_name
            ));
        }
    }
    let mut unknown = Vec::new();
    for place in &PLACES {
        let host = format!("{}.localhost", place.folder);
        if tokio::net::lookup_host((host.as_str(), place.port)).await.is_err() {
            unknown.push(host);
        }
    }
    if !unknown.is_empty() {
        out::line(format_args!(
            "Browsers and curl find these names by themselves. Other programs (toot, Mastodon.py) need this line in /etc/hosts:\n  127.0.0.1 {}",
            unknown.join(" ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_seeding_begins_afresh_and_a_finished_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let marks = Marks::of(folder.path());
        marks.begin().unwrap();
        let half = folder.path().join("clairval");
        std::fs::create_dir(&half).unwrap();
        marks.begin().unwrap();
        assert!(!half.exists(), "what was half done is gone");
        std::fs::create_dir(&half).unwrap();
        marks.end().unwrap();
        marks.begin().unwrap();
        assert!(half.exists() && marks.are_seeded());
    }
}
