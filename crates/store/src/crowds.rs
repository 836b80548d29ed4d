//! Questions about many viewers at once: who of those that are connected may see a post, what they did with it, whose token is in force. One
//! statement for up to [`SOME`] viewers, so that what a post costs does not grow with each stream. Use cases: `domain::{crowd, streams}`.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt, Text};
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, ListId, StatusId, TokenId};
use parvis_model::time::Moment;

use crate::conn::db::BothExt;
use crate::reactions::Flags;
use crate::schema::{blocks, follows, host_blocks, list_entries, mutes, oauth_tokens, stream_deletions};
use crate::{Conn, Result};

/// Viewers of one statement: below SQLite's limit of bound values.
pub const SOME: usize = 2_000;

/// Follows between these viewers and those others, whoever follows: (follower, followee, shows boosts). Accepted ones only.
///
/// # Errors
/// As the database's.
pub fn follows(
    c: &mut Conn,
    viewers: &[AccountId],
    others: &[AccountId],
) -> Result<Vec<(AccountId, AccountId, bool)>> {
    let by_viewers =
        follows::follower_id.eq_any(viewers.to_vec()).and(follows::followee_id.eq_any(others.to_vec()));
    let by_others =
        follows::followee_id.eq_any(viewers.to_vec()).and(follows::follower_id.eq_any(others.to_vec()));
    Ok(follows::table
        .filter(by_viewers.or(by_others))
        .filter(follows::state.eq(FollowState::Accepted.code()))
        .select((follows::follower_id, follows::followee_id, follows::shows_boosts))
        .load(c.db())?)
}

/// Blocks between these viewers and those others, whoever blocked: (viewer, other).
///
/// # Errors
/// As the database's.
pub fn blocks(
    c: &mut Conn,
    viewers: &[AccountId],
    others: &[AccountId],
) -> Result<HashSet<(AccountId, AccountId)>> {
    let rows: Vec<(AccountId, AccountId)> = blocks::table
        .filter(
            blocks::account_id.eq_any(viewers.to_vec()).and(blocks::target_id.eq_any(others.to_vec())).or(
                blocks::target_id.eq_any(viewers.to_vec()).and(blocks::account_id.eq_any(others.to_vec())),
            ),
        )
        .select((blocks::account_id, blocks::target_id))
        .load(c.db())?;
    // Either side may be the viewer; a pair that is none is never asked for.
    Ok(rows.into_iter().flat_map(|(by, target)| [(by, target), (target, by)]).collect())
}

/// Mutes in force of those others by these viewers: (viewer, other).
///
/// # Errors
/// As the database's.
pub fn mutes(
    c: &mut Conn,
    viewers: &[AccountId],
    others: &[AccountId],
    now: Moment,
) -> Result<HashSet<(AccountId, AccountId)>> {
    let rows: Vec<(AccountId, AccountId)> = mutes::table
        .filter(mutes::account_id.eq_any(viewers.to_vec()).and(mutes::target_id.eq_any(others.to_vec())))
        .filter(mutes::expires_at.is_null().or(mutes::expires_at.gt(now).assume_not_null()))
        .select((mutes::account_id, mutes::target_id))
        .load(c.db())?;
    Ok(rows.into_iter().collect())
}

/// Who of these viewers wants nothing to do with which of these hosts: (viewer, host).
///
/// # Errors
/// As the database's.
pub fn host_blocks(
    c: &mut Conn,
    viewers: &[AccountId],
    hosts: &[String],
) -> Result<HashSet<(AccountId, String)>> {
    let rows: Vec<(AccountId, String)> = host_blocks::table
        .filter(
            host_blocks::account_id.eq_any(viewers.to_vec()).and(host_blocks::host.eq_any(hosts.to_vec())),
        )
        .select((host_blocks::account_id, host_blocks::host))
        .load(c.db())?;
    Ok(rows.into_iter().collect())
}

/// What a viewer did with a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Did {
    pub flags: Flags,
    /// What they voted for in its poll, in order; `None` when they did not vote.
    pub votes: Option<Vec<i16>>,
}

#[derive(QueryableByName)]
struct DidRow {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    status_id: i64,
    #[diesel(sql_type = SmallInt)]
    position: i16,
}

