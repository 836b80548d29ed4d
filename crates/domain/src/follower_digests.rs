//! Keeping two servers of one mind about who follows whom (FEP-8fcf). Each tells the other a digest of the followers that it believes are there; when the digests
//! differ, the list is asked for, and the followers' own server, which knows best, ends what is not so.
//!
//! Neighbours: `federation::synchrony` has the header and the collection. Deliberately not here: fetching.

use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_store::accounts::Account;
use parvis_store::{Conn, Tx, accounts, follows as rows, heads, jobs};

use crate::error::{OrNotFound, Result};
use crate::events::{Record, context_of, urls_of};
use crate::{follows, secrets};

/// The job that asks for the list.
pub const ASK: &str = "remote.followers";
/// Follows ended in one transaction; the next header says whether more are to end.
const ENDED_AT_ONCE: usize = 200;
/// Followers of one account on one server beyond which nothing is compared.
pub const MOST: i64 = 5_000;

/// The ids of those on a server (`https://away.example/`, with the slash) who follow an account, and whom the account lists. `None` when they are too many.
///
/// # Errors
/// Internal.
pub fn under(c: &mut Conn, of: AccountId, server: &str) -> Result<Option<Vec<(AccountId, String)>>> {
    let mut all = rows::followers_under(c, of, server, MOST + 1)?;
    // The database compares as it likes (case, wildcards); ids are texts.
    all.retain(|(_, uri)| uri.starts_with(server));
    all.sort_by(|a, b| a.1.cmp(&b.1));
    Ok((i64::try_from(all.len()).unwrap_or(i64::MAX) <= MOST).then_some(all))
}

/// The SHA-256 of each id, all XORed together, in hexadecimal digits; of nobody it is all zeros.
#[must_use]
pub fn digest<'a>(uris: impl IntoIterator<Item = &'a str>) -> String {
    let mut sum = [0_u8; 32];
    for uri in uris {
        let one = hex::decode(secrets::hash(uri)).unwrap_or_default();
        sum.iter_mut().zip(one).for_each(|(all, byte)| *all ^= byte);
    }
    hex::encode(sum)
}

/// The digest of those on a server who follow an account; `None` when they are too many. They are read once for all deliveries until somebody follows
/// the account or ends that.
///
/// # Errors
/// Internal.
pub fn digest_under(c: &mut Conn, of: AccountId, server: &str) -> Result<Option<String>> {
    let context = context_of(c)?;
    let Some(ties) = heads::ties_of(c, of)? else { return Ok(None) };
    // What this transaction changes may be taken back.
    let keeps = !c.is_writing();
    if keeps && let Some(known) = context.digests.get(of, server, ties) {
        return Ok(known);
    }
    let there = under(c, of, server)?;
    let digest = there.map(|there| digest(there.iter().map(|(_, uri)| uri.as_str())));
    if keeps {
        context.digests.keep(of, server, ties, digest.clone());
    }
    Ok(digest)
}

/// Whether another server believes something else about who follows `whom` from here.
///
/// # Errors
/// Internal.
pub fn differs(c: &mut Conn, whom: AccountId, base: &str, said: &str) -> Result<bool> {
    let ours = digest_under(c, whom, &format!("{base}/"))?;
    Ok(ours.is_some_and(|ours| ours != said.to_ascii_lowercase()))
}

/// Has the list asked for, in a job.
///
/// # Errors
/// Internal.
pub fn ask(tx: &mut Tx<'_>, whom: AccountId, url: &str) -> Result<()> {
    let payload = serde_json::json!({ "whom": whom.0, "url": url }).to_string();
    let now = tx.now();
    jobs::enqueue(tx, ASK, &payload, Some(&format!("{ASK}/{}", whom.0)), now)?;
    tx.notify("jobs", 0);
    Ok(())
}

/// The other server's list of those here who follow `whom` there. Who is not on it follows no longer; who is on it without following is taken off there by
/// an Undo; who still waits was let in.
///
/// # Errors
/// [`crate::Error::NotFound`] when the account is gone.
pub fn settle(tx: &mut Tx<'_>, whom: AccountId, listed: &[String]) -> Result<()> {
    let whom = accounts::by_id(tx, whom)?.filter(|a| !a.is_local() && a.is_active()).or_not_found()?;
    let base = urls_of(tx)?.base().to_owned();
    let Some(ours) = under(tx, whom.id, &format!("{base}/"))? else { return Ok(()) };
    for (who, _) in ours.iter().filter(|(_, uri)| !listed.contains(uri)).take(ENDED_AT_ONCE) {
        tracing::info!(whom = whom.id.0, who = who.0, "a follow ended that the other server does not know");
        follows::unfollow(tx, *who, whom.id)?;
    }
    let unknown: Vec<String> =
        listed.iter().filter(|uri| !ours.iter().any(|(_, known)| known == *uri)).cloned().collect();
    let known = if unknown.is_empty() { Vec::new() } else { accounts::by_uris(tx, &unknown)? };
    for who in known.into_iter().filter(Account::is_local) {
        disown(tx, &who, &whom)?;
    }
    Ok(())
}

/// Somebody here who is believed to follow somebody elsewhere.
fn disown(tx: &mut Tx<'_>, who: &Account, whom: &Account) -> Result<()> {
    if rows::between(tx, who.id, whom.id)?.is_some() {
        return follows::accept(tx, whom.id, who.id);
    }
    let urls = tx.context()?.urls.clone();
    let uri = urls.activity(&who.username, &format!("follows/{}", tx.new_id()));
    tx.record(Event::Unfollowed { follower: who.id, followee: whom.id, uri })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follows::Wishes;
    use crate::remote;
    use crate::testing::{both, somebody};

    #[test]
    fn fep_8fcf_the_digest_is_the_one_of_the_text() {
        let zeros = "0".repeat(64);
        assert_eq!(digest([]), zeros);
        // The example of the FEP.
        let uris = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"];
        assert_eq!(digest(uris), "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f");
        assert_eq!(digest([uris[0], uris[0]]), zeros, "the order does not matter, and twice is not at all");
    }

    #[tokio::test]
    async fn fep_8fcf_followers_are_read_once_until_one_comes_or_goes() {
        both(|town| async move {
            let ana = town.resident("ana").await;
            let bea = somebody("away.example", "bea");
            let bea = town.write(move |tx| remote::accounts::upsert(tx, &bea)).await;
            let server = "https://away.example/";
            let asked = async || {
                let ask = move |c: &mut Conn| digest_under(c, ana, server);
                town.db().counted_read(ask).await.unwrap()
            };
            let (nobody, one) = (digest([]), digest(["https://away.example/users/bea"]));
            for (expected, statements) in [(&nobody, 2), (&nobody, 1)] {
                assert_eq!(asked().await, (Some(expected.clone()), statements));
            }
            town.write(move |tx| follows::follow(tx, bea, ana, &Wishes::default(), None)).await;
            for (expected, statements) in [(&one, 2), (&one, 1)] {
                assert_eq!(asked().await, (Some(expected.clone()), statements));
            }
            let elsewhere = town.read(move |c| digest_under(c, ana, "https://other.example/")).await;
            assert_eq!(elsewhere, Some(nobody.clone()));
            town.write(move |tx| follows::unfollow(tx, bea, ana)).await;
            assert_eq!(asked().await, (Some(nobody.clone()), 2));
        })
        .await;
    }
}
