//! The words by which accounts are found. What they are made of is decided in `domain::accounts::names`; they are folded by `parvis_text::words`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use parvis_model::ids::AccountId;

use crate::conn::db::each;
use crate::schema::{account_words, accounts};
use crate::{Conn, Result};

/// Accounts with the most telling word that are looked at for the other words.
const LOOKED_AT: i64 = 4_000;

/// A word of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub word: String,
    /// Whether it stands in what the account is called, and not in its user name only.
    pub is_in_name: bool,
}

/// Replaces the words of an account.
///
/// # Errors
/// As the database's.
pub fn set(c: &mut Conn, account: AccountId, is_local: bool, words: &[Word]) -> Result<()> {
    each!(c, |db| diesel::delete(account_words::table.filter(account_words::account_id.eq(account)))
        .execute(db))?;
    let rows: Vec<_> = words
        .iter()
        .map(|w| {
            (
                account_words::account_id.eq(account),
                account_words::word.eq(w.word.as_str()),
                account_words::is_local.eq(is_local),
                account_words::is_in_name.eq(w.is_in_name),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    // each!: batch inserts are not in the shared backend.
    each!(c.db(), |db| diesel::insert_into(account_words::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Among whom somebody is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// People of this town.
    Local,
    /// Those of other servers.
    Remote,
    /// Those whom this account follows.
    FollowedBy(AccountId),
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
}

/// Behind a beginning: everything that begins so comes before it.
pub(crate) fn end_of(beginning: &str) -> String {
    format!("{beginning}\u{10ffff}")
}

/// Active accounts of which each of these words begins a word: those first of which the longest one is a word. One may come twice.
///
/// # Errors
/// As the database's.
pub fn find(c: &mut Conn, words: &[String], among: Among, limit: i64) -> Result<Vec<AccountId>> {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    let Some(count) = words.len().checked_sub(1) else { return Ok(Vec::new()) };
    let others: String = (1..=count)
        .map(|n| {
            format!(
                " AND EXISTS (SELECT 1 FROM account_words o WHERE o.account_id = w.account_id AND o.word >= ${} AND o.word < ${})",
                2 * n + 1,
                2 * n + 2
            )
        })
        .collect();
    let looked_at = if count == 0 { limit.saturating_mul(4) } else { LOOKED_AT };
    // A range instead of LIKE: no wildcard can be smuggled in, and both databases use the index. Numbers are safe in the text.
    let words_of = |is_local: &str| {
        format!(
            "(SELECT account_id, word FROM account_words WHERE is_local = {is_local} AND word >= $1 AND word < $2 \
              ORDER BY word, account_id LIMIT {looked_at}) AS w"
        )
    };
    let from = match among {
        Among::Local => words_of("TRUE"),
        Among::Remote => words_of("FALSE"),
        Among::FollowedBy(id) => format!(
            "(SELECT x.account_id, x.word FROM follows f JOIN account_words x ON x.account_id = f.followee_id \
              WHERE f.follower_id = {id} AND f.state = 1 AND x.word >= $1 AND x.word < $2) AS w"
        ),
    };
    let text = format!(
        "SELECT w.account_id FROM {from} JOIN accounts a ON a.id = w.account_id \
         WHERE a.suspended_at IS NULL AND a.gone_at IS NULL{others} ORDER BY w.word, w.account_id LIMIT {limit}"
    );
    let rows: Vec<One> = each!(c.db(), |db| {
        let mut query = diesel::sql_query(text).into_boxed();
        for word in &words {
            query = query.bind::<Text, _>(word.as_str()).bind::<Text, _>(end_of(word));
        }
        query.load(db)
    })?;
    Ok(rows.into_iter().map(|row| AccountId(row.account_id)).collect())
}

/// What accounts above `after` are called, without the town's own actor: id, host, user name, name.
///
/// # Errors
/// As the database's.
pub fn names(c: &mut Conn, after: AccountId, limit: i64) -> Result<Vec<(AccountId, String, String, String)>> {
    Ok(each!(c, |db| accounts::table
        .filter(accounts::id.gt(after).and(accounts::gone_at.is_null()))
        .filter(accounts::host.ne("").or(accounts::kind.ne("application")))
        .order(accounts::id.asc())
        .limit(limit)
        .select((accounts::id, accounts::host, accounts::username, accounts::display_name))
        .load(db))?)
}
