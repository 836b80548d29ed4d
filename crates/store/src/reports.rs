//! Reports and the posts they show. Use cases: `domain::moderation::reports`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, ReportId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{accounts, report_statuses, reports};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `reports`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = reports, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Report {
    pub id: ReportId,
    /// Ours, or the id of the Flag that came in.
    pub uri: String,
    /// Who reports; of another server it is that server's actor.
    pub account_id: AccountId,
    /// Who is reported.
    pub target_id: AccountId,
    /// [`parvis_model::moderation::Category::as_str`].
    pub category: String,
    pub comment: String,
    /// JSON list of numbers.
    pub rule_ids: String,
    /// Told to the server of whom it is about.
    pub is_forwarded: bool,
    /// Who looks after it.
    pub assigned_id: Option<AccountId>,
    /// Who closed it.
    pub acted_by_id: Option<AccountId>,
    pub acted_at: Option<Moment>,
    pub created_at: Moment,
    pub updated_at: Moment,
}

/// Which reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Closed ones instead of open ones.
    pub is_resolved: bool,
    /// Written by this account.
    pub by: Option<AccountId>,
    /// About this account.
    pub about: Option<AccountId>,
}

/// A new report; `false` when it is there already.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Report) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(reports::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Hangs posts on a report.
///
/// # Errors
/// As the database's.
pub fn add_statuses(c: &mut Conn, report: ReportId, statuses: &[StatusId]) -> Result<()> {
    let rows: Vec<_> = statuses
        .iter()
        .map(|s| (report_statuses::report_id.eq(report), report_statuses::status_id.eq(*s)))
        .collect();
    if !rows.is_empty() {
        each!(c.db(), |db| diesel::insert_into(report_statuses::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(db))?;
    }
    Ok(())
}

/// Writes all columns of an existing row.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, row: &Report) -> Result<()> {
    each!(c, |db| diesel::update(reports::table.find(row.id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// One report.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: ReportId) -> Result<Option<Report>> {
    Ok(each!(c, |db| reports::table.find(id).select(Report::as_select()).first(db)).optional()?)
}

/// Many reports, in no order.
///
/// # Errors
/// As the database's.
pub fn by_ids(c: &mut Conn, ids: &[ReportId]) -> Result<Vec<Report>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| reports::table.filter(reports::id.among(ids)).select(Report::as_select()).load(db))?)
}

/// An open report of one account about another.
///
/// # Errors
/// As the database's.
pub fn open_between(c: &mut Conn, by: AccountId, about: AccountId) -> Result<Option<Report>> {
    Ok(each!(c, |db| reports::table
        .filter(reports::account_id.eq(by).and(reports::target_id.eq(about)))
        .filter(reports::acted_at.is_null())
        .order(reports::id.desc())
        .select(Report::as_select())
        .first(db))
    .optional()?)
}

/// A page, newest first.
///
/// # Errors
/// As the database's.
pub fn page(c: &mut Conn, filter: Filter, range: Range) -> Result<Vec<Report>> {
    let mut query = reports::table.select(Report::as_select()).limit(range.limit).into_boxed();
    query = if filter.is_resolved {
        query.filter(reports::acted_at.is_not_null())
    } else {
        query.filter(reports::acted_at.is_null())
    };
    if let Some(by) = filter.by {
        query = query.filter(reports::account_id.eq(by));
    }
    if let Some(about) = filter.about {
        query = query.filter(reports::target_id.eq(about));
    }
    keyset!(query, reports::id, range, ReportId);
    Ok(range.in_order(query.load(c.db())?))
}

/// The posts of these reports.
///
/// # Errors
/// As the database's.
pub fn statuses_of(c: &mut Conn, ids: &[ReportId]) -> Result<Vec<(ReportId, StatusId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| report_statuses::table
        .filter(report_statuses::report_id.among(ids))
        .order((report_statuses::report_id.asc(), report_statuses::status_id.asc()))
        .select((report_statuses::report_id, report_statuses::status_id))
        .load(db))?)
}

/// How many reports an account wrote since `since`.
///
/// # Errors
/// As the database's.
pub fn count_by_since(c: &mut Conn, by: AccountId, since: Moment) -> Result<i64> {
    Ok(each!(c, |db| reports::table
        .filter(reports::account_id.eq(by).and(reports::created_at.ge(since)))
        .count()
        .get_result(db))?)
}

/// How many reports the accounts of a host sent since `since`.
///
/// # Errors
/// As the database's.
pub fn count_of_host_since(c: &mut Conn, host: &str, since: Moment) -> Result<i64> {
    Ok(each!(c, |db| reports::table
        .inner_join(accounts::table.on(accounts::id.eq(reports::account_id)))
        .filter(accounts::host.eq(host.to_owned()).and(reports::created_at.ge(since)))
        .count()
        .get_result(db))?)
}

/// Closes all open reports about an account; how many.
///
/// # Errors
/// As the database's.
pub fn close_about(c: &mut Conn, about: AccountId, by: Option<AccountId>, at: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(
        reports::table.filter(reports::target_id.eq(about).and(reports::acted_at.is_null()))
    )
    .set((reports::acted_at.eq(at), reports::acted_by_id.eq(by), reports::updated_at.eq(at)))
    .execute(db))?)
}
