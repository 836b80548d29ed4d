//! Whether what somebody passes on was really said by its actor: it carries that actor's own proof (FEP-8b32), so nobody has to be asked. A proof that
//! does not hold is worth nothing, and what carries it is the hint that it would be without.
//!
//! What comes straight from its actor is signed by the request; no proof is looked at there.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::object_id::ObjectId;
use parvis_domain::rows::{Account, ActorKey};
use parvis_domain::{Town, actors, policy};
use parvis_model::time::DAY;
use url::Url;

use crate::fetch::{KEYS_ARE_FRESH, KnownActor, Problem};
use crate::signature::{ProofClaim, PublicKey, key_belongs_to, same_origin};
use crate::wire::{ActivityDocument, Document};

/// Older proofs are not enough: what was undone is remembered no longer than this (threats R8).
const OLDEST: i64 = 30 * DAY;

/// Whether `activity`, which is `document`, has a proof of its actor that holds. An actor or key that is not known is fetched only if `may_fetch`.
pub(super) async fn is_by_its_actor(
    activity: &ActivityDocument,
    document: &Document,
    may_fetch: bool,
    data: &Data<Town>,
) -> Result<bool, Problem> {
    let claim = match ProofClaim::read(document.as_map(), data.now()) {
        Ok(Some(claim)) => claim,
        Ok(None) => return Ok(false),
        Err(error) => {
            tracing::debug!(actor = %activity.actor, %error, "a proof that cannot be checked");
            return Ok(false);
        }
    };
    let actor = &activity.actor;
    let is_recent = claim.created().is_some_and(|at| data.now().since(at) <= OLDEST);
    let is_whole = activity.id.as_ref().is_some_and(|id| same_origin(id, actor));
    if !is_recent || !is_whole || data.urls().is_ours(actor) || !key_belongs_to(claim.key_id(), actor) {
        return Ok(false);
    }
    match known(actor, claim.key_id(), data).await? {
        Some((account, key)) if fits(&claim, key.as_ref()) => return may_speak(&account, data).await,
        Some((account, _)) => {
            let age = account.fetched_at.map_or(i64::MAX, |at| data.now().since(at));
            if !may_fetch || age < KEYS_ARE_FRESH {
                return Ok(false);
            }
        }
        None if !may_fetch => return Ok(false),
        None => {}
    }
    // Unknown, or with a key that we do not know: once, within the budget of this activity (threats S10, F10).
    if let Err(problem) = ObjectId::<KnownActor>::from(actor.clone()).dereference_forced(data).await {
        tracing::debug!(%actor, %problem, "the actor of a proof could not be fetched");
        return Ok(false);
    }
    match known(actor, claim.key_id(), data).await? {
        Some((account, key)) if fits(&claim, key.as_ref()) => may_speak(&account, data).await,
        _ => Ok(false),
    }
}

async fn known(
    actor: &Url,
    key_id: &str,
    data: &Data<Town>,
) -> Result<Option<(Account, Option<ActorKey>)>, Problem> {
    let (actor, key_id) = (actor.to_string(), key_id.to_owned());
    Ok(data.db().read(move |c| actors::with_key(c, &actor, &key_id)).await?)
}

fn fits(claim: &ProofClaim, key: Option<&ActorKey>) -> bool {
    key.and_then(|key| PublicKey::from_spki_der(&key.public_der).ok())
        .is_some_and(|key| claim.check(&key).is_ok())
}

/// Whoever is suspended here or of a blocked server is not heard through others either (threats O14).
async fn may_speak(account: &Account, data: &Data<Town>) -> Result<bool, Problem> {
    let host = Url::parse(&account.uri).ok().and_then(|url| parvis_model::urls::authority(&url));
    let Some(host) = host.filter(|_| account.is_active()) else { return Ok(false) };
    Ok(!data.db().read(move |c| policy::is_suspended(c, &host)).await?)
}
