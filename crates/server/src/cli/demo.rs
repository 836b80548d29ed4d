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
    std::fs::create_dir_all(&arguments.dir)
        .with_context(|| format!("cannot make {}", arguments.dir.display()))?;
    let machine = Machine::real()?;
    let mut towns = Vec::new();
    for place in &PLACES {
        let settings = settings(&arguments.dir, place)?;
        crate::logging::start(&settings);
        towns.push(Instance::start(&settings, &machine, None).await.with_context(|| place.name.to_owned())?);
    }
    let done = arguments.dir.join("seeded");
    if let ([here, there], false) = (towns.as_slice(), done.exists()) {
        seed::seed(&here.town, &there.town).await?;
        std::fs::write(&done, "The towns of this folder were seeded.\n")?;
    }
    announce(&towns);
    if !arguments.seed_only {
        serve::until_told().await?;
    }
    for town in towns {
        town.stop().await;
    }
    Ok(())
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

fn announce(towns: &[Instance]) {
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
    out::line("Stop with Ctrl-C.");
}
