//! Activities that came in: stored before they are answered with 202, worked through by lease. Use cases: `domain::inbound`.

use diesel::prelude::*;
use parvis_model::ids::InboundId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::inbound;
use crate::{Conn, Result};

/// Waits to be worked on.
pub const WAITING: i16 = 0;
/// Had its effect, or was dropped; the row stays so that a repetition is recognised.
pub const DONE: i16 = 1;
/// Failed too often; stays for the operator to look at and holds up nobody.
pub const PARKED: i16 = 2;

/// An activity as it came.
#[derive(Clone, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = inbound)]
pub struct Arrival {
    /// Who signed.
    pub actor_uri: String,
    pub activity_uri: String,
    /// The actor's `host[:port]`.
    pub host: String,
    /// Exactly the bytes that were signed.
    pub body: Vec<u8>,
    pub received_at: Moment,
    pub run_at: Moment,
}

/// An activity to work on.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Inbound {
    pub id: InboundId,
    pub actor_uri: String,
    pub activity_uri: String,
    pub body: Vec<u8>,
    pub attempts: i32,
}

/// Stores an activity; `false` when this actor sent this activity before (threats R6, O13).
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, row: &Arrival) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(inbound::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Whether this actor sent this activity before.
///
/// # Errors
/// As the database's.
pub fn is_known(c: &mut Conn, actor_uri: &str, activity_uri: &str) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        inbound::table.filter(inbound::actor_uri.eq(actor_uri).and(inbound::activity_uri.eq(activity_uri))),
    ))
    .get_result(db))?)
}

/// Takes up to `limit` due rows until `leased_until`, none of which has an older unfinished row of the same actor. Run it in
/// `Database::claim`.
///
/// # Errors
/// As the database's.
pub fn claim(c: &mut Conn, limit: i64, leased_until: Moment) -> Result<Vec<Inbound>> {
    let now = c.now();
    let older = diesel::alias!(inbound as older);
    let due = inbound::table
        .filter(inbound::state.eq(WAITING).and(inbound::run_at.le(now)))
        .filter(inbound::leased_until.is_null().or(inbound::leased_until.lt(now).assume_not_null()))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            older
                .filter(older.field(inbound::actor_uri).eq(inbound::actor_uri))
                .filter(older.field(inbound::state).eq(WAITING))
                .filter(older.field(inbound::id).lt(inbound::id)),
        )))
        .order((inbound::run_at.asc(), inbound::id.asc()))
        .limit(limit)
        .select((inbound::id, inbound::actor_uri, inbound::activity_uri, inbound::body, inbound::attempts));
    // each!: SKIP LOCKED is PostgreSQL's; SQLite has one writer.
    let found: Vec<Inbound> =
        each!(c.db(), pg | db | due.for_update().skip_locked().load(db), sqlite | db | due.load(db))?;
    let ids: Vec<InboundId> = found.iter().map(|row| row.id).collect();
    if !ids.is_empty() {
        each!(c, |db| diesel::update(inbound::table.filter(inbound::id.among(&ids)))
            .set(inbound::leased_until.eq(leased_until))
            .execute(db))?;
    }
    Ok(found)
}

/// Marks a row as done and forgets its bytes; `false` when somebody else did, so that nothing takes effect twice.
///
/// # Errors
/// As the database's.
pub fn finish(c: &mut Conn, id: InboundId) -> Result<bool> {
    Ok(each!(c, |db| diesel::update(
        inbound::table.filter(inbound::id.eq(id).and(inbound::state.eq(WAITING)))
    )
    .set((
        inbound::state.eq(DONE),
        inbound::leased_until.eq(None::<Moment>),
        inbound::body.eq(Vec::<u8>::new()),
    ))
    .execute(db))?
        == 1)
}

/// Puts a row back for later, or parks it.
///
/// # Errors
/// As the database's.
pub fn put_back(c: &mut Conn, id: InboundId, run_at: Moment, problem: &str, is_parked: bool) -> Result<()> {
    each!(c, |db| diesel::update(inbound::table.filter(inbound::id.eq(id).and(inbound::state.eq(WAITING))))
        .set((
            inbound::attempts.eq(inbound::attempts + 1),
            inbound::run_at.eq(run_at),
            inbound::leased_until.eq(None::<Moment>),
            inbound::state.eq(if is_parked { PARKED } else { WAITING }),
            inbound::problem.eq(problem.chars().take(1_000).collect::<String>()),
        ))
        .execute(db))?;
    Ok(())
}

