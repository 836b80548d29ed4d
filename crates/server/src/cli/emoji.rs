//! `parvis emoji add|remove|list`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Subcommand;
use parvis_domain::leftovers::ShownBy;
use parvis_domain::{Town, emojis, media};

use super::out;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Adds an emoji from a picture.
    Add {
        /// `[A-Za-z0-9_]{2,64}`, without colons.
        shortcode: String,
        /// PNG, GIF, WebP or JPEG.
        file: PathBuf,
        /// The heading under which pickers show it.
        #[arg(long)]
        category: Option<String>,
    },
    /// Removes an emoji.
    Remove {
        /// Without colons.
        shortcode: String,
    },
    /// Lists the town's emojis.
    List,
}

/// Does it.
///
/// # Errors
/// In words for the operator.
pub async fn run(command: Command, town: &Town) -> anyhow::Result<()> {
    match command {
        Command::Add { shortcode, file, category } => {
            let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let shown_by = ShownBy::Emoji(shortcode.clone());
            let key = media::keep_picture(town, bytes.into(), parvis_media::Wanted::EMOJI, shown_by).await?;
            let code = shortcode.clone();
            town.db().write(move |tx| emojis::add(tx, &code, &key, category.as_deref())).await?;
            out::line(format_args!("added :{shortcode}:"));
        }
        Command::Remove { shortcode } => {
            let code = shortcode.clone();
            let key = town.db().write(move |tx| emojis::remove(tx, &code)).await?;
            media::discard(town, vec![key]).await;
            out::line(format_args!("removed :{shortcode}:"));
        }
        Command::List => {
            for emoji in town.db().read(emojis::list).await? {
                out::line(format_args!(":{}:\t{}", emoji.shortcode, emoji.category.unwrap_or_default()));
            }
        }
    }
    town.db().close().await;
    Ok(())
}
