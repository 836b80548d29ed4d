//! The index of the words of posts: what stands in it of a post, and how it comes there. A listener notes that a post came, changed, or concerns
//! somebody else than before; a job writes it into the index some seconds later, many at a time, so that no post waits for that.
//!
//! Only posts that somebody here may find are in it: those that concern people of this town, and those for everybody by authors who agreed (FEP-5feb).

use std::collections::{HashMap, HashSet};

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::{MINUTE, Moment, SECOND};
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::media::Media;
use parvis_store::profiles::{self, Profile};
use parvis_store::statuses::Status;
use parvis_store::{Tx, accounts, jobs, media, quotes, status_parts, status_words as rows, statuses};
use parvis_text::first_link::first_link;
use parvis_text::words::folded;

use super::query::language_mark;
use crate::error::Result;
use crate::polls::{self, PollView};
use crate::views;

/// The job that writes noted posts into the index; its payload is nothing.
pub const INDEX: &str = "search.index";
/// The job that notes all posts of an author: `[account, after]`.
pub const NOTE_AUTHOR: &str = "search.note_author";
/// The mark of what everybody may find.
pub(super) const OPEN: &str = "open";
/// How long posts wait for one another.
const TOGETHER: i64 = 10 * SECOND;
/// Words of a post that are found.
const WORDS: usize = 3_000;
/// Posts of one transaction.
const AT_ONCE: i64 = 100;
/// Posts of an author that are noted in one transaction.
const NOTED: i64 = 300;

/// The mark of what somebody wrote.
pub(super) fn author_mark(id: AccountId) -> String {
    format!("from{id}")
}

/// The mark of what somebody may find.
pub(super) fn reader_mark(id: AccountId) -> String {
    format!("for{id}")
}

