//! `parvis domain-block add|remove|list`.

use clap::{Subcommand, ValueEnum};
use parvis_domain::moderation::servers;
use parvis_domain::policy::{self, Severity, Terms};
use parvis_domain::staff::By;
use parvis_domain::{Error, Town};

use super::out;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum How {
    /// Nothing comes in, nothing goes out, nothing shows.
    Suspend,
    /// Posts show only to those who follow their author.
    Silence,
    /// Nothing but what the switches say.
    Noop,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Blocks a server and everything below its name.
    Add {
        /// `evil.example`, with `:port` if it has one; `*` is every server that is not allowed.
        host: String,
        /// How hard.
        #[arg(long, value_enum, default_value = "suspend")]
        severity: How,
        /// Take no pictures from there (with `silence`).
        #[arg(long)]
        reject_media: bool,
        /// Do not hear what it reports of people here.
        #[arg(long)]
        reject_reports: bool,
        /// Show the name with stars in public.
        #[arg(long)]
        obfuscate: bool,
        /// Why, for staff.
        #[arg(long, default_value = "")]
        private_comment: String,
        /// Why, for everybody to read.
        #[arg(long, default_value = "")]
        comment: String,
    },
    /// Lifts a block.
    Remove {
        /// As it was blocked.
        host: String,
    },
    /// Lists the blocks.
    List,
}

/// Does it.
///
/// # Errors
/// In words for the operator.
pub async fn run(command: Command, town: &Town) -> anyhow::Result<()> {
    match command {
        Command::Add {
            host,
            severity,
            reject_media,
            reject_reports,
            obfuscate,
            private_comment,
            comment,
        } => {
            let severity = match severity {
                How::Suspend => Severity::Suspend,
                How::Silence => Severity::Silence,
                How::Noop => Severity::Noop,
            };
            let terms = Terms {
                severity,
                reject_media,
                reject_reports,
                obfuscate,
                public_comment: comment,
                private_comment,
            };
            let host = town.db().write(move |tx| servers::set(tx, By::Operator, &host, &terms)).await?.host;
            out::line(format_args!("blocked {host} ({})", severity.as_str()));
        }
        Command::Remove { host } => {
            let asked = host.clone();
            match town.db().write(move |tx| servers::unblock_host(tx, By::Operator, &asked)).await {
                Err(Error::NotFound) => anyhow::bail!("{host} was not blocked"),
                done => done?,
            }
            out::line(format_args!("unblocked {host}"));
        }
        Command::List => {
            for block in town.db().read(policy::list).await? {
                out::line(format_args!("{}\t{}\t{}", block.host, block.severity, block.public_comment));
            }
        }
    }
    town.db().close().await;
    Ok(())
}
