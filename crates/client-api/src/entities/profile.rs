//! Profile: one's own profile for the screen on which it is changed, as typed. Source: Mastodon 4.6, `GET /api/v1/profile`.

use parvis_domain::views::AccountView;
use parvis_model::ids::AccountId;
use parvis_model::urls::Urls;
use serde::Serialize;

use super::account::Field;

/// One's own profile.
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    id: AccountId,
    display_name: String,
    note: String,
    fields: Vec<Field>,
    /// `null` when there is none of one's own.
    avatar: Option<String>,
    avatar_static: Option<String>,
    avatar_description: String,
    header: Option<String>,
    header_static: Option<String>,
    header_description: String,
    locked: bool,
    bot: bool,
    hide_collections: bool,
    discoverable: bool,
    indexable: bool,
    show_media: bool,
    show_media_replies: bool,
    show_featured: bool,
    attribution_domains: Vec<String>,
}

impl Profile {
    /// Renders one's own profile.
    #[must_use]
    pub fn of(view: &AccountView, urls: &Urls) -> Self {
        let (row, chosen) = (&view.account, &view.chosen);
        let picture = |key: &Option<String>| key.as_deref().map(|key| urls.media_file(key));
        Self {
            id: row.id,
            display_name: row.display_name.clone(),
            note: row.bio_source.clone(),
            fields: Field::typed(view),
            avatar: picture(&row.avatar),
            avatar_static: picture(&row.avatar),
            avatar_description: chosen.avatar_description.clone(),
            header: picture(&row.header),
            header_static: picture(&row.header),
            header_description: chosen.header_description.clone(),
            locked: row.is_locked,
            bot: view.kind.is_bot(),
            hide_collections: chosen.hides_collections,
            discoverable: row.is_discoverable,
            indexable: chosen.is_indexable,
            show_media: chosen.shows_media,
            show_media_replies: chosen.shows_media_replies,
            show_featured: chosen.shows_featured,
            attribution_domains: chosen.attribution_domains.split_whitespace().map(str::to_owned).collect(),
        }
    }
}
