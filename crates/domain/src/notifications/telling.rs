//! Telling people: one function per thing that may be news, and the one place in which a notification is written. A listener of `server::wire`.

use parvis_model::account::{ActorKind, Role};
use parvis_model::event::Event;
use parvis_model::ids::{AccountId, NotificationId, ReportId, StatusId, StrikeId};
use parvis_model::notification::{NotificationKind, group_key};
use parvis_model::notification_policy::Verdict;
use parvis_model::permission::Permission;
use parvis_store::notifications::{self as rows, Notification};
use parvis_store::{
    Tx, accounts, blocks, host_blocks, logins, notification_policies as policies, reports, statuses,
    thread_mutes,
};

use super::{boosters, policy, requests};
use crate::error::Result;
use crate::news;
use crate::push;
use crate::quotes;

/// Writes what an event gives people to know.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::StatusPublished { id, author } => published(tx, *id, *author),
        Event::StatusEdited { id, author } => {
            mentioned(tx, *id, *author)?;
            quoting(tx, *id, *author)?;
            boosters::later(tx, *id)
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
        Event::SignedUp { account } => signed_up(tx, *account),
        Event::Warned { strike, account } => warned(tx, *strike, *account),
        Event::Blocked { by, target, .. } => {
            policies::forbid(tx, *by, *target)?;
            Ok(policies::remove_requests(tx, *by, &[*target])?)
        }
        _ => Ok(()),
    }
}

/// Tells those who look after reports of a new one; mutes and blocks do not hide it.
fn reported(tx: &mut Tx<'_>, id: ReportId) -> Result<()> {
    let Some(report) = reports::by_id(tx, id)? else { return Ok(()) };
    for to in staff_who_may(tx, Permission::ManageReports)? {
        if to != report.account_id && to != report.target_id {
            let unique_key = format!("admin.report/{id}/{to}");
            let kind = NotificationKind::AdminReport;
            insert(tx, to, kind, report.account_id, unique_key, |row| row.report_id = Some(id))?;
        }
    }
    Ok(())
}

/// Tells those who look after people of somebody new.
fn signed_up(tx: &mut Tx<'_>, who: AccountId) -> Result<()> {
    for to in staff_who_may(tx, Permission::ManageUsers)? {
        if to != who {
            let unique_key = key(NotificationKind::AdminSignUp, who, None, Some(to));
            insert(tx, to, NotificationKind::AdminSignUp, who, unique_key, |_| ())?;
        }
    }
    Ok(())
}

fn staff_who_may(tx: &mut Tx<'_>, what: Permission) -> Result<Vec<AccountId>> {
    let all = logins::staff(tx)?.into_iter();
    Ok(all
        .filter(|(_, role)| Role::parse(role).is_some_and(|role| role.may(what)))
        .map(|(account, _)| account)
        .collect())
}

/// Tells somebody what was decided about them. It comes from nobody in particular, which Mastodon shows as themselves.
fn warned(tx: &mut Tx<'_>, id: StrikeId, to: AccountId) -> Result<()> {
    let unique_key = format!("moderation_warning/{id}");
    insert(tx, to, NotificationKind::ModerationWarning, to, unique_key, |row| row.strike_id = Some(id))
}

/// Tells people of follows that ended: from nobody in particular, as a decision. In one statement, because there may be many of them; no device can
/// ask to be woken for it.
pub(crate) fn tell_of_severances(tx: &mut Tx<'_>, told: &[(AccountId, i64)]) -> Result<()> {
    let kind = NotificationKind::SeveredRelationships;
    let row = |(to, severance): &(AccountId, i64)| {
        let unique_key = format!("{}/{severance}", kind.as_str());
        Notification { severance_id: Some(*severance), ..blank(tx, *to, kind, *to, unique_key) }
    };
    let rows: Vec<Notification> = told.iter().map(row).collect();
    rows::insert_many(tx, &rows)?;
    for row in rows {
        tx.notify("notification", row.id.0);
    }
    Ok(())
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
    let Some(status) = news::status(tx, id)? else { return Ok(()) };
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
    for mention in news::mentions(tx, id)?.iter().filter(|m| m.host.is_empty()) {
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

/// Tells somebody who boosted a post that it is another one now. Only the latest change is news.
pub(super) fn boosting(tx: &mut Tx<'_>, id: StatusId, author: AccountId, to: AccountId) -> Result<()> {
    let unique_key = key(NotificationKind::Update, author, Some(id), Some(to));
    rows::withdraw(tx, &unique_key)?;
    write(tx, to, NotificationKind::Update, author, Some(id), unique_key)
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
    if to == from && kind != NotificationKind::Poll {
        return Ok(());
    }
    let Some(receiver) = accounts::by_id(tx, to)?
        .filter(|a| a.is_local() && a.is_active() && a.kind != ActorKind::Group.as_str())
    else {
        return Ok(());
    };
    let Some(teller) = accounts::by_id(tx, from)? else { return Ok(()) };
    if !host_blocks::among(tx, to, std::slice::from_ref(&teller.host))?.is_empty() {
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
    let what = policy::Deed { kind, status };
    match policy::verdict(tx, &receiver, &teller, what)? {
        Verdict::Drop => Ok(()),
        verdict => insert(tx, to, kind, from, unique_key, |row| {
            row.status_id = status;
            row.is_filtered = verdict == Verdict::Filter;
        }),
    }
}

fn insert(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    unique_key: String,
    about: impl Fn(&mut Notification),
) -> Result<()> {
    let mut row = blank(tx, to, kind, from, unique_key);
    let id = row.id;
    about(&mut row);
    if !row.is_filtered {
        row.group_key = group_of(tx, &row, kind)?;
    }
    if rows::insert(tx, &row)? {
        if row.is_filtered {
            return requests::wait(tx, &row);
        }
        tx.notify("notification", id.0);
        push::enqueue(tx, to, id, kind, from)?;
    }
    Ok(())
}

fn blank(
    tx: &mut Tx<'_>,
    to: AccountId,
    kind: NotificationKind,
    from: AccountId,
    unique_key: String,
) -> Notification {
    Notification {
        id: NotificationId(tx.new_id()),
        account_id: to,
        kind: kind.as_str().to_owned(),
        from_account_id: from,
        status_id: None,
        unique_key,
        created_at: tx.now(),
        report_id: None,
        strike_id: None,
        severance_id: None,
        group_key: String::new(),
        is_filtered: false,
    }
}

/// What a new notification shows as one with; '' when it shows alone.
fn group_of(tx: &mut Tx<'_>, row: &Notification, kind: NotificationKind) -> Result<String> {
    if !kind.is_groupable() {
        return Ok(String::new());
    }
    let key = |previous| group_key(kind, row.status_id, row.id, row.created_at, previous);
    match rows::latest_like(tx, row.account_id, kind.as_str(), row.status_id)? {
        Some(previous) => {
            let size =
                usize::try_from(rows::group_size(tx, row.account_id, &previous)?).unwrap_or(usize::MAX);
            Ok(key(Some((&previous, size))))
        }
        None => Ok(key(None)),
    }
}
