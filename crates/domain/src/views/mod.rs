//! What is shown of posts and accounts: everything a page needs, loaded at once in a fixed number of statements. Doors render these with pure
//! functions (client API entities, ActivityPub objects, templates); none of them asks the database again.

mod accounts;
mod cards;
mod dealings;
#[cfg(test)]
mod dealings_tests;
mod desk;
mod eyes;
#[cfg(test)]
mod kept_tests;
mod page;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod published_tests;
mod parts;
mod quotes;

use std::any::Any;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::{Permission, QuotePolicy};
use parvis_model::visibility::Visibility;
use parvis_store::Conn;
use parvis_store::media::Media;
use parvis_store::policy::Emoji;
use parvis_store::quotes::{self as quote_rows, Quote};
use parvis_store::reactions::{Counts, Flags};
use parvis_store::status_parts::{Mention, Tag};
use parvis_store::statuses::Status;
use parvis_text::compose::quote_line;
use url::Url;

pub use crate::kept::Application;
pub use accounts::{AccountView, lately_active, of_account, of_accounts, town_emojis};
pub use cards::CardView;
pub(crate) use cards::of_cards;
pub use desk::{
    ReportView, StaffAccount, StrikeView, email_key, for_staff, of_report, of_reports, of_strikes,
};
pub use eyes::{Eyes, Mark};
pub(crate) use page::{Page, text_of_all};
pub use quotes::{QuoteView, Shown};

use crate::access::Viewer;
use crate::error::Result;
use crate::filters::matching::Filtered;
use crate::kept::PostParts;
use crate::news;
use crate::polls::PollView;
use parts::Parts;
pub(crate) use parts::written;

/// A post with what it shows.
#[derive(Clone, Debug)]
pub struct StatusView {
    pub status: Arc<Status>,
    pub visibility: Visibility,
    pub author: Arc<AccountView>,
    pub media: Arc<[Media]>,
    pub mentions: Arc<[Mention]>,
    pub tags: Arc<[Tag]>,
    pub emojis: Vec<Emoji>,
    /// What its first link leads to.
    pub card: Option<CardView>,
    pub poll: Option<PollView>,
    pub counts: Counts,
    /// What it quotes.
    pub quote: Option<QuoteView>,
    /// Who may quote it.
    pub quote_policy: QuotePolicy,
    /// Whether the viewer may.
    pub may_quote: Permission,
    /// What the viewer did with it; `None` without a viewer.
    pub flags: Option<Flags>,
    /// The program it was written with, as far as the viewer may know.
    pub application: Option<Application>,
    /// The viewer's filters that match it.
    pub filtered: Vec<Filtered>,
    /// The viewer mutes its author.
    pub is_muted: bool,
    /// The post behind a boost.
    pub boost_of: Option<Box<StatusView>>,
    parts: Lasts,
}

/// The parts of a post that has nothing else: no quote, whose state may change; no custom emojis, which the town may change; no post that it boosts.
#[derive(Clone, Default)]
pub(crate) struct Lasts(Option<Arc<PostParts>>);

impl From<Option<Arc<PostParts>>> for Lasts {
    fn from(parts: Option<Arc<PostParts>>) -> Self {
        Self(parts)
    }
}

impl std::fmt::Debug for Lasts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Lasts").field(&self.0.is_some()).finish()
    }
}

impl StatusView {
    /// What `make` makes of the text of a post, its media, mentions and tags, kept with it until one of them changes; nothing for posts whose text may
    /// change without them. `make` must look at nothing that depends on the viewer, nor at counts, card and poll.
    pub fn rendered<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<Arc<T>> {
        self.parts.0.as_ref().map(|parts| parts.rendered.of((), make))
    }

    /// The text as programs get it: a post of ours that quotes begins with a link, for programs that know no quotes.
    #[must_use]
    pub fn html(&self) -> Cow<'_, str> {
        let line = self
            .quote
            .as_ref()
            .filter(|quote| self.status.is_local && quote.is_told())
            .and_then(|quote| Url::parse(&quote.url).ok())
            .map(|url| quote_line(&url));
        match line {
            Some(line) => Cow::Owned(line + &self.status.html),
            None => Cow::Borrowed(&self.status.html),
        }
    }
}

/// How deep quotes of quotes are looked at: the second shows as an id only.
const QUOTES_DEEP: usize = 2;

/// Where a page stands: on a timeline those whom the viewer mutes are left out, elsewhere they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Home.
    Timeline,
    /// Public and tag: of silenced people, only what those see who follow them.
    Public,
    /// A profile, a thread, a single post.
    Elsewhere,
}

/// The posts with these ids, in this order, as far as the viewer may see them.
///
/// # Errors
/// Internal.
pub fn of_statuses(c: &mut Conn, viewer: Viewer, ids: &[StatusId], place: Place) -> Result<Vec<StatusView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let page = page_for(c, viewer, ids)?;
    let eyes = page.eyes_of(c, viewer)?;
    Ok(ids.iter().filter_map(|id| page.view(*id, &eyes, place)).collect())
}

