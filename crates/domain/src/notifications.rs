//! What people are told: written as events happen ([`on_event`]), read by the client API and the stream.
//!
//! What shows as one: [`groups`]. What happens with strangers: [`policy`], and who waits: [`requests`].

mod boosters;
pub mod groups;
pub mod policy;
pub mod requests;
mod telling;

use std::collections::HashSet;

use parvis_model::ids::{AccountId, NotificationId, StatusId};
use parvis_model::notification::NotificationKind;
use parvis_store::notifications::{self as rows, Filter, Notification};
use parvis_store::severances::{self as severance_rows, Severance};
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, markers};

pub use self::boosters::TellBoosters;
pub use self::telling::on_event;
pub(crate) use self::telling::{tell_of_post, tell_of_severances};
use crate::error::Result;
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
    /// Of `severed_relationships`.
    pub severance: Option<Severance>,
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
    let papers = Papers::of(c, found.iter())?;
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
                report: papers.report(&row),
                strike: papers.strike(&row),
                severance: papers.severance(&row),
                row,
            })
        })
        .collect())
}

/// The reports, decisions and ended follows that notifications are about.
struct Papers {
    reports: Vec<ReportView>,
    strikes: Vec<StrikeView>,
    severances: Vec<Severance>,
}

impl Papers {
    fn of<'a>(c: &mut Conn, rows: impl Iterator<Item = &'a Notification>) -> Result<Self> {
        let (mut reports, mut strikes, mut severances) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            reports.extend(row.report_id);
            strikes.extend(row.strike_id);
            severances.extend(row.severance_id);
        }
        let severances =
            if severances.is_empty() { Vec::new() } else { severance_rows::by_ids(c, &severances)? };
        Ok(Self {
            reports: views::of_reports(c, &reports)?,
            strikes: views::of_strikes(c, &strikes)?,
            severances,
        })
    }

    fn report(&self, row: &Notification) -> Option<ReportView> {
        self.reports.iter().find(|r| Some(r.report.id) == row.report_id).cloned()
    }

    fn severance(&self, row: &Notification) -> Option<Severance> {
        self.severances.iter().find(|s| Some(s.id) == row.severance_id).cloned()
    }

    fn strike(&self, row: &Notification) -> Option<StrikeView> {
        self.strikes.iter().find(|s| Some(s.strike.id) == row.strike_id).cloned()
    }
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

/// Forgets some.
///
/// # Errors
/// Internal.
pub fn dismiss_many(tx: &mut Tx<'_>, owner: AccountId, ids: &[NotificationId]) -> Result<()> {
    Ok(rows::dismiss_many(tx, owner, ids).map(|_| ())?)
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
pub fn count_unread(c: &mut Conn, owner: AccountId, filter: &Filter, limit: i64) -> Result<i64> {
    let read = last_read(c, owner)?;
    Ok(rows::count_above(c, owner, filter, NotificationId(read), limit)?)
}

/// The notification up to which somebody has read.
fn last_read(c: &mut Conn, owner: AccountId) -> Result<i64> {
    let markers = markers::of(c, owner)?;
    Ok(markers.iter().find(|m| m.timeline == "notifications").map_or(0, |m| m.last_read_id))
}

#[cfg(test)]
mod tests;
