//! `parvis migrate`.

use parvis_config::Settings;

use super::out;
use crate::instance::{self, Machine};

/// Brings the database to this version and says so.
///
/// # Errors
/// In words for the operator.
pub async fn run(settings: &Settings, machine: &Machine) -> anyhow::Result<()> {
    let town = instance::open(settings, machine).await?;
    out::line("the database is up to date");
    town.db().close().await;
    Ok(())
}
