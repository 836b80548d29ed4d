//! Notifications that show as one: "Ana and 12 others like your post". What belongs together is decided when a notification is written
//! (`model::notification::group_key`); a group is shown by its latest, and each shows once, however it is paged.

use std::collections::{HashMap, HashSet};

use parvis_model::ids::{AccountId, NotificationId, StatusId};
use parvis_model::notification::NotificationKind;
use parvis_store::notifications::{self as rows, Filter, Notification};
use parvis_store::severances::Severance;
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx};

use super::{Papers, last_read};
use crate::error::{Error, Result};
use crate::views::{self, AccountView, Place, ReportView, StatusView, StrikeView};

/// Accounts that a group shows.
const SAMPLE: usize = 8;
/// In front of the id of a notification that shows alone.
const ALONE: &str = "ungrouped-";

/// One or several notifications that show as one.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its key as clients see it.
    pub key: String,
    pub kind: NotificationKind,
    /// How many.
    pub count: usize,
    /// The latest.
    pub head: Notification,
    /// On a page: the first of them that is not below the page. Programs go on from the last group's, and must not skip what stands between.
    pub page_oldest: Option<NotificationId>,
    /// Who did it, the latest first.
    pub from: Vec<AccountId>,
    /// Of `admin.report`.
    pub report: Option<ReportView>,
    /// Of `moderation_warning`.
    pub strike: Option<StrikeView>,
    /// Of `severed_relationships`.
    pub severance: Option<Severance>,
}

/// Groups with what they show, each account and post once.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    pub groups: Vec<Group>,
    pub accounts: Vec<AccountView>,
    pub statuses: Vec<StatusView>,
    /// The ids at the ends of the page, also where what stood there is gone.
    pub ends: Option<(i64, i64)>,
}

/// A page of groups. `grouped` are the kinds that the asking program shows as groups; `None` is all that can be.
///
/// # Errors
/// Internal.
pub fn page(
    c: &mut Conn,
    owner: AccountId,
    filter: &Filter,
    grouped: Option<&[NotificationKind]>,
    range: Range,
) -> Result<Groups> {
    let grouped = words(grouped);
    let heads = rows::heads(c, owner, filter, &grouped, range)?;
    let Some(ends) = heads.first().zip(heads.last()).map(|(first, last)| (first.id.0, last.id.0)) else {
        return Ok(Groups::default());
    };
    let keys: Vec<String> =
        heads.iter().filter(|h| is_grouped(h, &grouped)).map(|h| h.group_key.clone()).collect();
    let mut members: HashMap<String, Vec<Notification>> = HashMap::new();
    if !keys.is_empty() {
        for row in rows::of_groups(c, owner, &keys)? {
            members.entry(row.group_key.clone()).or_default().push(row);
        }
    }
    let is_last = range.min.is_none() && i64::try_from(heads.len()).is_ok_and(|n| n < range.limit);
    let bottom = if is_last { range.since.unwrap_or_default().saturating_add(1) } else { ends.1 };
    let groups = heads
        .iter()
        .filter_map(|head| {
            let alone = std::slice::from_ref(head);
            let all =
                if is_grouped(head, &grouped) { members.get(&head.group_key)?.as_slice() } else { alone };
            group(all, is_grouped(head, &grouped), Some(NotificationId(bottom)))
        })
        .collect();
    with_views(c, owner, groups, Some(ends))
}

fn words(grouped: Option<&[NotificationKind]>) -> Vec<String> {
    let kinds = grouped.unwrap_or(&NotificationKind::ALL);
    kinds.iter().filter(|k| k.is_groupable()).map(|k| k.as_str().to_owned()).collect()
}

fn is_grouped(row: &Notification, grouped: &[String]) -> bool {
    !row.group_key.is_empty() && grouped.contains(&row.kind)
}

/// Rows of one group, the latest first; `bottom` is the lowest id of the page on which it stands.
fn group(all: &[Notification], is_grouped: bool, bottom: Option<NotificationId>) -> Option<Group> {
    let head = all.first()?;
    Some(Group {
        key: if is_grouped { head.group_key.clone() } else { format!("{ALONE}{}", head.id) },
        kind: NotificationKind::parse(&head.kind)?,
        count: all.len(),
        page_oldest: bottom
            .map(|low| all.iter().map(|n| n.id).filter(|id| *id >= low).min().unwrap_or(head.id)),
        from: all.iter().map(|n| n.from_account_id).take(SAMPLE).collect(),
        head: head.clone(),
        report: None,
        strike: None,
        severance: None,
    })
}

