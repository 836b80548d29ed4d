//! Keeping two servers of one mind about who follows whom (FEP-8fcf). Each tells the other a digest of the followers that it believes are there; when the digests
//! differ, the list is asked for, and the followers' own server, which knows best, ends what is not so.
//!
//! Neighbours: `federation::synchrony` has the header and the collection. Deliberately not here: fetching.

use parvis_model::event::Event;
use parvis_model::ids::AccountId;
use parvis_store::accounts::Account;
use parvis_store::{Conn, Tx, accounts, follows as rows, jobs};

use crate::error::{OrNotFound, Result};
use crate::events::{Record, urls_of};
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

/// Whether another server believes something else about who follows `whom` from here.
///
/// # Errors
/// Internal.
pub fn differs(c: &mut Conn, whom: AccountId, base: &str, said: &str) -> Result<bool> {
    let ours = under(c, whom, &format!("{base}/"))?;
    Ok(ours.is_some_and(|ours| digest(ours.iter().map(|(_, uri)| uri.as_str())) != said.to_ascii_lowercase()))
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

    #[test]
    fn fep_8fcf_the_digest_is_the_one_of_the_text() {
        let zeros = "0".repeat(64);
        assert_eq!(digest([]), zeros);
        // The example of the FEP.
        let uris = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"];
        assert_eq!(digest(uris), "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f");
        assert_eq!(digest([uris[0], uris[0]]), zeros, "the order does not matter, and twice is not at all");
    }
}
