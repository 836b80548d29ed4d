//! Questions about many viewers at once: who of those that are connected may see a post, what they did with it, whose token is in force. One
//! statement for up to [`SOME`] viewers, so that what a post costs does not grow with each stream. Use cases: `domain::{crowd, streams}`.

use std::collections::HashSet;

use diesel::prelude::*;
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, ListId, StatusId, TokenId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::reactions::Flags;
use crate::schema::{blocks, follows, list_entries, oauth_tokens, stream_deletions};
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
    let by_viewers = follows::follower_id.among(viewers).and(follows::followee_id.among(others));
    let by_others = follows::followee_id.among(viewers).and(follows::follower_id.among(others));
    Ok(each!(c, |db| follows::table
        .filter(by_viewers.or(by_others))
        .filter(follows::state.eq(FollowState::Accepted.code()))
        .select((follows::follower_id, follows::followee_id, follows::shows_boosts))
        .load(db))?)
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
    let rows: Vec<(AccountId, AccountId)> = each!(c, |db| blocks::table
        .filter(
            blocks::account_id
                .among(viewers)
                .and(blocks::target_id.among(others))
                .or(blocks::target_id.among(viewers).and(blocks::account_id.among(others))),
        )
        .select((blocks::account_id, blocks::target_id))
        .load(db))?;
    // Either side may be the viewer; a pair that is none is never asked for.
    Ok(rows.into_iter().flat_map(|(by, target)| [(by, target), (target, by)]).collect())
}

/// What a viewer did with a post; read in [`crate::pages::readers`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Did {
    pub flags: Flags,
    /// What they voted for in its poll, in order; `None` when they did not vote.
    pub votes: Option<Vec<i16>>,
}

/// Which of these tokens are in force.
///
/// # Errors
/// As the database's.
pub fn tokens_in_force(c: &mut Conn, tokens: &[TokenId]) -> Result<Vec<TokenId>> {
    Ok(each!(c, |db| oauth_tokens::table
        .filter(oauth_tokens::id.among(tokens).and(oauth_tokens::revoked_at.is_null()))
        .select(oauth_tokens::id)
        .load(db))?)
}

/// Lists in which a post stands.
///
/// # Errors
/// As the database's.
pub fn lists_with(c: &mut Conn, status: StatusId, limit: i64) -> Result<Vec<ListId>> {
    Ok(each!(c, |db| list_entries::table
        .filter(list_entries::status_id.eq(status))
        .select(list_entries::list_id)
        .limit(limit)
        .load(db))?)
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
    each!(c, |db| diesel::insert_into(stream_deletions::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// What is remembered of a post that is gone.
///
/// # Errors
/// As the database's.
pub fn deletion(c: &mut Conn, id: i64) -> Result<Option<Deletion>> {
    Ok(each!(c, |db| stream_deletions::table.find(id).select(Deletion::as_select()).first(db)).optional()?)
}

/// Forgets posts that went before `before`; how many.
///
/// # Errors
/// As the database's.
pub fn forget_deletions(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        stream_deletions::table.filter(stream_deletions::created_at.lt(before))
    )
    .execute(db))?)
}
