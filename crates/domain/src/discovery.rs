//! Finding people: the directory, whom the town and one's acquaintances recommend, whom of one's acquaintances somebody is known to, known servers.
//! Nobody is found who does not want to be, and nothing here depends on how loud somebody is.

use std::collections::{HashMap, HashSet};

use parvis_model::ids::AccountId;
use parvis_store::{Conn, Tx, discovery as rows, policy as policy_rows};

pub use parvis_store::discovery::Order;

use crate::access::{self, Viewer};
use crate::accounts::find;
use crate::error::Result;
use crate::views::{self, AccountView};
use crate::{blocks, policy};

/// Entries of the directory that can be leafed through.
const DIRECTORY_MAX: i64 = 10_000;
/// Recommendations that are looked at for a page.
const CANDIDATES: i64 = 80;
/// Acquaintances that are shown for one account.
const ACQUAINTANCES: usize = 20;
/// Servers that are listed.
const HOSTS_MAX: i64 = 50_000;

/// Why somebody is recommended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The town recommends them.
    Featured,
    /// Those whom one follows follow them.
    FriendsOfFriends,
}

/// Somebody who is recommended.
#[derive(Clone, Debug)]
pub struct Suggestion {
    pub account: AccountView,
    pub sources: Vec<Source>,
}

/// Who of these may be shown as found: login open, active, not silenced, not of a blocked or silenced server, not moved; and for a viewer nobody whom they
/// block, mute or avoid, or who blocks them. In the order given.
fn presentable(c: &mut Conn, viewer: Viewer, ids: &[AccountId]) -> Result<Vec<AccountView>> {
    let found = views::of_accounts(c, ids)?;
    let rows: Vec<_> = found.iter().map(|v| (*v.account).clone()).collect();
    let open: HashSet<AccountId> = find::open_among(c, rows)?.into_iter().map(|a| a.id).collect();
    let hosts: HashSet<String> = found.iter().map(|v| v.account.host.clone()).collect();
    let (suspended, silenced) = policy::barred(c, &hosts)?;
    let unwanted: HashSet<AccountId> = match viewer {
        Some(viewer) => access::unwanted_among(c, viewer, ids)?,
        None => HashSet::new(),
    };
    Ok(found
        .into_iter()
        .filter(|v| {
            let (id, host) = (v.account.id, &v.account.host);
            v.account.is_active()
                && v.account.silenced_at.is_none()
                && v.account.is_discoverable
                && v.moved.is_none()
                && open.contains(&id)
                && !suspended.contains(host)
                && !silenced.contains(host)
                && !unwanted.contains(&id)
        })
        .collect())
}

/// A page of the directory. It may be shorter than `limit` when somebody on it is not for this viewer.
///
/// # Errors
/// Internal.
pub fn directory(
    c: &mut Conn,
    viewer: Viewer,
    order: Order,
    only_local: bool,
    offset: i64,
    limit: i64,
) -> Result<Vec<AccountView>> {
    if offset >= DIRECTORY_MAX {
        return Ok(Vec::new());
    }
    let ids = rows::directory(c, order, only_local, offset.max(0), limit)?;
    presentable(c, viewer, &ids)
}

/// Whom somebody may want to follow: what the town recommends first, then whom those follow whom they follow.
///
/// # Errors
/// Internal.
pub fn suggestions(c: &mut Conn, viewer: AccountId, limit: usize) -> Result<Vec<Suggestion>> {
    let mut sources: HashMap<AccountId, Vec<Source>> = HashMap::new();
    let mut order: Vec<AccountId> = Vec::new();
    let lists = [
        (Source::Featured, rows::picks(c, CANDIDATES)?),
        (Source::Featured, rows::departments(c, CANDIDATES)?),
        (Source::FriendsOfFriends, rows::friends_of_friends(c, viewer, CANDIDATES)?),
    ];
    for (source, list) in lists {
        for id in list.into_iter().filter(|id| *id != viewer) {
            let known = sources.entry(id).or_default();
            if known.is_empty() {
                order.push(id);
            }
            if !known.contains(&source) {
                known.push(source);
            }
        }
    }
    let dismissed: HashSet<AccountId> = rows::dismissed_among(c, viewer, &order)?.into_iter().collect();
    let followed: HashSet<AccountId> = blocks::relationships(c, viewer, &order)?
        .into_iter()
        .filter(|(_, tie)| tie.following || tie.requested)
        .map(|(id, _)| id)
        .collect();
    order.retain(|id| !dismissed.contains(id) && !followed.contains(id));
    let mut shown = presentable(c, Some(viewer), &order)?;
    shown.truncate(limit);
    Ok(shown
        .into_iter()
        .map(|account| Suggestion {
            sources: sources.remove(&account.account.id).unwrap_or_default(),
            account,
        })
        .collect())
}

