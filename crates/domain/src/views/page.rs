//! All rows that a page of posts needs, and how a post is put together from them.

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
use parvis_store::reactions::{Counts, Flags};
use parvis_store::status_parts::Tag;
use parvis_store::statuses::Status;
use parvis_store::{
    Conn, accounts, blocks, host_blocks, media, oauth, preview_cards, quotes, reactions, status_parts,
};

use super::accounts::{AccountView, account_views};
use super::quotes::{QuoteView, Shown};
use super::{Application, Place, StatusView};
use crate::access::{Ties, Viewer};
use crate::error::Result;
use crate::filters::matching::{Active, Filtered};
use crate::polls::{self, PollView};
use crate::shortcodes;

/// All rows of a page.
pub(super) struct Page {
    posts: HashMap<StatusId, Status>,
    authors: HashMap<AccountId, Arc<AccountView>>,
    ties: Ties,
    muted: HashSet<AccountId>,
    /// Authors of servers that the viewer wants nothing to do with.
    avoided: HashSet<AccountId>,
    media: HashMap<StatusId, Vec<Media>>,
    tags: HashMap<StatusId, Vec<Tag>>,
    cards: HashMap<StatusId, PreviewCard>,
    quotes: HashMap<StatusId, Quote>,
    policies: HashMap<StatusId, QuotePolicy>,
    polls: HashMap<StatusId, PollView>,
    applications: HashMap<AppId, Application>,
    counts: HashMap<StatusId, Counts>,
    flags: Option<HashMap<StatusId, Flags>>,
    emojis: Vec<Emoji>,
    filters: Option<Active>,
}

