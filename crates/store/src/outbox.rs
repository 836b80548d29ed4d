//! Activities on their way out: one row per activity, its explicit recipients, and the gap-free number that readers go by. Use cases:
//! `domain::outbox`; what is known of each recipient's server: [`crate::peers`].
//!
//! On SQLite the one writer numbers a row as it is inserted. On PostgreSQL a transaction that took a lower id may commit later, so rows are
//! numbered once they are committed ([`number`]); whoever reads says `seq > cursor ORDER BY seq` and misses nothing.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use parvis_model::ids::{AccountId, OutboxId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{outbox, outbox_inboxes};
use crate::{Conn, Result};

/// The advisory lock of the one that numbers; any number that nothing else in this database uses.
const NUMBERING: i64 = 0x7061_7276_6973;

/// The highest number, with the native connection.
macro_rules! highest_seq_of {
    ($db:ident) => {
        outbox::table
            .filter(outbox::seq.is_not_null())
            .order(outbox::seq.desc())
            .select(outbox::seq.assume_not_null())
            .first::<i64>($db)
            .optional()?
            .unwrap_or(0)
    };
}

/// A new row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    pub uri: String,
    pub actor: AccountId,
    /// The activity's type.
    pub kind: String,
    pub object_uri: Option<String>,
    pub body: String,
    pub followers_of: Option<AccountId>,
    pub as_of: Option<OutboxId>,
}

/// Adds a row. It is numbered at once on SQLite and by [`number`] on PostgreSQL.
///
/// # Errors
/// `Conflict` when there is an activity of this id.
pub fn insert(c: &mut Conn, row: NewRow) -> Result<OutboxId> {
    let now = c.now();
    // each!: only SQLite's one writer may number rows before they are committed.
    let seq: Option<i64> = each!(c, pg | _db | None, sqlite | db | Some(highest_seq_of!(db) + 1));
    Ok(each!(c, |db| diesel::insert_into(outbox::table)
        .values((
            outbox::seq.eq(seq),
            outbox::uri.eq(row.uri),
            outbox::actor_id.eq(row.actor),
            outbox::kind.eq(row.kind),
            outbox::object_uri.eq(row.object_uri),
            outbox::body.eq(row.body),
            outbox::followers_of.eq(row.followers_of),
            outbox::as_of.eq(row.as_of),
            outbox::created_at.eq(now),
        ))
        .returning(outbox::id)
        .get_result(db))?)
}

