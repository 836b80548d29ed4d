//! Reporting somebody: a resident who saw something, or another server that tells of one of us (Flag). What staff do with it is `desk`.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, ReportId, StatusId};
use parvis_model::moderation::{
    COMMENT_MAX, Category, REMOTE_COMMENT_MAX, REPORTED_POSTS_MAX, REPORTED_RULES_MAX, REPORTS_A_DAY,
};
use parvis_model::refusal::Refusal;
use parvis_model::time::DAY;
use parvis_store::accounts::Account;
use parvis_store::reports::{self as rows, Report};
use parvis_store::statuses;

use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;
use crate::views::{self, Place, ReportView};
use crate::{Conn, Tx, access, policy};

/// What somebody reports.
#[derive(Clone, Debug, Default)]
pub struct NewReport {
    /// Who it is about.
    pub target: AccountId,
    /// Posts that show it; those that are not the target's, or that the reporter cannot see, are left out.
    pub statuses: Vec<StatusId>,
    /// In their own words.
    pub comment: String,
    /// What it is; a violation when rules are named.
    pub category: Option<Category>,
    /// Numbers of the house rules that were broken, from 1.
    pub rules: Vec<i64>,
    /// Tell the server of whom it is about, without saying who reports.
    pub forwards: bool,
}

/// Files a report.
///
/// # Errors
/// `NotFound` for the target; `Forbidden(NotOneself)`; `Invalid` for comment and rules; `Refused(TooManyAttempts)`.
pub fn file(tx: &mut Tx<'_>, by: AccountId, new: &NewReport) -> Result<ReportId> {
    if by == new.target {
        return Err(Error::Forbidden(Refusal::NotOneself));
    }
    access::active_account(tx, by)?;
    let target = access::account(tx, new.target)?;
    if new.comment.chars().count() > COMMENT_MAX {
        return Err(Error::field("comment", Refusal::TextTooLong));
    }
    let since = tx.now().minus(DAY);
    if rows::count_by_since(tx, by, since)? >= REPORTS_A_DAY {
        return Err(Refusal::TooManyAttempts.into());
    }
    let (category, rules) = what(tx, new)?;
    let statuses = shown(tx, by, &target, &new.statuses)?;
    let (id, now) = (ReportId(tx.new_id()), tx.now());
    let row = Report {
        id,
        uri: tx.context()?.urls.report(id),
        account_id: by,
        target_id: target.id,
        category: category.as_str().to_owned(),
        comment: parvis_text::sanitise::lines(&new.comment, COMMENT_MAX),
        rule_ids: serde_json::to_string(&rules).map_err(|e| Error::internal(e.to_string()))?,
        is_forwarded: new.forwards && !target.is_local(),
        assigned_id: None,
        acted_by_id: None,
        acted_at: None,
        created_at: now,
        updated_at: now,
    };
    rows::insert(tx, &row)?;
    rows::add_statuses(tx, id, &statuses)?;
    tx.record(Event::Reported { report: id })?;
    Ok(id)
}

/// The category, and the rules if it is about rules.
fn what(tx: &Tx<'_>, new: &NewReport) -> Result<(Category, Vec<i64>)> {
    let named = if new.rules.is_empty() { Category::Other } else { Category::Violation };
    let category = new.category.unwrap_or(named);
    if category != Category::Violation {
        return Ok((category, Vec::new()));
    }
    let rules = known_rules(tx, &new.rules)?;
    if rules.is_empty() { Err(Error::field("rule_ids", Refusal::ReportEmpty)) } else { Ok((category, rules)) }
}

/// Numbers of rules, each once; one that is not there is an error.
pub(super) fn known_rules(tx: &Tx<'_>, rules: &[i64]) -> Result<Vec<i64>> {
    let most = i64::try_from(tx.context()?.settings.town.rules.len()).unwrap_or(0);
    let mut rules = rules.to_vec();
    rules.sort_unstable();
    rules.dedup();
    if rules.len() > REPORTED_RULES_MAX || rules.iter().any(|r| *r < 1 || *r > most) {
        return Err(Error::field("rule_ids", Refusal::ReportEmpty));
    }
    Ok(rules)
}

/// Of these posts, those of the target that the reporter can see: nobody gets at others' letters by reporting them (threats I1).
fn shown(c: &mut Conn, by: AccountId, target: &Account, ids: &[StatusId]) -> Result<Vec<StatusId>> {
    let some: Vec<StatusId> = ids.iter().copied().take(REPORTED_POSTS_MAX).collect();
    Ok(views::of_statuses(c, Some(by), &some, Place::Elsewhere)?
        .into_iter()
        .filter(|v| v.status.account_id == target.id)
        .map(|v| v.status.id)
        .collect())
}

