//! Telling people that follows of theirs ended, or lie still: the town blocks a server ([`later`], then a job), or suspends somebody of another one
//! ([`later_of`]), or they themselves avoid a server ([`own`]). They learn how many and with whom, as from Mastodon; lists of who it was are not kept.

use std::collections::BTreeMap;

use parvis_model::ids::AccountId;
use parvis_store::severances::{self as rows, Severance};
use parvis_store::{Tx, accounts, host_blocks, jobs};
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
/// The town suspends somebody of another server, who follows them no more.
const BY_SUSPENSION: &str = "account_suspension";
/// Characters of whom it was with.
const TARGET_MAX: usize = 253;

/// Who is told of which server: the people here after this id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    pub host: String,
    pub after: AccountId,
    /// Of this suspended account instead of a whole server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<AccountId>,
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
    let telling = Telling { host: host.to_owned(), after: AccountId(0), suspended: None };
    enqueue(tx, &telling, &format!("{TELL}/{host}"))
}

/// Leaves telling to the job, when the town suspends somebody of another server.
///
/// # Errors
/// Internal.
pub fn later_of(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let Some(host) = accounts::by_id(tx, account)?.map(|a| a.host).filter(|host| !host.is_empty()) else {
        return Ok(());
    };
    let telling = Telling { host, after: AccountId(0), suspended: Some(account) };
    enqueue(tx, &telling, &format!("{TELL}/{account}"))
}

fn enqueue(tx: &mut Tx<'_>, telling: &Telling, key: &str) -> Result<()> {
    let payload =
        serde_json::to_string(telling).map_err(|e| Error::internal(format!("a job's payload: {e}")))?;
    let now = tx.now();
    jobs::enqueue(tx, TELL, &payload, Some(key), now)?;
    tx.notify("jobs", 0);
    Ok(())
}

/// Tells up to `limit` people; who is told next, when there are more.
///
/// # Errors
/// Internal.
pub fn tell(tx: &mut Tx<'_>, telling: &Telling, limit: i64) -> Result<Option<Telling>> {
    if let Some(account) = telling.suspended {
        return tell_of_suspension(tx, telling, account, limit);
    }
    let Telling { host, after, .. } = telling;
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
    lost.retain(|id, _| end.is_none_or(|end| *id <= end));
    let lost: Vec<(AccountId, (i64, i64))> = lost.into_iter().collect();
    write(tx, BY_THE_TOWN, host, &lost)?;
    Ok(end.map(|after| Telling { after, ..telling.clone() }))
}

/// Tells up to `limit` people that somebody who was suspended follows them no more. Whom they follow themselves comes back when that is lifted, so it
/// is not told, as in Mastodon.
fn tell_of_suspension(
    tx: &mut Tx<'_>,
    telling: &Telling,
    account: AccountId,
    limit: i64,
) -> Result<Option<Telling>> {
    let Some(account) = accounts::by_id(tx, account)?.filter(|a| a.suspended_at.is_some()) else {
        return Ok(None);
    };
    let people = rows::followed_by(tx, account.id, telling.after, limit)?;
    let lost: Vec<(AccountId, (i64, i64))> = people.iter().map(|id| (*id, (1, 0))).collect();
    write(tx, BY_SUSPENSION, &account.acct(), &lost)?;
    let is_full = i64::try_from(people.len()).is_ok_and(|n| n >= limit);
    let end = people.last().copied().filter(|_| is_full);
    Ok(end.map(|after| Telling { after, ..telling.clone() }))
}

/// Tells somebody what ends because they avoid a server themselves.
///
/// # Errors
/// Internal.
pub fn own(tx: &mut Tx<'_>, who: AccountId, host: &str) -> Result<()> {
    let following = host_blocks::count_following(tx, who, host)?;
    let followers = host_blocks::count_followers(tx, who, host)?;
    write(tx, BY_THEMSELVES, host, &[(who, (followers, following))])
}

/// Tells people how many followers and followed ones they lost; two statements, however many people.
fn write(tx: &mut Tx<'_>, kind: &str, target: &str, lost: &[(AccountId, (i64, i64))]) -> Result<()> {
    let lost = lost.iter().filter(|(_, (followers, following))| followers + following > 0);
    let row = |(who, (followers, following)): &(AccountId, (i64, i64))| Severance {
        id: tx.new_id(),
        account_id: *who,
        kind: kind.to_owned(),
        target: target.chars().take(TARGET_MAX).collect(),
        followers: *followers,
        following: *following,
        created_at: tx.now(),
    };
    let written: Vec<Severance> = lost.map(row).collect();
    if written.is_empty() {
        return Ok(());
    }
    rows::insert(tx, &written)?;
    let told: Vec<(AccountId, i64)> = written.iter().map(|row| (row.account_id, row.id)).collect();
    notifications::tell_of_severances(tx, &told)
}

#[cfg(test)]
#[path = "severances_tests.rs"]
mod tests;