/// Adds explicit recipients to a row: (host, inbox).
///
/// # Errors
/// As the database's.
pub fn add_inboxes(c: &mut Conn, id: OutboxId, inboxes: &[(String, String)]) -> Result<()> {
    // 300 rows of 3 values stay below SQLite's limit of bound values.
    for some in inboxes.chunks(300) {
        let rows: Vec<_> = some
            .iter()
            .map(|(host, inbox)| {
                (
                    outbox_inboxes::outbox_id.eq(id),
                    outbox_inboxes::host.eq(host),
                    outbox_inboxes::inbox.eq(inbox),
                )
            })
            .collect();
        each!(c, |db| diesel::insert_into(outbox_inboxes::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(db))?;
    }
    Ok(())
}

/// The first row about an object: the one that brought it into being.
///
/// # Errors
/// As the database's.
pub fn first_about(c: &mut Conn, object_uri: &str) -> Result<Option<OutboxId>> {
    Ok(each!(c, |db| outbox::table
        .filter(outbox::object_uri.eq(object_uri))
        .order(outbox::id.asc())
        .select(outbox::id)
        .first(db))
    .optional()?)
}

/// Everybody to whom rows about an object went explicitly: (host, inbox).
///
/// # Errors
/// As the database's.
pub fn inboxes_about(c: &mut Conn, object_uri: &str) -> Result<Vec<(String, String)>> {
    Ok(each!(c, |db| outbox_inboxes::table
        .inner_join(outbox::table.on(outbox::id.eq(outbox_inboxes::outbox_id)))
        .filter(outbox::object_uri.eq(object_uri))
        .select((outbox_inboxes::host, outbox_inboxes::inbox))
        .distinct()
        .load(db))?)
}

/// The highest number given, 0 when there is none.
///
/// # Errors
/// As the database's.
pub fn highest_seq(c: &mut Conn) -> Result<i64> {
    Ok(each!(c, |db| highest_seq_of!(db)))
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The highest id given: what `since` and `until` of a follow are set to.
///
/// # Errors
/// As the database's.
pub fn highest_id(c: &mut Conn) -> Result<OutboxId> {
    // each!: on PostgreSQL the sequence is asked, because reading the table would make every follow collide with every post (SERIALIZABLE).
    each!(
        c,
        pg | db
            | Ok(OutboxId(
                diesel::sql_query(
                    "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS n FROM outbox_id_seq"
                )
                .get_result::<Number>(db)?
                .n
            )),
        sqlite
            | db
            | Ok(outbox::table
                .select(outbox::id)
                .order(outbox::id.desc())
                .first(db)
                .optional()?
                .unwrap_or_default())
    )
}

/// Numbers up to `limit` committed rows in the order of their ids, on PostgreSQL; one at a time does it, others wait. Returns how many; on
/// SQLite none is ever left. Run it in `Database::claim`, whose statements see what was committed while it waited.
///
/// # Errors
/// As the database's.
pub fn number(c: &mut Conn, limit: i64) -> Result<usize> {
    // each!: see the module.
    each!(
        c,
        pg | db
            | {
                diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
                    .bind::<BigInt, _>(NUMBERING)
                    .execute(db)?;
                Ok(diesel::sql_query(
                "UPDATE outbox AS o SET seq = n.seq FROM ( \
                   SELECT id, (SELECT COALESCE(MAX(seq), 0) FROM outbox) + ROW_NUMBER() OVER (ORDER BY id) AS seq \
                   FROM (SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT $1) AS waiting \
                 ) AS n WHERE o.id = n.id",
            )
            .bind::<BigInt, _>(limit)
            .execute(db)?)
            },
        sqlite | _db | Ok(0)
    )
}

/// Whether a row goes to the followers on a host: by what they followed when it was written, or when its object was.
macro_rules! goes_to_followers {
    () => {
        "p.actor_id = o.followers_of AND ((p.since < o.id AND (p.until IS NULL OR o.id <= p.until)) \
         OR (p.since < o.as_of AND (p.until IS NULL OR o.as_of <= p.until)))"
    };
}

#[derive(QueryableByName)]
struct Host {
    #[diesel(sql_type = Text)]
    host: String,
}

/// The hosts that rows with `after < seq <= through` go to, without those that wait for their next try after `now`.
///
/// # Errors
/// As the database's.
pub fn hosts_between(c: &mut Conn, after: i64, through: i64, now: Moment) -> Result<Vec<String>> {
    let rows: Vec<Host> = diesel::sql_query(concat!(
        "SELECT DISTINCT h.host AS host FROM ( \
           SELECT p.host FROM outbox o JOIN peer_follows p ON ",
        goes_to_followers!(),
        "  WHERE o.seq > $1 AND o.seq <= $2 AND o.body <> '' \
           UNION ALL \
           SELECT i.host FROM outbox o JOIN outbox_inboxes i ON i.outbox_id = o.id \
           WHERE o.seq > $1 AND o.seq <= $2 AND o.body <> '' \
         ) AS h WHERE NOT EXISTS (SELECT 1 FROM peers w WHERE w.host = h.host AND w.next_try_at > $3)"
    ))
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(through)
    .bind::<BigInt, _>(now.0)
    .load(c.db())?;
    Ok(rows.into_iter().map(|r| r.host).collect())
}

/// A row as one host gets it.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct ForHost {
    #[diesel(sql_type = BigInt)]
    pub id: OutboxId,
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = Text)]
    pub uri: String,
    #[diesel(sql_type = BigInt)]
    pub actor_id: AccountId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub object_uri: Option<String>,
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub followers_of: Option<AccountId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub as_of: Option<OutboxId>,
    #[diesel(sql_type = BigInt)]
    pub created_at: Moment,
    /// It goes to followers on this host.
    #[diesel(sql_type = Bool)]
    pub is_followed: bool,
    /// It goes to inboxes of this host that were named.
    #[diesel(sql_type = Bool)]
    pub is_explicit: bool,
}

