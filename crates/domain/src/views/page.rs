//! All rows that a page of posts needs, and how a post is put together from them. What is the same for everybody is here; what depends on who looks
//! is in [`super::eyes`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::HashMap as IdMap;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::{Permission, QuotePolicy, QuoteState, Quoter, may_quote};
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::heads::Head;
use parvis_store::media::Media;
use parvis_store::policy::Emoji;
use parvis_store::quotes::Quote;
use parvis_store::statuses::Status;
use parvis_store::{Conn, pages, preview_cards};
use parvis_text::keywords::Searchable;

use super::accounts::{AccountView, account_views};
use super::cards::{CardView, of_cards};
use super::dealings;
use super::eyes::{Eyes, Mark};
use super::parts::Parts;
use super::quotes::{QuoteView, Shown};
use super::{Lasts, Place, StatusView};
use crate::access::{Standing, Viewer};
use crate::error::Result;
use crate::filters::matching::Filtered;
use crate::kept::{Application, PostParts};
use crate::polls::{self, PollView};
use crate::shortcodes;

/// All that a page has, whoever looks.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    posts: IdMap<StatusId, Arc<PostParts>>,
    authors: IdMap<AccountId, Arc<AccountView>>,
    standing: Arc<Standing>,
    cards: HashMap<StatusId, CardView>,
    quotes: HashMap<StatusId, Quote>,
    polls: HashMap<StatusId, PollView>,
    heads: IdMap<StatusId, Head>,
    emojis: Vec<Emoji>,
    /// Of the viewer for whom it was loaded, if for one.
    ties: Option<i64>,
}

impl Page {
    pub(super) fn load(c: &mut Conn, parts: Parts, quotes: HashMap<StatusId, Quote>) -> Result<Self> {
        let figures = parts.heads.values().map(|head| (head.author.id, head.author.counts)).collect();
        let rows: Vec<&Account> = parts.authors.values().map(|(author, _)| author.account.as_ref()).collect();
        let mentions = parts.posts.values().flat_map(|p| p.mentions.iter());
        let mentions = mentions.map(|m| (m.status_id, m.account_id)).collect();
        let standing = Arc::new(Standing::load(c, &rows, mentions)?);
        let polls = match parts.those(|p| p.has_poll) {
            polled if polled.is_empty() => HashMap::new(),
            polled => polls::of_statuses(c, &polled)?,
        };
        let cards = match parts.those(|p| p.has_card) {
            linking if linking.is_empty() => HashMap::new(),
            linking => {
                let found = preview_cards::shown(c, &linking)?;
                of_cards(c, found)?.into_iter().collect()
            }
        };
        let emojis = shortcodes::load(c, &texts(&parts, &polls))?;
        Ok(Self {
            authors: account_views(c, parts.authors, figures)?,
            standing,
            cards,
            quotes,
            polls,
            heads: parts.heads,
            emojis,
            posts: parts.posts,
            ties: parts.ties,
        })
    }

    /// What this viewer has to do with the page.
    pub(super) fn eyes_of(&self, c: &mut Conn, viewer: Viewer) -> Result<Eyes> {
        let Some(viewer) = viewer else { return Ok(Eyes::of_nobody(&self.standing)) };
        let asked = dealings::Asked {
            viewer,
            ties: self.ties,
            posts: &self.heads,
            polled: &|id| self.polls.contains_key(&id),
        };
        let reader = dealings::of(c, &asked)?;
        let posts: Vec<StatusId> = self.posts.keys().copied().collect();
        let eyes =
            Eyes::of_readers(c, HashMap::from([(viewer, reader)]), &self.standing, &posts)?.remove(&viewer);
        Ok(eyes.unwrap_or_else(|| Eyes::of_nobody(&self.standing)))
    }

    /// The same for each of many viewers, at most [`parvis_store::crowds::SOME`], in as many statements as for one.
    pub(crate) fn eyes_of_many(
        &self,
        c: &mut Conn,
        viewers: &[AccountId],
    ) -> Result<HashMap<AccountId, Eyes>> {
        let authors: Vec<AccountId> = self.authors.keys().copied().collect();
        let posts: Vec<StatusId> = self.posts.keys().copied().collect();
        let polled: Vec<StatusId> = self.polls.keys().copied().collect();
        let readers = pages::readers(c, viewers, &posts, &authors, &polled)?;
        Eyes::of_readers(c, readers, &self.standing, &posts)
    }

