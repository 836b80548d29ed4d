//! The words by which posts are found: FTS5 on SQLite, a `tsvector` with a GIN index on PostgreSQL. Both are given words that `parvis_text::words`
//! has folded, and marks: who may find a post and what it is (`domain::search::index`). Texts are not kept here.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::{AmongExt, Numbers};
use crate::conn::db::each;
use crate::conn::written::Written;
use crate::schema::{statuses, unindexed_statuses};
use crate::timelines::Range;
use crate::{Conn, Result};

/// Words in a row.
pub type Phrase = Vec<String>;

/// What is looked for. Words and marks are letters and digits only: whoever fills this has folded them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of each of these, one phrase,
    pub all: Vec<Vec<Phrase>>,
    /// none of these phrases,
    pub none: Vec<Phrase>,
    /// of each of these, one mark,
    pub marks: Vec<Vec<String>>,
    /// and none of these marks.
    pub no_marks: Vec<String>,
}

/// Nothing but letters, digits and what is not ASCII has a meaning for neither database.
fn harmless(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || !c.is_ascii()).collect()
}

/// What is looked for in place of a word; of nothing harmless in it, something that is no word.
fn sought(word: &str) -> String {
    Some(harmless(word)).filter(|w| !w.is_empty()).unwrap_or_else(|| "\u{fffd}".to_owned())
}

impl Wanted {
    /// <https://www.sqlite.org/fts5.html#full_text_query_syntax>
    fn fts5(&self) -> String {
        let phrase =
            |words: &Phrase| format!("\"{}\"", words.iter().map(|w| sought(w)).collect::<Vec<_>>().join(" "));
        let mark = |mark: &String| format!("\"{}\"", sought(mark));
        let one_of = |column: &str, some: Vec<String>| format!("{column} : ({})", some.join(" OR "));
        let words = self.all.iter().map(|some| one_of("words", some.iter().map(phrase).collect()));
        let marks = self.marks.iter().map(|some| one_of("marks", some.iter().map(mark).collect()));
        let all = marks.chain(words).collect::<Vec<_>>().join(" AND ");
        let none = self.none.iter().map(|words| one_of("words", vec![phrase(words)]));
        let none: Vec<String> =
            none.chain(self.no_marks.iter().map(|m| one_of("marks", vec![mark(m)]))).collect();
        if none.is_empty() { all } else { format!("({all}) NOT ({})", none.join(" OR ")) }
    }

    /// <https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY>
    fn tsquery(&self) -> String {
        let phrase = |words: &Phrase| {
            format!(
                "({})",
                words.iter().map(|w| format!("'{}'", sought(w))).collect::<Vec<_>>().join(" <-> ")
            )
        };
        let one_of = |some: Vec<String>| format!("({})", some.join(" | "));
        let words = self.all.iter().map(|some| one_of(some.iter().map(phrase).collect()));
        let marks = self.marks.iter().map(|some| one_of(some.iter().map(|m| marked(m)).collect()));
        let none = self.none.iter().map(phrase).chain(self.no_marks.iter().map(|m| marked(m)));
        marks.chain(words).chain(none.map(|one| format!("!{one}"))).collect::<Vec<_>>().join(" & ")
    }
}

/// A mark among the words of a `tsvector`: no word begins so.
fn marked(mark: &str) -> String {
    format!("'@{}'", sought(mark))
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = BigInt)]
    status_id: i64,
}

fn ids(rows: Vec<One>) -> Vec<StatusId> {
    rows.into_iter().map(|row| StatusId(row.status_id)).collect()
}

/// Posts with what is wanted, the newest first. Programs leaf through what they found by number, so this takes an offset; the caller bounds it.
///
/// # Errors
/// As the database's.
pub fn find(c: &mut Conn, wanted: &Wanted, range: Range, offset: i64) -> Result<Vec<StatusId>> {
    if wanted.marks.is_empty() {
        return Ok(Vec::new());
    }
    let above = range.since.into_iter().chain(range.min).max().unwrap_or(-1);
    let below = range.max.unwrap_or(i64::MAX);
    let rest = format!("ORDER BY status_id DESC LIMIT {} OFFSET {offset}", range.limit);
    let rows: Vec<One> = each!(
        c.db(),
        pg | db
            | diesel::sql_query(format!(
                "SELECT status_id FROM status_words WHERE words @@ CAST($1 AS tsquery) AND status_id > $2 AND status_id < $3 {rest}"
            ))
            .bind::<Text, _>(wanted.tsquery())
            .bind::<BigInt, _>(above)
            .bind::<BigInt, _>(below)
            .load(db),
        sqlite | db
            | diesel::sql_query(format!(
                "SELECT rowid AS status_id FROM status_words WHERE status_words MATCH $1 AND rowid > $2 AND rowid < $3 {}",
                rest.replace("status_id", "rowid")
            ))
            .bind::<Text, _>(wanted.fts5())
            .bind::<BigInt, _>(above)
            .bind::<BigInt, _>(below)
            .load(db)
    )?;
    Ok(ids(rows))
}

