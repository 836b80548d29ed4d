//! Status, with its mentions; StatusSource and StatusEdit. Source: <https://docs.joinmastodon.org/entities/Status/>.

use parvis_domain::filters::matching::Filtered;
use parvis_domain::reactions::EmojiCount;
use parvis_domain::rows::{self, StatusEdit as EditRow};
use parvis_domain::views::{Application, StatusView};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use serde::Serialize;

use super::account::ShownAccount;
use super::filter::FilterResult;
use super::quote::{Quote, QuoteApproval};
use super::tag::StatusTag;
use super::{Account, CustomEmoji, MediaAttachment, Poll, PreviewCard};

/// A post or a boost.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    #[serde(flatten)]
    pub lasting: Lasting,
    #[serde(flatten)]
    pub passing: Passing,
    pub reblog: Option<Box<Self>>,
}

/// What of a post is the same whoever looks and however often, until it is edited: rendered once ([`super::status_kept`]).
#[derive(Clone, Debug, Serialize)]
pub struct Lasting {
    pub id: StatusId,
    pub created_at: String,
    pub in_reply_to_id: Option<StatusId>,
    pub in_reply_to_account_id: Option<AccountId>,
    pub sensitive: bool,
    pub spoiler_text: String,
    pub visibility: &'static str,
    pub language: Option<String>,
    pub uri: String,
    pub url: Option<String>,
    pub edited_at: Option<String>,
    pub content: String,
    pub media_attachments: Vec<MediaAttachment>,
    pub mentions: Vec<Mention>,
    pub tags: Vec<StatusTag>,
    pub emojis: Vec<CustomEmoji>,
}

/// What depends on who looks, or changes by itself.
#[derive(Clone, Debug, Serialize)]
pub struct Passing {
    pub replies_count: i64,
    pub reblogs_count: i64,
    pub favourites_count: i64,
    pub quotes_count: i64,
    /// What the viewer did with it; left out without a viewer.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub viewer: Option<ViewerFlags>,
    pub application: Option<StatusApplication>,
    pub account: ShownAccount,
    pub card: Option<PreviewCard>,
    pub poll: Option<Poll>,
    pub quote: Option<Quote>,
    pub quote_approval: QuoteApproval,
    /// Emojis with which it was favourited from elsewhere: only where it is asked for by itself (not Mastodon's; as Fedibird and others have it).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emoji_reactions: Vec<EmojiReaction>,
    /// What was typed: only in the answer to a deletion ("delete & redraft").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What the viewer did with a post.
#[derive(Clone, Debug, Serialize)]
pub struct ViewerFlags {
    favourited: bool,
    reblogged: bool,
    muted: bool,
    bookmarked: bool,
    /// Only of posts that the viewer may pin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<bool>,
    filtered: Vec<FilterResult>,
}

/// The program that a post was written with.
#[derive(Clone, Debug, Serialize)]
pub struct StatusApplication {
    name: String,
    website: Option<String>,
}

impl StatusApplication {
    fn of(application: &Application) -> Self {
        Self { name: application.name.clone(), website: application.website.clone() }
    }
}

/// Somebody mentioned.
#[derive(Clone, Debug, Serialize)]
pub struct Mention {
    id: AccountId,
    username: String,
    url: String,
    acct: String,
}

/// What the author typed, for editing.
#[derive(Clone, Debug, Serialize)]
pub struct StatusSource {
    id: StatusId,
    text: String,
    spoiler_text: String,
}

/// A version of a post.
#[derive(Clone, Debug, Serialize)]
pub struct StatusEdit {
    content: String,
    spoiler_text: String,
    sensitive: bool,
    created_at: String,
    account: Account,
    media_attachments: Vec<MediaAttachment>,
    emojis: Vec<CustomEmoji>,
    poll: Option<EditedPoll>,
    /// An edit changes nothing about what is quoted.
    quote: Option<Quote>,
}

/// The options of a version's poll, without numbers.
#[derive(Clone, Debug, Serialize)]
struct EditedPoll {
    options: Vec<EditedOption>,
}

#[derive(Clone, Debug, Serialize)]
struct EditedOption {
    title: String,
}

impl Status {
    /// Renders a post for the viewer for whom its view was loaded.
    #[must_use]
    pub fn of(view: &StatusView, viewer: Option<AccountId>, urls: &Urls) -> Self {
        Self {
            lasting: Lasting::of(view, urls),
            passing: Passing::of(view, viewer, urls),
            reblog: view.boost_of.as_deref().map(|original| Box::new(Self::of(original, viewer, urls))),
        }
    }

