//! Telling people that follows of theirs ended, or lie still, because of a server: the town blocks it ([`later`], then a job), or they themselves avoid it
//! ([`own`]). They learn how many and with which server, as from Mastodon; lists of who it was are not kept.

use std::collections::BTreeMap;

use parvis_model::ids::AccountId;
use parvis_store::severances::{self as rows, Severance};
use parvis_store::{Tx, host_blocks, jobs};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::notifications;
use crate::policy::{self, EVERYBODY};

/// The job that tells people of a server that the town blocks.
pub const TELL: &str = "severances.tell";
/// The town blocks it.
const BY_THE_TOWN: &str = "domain_block";
/// They avoid it.
const BY_THEMSELVES: &str = "user_domain_block";

/// Who is told of which server: the people here after this id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    pub host: String,
    pub after: AccountId,
}

/// Leaves telling to the job, when the town shuts out one more server. Shutting out everybody that is not allowed is told to nobody: that is how the
/// town is, no event.
///
/// # Errors
/// Internal.
pub fn later(tx: &mut Tx<'_>, host: &str) -> Result<()> {
    if host == EVERYBODY {
        return Ok(());
    }
    let telling = Telling { host: host.to_owned(), after: AccountId(0) };
    let payload =
        serde_json::to_string(&telling).map_err(|e| Error::internal(format!("a job's payload: {e}")))?;
    let (now, key) = (tx.now(), format!("{TELL}/{host}"));
    jobs::enqueue(tx, TELL, &payload, Some(&key), now)?;
    tx.notify("jobs", 0);
    Ok(())
}

/// Tells up to `limit` people; who is told next, when there are more.
///
/// # Errors
/// Internal.
pub fn tell(tx: &mut Tx<'_>, telling: &Telling, limit: i64) -> Result<Option<Telling>> {
    let Telling { host, after } = telling;
    // Lifted meanwhile: nothing ended.
    if !policy::is_suspended(tx, host)? {
        return Ok(None);
    }
    let followers = rows::followers_from(tx, host, *after, limit)?;
    let following = rows::following_to(tx, host, *after, limit)?;
    let is_full = |list: &[(AccountId, i64)]| i64::try_from(list.len()).is_ok_and(|n| n >= limit);
    // Above the end of a full list something may be missing in it.
    let ends = [&followers, &following].into_iter().filter(|l| is_full(l)).filter_map(|l| l.last());
    let end = ends.map(|(id, _)| *id).min();
    let mut lost: BTreeMap<AccountId, (i64, i64)> = BTreeMap::new();
    for (id, count) in followers {
        lost.entry(id).or_default().0 = count;
    }
    for (id, count) in following {
        lost.entry(id).or_default().1 = count;
    }
    for (id, counts) in lost.into_iter().filter(|(id, _)| end.is_none_or(|end| *id <= end)) {
        write(tx, id, BY_THE_TOWN, host, counts)?;
    }
    Ok(end.map(|after| Telling { host: host.clone(), after }))
}

/// Tells somebody what ends because they avoid a server themselves.
///
/// # Errors
/// Internal.
pub fn own(tx: &mut Tx<'_>, who: AccountId, host: &str) -> Result<()> {
    let following = host_blocks::count_following(tx, who, host)?;
    let followers = host_blocks::count_followers(tx, who, host)?;
    write(tx, who, BY_THEMSELVES, host, (followers, following))
}

fn write(tx: &mut Tx<'_>, who: AccountId, kind: &str, host: &str, lost: (i64, i64)) -> Result<()> {
    let (followers, following) = lost;
    if followers + following == 0 {
        return Ok(());
    }
    let row = Severance {
        id: tx.new_id(),
        account_id: who,
        kind: kind.to_owned(),
        target: host.to_owned(),
        followers,
        following,
        created_at: tx.now(),
    };
    rows::insert(tx, &row)?;
    notifications::tell_of_severance(tx, who, row.id)
}

#[cfg(test)]
#[path = "severances_tests.rs"]
mod tests;