/// Somebody does not want this recommendation. Twice is once.
///
/// # Errors
/// `NotFound`.
pub fn dismiss(tx: &mut Tx<'_>, viewer: AccountId, target: AccountId) -> Result<()> {
    access::account(tx, target)?;
    Ok(rows::dismiss(tx, viewer, target)?)
}

/// The town recommends an account, or no longer: for the operator.
///
/// # Errors
/// `NotFound`.
pub fn recommend(tx: &mut Tx<'_>, target: AccountId, is_recommended: bool) -> Result<()> {
    access::active_account(tx, target)?;
    if is_recommended {
        rows::pick(tx, target)?;
    } else {
        rows::unpick(tx, target)?;
    }
    Ok(())
}

/// For each of these accounts, in the order asked, who of those whom the viewer follows follows it.
///
/// # Errors
/// Internal.
pub fn familiar_followers(
    c: &mut Conn,
    viewer: AccountId,
    of: &[AccountId],
) -> Result<Vec<(AccountId, Vec<AccountView>)>> {
    let pairs = rows::familiar_followers(c, viewer, of, 2_000)?;
    let mut known: HashMap<AccountId, Vec<AccountId>> = HashMap::new();
    for (target, who) in pairs {
        let list = known.entry(target).or_default();
        if list.len() < ACQUAINTANCES {
            list.push(who);
        }
    }
    let everybody: Vec<AccountId> =
        known.values().flatten().copied().collect::<HashSet<_>>().into_iter().collect();
    let shown: HashMap<AccountId, AccountView> = views::of_accounts(c, &everybody)?
        .into_iter()
        .filter(|v| v.account.is_active())
        .map(|v| (v.account.id, v))
        .collect();
    let views_of = |id: &AccountId| {
        let list = known.get(id).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|who| shown.get(who).cloned()).collect()
    };
    Ok(of.iter().map(|id| (*id, views_of(id))).collect())
}

/// The servers that the town knows, blocked ones left out.
///
/// # Errors
/// Internal.
pub fn hosts(c: &mut Conn) -> Result<Vec<String>> {
    let all = rows::hosts(c, "", HOSTS_MAX)?;
    unblocked(c, all)
}

/// Known servers whose name begins so, at most `limit`.
///
/// # Errors
/// Internal.
pub fn hosts_beginning_with(c: &mut Conn, text: &str, limit: i64) -> Result<Vec<String>> {
    let prefix: String = text.trim().to_lowercase().chars().filter(|ch| *ch != '\0').take(253).collect();
    if prefix.is_empty() {
        return Ok(Vec::new());
    }
    let found = rows::hosts(c, &prefix, limit)?;
    unblocked(c, found)
}

/// The list of blocks is short; that of servers is not.
fn unblocked(c: &mut Conn, mut hosts: Vec<String>) -> Result<Vec<String>> {
    let blocked: HashSet<String> = policy_rows::domain_blocks(c)?
        .into_iter()
        .filter(|b| b.severity == policy::Severity::Suspend.as_str())
        .map(|b| b.host)
        .collect();
    hosts.retain(|host| !policy::with_parents(host).iter().any(|name| blocked.contains(name)));
    Ok(hosts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follows::{self, Wishes};
    use crate::testing::{Cost, Town, both, cost_of};

    /// A list as its route loads it: how many stand in it.
    type List = fn(&mut Conn, AccountId) -> Result<usize>;

    const LISTS: [List; 3] = [
        |c, viewer| Ok(directory(c, Some(viewer), Order::New, false, 0, 40)?.len()),
        |c, viewer| Ok(suggestions(c, viewer, 40)?.len()),
        |c, viewer| {
            let of: Vec<AccountId> = rows::directory(c, Order::New, true, 0, 40)?;
            Ok(familiar_followers(c, viewer, &of)?.iter().filter(|(_, known)| !known.is_empty()).count())
        },
    ];

    async fn measured(town: &Town, viewer: AccountId) -> Vec<(usize, Cost)> {
        let mut all = Vec::new();
        for list in LISTS {
            all.push(cost_of(town, move |c| list(c, viewer)).await);
        }
        all
    }

    #[tokio::test]
    async fn a_long_list_of_people_costs_as_many_statements_as_a_short_one() {
        both(|town| async move {
            let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
            town.write(move |tx| follows::follow(tx, ana, ben, &Wishes::default(), None)).await;
            let mut before = Vec::new();
            for (round, name) in ["c0", "c1", "c2", "c3", "c4", "c5"].into_iter().enumerate() {
                let one = town.resident(&format!("n{name}")).await;
                town.write(move |tx| follows::follow(tx, ben, one, &Wishes::default(), None)).await;
                if round == 0 {
                    before = measured(&town, ana).await;
                }
            }
            let after = measured(&town, ana).await;
            for ((few, cheap), (many, dear)) in before.into_iter().zip(after) {
                assert!(few >= 1 && many > few, "{few} and {many} entries show nothing");
                assert_eq!(cheap, dear, "{few} and {many} entries");
            }
        })
        .await;
    }
}