    /// Renders a page.
    #[must_use]
    pub fn all(views: &[StatusView], viewer: Option<AccountId>, urls: &Urls) -> Vec<Self> {
        views.iter().map(|v| Self::of(v, viewer, urls)).collect()
    }
}

/// A boost shows the text, counts and flags of the post behind it, with its own id, time and author.
fn shown(view: &StatusView) -> &StatusView {
    view.boost_of.as_deref().unwrap_or(view)
}

impl Lasting {
    /// Renders what lasts.
    #[must_use]
    pub fn of(view: &StatusView, urls: &Urls) -> Self {
        let (row, shown) = (&view.status, shown(view));
        Self {
            id: row.id,
            created_at: row.created_at.to_rfc3339(),
            in_reply_to_id: row.in_reply_to_id,
            in_reply_to_account_id: row.in_reply_to_account_id,
            sensitive: shown.status.is_sensitive,
            spoiler_text: shown.status.warning.clone(),
            visibility: view.visibility.as_str(),
            language: shown.status.language.clone(),
            uri: row.uri.clone(),
            url: Some(row.url.clone()).filter(|u| !u.is_empty()),
            edited_at: shown.status.edited_at.map(Moment::to_rfc3339),
            content: shown.html().into_owned(),
            media_attachments: if view.boost_of.is_some() { Vec::new() } else { media(view, urls) },
            mentions: view.mentions.iter().map(Mention::of).collect(),
            tags: view.tags.iter().map(|t| StatusTag::of(t, urls)).collect(),
            emojis: CustomEmoji::all(&view.emojis, urls),
        }
    }
}

impl Passing {
    /// Renders what does not.
    #[must_use]
    pub fn of(view: &StatusView, viewer: Option<AccountId>, urls: &Urls) -> Self {
        let shown = shown(view);
        let application = shown.application.as_ref().filter(|_| view.boost_of.is_none());
        Self {
            replies_count: shown.counts.replies,
            reblogs_count: shown.counts.reblogs,
            favourites_count: shown.counts.favourites,
            quotes_count: shown.counts.quotes,
            viewer: viewer.map(|v| ViewerFlags::of(shown, v, &view.filtered)),
            application: application.map(StatusApplication::of),
            account: ShownAccount::of(&view.author, urls),
            card: view.card.as_ref().map(|card| PreviewCard::of(card, urls)),
            poll: poll(view, viewer, urls),
            quote: view.quote.as_ref().map(|quote| Quote::of(quote, viewer, urls)),
            quote_approval: QuoteApproval::of(shown),
            emoji_reactions: Vec::new(),
            text: None,
        }
    }
}

/// An emoji with which a post was favourited.
#[derive(Clone, Debug, Serialize)]
pub struct EmojiReaction {
    name: String,
    count: i64,
    /// Nobody here reacts with emojis.
    me: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    static_url: Option<String>,
    /// The server of a custom emoji.
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
}

impl EmojiReaction {
    /// Renders an emoji and how often it came.
    #[must_use]
    pub fn of(counted: &EmojiCount, urls: &Urls) -> Self {
        let url = counted.custom.as_ref().map(|emoji| urls.foreign_emoji(emoji.id, &emoji.image));
        Self {
            name: counted.name.clone(),
            count: counted.count,
            me: false,
            static_url: url.clone(),
            url,
            domain: counted.custom.as_ref().map(|emoji| emoji.host.clone()),
        }
    }
}

fn poll(view: &StatusView, viewer: Option<AccountId>, urls: &Urls) -> Option<Poll> {
    view.poll.as_ref().map(|p| Poll::of(p, view.status.account_id, viewer, urls))
}

fn media(view: &StatusView, urls: &Urls) -> Vec<MediaAttachment> {
    view.media.iter().map(|m| MediaAttachment::of(m, urls)).collect()
}

impl ViewerFlags {
    fn of(view: &StatusView, viewer: AccountId, filtered: &[Filtered]) -> Self {
        let flags = view.flags.unwrap_or_default();
        let may_pin = view.status.account_id == viewer && view.visibility.is_for_everybody();
        Self {
            favourited: flags.favourited,
            reblogged: flags.reblogged,
            muted: flags.muted,
            bookmarked: flags.bookmarked,
            pinned: may_pin.then_some(flags.pinned),
            filtered: FilterResult::all(filtered),
        }
    }
}

impl Mention {
    fn of(row: &rows::Mention) -> Self {
        let acct =
            if row.host.is_empty() { row.username.clone() } else { format!("{}@{}", row.username, row.host) };
        Self { id: row.account_id, username: row.username.clone(), url: row.url.clone(), acct }
    }

    /// Renders somebody whom a text mentions that is no post.
    #[must_use]
    pub fn of_account(row: &rows::Account) -> Self {
        Self { id: row.id, username: row.username.clone(), url: row.url.clone(), acct: row.acct() }
    }
}

impl StatusSource {
    /// Renders what was typed.
    #[must_use]
    pub fn of(row: &rows::Status) -> Self {
        Self { id: row.id, text: row.source.clone(), spoiler_text: row.warning.clone() }
    }
}

impl StatusEdit {
    /// Renders all versions, the original first, the present one last. Pictures are those of the present version: earlier ones are not kept.
    #[must_use]
    pub fn all(view: &StatusView, earlier: &[EditRow], viewer: Option<AccountId>, urls: &Urls) -> Vec<Self> {
        let version =
            |html: &str, warning: &str, sensitive: bool, at: Moment, options: Option<Vec<String>>| Self {
                content: html.to_owned(),
                spoiler_text: warning.to_owned(),
                sensitive,
                created_at: at.to_rfc3339(),
                account: Account::of(&view.author, urls),
                media_attachments: media(view, urls),
                emojis: CustomEmoji::all(&view.emojis, urls),
                poll: options.map(EditedPoll::of),
                quote: view.quote.as_ref().map(|quote| Quote::of(quote, viewer, urls)),
            };
        let row = &view.status;
        let options = view.poll.as_ref().map(|p| p.options.iter().map(|o| o.title.clone()).collect());
        let at = row.edited_at.unwrap_or(row.created_at);
        let present = version(&row.html, &row.warning, row.is_sensitive, at, options);
        let options = |e: &EditRow| serde_json::from_str(e.poll_options.as_deref()?).ok();
        earlier
            .iter()
            .map(|e| version(&e.html, &e.warning, e.is_sensitive, e.created_at, options(e)))
            .chain(std::iter::once(present))
            .collect()
    }
}

impl EditedPoll {
    fn of(titles: Vec<String>) -> Self {
        Self { options: titles.into_iter().map(|title| EditedOption { title }).collect() }
    }
}
