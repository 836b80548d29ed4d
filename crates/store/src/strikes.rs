//! What staff decided about somebody, how that was answered, and the texts they choose from. Use cases: `domain::moderation`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, AppealId, ReportId, StrikeId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{appeals, strikes, warning_presets};
use crate::{Conn, Result};

/// A row of `strikes`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = strikes, treat_none_as_default_value = false)]
pub struct Strike {
    pub id: StrikeId,
    /// Who decided; nobody for the command line.
    pub account_id: Option<AccountId>,
    /// About whom.
    pub target_id: AccountId,
    /// [`parvis_model::moderation::Action::as_str`].
    pub action: String,
    /// What was written to them.
    pub text: String,
    pub report_id: Option<ReportId>,
    pub created_at: Moment,
    /// When an appeal took it back.
    pub overruled_at: Option<Moment>,
}

/// A row of `appeals`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = appeals, treat_none_as_default_value = false)]
pub struct Appeal {
    pub id: AppealId,
    pub strike_id: StrikeId,
    /// Who appeals.
    pub account_id: AccountId,
    pub text: String,
    pub created_at: Moment,
    pub decided_at: Option<Moment>,
    pub is_approved: bool,
    pub decided_by_id: Option<AccountId>,
}

/// A new decision.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Strike) -> Result<()> {
    each!(c, |db| diesel::insert_into(strikes::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// One decision.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: StrikeId) -> Result<Option<Strike>> {
    Ok(each!(c, |db| strikes::table.find(id).select(Strike::as_select()).first(db)).optional()?)
}

/// Many decisions, in no order.
///
/// # Errors
/// As the database's.
pub fn by_ids(c: &mut Conn, ids: &[StrikeId]) -> Result<Vec<Strike>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| strikes::table.filter(strikes::id.among(ids)).select(Strike::as_select()).load(db))?)
}

/// The decisions about somebody, newest first.
///
/// # Errors
/// As the database's.
pub fn about(c: &mut Conn, target: AccountId, limit: i64) -> Result<Vec<Strike>> {
    Ok(each!(c, |db| strikes::table
        .filter(strikes::target_id.eq(target))
        .order(strikes::id.desc())
        .limit(limit)
        .select(Strike::as_select())
        .load(db))?)
}

/// Notes that a decision was taken back.
///
/// # Errors
/// As the database's.
pub fn overrule(c: &mut Conn, id: StrikeId, at: Moment) -> Result<()> {
    each!(c, |db| diesel::update(strikes::table.find(id)).set(strikes::overruled_at.eq(at)).execute(db))?;
    Ok(())
}

/// A new appeal.
///
/// # Errors
/// `Conflict` on `appeals.strike_id` when there is one.
pub fn insert_appeal(c: &mut Conn, row: &Appeal) -> Result<()> {
    each!(c, |db| diesel::insert_into(appeals::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// The appeals against these decisions, in no order.
///
/// # Errors
/// As the database's.
pub fn appeals_of(c: &mut Conn, ids: &[StrikeId]) -> Result<Vec<Appeal>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| appeals::table
        .filter(appeals::strike_id.among(ids))
        .select(Appeal::as_select())
        .load(db))?)
}

/// Appeals that nobody decided yet, the oldest first.
///
/// # Errors
/// As the database's.
pub fn open_appeals(c: &mut Conn, limit: i64) -> Result<Vec<Appeal>> {
    Ok(each!(c, |db| appeals::table
        .filter(appeals::decided_at.is_null())
        .order(appeals::id.asc())
        .limit(limit)
        .select(Appeal::as_select())
        .load(db))?)
}

/// One appeal.
///
/// # Errors
/// As the database's.
pub fn appeal(c: &mut Conn, id: AppealId) -> Result<Option<Appeal>> {
    Ok(each!(c, |db| appeals::table.find(id).select(Appeal::as_select()).first(db)).optional()?)
}

/// Decides an appeal; `false` when it was decided already.
///
/// # Errors
/// As the database's.
pub fn decide(
    c: &mut Conn,
    id: AppealId,
    is_approved: bool,
    by: Option<AccountId>,
    at: Moment,
) -> Result<bool> {
    Ok(each!(c, |db| diesel::update(
        appeals::table.filter(appeals::id.eq(id).and(appeals::decided_at.is_null()))
    )
    .set((appeals::decided_at.eq(at), appeals::is_approved.eq(is_approved), appeals::decided_by_id.eq(by),))
    .execute(db))?
        == 1)
}

/// A row of `warning_presets`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = warning_presets)]
pub struct Preset {
    pub id: i64,
    pub title: String,
    pub text: String,
}

/// A new text to choose from.
///
/// # Errors
/// As the database's.
pub fn insert_preset(c: &mut Conn, row: &Preset) -> Result<()> {
    each!(c, |db| diesel::insert_into(warning_presets::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// The texts to choose from, at most 500.
///
/// # Errors
/// As the database's.
pub fn presets(c: &mut Conn) -> Result<Vec<Preset>> {
    Ok(each!(c, |db| warning_presets::table
        .order(warning_presets::id.asc())
        .limit(500)
        .select(Preset::as_select())
        .load(db))?)
}

/// One of them.
///
/// # Errors
/// As the database's.
pub fn preset(c: &mut Conn, id: i64) -> Result<Option<Preset>> {
    Ok(each!(c, |db| warning_presets::table.find(id).select(Preset::as_select()).first(db)).optional()?)
}

/// Removes one; `false` when there was none.
///
/// # Errors
/// As the database's.
pub fn remove_preset(c: &mut Conn, id: i64) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(warning_presets::table.find(id)).execute(db))? == 1)
}
