//! PreviewCard. Source: <https://docs.joinmastodon.org/entities/PreviewCard/>. `html` and `embed_url` are always empty (threats X2).

use parvis_domain::views::CardView;
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use serde::Serialize;

use super::Account;

/// What a link leads to.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewCard {
    pub url: String,
    pub title: String,
    pub description: String,
    pub language: Option<String>,
    pub r#type: &'static str,
    pub author_name: String,
    pub author_url: String,
    pub provider_name: String,
    pub provider_url: String,
    pub html: &'static str,
    pub width: i32,
    pub height: i32,
    pub image: Option<String>,
    pub image_description: String,
    pub embed_url: &'static str,
    pub blurhash: Option<String>,
    pub published_at: Option<String>,
    pub authors: Vec<CardAuthor>,
}

/// Who wrote the page.
#[derive(Clone, Debug, Serialize)]
pub struct CardAuthor {
    name: String,
    url: String,
    /// Their account in the Fediverse, if it says so too.
    account: Option<Account>,
}

impl PreviewCard {
    /// Renders a card. Its picture is ours, or none.
    #[must_use]
    pub fn of(view: &CardView, urls: &Urls) -> Self {
        let row = &view.row;
        let account = view.author.as_ref().map(|author| Account::of(author, urls));
        let author = CardAuthor { name: row.author_name.clone(), url: row.author_url.clone(), account };
        Self {
            url: row.url.clone(),
            title: row.title.clone(),
            description: row.description.clone(),
            language: row.language.clone(),
            r#type: "link",
            author_name: row.author_name.clone(),
            author_url: row.author_url.clone(),
            provider_name: row.provider_name.clone(),
            provider_url: row.provider_url.clone(),
            html: "",
            width: row.width,
            height: row.height,
            image: row.image_key.as_deref().map(|key| urls.media_file(key)),
            image_description: row.image_description.clone(),
            embed_url: "",
            blurhash: row.blurhash.clone(),
            published_at: row.published_at.map(Moment::to_rfc3339),
            authors: if author.name.is_empty() && author.account.is_none() {
                Vec::new()
            } else {
                vec![author]
            },
        }
    }
}
