//! `parvis warning-preset add|list|remove`: texts that moderators choose from when they write to somebody about a decision.

use anyhow::Context as _;
use clap::Subcommand;
use parvis_domain::Town;
use parvis_domain::moderation::presets;
use parvis_domain::staff::By;

use super::out;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Adds a text. Prints its number.
    Add {
        /// By what moderators find it.
        #[arg(long)]
        title: String,
        /// What is written.
        text: String,
    },
    /// Lists the texts.
    List,
    /// Removes a text.
    Remove {
        /// Its number.
        id: i64,
    },
}

/// Does it.
///
/// # Errors
/// In words for the operator.
pub async fn run(command: Command, town: &Town) -> anyhow::Result<()> {
    match command {
        Command::Add { title, text } => {
            let id = town.db().write(move |tx| presets::add(tx, By::Operator, &title, &text)).await?;
            out::line(id);
        }
        Command::List => {
            for preset in town.db().read(presets::list).await? {
                out::line(format_args!("{}\t{}", preset.id, preset.title));
            }
        }
        Command::Remove { id } => {
            town.db()
                .write(move |tx| presets::remove(tx, By::Operator, id))
                .await
                .with_context(|| format!("warning preset {id}"))?;
            out::line(format_args!("removed {id}"));
        }
    }
    town.db().close().await;
    Ok(())
}
