//! All rows that a page of posts needs, and how a post is put together from them. What is the same for everybody is here; what depends on who looks
//! is in [`super::eyes`].

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parvis_model::ids::{AccountId, AppId, StatusId};
use parvis_model::quote::{Permission, QuotePolicy, QuoteState, Quoter, may_quote};
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::media::Media;
use parvis_store::policy::Emoji;
use parvis_store::preview_cards::PreviewCard;
use parvis_store::quotes::Quote;
use parvis_store::reactions::Counts;
use parvis_store::status_parts::Tag;
use parvis_store::statuses::Status;
use parvis_store::{Conn, accounts, media, oauth, preview_cards, quotes, reactions, status_parts};

use super::accounts::{AccountView, account_views};
use super::eyes::{Eyes, Mark};
use super::quotes::{QuoteView, Shown};
use super::{Application, Place, StatusView};
use crate::access::{Standing, Viewer};
use crate::error::Result;
use crate::filters::matching::Filtered;
use crate::polls::{self, PollView};
use crate::shortcodes;

/// All rows of a page, whoever looks.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    posts: HashMap<StatusId, Status>,
    authors: HashMap<AccountId, Arc<AccountView>>,
    standing: Arc<Standing>,
    media: HashMap<StatusId, Vec<Media>>,
    tags: HashMap<StatusId, Vec<Tag>>,
    cards: HashMap<StatusId, PreviewCard>,
    quotes: HashMap<StatusId, Quote>,
    policies: HashMap<StatusId, QuotePolicy>,
    polls: HashMap<StatusId, PollView>,
    applications: HashMap<AppId, Application>,
    counts: HashMap<StatusId, Counts>,
    emojis: Vec<Emoji>,
}

impl Page {
    pub(super) fn load(
        c: &mut Conn,
        posts: HashMap<StatusId, Status>,
        quotes: HashMap<StatusId, Quote>,
    ) -> Result<Self> {
        let ids: Vec<StatusId> = posts.keys().copied().collect();
        let author_ids: Vec<AccountId> =
            posts.values().map(|s| s.account_id).collect::<HashSet<_>>().into_iter().collect();
        let rows: HashMap<AccountId, Account> =
            accounts::by_ids(c, &author_ids)?.into_iter().map(|a| (a.id, a)).collect();
        let standing = Arc::new(Standing::load(c, &rows, &ids)?);
        let polls = polls::of_statuses(c, &ids)?;
        let texts: Vec<(String, String)> = posts
            .values()
            .filter_map(|s| {
                let options = polls.get(&s.id).map(PollView::text).unwrap_or_default();
                rows.get(&s.account_id)
                    .map(|a| (a.host.clone(), format!("{} {} {options}", s.warning, s.html)))
            })
            .collect();
        let mut grouped_media: HashMap<StatusId, Vec<Media>> = HashMap::new();
        for row in media::of_statuses(c, &ids)? {
            if let Some(status) = row.status_id {
                grouped_media.entry(status).or_default().push(row);
            }
        }
        let mut grouped_tags: HashMap<StatusId, Vec<Tag>> = HashMap::new();
        for (status, tag) in status_parts::tags_of(c, &ids)? {
            grouped_tags.entry(status).or_default().push(tag);
        }
        Ok(Self {
            authors: account_views(c, rows)?,
            standing,
            media: grouped_media,
            tags: grouped_tags,
            quotes,
            policies: quotes::policies_of(c, &ids)?.into_iter().collect(),
            cards: preview_cards::shown(c, &ids)?.into_iter().collect(),
            polls,
            applications: applications(c, &posts)?,
            counts: reactions::counts(c, &ids)?.into_iter().collect(),
            emojis: shortcodes::load(c, &texts)?,
            posts,
        })
    }

    /// What this viewer has to do with the page.
    pub(super) fn eyes_of(&self, c: &mut Conn, viewer: Viewer) -> Result<Eyes> {
        let own = match viewer {
            Some(viewer) => self.eyes_of_many(c, &[viewer])?.remove(&viewer),
            None => None,
        };
        Ok(own.unwrap_or_else(|| Eyes::of_nobody(&self.standing)))
    }

    /// The same for each of many viewers, at most [`parvis_store::crowds::SOME`], in as many statements as for one.
    pub(crate) fn eyes_of_many(
        &self,
        c: &mut Conn,
        viewers: &[AccountId],
    ) -> Result<HashMap<AccountId, Eyes>> {
        let authors: Vec<&Account> = self.authors.values().map(|a| &a.account).collect();
        let posts: Vec<StatusId> = self.posts.keys().copied().collect();
        Eyes::load(c, viewers, &self.standing, &authors, &posts)
    }

