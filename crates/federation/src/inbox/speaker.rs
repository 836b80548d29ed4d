//! Who signed a request: the key must be one that the actor's own document lists, on the actor's own server (threats S7, S8). Keys come from the database;
//! an unknown actor is fetched once, and known keys are fetched anew at most once a minute when a signature does not fit (S10).
//!
//! Neighbour: [`crate::serve`] does the same for signed GETs, where only the key says who asks (O15).

use http::{HeaderMap, Method, Uri};
use parvis_domain::rows::{Account, ActorKey};
use parvis_domain::{Town, actors};
use url::Url;

use super::Answer;
use crate::fetch::{Federation, KEYS_ARE_FRESH};
use crate::signature::{Claim, PublicKey, Received, key_belongs_to};

/// A request as the signature code wants it.
pub(crate) fn received<'a>(
    town: &'a Town,
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    body: &'a [u8],
) -> Received<'a> {
    Received {
        method,
        path_and_query: uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str),
        headers,
        body,
        authority: town.urls().domain(),
        scheme: if town.urls().base().starts_with("https") { "https" } else { "http" },
    }
}

/// Whether we know nothing of an actor.
pub(super) async fn is_stranger(fetcher: &Federation, actor: &Url) -> Result<bool, Answer> {
    let uri = actor.to_string();
    Ok(fetcher.town().db().read(move |c| actors::by_uri(c, &uri)).await?.is_none_or(|a| a.gone_at.is_some()))
}

/// Whether the actor made this signature.
pub(crate) async fn check(fetcher: &Federation, claim: &Claim, actor: &Url) -> Result<Account, Answer> {
    if !key_belongs_to(claim.key_id(), actor) {
        return Err(Answer::Unsigned("the key is not the actor's".to_owned()));
    }
    let Some((account, key)) = known(fetcher, actor, claim.key_id()).await? else {
        fetcher.actor(actor, &fetcher.data()).await.map_err(|problem| {
            tracing::debug!(%actor, %problem, "an unknown actor could not be fetched");
            Answer::Unsigned("the actor cannot be fetched".to_owned())
        })?;
        return again(fetcher, claim, actor).await;
    };
    barred(&account)?;
    if fits(claim, key.as_ref()) {
        return Ok(account);
    }
    let age = account.fetched_at.map_or(i64::MAX, |at| fetcher.town().now().since(at));
    if age < KEYS_ARE_FRESH {
        return Err(Answer::Unsigned("the signature is not of the actor's key".to_owned()));
    }
    fetcher.actor_anew(actor).await.map_err(|problem| {
        tracing::debug!(%actor, %problem, "an actor could not be fetched anew");
        Answer::Unsigned("the signature is not of the actor's key".to_owned())
    })?;
    again(fetcher, claim, actor).await
}

/// The second look, with what was just fetched.
async fn again(fetcher: &Federation, claim: &Claim, actor: &Url) -> Result<Account, Answer> {
    let refused = || Answer::Unsigned("the signature is not of the actor's key".to_owned());
    let (account, key) = known(fetcher, actor, claim.key_id()).await?.ok_or_else(refused)?;
    barred(&account)?;
    if fits(claim, key.as_ref()) { Ok(account) } else { Err(refused()) }
}

async fn known(
    fetcher: &Federation,
    actor: &Url,
    key_id: &str,
) -> Result<Option<(Account, Option<ActorKey>)>, Answer> {
    let (actor, key_id) = (actor.to_string(), key_id.to_owned());
    Ok(fetcher.town().db().read(move |c| actors::with_key(c, &actor, &key_id)).await?)
}

/// Whoever is gone has no key any more; whoever is suspended is not heard.
fn barred(account: &Account) -> Result<(), Answer> {
    if account.gone_at.is_some() {
        return Err(Answer::Unsigned("the actor is gone".to_owned()));
    }
    if account.suspended_at.is_some() { Err(Answer::Blocked) } else { Ok(()) }
}

fn fits(claim: &Claim, key: Option<&ActorKey>) -> bool {
    key.and_then(|key| PublicKey::from_spki_der(&key.public_der).ok())
        .is_some_and(|key| claim.check(&key).is_ok())
}
