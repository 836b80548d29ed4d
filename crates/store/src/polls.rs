//! Polls, their options, and who voted for what. A vote is a row that exists once, so counts cannot drift. Of a remote poll
//! the author's server counts; what was voted here since it was heard last is added. Use cases: `domain::polls`.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt};
use parvis_model::ids::{AccountId, PollId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{accounts, poll_options, poll_voters, poll_votes, polls};
use crate::{Conn, Result};

/// A row of `polls`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = polls, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Poll {
    pub id: PollId,
    pub status_id: StatusId,
    pub is_multiple: bool,
    /// Numbers show only when it has ended.
    pub hides_totals: bool,
    /// `None`: open without end.
    pub expires_at: Option<Moment>,
    /// People who voted, as the author's server counted.
    pub remote_voters: Option<i64>,
    /// When the author's server was heard last; `None` for our own.
    pub fetched_at: Option<Moment>,
}

/// A row of `poll_options`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = poll_options)]
pub struct PollOption {
    pub poll_id: PollId,
    pub position: i16,
    pub title: String,
    /// Votes, as the author's server counted.
    pub remote_votes: i64,
}

/// A new poll.
///
/// # Errors
/// `Conflict` when the post has one.
pub fn insert(c: &mut Conn, poll: &Poll) -> Result<()> {
    each!(c, |db| diesel::insert_into(polls::table).values(poll.clone()).execute(db))?;
    Ok(())
}

/// The options of a new poll.
///
/// # Errors
/// As the database's.
pub fn insert_options(c: &mut Conn, options: &[PollOption]) -> Result<()> {
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(poll_options::table).values(options).execute(db))?;
    Ok(())
}

/// Writes all columns of an existing poll.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, poll: &Poll) -> Result<()> {
    each!(c, |db| diesel::update(polls::table.find(poll.id)).set(poll.clone()).execute(db))?;
    Ok(())
}

/// Writes what the author's server counted for one option.
///
/// # Errors
/// As the database's.
pub fn set_remote_votes(c: &mut Conn, poll: PollId, position: i16, votes: i64) -> Result<()> {
    each!(c, |db| diesel::update(poll_options::table.find((poll, position)))
        .set(poll_options::remote_votes.eq(votes))
        .execute(db))?;
    Ok(())
}

/// Removes a poll with its votes.
///
/// # Errors
/// As the database's.
pub fn delete(c: &mut Conn, id: PollId) -> Result<()> {
    each!(c, |db| diesel::delete(polls::table.find(id)).execute(db))?;
    Ok(())
}

/// One poll.
///
/// # Errors
/// As the database's.
pub fn by_id(c: &mut Conn, id: PollId) -> Result<Option<Poll>> {
    Ok(each!(c, |db| polls::table.find(id).select(Poll::as_select()).first(db)).optional()?)
}

/// The poll of a post.
///
/// # Errors
/// As the database's.
pub fn of_status(c: &mut Conn, status: StatusId) -> Result<Option<Poll>> {
    Ok(each!(c, |db| polls::table.filter(polls::status_id.eq(status)).select(Poll::as_select()).first(db))
        .optional()?)
}

/// The options of a poll, in order.
///
/// # Errors
/// As the database's.
pub fn options_of(c: &mut Conn, poll: PollId) -> Result<Vec<PollOption>> {
    Ok(each!(c, |db| poll_options::table
        .filter(poll_options::poll_id.eq(poll))
        .order(poll_options::position.asc())
        .select(PollOption::as_select())
        .load(db))?)
}

/// The polls of many posts with their options in order, in one statement.
///
/// # Errors
/// As the database's.
pub fn of_statuses(c: &mut Conn, statuses: &[StatusId]) -> Result<Vec<(Poll, PollOption)>> {
    Ok(each!(c, |db| polls::table
        .inner_join(poll_options::table)
        .filter(polls::status_id.among(statuses))
        .order((polls::id.asc(), poll_options::position.asc()))
        .select((Poll::as_select(), PollOption::as_select()))
        .load(db))?)
}

/// Lets somebody vote while the poll is open; `false` when it is over or they are among the voters already. One statement decides (threats V1, V3, V4).
///
/// # Errors
/// As the database's.
pub fn open_to(c: &mut Conn, poll: PollId, voter: AccountId, now: Moment) -> Result<bool> {
    // Numbers only, so their text is safe in the query.
    let now = now.0;
    let added = each!(c, |db| diesel::sql_query(format!(
        "INSERT INTO poll_voters (poll_id, account_id, created_at) SELECT id, {voter}, {now} FROM polls \
         WHERE id = {poll} AND (expires_at IS NULL OR expires_at > {now}) ON CONFLICT DO NOTHING"
    ))
    .execute(db))?;
    Ok(added == 1)
}

