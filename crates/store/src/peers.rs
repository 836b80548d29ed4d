//! What is known of each other server that gets our activities: how far it has come, when it is tried again, and whom of ours it hears.
//! Use cases: `domain::outbox`; the engine is `federation::delivery`.
//!
//! Only the one delivering node moves a cursor (see [`take_lead`]), in `Database::claim`, so that posting never collides with it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, FollowId, OutboxId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{accounts, follows, leaders, outbox, outbox_inboxes, peer_follows, peers};
use crate::{Conn, Result};

/// Ranges kept of one host and one account; beyond, the oldest is forgotten (threats R4: following and unfollowing in a loop).
const MOST_RANGES: usize = 8;

/// A row of `peers`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = peers)]
pub struct Peer {
    pub host: String,
    /// It has everything up to this number.
    pub cursor_seq: i64,
    /// Failures in a row.
    pub failures: i32,
    /// Not before this.
    pub next_try_at: Option<Moment>,
    /// When the present row of failures began.
    pub first_failure_at: Option<Moment>,
    pub last_success_at: Option<Moment>,
    /// When inbound traffic last made us try again early.
    pub last_inbound_at: Option<Moment>,
    /// Failed for so long that it is only probed.
    pub is_dead: bool,
    /// `cavage` or `rfc9421`: what it understood last.
    pub signature: String,
    pub shared_inbox: Option<String>,
}

/// One server.
///
/// # Errors
/// As the database's.
pub fn by_host(c: &mut Conn, host: &str) -> Result<Option<Peer>> {
    Ok(each!(c, |db| peers::table.find(host).select(Peer::as_select()).first(db)).optional()?)
}

/// Which of these hosts are known.
///
/// # Errors
/// As the database's.
pub fn known_among(c: &mut Conn, hosts: &[String]) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for some in hosts.chunks(500) {
        out.extend(each!(c, |db| peers::table
            .filter(peers::host.among_texts(some))
            .select(peers::host)
            .load::<String>(db))?);
    }
    Ok(out)
}

