//! `parvis announcement publish|list|remove`.

use std::io::Read as _;

use anyhow::Context as _;
use clap::Subcommand;
use parvis_domain::Town;
use parvis_domain::announcements::{self, NewAnnouncement};
use parvis_domain::staff::By;
use parvis_model::time::Moment;

use super::out;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tells everybody who is signed in. Prints the number of the announcement.
    Publish {
        /// The text; `-` reads it from the standard input.
        text: String,
        /// When what it tells of begins, such as `2026-12-01T18:00:00Z`.
        #[arg(long)]
        starts: Option<String>,
        /// When it ends, and with it the announcement.
        #[arg(long)]
        ends: Option<String>,
        /// Days count, not hours.
        #[arg(long)]
        all_day: bool,
    },
    /// Lists the announcements, newest first.
    List,
    /// Takes an announcement away.
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
        Command::Publish { text, starts, ends, all_day } => {
            let text = if text == "-" { from_stdin()? } else { text };
            let new = NewAnnouncement {
                text,
                starts_at: moment(starts.as_deref())?,
                ends_at: moment(ends.as_deref())?,
                is_all_day: all_day,
            };
            let id = town.db().write(move |tx| announcements::publish(tx, By::Operator, &new)).await?;
            out::line(id);
        }
        Command::List => {
            for row in town.db().read(announcements::all).await? {
                let title = row.source.lines().next().unwrap_or_default();
                out::line(format_args!("{}\t{}\t{title}", row.id, row.published_at.to_rfc3339()));
            }
        }
        Command::Remove { id } => {
            town.db()
                .write(move |tx| announcements::remove(tx, By::Operator, id))
                .await
                .with_context(|| format!("announcement {id}"))?;
            out::line(format_args!("removed {id}"));
        }
    }
    town.db().close().await;
    Ok(())
}

fn from_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(64 * 1024).read_to_string(&mut text).context("cannot read the text")?;
    Ok(text)
}

fn moment(text: Option<&str>) -> anyhow::Result<Option<Moment>> {
    text.map(|t| {
        Moment::parse_rfc3339(t).with_context(|| format!("{t} is not a time such as 2026-12-01T18:00:00Z"))
    })
    .transpose()
}