/// Notes what the index does not know yet. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        // Of a boost: what it boosts is found when its turn comes.
        Event::StatusPublished { id, .. } | Event::StatusEdited { id, .. } => note(tx, *id),
        Event::BoostUndone { original, .. } => note(tx, *original),
        Event::Favourited { status, .. }
        | Event::FavouriteUndone { status, .. }
        | Event::BookmarkChanged { status, .. }
        | Event::Voted { status, .. } => note(tx, *status),
        Event::IndexingChosen { account } => {
            let now = tx.now();
            // Not once for the whole run of a job: it would not begin anew for who changed their mind meanwhile.
            let key = format!("{NOTE_AUTHOR}/{account}/{}", now.0.div_euclid(MINUTE));
            jobs::enqueue(tx, NOTE_AUTHOR, &format!("[{account},0]"), Some(&key), now.plus(MINUTE))?;
            tx.notify("jobs", 0);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn note(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    let now = tx.now();
    rows::note(tx, id, now)?;
    // One job for all that comes in the same few seconds.
    let turn = now.0.div_euclid(TOGETHER).saturating_add(1);
    jobs::enqueue(
        tx,
        INDEX,
        "null",
        Some(&format!("{INDEX}/{turn}")),
        Moment(turn.saturating_mul(TOGETHER)),
    )?;
    Ok(())
}

/// Notes some posts of an author; returns where to go on, or `None` after the last.
///
/// # Errors
/// Internal.
pub fn note_author(tx: &mut Tx<'_>, author: AccountId, after: StatusId) -> Result<Option<StatusId>> {
    let some = rows::of_author(tx, author, after, NOTED)?;
    for id in &some {
        note(tx, *id)?;
    }
    Ok(some.last().copied())
}

/// Writes some of the noted posts into the index; `false` when none is left. In a transaction of its own (`Database::claim`), which holds up nobody.
///
/// # Errors
/// Internal.
pub fn index_noted(tx: &mut Tx<'_>) -> Result<bool> {
    // First, so that what is noted from now on is noted for the next time.
    let noted = rows::take(tx, AT_ONCE)?;
    if noted.is_empty() {
        return Ok(false);
    }
    let boosted = rows::boosted_by(tx, &noted)?;
    let all: HashSet<StatusId> = noted.into_iter().chain(boosted).collect();
    index(tx, &all.into_iter().collect::<Vec<_>>())?;
    Ok(true)
}

/// Writes some posts above `after` into the index, for those that are older than it; returns the last one.
///
/// # Errors
/// Internal.
pub(crate) fn index_some(tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Option<i64>> {
    let some = rows::all(tx, StatusId(after), limit)?;
    index(tx, &some)?;
    Ok(some.last().map(|id| id.0))
}

/// Writes posts into the index, or out of it. A fixed number of statements, and one for each post that is in it.
fn index(tx: &mut Tx<'_>, ids: &[StatusId]) -> Result<()> {
    let mut posts = statuses::by_ids(tx, ids)?;
    posts.retain(|post| post.boost_of_id.is_none());
    let around = Around::load(tx, &posts)?;
    let mut unfindable = Vec::new();
    for post in &posts {
        let finders = around.finders(post);
        if finders.is_empty() {
            unfindable.push(post.id);
            continue;
        }
        let marks: Vec<String> = finders.into_iter().chain(around.traits(post)).collect();
        rows::set(tx, post.id, &folded(&around.text(post), WORDS), &marks)?;
    }
    Ok(rows::forget(tx, &unfindable)?)
}

/// What must be known of posts beside their rows.
struct Around {
    authors: HashMap<AccountId, Account>,
    chosen: HashMap<AccountId, Profile>,
    concerned: HashMap<StatusId, Vec<AccountId>>,
    media: HashMap<StatusId, Vec<Media>>,
    polls: HashMap<StatusId, PollView>,
    people: HashMap<StatusId, Vec<String>>,
    quoting: HashSet<StatusId>,
}

impl Around {
    fn load(tx: &mut Tx<'_>, posts: &[Status]) -> Result<Self> {
        let ids: Vec<StatusId> = posts.iter().map(|p| p.id).collect();
        let authors: HashSet<AccountId> = posts.iter().map(|p| p.account_id).collect();
        let authors: Vec<AccountId> = authors.into_iter().collect();
        let mut concerned: HashMap<StatusId, Vec<AccountId>> = HashMap::new();
        for (post, account) in rows::concerned(tx, &ids)? {
            concerned.entry(post).or_default().push(account);
        }
        let mut pictures: HashMap<StatusId, Vec<Media>> = HashMap::new();
        for row in media::of_statuses(tx, &ids)? {
            pictures.entry(row.status_id.unwrap_or_default()).or_default().push(row);
        }
        let mut people: HashMap<StatusId, Vec<String>> = HashMap::new();
        for mention in status_parts::mentions_of(tx, &ids)? {
            people.entry(mention.status_id).or_default().extend([mention.uri, mention.url]);
        }
        Ok(Self {
            authors: accounts::by_ids(tx, &authors)?.into_iter().map(|a| (a.id, a)).collect(),
            chosen: profiles::of_accounts(tx, &authors)?.into_iter().map(|p| (p.account_id, p)).collect(),
            concerned,
            media: pictures,
            polls: polls::of_statuses(tx, &ids)?,
            people,
            quoting: quotes::of_statuses(tx, &ids)?.into_iter().map(|q| q.status_id).collect(),
        })
    }

    /// The marks of those who may find a post.
    fn finders(&self, post: &Status) -> Vec<String> {
        let concerned = self.concerned.get(&post.id).into_iter().flatten();
        let mut marks: Vec<String> = concerned.map(|id| reader_mark(*id)).collect();
        let agrees = self.authors.get(&post.account_id).is_some_and(|author| {
            let usual = Profile::usual(author);
            self.chosen.get(&author.id).unwrap_or(&usual).is_indexable
        });
        if agrees && Visibility::from_code(post.visibility) == Visibility::Public {
            marks.push(OPEN.to_owned());
        }
        marks
    }

    /// The marks of what a post is and has.
    fn traits(&self, post: &Status) -> Vec<String> {
        let mut marks = vec![author_mark(post.account_id)];
        let mut add = |mark: &str| marks.push(mark.to_owned());
        for media in self.media.get(&post.id).into_iter().flatten() {
            add("hasmedia");
            add(match media.kind.as_str() {
                "image" => "hasimage",
                "audio" => "hasaudio",
                _ => "hasvideo",
            });
        }
        let people: Vec<&str> = self.people.get(&post.id).into_iter().flatten().map(String::as_str).collect();
        let facts = [
            (self.polls.contains_key(&post.id), "haspoll"),
            (self.quoting.contains(&post.id), "hasquote"),
            (post.html.contains("<a ") && first_link(&post.html, &people).is_some(), "haslink"),
            (post.in_reply_to_uri.is_some() || post.in_reply_to_id.is_some(), "isreply"),
            (post.is_sensitive, "issensitive"),
        ];
        facts.into_iter().filter(|(is_so, _)| *is_so).for_each(|(_, mark)| add(mark));
        marks.extend(post.language.as_deref().map(language_mark));
        marks.sort();
        marks.dedup();
        marks
    }

    fn text(&self, post: &Status) -> String {
        let media = self.media.get(&post.id).map(Vec::as_slice).unwrap_or_default();
        views::text_of_all(post, media, self.polls.get(&post.id))
    }
}