/// A post that somebody published just now, as they see it; `parts` as it was written.
///
/// # Errors
/// Internal.
pub fn of_published(
    c: &mut Conn,
    author: AccountId,
    id: StatusId,
    parts: Option<Arc<PostParts>>,
) -> Result<Option<StatusView>> {
    let page = page_with(c, Some(author), &[id], Parts { given: parts, ..Parts::default() })?;
    let eyes = page.eyes_of(c, Some(author))?;
    Ok(page.view(id, &eyes, Place::Elsewhere))
}

/// A post as its author's activities tell it, whoever may see it: without what depends on who looks.
///
/// # Errors
/// Internal.
pub fn of_told(c: &mut Conn, id: StatusId) -> Result<Option<StatusView>> {
    let given = news::just_written(c, id);
    Ok(page_with(c, None, &[id], Parts { given, trusts: true, ..Parts::default() })?.plain(id))
}

/// Everything about these posts, what they boost and what they quote that is the same for everybody: for [`of_statuses`] and for `crowd`.
pub(crate) fn page_of(c: &mut Conn, ids: &[StatusId]) -> Result<Page> {
    page_for(c, None, ids)
}

/// The same, with what is needed to find in memory what the viewer has to do with it.
fn page_for(c: &mut Conn, viewer: Viewer, ids: &[StatusId]) -> Result<Page> {
    page_with(c, viewer, ids, Parts::default())
}

fn page_with(c: &mut Conn, viewer: Viewer, ids: &[StatusId], parts: Parts) -> Result<Page> {
    let mut parts = Parts { viewer, ..parts };
    parts.add(c, ids)?;
    let quotes = quoted(c, &mut parts)?;
    Page::load(c, parts, quotes)
}

/// What these posts quote, and what that quotes in turn; the quoted posts are added. Nothing is asked where nothing quotes.
fn quoted(c: &mut Conn, parts: &mut Parts) -> Result<HashMap<StatusId, Quote>> {
    let mut quotes: HashMap<StatusId, Quote> = HashMap::new();
    for _ in 0..QUOTES_DEEP {
        let mut quoting = parts.those(|p| p.has_quote);
        quoting.retain(|id| !quotes.contains_key(id));
        let found = quote_rows::of_statuses(c, &quoting)?;
        let ids = found.iter().filter_map(|quote| quote.quoted_id);
        let fresh: Vec<StatusId> = ids.filter(|id| !parts.posts.contains_key(id)).collect();
        quotes.extend(found.into_iter().map(|quote| (quote.status_id, quote)));
        parts.add(c, &fresh)?;
    }
    Ok(quotes)
}

/// The posts with these ids as evidence for staff: whatever their visibility, and even of somebody who is suspended. Only what is hung on a
/// report may be asked for here (threats I1).
///
/// # Errors
/// Internal.
pub(crate) fn of_reported(c: &mut Conn, ids: &[StatusId]) -> Result<HashMap<StatusId, StatusView>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut parts = Parts::default();
    parts.add(c, ids)?;
    let page = Page::load(c, parts, HashMap::new())?;
    Ok(ids.iter().filter_map(|id| Some((*id, page.bare(*id)?))).collect())
}

/// A post from which somebody took a reaction back: as they may see it, or with nothing in it if they may not see it any more.
///
/// # Errors
/// [`crate::Error::NotFound`] when it is not there at all.
pub fn of_taken_back(c: &mut Conn, viewer: AccountId, id: StatusId) -> Result<StatusView> {
    if let Some(view) = of_status(c, Some(viewer), id)? {
        return Ok(view);
    }
    let mut parts = Parts::default();
    parts.add(c, &[id])?;
    let page = Page::load(c, parts, HashMap::new())?;
    let mut view = page.bare(id).ok_or(crate::Error::NotFound)?;
    let row = Arc::make_mut(&mut view.status);
    for text in [&mut row.html, &mut row.source, &mut row.warning] {
        text.clear();
    }
    (view.media, view.mentions, view.tags) = (Arc::default(), Arc::default(), Arc::default());
    (view.card, view.poll, view.quote, view.counts) = (None, None, None, Counts::default());
    (view.emojis, view.boost_of, view.flags) = (Vec::new(), None, Some(Flags::default()));
    view.parts = Lasts::default();
    Ok(view)
}

/// One post, if the viewer may see it.
///
/// # Errors
/// Internal.
pub fn of_status(c: &mut Conn, viewer: Viewer, id: StatusId) -> Result<Option<StatusView>> {
    Ok(of_statuses(c, viewer, &[id], Place::Elsewhere)?.pop())
}