    /// What distinguishes this viewer's copy of the page from others'.
    pub(crate) fn mark<'a>(&self, eyes: &'a Eyes) -> Mark<'a> {
        eyes.mark(|viewer| {
            self.authors.contains_key(&viewer)
                || self.standing.mentions.iter().any(|m| m.account_id == viewer)
        })
    }

    /// Whether a post shows there to this viewer; of a boost, the post behind it must show too.
    pub(crate) fn shows(&self, id: StatusId, eyes: &Eyes, place: Place) -> bool {
        let Some(status) = self.posts.get(&id) else { return false };
        let Some(original) = status.boost_of_id else { return self.shows_alone(status, eyes, place) };
        let is_wanted =
            place == Place::Elsewhere || !eyes.ties.own.without_boosts.contains(&status.account_id);
        is_wanted
            && self.shows_alone(status, eyes, place)
            && self.posts.get(&original).is_some_and(|post| self.shows_alone(post, eyes, place))
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
        let status = self.posts.get(&id)?;
        let mut view = self.whole(status, eyes)?;
        view.quote = self.quote(status, eyes, false);
        if let Some(original) = status.boost_of_id {
            let original = self.posts.get(&original)?;
            let mut behind = self.whole(original, eyes)?;
            behind.quote = self.quote(original, eyes, false);
            // A filter may name the boost or what it boosts; the text is the post's.
            view.filtered = self.filtered(original, eyes, &[id, original.id]);
            view.boost_of = Some(Box::new(behind));
        }
        Some(view)
    }

    /// What a post quotes; `is_nested` when it is quoted itself.
    fn quote(&self, status: &Status, eyes: &Eyes, is_nested: bool) -> Option<QuoteView> {
        let row = self.quotes.get(&status.id)?;
        let quoted = row.quoted_id.and_then(|id| self.posts.get(&id));
        let shown = match (row.state(), quoted) {
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
            view.quote = self.quote(post, eyes, true);
            Some(Box::new(view))
        });
        let page = quoted.map(|post| post.url.clone()).filter(|url| !url.is_empty());
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
    fn filtered(&self, status: &Status, eyes: &Eyes, posts: &[StatusId]) -> Vec<Filtered> {
        let Some(filters) = &eyes.filters else { return Vec::new() };
        let media = self.media.get(&status.id).map(Vec::as_slice).unwrap_or_default();
        filters.of(|| filtered_text(status, media, self.polls.get(&status.id)), posts)
    }

    /// A post without anything that depends on who looks, whoever may see it: for streams to tell where it belongs, and for those who decide about
    /// a report.
    pub(crate) fn bare(&self, id: StatusId) -> Option<StatusView> {
        self.whole(self.posts.get(&id)?, &Eyes::of_nobody(&self.standing))
    }

    fn whole(&self, row: &Status, eyes: &Eyes) -> Option<StatusView> {
        let author = Arc::clone(self.authors.get(&row.account_id)?);
        let quote_policy = self.policies.get(&row.id).copied().unwrap_or_default();
        let text = format!("{} {}", row.warning, row.html);
        let media = self.media.get(&row.id).cloned().unwrap_or_default();
        let mut status = row.clone();
        // Staff decided that this person's pictures stand behind a warning.
        status.is_sensitive |= author.account.sensitized_at.is_some() && !media.is_empty();
        Some(StatusView {
            visibility: Visibility::from_code(status.visibility),
            media,
            mentions: self.standing.mentions.iter().filter(|m| m.status_id == status.id).cloned().collect(),
            tags: self.tags.get(&status.id).cloned().unwrap_or_default(),
            emojis: shortcodes::used(&self.emojis, &author.account.host, &text),
            card: self.cards.get(&status.id).cloned(),
            quote: None,
            quote_policy,
            may_quote: Self::may_quote(row, eyes, quote_policy),
            poll: self.poll(status.id, &author.account.host, eyes),
            application: self.application(row, eyes),
            counts: self.counts.get(&status.id).copied().unwrap_or_default(),
            flags: eyes.flags(status.id),
            is_muted: eyes.muted.contains(&status.account_id),
            filtered: self.filtered(row, eyes, &[row.id]),
            boost_of: None,
            author,
            status,
        })
    }

    fn poll(&self, id: StatusId, host: &str, eyes: &Eyes) -> Option<PollView> {
        let poll = self.polls.get(&id)?;
        let emojis = shortcodes::used(&self.emojis, host, &poll.text());
        Some(PollView { emojis, ..poll.seen_with(eyes.votes(id)) })
    }

    /// The author knows the program; of a post for everybody, everybody does (Mastodon's default).
    fn application(&self, status: &Status, eyes: &Eyes) -> Option<Application> {
        let is_open = Visibility::from_code(status.visibility).is_for_everybody();
        let may_know = is_open || eyes.viewer == Some(status.account_id);
        self.applications.get(&status.app_id?).filter(|_| may_know).cloned()
    }
}

fn applications(c: &mut Conn, posts: &HashMap<StatusId, Status>) -> Result<HashMap<AppId, Application>> {
    let ids: HashSet<AppId> = posts.values().filter_map(|s| s.app_id).collect();
    let found = oauth::names_of_apps(c, &ids.into_iter().collect::<Vec<_>>())?;
    Ok(found.into_iter().map(|(id, name, website)| (id, Application { name, website })).collect())
}

/// The text of a post in which filters look for keywords: as in Mastodon, also what its poll asks and what its pictures show, but nothing of the
/// preview card, which others wrote.
fn filtered_text(status: &Status, media: &[Media], poll: Option<&PollView>) -> String {
    let mut text = format!("{}\n\n{}", status.warning, parvis_text::sanitise::text_of(&status.html));
    let options = poll.into_iter().flat_map(|p| &p.options).map(|option| &option.title);
    for more in options.chain(media.iter().map(|m| &m.description)) {
        text.push_str("\n\n");
        text.push_str(more);
    }
    text
}
