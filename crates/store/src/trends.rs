//! What many people use: counting it, keeping the result, and what staff think of it. Use cases: `domain::trends`.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use parvis_model::ids::StatusId;
use parvis_model::time::{DAY, Moment};
use parvis_model::trend::TrendKind;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{trend_days, trend_publishers, trend_reviews, trends};
use crate::{Conn, Result};

/// How something was used on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName, Queryable)]
pub struct Use {
    #[diesel(sql_type = BigInt)]
    pub subject: i64,
    /// Counted from 1970.
    #[diesel(sql_type = BigInt)]
    pub day: i64,
    /// Different accounts.
    #[diesel(sql_type = BigInt)]
    pub accounts: i64,
    #[diesel(sql_type = BigInt)]
    pub uses: i64,
}

/// Uses by day of what public posts from `since` on have, at most `limit` lines, those of the most people first. Of hashtags and links, who
/// posted them; of posts, who favourited and boosted them, their author left out.
///
/// # Errors
/// As the database's.
pub fn uses(c: &mut Conn, kind: TrendKind, since: StatusId, limit: i64) -> Result<Vec<Use>> {
    let posted = |table: &str, subject: &str| {
        format!(
            "SELECT x.{subject} AS subject, s.created_at / {DAY} AS day, COUNT(DISTINCT s.account_id) AS accounts, COUNT(*) AS uses \
             FROM {table} x JOIN statuses s ON s.id = x.status_id JOIN accounts a ON a.id = s.account_id \
             WHERE s.id >= {since} AND s.visibility = 0 AND a.suspended_at IS NULL GROUP BY x.{subject}, s.created_at / {DAY}"
        )
    };
    let query = match kind {
        TrendKind::Tag => posted("status_tags", "tag_id"),
        TrendKind::Link => posted("status_cards", "card_id"),
        TrendKind::Status => format!(
            "SELECT u.subject AS subject, u.day AS day, COUNT(DISTINCT u.who) AS accounts, COUNT(*) AS uses FROM \
             (SELECT status_id AS subject, created_at / {DAY} AS day, account_id AS who FROM favourites WHERE status_id >= {since} \
             UNION ALL SELECT boost_of_id, created_at / {DAY}, account_id FROM statuses WHERE boost_of_id >= {since}) u \
             JOIN statuses s ON s.id = u.subject JOIN accounts a ON a.id = s.account_id \
             WHERE s.visibility = 0 AND s.boost_of_id IS NULL AND u.who <> s.account_id AND a.suspended_at IS NULL GROUP BY u.subject, u.day"
        ),
    };
    Ok(each!(c, |db| diesel::sql_query(format!("{query} ORDER BY accounts DESC, subject LIMIT {limit}"))
        .load(db))?)
}

/// Replaces what trends of a kind: first the scores.
///
/// # Errors
/// As the database's.
pub fn clear(c: &mut Conn, kind: TrendKind) -> Result<()> {
    each!(c, |db| diesel::delete(trends::table.filter(trends::kind.eq(kind.code()))).execute(db))?;
    Ok(())
}

/// The days of what trended.
///
/// # Errors
/// As the database's.
pub fn clear_days(c: &mut Conn, kind: TrendKind) -> Result<()> {
    each!(c, |db| diesel::delete(trend_days::table.filter(trend_days::kind.eq(kind.code()))).execute(db))?;
    Ok(())
}

/// Writes what trends: (subject, score).
///
/// # Errors
/// As the database's.
pub fn write(c: &mut Conn, kind: TrendKind, found: &[(i64, f64)]) -> Result<()> {
    let rows: Vec<_> = found
        .iter()
        .map(|(subject, score)| {
            (trends::kind.eq(kind.code()), trends::subject.eq(*subject), trends::score.eq(*score))
        })
        .collect();
    if !rows.is_empty() {
        each!(c.db(), |db| diesel::insert_into(trends::table).values(&rows).execute(db))?;
    }
    Ok(())
}

/// Writes the days of what trends.
///
/// # Errors
/// As the database's.
pub fn write_days(c: &mut Conn, kind: TrendKind, days: &[Use]) -> Result<()> {
    let rows: Vec<_> = days
        .iter()
        .map(|d| {
            (
                trend_days::kind.eq(kind.code()),
                trend_days::subject.eq(d.subject),
                trend_days::day.eq(d.day),
                trend_days::accounts.eq(d.accounts),
                trend_days::uses.eq(d.uses),
            )
        })
        .collect();
    if !rows.is_empty() {
        each!(c.db(), |db| diesel::insert_into(trend_days::table).values(&rows).execute(db))?;
    }
    Ok(())
}

