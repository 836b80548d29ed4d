//! What staff do with reports: look, take one, close it, open it again, correct what it is about.

use std::collections::HashMap;

use parvis_model::ids::{AccountId, ReportId};
use parvis_model::moderation::Category;
use parvis_model::permission::Permission;
use parvis_store::reports::{self as rows, Filter, Report};
use parvis_store::timelines::Range;

use super::reports::known_rules;
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::staff::{self, By, Staff};
use crate::views::{self, StaffAccount, StatusView};
use crate::{Conn, Tx};

/// A report with everybody in it.
#[derive(Clone, Debug)]
pub struct StaffReport {
    pub report: Report,
    pub reporter: StaffAccount,
    pub target: StaffAccount,
    pub assigned: Option<StaffAccount>,
    pub acted_by: Option<StaffAccount>,
    pub statuses: Vec<StatusView>,
}

/// A page of reports, newest first.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn page(c: &mut Conn, by: impl Into<By>, filter: Filter, range: Range) -> Result<Vec<StaffReport>> {
    staff::require(c, by, Permission::ManageReports)?;
    let found = rows::page(c, filter, range)?;
    with_everybody(c, found)
}

/// One report.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn one(c: &mut Conn, by: impl Into<By>, id: ReportId) -> Result<StaffReport> {
    staff::require(c, by, Permission::ManageReports)?;
    let found = rows::by_id(c, id)?.or_not_found()?;
    with_everybody(c, vec![found])?.pop().or_not_found()
}

/// Everybody and everything of a page of reports: a fixed number of statements.
fn with_everybody(c: &mut Conn, found: Vec<Report>) -> Result<Vec<StaffReport>> {
    let ids: Vec<ReportId> = found.iter().map(|r| r.id).collect();
    let mut people: Vec<AccountId> = found
        .iter()
        .flat_map(|r| [Some(r.account_id), Some(r.target_id), r.assigned_id, r.acted_by_id])
        .flatten()
        .collect();
    people.sort_unstable();
    people.dedup();
    let people: HashMap<AccountId, StaffAccount> = views::for_staff(c, &people)?;
    let hung = rows::statuses_of(c, &ids)?;
    let posts = views::of_reported(c, &hung.iter().map(|(_, s)| *s).collect::<Vec<_>>())?;
    let known = |id: Option<AccountId>| id.and_then(|id| people.get(&id).cloned());
    Ok(found
        .into_iter()
        .filter_map(|report| {
            Some(StaffReport {
                reporter: known(Some(report.account_id))?,
                target: known(Some(report.target_id))?,
                assigned: known(report.assigned_id),
                acted_by: known(report.acted_by_id),
                statuses: views::of_report(&hung, report.id)
                    .iter()
                    .filter_map(|s| posts.get(s).cloned())
                    .collect(),
                report,
            })
        })
        .collect())
}

/// What is done with a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// I look after it.
    Take,
    /// Nobody does.
    LeaveToOthers,
    /// It is dealt with.
    Resolve,
    /// It is not.
    Reopen,
    /// It is about something else.
    Correct(Option<Category>, Option<Vec<i64>>),
}

/// Takes a step; twice is once.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`; `Invalid` for rules.
pub fn step(tx: &mut Tx<'_>, by: impl Into<By>, id: ReportId, step: &Step) -> Result<()> {
    let staff = staff::require(tx, by, Permission::ManageReports)?;
    let before = rows::by_id(tx, id)?.or_not_found()?;
    let mut report = before.clone();
    let action = match step {
        Step::Take => {
            report.assigned_id = staff.account;
            "assign_to_self"
        }
        Step::LeaveToOthers => {
            report.assigned_id = None;
            "unassign"
        }
        Step::Resolve => {
            if report.acted_at.is_none() {
                report.acted_at = Some(tx.now());
                report.acted_by_id = staff.account;
            }
            "resolve"
        }
        Step::Reopen => {
            report.acted_at = None;
            report.acted_by_id = None;
            "reopen"
        }
        Step::Correct(category, rules) => {
            correct(tx, &mut report, *category, rules.as_deref())?;
            "update"
        }
    };
    if report == before {
        return Ok(());
    }
    report.updated_at = tx.now();
    rows::save(tx, &report)?;
    write_down(tx, &staff, action, &report)
}

fn correct(
    tx: &Tx<'_>,
    report: &mut Report,
    category: Option<Category>,
    rules: Option<&[i64]>,
) -> Result<()> {
    if let Some(rules) = rules {
        let rules = known_rules(tx, rules)?;
        report.rule_ids = serde_json::to_string(&rules).map_err(|e| Error::internal(e.to_string()))?;
    }
    if let Some(category) = category {
        category.as_str().clone_into(&mut report.category);
        if category != Category::Violation {
            "[]".clone_into(&mut report.rule_ids);
        }
    }
    Ok(())
}

pub(super) fn write_down(tx: &mut Tx<'_>, staff: &Staff, action: &str, report: &Report) -> Result<()> {
    let about = parvis_store::accounts::by_id(tx, report.target_id)?.map(|a| a.acct()).unwrap_or_default();
    audit::record(tx, staff, action, &Target::new("report", report.id, about), "")
}
