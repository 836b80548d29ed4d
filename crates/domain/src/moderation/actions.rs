//! Deciding about an account: a warning, or a limit. Everything in one transaction: the limit, what is told to the person, the reports it answers,
//! the record. Taking a limit back is `lifting`.

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, ReportId, StrikeId};
use parvis_model::moderation::{Action, STRIKE_TEXT_MAX};
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_store::accounts::{self, Account};
use parvis_store::strikes::{self, Strike};
use parvis_store::{logins, reports};

use super::desk::write_down;
use crate::accounts::letters::{self, About, Posted};
use crate::accounts::links::{self, Purpose};
use crate::accounts::register::addressee;
use crate::accounts::{delete, revoke, suspend};
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::events::{Record, urls_of};
use crate::staff::{self, By, Staff};
use crate::{Town, Tx};

/// What is decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What.
    pub action: Action,
    /// The report that led to it.
    pub report: Option<ReportId>,
    /// A text to choose from, which stands before one's own.
    pub preset: Option<i64>,
    /// Why, for the person.
    pub text: String,
    /// Write them a letter. They are told in the town in any case.
    pub sends_letter: bool,
}

/// Decides, tells the person, and closes the reports that this answers.
///
/// # Errors
/// `Forbidden` as [`Staff::require_above`]; `NotFound`; `Invalid` for the text, and for what is only possible here.
pub async fn decide(town: &Town, by: impl Into<By>, target: AccountId, decision: Decision) -> Result<()> {
    let by = by.into();
    if let Some(letter) = town.db().write(move |tx| apply(tx, by, target, &decision)).await? {
        letters::send(town, letter).await;
    }
    Ok(())
}

fn apply(tx: &mut Tx<'_>, by: By, target: AccountId, decision: &Decision) -> Result<Option<Posted>> {
    let staff = staff::require(tx, by, Permission::ManageUsers)?;
    let account = accounts::by_id(tx, target)?.filter(|a| a.gone_at.is_none()).or_not_found()?;
    staff.require_above(tx, target)?;
    let report = match decision.report {
        Some(id) => Some(reports::by_id(tx, id)?.filter(|r| r.target_id == target).or_not_found()?.id),
        None => None,
    };
    let text = whole_text(tx, decision)?;
    limit(tx, &account, decision.action)?;
    let strike = Strike {
        id: StrikeId(tx.new_id()),
        account_id: staff.account,
        target_id: target,
        action: decision.action.as_str().to_owned(),
        text: text.clone(),
        report_id: report,
        created_at: tx.now(),
        overruled_at: None,
    };
    strikes::insert(tx, &strike)?;
    let verb = if decision.action == Action::None { "warn" } else { decision.action.as_str() };
    audit::record(tx, &staff, verb, &Target::account(&account), &text)?;
    close_reports(tx, &staff, decision.action, target, report)?;
    if !account.is_local() {
        return Ok(None);
    }
    tx.record(Event::Warned { strike: strike.id, account: target })?;
    if decision.sends_letter { letter(tx, &account, decision.action, text) } else { Ok(None) }
}

fn whole_text(tx: &mut Tx<'_>, decision: &Decision) -> Result<String> {
    let preset = match decision.preset {
        Some(id) => strikes::preset(tx, id)?.or_not_found()?.text,
        None => String::new(),
    };
    let own = parvis_text::sanitise::lines(&decision.text, usize::MAX);
    let text = [preset.trim(), own.trim()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
    let text = text.join("\n\n");
    if text.chars().count() > STRIKE_TEXT_MAX {
        return Err(Error::field("text", Refusal::TextTooLong));
    }
    Ok(text)
}

fn limit(tx: &mut Tx<'_>, account: &Account, action: Action) -> Result<()> {
    let now = tx.now();
    let mut row = account.clone();
    match action {
        Action::None => return Ok(()),
        Action::Suspend => return suspend::apply(tx, account.clone()),
        Action::Disable => {
            logins::of_account(tx, account.id)?.ok_or(Error::field("type", Refusal::NotLocal))?;
            logins::set_disabled(tx, account.id, Some(now))?;
            return revoke::everything(tx, account.id);
        }
        Action::Silence => row.silenced_at = row.silenced_at.or(Some(now)),
        Action::Sensitive => row.sensitized_at = row.sensitized_at.or(Some(now)),
    }
    row.version += 1;
    accounts::save(tx, &row)?;
    Ok(())
}

/// A mere warning answers the report it names; a limit answers all that are open about the account.
fn close_reports(
    tx: &mut Tx<'_>,
    staff: &Staff,
    action: Action,
    target: AccountId,
    report: Option<ReportId>,
) -> Result<()> {
    let now = tx.now();
    if action != Action::None {
        reports::close_about(tx, target, staff.account, now)?;
    }
    let Some(mut row) = (match report {
        Some(id) => reports::by_id(tx, id)?,
        None => None,
    }) else {
        return Ok(());
    };
    if row.acted_at.is_none() {
        row.acted_at = Some(now);
        row.acted_by_id = staff.account;
        row.updated_at = now;
        reports::save(tx, &row)?;
    }
    write_down(tx, staff, "resolve", &row)
}

/// Whoever cannot sign in any more gets a link to the page with the appeal.
fn letter(tx: &mut Tx<'_>, account: &Account, action: Action, reason: String) -> Result<Option<Posted>> {
    let Some(login) = logins::of_account(tx, account.id)? else { return Ok(None) };
    let urls = urls_of(tx)?;
    let link = if matches!(action, Action::Disable | Action::Suspend) {
        urls.appeals_by_link(&links::create(tx, account.id, Purpose::Appeal)?)
    } else {
        urls.appeals()
    };
    let about = About::Decided { action, reason, link };
    letters::write(tx, &addressee(&login, &account.username), &about).map(Some)
}

/// Deletes for good what a suspended account left; the command line need not suspend first.
///
/// # Errors
/// `Forbidden`: as [`Staff::require_above`], `NotSuspended`; `NotFound`.
pub fn remove(tx: &mut Tx<'_>, by: impl Into<By>, target: AccountId) -> Result<()> {
    let staff = staff::require(tx, by, Permission::DeleteUserData)?;
    let account = accounts::by_id(tx, target)?.filter(|a| a.gone_at.is_none()).or_not_found()?;
    staff.require_above(tx, target)?;
    if account.suspended_at.is_none() && staff.account.is_some() {
        return Err(Error::Forbidden(Refusal::NotSuspended));
    }
    audit::record(tx, &staff, "destroy", &Target::account(&account), "")?;
    delete::delete(tx, target)
}