/// Gives leased rows back at once, at an orderly stop (threats R17).
///
/// # Errors
/// As the database's.
pub fn release(c: &mut Conn, ids: &[InboundId]) -> Result<()> {
    each!(c, |db| diesel::update(inbound::table.filter(inbound::id.among(ids)))
        .set(inbound::leased_until.eq(None::<Moment>))
        .execute(db))?;
    Ok(())
}

/// Gives back what a process held that was killed. Only for a process that knows that no other works on this database (threats R5).
///
/// # Errors
/// As the database's.
pub fn release_all(c: &mut Conn) -> Result<usize> {
    Ok(each!(c, |db| diesel::update(inbound::table.filter(inbound::leased_until.is_not_null()))
        .set(inbound::leased_until.eq(None::<Moment>))
        .execute(db))?)
}

/// How many rows are in a state.
///
/// # Errors
/// As the database's.
pub fn count(c: &mut Conn, state: i16) -> Result<i64> {
    Ok(each!(c, |db| inbound::table.filter(inbound::state.eq(state)).count().get_result(db))?)
}

/// When the next row is due, leases left aside.
///
/// # Errors
/// As the database's.
pub fn next_due(c: &mut Conn) -> Result<Option<Moment>> {
    Ok(each!(c, |db| inbound::table
        .filter(inbound::state.eq(WAITING))
        .order((inbound::run_at.asc(), inbound::id.asc()))
        .select(inbound::run_at)
        .first(db))
    .optional()?)
}

/// Forgets finished rows received before `before`.
///
/// # Errors
/// As the database's.
pub fn forget(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        inbound::table.filter(inbound::received_at.lt(before).and(inbound::state.ne(WAITING)))
    )
    .execute(db))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::testing::{START, both};

    fn arrival(actor: &str, activity: &str) -> Arrival {
        Arrival {
            actor_uri: format!("https://away.example/{actor}"),
            activity_uri: format!("https://away.example/{activity}"),
            host: "away.example".to_owned(),
            body: b"{}".to_vec(),
            received_at: START,
            run_at: START,
        }
    }

    #[tokio::test]
    async fn r6_the_same_activity_of_the_same_actor_is_stored_once() {
        both(|db| async move {
            let stored = db
                .write(|tx| {
                    let first = insert(tx, &arrival("bea", "1"))?;
                    let again = insert(tx, &arrival("bea", "1"))?;
                    // The id alone is no key: somebody else could poison it (threats O13).
                    let other = insert(tx, &arrival("bob", "1"))?;
                    Ok::<_, Error>([first, again, other])
                })
                .await
                .expect("written");
            assert_eq!(stored, [true, false, true]);
        })
        .await;
    }

    #[tokio::test]
    async fn an_actors_activities_are_claimed_one_after_the_other_and_parked_ones_hold_up_nobody() {
        both(|db| async move {
            db.write(|tx| {
                for (actor, activity) in [("bea", "1"), ("bea", "2"), ("bob", "3")] {
                    insert(tx, &arrival(actor, activity))?;
                }
                Ok::<_, Error>(())
            })
            .await
            .expect("written");
            let lease = START.plus(60_000);
            let claimed = db.claim(move |tx| claim(tx, 10, lease)).await.expect("claimed");
            let names: Vec<&str> = claimed.iter().map(|r| r.activity_uri.as_str()).collect();
            assert_eq!(names, ["https://away.example/1", "https://away.example/3"]);
            assert!(db.claim(move |tx| claim(tx, 10, lease)).await.expect("claimed").is_empty(), "leased");
            let first = claimed[0].id;
            db.write(move |tx| put_back(tx, first, START, "no", true)).await.expect("parked");
            let next = db.claim(move |tx| claim(tx, 10, lease)).await.expect("claimed");
            assert_eq!(next.len(), 1);
            assert_eq!(next[0].activity_uri, "https://away.example/2");
            let second = next[0].id;
            let done = db
                .write(move |tx| Ok::<_, Error>([finish(tx, second)?, finish(tx, second)?]))
                .await
                .expect("finished");
            assert_eq!(done, [true, false], "only one worker finishes a row");
        })
        .await;
    }

    #[tokio::test]
    async fn a_lease_that_ran_out_is_given_to_somebody_else() {
        both(|db| async move {
            db.write(|tx| insert(tx, &arrival("bea", "1"))).await.expect("written");
            let lease = START.plus(1_000);
            assert_eq!(db.claim(move |tx| claim(tx, 10, lease)).await.expect("claimed").len(), 1);
            db.clock.advance(1_001);
            assert_eq!(db.claim(move |tx| claim(tx, 10, lease)).await.expect("claimed").len(), 1);
        })
        .await;
    }
}
