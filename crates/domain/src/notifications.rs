//! What people are told: written as events happen, read by the client API and the stream. A listener of `server::wire`.

use std::collections::HashSet;

use parvis_model::account::Role;
use parvis_model::event::Event;
use parvis_model::ids::{AccountId, NotificationId, ReportId, StatusId, StrikeId};
use parvis_model::notification::NotificationKind;
use parvis_model::permission::Permission;
use parvis_store::notifications::{self as rows, Filter, Notification};
use parvis_store::timelines::Range;
use parvis_store::{
    Conn, Tx, accounts, blocks, host_blocks, logins, reports, status_parts, statuses, thread_mutes,
};

use crate::error::Result;
use crate::push;
use crate::quotes;
use crate::views::{self, AccountView, Place, ReportView, StatusView, StrikeView};

/// One thing told, with what it is about.
#[derive(Clone, Debug)]
pub struct NotificationView {
    pub row: Notification,
    pub kind: NotificationKind,
    pub from: AccountView,
    pub status: Option<StatusView>,
    /// Of `admin.report`.
    pub report: Option<ReportView>,
    /// Of `moderation_warning`.
    pub strike: Option<StrikeView>,
}

/// Writes what an event gives people to know.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::StatusPublished { id, author } => published(tx, *id, *author),
        Event::StatusEdited { id, author } => {
            mentioned(tx, *id, *author)?;
            quoting(tx, *id, *author)
        }
        Event::QuoteAccepted { status, by } => quoted(tx, *status, *by),
        Event::Favourited { status, by } => about_post(tx, NotificationKind::Favourite, *status, *by),
        Event::FavouriteUndone { status, by, .. } => {
            Ok(rows::withdraw(tx, &key(NotificationKind::Favourite, *by, Some(*status), None))?)
        }
        Event::PollEnded { poll, status, author, told } => {
            for to in told {
                let key = format!("{}/{poll}/{to}", NotificationKind::Poll.as_str());
                write(tx, *to, NotificationKind::Poll, *author, Some(*status), key)?;
            }
            Ok(())
        }
        Event::FollowRequested { follower, followee, .. } => {
            tell(tx, *followee, NotificationKind::FollowRequest, *follower, None)
        }
        Event::FollowAccepted { follower, followee, .. } => {
            rows::withdraw(tx, &key(NotificationKind::FollowRequest, *follower, None, Some(*followee)))?;
            tell(tx, *followee, NotificationKind::Follow, *follower, None)
        }
        Event::Unfollowed { follower, followee, .. } | Event::FollowRejected { follower, followee, .. } => {
            rows::withdraw(tx, &key(NotificationKind::FollowRequest, *follower, None, Some(*followee)))?;
            Ok(rows::withdraw(tx, &key(NotificationKind::Follow, *follower, None, Some(*followee)))?)
        }
        Event::Reported { report } => reported(tx, *report),
        Event::Warned { strike, account } => warned(tx, *strike, *account),
        _ => Ok(()),
    }
}

/// Tells those who look after reports of a new one; mutes and blocks do not hide it.
fn reported(tx: &mut Tx<'_>, id: ReportId) -> Result<()> {
    let Some(report) = reports::by_id(tx, id)? else { return Ok(()) };
    for (to, role) in logins::staff(tx)? {
        let may = Role::parse(&role).is_some_and(|r| r.may(Permission::ManageReports));
        if may && to != report.account_id && to != report.target_id {
            let unique_key = format!("admin.report/{id}/{to}");
            let kind = NotificationKind::AdminReport;
            insert(tx, to, kind, report.account_id, unique_key, |row| row.report_id = Some(id))?;
        }
    }
    Ok(())
}

/// Tells somebody what was decided about them. It comes from nobody in particular, which Mastodon shows as themselves.
fn warned(tx: &mut Tx<'_>, id: StrikeId, to: AccountId) -> Result<()> {
    let unique_key = format!("moderation_warning/{id}");
    insert(tx, to, NotificationKind::ModerationWarning, to, unique_key, |row| row.strike_id = Some(id))
}

