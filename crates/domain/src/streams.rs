//! What live streams show: which streams a post belongs to, who of those connected may see it, and who may still show one that is gone. The doors
//! hold the connections (`client_api::streaming`); the notices that wake them are sent by `timelines`, `statuses`, `notifications` and here.

use std::collections::HashSet;

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, ListId, StatusId, TokenId};
use parvis_model::time::HOUR;
use parvis_model::visibility::Visibility;
use parvis_store::crowds::{self, Deletion};
use parvis_store::statuses::{self, Status};
use parvis_store::{Conn, Error as StoreError, Tx, media, status_parts};
use serde::{Deserialize, Serialize};

use crate::crowd::{self, Crowd};
use crate::error::Result;
use crate::lists::{self, feed};
use crate::news;
use crate::timelines;
use crate::views::StatusView;

/// Topic of [`Tx::notify`]: a post for everybody came into being; its id.
pub const PUBLISHED: &str = "status.new";
/// Topic: a post is gone; the id of what [`gone`] reads.
pub const GONE: &str = "status.delete";
/// How long it is remembered who may show a post that is gone.
const REMEMBERED: i64 = HOUR;
/// What is older when it comes is history, not news.
const NEWS: i64 = 6 * HOUR;
/// Boosters and mentioned people of a deleted post that are remembered.
const PEOPLE_MAX: usize = 400;

/// Which public streams a post belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// For everybody, and no boost.
    pub is_public: bool,
    /// An answer to somebody else: only the streams of its hashtags carry it.
    #[serde(default)]
    pub is_answer: bool,
    /// Written here.
    pub is_local: bool,
    /// With pictures.
    pub has_media: bool,
    /// Its hashtags, normalised.
    pub tags: Vec<String>,
}

impl Places {
    /// Of a loaded post.
    #[must_use]
    pub fn of(view: &StatusView) -> Self {
        Self {
            has_media: !view.media.is_empty(),
            tags: view.tags.iter().map(|t| t.name.clone()).collect(),
            ..Self::of_row(&view.status)
        }
    }

    /// As far as the post's own row tells.
    fn of_row(status: &Status) -> Self {
        Self {
            is_public: timelines::is_open(status),
            is_answer: timelines::is_open(status) && !timelines::is_on_public(status),
            is_local: status.is_local,
            ..Self::default()
        }
    }
}

/// A post for those who are connected.
#[derive(Clone, Debug)]
pub struct News {
    /// Who may see it, and how.
    pub crowd: Crowd,
    /// Who has it on their home timeline.
    pub at_home: HashSet<AccountId>,
    /// The lists in which it stands.
    pub lists: HashSet<ListId>,
    /// Where else it shows.
    pub places: Places,
}

/// A post for those who listen to their home timeline (`home`), to public ones (`open`) and to these lists.
///
/// # Errors
/// Internal.
pub fn news(
    c: &mut Conn,
    id: StatusId,
    home: &[AccountId],
    open: &[AccountId],
    lists: &[ListId],
) -> Result<Option<News>> {
    let mut at_home = HashSet::new();
    for some in home.chunks(crowds::SOME) {
        at_home.extend(timelines::who_has_home(c, id, some)?);
    }
    let everybody = statuses::by_id(c, id)?.is_some_and(|s| timelines::is_open(&s));
    let mut viewers: HashSet<AccountId> = at_home.clone();
    viewers.extend(open.iter().filter(|_| everybody));
    let mut in_lists = HashSet::new();
    for some in lists.chunks(crowds::SOME) {
        for (list, owner) in feed::who_has(c, id, some)? {
            in_lists.insert(list);
            viewers.insert(owner);
        }
    }
    if viewers.is_empty() {
        return Ok(None);
    }
    let viewers: Vec<AccountId> = viewers.into_iter().collect();
    let Some(crowd) = crowd::on_timelines(c, id, &viewers)? else { return Ok(None) };
    let places = Places::of(crowd.post());
    Ok(Some(News { crowd, at_home, lists: in_lists, places }))
}

/// Whether somebody may listen to a list: it is theirs.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn may_hear_list(c: &mut Conn, owner: AccountId, id: ListId) -> Result<()> {
    lists::one(c, owner, id).map(|_| ())
}