/// What trends, the most used first, and what staff think of it.
///
/// # Errors
/// As the database's.
pub fn of_kind(c: &mut Conn, kind: TrendKind) -> Result<Vec<(i64, Option<bool>)>> {
    Ok(each!(c, |db| trends::table
        .left_join(
            trend_reviews::table
                .on(trend_reviews::kind.eq(trends::kind).and(trend_reviews::subject.eq(trends::subject))),
        )
        .filter(trends::kind.eq(kind.code()))
        .order((trends::score.desc(), trends::subject.desc()))
        .select((trends::subject, trend_reviews::is_allowed.nullable()))
        .load(db))?)
}

/// How some of what trends was used, the latest day first.
///
/// # Errors
/// As the database's.
pub fn days_of(c: &mut Conn, kind: TrendKind, subjects: &[i64]) -> Result<Vec<Use>> {
    Ok(each!(c, |db| trend_days::table
        .filter(trend_days::kind.eq(kind.code()).and(trend_days::subject.among(subjects)))
        .order((trend_days::subject.asc(), trend_days::day.desc()))
        .select((trend_days::subject, trend_days::day, trend_days::accounts, trend_days::uses))
        .load(db))?)
}

/// Keeps what staff think of something.
///
/// # Errors
/// As the database's.
pub fn review(c: &mut Conn, kind: TrendKind, subject: i64, is_allowed: bool, at: Moment) -> Result<()> {
    let row = (
        trend_reviews::kind.eq(kind.code()),
        trend_reviews::subject.eq(subject),
        trend_reviews::is_allowed.eq(is_allowed),
        trend_reviews::created_at.eq(at),
    );
    each!(c.db(), |db| diesel::insert_into(trend_reviews::table)
        .values(row)
        .on_conflict((trend_reviews::kind, trend_reviews::subject))
        .do_update()
        .set((trend_reviews::is_allowed.eq(is_allowed), trend_reviews::created_at.eq(at)))
        .execute(db))?;
    Ok(())
}

/// What staff think of one thing.
///
/// # Errors
/// As the database's.
pub fn review_of(c: &mut Conn, kind: TrendKind, subject: i64) -> Result<Option<bool>> {
    Ok(each!(c, |db| trend_reviews::table
        .find((kind.code(), subject))
        .select(trend_reviews::is_allowed)
        .first(db))
    .optional()?)
}

/// What staff think of some: (subject, allowed).
///
/// # Errors
/// As the database's.
pub fn reviews_of(c: &mut Conn, kind: TrendKind, subjects: &[i64]) -> Result<Vec<(i64, bool)>> {
    Ok(each!(c, |db| trend_reviews::table
        .filter(trend_reviews::kind.eq(kind.code()).and(trend_reviews::subject.among(subjects)))
        .select((trend_reviews::subject, trend_reviews::is_allowed))
        .load(db))?)
}

/// Forgets what was thought of posts and links long ago: they are over.
///
/// # Errors
/// As the database's.
pub fn forget_reviews(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        trend_reviews::table
            .filter(trend_reviews::kind.ne(TrendKind::Tag.code()).and(trend_reviews::created_at.lt(before))),
    )
    .execute(db))?)
}

/// A site whose links trend or did.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = trend_publishers, treat_none_as_default_value = false)]
pub struct Publisher {
    pub id: i64,
    pub host: String,
    /// What staff think of all its links.
    pub is_allowed: Option<bool>,
    pub created_at: Moment,
}

/// Adds a site, unless it is known.
///
/// # Errors
/// As the database's.
pub fn add_publisher(c: &mut Conn, row: &Publisher) -> Result<()> {
    each!(c, |db| diesel::insert_into(trend_publishers::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Known sites, the last first, at most 1,000.
///
/// # Errors
/// As the database's.
pub fn publishers(c: &mut Conn) -> Result<Vec<Publisher>> {
    Ok(each!(c, |db| trend_publishers::table
        .order(trend_publishers::id.desc())
        .limit(1_000)
        .select(Publisher::as_select())
        .load(db))?)
}

/// Keeps what staff think of a site; `None` when there is no such site.
///
/// # Errors
/// As the database's.
pub fn review_publisher(c: &mut Conn, id: i64, is_allowed: bool) -> Result<Option<Publisher>> {
    let changed = each!(c, |db| diesel::update(trend_publishers::table.find(id))
        .set(trend_publishers::is_allowed.eq(is_allowed))
        .execute(db))?;
    if changed == 0 {
        return Ok(None);
    }
    Ok(each!(c, |db| trend_publishers::table.find(id).select(Publisher::as_select()).first(db)).optional()?)
}
