//! Views of reports and decisions, for those whom they concern and for staff.

use std::collections::HashMap;

use parvis_model::ids::{AccountId, ReportId, StatusId, StrikeId};
use parvis_store::logins::Login;
use parvis_store::reports::{self, Report};
use parvis_store::strikes::{self, Appeal, Strike};
use parvis_store::{Conn, accounts, logins};

use super::accounts::{AccountView, views_of_rows};
use crate::error::Result;

/// A report with whom it is about.
#[derive(Clone, Debug)]
pub struct ReportView {
    pub report: Report,
    pub target: AccountView,
    pub statuses: Vec<StatusId>,
}

/// A decision with whom it is about, and how it was answered.
#[derive(Clone, Debug)]
pub struct StrikeView {
    pub strike: Strike,
    pub target: AccountView,
    pub appeal: Option<Appeal>,
    /// The posts of the report that led to it.
    pub statuses: Vec<StatusId>,
}

/// An account as staff see it.
#[derive(Clone, Debug)]
pub struct StaffAccount {
    pub view: AccountView,
    /// Only of accounts of this town.
    pub login: Option<Login>,
}

/// What a mail address is compared by; of what is none, itself, which finds nobody.
#[must_use]
pub fn email_key(text: &str) -> String {
    parvis_mail::address(text.trim()).map_or_else(|_| text.trim().to_lowercase(), |a| a.key())
}

/// Reports with these ids, in no order. A fixed number of statements.
///
/// # Errors
/// Internal.
pub fn of_reports(c: &mut Conn, ids: &[ReportId]) -> Result<Vec<ReportView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = reports::by_ids(c, ids)?;
    let targets = even_gone(c, rows.iter().map(|r| r.target_id).collect())?;
    let statuses = reports::statuses_of(c, ids)?;
    Ok(rows
        .into_iter()
        .filter_map(|report| {
            Some(ReportView {
                target: targets.get(&report.target_id)?.clone(),
                statuses: of_report(&statuses, report.id),
                report,
            })
        })
        .collect())
}

/// Decisions with these ids, in no order. A fixed number of statements.
///
/// # Errors
/// Internal.
pub fn of_strikes(c: &mut Conn, ids: &[StrikeId]) -> Result<Vec<StrikeView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = strikes::by_ids(c, ids)?;
    let appeals = strikes::appeals_of(c, ids)?;
    let targets = even_gone(c, rows.iter().map(|s| s.target_id).collect())?;
    let reports: Vec<ReportId> = rows.iter().filter_map(|s| s.report_id).collect();
    let statuses = reports::statuses_of(c, &reports)?;
    Ok(rows
        .into_iter()
        .filter_map(|strike| {
            Some(StrikeView {
                target: targets.get(&strike.target_id)?.clone(),
                appeal: appeals.iter().find(|a| a.strike_id == strike.id).cloned(),
                statuses: strike.report_id.map(|r| of_report(&statuses, r)).unwrap_or_default(),
                strike,
            })
        })
        .collect())
}

/// The posts of one report.
#[must_use]
pub fn of_report(all: &[(ReportId, StatusId)], id: ReportId) -> Vec<StatusId> {
    all.iter().filter(|(r, _)| *r == id).map(|(_, s)| *s).collect()
}

/// Accounts as staff see them, also those that are gone. A fixed number of statements.
///
/// # Errors
/// Internal.
pub fn for_staff(c: &mut Conn, ids: &[AccountId]) -> Result<HashMap<AccountId, StaffAccount>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut found: HashMap<AccountId, Login> =
        logins::of_accounts(c, ids)?.into_iter().map(|l| (l.account_id, l)).collect();
    Ok(even_gone(c, ids.to_vec())?
        .into_iter()
        .map(|(id, view)| (id, StaffAccount { login: found.remove(&id), view }))
        .collect())
}

fn even_gone(c: &mut Conn, mut ids: Vec<AccountId>) -> Result<HashMap<AccountId, AccountView>> {
    ids.sort_unstable();
    ids.dedup();
    let rows = accounts::by_ids(c, &ids)?;
    Ok(views_of_rows(c, rows)?.into_iter().map(|(id, view)| (id, (*view).clone())).collect())
}
