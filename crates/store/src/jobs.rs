//! The job queue's rows. The engine is the `jobs` crate; a job is added in the transaction that needs it, so that it is neither lost nor premature.

use diesel::prelude::*;
use parvis_model::ids::JobId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::jobs;
use crate::{Conn, Result};

/// Waiting to run.
pub const WAITING: i16 = 0;
/// Failed too often; stays for the operator to look at.
pub const PARKED: i16 = 2;

/// A row of `jobs`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Job {
    pub id: JobId,
    /// The job's name, such as `home.fan_out`.
    pub kind: String,
    /// JSON.
    pub payload: String,
    pub attempts: i32,
    pub run_at: Moment,
}

/// Adds a job. With a unique key, a waiting job of the same key stays the only one; `false` then.
///
/// # Errors
/// As the database's.
pub fn enqueue(
    c: &mut Conn,
    kind: &str,
    payload: &str,
    unique_key: Option<&str>,
    run_at: Moment,
) -> Result<bool> {
    let now = c.now();
    Ok(each!(c, |db| diesel::insert_into(jobs::table)
        .values((
            jobs::kind.eq(kind),
            jobs::payload.eq(payload),
            jobs::unique_key.eq(unique_key),
            jobs::run_at.eq(run_at),
            jobs::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Takes up to `limit` due jobs until `leased_until`; nobody else gets them before that. Run it in `Database::claim`.
///
/// A job whose lease ran out was taken by somebody who died over it: that counts as an attempt.
///
/// # Errors
/// As the database's.
pub fn claim(c: &mut Conn, limit: i64, leased_until: Moment) -> Result<Vec<Job>> {
    let now = c.now();
    let due = jobs::table
        .filter(jobs::state.eq(WAITING).and(jobs::run_at.le(now)))
        .filter(jobs::leased_until.is_null().or(jobs::leased_until.lt(now).assume_not_null()))
        .order((jobs::run_at.asc(), jobs::id.asc()))
        .limit(limit)
        .select((
            (jobs::id, jobs::kind, jobs::payload, jobs::attempts, jobs::run_at),
            jobs::leased_until.is_not_null(),
        ));
    // each!: SKIP LOCKED is PostgreSQL's; SQLite has one writer.
    let found: Vec<(Job, bool)> =
        each!(c.db(), pg | db | due.for_update().skip_locked().load(db), sqlite | db | due.load(db))?;
    for was_lost in [false, true] {
        let ids: Vec<JobId> = found.iter().filter(|f| f.1 == was_lost).map(|f| f.0.id).collect();
        if !ids.is_empty() {
            each!(c, |db| diesel::update(jobs::table.filter(jobs::id.among(&ids)))
                .set((
                    jobs::leased_until.eq(leased_until),
                    jobs::attempts.eq(jobs::attempts + i32::from(was_lost)),
                ))
                .execute(db))?;
        }
    }
    Ok(found
        .into_iter()
        .map(|(job, was_lost)| Job { attempts: job.attempts + i32::from(was_lost), ..job })
        .collect())
}

/// Removes a finished job.
///
/// # Errors
/// As the database's.
pub fn finish(c: &mut Conn, id: JobId) -> Result<()> {
    each!(c, |db| diesel::delete(jobs::table.find(id)).execute(db))?;
    Ok(())
}

/// A job is done, or not wanted any more, before anybody took it: by its unique key.
///
/// # Errors
/// As the database's.
pub fn finish_by_key(c: &mut Conn, unique_key: &str) -> Result<()> {
    each!(c, |db| diesel::delete(jobs::table.filter(jobs::unique_key.eq(unique_key))).execute(db))?;
    Ok(())
}

/// A job goes on with another payload, as if it were new.
///
/// # Errors
/// As the database's.
pub fn go_on(c: &mut Conn, id: JobId, payload: &str, run_at: Moment) -> Result<()> {
    each!(c, |db| diesel::update(jobs::table.find(id))
        .set((
            jobs::payload.eq(payload),
            jobs::run_at.eq(run_at),
            jobs::attempts.eq(0),
            jobs::leased_until.eq(None::<Moment>),
        ))
        .execute(db))?;
    Ok(())
}

/// Puts a failed job back for later, or parks it.
///
/// # Errors
/// As the database's.
pub fn put_back(c: &mut Conn, id: JobId, run_at: Moment, problem: &str, is_parked: bool) -> Result<()> {
    each!(c, |db| diesel::update(jobs::table.find(id))
        .set((
            jobs::attempts.eq(jobs::attempts + 1),
            jobs::run_at.eq(run_at),
            jobs::leased_until.eq(None::<Moment>),
            jobs::state.eq(if is_parked { PARKED } else { WAITING }),
            jobs::problem.eq(problem.chars().take(1_000).collect::<String>()),
        ))
        .execute(db))?;
    Ok(())
}

/// Gives leased jobs back at once, at an orderly stop (threats R17).
///
/// # Errors
/// As the database's.
pub fn release(c: &mut Conn, ids: &[JobId]) -> Result<()> {
    each!(c, |db| diesel::update(jobs::table.filter(jobs::id.among(ids)))
        .set(jobs::leased_until.eq(None::<Moment>))
        .execute(db))?;
    Ok(())
}

/// Gives back what a process held that was killed. Only for a process that knows that no other works on this database (threats R5).
///
/// # Errors
/// As the database's.
pub fn release_all(c: &mut Conn) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(jobs::table.filter(jobs::leased_until.is_not_null()))
        .set(jobs::leased_until.eq(None::<Moment>))
        .execute(db))?)
}

/// When the next job is due that nobody has taken.
///
/// # Errors
/// As the database's.
pub fn next_due(c: &mut Conn) -> Result<Option<Moment>> {
    let now = c.now();
    Ok(each!(c, |db| jobs::table
        .filter(jobs::state.eq(WAITING))
        .filter(jobs::leased_until.is_null().or(jobs::leased_until.lt(now).assume_not_null()))
        .order(jobs::run_at.asc())
        .select(jobs::run_at)
        .first(db))
    .optional()?)
}

/// How many wait and how many are parked.
///
/// # Errors
/// As the database's.
pub fn count(c: &mut Conn, state: i16) -> Result<i64> {
    Ok(each!(c, |db| jobs::table.filter(jobs::state.eq(state)).count().get_result(db))?)
}

/// Parked jobs and why, oldest first.
///
/// # Errors
/// As the database's.
pub fn parked(c: &mut Conn, limit: i64) -> Result<Vec<(Job, String)>> {
    let rows: Vec<(Job, Option<String>)> = each!(c, |db| jobs::table
        .filter(jobs::state.eq(PARKED))
        .order(jobs::id.asc())
        .limit(limit)
        .select((Job::as_select(), jobs::problem))
        .load(db))?;
    Ok(rows.into_iter().map(|(job, problem)| (job, problem.unwrap_or_default())).collect())
}
