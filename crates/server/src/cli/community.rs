//! `parvis community create|list`, and what those who look after a community can do (`facilitation`).

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;
use parvis_domain::Town;
use parvis_domain::communities::{self, NewCommunity};
use parvis_domain::staff::By;

use super::account::explained;
use super::facilitation::{self, Deed};
use super::out;

/// Bytes of a charter's file that are read.
const FILE_MAX: u64 = 64 * 1024;
/// Communities asked for at once.
const PAGE: i64 = 200;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Opens a community that residents and people elsewhere can follow and write in.
    Create {
        /// Its handle.
        name: String,
        /// How it is called.
        #[arg(long)]
        title: String,
        /// What holds there: a text file; `-` reads the standard input.
        #[arg(long, value_name = "FILE")]
        charter_file: Option<PathBuf>,
        /// A resident who looks after it, `@name`. May be given several times.
        #[arg(long = "facilitator", value_name = "@NAME")]
        facilitators: Vec<String>,
    },
    /// Lists the communities: handle, tab, title.
    List,
    /// Takes a post out of a community. The post itself stays its author's.
    Remove {
        /// The community.
        name: String,
        /// The post's number or address.
        post: String,
        /// Why; everybody may read it.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Closes a discussion: nobody answers there any more.
    Lock {
        /// The community.
        name: String,
        /// The number or address of a post of the discussion.
        post: String,
        /// Open it again.
        #[arg(long)]
        undo: bool,
    },
    /// Shows a post first.
    Pin {
        /// The community.
        name: String,
        /// The post's number or address.
        post: String,
        /// No longer.
        #[arg(long)]
        undo: bool,
    },
    /// Keeps somebody out.
    Ban {
        /// The community.
        name: String,
        /// `@name` or `@name@host`.
        who: String,
        /// Why; everybody may read it.
        #[arg(long, default_value = "")]
        reason: String,
        /// Let them in again.
        #[arg(long)]
        undo: bool,
    },
    /// Makes somebody look after a community.
    Facilitator {
        /// The community.
        name: String,
        /// `@name` or `@name@host`.
        who: String,
        /// No longer.
        #[arg(long)]
        undo: bool,
    },
}

/// Does it.
///
/// # Errors
/// In words for the operator.
pub async fn run(command: Command, town: &Town) -> anyhow::Result<()> {
    match command {
        Command::Create { name, title, charter_file, facilitators } => {
            let charter = charter_file.as_deref().map(charter).transpose()?.unwrap_or_default();
            let new = NewCommunity { username: name.clone(), title, charter, facilitators };
            communities::create(town, By::Operator, new).await.map_err(explained)?;
            out::line(format_args!("created @{}@{}", name.to_lowercase(), town.urls().domain()));
        }
        Command::List => list(town).await?,
        Command::Remove { name, post, reason } => {
            facilitation::run(town, &name, Deed::Remove { post, reason }).await?;
        }
        Command::Lock { name, post, undo } => {
            facilitation::run(town, &name, Deed::Lock { post, undo }).await?
        }
        Command::Pin { name, post, undo } => facilitation::run(town, &name, Deed::Pin { post, undo }).await?,
        Command::Ban { name, who, reason, undo } => {
            facilitation::run(town, &name, Deed::Ban { who, reason, undo }).await?;
        }
        Command::Facilitator { name, who, undo } => {
            facilitation::run(town, &name, Deed::Facilitator { who, undo }).await?;
        }
    }
    town.db().close().await;
    Ok(())
}

async fn list(town: &Town) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        let from = after.clone();
        let page = town.db().read(move |c| communities::all(c, &from, PAGE)).await?;
        let Some(last) = page.last() else { return Ok(()) };
        last.username_key.clone_into(&mut after);
        for community in &page {
            out::line(format_args!("@{}\t{}", community.username, community.display_name));
        }
    }
}

fn charter(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().take(FILE_MAX).read_to_string(&mut text).context("cannot read the charter")?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
        opened
            .take(FILE_MAX)
            .read_to_string(&mut text)
            .with_context(|| format!("cannot read {}", file.display()))?;
    }
    Ok(text)
}
