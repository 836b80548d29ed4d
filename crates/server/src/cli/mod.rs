//! The command line. Names, arguments and output are a contract: scripts outside the project rely on them.

pub mod account;
pub mod announcement;
pub mod backup;
pub mod community;
pub mod demo;
pub mod doctor;
pub mod domain_block;
pub mod emoji;
mod facilitation;
pub mod migrate;
pub mod moving;
pub mod out;
pub mod serve;
pub mod warning_preset;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use parvis_config::Settings;

use crate::instance::{self, Machine};

/// A territorial social network: one municipality, one instance.
#[derive(Debug, Parser)]
#[command(name = "parvis", version)]
struct Arguments {
    /// The settings file. Default: `PARVIS_CONFIG`, else `parvis.toml` in the current folder when it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the instance until Ctrl-C.
    Serve,
    /// Runs neighbouring towns with some life in them on this machine, to look at and to try.
    Demo(demo::Arguments),
    /// Makes, suspends and deletes accounts; prints tokens.
    #[command(subcommand)]
    Account(account::Command),
    /// The town's own emojis.
    #[command(subcommand)]
    Emoji(emoji::Command),
    /// Servers that the town has nothing to do with.
    #[command(subcommand)]
    DomainBlock(domain_block::Command),
    /// What the town tells everybody.
    #[command(subcommand)]
    Announcement(announcement::Command),
    /// Groups of residents about what they have in common.
    #[command(subcommand)]
    Community(community::Command),
    /// Texts that moderators choose from.
    #[command(subcommand)]
    WarningPreset(warning_preset::Command),
    /// Brings the database to this version.
    Migrate,
    /// Checks settings, database, secret key, pictures, disk, DNS, certificate, proxy and clock, and says what to do.
    Doctor,
    /// Copies the database and the stored pictures into one file while the town runs.
    Backup(backup::BackupArguments),
    /// Brings a backup back, into an empty data folder and database.
    Restore(backup::RestoreArguments),
}

/// Reads the command line, does what it says, and reports failures in words.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(24).build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(arguments)),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            out::complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(arguments: Arguments) -> anyhow::Result<()> {
    if let Command::Demo(demo) = &arguments.command {
        return demo::run(demo).await;
    }
    let settings = Settings::load(arguments.config.as_deref())?;
    crate::logging::start(&settings)?;
    let machine = Machine::real()?;
    match arguments.command {
        Command::Serve => serve::run(&settings, &machine).await,
        Command::Demo(_) => Ok(()),
        Command::Account(command) => account::run(command, &instance::open(&settings, &machine).await?).await,
        Command::Emoji(command) => emoji::run(command, &instance::open(&settings, &machine).await?).await,
        Command::DomainBlock(command) => {
            domain_block::run(command, &instance::open(&settings, &machine).await?).await
        }
        Command::Announcement(command) => {
            announcement::run(command, &instance::open(&settings, &machine).await?).await
        }
        Command::Community(command) => {
            community::run(command, &instance::open(&settings, &machine).await?).await
        }
        Command::WarningPreset(command) => {
            warning_preset::run(command, &instance::open(&settings, &machine).await?).await
        }
        Command::Migrate => migrate::run(&settings, &machine).await,
        Command::Doctor => doctor::run(&settings, &machine).await,
        Command::Backup(arguments) => backup::backup(&settings, &machine, &arguments).await,
        Command::Restore(arguments) => backup::restore(&settings, &machine, &arguments).await,
    }
}