/// What makes a notification the same one.
fn key(kind: NotificationKind, from: AccountId, status: Option<StatusId>, to: Option<AccountId>) -> String {
    format!(
        "{}/{from}/{}/{}",
        kind.as_str(),
        status.map(|s| s.to_string()).unwrap_or_default(),
        to.map(|t| t.to_string()).unwrap_or_default()
    )
}

fn published(tx: &mut Tx<'_>, id: StatusId, author: AccountId) -> Result<()> {
    let Some(status) = statuses::by_id(tx, id)? else { return Ok(()) };
    match status.boost_of_id {
        Some(original) => about_post(tx, NotificationKind::Reblog, original, author),
        None => mentioned(tx, id, author),
    }
}

/// Tells the author of a post what somebody did with it.
fn about_post(tx: &mut Tx<'_>, kind: NotificationKind, status: StatusId, by: AccountId) -> Result<()> {
    let Some(post) = statuses::by_id(tx, status)?.filter(|s| s.is_local) else { return Ok(()) };
    write(tx, post.account_id, kind, by, Some(status), key(kind, by, Some(status), None))
}

fn mentioned(tx: &mut Tx<'_>, id: StatusId, author: AccountId) -> Result<()> {
    for mention in status_parts::mentions_of(tx, &[id])?.into_iter().filter(|m| m.host.is_empty()) {
        tell(tx, mention.account_id, NotificationKind::Mention, author, Some(id))?;
    }
    Ok(())
}

/// Tells somebody that their post is quoted.
fn quoted(tx: &mut Tx<'_>, status: StatusId, by: AccountId) -> Result<()> {
    match quotes::of_quoting(tx, status)?.and_then(|quote| quote.quoted_account_id) {
        Some(author) => tell(tx, author, NotificationKind::Quote, by, Some(status)),
        None => Ok(()),
    }
}

/// Tells those here who quote a post that it is another one now; once for each change.
fn quoting(tx: &mut Tx<'_>, id: StatusId, author: AccountId) -> Result<()> {
    let Some(post) = statuses::by_id(tx, id)? else { return Ok(()) };
    for to in quotes::local_quoters(tx, id)? {
        let kind = NotificationKind::QuotedUpdate;
        let unique_key = format!("{}/{}", key(kind, author, Some(id), Some(to)), post.version);
        write(tx, to, kind, author, Some(id), unique_key)?;
    }
    Ok(())
}

/// Tells a follower with the bell of a new post; called by the home fan-out.
///
/// # Errors
/// Internal.
pub(crate) fn tell_of_post(tx: &mut Tx<'_>, to: AccountId, author: AccountId, id: StatusId) -> Result<()> {
    tell(tx, to, NotificationKind::Status, author, Some(id))
}

fn tell(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<StatusId>,
) -> Result<()> {
    write(tx, to, kind, from, status, key(kind, from, status, Some(to)))
}

fn write(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    status: Option<StatusId>,
    unique_key: String,
) -> Result<()> {
    // The end of a poll is news to its author, too.
    let is_own_doing = to == from && kind != NotificationKind::Poll;
    if is_own_doing || !accounts::by_id(tx, to)?.is_some_and(|a| a.is_local() && a.is_active()) {
        return Ok(());
    }
    let Some(teller) = accounts::by_id(tx, from)? else { return Ok(()) };
    if !host_blocks::among(tx, to, &[teller.host])?.is_empty() {
        return Ok(());
    }
    if let Some(status) = status
        && thread_mutes::is_muted(tx, to, status)?
    {
        return Ok(());
    }
    let now = tx.now();
    let is_muted = blocks::mutes_of(tx, to, &[from], now)?.first().is_some_and(|m| m.hides_notifications);
    if is_muted || blocks::is_between(tx, to, from)? {
        return Ok(());
    }
    insert(tx, to, kind, from, unique_key, |row| row.status_id = status)
}

