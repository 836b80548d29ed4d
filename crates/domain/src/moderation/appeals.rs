//! What was decided about somebody, as they see it, and their one answer to each. Somebody else decides about that than who decided first; only an
//! administrator may look at their own decision again, because a small town may have one person for it.

use parvis_model::account::Role;
use parvis_model::ids::{AccountId, AppealId, StrikeId};
use parvis_model::moderation::{APPEAL_MAX, APPEAL_WITHIN, Action};
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;
use parvis_store::strikes::{self as rows, Appeal, Strike};
use parvis_store::{accounts, email_links, logins};

use super::lifting;
use crate::accounts::letters::{self, About, Posted};
use crate::accounts::links::Purpose;
use crate::accounts::register::addressee;
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::events::urls_of;
use crate::staff::{self, By};
use crate::views::{self, StrikeView};
use crate::{Conn, Town, Tx, secrets};

/// Decisions that a page shows.
const SHOWN: i64 = 50;

/// What was decided about somebody, newest first.
///
/// # Errors
/// Internal.
pub fn about(c: &mut Conn, owner: AccountId) -> Result<Vec<StrikeView>> {
    let ids: Vec<StrikeId> = rows::about(c, owner, SHOWN)?.into_iter().map(|s| s.id).collect();
    in_order(c, &ids)
}

fn in_order(c: &mut Conn, ids: &[StrikeId]) -> Result<Vec<StrikeView>> {
    let found = views::of_strikes(c, ids)?;
    Ok(ids.iter().filter_map(|id| found.iter().find(|v| v.strike.id == *id).cloned()).collect())
}

/// Whose decisions the link of a letter shows: for people who cannot sign in any more.
///
/// # Errors
/// `Refused(LinkExpired)`.
pub fn owner_of_link(c: &mut Conn, token: &str) -> Result<AccountId> {
    let now = c.now();
    email_links::usable(c, &secrets::hash(token), Purpose::Appeal.as_str(), now)?
        .ok_or(Error::Refused(Refusal::LinkExpired))
}

/// Whether somebody can still answer.
#[must_use]
pub fn is_open(strike: &Strike, appeal: Option<&Appeal>, now: Moment) -> bool {
    appeal.is_none() && strike.overruled_at.is_none() && now.since(strike.created_at) < APPEAL_WITHIN
}

/// Answers a decision, once.
///
/// # Errors
/// `NotFound` for others' decisions; `Refused(AppealOver)`; `Invalid` for the text.
pub fn appeal(tx: &mut Tx<'_>, owner: AccountId, strike: StrikeId, text: &str) -> Result<AppealId> {
    let strike = rows::by_id(tx, strike)?.filter(|s| s.target_id == owner).or_not_found()?;
    let known = rows::appeals_of(tx, &[strike.id])?.pop();
    let now = tx.now();
    if !is_open(&strike, known.as_ref(), now) {
        return Err(Refusal::AppealOver.into());
    }
    if text.chars().count() > APPEAL_MAX {
        return Err(Error::field("text", Refusal::TextTooLong));
    }
    let text = parvis_text::sanitise::lines(text, APPEAL_MAX);
    if text.trim().is_empty() {
        return Err(Error::field("text", Refusal::EmptyPost));
    }
    let row = Appeal {
        id: AppealId(tx.new_id()),
        strike_id: strike.id,
        account_id: owner,
        text,
        created_at: now,
        decided_at: None,
        is_approved: false,
        decided_by_id: None,
    };
    rows::insert_appeal(tx, &row)?;
    Ok(row.id)
}

/// Appeals that wait, the oldest first.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn waiting(c: &mut Conn, by: impl Into<By>) -> Result<Vec<StrikeView>> {
    staff::require(c, by, Permission::ManageAppeals)?;
    let ids: Vec<StrikeId> = rows::open_appeals(c, SHOWN)?.into_iter().map(|a| a.strike_id).collect();
    in_order(c, &ids)
}

/// Decides about an appeal and writes to who appealed. If it is right, the decision is taken back.
///
/// # Errors
/// `Forbidden(RoleTooLow)`, also for one's own decision; `NotFound` when it was decided already.
pub async fn decide(town: &Town, by: impl Into<By>, id: AppealId, is_right: bool) -> Result<()> {
    let by = by.into();
    if let Some(letter) = town.db().write(move |tx| apply(tx, by, id, is_right)).await? {
        letters::send(town, letter).await;
    }
    Ok(())
}

fn apply(tx: &mut Tx<'_>, by: By, id: AppealId, is_right: bool) -> Result<Option<Posted>> {
    let staff = staff::require(tx, by, Permission::ManageAppeals)?;
    let appeal = rows::appeal(tx, id)?.or_not_found()?;
    let strike = rows::by_id(tx, appeal.strike_id)?.or_not_found()?;
    let is_own = strike.account_id.is_some() && strike.account_id == staff.account;
    if staff.account == Some(appeal.account_id) || (is_own && staff.role != Role::Admin) {
        return Err(Error::Forbidden(Refusal::RoleTooLow));
    }
    let now = tx.now();
    if !rows::decide(tx, id, is_right, staff.account, now)? {
        return Err(Error::NotFound);
    }
    let account = accounts::by_id(tx, appeal.account_id)?.or_not_found()?;
    if is_right {
        rows::overrule(tx, strike.id, now)?;
        if let Some(action) = Action::parse(&strike.action)
            && account.gone_at.is_none()
        {
            lifting::undo(tx, &account, action)?;
        }
    }
    let verb = if is_right { "approve_appeal" } else { "reject_appeal" };
    audit::record(tx, &staff, verb, &Target::new("appeal", id, account.acct()), &appeal.text)?;
    let Some(login) = logins::of_account(tx, account.id)? else { return Ok(None) };
    let link = urls_of(tx)?.appeals();
    let about = if is_right { About::AppealApproved(link) } else { About::AppealRejected(link) };
    letters::write(tx, &addressee(&login, &account.username), &about).map(Some)
}