/// Adds votes; those that are there stay as they are. Returns how many are new.
///
/// # Errors
/// As the database's.
pub fn add_votes(
    c: &mut Conn,
    poll: PollId,
    voter: AccountId,
    positions: &[i16],
    now: Moment,
) -> Result<usize> {
    let rows: Vec<_> = positions
        .iter()
        .map(|p| {
            (
                poll_votes::poll_id.eq(poll),
                poll_votes::account_id.eq(voter),
                poll_votes::position.eq(*p),
                poll_votes::created_at.eq(now),
            )
        })
        .collect();
    Ok(each!(c.db(), |db| diesel::insert_into(poll_votes::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(db))?)
}

/// Whether somebody voted.
///
/// # Errors
/// As the database's.
pub fn has_voted(c: &mut Conn, poll: PollId, account: AccountId) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(poll_voters::table.find((poll, account))))
        .get_result(db))?)
}

/// What somebody voted for, in order.
///
/// # Errors
/// As the database's.
pub fn votes_of(c: &mut Conn, poll: PollId, account: AccountId) -> Result<Vec<i16>> {
    Ok(each!(c, |db| poll_votes::table
        .filter(poll_votes::poll_id.eq(poll).and(poll_votes::account_id.eq(account)))
        .order(poll_votes::position.asc())
        .select(poll_votes::position)
        .load(db))?)
}

/// Some of the people of this town who voted, by id, after one.
///
/// # Errors
/// As the database's.
pub fn local_voters(c: &mut Conn, poll: PollId, after: AccountId, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| poll_voters::table
        .inner_join(accounts::table)
        .filter(poll_voters::poll_id.eq(poll).and(poll_voters::account_id.gt(after)))
        .filter(accounts::host.eq(""))
        .order(poll_voters::account_id.asc())
        .select(poll_voters::account_id)
        .limit(limit)
        .load(db))?)
}

/// People elsewhere who voted, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn remote_voters(c: &mut Conn, poll: PollId, limit: i64) -> Result<Vec<AccountId>> {
    Ok(each!(c, |db| poll_voters::table
        .inner_join(accounts::table)
        .filter(poll_voters::poll_id.eq(poll).and(accounts::host.ne("")))
        .order(poll_voters::account_id.asc())
        .select(poll_voters::account_id)
        .limit(limit)
        .load(db))?)
}

/// What was counted here of one poll.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Votes by position, those that are not zero.
    pub votes: HashMap<i16, i64>,
    pub voters: i64,
}

#[derive(QueryableByName)]
struct TallyRow {
    #[diesel(sql_type = SmallInt)]
    what: i16,
    #[diesel(sql_type = BigInt)]
    poll_id: i64,
    #[diesel(sql_type = SmallInt)]
    position: i16,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Counts of the polls of many posts, in one statement. Polls without votes have none. Who voted for what is read in [`crate::pages::readers`].
///
/// # Errors
/// As the database's.
pub fn tallies(c: &mut Conn, statuses: &[StatusId]) -> Result<HashMap<PollId, Tally>> {
    if statuses.is_empty() {
        return Ok(HashMap::new());
    }
    // Ids are numbers, so their text is safe in the query. What the author's server has heard of is in its own numbers.
    let list = statuses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let small = |n: i16| format!("CAST({n} AS SMALLINT)");
    let (votes, voters, none) = (small(0), small(1), small(0));
    let of = "JOIN polls p ON p.id = v.poll_id";
    let here = format!("p.status_id IN ({list}) AND (p.fetched_at IS NULL OR v.created_at > p.fetched_at)");
    let rows: Vec<TallyRow> = each!(c, |db| {
        diesel::sql_query(format!(
        "SELECT {votes} AS what, v.poll_id AS poll_id, v.position AS position, COUNT(*) AS n FROM poll_votes v {of} WHERE {here} GROUP BY v.poll_id, v.position \
         UNION ALL SELECT {voters}, v.poll_id, {none}, COUNT(*) FROM poll_voters v {of} WHERE {here} GROUP BY v.poll_id"
    )).load(db)
    })?;
    let mut out: HashMap<PollId, Tally> = HashMap::new();
    for row in rows {
        let tally = out.entry(PollId(row.poll_id)).or_default();
        if row.what == 0 {
            tally.votes.insert(row.position, row.n);
        } else {
            tally.voters = row.n;
        }
    }
    Ok(out)
}