/// Who may show a post that is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Audience {
    /// Their followers had it on their home timeline: who wrote it, who boosted it.
    authors: Vec<AccountId>,
    /// Who else may show it: who wrote it, who was mentioned.
    people: Vec<AccountId>,
    /// The lists in which it stood.
    lists: Vec<ListId>,
    places: Places,
}

/// A post that is gone, for those who are connected.
#[derive(Clone, Debug)]
pub struct Gone {
    pub id: StatusId,
    /// Who may have it on their home timeline or among their notifications.
    pub at_home: HashSet<AccountId>,
    /// The lists in which it stood.
    pub lists: HashSet<ListId>,
    /// On which public timelines it stood.
    pub places: Places,
}

/// Wakes the streams of public timelines, and remembers who may show a post that is about to go. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::StatusPublished { id, .. } => {
            let since = tx.now().minus(NEWS);
            if news::status(tx, *id)?.is_some_and(|s| timelines::is_open(&s) && s.created_at >= since) {
                tx.notify(PUBLISHED, id.0);
            }
            Ok(())
        }
        Event::StatusDeleted { id, author, .. } | Event::BoostUndone { id, author, .. } => {
            remember(tx, *id, *author)
        }
        _ => Ok(()),
    }
}

fn remember(tx: &mut Tx<'_>, id: StatusId, author: AccountId) -> Result<()> {
    let Some(status) = statuses::by_id(tx, id)? else { return Ok(()) };
    let most = i64::try_from(PEOPLE_MAX).unwrap_or(0);
    let mut authors = Vec::new();
    if status.visibility != Visibility::Direct.code() {
        authors.push(author);
        authors.extend(statuses::boosts_of(tx, id, most)?.into_iter().map(|b| b.account_id));
    }
    let mentions = status_parts::mentions_of(tx, &[id])?;
    let mentioned = mentions.iter().filter(|m| m.host.is_empty()).map(|m| m.account_id);
    let tags = status_parts::tags_of(tx, &[id])?.into_iter().map(|(_, tag)| tag.name).take(100).collect();
    let audience = Audience {
        authors,
        lists: crowds::lists_with(tx, id, most)?,
        people: std::iter::once(author).chain(mentioned).take(PEOPLE_MAX).collect(),
        places: Places {
            has_media: !media::of_statuses(tx, &[id])?.is_empty(),
            tags,
            ..Places::of_row(&status)
        },
    };
    let text = serde_json::to_string(&audience).map_err(|e| StoreError::Other(e.to_string()))?;
    let row = Deletion { id: tx.new_id(), status_id: id, audience: text, created_at: tx.now() };
    crowds::add_deletion(tx, &row)?;
    tx.notify(GONE, row.id);
    Ok(())
}

/// Who of these viewers may show a post that is gone. One statement for each [`crowds::SOME`] of them.
///
/// # Errors
/// Internal.
pub fn gone(c: &mut Conn, id: i64, viewers: &[AccountId]) -> Result<Option<Gone>> {
    let Some(row) = crowds::deletion(c, id)? else { return Ok(None) };
    let audience: Audience =
        serde_json::from_str(&row.audience).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let is_near = |v: &&AccountId| audience.authors.contains(v) || audience.people.contains(v);
    let mut at_home: HashSet<AccountId> = viewers.iter().filter(is_near).copied().collect();
    for some in viewers.chunks(crowds::SOME) {
        let follows = crowds::follows(c, some, &audience.authors)?.into_iter();
        at_home.extend(follows.filter(|f| audience.authors.contains(&f.1)).map(|f| f.0));
    }
    let lists = audience.lists.into_iter().collect();
    Ok(Some(Gone { id: row.status_id, at_home, lists, places: audience.places }))
}

/// Forgets who showed what went long ago.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now().minus(REMEMBERED);
    Ok(crowds::forget_deletions(tx, before)?)
}

/// Which of these tokens are in force (threats A5).
///
/// # Errors
/// Internal.
pub fn tokens_in_force(c: &mut Conn, tokens: &[TokenId]) -> Result<HashSet<TokenId>> {
    let mut found = HashSet::new();
    for some in tokens.chunks(crowds::SOME) {
        found.extend(crowds::tokens_in_force(c, some)?);
    }
    Ok(found)
}