fn insert(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    unique_key: String,
    about: impl Fn(&mut Notification),
) -> Result<()> {
    let id = NotificationId(tx.new_id());
    let mut row = Notification {
        id,
        account_id: to,
        kind: kind.as_str().to_owned(),
        from_account_id: from,
        status_id: None,
        unique_key,
        created_at: tx.now(),
        report_id: None,
        strike_id: None,
    };
    about(&mut row);
    if rows::insert(tx, &row)? {
        tx.notify("notification", id.0);
        push::enqueue(tx, to, id, kind, from)?;
    }
    Ok(())
}

/// A page of what somebody was told; kinds that no longer have their post or person are left out.
///
/// # Errors
/// Internal.
pub fn page(c: &mut Conn, owner: AccountId, filter: &Filter, range: Range) -> Result<Vec<NotificationView>> {
    let found = rows::page(c, owner, filter, range)?;
    with_views(c, owner, found)
}

/// One thing somebody was told.
///
/// # Errors
/// Internal.
pub fn one(c: &mut Conn, owner: AccountId, id: NotificationId) -> Result<Option<NotificationView>> {
    let found = rows::of_owner(c, owner, id)?.into_iter().collect();
    Ok(with_views(c, owner, found)?.pop())
}

fn with_views(c: &mut Conn, owner: AccountId, found: Vec<Notification>) -> Result<Vec<NotificationView>> {
    let from: Vec<AccountId> =
        found.iter().map(|n| n.from_account_id).collect::<HashSet<_>>().into_iter().collect();
    let posts: Vec<StatusId> =
        found.iter().filter_map(|n| n.status_id).collect::<HashSet<_>>().into_iter().collect();
    let people = views::of_accounts(c, &from)?;
    let shown = views::of_statuses(c, Some(owner), &posts, Place::Elsewhere)?;
    let reports: Vec<ReportId> = found.iter().filter_map(|n| n.report_id).collect();
    let strikes: Vec<StrikeId> = found.iter().filter_map(|n| n.strike_id).collect();
    let reports = views::of_reports(c, &reports)?;
    let strikes = views::of_strikes(c, &strikes)?;
    Ok(found
        .into_iter()
        .filter_map(|row| {
            let status = match row.status_id {
                Some(id) => Some(shown.iter().find(|v| v.status.id == id)?.clone()),
                None => None,
            };
            Some(NotificationView {
                kind: NotificationKind::parse(&row.kind)?,
                from: people.iter().find(|p| p.account.id == row.from_account_id)?.clone(),
                status,
                report: row.report_id.and_then(|id| reports.iter().find(|r| r.report.id == id).cloned()),
                strike: row.strike_id.and_then(|id| strikes.iter().find(|s| s.strike.id == id).cloned()),
                row,
            })
        })
        .collect())
}

/// Who was told: for the streams, which hear ids only.
///
/// # Errors
/// Internal.
pub fn owner_of(c: &mut Conn, id: NotificationId) -> Result<Option<AccountId>> {
    Ok(rows::owner_of(c, id)?)
}

/// Forgets one.
///
/// # Errors
/// Internal.
pub fn dismiss(tx: &mut Tx<'_>, owner: AccountId, id: NotificationId) -> Result<()> {
    Ok(rows::dismiss(tx, owner, id)?)
}

/// Forgets all.
///
/// # Errors
/// Internal.
pub fn clear(tx: &mut Tx<'_>, owner: AccountId) -> Result<()> {
    Ok(rows::clear(tx, owner)?)
}

/// How many are unread, at most `limit`.
///
/// # Errors
/// Internal.
pub fn count_unread(c: &mut Conn, owner: AccountId, limit: i64) -> Result<i64> {
    let read = rows::markers(c, owner)?
        .into_iter()
        .find(|m| m.timeline == "notifications")
        .map_or(0, |m| m.last_read_id);
    Ok(rows::count_above(c, owner, NotificationId(read), limit)?)
}