/// The rows with `after < seq <= through` that go to a host, in order.
///
/// # Errors
/// As the database's.
pub fn for_host(c: &mut Conn, host: &str, after: i64, through: i64, limit: i64) -> Result<Vec<ForHost>> {
    Ok(diesel::sql_query(concat!(
        "SELECT * FROM ( \
           SELECT o.id, o.seq, o.uri, o.actor_id, o.kind, o.object_uri, o.body, o.followers_of, o.as_of, o.created_at, \
             EXISTS (SELECT 1 FROM peer_follows p WHERE p.host = $1 AND ",
        goes_to_followers!(),
        "    ) AS is_followed, \
             EXISTS (SELECT 1 FROM outbox_inboxes i WHERE i.outbox_id = o.id AND i.host = $1) AS is_explicit \
           FROM outbox o WHERE o.seq > $2 AND o.seq <= $3 AND o.body <> '' \
         ) AS r WHERE r.is_followed OR r.is_explicit ORDER BY r.seq LIMIT $4"
    ))
    .bind::<Text, _>(host)
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(through)
    .bind::<BigInt, _>(limit)
    .load(c.db())?)
}

/// The named inboxes of a host among these rows.
///
/// # Errors
/// As the database's.
pub fn inboxes_on_host(c: &mut Conn, host: &str, rows: &[OutboxId]) -> Result<Vec<(OutboxId, String)>> {
    Ok(each!(c, |db| outbox_inboxes::table
        .filter(outbox_inboxes::host.eq(host).and(outbox_inboxes::outbox_id.among(rows)))
        .order(outbox_inboxes::inbox.asc())
        .select((outbox_inboxes::outbox_id, outbox_inboxes::inbox))
        .load(db))?)
}

/// Which of these objects end in a later row, and its number: (object, seq).
///
/// # Errors
/// As the database's.
pub fn endings_of(c: &mut Conn, objects: &[String]) -> Result<Vec<(String, i64)>> {
    let rows: Vec<(Option<String>, Option<i64>)> = each!(c, |db| outbox::table
        .filter(outbox::object_uri.among_texts(objects))
        .filter(outbox::kind.eq_any(["Delete", "Undo"]))
        .filter(outbox::seq.is_not_null())
        .select((outbox::object_uri, outbox::seq))
        .load(db))?;
    Ok(rows.into_iter().filter_map(|(object, seq)| Some((object?, seq?))).collect())
}

/// Forgets rows written before an instant. Of each object that still stands the first row stays without its body, so that a Delete finds
/// where the Create went; the highest number stays too, because the next one is counted from it.
///
/// # Errors
/// As the database's.
pub fn forget(c: &mut Conn, before: Moment) -> Result<usize> {
    let old = "o.created_at < $1 AND o.seq IS NOT NULL AND o.seq < (SELECT MAX(m.seq) FROM outbox m)";
    let emptied = diesel::sql_query(format!("UPDATE outbox AS o SET body = '' WHERE {old} AND o.body <> ''"))
        .bind::<BigInt, _>(before.0)
        .execute(c.db())?;
    let useless = "(o.object_uri IS NULL OR o.as_of IS NOT NULL OR o.kind IN ('Delete', 'Undo') \
         OR EXISTS (SELECT 1 FROM outbox e WHERE e.object_uri = o.object_uri AND e.kind IN ('Delete', 'Undo') AND e.created_at < $1))";
    diesel::sql_query(format!("DELETE FROM outbox AS o WHERE {old} AND {useless}"))
        .bind::<BigInt, _>(before.0)
        .execute(c.db())?;
    diesel::sql_query(
        "DELETE FROM outbox_inboxes WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = outbox_inboxes.outbox_id)",
    )
    .execute(c.db())?;
    Ok(emptied)
}

/// How many rows are not numbered yet.
///
/// # Errors
/// As the database's.
pub fn count_unnumbered(c: &mut Conn) -> Result<i64> {
    Ok(each!(c, |db| outbox::table.filter(outbox::seq.is_null()).count().get_result(db))?)
}

/// How many rows there are.
///
/// # Errors
/// As the database's.
pub fn count(c: &mut Conn) -> Result<i64> {
    Ok(each!(c, |db| outbox::table.count().get_result(db))?)
}
