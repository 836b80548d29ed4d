//! `parvis account create|token|alias|move|recommend|suspend|delete`. The two that ask other servers are in [`super::moving`].

use std::io::Read as _;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use parvis_domain::accounts::{find, register};
use parvis_domain::moderation::actions::{self, Decision};
use parvis_domain::moderation::lifting;
use parvis_domain::rows::Account;
use parvis_domain::staff::By;
use parvis_domain::{Town, oauth, secrets};
use parvis_model::account::Role;
use parvis_model::moderation::Action;
use parvis_model::scope::Scopes;

use super::{moving, out};

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RoleName {
    Resident,
    Officer,
    Elected,
    Moderator,
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Resident => Self::Resident,
            RoleName::Officer => Self::Officer,
            RoleName::Elected => Self::Elected,
            RoleName::Moderator => Self::Moderator,
            RoleName::Admin => Self::Admin,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes an account whose address counts as confirmed. Prints the password if it was not given.
    Create {
        #[arg(long)]
        username: String,
        #[arg(long)]
        email: String,
        /// Read the password from the standard input.
        #[arg(long)]
        password_stdin: bool,
        #[arg(long, value_enum, default_value = "resident")]
        role: RoleName,
    },
    /// Prints a bearer token for the client API.
    Token {
        #[arg(long)]
        username: String,
        /// Separated by blanks.
        #[arg(long, default_value = "read write follow push")]
        scopes: String,
    },
    /// Names former accounts, so that they may move here. Without `--add` and `--remove`: lists them.
    Alias {
        #[arg(long)]
        username: String,
        /// The address of an account, `@name@host`.
        #[arg(long, value_name = "ADDRESS", conflicts_with = "remove")]
        add: Option<String>,
        /// The address, or the id as it is listed.
        #[arg(long, value_name = "ADDRESS")]
        remove: Option<String>,
    },
    /// Moves an account's followers to another account, which must name this one as its former address.
    Move {
        #[arg(long)]
        username: String,
        /// The address of the new account, `@name@host`.
        #[arg(long, value_name = "ADDRESS", required_unless_present = "undo")]
        to: Option<String>,
        /// Point to the new account no longer.
        #[arg(long, conflicts_with = "to")]
        undo: bool,
    },
    /// Recommends an account to newcomers.
    Recommend {
        #[arg(long)]
        username: String,
        /// No longer.
        #[arg(long)]
        undo: bool,
    },
    /// Suspends an account: nobody sees it, its sessions and tokens end.
    Suspend {
        #[arg(long)]
        username: String,
        /// Lift the suspension instead.
        #[arg(long)]
        undo: bool,
        /// Why, for the person: it stands in the letter they get.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Deletes an account and what it wrote, for good.
    Delete {
        #[arg(long)]
        username: String,
    },
}

/// Does it.
///
/// # Errors
/// In words for the operator.
pub async fn run(command: Command, town: &Town) -> anyhow::Result<()> {
    match command {
        Command::Create { username, email, password_stdin, role } => {
            let given = if password_stdin { Some(password_from_stdin()?) } else { None };
            let password = given
                .clone()
                .unwrap_or_else(|| secrets::new_token(&**town.random()).chars().take(20).collect());
            let new = register::NewAccount {
                username: username.clone(),
                email,
                password: password.clone(),
                role: role.into(),
            };
            register::create_by_command(town, new).await.map_err(explained)?;
            out::line(format_args!("created @{}@{}", username.to_lowercase(), town.urls().domain()));
            if given.is_none() {
                out::line(format_args!("password: {password}"));
            }
        }
        Command::Token { username, scopes } => {
            let scopes = Scopes::parse(&scopes)
                .map_err(|unknown| anyhow::anyhow!("there is no scope \"{unknown}\""))?;
            let account = local(town, &username).await?;
            anyhow::ensure!(account.suspended_at.is_none(), "@{username} is suspended");
            let issued = town
                .db()
                .write(move |tx| oauth::tokens::issue_by_command(tx, account.id, &scopes))
                .await
                .with_context(|| format!("@{username}"))?;
            out::line(issued.token);
        }
        Command::Alias { username, add, remove } => {
            moving::alias(town, &username, add.as_deref(), remove.as_deref()).await?;
        }
        Command::Move { username, to, .. } => moving::go(town, &username, to.as_deref()).await?,
        Command::Recommend { username, undo } => moving::recommend(town, &username, undo).await?,
        Command::Suspend { username, undo, reason } => {
            let name = username.clone();
            let id = town
                .db()
                .read(move |c| find::local(c, &name))
                .await
                .with_context(|| format!("@{username}"))?
                .id;
            let done = if undo {
                town.db().write(move |tx| lifting::lift(tx, By::Operator, id, Action::Suspend)).await
            } else {
                let decision = Decision {
                    action: Action::Suspend,
                    report: None,
                    preset: None,
                    text: reason,
                    sends_letter: true,
                };
                actions::decide(town, By::Operator, id, decision).await
            };
            done.with_context(|| format!("@{username}"))?;
            out::line(format_args!("{} @{username}", if undo { "restored" } else { "suspended" }));
        }
        Command::Delete { username } => {
            let account = local(town, &username).await?;
            town.db()
                .write(move |tx| actions::remove(tx, By::Operator, account.id))
                .await
                .with_context(|| format!("@{username}"))?;
            out::line(format_args!("deleted @{username}"));
        }
    }
    town.db().close().await;
    Ok(())
}

/// An account that is still there.
async fn local(town: &Town, username: &str) -> anyhow::Result<Account> {
    let name = username.to_owned();
    let found =
        town.db().read(move |c| find::local(c, &name)).await.with_context(|| format!("@{username}"))?;
    anyhow::ensure!(found.gone_at.is_none(), "@{username} was deleted");
    Ok(found)
}

fn password_from_stdin() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(4_096).read_to_string(&mut text).context("cannot read the password")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// All problems of the fields in one sentence each.
pub(super) fn explained(error: parvis_domain::Error) -> anyhow::Error {
    match error {
        parvis_domain::Error::Invalid(problems) => {
            let lines: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.field, p.refusal)).collect();
            anyhow::anyhow!(lines.join("\n"))
        }
        other => other.into(),
    }
}
