//! Working through an import: some rows a run. Whatever a row is for is the same use case as in a client program; what a rule refuses fails that row
//! alone. With "overwrite", what is not in the file goes after everything in it was done.

use std::collections::HashSet;

use parvis_model::handle::Address;
use parvis_model::ids::AccountId;
use parvis_model::list::MEMBERS_MAX;
use parvis_model::refusal::Refusal;
use parvis_store::imports::{self as rows, DONE, FAILED, Import, Row};
use parvis_store::timelines::Range;
use parvis_store::{
    accounts, blocks as block_rows, follows as follow_rows, host_blocks as host_rows, lists as list_rows,
    reactions as reaction_rows, statuses,
};

use super::ROWS_MAX;
use super::format::{Kind, Options};
use crate::error::{Error, Result};
use crate::follows::{self, Wishes};
use crate::search::{self, Query};
use crate::{Town, Tx, blocks, host_blocks, lists, reactions};

/// Rows of one run; each may ask another server.
const BATCH: i64 = 20;
/// Relations of one transaction when what is not in the file goes.
const SWEPT: i64 = 50;

/// Does some rows of an import; `false` when it is finished (or gone).
///
/// # Errors
/// Internal.
pub async fn some(town: &Town, id: i64) -> Result<bool> {
    let (import, waiting) = town
        .db()
        .read(move |c| {
            let import = rows::by_id(c, id)?.filter(|i| i.finished_at.is_none());
            let owner = match &import {
                Some(import) => accounts::by_id(c, import.account_id)?.filter(accounts::Account::is_active),
                None => None,
            };
            let waiting = rows::waiting(c, id, BATCH)?;
            Ok::<_, Error>((import.filter(|_| owner.is_some()), waiting))
        })
        .await?;
    let Some((import, kind)) = import.and_then(|i| Kind::parse(&i.kind).map(|kind| (i, kind))) else {
        return Ok(false);
    };
    if waiting.is_empty() {
        return finish(town, import, kind).await;
    }
    for row in waiting {
        one(town, &import, kind, row).await?;
    }
    Ok(true)
}

/// What a row stands for, once it is found.
#[derive(Clone, Debug)]
enum Target {
    Account(AccountId),
    Host(String),
    Post(parvis_model::ids::StatusId),
}

async fn one(town: &Town, import: &Import, kind: Kind, row: Row) -> Result<()> {
    let target = find(town, import.account_id, kind, &row.target).await?;
    let (who, options) =
        (import.account_id, serde_json::from_str::<Options>(&row.options).unwrap_or_default());
    town.db()
        .write(move |tx| {
            let outcome = match &target {
                Some(target) => tx.attempt(|tx| apply(tx, who, kind, target, &options)),
                None => Err(Error::NotFound),
            };
            let state = match outcome {
                Ok(()) => DONE,
                Err(Error::Internal(inner)) => return Err(Error::Internal(inner)),
                Err(_) => FAILED,
            };
            Ok(rows::settle(tx, row.import_id, row.position, state)?)
        })
        .await
}

async fn find(town: &Town, who: AccountId, kind: Kind, text: &str) -> Result<Option<Target>> {
    match kind {
        Kind::Domains => Ok(Some(Target::Host(text.to_owned()))),
        Kind::Bookmarks => {
            let query =
                Query { text: text.to_owned(), resolves: true, statuses: true, limit: 1, ..Query::default() };
            let found = search::search(town, Some(who), query).await?;
            Ok(found.statuses.first().map(|view| Target::Post(view.status.id)))
        }
        Kind::Following | Kind::Blocking | Kind::Muting | Kind::Lists => {
            let Some(address) = Address::parse(text, town.urls().domain()) else { return Ok(None) };
            let found = search::by_address(town, address, true).await?;
            Ok(found.first().map(|view| Target::Account(view.account.id)))
        }
    }
}

fn apply(tx: &mut Tx<'_>, who: AccountId, kind: Kind, target: &Target, options: &Options) -> Result<()> {
    match (kind, target) {
        (Kind::Following, Target::Account(id)) => {
            let languages = options.languages.as_ref();
            let wishes = Wishes {
                shows_boosts: options.shows_boosts,
                notifies: options.notifies,
                languages: languages.map(|text| text.split_whitespace().map(str::to_owned).collect()),
            };
            follows::follow(tx, who, *id, &wishes, None).map(|_| ())
        }
        (Kind::Blocking, Target::Account(id)) => blocks::block(tx, who, *id, None),
        (Kind::Muting, Target::Account(id)) => {
            blocks::mute(tx, who, *id, options.hides_notifications.unwrap_or(true), None)
        }
        (Kind::Lists, Target::Account(id)) => {
            into_list(tx, who, options.list.as_deref().unwrap_or_default(), *id)
        }
        (Kind::Domains, Target::Host(host)) => host_blocks::block(tx, who, host),
        (Kind::Bookmarks, Target::Post(id)) => reactions::bookmark(tx, who, *id).map(|_| ()),
        _ => Err(Error::NotFound),
    }
}

/// Puts an account into one's list of that title, which is made when there is none. Only whom one follows, or asked to follow, can be in a list: so one
/// follows them first.
fn into_list(tx: &mut Tx<'_>, who: AccountId, title: &str, account: AccountId) -> Result<()> {
    let list = match lists::all(tx, who)?.into_iter().find(|list| list.title == title) {
        Some(list) => list,
        None => {
            let wanted = lists::Wanted { title: Some(title.to_owned()), ..lists::Wanted::default() };
            lists::create(tx, who, &wanted)?
        }
    };
    if account != who && follow_rows::between(tx, who, account)?.is_none() {
        follows::follow(tx, who, account, &Wishes::default(), None)?;
    }
    match lists::members::add(tx, who, list.id, &[account]) {
        // It is in it already.
        Err(Error::Invalid(problems)) if problems.iter().all(|p| p.refusal == Refusal::AlreadyThere) => {
            Ok(())
        }
        other => other,
    }
}

