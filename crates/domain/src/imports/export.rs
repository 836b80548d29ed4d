//! One's own lists as files, a page of rows at a time, so that a long list needs no long transaction.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::list::{LISTS_MAX, MEMBERS_MAX};
use parvis_store::blocks::{self, Mute};
use parvis_store::follows::Follow;
use parvis_store::timelines::Range;
use parvis_store::{Conn, accounts, follows, host_blocks, lists, reactions, statuses};

use super::format::{self, Kind};
use crate::Town;
use crate::error::{Error, Result};

/// Rows loaded at once.
const PAGE: i64 = 500;
/// Rows of one file.
const MOST: usize = 100_000;

/// The file.
///
/// # Errors
/// Internal.
pub async fn file(town: &Town, who: AccountId, kind: Kind) -> Result<String> {
    let mut all: Vec<Vec<String>> = Vec::new();
    if !kind.header().is_empty() {
        all.push(kind.header().iter().map(|name| (*name).to_owned()).collect());
    }
    let domain = town.urls().domain().to_owned();
    let mut below: Option<i64> = None;
    loop {
        let own = domain.clone();
        let range = Range { max: below, ..Range::newest(PAGE) };
        let (rows, last) = town.db().read(move |c| page(c, who, kind, range, &own)).await?;
        all.extend(rows);
        match last {
            Some(last) if all.len() < MOST => below = Some(last),
            _ => return Ok(format::write(&all)),
        }
    }
}

/// Rows of a page, and where the next one goes on.
type Page = (Vec<Vec<String>>, Option<i64>);

fn page(c: &mut Conn, who: AccountId, kind: Kind, range: Range, domain: &str) -> Result<Page> {
    let page: Vec<(i64, AccountId)> = match kind {
        Kind::Following => follows::following(c, who, range)?,
        Kind::Blocking => blocks::blocked_by(c, who, range)?,
        Kind::Muting => {
            let now = c.now();
            blocks::muted_by(c, who, now, range)?.into_iter().map(|m| (m.id, m.target_id)).collect()
        }
        Kind::Domains => {
            let found = host_blocks::of_account(c, who, range)?;
            let last = found.last().map(|(n, _)| *n);
            return Ok((found.into_iter().map(|(_, host)| vec![host]).collect(), last));
        }
        Kind::Bookmarks => return bookmarks(c, who, range),
        Kind::Lists => return one_list(c, who, range, domain),
    };
    let ids: Vec<AccountId> = page.iter().map(|(_, id)| *id).collect();
    let known = accounts::by_ids(c, &ids)?;
    let wishes: Vec<Follow> = if kind == Kind::Following { follows::with(c, who, &ids)? } else { Vec::new() };
    let now = c.now();
    let mutes: Vec<Mute> =
        if kind == Kind::Muting { blocks::mutes_of(c, who, &ids, now)? } else { Vec::new() };
    let rows = ids.iter().filter_map(|id| {
        let account = known.iter().find(|a| a.id == *id && a.gone_at.is_none())?;
        let host = if account.is_local() { domain } else { &account.host };
        let mut row = vec![format!("{}@{host}", account.username)];
        if let Some(follow) = wishes.iter().find(|f| f.follower_id == who && f.followee_id == *id) {
            let languages = follow.languages.replace(' ', ", ");
            row.extend([follow.shows_boosts.to_string(), follow.notifies.to_string(), languages]);
        }
        if let Some(mute) = mutes.iter().find(|m| m.target_id == *id) {
            row.push(mute.hides_notifications.to_string());
        }
        Some(row)
    });
    Ok((rows.collect(), page.last().map(|(n, _)| *n)))
}

fn bookmarks(c: &mut Conn, who: AccountId, range: Range) -> Result<Page> {
    let page = reactions::bookmarked_by(c, who, range)?;
    let ids: Vec<_> = page.iter().map(|(_, status)| *status).collect();
    let known = statuses::by_ids(c, &ids)?;
    let uri = |id: StatusId| known.iter().find(|s| s.id == id).map(|s| vec![s.uri.clone()]);
    Ok((ids.iter().filter_map(|id| uri(*id)).collect(), page.last().map(|(n, _)| *n)))
}

/// The accounts of one list, and the list to go on below; from the latest list to the first.
fn one_list(c: &mut Conn, who: AccountId, range: Range, domain: &str) -> Result<Page> {
    let below = range.max.unwrap_or(i64::MAX);
    let mut all = lists::of_owner(c, who, LISTS_MAX)?;
    all.sort_by_key(|list| std::cmp::Reverse(list.id));
    let Some(list) = all.into_iter().find(|list| list.id.0 < below) else { return Ok((Vec::new(), None)) };
    let members = lists::members(c, list.id, Range::newest(MEMBERS_MAX))?;
    let ids: Vec<AccountId> = members.iter().map(|(_, id)| *id).collect();
    let rows = accounts::by_ids(c, &ids)?.into_iter().filter(|a| a.gone_at.is_none()).map(|account| {
        let host = if account.is_local() { domain.to_owned() } else { account.host };
        vec![list.title.clone(), format!("{}@{host}", account.username)]
    });
    Ok((rows.collect(), Some(list.id.0)))
}

/// How long each of one's lists is, in the order of [`Kind::ALL`], at most 1,000 counted of each but the follows.
///
/// # Errors
/// Internal.
pub fn counts(c: &mut Conn, who: AccountId) -> Result<[i64; 6]> {
    let now = c.now();
    let range = Range::newest(1_000);
    let length = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let following = follows::profile_counts(c, &[who])?.get(&who).map_or(0, |n| n.following);
    Ok::<_, Error>([
        following,
        lists::count_of_owner(c, who)?,
        length(blocks::blocked_by(c, who, range)?.len()),
        length(blocks::muted_by(c, who, now, range)?.len()),
        host_blocks::count(c, who)?,
        length(reactions::bookmarked_by(c, who, range)?.len()),
    ])
}