/// A new server that wants nothing up to `cursor`. One that is known stays as it is.
///
/// # Errors
/// As the database's.
pub fn add(c: &mut Conn, host: &str, cursor: i64, shared_inbox: Option<&str>) -> Result<()> {
    let now = c.now();
    each!(c, |db| diesel::insert_into(peers::table)
        .values((
            peers::host.eq(host),
            peers::cursor_seq.eq(cursor),
            peers::shared_inbox.eq(shared_inbox),
            peers::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Remembers the inbox for everybody on a server.
///
/// # Errors
/// As the database's.
pub fn set_shared_inbox(c: &mut Conn, host: &str, inbox: &str) -> Result<()> {
    each!(c, |db| diesel::update(
        peers::table
            .find(host)
            .filter(peers::shared_inbox.is_null().or(peers::shared_inbox.ne(inbox).assume_not_null())),
    )
    .set(peers::shared_inbox.eq(inbox))
    .execute(db))?;
    Ok(())
}

/// Remembers which signature a server understands.
///
/// # Errors
/// As the database's.
pub fn set_signature(c: &mut Conn, host: &str, scheme: &str) -> Result<()> {
    each!(c, |db| diesel::update(peers::table.find(host)).set(peers::signature.eq(scheme)).execute(db))?;
    Ok(())
}

/// Moves a cursor on, never back.
///
/// # Errors
/// As the database's.
pub fn advance(c: &mut Conn, host: &str, to: i64) -> Result<()> {
    each!(c, |db| diesel::update(peers::table.find(host).filter(peers::cursor_seq.lt(to)))
        .set(peers::cursor_seq.eq(to))
        .execute(db))?;
    Ok(())
}

/// The server took something: whatever failed before is forgiven.
///
/// # Errors
/// As the database's.
pub fn succeeded(c: &mut Conn, host: &str) -> Result<()> {
    let now = c.now();
    each!(c, |db| diesel::update(peers::table.find(host))
        .set((
            peers::failures.eq(0),
            peers::next_try_at.eq(None::<Moment>),
            peers::first_failure_at.eq(None::<Moment>),
            peers::is_dead.eq(false),
            peers::last_success_at.eq(now),
        ))
        .execute(db))?;
    Ok(())
}

/// The server failed once more.
///
/// # Errors
/// As the database's.
pub fn failed(c: &mut Conn, host: &str, first: Moment, next: Moment, is_dead: bool) -> Result<()> {
    each!(c, |db| diesel::update(peers::table.find(host))
        .set((
            peers::failures.eq(peers::failures + 1),
            peers::first_failure_at.eq(first),
            peers::next_try_at.eq(next),
            peers::is_dead.eq(is_dead),
        ))
        .execute(db))?;
    Ok(())
}

/// A server that waits for its next try is tried now, unless inbound traffic did that since `unless_since`. True when it changed something.
///
/// # Errors
/// As the database's.
pub fn try_now(c: &mut Conn, host: &str, unless_since: Moment) -> Result<bool> {
    let now = c.now();
    Ok(each!(c, |db| diesel::update(
        peers::table.find(host).filter(peers::next_try_at.gt(now).assume_not_null()).filter(
            peers::last_inbound_at.is_null().or(peers::last_inbound_at.lt(unless_since).assume_not_null()),
        )
    )
    .set((peers::next_try_at.eq(now), peers::last_inbound_at.eq(now)))
    .execute(db))?
        == 1)
}

/// Hosts behind `head` that may be tried now, the longest waiting first.
///
/// # Errors
/// As the database's.
pub fn behind(c: &mut Conn, head: i64, only_retries: bool, limit: i64) -> Result<Vec<String>> {
    let now = c.now();
    let mut query = peers::table
        .filter(peers::cursor_seq.lt(head))
        .order(peers::next_try_at.asc())
        .select(peers::host)
        .limit(limit)
        .into_boxed();
    let is_due = peers::next_try_at.is_not_null().and(peers::next_try_at.le(now).assume_not_null());
    query = if only_retries {
        query.filter(is_due)
    } else {
        query.filter(peers::next_try_at.is_null().or(is_due.assume_not_null()))
    };
    Ok(query.load(c.db())?)
}

/// When the next server is tried again.
///
/// # Errors
/// As the database's.
pub fn next_try(c: &mut Conn, head: i64) -> Result<Option<Moment>> {
    Ok(each!(c, |db| peers::table
        .filter(peers::next_try_at.is_not_null().and(peers::cursor_seq.lt(head)))
        .order(peers::next_try_at.asc())
        .select(peers::next_try_at.assume_not_null())
        .first(db))
    .optional()?)
}

/// Hosts that took something from us, the latest first.
///
/// # Errors
/// As the database's.
pub fn lately_reached(c: &mut Conn, limit: i64) -> Result<Vec<String>> {
    Ok(each!(c, |db| peers::table
        .filter(peers::last_success_at.is_not_null())
        .order(peers::last_success_at.desc())
        .select(peers::host)
        .limit(limit)
        .load(db))?)
}

/// Hosts with a cursor below `through` that wait for nothing.
///
/// # Errors
/// As the database's.
pub fn idle_below(c: &mut Conn, through: i64) -> Result<Vec<String>> {
    Ok(each!(c, |db| peers::table
        .filter(peers::cursor_seq.lt(through).and(peers::next_try_at.is_null()))
        .select(peers::host)
        .load(db))?)
}

/// Lifts the cursors of these hosts.
///
/// # Errors
/// As the database's.
pub fn lift(c: &mut Conn, hosts: &[String], through: i64) -> Result<()> {
    for some in hosts.chunks(500) {
        each!(c, |db| diesel::update(
            peers::table.filter(peers::host.among_texts(some).and(peers::cursor_seq.lt(through)))
        )
        .set(peers::cursor_seq.eq(through))
        .execute(db))?;
    }
    Ok(())
}

/// From now on the host hears the account. Nothing changes when it does already.
///
/// # Errors
/// As the database's.
pub fn open_range(c: &mut Conn, id: i64, host: &str, actor: AccountId, since: OutboxId) -> Result<()> {
    let ranges: Vec<(i64, Option<i64>)> = each!(c, |db| peer_follows::table
        .filter(peer_follows::host.eq(host).and(peer_follows::actor_id.eq(actor)))
        .order(peer_follows::since.desc())
        .select((peer_follows::id, peer_follows::until))
        .load(db))?;
    if ranges.iter().any(|r| r.1.is_none()) {
        return Ok(());
    }
    let oldest: Vec<i64> = ranges.iter().skip(MOST_RANGES - 1).map(|r| r.0).collect();
    if !oldest.is_empty() {
        each!(c, |db| diesel::delete(peer_follows::table.filter(peer_follows::id.among(&oldest)))
            .execute(db))?;
    }
    diesel::insert_into(peer_follows::table)
        .values((
            peer_follows::id.eq(id),
            peer_follows::host.eq(host),
            peer_follows::actor_id.eq(actor),
            peer_follows::since.eq(since),
        ))
        .execute(c.db())?;
    Ok(())
}

/// The host hears the account no longer. A range without a row in it is forgotten.
///
/// # Errors
/// As the database's.
pub fn close_range(c: &mut Conn, host: &str, actor: AccountId, until: OutboxId) -> Result<()> {
    let open = peer_follows::table
        .filter(peer_follows::host.eq(host).and(peer_follows::actor_id.eq(actor)))
        .filter(peer_follows::until.is_null());
    each!(c, |db| diesel::delete(open.filter(peer_follows::since.ge(until))).execute(db))?;
    each!(c, |db| diesel::update(open).set(peer_follows::until.eq(until)).execute(db))?;
    Ok(())
}

#[derive(QueryableByName)]
struct FollowerInbox {
    #[diesel(sql_type = BigInt)]
    followee_id: AccountId,
    #[diesel(sql_type = Text)]
    inbox: String,
}

/// Where the followers of these accounts on one host are reached, each inbox once: (account, inbox). At most 20,000.
///
/// # Errors
/// As the database's.
pub fn inboxes_on(c: &mut Conn, of: &[AccountId], host: &str) -> Result<Vec<(AccountId, String)>> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    // Ids are numbers, so their text is safe in the query.
    let list = of.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let rows: Vec<FollowerInbox> = diesel::sql_query(format!(
        "SELECT DISTINCT f.followee_id, COALESCE(a.shared_inbox, a.inbox) AS inbox \
         FROM follows f JOIN accounts a ON a.id = f.follower_id \
         WHERE f.followee_id IN ({list}) AND f.state = {} AND a.host = $1 AND a.gone_at IS NULL \
         ORDER BY inbox LIMIT 20000",
        FollowState::Accepted.code()
    ))
    .bind::<Text, _>(host)
    .load(c.db())?;
    Ok(rows.into_iter().map(|r| (r.followee_id, r.inbox)).collect())
}

#[derive(QueryableByName)]
struct Range {
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = BigInt)]
    actor_id: AccountId,
}

/// Open ranges whose last follower went without an event, as when its account was removed: (host, account).
///
/// # Errors
/// As the database's.
pub fn open_without_follower(c: &mut Conn, limit: i64) -> Result<Vec<(String, AccountId)>> {
    let rows: Vec<Range> = diesel::sql_query(format!(
        "SELECT p.host, p.actor_id FROM peer_follows p WHERE p.until IS NULL AND NOT EXISTS ( \
           SELECT 1 FROM follows f JOIN accounts a ON a.id = f.follower_id \
           WHERE f.followee_id = p.actor_id AND f.state = {} AND a.host = p.host) LIMIT $1",
        FollowState::Accepted.code()
    ))
    .bind::<BigInt, _>(limit)
    .load(c.db())?;
    Ok(rows.into_iter().map(|r| (r.host, r.actor_id)).collect())
}

/// Whether an inbox is the one for everybody on a host.
///
/// # Errors
/// As the database's.
pub fn is_shared_inbox(c: &mut Conn, host: &str, inbox: &str) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        accounts::table.filter(accounts::host.eq(host).and(accounts::shared_inbox.eq(inbox))),
    ))
    .get_result(db))?)
}