/// Gives groups their accounts, posts and papers; one whose post its owner cannot see any more, or all of whose people are gone, is left out.
fn with_views(
    c: &mut Conn,
    owner: AccountId,
    mut groups: Vec<Group>,
    ends: Option<(i64, i64)>,
) -> Result<Groups> {
    let mut seen = HashSet::new();
    let from: Vec<AccountId> =
        groups.iter().flat_map(|g| g.from.clone()).filter(|a| seen.insert(*a)).collect();
    let mut seen = HashSet::new();
    let posts: Vec<StatusId> =
        groups.iter().filter_map(|g| g.head.status_id).filter(|s| seen.insert(*s)).collect();
    let mut accounts = views::of_accounts(c, &from)?;
    let mut statuses = views::of_statuses(c, Some(owner), &posts, Place::Elsewhere)?;
    let people: HashSet<AccountId> = accounts.iter().map(|a| a.account.id).collect();
    let shown: HashSet<StatusId> = statuses.iter().map(|s| s.status.id).collect();
    let papers = Papers::of(c, groups.iter().map(|g| &g.head))?;
    for group in &mut groups {
        group.from.retain(|a| people.contains(a));
        group.report = papers.report(&group.head);
        group.strike = papers.strike(&group.head);
        group.severance = papers.severance(&group.head);
    }
    groups.retain(|g| !g.from.is_empty() && g.head.status_id.is_none_or(|s| shown.contains(&s)));
    let used: HashSet<AccountId> = groups.iter().flat_map(|g| g.from.clone()).collect();
    let about: HashSet<StatusId> = groups.iter().filter_map(|g| g.head.status_id).collect();
    accounts.retain(|a| used.contains(&a.account.id));
    statuses.retain(|s| about.contains(&s.status.id));
    Ok(Groups { groups, accounts, statuses, ends })
}

/// All notifications of a group by its key as clients see it, the latest first.
fn rows_of(c: &mut Conn, owner: AccountId, key: &str) -> Result<(Vec<Notification>, bool)> {
    let (found, is_grouped) = match key.strip_prefix(ALONE) {
        Some(id) => {
            let id = id.parse().map_err(|_| Error::NotFound)?;
            (rows::of_owner(c, owner, id)?.into_iter().collect(), false)
        }
        None if key.is_empty() => (Vec::new(), true),
        None => (rows::of_groups(c, owner, &[key.to_owned()])?, true),
    };
    if found.is_empty() { Err(Error::NotFound) } else { Ok((found, is_grouped)) }
}

/// One group.
///
/// # Errors
/// [`Error::NotFound`].
pub fn one(c: &mut Conn, owner: AccountId, key: &str) -> Result<Groups> {
    let (found, is_grouped) = rows_of(c, owner, key)?;
    let groups = with_views(c, owner, group(&found, is_grouped, None).into_iter().collect(), None)?;
    if groups.groups.is_empty() { Err(Error::NotFound) } else { Ok(groups) }
}

/// Who is in a group, the latest first, with the notifications by whose ids the list is paged. A group is bounded, so the page is cut here.
///
/// # Errors
/// [`Error::NotFound`].
pub fn accounts(c: &mut Conn, owner: AccountId, key: &str, range: Range) -> Result<Vec<(i64, AccountView)>> {
    let mut seen = HashSet::new();
    let (found, _) = rows_of(c, owner, key)?;
    let all = found.into_iter().map(|n| (n.id.0, n.from_account_id)).filter(|(_, a)| seen.insert(*a));
    let above = range.min.or(range.since);
    let mut page: Vec<(i64, AccountId)> = all
        .filter(|(id, _)| range.max.is_none_or(|max| *id < max) && above.is_none_or(|low| *id > low))
        .collect();
    let limit = usize::try_from(range.limit).unwrap_or(0);
    if range.is_upwards() {
        page.drain(..page.len().saturating_sub(limit));
    }
    page.truncate(limit);
    let shown = views::of_accounts(c, &page.iter().map(|(_, account)| *account).collect::<Vec<_>>())?;
    Ok(page
        .iter()
        .filter_map(|(id, account)| Some((*id, shown.iter().find(|v| v.account.id == *account)?.clone())))
        .collect())
}

/// Forgets a group.
///
/// # Errors
/// [`Error::NotFound`].
pub fn dismiss(tx: &mut Tx<'_>, owner: AccountId, key: &str) -> Result<()> {
    let gone: Vec<NotificationId> = rows_of(tx, owner, key)?.0.into_iter().map(|n| n.id).collect();
    Ok(rows::dismiss_many(tx, owner, &gone).map(|_| ())?)
}

/// How many groups have something unread, at most `limit`.
///
/// # Errors
/// Internal.
pub fn count_unread(
    c: &mut Conn,
    owner: AccountId,
    filter: &Filter,
    grouped: Option<&[NotificationKind]>,
    limit: i64,
) -> Result<i64> {
    let read = last_read(c, owner)?;
    let range = Range { since: Some(read), ..Range::newest(limit) };
    let heads = rows::heads(c, owner, filter, &words(grouped), range)?;
    Ok(i64::try_from(heads.len()).unwrap_or(limit))
}