    /// What distinguishes this viewer's copy of the page from others'.
    pub(crate) fn mark<'a>(&self, eyes: &'a Eyes) -> Mark<'a> {
        eyes.mark(|viewer| {
            self.authors.contains_key(&viewer)
                || self.standing.mentions.iter().any(|(_, account)| *account == viewer)
        })
    }

    /// Whether a post shows there to this viewer; of a boost, the post behind it must show too.
    pub(crate) fn shows(&self, id: StatusId, eyes: &Eyes, place: Place) -> bool {
        let Some(status) = self.status(id) else { return false };
        let Some(original) = status.boost_of_id else { return self.shows_alone(status, eyes, place) };
        let is_wanted =
            place == Place::Elsewhere || !eyes.ties.own.without_boosts.contains(&status.account_id);
        is_wanted
            && self.shows_alone(status, eyes, place)
            && self.status(original).is_some_and(|post| self.shows_alone(post, eyes, place))
    }

    fn shows_alone(&self, status: &Status, eyes: &Eyes, place: Place) -> bool {
        let author = status.account_id;
        let is_unwanted = eyes.muted.contains(&author) || eyes.avoided.contains(&author);
        eyes.ties.let_see(eyes.viewer, status)
            && (place == Place::Elsewhere || !is_unwanted)
            && (place != Place::Public || !eyes.ties.is_quiet(eyes.viewer, author))
    }

    pub(crate) fn view(&self, id: StatusId, eyes: &Eyes, place: Place) -> Option<StatusView> {
        if !self.shows(id, eyes, place) {
            return None;
        }
        let parts = self.posts.get(&id)?;
        let mut view = self.whole(parts, eyes)?;
        view.quote = self.quote(&parts.status, eyes, false);
        if let Some(original) = parts.status.boost_of_id {
            let original = self.posts.get(&original)?;
            let mut behind = self.whole(original, eyes)?;
            behind.quote = self.quote(&original.status, eyes, false);
            // A filter may name the boost or what it boosts; the text is the post's.
            view.filtered = self.filtered(original, eyes, &[id, original.status.id]);
            view.boost_of = Some(Box::new(behind));
            view.parts = Lasts::default();
        }
        Some(view)
    }

    fn status(&self, id: StatusId) -> Option<&Status> {
        self.posts.get(&id).map(|parts| parts.status.as_ref())
    }

    /// What a post quotes; `is_nested` when it is quoted itself.
    fn quote(&self, status: &Status, eyes: &Eyes, is_nested: bool) -> Option<QuoteView> {
        let row = self.quotes.get(&status.id)?;
        let quoted = row.quoted_id.and_then(|id| self.posts.get(&id));
        let shown = match (row.state(), quoted.map(|parts| parts.status.as_ref())) {
            (QuoteState::Pending, _) => Shown::Pending,
            (QuoteState::Rejected, _) => Shown::Rejected,
            (QuoteState::Revoked, _) => Shown::Revoked,
            (QuoteState::Accepted, None) => Shown::Deleted,
            (QuoteState::Accepted, Some(post)) if !eyes.ties.let_see(eyes.viewer, post) => {
                Shown::Unauthorized
            }
            (QuoteState::Accepted, Some(post)) if eyes.avoided.contains(&post.account_id) => {
                Shown::BlockedDomain
            }
            (QuoteState::Accepted, Some(post)) if eyes.muted.contains(&post.account_id) => Shown::Muted,
            (QuoteState::Accepted, Some(_)) => Shown::Accepted,
        };
        let post = quoted.filter(|_| shown.is_visible() && !is_nested).and_then(|post| {
            let mut view = self.whole(post, eyes)?;
            view.quote = self.quote(&post.status, eyes, true);
            Some(Box::new(view))
        });
        let page = quoted.map(|post| post.status.url.clone()).filter(|url| !url.is_empty());
        let url = page.unwrap_or_else(|| row.quoted_uri.clone());
        Some(QuoteView { row: row.clone(), shown, url, post, is_nested })
    }

    fn may_quote(status: &Status, eyes: &Eyes, policy: QuotePolicy) -> Permission {
        let author = status.account_id;
        let quoter = eyes.viewer.map(|viewer| Quoter {
            is_author: viewer == author,
            is_follower: eyes.ties.own.followed.contains(&author),
            is_followed: eyes.ties.own.following.contains(&author),
        });
        may_quote(Visibility::from_code(status.visibility), policy, quoter)
    }

    /// The viewer's filters that match a post, or name one of `posts`.
    fn filtered(&self, parts: &PostParts, eyes: &Eyes, posts: &[StatusId]) -> Vec<Filtered> {
        let Some(filters) = &eyes.filters else { return Vec::new() };
        let poll = self.polls.get(&parts.status.id);
        filters.of(|| searchable(parts, poll), posts)
    }

    /// A post without anything that depends on who looks, whoever may see it: for streams to tell where it belongs, and for those who decide about
    /// a report.
    pub(crate) fn bare(&self, id: StatusId) -> Option<StatusView> {
        self.whole(self.posts.get(&id)?, &Eyes::of_nobody(&self.standing))
    }

    /// The same with what it quotes.
    pub(super) fn plain(&self, id: StatusId) -> Option<StatusView> {
        let mut view = self.bare(id)?;
        view.quote = self.quote(&view.status, &Eyes::of_nobody(&self.standing), false);
        Some(view)
    }

    fn whole(&self, parts: &Arc<PostParts>, eyes: &Eyes) -> Option<StatusView> {
        let row = &parts.status;
        let author = Arc::clone(self.authors.get(&row.account_id)?);
        let mut status = Arc::clone(row);
        if author.account.sensitized_at.is_some() && !parts.media.is_empty() && !row.is_sensitive {
            // Staff decided that this person's pictures stand behind a warning.
            Arc::make_mut(&mut status).is_sensitive = true;
        }
        let is_by_itself = !parts.has_shortcodes && !parts.has_quote && Arc::ptr_eq(&status, row);
        Some(StatusView {
            parts: is_by_itself.then(|| Arc::clone(parts)).into(),
            visibility: Visibility::from_code(row.visibility),
            media: Arc::clone(&parts.media),
            mentions: Arc::clone(&parts.mentions),
            tags: Arc::clone(&parts.tags),
            emojis: self.emojis_in(parts, &author.account.host),
            card: self.cards.get(&row.id).cloned(),
            quote: None,
            quote_policy: parts.quote_policy,
            may_quote: Self::may_quote(row, eyes, parts.quote_policy),
            poll: self.poll(row.id, &author.account.host, eyes),
            application: application(parts, eyes),
            counts: self.heads.get(&row.id).map(|head| head.counts).unwrap_or_default(),
            flags: eyes.flags(row.id),
            is_muted: eyes.muted.contains(&row.account_id),
            filtered: self.filtered(parts, eyes, &[row.id]),
            boost_of: None,
            author,
            status,
        })
    }

    fn emojis_in(&self, parts: &PostParts, host: &str) -> Vec<Emoji> {
        if !parts.has_shortcodes || self.emojis.is_empty() {
            return Vec::new();
        }
        shortcodes::used(&self.emojis, host, &text_of(&parts.status))
    }

    fn poll(&self, id: StatusId, host: &str, eyes: &Eyes) -> Option<PollView> {
        let poll = self.polls.get(&id)?;
        let emojis = shortcodes::used(&self.emojis, host, &poll.text());
        Some(PollView { emojis, ..poll.seen_with(eyes.votes(id)) })
    }
}

