//! Servers that somebody wants nothing to do with, for themselves alone: their posts and what they do no longer show, follows both ways end (by a
//! job, since there may be many), and none begins again. What the town decided about servers is `policy`.

use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_model::urls::host_key;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, host_blocks as rows, jobs};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::events::urls_of;
use crate::{follows, severances};

/// How many servers one may avoid.
pub const MOST: i64 = 1_000;
/// The job that ends follows with a server.
pub const PART: &str = "accounts.part_from_host";

/// Whose follows with which server end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parting {
    /// Who avoids it.
    pub account: AccountId,
    /// The server.
    pub host: String,
}

/// The name of a server as it is stored.
fn named(text: &str) -> Result<String> {
    let text = text.trim().trim_end_matches('.');
    host_key(text).filter(|h| h.len() <= 253).ok_or_else(|| Error::field("domain", Refusal::DomainShape))
}

/// Avoids a server. Twice is once.
///
/// # Errors
/// `Invalid(DomainShape)`; [`Refusal::NotOneself`] for this town; [`Refusal::TooManyKept`].
pub fn block(tx: &mut Tx<'_>, who: AccountId, host: &str) -> Result<()> {
    let host = named(host)?;
    if host == urls_of(tx)?.domain() {
        return Err(Error::Refused(Refusal::NotOneself));
    }
    if rows::among(tx, who, std::slice::from_ref(&host))?.is_empty() && rows::count(tx, who)? >= MOST {
        return Err(Error::Refused(Refusal::TooManyKept));
    }
    let id = tx.new_id();
    if !rows::add(tx, who, &host, id)? {
        return Ok(());
    }
    rows::clear_notifications(tx, who, &host)?;
    severances::own(tx, who, &host)?;
    let (now, key) = (tx.now(), format!("{PART}/{who}/{id}"));
    let payload = serde_json::to_string(&Parting { account: who, host })
        .map_err(|e| Error::internal(format!("a job's payload: {e}")))?;
    jobs::enqueue(tx, PART, &payload, Some(&key), now)?;
    tx.notify("jobs", 0);
    Ok(())
}

/// Avoids it no longer. Not avoided is no error; follows do not come back.
///
/// # Errors
/// `Invalid(DomainShape)`.
pub fn unblock(tx: &mut Tx<'_>, who: AccountId, host: &str) -> Result<()> {
    let host = named(host)?;
    Ok(rows::remove(tx, who, &host)?)
}

/// The servers that one avoids: (row, host).
///
/// # Errors
/// Internal.
pub fn list(c: &mut Conn, who: AccountId, range: Range) -> Result<Vec<(i64, String)>> {
    Ok(rows::of_account(c, who, range)?)
}

/// What would end with a server: (people there whom one follows, followers from there).
///
/// # Errors
/// `Invalid(DomainShape)`.
pub fn preview(c: &mut Conn, who: AccountId, host: &str) -> Result<(i64, i64)> {
    let host = named(host)?;
    Ok((rows::count_following(c, who, &host)?, rows::count_followers(c, who, &host)?))
}

/// Ends up to `limit` follows each way; `true` when none is left, or the server is avoided no longer.
///
/// # Errors
/// Internal.
pub fn part(tx: &mut Tx<'_>, parting: &Parting, limit: i64) -> Result<bool> {
    let Parting { account, host } = parting;
    if rows::among(tx, *account, std::slice::from_ref(host))?.is_empty() {
        return Ok(true);
    }
    let out = rows::follows_to(tx, *account, host, limit)?;
    for follow in &out {
        follows::unfollow(tx, *account, follow.followee_id)?;
    }
    let back = rows::follows_from(tx, *account, host, limit)?;
    for follow in &back {
        follows::reject(tx, *account, follow.follower_id)?;
    }
    Ok(out.is_empty() && back.is_empty())
}

#[cfg(test)]
mod tests {
    use parvis_model::ids::AccountId;
    use parvis_store::notifications::Filter;
    use parvis_store::timelines::Range;

    use super::*;
    use crate::follows::Wishes;
    use crate::testing::{Town, both};
    use crate::{blocks, notifications};

    async fn known(town: &Town, name: &str, host: &'static str) -> AccountId {
        let actor = crate::remote::tests::actor(host, name);
        town.write(move |tx| crate::remote::accounts::upsert(tx, &actor)).await
    }

    #[tokio::test]
    async fn whoever_avoids_a_server_parts_from_everybody_there_and_from_nobody_else() {
        both(|town| async move {
            let ana = town.resident("ana").await;
            let (bea, bob) =
                (known(&town, "bea", "away.example").await, known(&town, "bob", "away.example").await);
            let other = known(&town, "bea", "b.away.example").await;
            town.write(move |tx| {
                for whom in [bea, other] {
                    follows::follow(tx, ana, whom, &Wishes::default(), None)?;
                }
                follows::follow(tx, bob, ana, &Wishes::default(), Some("https://away.example/f/1"))?;
                Ok(())
            })
            .await;
            assert_eq!(
                town.read(move |c| preview(c, ana, "away.example")).await,
                (0, 1),
                "a request is no follow yet"
            );
            town.write(move |tx| follows::accept(tx, bea, ana)).await;
            assert_eq!(town.read(move |c| preview(c, ana, "AWAY.example")).await, (1, 1));
            for _ in 0..2 {
                town.write(move |tx| block(tx, ana, "Away.Example")).await;
            }
            let parting = Parting { account: ana, host: "away.example".to_owned() };
            for round in 0.. {
                assert!(round < 5, "it ends");
                let parting = parting.clone();
                if town.write(move |tx| part(tx, &parting, 1)).await {
                    break;
                }
            }
            let ties = town.read(move |c| blocks::relationships(c, ana, &[bea, bob, other])).await;
            assert!(ties[0].1.domain_blocking && !ties[0].1.following && !ties[0].1.requested);
            assert!(!ties[1].1.followed_by);
            assert!(!ties[2].1.domain_blocking && ties[2].1.requested, "a subdomain is another server");
            let again =
                town.db().write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
            assert!(matches!(again, Err(Error::Forbidden(Refusal::BlockedBetween))));
            let back = town
                .db()
                .write(move |tx| {
                    follows::follow(tx, bob, ana, &Wishes::default(), Some("https://away.example/f/2"))
                })
                .await;
            assert!(matches!(back, Err(Error::Forbidden(Refusal::BlockedBetween))));
            let told =
                town.read(move |c| notifications::page(c, ana, &Filter::default(), Range::newest(9))).await;
            let severances: Vec<(i64, i64)> = told
                .iter()
                .filter_map(|n| n.severance.as_ref())
                .map(|s| (s.following, s.followers))
                .collect();
            assert_eq!((severances, told.len()), (vec![(1, 1)], 1), "how many, once; nothing of them");
            town.write(move |tx| unblock(tx, ana, "away.example")).await;
            town.write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_no_server_cannot_be_avoided() {
        let town = Town::new().await;
        let ana = town.resident("ana").await;
        for bad in ["", "127.0.0.1", "a/b", "a@b", "town.example", "exa mple", &"x".repeat(300)] {
            let bad = bad.to_owned();
            let refused = town.db().write(move |tx| block(tx, ana, &bad)).await;
            assert!(matches!(refused, Err(Error::Invalid(_) | Error::Refused(_))));
        }
    }
}
