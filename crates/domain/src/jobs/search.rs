//! Keeping what accounts and posts are found by: new ones some seconds after they came, old ones after an upgrade.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::{AccountId, StatusId};
use parvis_text::words::VERSION;

use super::all_rows::{Step, advance};
use crate::accounts::names;
use crate::search::index;
use crate::{Town, Tx};

/// Transactions of one run; then others have their turn.
const STEPS: usize = 50;
/// Accounts and posts of one transaction.
const AT_ONCE: i64 = 100;

/// Writes posts that came or changed into the index.
pub struct IndexPosts;

#[async_trait]
impl Job<Town> for IndexPosts {
    const KIND: &'static str = index::INDEX;
    type Payload = ();

    async fn run((): (), town: &Town) -> Result<Next<()>, Problem> {
        for _ in 0..STEPS {
            if !town.db().claim(index::index_noted).await? {
                return Ok(Next::Done);
            }
        }
        Ok(Next::Again(()))
    }
}

/// Notes the posts of somebody who agreed that they are found, or no longer.
pub struct NoteAuthor;

#[async_trait]
impl Job<Town> for NoteAuthor {
    const KIND: &'static str = index::NOTE_AUTHOR;
    type Payload = (i64, i64);

    async fn run((author, after): (i64, i64), town: &Town) -> Result<Next<(i64, i64)>, Problem> {
        let some = move |tx: &mut Tx<'_>| index::note_author(tx, AccountId(author), StatusId(after));
        Ok(town.db().write(some).await?.map_or(Next::Done, |last| Next::Again((author, last.0))))
    }
}

/// Keeps the words of accounts and posts from before there were any, and looks whether some were left behind.
pub struct IndexAll;

#[async_trait]
impl Job<Town> for IndexAll {
    const KIND: &'static str = "search.index_all";
    type Payload = ();

    async fn run((): (), town: &Town) -> Result<Next<()>, Problem> {
        const ACCOUNTS: Step = |tx, after| names::keep_some(tx, after, AT_ONCE);
        const POSTS: Step = |tx, after| index::index_some(tx, after, AT_ONCE);
        for _ in 0..STEPS {
            let more = town.db().write(|tx| advance(tx, "words of accounts", VERSION, ACCOUNTS)).await?;
            // What changes meanwhile is noted, and written again.
            let more_posts = town.db().claim(|tx| advance(tx, "words of posts", VERSION, POSTS)).await?;
            if !more && !more_posts {
                return IndexPosts::run((), town).await;
            }
        }
        Ok(Next::Again(()))
    }
}