/// Follows of whoever has this inbox of its own.
///
/// # Errors
/// As the database's.
pub fn follows_from_inbox(
    c: &mut Conn,
    host: &str,
    inbox: &str,
) -> Result<Vec<(FollowId, AccountId, AccountId)>> {
    Ok(each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(accounts::host.eq(host).and(accounts::inbox.eq(inbox)))
        .order(follows::id.asc())
        .select((follows::id, follows::follower_id, follows::followee_id))
        .limit(1_000)
        .load(db))?)
}

/// Forgets servers that hear nobody, wait for nothing and took nothing since `before`, at most 1,000 at once (threats R4).
///
/// # Errors
/// As the database's.
pub fn forget_idle(c: &mut Conn, before: Moment) -> Result<usize> {
    let used: Vec<String> = each!(c, |db| peers::table
        .filter(peers::created_at.lt(before))
        .filter(peers::last_success_at.is_null().or(peers::last_success_at.lt(before).assume_not_null()))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            peer_follows::table.filter(peer_follows::host.eq(peers::host).and(peer_follows::until.is_null())),
        )))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            outbox_inboxes::table
                .inner_join(outbox::table.on(outbox::id.eq(outbox_inboxes::outbox_id)))
                .filter(outbox_inboxes::host.eq(peers::host).and(outbox::created_at.ge(before))),
        )))
        .select(peers::host)
        .limit(1_000)
        .load(db))?;
    for some in used.chunks(500) {
        each!(c, |db| diesel::delete(peers::table.filter(peers::host.among_texts(some))).execute(db))?;
        each!(c, |db| diesel::delete(peer_follows::table.filter(peer_follows::host.among_texts(some)))
            .execute(db))?;
    }
    Ok(used.len())
}