/// The author knows the program; of a post for everybody, everybody does (Mastodon's default).
fn application(parts: &PostParts, eyes: &Eyes) -> Option<Application> {
    let status = &parts.status;
    let is_open = Visibility::from_code(status.visibility).is_for_everybody();
    let may_know = is_open || eyes.viewer == Some(status.account_id);
    parts.application.as_ref().filter(|_| may_know).cloned()
}

/// Where custom emojis may stand.
fn text_of(status: &Status) -> String {
    format!("{} {}", status.warning, status.html)
}

/// The texts of a page with the hosts on which they were written, as far as custom emojis may stand there.
fn texts(parts: &Parts, polls: &HashMap<StatusId, PollView>) -> Vec<(String, String)> {
    let those = parts.posts.values().filter(|p| p.has_shortcodes || polls.contains_key(&p.status.id));
    those
        .filter_map(|p| {
            let (author, _) = parts.authors.get(&p.status.account_id)?;
            let options = polls.get(&p.status.id).map(PollView::text).unwrap_or_default();
            Some((author.account.host.clone(), format!("{} {options}", text_of(&p.status))))
        })
        .collect()
}

/// The text of a post, ready for filters to look for keywords in it; that of a poll is not kept with the rest.
fn searchable<'a>(parts: &'a PostParts, poll: Option<&PollView>) -> Cow<'a, Searchable> {
    let ready = || Searchable::of(&text_of_all(&parts.status, &parts.media, poll));
    match poll {
        Some(_) => Cow::Owned(ready()),
        None => Cow::Borrowed(parts.searchable.get_or_init(ready)),
    }
}

/// The text of a post in which filters look for keywords and search for words: as in Mastodon, also what its poll asks and what its pictures show, but
/// nothing of the preview card, which others wrote.
pub(crate) fn text_of_all(status: &Status, media: &[Media], poll: Option<&PollView>) -> String {
    let mut text = format!("{}\n\n{}", status.warning, parvis_text::sanitise::text_of(&status.html));
    let options = poll.into_iter().flat_map(|p| &p.options).map(|option| &option.title);
    for more in options.chain(media.iter().map(|m| &m.description)) {
        text.push_str("\n\n");
        text.push_str(more);
    }
    text
}