/// A Flag that came from another server: what it is about, in ActivityPub ids.
#[derive(Clone, Debug, Default)]
pub struct Flag<'a> {
    /// The activity's id: the same one counts once.
    pub uri: &'a str,
    /// Actors and posts.
    pub objects: Vec<String>,
    /// The reason in words.
    pub comment: &'a str,
}

/// Takes a report of another server about somebody here. What is not about us, comes twice, or is too much, has no effect.
///
/// # Errors
/// Internal.
pub fn receive(tx: &mut Tx<'_>, from: &Account, flag: &Flag<'_>) -> Result<Option<ReportId>> {
    if policy::rejects_reports(tx, &from.host)? {
        return Ok(None);
    }
    let uris: Vec<String> = flag.objects.iter().take(REPORTED_POSTS_MAX + 1).cloned().collect();
    let posts = statuses::by_uris(tx, &uris)?;
    let named = parvis_store::accounts::by_uris(tx, &uris)?.into_iter().find(Account::is_local);
    // Lemmy names only the post.
    let target = match (named, posts.iter().find(|p| p.is_local)) {
        (Some(account), _) => account,
        (None, Some(post)) => parvis_store::accounts::by_id(tx, post.account_id)?.or_not_found()?,
        (None, None) => return Ok(None),
    };
    if !target.is_active() {
        return Ok(None);
    }
    let statuses: Vec<StatusId> = posts.iter().filter(|p| p.account_id == target.id).map(|p| p.id).collect();
    // Somebody who says it again adds to what they said.
    if let Some(mut open) = rows::open_between(tx, from.id, target.id)? {
        let known = rows::statuses_of(tx, &[open.id])?.len();
        let room = REPORTED_POSTS_MAX.saturating_sub(known);
        rows::add_statuses(tx, open.id, statuses.get(..room.min(statuses.len())).unwrap_or_default())?;
        open.updated_at = tx.now();
        rows::save(tx, &open)?;
        return Ok(None);
    }
    let since = tx.now().minus(DAY);
    if rows::count_of_host_since(tx, &from.host, since)? >= REPORTS_A_DAY {
        tracing::warn!(host = %from.host, "a server sends more reports than are read");
        return Ok(None);
    }
    let (id, now) = (ReportId(tx.new_id()), tx.now());
    let row = Report {
        id,
        uri: flag.uri.to_owned(),
        account_id: from.id,
        target_id: target.id,
        category: Category::Other.as_str().to_owned(),
        comment: parvis_text::sanitise::lines(flag.comment, REMOTE_COMMENT_MAX),
        rule_ids: "[]".to_owned(),
        is_forwarded: false,
        assigned_id: None,
        acted_by_id: None,
        acted_at: None,
        created_at: now,
        updated_at: now,
    };
    if !rows::insert(tx, &row)? {
        return Ok(None);
    }
    rows::add_statuses(tx, id, &statuses)?;
    tx.record(Event::Reported { report: id })?;
    Ok(Some(id))
}

/// A report for whoever wrote it.
///
/// # Errors
/// `NotFound`.
pub fn own(c: &mut Conn, by: AccountId, id: ReportId) -> Result<ReportView> {
    views::of_reports(c, &[id])?.pop().filter(|v| v.report.account_id == by).or_not_found()
}

/// What leaves of a report: to whom, and the ids of what it is about; `None` when it stays here.
#[derive(Clone, Debug)]
pub struct Forwarded {
    /// Our id of it.
    pub uri: String,
    /// Who it is about.
    pub target: Account,
    /// Their posts.
    pub posts: Vec<String>,
    /// What was written.
    pub comment: String,
}

/// What another server is told of a report that is to be forwarded. Not who wrote it.
///
/// # Errors
/// Internal.
pub fn forwarded(c: &mut Conn, id: ReportId) -> Result<Option<Forwarded>> {
    let Some(report) = rows::by_id(c, id)?.filter(|r| r.is_forwarded) else { return Ok(None) };
    let Some(target) = parvis_store::accounts::by_id(c, report.target_id)?.filter(|a| !a.is_local()) else {
        return Ok(None);
    };
    let ids: Vec<StatusId> = rows::statuses_of(c, &[id])?.into_iter().map(|(_, s)| s).collect();
    let posts = statuses::by_ids(c, &ids)?.into_iter().map(|s| s.uri).collect();
    Ok(Some(Forwarded { uri: report.uri, target, posts, comment: report.comment }))
}