/// Becomes or stays the one that does a task, until `until`. False when another holds it. Run it in `Database::claim`.
///
/// # Errors
/// As the database's.
pub fn take_lead(c: &mut Conn, task: &str, holder: i64, until: Moment) -> Result<bool> {
    let now = c.now();
    let is_new = each!(c, |db| diesel::insert_into(leaders::table)
        .values((leaders::task.eq(task), leaders::holder.eq(holder), leaders::leased_until.eq(until)))
        .on_conflict_do_nothing()
        .execute(db))?;
    if is_new == 1 {
        return Ok(true);
    }
    let held = leaders::table.find(task).filter(leaders::holder.eq(holder).or(leaders::leased_until.lt(now)));
    Ok(each!(c, |db| diesel::update(held)
        .set((leaders::holder.eq(holder), leaders::leased_until.eq(until)))
        .execute(db))?
        == 1)
}

/// Gives a task up, at an orderly stop.
///
/// # Errors
/// As the database's.
pub fn leave_lead(c: &mut Conn, task: &str, holder: i64) -> Result<()> {
    each!(c, |db| diesel::delete(leaders::table.find(task).filter(leaders::holder.eq(holder))).execute(db))?;
    Ok(())
}

/// Gives up every task that a process led which was killed. Only for a process that knows that no other works on this database (threats R5).
///
/// # Errors
/// As the database's.
pub fn leave_all_leads(c: &mut Conn) -> Result<()> {
    each!(c, |db| diesel::delete(leaders::table).execute(db))?;
    Ok(())
}

/// The inboxes for everybody of all servers that ever heard an account: (host, inbox).
///
/// # Errors
/// As the database's.
pub fn shared_inboxes_that_heard(c: &mut Conn, account: AccountId) -> Result<Vec<(String, String)>> {
    Ok(each!(c, |db| peer_follows::table
        .inner_join(peers::table.on(peers::host.eq(peer_follows::host)))
        .filter(peer_follows::actor_id.eq(account).and(peers::shared_inbox.is_not_null()))
        .select((peers::host, peers::shared_inbox.assume_not_null()))
        .distinct()
        .load(db))?)
}

/// Where to reach all followers of an account elsewhere: (host, inbox), each once.
///
/// # Errors
/// As the database's.
pub fn inboxes_of_followers(c: &mut Conn, account: AccountId) -> Result<Vec<(String, String)>> {
    let rows: Vec<(String, String, Option<String>)> = each!(c, |db| follows::table
        .inner_join(accounts::table.on(accounts::id.eq(follows::follower_id)))
        .filter(follows::followee_id.eq(account).and(accounts::host.ne("")))
        .select((accounts::host, accounts::inbox, accounts::shared_inbox))
        .load(db))?;
    let all: std::collections::BTreeSet<(String, String)> =
        rows.into_iter().map(|(host, inbox, shared)| (host, shared.unwrap_or(inbox))).collect();
    Ok(all.into_iter().collect())
}

/// How many ranges are kept of a host.
///
/// # Errors
/// As the database's.
pub fn count_ranges(c: &mut Conn, host: &str) -> Result<i64> {
    Ok(each!(c, |db| peer_follows::table.filter(peer_follows::host.eq(host)).count().get_result(db))?)
}