/// What these viewers did with these posts, in one statement; who did nothing is left out.
///
/// # Errors
/// As the database's.
pub fn did(
    c: &mut Conn,
    viewers: &[AccountId],
    ids: &[StatusId],
) -> Result<HashMap<AccountId, BTreeMap<StatusId, Did>>> {
    if viewers.is_empty() || ids.is_empty() {
        return Ok(HashMap::new());
    }
    // Ids are numbers, so their text is safe in the query.
    let by = viewers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let of = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let zero = "CAST(0 AS SMALLINT)";
    let rows: Vec<DidRow> = diesel::sql_query(format!(
        "SELECT 'favourited' AS what, account_id, status_id, {zero} AS position FROM favourites WHERE account_id IN ({by}) AND status_id IN ({of}) \
         UNION ALL SELECT 'reblogged', account_id, boost_of_id, {zero} FROM statuses WHERE account_id IN ({by}) AND boost_of_id IN ({of}) \
         UNION ALL SELECT 'bookmarked', account_id, status_id, {zero} FROM bookmarks WHERE account_id IN ({by}) AND status_id IN ({of}) \
         UNION ALL SELECT 'pinned', account_id, status_id, {zero} FROM pins WHERE account_id IN ({by}) AND status_id IN ({of}) \
         UNION ALL SELECT 'muted', t.account_id, s.id, {zero} FROM thread_mutes t JOIN statuses s ON s.thread_id = t.thread_id WHERE t.account_id IN ({by}) AND s.id IN ({of}) \
         UNION ALL SELECT 'voted', v.account_id, p.status_id, {zero} FROM poll_voters v JOIN polls p ON p.id = v.poll_id WHERE v.account_id IN ({by}) AND p.status_id IN ({of}) \
         UNION ALL SELECT 'vote', v.account_id, p.status_id, v.position FROM poll_votes v JOIN polls p ON p.id = v.poll_id WHERE v.account_id IN ({by}) AND p.status_id IN ({of})"
    ))
    .load(c.db())?;
    let mut out: HashMap<AccountId, BTreeMap<StatusId, Did>> = HashMap::new();
    for row in rows {
        let did =
            out.entry(AccountId(row.account_id)).or_default().entry(StatusId(row.status_id)).or_default();
        match row.what.as_str() {
            "favourited" => did.flags.favourited = true,
            "reblogged" => did.flags.reblogged = true,
            "bookmarked" => did.flags.bookmarked = true,
            "pinned" => did.flags.pinned = true,
            "muted" => did.flags.muted = true,
            "voted" => did.votes = did.votes.take().or_else(|| Some(Vec::new())),
            _ => did.votes.get_or_insert_default().push(row.position),
        }
    }
    let votes = out.values_mut().flat_map(BTreeMap::values_mut).filter_map(|d| d.votes.as_mut());
    votes.for_each(|votes| votes.sort_unstable());
    Ok(out)
}

/// Which of these tokens are in force.
///
/// # Errors
/// As the database's.
pub fn tokens_in_force(c: &mut Conn, tokens: &[TokenId]) -> Result<Vec<TokenId>> {
    Ok(oauth_tokens::table
        .filter(oauth_tokens::id.eq_any(tokens.to_vec()).and(oauth_tokens::revoked_at.is_null()))
        .select(oauth_tokens::id)
        .load(c.db())?)
}

/// Lists in which a post stands.
///
/// # Errors
/// As the database's.
pub fn lists_with(c: &mut Conn, status: StatusId, limit: i64) -> Result<Vec<ListId>> {
    Ok(list_entries::table
        .filter(list_entries::status_id.eq(status))
        .select(list_entries::list_id)
        .limit(limit)
        .load(c.db())?)
}

/// A row of `stream_deletions`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stream_deletions)]
pub struct Deletion {
    pub id: i64,
    pub status_id: StatusId,
    /// JSON, see `domain::streams`.
    pub audience: String,
    pub created_at: Moment,
}

/// Remembers a post that is gone.
///
/// # Errors
/// As the database's.
pub fn add_deletion(c: &mut Conn, row: &Deletion) -> Result<()> {
    diesel::insert_into(stream_deletions::table).values(row.clone()).both().execute(c.db())?;
    Ok(())
}

/// What is remembered of a post that is gone.
///
/// # Errors
/// As the database's.
pub fn deletion(c: &mut Conn, id: i64) -> Result<Option<Deletion>> {
    Ok(stream_deletions::table.find(id).select(Deletion::as_select()).first(c.db()).optional()?)
}

/// Forgets posts that went before `before`; how many.
///
/// # Errors
/// As the database's.
pub fn forget_deletions(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(diesel::delete(stream_deletions::table.filter(stream_deletions::created_at.lt(before)))
        .execute(c.db())?)
}