/// All rows are done: with "overwrite" the rest goes, some at a time; then it is finished.
async fn finish(town: &Town, import: Import, kind: Kind) -> Result<bool> {
    if import.is_overwriting {
        let most = i64::try_from(ROWS_MAX).unwrap_or(i64::MAX);
        let (id, who, domain) = (import.id, import.account_id, town.urls().domain().to_owned());
        let listed = town.db().read(move |c| Ok::<_, Error>(rows::targets(c, id, most)?)).await?;
        let kept: HashSet<String> =
            listed.iter().map(|(text, options)| comparable(kind, text, options, &domain)).collect();
        let mut below: Option<i64> = None;
        loop {
            let (kept, domain) = (kept.clone(), domain.clone());
            let range = Range { max: below, ..Range::newest(SWEPT) };
            match town.db().write(move |tx| sweep(tx, who, kind, range, &kept, &domain)).await? {
                Some(last) => below = Some(last),
                None => break,
            }
        }
    }
    town.db()
        .write(move |tx| {
            let now = tx.now();
            Ok::<_, Error>(rows::finish(tx, import.id, now)?)
        })
        .await?;
    Ok(false)
}

/// Addresses of this town are compared with their host, in lower case.
fn comparable(kind: Kind, text: &str, options: &str, domain: &str) -> String {
    let text = text.trim_start_matches('@').to_lowercase();
    let full = if text.contains('@') { text.clone() } else { format!("{text}@{domain}") };
    match kind {
        Kind::Following | Kind::Blocking | Kind::Muting => full,
        Kind::Lists => {
            let options = serde_json::from_str::<Options>(options).unwrap_or_default();
            format!("{}\n{full}", options.list.unwrap_or_default())
        }
        Kind::Domains | Kind::Bookmarks => text,
    }
}

/// Takes accounts that are not in the file out of one's lists, a list at a time, and lists that nobody is left in away.
fn sweep_lists(
    tx: &mut Tx<'_>,
    who: AccountId,
    range: Range,
    kept: &HashSet<String>,
    domain: &str,
) -> Result<Option<i64>> {
    let below = range.max.unwrap_or(i64::MAX);
    let mut all = lists::all(tx, who)?;
    all.sort_by_key(|list| std::cmp::Reverse(list.id));
    let Some(list) = all.into_iter().find(|list| list.id.0 < below) else { return Ok(None) };
    let members = list_rows::members(tx, list.id, Range::newest(MEMBERS_MAX))?;
    let ids: Vec<AccountId> = members.iter().map(|(_, id)| *id).collect();
    let is_kept = |account: &accounts::Account| {
        let host = if account.is_local() { domain } else { &account.host };
        kept.contains(&format!("{}\n{}@{host}", list.title, account.username_key))
    };
    let out: Vec<AccountId> =
        accounts::by_ids(tx, &ids)?.iter().filter(|account| !is_kept(account)).map(|a| a.id).collect();
    if out.len() == ids.len() {
        lists::delete(tx, who, list.id)?;
    } else if !out.is_empty() {
        lists::members::remove(tx, who, list.id, &out)?;
    }
    Ok(Some(list.id.0))
}

/// Takes away what is not in the file, of a page of one's list; where the next page goes on.
fn sweep(
    tx: &mut Tx<'_>,
    who: AccountId,
    kind: Kind,
    range: Range,
    kept: &HashSet<String>,
    domain: &str,
) -> Result<Option<i64>> {
    let now = tx.now();
    let page = match kind {
        Kind::Following => follow_rows::following(tx, who, range)?,
        Kind::Blocking => block_rows::blocked_by(tx, who, range)?,
        Kind::Muting => {
            let page = block_rows::muted_by(tx, who, now, range)?;
            page.into_iter().map(|m| (m.id, m.target_id)).collect()
        }
        Kind::Domains => {
            let page = host_rows::of_account(tx, who, range)?;
            for (_, host) in page.iter().filter(|(_, host)| !kept.contains(&host.to_lowercase())) {
                host_blocks::unblock(tx, who, host)?;
            }
            return Ok(page.last().map(|(n, _)| *n));
        }
        Kind::Lists => return sweep_lists(tx, who, range, kept, domain),
        Kind::Bookmarks => {
            let page = reaction_rows::bookmarked_by(tx, who, range)?;
            let ids: Vec<_> = page.iter().map(|(_, id)| *id).collect();
            for post in statuses::by_ids(tx, &ids)?.iter().filter(|s| !kept.contains(&s.uri.to_lowercase())) {
                match reactions::unbookmark(tx, who, post.id) {
                    // One that its owner may not see any more does no harm.
                    Ok(_) | Err(Error::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
            return Ok(page.last().map(|(n, _)| *n));
        }
    };
    let ids: Vec<AccountId> = page.iter().map(|(_, id)| *id).collect();
    for account in accounts::by_ids(tx, &ids)? {
        let host = if account.is_local() { domain } else { &account.host };
        if kept.contains(&format!("{}@{host}", account.username_key)) {
            continue;
        }
        match kind {
            Kind::Following => follows::unfollow(tx, who, account.id)?,
            Kind::Blocking => blocks::unblock(tx, who, account.id)?,
            _ => blocks::unmute(tx, who, account.id)?,
        }
    }
    Ok(page.last().map(|(n, _)| *n))
}
