//! Figures for staff: how much per day, divided by what, and how many stay. Periods are bounded, and each figure is one statement.

use std::collections::BTreeMap;

use parvis_model::ids::TagId;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_model::time::{DAY, Moment};
use parvis_store::measures::{self as rows, About, Counted, Divided};

use crate::Conn;
use crate::error::{Error, Result};
use crate::staff::{self, By};

/// Days that a period may have.
const DAYS_MAX: i64 = 366;
/// Keys of one question.
const KEYS_MAX: usize = 20;
/// Shares that are shown at most.
const SHARES_MAX: i64 = 100;

/// A period of whole days, the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    from: Moment,
    days: i64,
}

impl Period {
    /// From the day of one instant to that of another.
    ///
    /// # Errors
    /// `Invalid` when it ends before it begins or is longer than a year.
    pub fn of(from: Moment, to: Moment) -> Result<Self> {
        let start = |m: Moment| Moment(m.0.div_euclid(DAY) * DAY);
        let days = start(to).since(start(from)) / DAY + 1;
        if (1..=DAYS_MAX).contains(&days) {
            Ok(Self { from: start(from), days })
        } else {
            Err(Error::field("end_at", Refusal::DatesTurned))
        }
    }

    fn end(self) -> Moment {
        self.from.plus(self.days * DAY)
    }

    fn day(self, n: i64) -> Moment {
        self.from.plus(n * DAY)
    }
}

/// What a question is about, besides its period.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// What is asked for, in Mastodon's words; unknown ones are left out.
    pub keys: Vec<String>,
    /// For those about one server: its domain, by key.
    pub hosts: BTreeMap<String, String>,
    /// For those about one hashtag, by key.
    pub tags: BTreeMap<String, TagId>,
}

impl Question {
    fn about(&self, key: &str) -> About {
        About {
            host: self.hosts.get(key).cloned().unwrap_or_default(),
            tag: self.tags.get(key).map_or(0, |t| t.0),
        }
    }
}

/// One figure over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    pub key: String,
    pub total: i64,
    /// Of the period of the same length before.
    pub previous_total: i64,
    /// Each day of the period.
    pub days: Vec<(Moment, i64)>,
}

const MEASURES: [(&str, Counted); 13] = [
    ("active_users", Counted::ActiveUsers),
    ("new_users", Counted::NewUsers),
    ("interactions", Counted::Interactions),
    ("opened_reports", Counted::OpenedReports),
    ("resolved_reports", Counted::ResolvedReports),
    ("tag_accounts", Counted::TagAccounts),
    ("tag_uses", Counted::TagUses),
    ("tag_servers", Counted::TagServers),
    ("instance_accounts", Counted::InstanceAccounts),
    ("instance_statuses", Counted::InstanceStatuses),
    ("instance_reports", Counted::InstanceReports),
    ("instance_follows", Counted::InstanceFollows),
    ("instance_followers", Counted::InstanceFollowers),
];

/// Figures over a period, in the order asked. Two statements each.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn measures(c: &mut Conn, by: impl Into<By>, asked: &Question, period: Period) -> Result<Vec<Measure>> {
    staff::require(c, by, Permission::ViewDashboard)?;
    let mut found = Vec::new();
    for key in asked.keys.iter().take(KEYS_MAX) {
        let Some((_, what)) = MEASURES.iter().find(|(name, _)| name == key) else { continue };
        let about = asked.about(key);
        let (from, to) = (period.from, period.end());
        let counts: BTreeMap<i64, i64> = rows::per_day(c, *what, &about, from, to)?.into_iter().collect();
        let before = rows::per_day(c, *what, &about, from.minus(period.days * DAY), from)?;
        found.push(Measure {
            key: key.clone(),
            total: counts.values().sum(),
            previous_total: before.iter().map(|(_, n)| n).sum(),
            days: (0..period.days).map(|n| (period.day(n), counts.get(&n).copied().unwrap_or(0))).collect(),
        });
    }
    Ok(found)
}

/// A figure divided by something: (what, how many).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    pub key: String,
    pub shares: Vec<(String, i64)>,
}

const DIMENSIONS: [(&str, Divided); 6] = [
    ("languages", Divided::Languages),
    ("servers", Divided::Servers),
    ("tag_servers", Divided::TagServers),
    ("tag_languages", Divided::TagLanguages),
    ("instance_accounts", Divided::InstanceAccounts),
    ("instance_languages", Divided::InstanceLanguages),
];

/// Figures divided, the largest shares first, in the order asked. One statement each.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn dimensions(
    c: &mut Conn,
    by: impl Into<By>,
    asked: &Question,
    period: Period,
    limit: i64,
) -> Result<Vec<Dimension>> {
    staff::require(c, by, Permission::ViewDashboard)?;
    let limit = limit.clamp(1, SHARES_MAX);
    let mut found = Vec::new();
    for key in asked.keys.iter().take(KEYS_MAX) {
        let Some((_, by)) = DIMENSIONS.iter().find(|(name, _)| name == key) else { continue };
        let shares = rows::shares(c, *by, &asked.about(key), period.from, period.end(), limit)?;
        let shares = shares.into_iter().map(|s| (s.name.unwrap_or_default(), s.n)).collect();
        found.push(Dimension { key: key.clone(), shares });
    }
    Ok(found)
}

/// How cohorts are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Who came on a day.
    Day,
    /// Who came in a month.
    Month,
}

impl Frequency {
    /// The beginning of the part that an instant is in, as `2026-11-22`.
    fn part(self, at: Moment) -> String {
        let date = at.to_date();
        match self {
            Self::Day => date,
            Self::Month => format!("{}-01", date.get(..7).unwrap_or_default()),
        }
    }
}

/// Those who came in one part of the period, and how many of them were still here in each later part.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    /// The beginning of the part, as `2026-11-22`.
    pub part: String,
    /// (part, how many were here then or later, of all who came).
    pub stayed: Vec<(String, i64, f64)>,
}

/// Who stays. One statement, at most 100,000 logins.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn retention(
    c: &mut Conn,
    by: impl Into<By>,
    period: Period,
    frequency: Frequency,
) -> Result<Vec<Cohort>> {
    staff::require(c, by, Permission::ViewDashboard)?;
    let lives = rows::lives(c, period.from, period.end())?;
    let mut parts: Vec<String> = (0..period.days).map(|n| frequency.part(period.day(n))).collect();
    parts.dedup();
    let mut came: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (created, last) in lives {
        came.entry(frequency.part(created)).or_default().push(frequency.part(last));
    }
    Ok(parts
        .iter()
        .enumerate()
        .map(|(n, part)| {
            let members = came.get(part).map(Vec::as_slice).unwrap_or_default();
            let stayed = parts.iter().skip(n).map(|later| {
                let count = members.iter().filter(|last| *last >= later).count();
                (later.clone(), i64::try_from(count).unwrap_or(i64::MAX), rate(count, members.len()))
            });
            Cohort { part: part.clone(), stayed: stayed.collect() }
        })
        .collect())
}

fn rate(count: usize, of: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if of == 0 { 0.0 } else { number(count) / number(of) }
}
