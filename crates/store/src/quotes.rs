//! Posts that quote posts, and who may quote a post. How often a post is quoted is counted in [`crate::reactions`]. Use cases: `domain::quotes`.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::{Groups, QuotePolicy, QuoteState};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{quote_policies, quotes, statuses};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `quotes`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = quotes, primary_key(status_id), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Quote {
    /// The post that quotes.
    pub status_id: StatusId,
    /// Its author.
    pub account_id: AccountId,
    /// What it quotes; `None` while that is unknown here, and after it was deleted.
    pub quoted_id: Option<StatusId>,
    pub quoted_uri: String,
    pub quoted_account_id: Option<AccountId>,
    /// [`QuoteState::code`].
    pub state: i16,
    /// The QuoteRequest's id.
    pub request_uri: Option<String>,
    /// The QuoteAuthorization's id.
    pub approval_uri: Option<String>,
    pub created_at: Moment,
}

impl Quote {
    /// How far it has come.
    #[must_use]
    pub const fn state(&self) -> QuoteState {
        QuoteState::from_code(self.state)
    }
}

/// Adds a quote.
///
/// # Errors
/// `Conflict` when the post quotes already.
pub fn insert(c: &mut Conn, quote: &Quote) -> Result<()> {
    each!(c, |db| diesel::insert_into(quotes::table).values(quote.clone()).execute(db))?;
    Ok(())
}

/// Writes all columns of a row.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, quote: &Quote) -> Result<()> {
    each!(c, |db| diesel::update(quotes::table.find(quote.status_id)).set(quote.clone()).execute(db))?;
    Ok(())
}

/// Removes what a post quotes.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, status: StatusId) -> Result<()> {
    each!(c, |db| diesel::delete(quotes::table.find(status)).execute(db))?;
    Ok(())
}

/// What a post quotes.
///
/// # Errors
/// As the database's.
pub fn of_status(c: &mut Conn, status: StatusId) -> Result<Option<Quote>> {
    Ok(each!(c, |db| quotes::table.find(status).select(Quote::as_select()).first(db)).optional()?)
}

/// What many posts quote.
///
/// # Errors
/// As the database's.
pub fn of_statuses(c: &mut Conn, statuses: &[StatusId]) -> Result<Vec<Quote>> {
    if statuses.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| quotes::table
        .filter(quotes::status_id.among(statuses))
        .select(Quote::as_select())
        .load(db))?)
}

/// By the id of the QuoteRequest.
///
/// # Errors
/// As the database's.
pub fn by_request(c: &mut Conn, uri: &str) -> Result<Option<Quote>> {
    Ok(each!(c, |db| quotes::table.filter(quotes::request_uri.eq(uri)).select(Quote::as_select()).first(db))
        .optional()?)
}

/// By the id of the QuoteAuthorization.
///
/// # Errors
/// As the database's.
pub fn by_approval(c: &mut Conn, uri: &str) -> Result<Option<Quote>> {
    Ok(each!(c, |db| quotes::table.filter(quotes::approval_uri.eq(uri)).select(Quote::as_select()).first(db))
        .optional()?)
}

/// The posts that quote a post with its author's consent.
///
/// # Errors
/// As the database's.
pub fn accepted_of(c: &mut Conn, quoted: StatusId, range: Range) -> Result<Vec<StatusId>> {
    let mut query = quotes::table
        .filter(quotes::quoted_id.eq(quoted).and(quotes::state.eq(QuoteState::Accepted.code())))
        .select(quotes::status_id)
        .limit(range.limit)
        .into_boxed();
    keyset!(query, quotes::status_id, range, StatusId);
    Ok(range.in_order(query.load(c.db())?))
}

/// Accounts of this town that quote a post with its author's consent, each once.
///
/// # Errors
/// As the database's.
pub fn local_quoters(c: &mut Conn, quoted: StatusId, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| quotes::table
        .inner_join(statuses::table.on(statuses::id.eq(quotes::status_id)))
        .filter(quotes::quoted_id.eq(quoted).and(quotes::state.eq(QuoteState::Accepted.code())))
        .filter(statuses::is_local.eq(true))
        .select(quotes::account_id)
        .distinct()
        .limit(limit)
        .load(db))?)
}

/// Says who may quote a post.
///
/// # Errors
/// As the database's.
pub fn set_policy(c: &mut Conn, status: StatusId, policy: QuotePolicy) -> Result<()> {
    let row = (
        quote_policies::status_id.eq(status),
        quote_policies::automatic.eq(policy.automatic.0),
        quote_policies::manual.eq(policy.manual.0),
    );
    each!(c, |db| diesel::insert_into(quote_policies::table)
        .values(row)
        .on_conflict(quote_policies::status_id)
        .do_update()
        .set((quote_policies::automatic.eq(policy.automatic.0), quote_policies::manual.eq(policy.manual.0)))
        .execute(db))?;
    Ok(())
}

/// Who may quote these posts; those without a row are left out.
///
/// # Errors
/// As the database's.
pub fn policies_of(c: &mut Conn, statuses: &[StatusId]) -> Result<Vec<(StatusId, QuotePolicy)>> {
    let rows: Vec<(StatusId, i16, i16)> = each!(c, |db| quote_policies::table
        .filter(quote_policies::status_id.among(statuses))
        .select((quote_policies::status_id, quote_policies::automatic, quote_policies::manual))
        .load(db))?;
    let policy = |automatic, manual| QuotePolicy { automatic: Groups(automatic), manual: Groups(manual) };
    Ok(rows.into_iter().map(|(id, automatic, manual)| (id, policy(automatic, manual))).collect())
}
