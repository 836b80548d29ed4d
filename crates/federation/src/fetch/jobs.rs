//! The jobs of fetching, for the list in `server::wire`: missing parents ([`Ancestors`]), answers ([`Answers`]), pins ([`Featured`]), what a group showed ([`Past`]), lists of followers ([`Followers`]) and old actor documents ([`Refresh`]). They reach other
//! servers through `Town::remote`, so that a town without a way out runs them without effect.

use async_trait::async_trait;
use parvis_domain::remote::{past, pins, threads};
use parvis_domain::{Town, follower_digests};
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::AccountId;
use parvis_model::time::MINUTE;
use serde::{Deserialize, Serialize};

/// Tries for one missing parent. A parked job would stand in the way of a later one.
const TRIES: u8 = 3;

/// Fetches what a post answers (threats F10). Written by `domain::remote`.
#[derive(Debug, Clone, Copy)]
pub struct Ancestors;

/// Which parent is missing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Missing {
    /// Its ActivityPub id.
    pub uri: String,
    /// Tries that failed.
    #[serde(default)]
    pub tries: u8,
}

#[async_trait]
impl Job<Town> for Ancestors {
    const KIND: &'static str = "remote.ancestors";
    type Payload = Missing;

    async fn run(missing: Missing, town: &Town) -> Result<Next<Missing>, Problem> {
        match town.remote().thread_above(&missing.uri).await {
            Ok(()) => Ok(Next::Done),
            Err(parvis_domain::Error::Internal(error)) => Err(Problem::new(error.to_string())),
            Err(error) if missing.tries + 1 < TRIES => {
                tracing::debug!(uri = %missing.uri, %error, "a parent could not be fetched");
                let wait = MINUTE * (1 + 9 * i64::from(missing.tries));
                Ok(Next::At(Missing { tries: missing.tries + 1, ..missing }, town.now().plus(wait)))
            }
            Err(_) => Ok(Next::Done),
        }
    }
}

/// Fetches the answers to a post that somebody looks at. Written by `domain::remote::threads`.
#[derive(Debug, Clone, Copy)]
pub struct Answers;

#[async_trait]
impl Job<Town> for Answers {
    const KIND: &'static str = threads::ANSWERS;
    type Payload = Missing;

    async fn run(answered: Missing, town: &Town) -> Result<Next<Missing>, Problem> {
        town.remote().thread_below(&answered.uri).await?;
        Ok(Next::Done)
    }
}

/// Fetches what a group elsewhere showed before somebody here followed it. Written by `domain::remote::past`.
#[derive(Debug, Clone, Copy)]
pub struct Past;

#[async_trait]
impl Job<Town> for Past {
    const KIND: &'static str = past::PAST;
    type Payload = Missing;

    async fn run(group: Missing, town: &Town) -> Result<Next<Missing>, Problem> {
        town.remote().past_of(&group.uri).await?;
        Ok(Next::Done)
    }
}

/// Reads what somebody elsewhere pins. Written by `domain::remote::pins`.
#[derive(Debug, Clone, Copy)]
pub struct Featured;

/// Whose pins.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Pinned {
    /// The account.
    pub account: AccountId,
}

#[async_trait]
impl Job<Town> for Featured {
    const KIND: &'static str = pins::READ;
    type Payload = Pinned;

    async fn run(pinned: Pinned, town: &Town) -> Result<Next<Pinned>, Problem> {
        // Once: who cannot be read now is read with the next refresh.
        town.remote().featured_of(pinned.account).await?;
        Ok(Next::Done)
    }
}

/// Asks for the list of those here who follow somebody elsewhere (FEP-8fcf). Written by `domain::follower_digests`.
#[derive(Debug, Clone, Copy)]
pub struct Followers;

/// Whose list, and where it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Listed {
    /// Whom they follow.
    pub whom: i64,
    /// The list.
    pub url: String,
}

#[async_trait]
impl Job<Town> for Followers {
    const KIND: &'static str = follower_digests::ASK;
    type Payload = Listed;

    async fn run(asked: Listed, town: &Town) -> Result<Next<Listed>, Problem> {
        let listed = match town.remote().followers_here(&asked.url).await {
            Ok(Some(listed)) => listed,
            Ok(None) => return Ok(Next::Done),
            Err(parvis_domain::Error::Internal(error)) => return Err(Problem::new(error.to_string())),
            Err(error) => {
                // It comes with the next post, too.
                tracing::debug!(url = %asked.url, %error, "a list of followers could not be read");
                return Ok(Next::Done);
            }
        };
        let whom = AccountId(asked.whom);
        match town.db().write(move |tx| follower_digests::settle(tx, whom, &listed)).await {
            Err(parvis_domain::Error::Internal(error)) => Err(Problem::new(error.to_string())),
            _ => Ok(Next::Done),
        }
    }
}

/// Reads the oldest actor documents again; every ten minutes.
#[derive(Debug, Clone, Copy)]
pub struct Refresh;

#[async_trait]
impl Job<Town> for Refresh {
    const KIND: &'static str = "remote.refresh";
    type Payload = ();

    async fn run((): (), town: &Town) -> Result<Next<()>, Problem> {
        town.remote().refresh_stale().await?;
        Ok(Next::Done)
    }
}
