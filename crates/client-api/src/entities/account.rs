//! Account and MutedAccount. Source: <https://docs.joinmastodon.org/entities/Account/>. What only its owner sees is in [`super::credentials`].

use std::sync::Arc;

use parvis_domain::views::AccountView;
use parvis_model::account::ActorKind;
use parvis_model::ids::AccountId;
use parvis_model::urls::Urls;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::CustomEmoji;
use super::role::ShownRole;

/// Where the picture of people without one stands, as Mastodon has it: clients know this address.
pub const MISSING_AVATAR: &str = "/avatars/original/missing.png";
/// The same for the wide picture.
pub const MISSING_HEADER: &str = "/headers/original/missing.png";

/// A profile as others see it.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    pub id: AccountId,
    pub username: String,
    pub acct: String,
    pub display_name: String,
    pub locked: bool,
    pub bot: bool,
    pub discoverable: bool,
    pub indexable: bool,
    pub group: bool,
    pub created_at: String,
    pub note: String,
    pub url: String,
    pub uri: String,
    pub avatar: String,
    pub avatar_static: String,
    pub avatar_description: String,
    pub header: String,
    pub header_static: String,
    pub header_description: String,
    pub followers_count: i64,
    pub following_count: i64,
    pub statuses_count: i64,
    pub last_status_at: Option<String>,
    pub hide_collections: bool,
    pub noindex: bool,
    pub show_media: bool,
    pub show_media_replies: bool,
    pub show_featured: bool,
    pub emojis: Vec<CustomEmoji>,
    pub roles: Vec<ShownRole>,
    pub fields: Vec<Field>,
    /// The account that it has moved to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Box<Account>>,
    /// Only when it is: clients take the field's presence for the fact.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Only followers see the posts. Only when it is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub limited: bool,
}

/// An account as posts show it: rendered once for all who look, until something of it changes.
#[derive(Clone, Debug)]
pub enum ShownAccount {
    /// From the last time.
    Kept(Arc<Option<Box<RawValue>>>),
    /// Made for this answer.
    Fresh(Box<Account>),
}

impl ShownAccount {
    /// Renders a profile, or finds it rendered.
    #[must_use]
    pub fn of(view: &AccountView, urls: &Urls) -> Self {
        let rendered = view.rendered(|| serde_json::value::to_raw_value(&Account::of(view, urls)).ok());
        match rendered {
            Some(kept) if kept.is_some() => Self::Kept(kept),
            _ => Self::Fresh(Box::new(Account::of(view, urls))),
        }
    }
}

impl Serialize for ShownAccount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Kept(kept) => kept.as_ref().serialize(serializer),
            Self::Fresh(account) => account.serialize(serializer),
        }
    }
}

/// One name–value line.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub name: String,
    pub value: String,
    pub verified_at: Option<String>,
}

/// Somebody the viewer mutes.
#[derive(Clone, Debug, Serialize)]
pub struct MutedAccount {
    #[serde(flatten)]
    pub account: Account,
    pub mute_expires_at: Option<String>,
}

impl Account {
    /// Renders a profile. Of a suspended account only the name and the counts show.
    #[must_use]
    pub fn of(view: &AccountView, urls: &Urls) -> Self {
        let row = &view.account;
        let suspended = row.suspended_at.is_some();
        let shown = |text: &str| if suspended { String::new() } else { text.to_owned() };
        let avatar = picture(view, row.avatar.as_deref(), ("avatar", MISSING_AVATAR), urls);
        let header = picture(view, row.header.as_deref(), ("header", MISSING_HEADER), urls);
        Self {
            id: row.id,
            username: row.username.clone(),
            acct: row.acct(),
            display_name: shown(&row.display_name),
            locked: row.is_locked,
            bot: view.kind.is_bot(),
            discoverable: row.is_discoverable,
            indexable: view.chosen.is_indexable,
            group: view.kind == ActorKind::Group,
            // To the day, as Mastodon: the exact time of a sign-up is nobody's business.
            created_at: format!("{}T00:00:00.000Z", row.created_at.to_date()),
            note: shown(&row.bio_html),
            url: row.url.clone(),
            uri: row.uri.clone(),
            avatar_static: avatar.clone(),
            avatar,
            avatar_description: shown(&view.chosen.avatar_description),
            header_static: header.clone(),
            header,
            header_description: shown(&view.chosen.header_description),
            followers_count: view.counts.followers,
            following_count: view.counts.following,
            statuses_count: view.counts.statuses,
            last_status_at: view.last_status_at.map(parvis_model::time::Moment::to_date),
            hide_collections: view.chosen.hides_collections,
            noindex: !row.is_discoverable,
            show_media: view.chosen.shows_media,
            show_media_replies: view.chosen.shows_media_replies,
            show_featured: view.chosen.shows_featured,
            emojis: if suspended { Vec::new() } else { CustomEmoji::all(&view.emojis, urls) },
            roles: if suspended { Vec::new() } else { ShownRole::all(view.role) },
            fields: if suspended { Vec::new() } else { Field::shown(view) },
            moved: view.moved.as_ref().filter(|_| !suspended).map(|target| Box::new(Self::of(target, urls))),
            suspended,
            limited: row.silenced_at.is_some(),
        }
    }

    /// Renders many.
    #[must_use]
    pub fn all(views: &[AccountView], urls: &Urls) -> Vec<Self> {
        views.iter().map(|v| Self::of(v, urls)).collect()
    }
}

impl Field {
    /// The lines as others see them.
    fn shown(view: &AccountView) -> Vec<Self> {
        let verified =
            |at: Option<parvis_model::time::Moment>| at.map(parvis_model::time::Moment::to_rfc3339);
        let lines = view.fields.iter();
        lines
            .map(|f| Self {
                name: f.name.clone(),
                value: f.value.clone(),
                verified_at: verified(f.verified_at),
            })
            .collect()
    }

    /// The lines as their owner typed them.
    #[must_use]
    pub fn typed(view: &AccountView) -> Vec<Self> {
        let typed = |f: &parvis_model::account::ProfileField| {
            f.value_source.clone().unwrap_or_else(|| f.value.clone())
        };
        let shown = Self::shown(view).into_iter().zip(view.fields.iter());
        shown.map(|(line, f)| Self { value: typed(f), ..line }).collect()
    }
}

/// An address of ours, always: pictures of other servers come through us, so that nobody there learns who looks.
fn picture(view: &AccountView, stored: Option<&str>, (what, missing): (&str, &str), urls: &Urls) -> String {
    let row = &view.account;
    match stored.filter(|_| row.suspended_at.is_none()) {
        Some(key) if row.is_local() => urls.media_file(key),
        Some(source) => urls.foreign_picture(row.id, what, source),
        None => urls.page(missing),
    }
}
