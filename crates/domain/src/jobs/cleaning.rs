//! What is kept for a time only: pictures that no post took, copies of pictures of others, activities in and out, tombstones of others, keys of repeated requests, codes and
//! sessions that are over, sign-ups that nobody confirmed. How long, each topic says itself, or the constants here.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::time::DAY;
use parvis_store::{email_links, oauth, policy, sessions};

use crate::barriers::networks;
use crate::error::Result as DomainResult;
use crate::{
    Town, Tx, foreign_pictures, imports, inbound, media, outbox, preview_cards, remote, sign_in, streams,
    translations,
};

/// How long a repeated request is answered with what the first one made.
const REPEATED: i64 = DAY;
/// Sign-ups that nobody confirmed, at a time.
const SIGN_UPS: i64 = 200;
/// Pictures of one transaction.
const PICTURES: i64 = 100;

/// Forgets everything that is over.
pub struct Clean;

#[async_trait]
impl Job<Town> for Clean {
    const KIND: &'static str = "town.clean";
    type Payload = ();

    async fn run((): (), town: &Town) -> Result<Next<()>, Problem> {
        loop {
            // The rows first: a file without a row is waste, a row without a file is a broken picture.
            let files = town.db().write(|tx| media::remove_orphans(tx, PICTURES)).await?;
            if files.is_empty() {
                break;
            }
            media::discard(town, files).await;
        }
        loop {
            let files = town.db().write(|tx| foreign_pictures::forget(tx, PICTURES)).await?;
            if files.is_empty() {
                break;
            }
            media::discard(town, files).await;
        }
        loop {
            let files = town.db().write(|tx| media::forget_copies(tx, PICTURES)).await?;
            if files.is_empty() {
                break;
            }
            media::discard(town, files).await;
        }
        preview_cards::clean(town).await?;
        // Looked for in a reading transaction: it takes long where somebody has many followers.
        for (host, account) in town.db().read(outbox::without_follower).await? {
            town.db().write(move |tx| outbox::close_without_follower(tx, &host, account)).await?;
        }
        // One transaction each, so that a long one holds up nobody.
        let topics: [fn(&mut Tx<'_>) -> DomainResult<usize>; 10] = [
            translations::forget,
            imports::forget,
            inbound::forget,
            streams::forget,
            |tx| sign_in::confirm::forget_unconfirmed(tx, SIGN_UPS).map(|forgotten| forgotten.len()),
            remote::gone::forget,
            |tx| outbox::forget_old(tx).map(|(activities, servers)| activities + servers),
            |tx| {
                let before = tx.now().minus(REPEATED);
                Ok(policy::forget_idempotent(tx, before)?)
            },
            |tx| {
                let now = tx.now();
                Ok(oauth::delete_old_codes(tx, now.minus(DAY))? + email_links::delete_expired(tx, now)?)
            },
            |tx| {
                let now = tx.now();
                Ok(sessions::delete_expired(tx, now)? + networks::forget(tx)?)
            },
        ];
        for forget in topics {
            town.db().write(forget).await?;
        }
        Ok(Next::Done)
    }
}
