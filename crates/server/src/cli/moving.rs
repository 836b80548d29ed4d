//! `parvis account alias|move|recommend`. The first two ask other servers, through the same guarded client as a serving town.

use anyhow::Context as _;
use parvis_domain::accounts::find;
use parvis_domain::moves::{aliases, away};
use parvis_domain::{Error, Town, discovery};
use parvis_federation::Federation;
use parvis_federation::client::Limits;
use parvis_model::ids::AccountId;

use super::out;
use crate::wire;

async fn account(town: &Town, username: &str) -> anyhow::Result<AccountId> {
    let name = username.to_owned();
    let found = town.db().read(move |c| find::local(c, &name)).await;
    Ok(found.with_context(|| format!("@{username}"))?.id)
}

/// Gives the town its way to other servers.
async fn connect(town: &Town) -> anyhow::Result<()> {
    let client = wire::client(town, Limits::default())?;
    Federation::connect(town, client).await.context("federation")?;
    Ok(())
}

/// In words: what is wrong with an address stands under its field's name otherwise.
fn explained(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(problems) => match problems.first() {
            Some(problem) => anyhow::anyhow!("{}", problem.refusal),
            None => anyhow::anyhow!("the address cannot be used"),
        },
        other => other.into(),
    }
}

/// Names a former account, names it no longer, or lists those that are named.
///
/// # Errors
/// In words for the operator.
pub async fn alias(
    town: &Town,
    username: &str,
    add: Option<&str>,
    remove: Option<&str>,
) -> anyhow::Result<()> {
    let id = account(town, username).await?;
    if let Some(address) = add {
        connect(town).await?;
        aliases::add(town, id, address).await.map_err(explained)?;
    }
    let named = town.db().read(move |c| aliases::list(c, id)).await?;
    if let Some(asked) = remove {
        let asked = asked.trim_start_matches('@');
        let is_meant = |alias: &&aliases::Alias| {
            alias.uri == asked || alias.handle.as_deref().is_some_and(|h| h.trim_start_matches('@') == asked)
        };
        let uri = named.iter().find(is_meant).map(|a| a.uri.clone());
        let uri = uri.with_context(|| format!("@{username} does not name {asked}"))?;
        town.db().write(move |tx| aliases::remove(tx, id, &uri)).await?;
    }
    for alias in town.db().read(move |c| aliases::list(c, id)).await? {
        out::line(format_args!("{}\t{}", alias.handle.unwrap_or_default(), alias.uri));
    }
    Ok(())
}

/// Moves the followers to another account, or points there no longer when there is none.
///
/// # Errors
/// In words for the operator.
pub async fn go(town: &Town, username: &str, to: Option<&str>) -> anyhow::Result<()> {
    let id = account(town, username).await?;
    let Some(to) = to else {
        town.db().write(move |tx| away::stay(tx, id)).await?;
        out::line(format_args!("@{username} does not point to another account any more"));
        return Ok(());
    };
    connect(town).await?;
    away::go(town, id, to).await.map_err(explained)?;
    out::line(format_args!("@{username} moves to @{}", to.trim_start_matches('@')));
    Ok(())
}

/// Recommends an account to newcomers, or no longer.
///
/// # Errors
/// In words for the operator.
pub async fn recommend(town: &Town, username: &str, undo: bool) -> anyhow::Result<()> {
    let id = account(town, username).await?;
    town.db().write(move |tx| discovery::recommend(tx, id, !undo)).await?;
    out::line(format_args!("{} @{username}", if undo { "no longer recommended:" } else { "recommended" }));
    Ok(())
}