/// Replaces the words and marks of a post.
///
/// # Errors
/// As the database's.
pub fn set(c: &mut Conn, id: StatusId, words: &[String], marks: &[String]) -> Result<()> {
    let words = words.iter().map(|w| harmless(w)).filter(|w| !w.is_empty());
    let marks = marks.iter().map(|m| harmless(m));
    each!(
        c.db(),
        pg | db | {
            let words = words.enumerate().map(|(at, word)| format!("'{word}':{}", at.saturating_add(1)));
            let all = words.chain(marks.map(|mark| marked(&mark))).collect::<Vec<_>>().join(" ");
            diesel::sql_query(
                "INSERT INTO status_words (status_id, words) VALUES ($1, CAST($2 AS tsvector)) \
                 ON CONFLICT (status_id) DO UPDATE SET words = EXCLUDED.words",
            )
            .bind::<BigInt, _>(id.0)
            .bind::<Text, _>(all)
            .execute(db)
        },
        sqlite
            | db
            | diesel::sql_query(
                "INSERT OR REPLACE INTO status_words (rowid, words, marks) VALUES ($1, $2, $3)"
            )
            .bind::<BigInt, _>(id.0)
            .bind::<Text, _>(words.collect::<Vec<_>>().join(" "))
            .bind::<Text, _>(marks.collect::<Vec<_>>().join(" "))
            .execute(db)
    )?;
    Ok(())
}

/// Forgets the words of posts that nobody may find by them.
///
/// # Errors
/// As the database's.
pub fn forget(c: &mut Conn, posts: &[StatusId]) -> Result<()> {
    if posts.is_empty() {
        return Ok(());
    }
    // Ids are numbers, so their text is safe in the query.
    let list = posts.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    each!(
        c.db(),
        pg | db
            | diesel::sql_query(format!("DELETE FROM status_words WHERE status_id IN ({list})")).execute(db),
        sqlite
            | db
            | diesel::sql_query(format!("DELETE FROM status_words WHERE rowid IN ({list})")).execute(db)
    )?;
    Ok(())
}

/// Notes that the index does not know the latest of a post.
///
/// # Errors
/// As the database's.
pub fn note(c: &mut Conn, id: StatusId, at: Moment) -> Result<()> {
    each!(c, |db| diesel::insert_into(unindexed_statuses::table)
        .values((unindexed_statuses::status_id.eq(id), unindexed_statuses::changed_at.eq(at)))
        .on_conflict(unindexed_statuses::status_id)
        .do_update()
        .set(unindexed_statuses::changed_at.eq(at))
        .execute(db))?;
    Ok(())
}

/// Takes some posts of which the index does not know the latest.
///
/// # Errors
/// As the database's.
pub fn take(c: &mut Conn, limit: i64) -> Result<Vec<StatusId>> {
    let rows: Vec<One> = each!(c, |db| diesel::sql_query(format!(
        "DELETE FROM unindexed_statuses WHERE status_id IN \
         (SELECT status_id FROM unindexed_statuses ORDER BY status_id LIMIT {limit}) RETURNING status_id"
    ))
    .load(db))?;
    Ok(ids(rows))
}

/// Posts of an author above `after`, in order.
///
/// # Errors
/// As the database's.
pub fn of_author(c: &mut Conn, author: AccountId, after: StatusId, limit: i64) -> Result<Vec<StatusId>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::account_id.eq(author).and(statuses::id.gt(after)))
        .filter(statuses::boost_of_id.is_null())
        .order(statuses::id.asc())
        .limit(limit)
        .select(statuses::id)
        .load(db))?)
}

/// All posts above `after`, in order.
///
/// # Errors
/// As the database's.
pub fn all(c: &mut Conn, after: StatusId, limit: i64) -> Result<Vec<StatusId>> {
    Ok(each!(c, |db| statuses::table
        .filter(statuses::id.gt(after).and(statuses::boost_of_id.is_null()))
        .order(statuses::id.asc())
        .limit(limit)
        .select(statuses::id)
        .load(db))?)
}

/// What these rows boost.
///
/// # Errors
/// As the database's.
pub fn boosted_by(c: &mut Conn, rows: &[StatusId]) -> Result<Vec<StatusId>> {
    let found: Vec<Option<StatusId>> = each!(c, |db| statuses::table
        .filter(statuses::id.among(rows).and(statuses::boost_of_id.is_not_null()))
        .select(statuses::boost_of_id)
        .load(db))?;
    Ok(found.into_iter().flatten().collect())
}

/// Whoever wrote a post, is mentioned in it, or did something with it.
const CONCERNED: &str = "WITH posts (id) AS MATERIALIZED ({posts}), concerned (status_id, account_id) AS ( \
      SELECT s.id, s.account_id FROM posts p CROSS JOIN statuses s WHERE s.id = p.id \
      UNION SELECT x.status_id, x.account_id FROM posts p CROSS JOIN mentions x WHERE x.status_id = p.id \
      UNION SELECT x.status_id, x.account_id FROM posts p CROSS JOIN favourites x WHERE x.status_id = p.id \
      UNION SELECT x.status_id, x.account_id FROM posts p CROSS JOIN bookmarks x WHERE x.status_id = p.id \
      UNION SELECT x.boost_of_id, x.account_id FROM posts p CROSS JOIN statuses x WHERE x.boost_of_id = p.id AND x.is_local \
      UNION SELECT l.status_id, x.account_id FROM posts p CROSS JOIN polls l CROSS JOIN poll_voters x \
        WHERE l.status_id = p.id AND x.poll_id = l.id) \
    SELECT r.status_id, r.account_id FROM concerned r CROSS JOIN accounts a WHERE a.id = r.account_id AND a.host = ''";

/// People of this town whom these posts concern: they wrote them, are mentioned, or did something with them.
///
/// # Errors
/// As the database's.
pub fn concerned(c: &mut Conn, posts: &[StatusId]) -> Result<Vec<(StatusId, AccountId)>> {
    struct Name;
    let query = Written::<(BigInt, BigInt), Name>::new(CONCERNED, vec![("posts", Numbers::of(posts).into())]);
    let rows: Vec<(i64, i64)> = each!(c, |db| query.load(db))?;
    Ok(rows.into_iter().map(|(status, account)| (StatusId(status), AccountId(account))).collect())
}

#[cfg(test)]
#[path = "status_words_tests.rs"]
mod tests;
