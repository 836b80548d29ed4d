//! How large the town is, for its front page, the instance document and NodeInfo.

use parvis_model::time::{DAY, Moment, WEEK, week_of};
use parvis_store::accounts::Account;
use parvis_store::{Conn, Tx, accounts, inbound, jobs, logins, statuses, weeks};

pub use parvis_store::weeks::Week;

use crate::error::Result;
use crate::policy;
use crate::views::{self, AccountView};

/// What can be counted of a town.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Active accounts of people and departments.
    pub accounts: i64,
    /// Logins that were here in the last 30 days.
    pub active_month: i64,
    /// The same of the last 180 days.
    pub active_half_year: i64,
    /// Posts written here, boosts aside.
    pub statuses: i64,
    /// Other servers of which an account is known.
    pub servers: i64,
    /// Whether only allowed servers are dealt with.
    pub is_limited: bool,
}

/// Counts. Six statements; doors that are asked often keep the answer for a while.
///
/// # Errors
/// Internal.
pub fn count(c: &mut Conn) -> Result<Figures> {
    let now = c.now();
    let since = |days: i64| -> Moment { now.minus(days * DAY) };
    Ok(Figures {
        active_month: logins::count_active(c, since(30))?,
        active_half_year: logins::count_active(c, since(180))?,
        accounts: accounts::count_local(c)?,
        statuses: statuses::count_local(c)?,
        servers: accounts::count_hosts(c)?,
        is_limited: policy::is_limited(c)?,
    })
}

/// Whom to write to about the town, by the name in the settings; nobody when there is no such account here.
///
/// # Errors
/// Internal.
pub fn contact(c: &mut Conn, name: Option<&str>) -> Result<Option<AccountView>> {
    let Some(name) = name else { return Ok(None) };
    let name = name.trim().trim_start_matches('@').to_lowercase();
    match accounts::by_usernames(c, &[name], &[String::new()])?.pop().filter(Account::is_active) {
        Some(account) => views::of_account(c, &account).map(Some),
        None => Ok(None),
    }
}

/// What waits to be worked on, for the operator's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queues {
    /// Jobs to run.
    pub jobs_waiting: i64,
    /// Jobs that failed for good.
    pub jobs_parked: i64,
    /// Activities that came in and are not yet applied.
    pub inbound_waiting: i64,
}

/// Counts what waits. Three statements.
///
/// # Errors
/// Internal.
pub fn queues(c: &mut Conn) -> Result<Queues> {
    Ok(Queues {
        jobs_waiting: jobs::count(c, jobs::WAITING)?,
        jobs_parked: jobs::count(c, jobs::PARKED)?,
        inbound_waiting: inbound::count(c, 0)?,
    })
}

/// How many people were here since `since`, to the hour.
///
/// # Errors
/// Internal.
pub fn active_since(c: &mut Conn, since: Moment) -> Result<i64> {
    Ok(logins::count_active_since(c, since)?)
}

/// Weeks that are told.
pub const WEEKS: i64 = 12;

/// Counts the present week and the one before it, and forgets who was here earlier than that. Called by a job.
///
/// # Errors
/// Internal.
pub fn count_weeks(tx: &mut Tx<'_>) -> Result<()> {
    let present = week_of(tx.now());
    for week in [present.minus(WEEK), present] {
        let end = week.plus(WEEK);
        let row = Week {
            week,
            statuses: weeks::count_statuses(tx, week, end)?,
            logins: weeks::count_logins(tx, week)?,
            registrations: weeks::count_registrations(tx, week, end)?,
        };
        weeks::save(tx, &row)?;
    }
    weeks::forget_logins(tx, present.minus(WEEK))?;
    Ok(())
}

/// How lively the last weeks were, the present one first; weeks of which nothing is known were quiet.
///
/// # Errors
/// Internal.
pub fn activity(c: &mut Conn) -> Result<Vec<Week>> {
    let present = week_of(c.now());
    let known = weeks::since(c, present.minus((WEEKS - 1) * WEEK))?;
    let of = |week: Moment| known.iter().find(|w| w.week == week).copied();
    Ok((0..WEEKS)
        .map(|back| present.minus(back * WEEK))
        .map(|week| of(week).unwrap_or(Week { week, ..Week::default() }))
        .collect())
}