impl Page {
    pub(super) fn load(
        c: &mut Conn,
        viewer: Viewer,
        posts: HashMap<StatusId, Status>,
        quotes: HashMap<StatusId, Quote>,
    ) -> Result<Self> {
        let ids: Vec<StatusId> = posts.keys().copied().collect();
        let author_ids: Vec<AccountId> =
            posts.values().map(|s| s.account_id).collect::<HashSet<_>>().into_iter().collect();
        let rows: HashMap<AccountId, Account> =
            accounts::by_ids(c, &author_ids)?.into_iter().map(|a| (a.id, a)).collect();
        let ties = Ties::load(c, viewer, &rows, &ids)?;
        let now = c.now();
        let muted = match viewer {
            Some(v) => blocks::mutes_of(c, v, &author_ids, now)?.into_iter().map(|m| m.target_id).collect(),
            None => HashSet::new(),
        };
        let avoided = match viewer {
            Some(v) => avoided(c, v, &rows)?,
            None => HashSet::new(),
        };
        let polls = polls::of_statuses(c, viewer, &ids)?;
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
            ties,
            muted,
            avoided,
            media: grouped_media,
            tags: grouped_tags,
            quotes,
            policies: quotes::policies_of(c, &ids)?.into_iter().collect(),
            cards: preview_cards::shown(c, &ids)?.into_iter().collect(),
            polls,
            applications: applications(c, &posts)?,
            counts: reactions::counts(c, &ids)?.into_iter().collect(),
            flags: match viewer {
                Some(v) => Some(reactions::flags(c, v, &ids)?.into_iter().collect()),
                None => None,
            },
            emojis: shortcodes::load(c, &texts)?,
            filters: match viewer {
                Some(v) => Active::load(c, v, &ids)?,
                None => None,
            },
            posts,
        })
    }

    pub(super) fn view(&self, id: StatusId, viewer: Viewer, place: Place) -> Option<StatusView> {
        let status = self.posts.get(&id)?;
        let boost_of = match status.boost_of_id {
            Some(original) => Some(Box::new(self.plain_view(self.posts.get(&original)?, viewer, place)?)),
            None => None,
        };
        let mut view = self.plain_view(status, viewer, place)?;
        let is_unwanted_boost = place != Place::Elsewhere
            && boost_of.is_some()
            && self.ties.without_boosts.contains(&status.account_id);
        if is_unwanted_boost {
            return None;
        }
        if let Some(original) = &boost_of {
            // A filter may name the boost or what it boosts; the text is the post's.
            view.filtered = self.filtered(&original.status, &[id, original.status.id]);
        }
        view.quote = self.quote(status, viewer, false);
        view.boost_of = boost_of.map(|mut original| {
            original.quote = self.quote(&original.status, viewer, false);
            original
        });
        Some(view)
    }

    /// What a post quotes; `is_nested` when it is quoted itself.
    fn quote(&self, status: &Status, viewer: Viewer, is_nested: bool) -> Option<QuoteView> {
        let row = self.quotes.get(&status.id)?;
        let quoted = row.quoted_id.and_then(|id| self.posts.get(&id));
        let shown = match (row.state(), quoted) {
            (QuoteState::Pending, _) => Shown::Pending,
            (QuoteState::Rejected, _) => Shown::Rejected,
            (QuoteState::Revoked, _) => Shown::Revoked,
            (QuoteState::Accepted, None) => Shown::Deleted,
            (QuoteState::Accepted, Some(post)) if !self.ties.let_see(viewer, post) => Shown::Unauthorized,
            (QuoteState::Accepted, Some(post)) if self.muted.contains(&post.account_id) => Shown::Muted,
            (QuoteState::Accepted, Some(_)) => Shown::Accepted,
        };
        let post = quoted.filter(|_| shown.is_visible() && !is_nested).and_then(|post| {
            let mut view = self.plain_view(post, viewer, Place::Elsewhere)?;
            view.quote = self.quote(post, viewer, true);
            Some(Box::new(view))
        });
        let page = quoted.map(|post| post.url.clone()).filter(|url| !url.is_empty());
        let url = page.unwrap_or_else(|| row.quoted_uri.clone());
        Some(QuoteView { row: row.clone(), shown, url, post, is_nested })
    }

    fn may_quote(&self, status: &Status, viewer: Viewer, policy: QuotePolicy) -> Permission {
        let quoter = viewer.map(|viewer| Quoter {
            is_author: viewer == status.account_id,
            is_follower: self.ties.followed.contains(&status.account_id),
            is_followed: self.ties.following.contains(&status.account_id),
        });
        may_quote(Visibility::from_code(status.visibility), policy, quoter)
    }

    /// The viewer's filters that match a post, or name one of `posts`.
    fn filtered(&self, status: &Status, posts: &[StatusId]) -> Vec<Filtered> {
        let Some(filters) = &self.filters else { return Vec::new() };
        let media = self.media.get(&status.id).map(Vec::as_slice).unwrap_or_default();
        filters.of(|| filtered_text(status, media), posts)
    }

    fn plain_view(&self, status: &Status, viewer: Viewer, place: Place) -> Option<StatusView> {
        let is_muted = self.muted.contains(&status.account_id);
        let is_unwanted = is_muted || self.avoided.contains(&status.account_id);
        if !self.ties.let_see(viewer, status) || (is_unwanted && place != Place::Elsewhere) {
            return None;
        }
        if place == Place::Public && self.ties.is_quiet(viewer, status.account_id) {
            return None;
        }
        self.whole(status, viewer, is_muted)
    }

    /// A post whoever looks: for those who decide about a report.
    pub(super) fn evidence(&self, id: StatusId) -> Option<StatusView> {
        self.whole(self.posts.get(&id)?, None, false)
    }

    fn whole(&self, row: &Status, viewer: Viewer, is_muted: bool) -> Option<StatusView> {
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
            mentions: self.ties.mentions.iter().filter(|m| m.status_id == status.id).cloned().collect(),
            tags: self.tags.get(&status.id).cloned().unwrap_or_default(),
            emojis: shortcodes::used(&self.emojis, &author.account.host, &text),
            card: self.cards.get(&status.id).cloned(),
            quote: None,
            quote_policy,
            may_quote: self.may_quote(row, viewer, quote_policy),
            poll: self.poll(status.id, &author.account.host),
            application: self.application(viewer, row),
            counts: self.counts.get(&status.id).copied().unwrap_or_default(),
            flags: self.flags.as_ref().map(|f| f.get(&status.id).copied().unwrap_or_default()),
            is_muted,
            filtered: self.filtered(row, &[row.id]),
            boost_of: None,
            author,
            status,
        })
    }

    fn poll(&self, id: StatusId, host: &str) -> Option<PollView> {
        let poll = self.polls.get(&id)?;
        Some(PollView { emojis: shortcodes::used(&self.emojis, host, &poll.text()), ..poll.clone() })
    }

    /// The author knows the program; of a post for everybody, everybody does (Mastodon's default).
    fn application(&self, viewer: Viewer, status: &Status) -> Option<Application> {
        let is_open = Visibility::from_code(status.visibility).is_for_everybody();
        let may_know = is_open || viewer == Some(status.account_id);
        self.applications.get(&status.app_id?).filter(|_| may_know).cloned()
    }
}

fn applications(c: &mut Conn, posts: &HashMap<StatusId, Status>) -> Result<HashMap<AppId, Application>> {
    let ids: HashSet<AppId> = posts.values().filter_map(|s| s.app_id).collect();
    let found = oauth::names_of_apps(c, &ids.into_iter().collect::<Vec<_>>())?;
    Ok(found.into_iter().map(|(id, name, website)| (id, Application { name, website })).collect())
}

/// The authors of a page whose servers a viewer avoids.
fn avoided(
    c: &mut Conn,
    viewer: AccountId,
    authors: &HashMap<AccountId, Account>,
) -> Result<HashSet<AccountId>> {
    let hosts: HashSet<String> = authors.values().map(|a| a.host.clone()).collect();
    let avoided = host_blocks::among(c, viewer, &hosts.into_iter().collect::<Vec<_>>())?;
    Ok(authors.values().filter(|a| avoided.contains(&a.host)).map(|a| a.id).collect())
}

/// The text of a post in which filters look for keywords.
pub(super) fn filtered_text(status: &Status, media: &[Media]) -> String {
    let mut text = format!("{}\n\n{}", status.warning, parvis_text::sanitise::text_of(&status.html));
    for media in media {
        text.push_str("\n\n");
        text.push_str(&media.description);
    }
    text
}
