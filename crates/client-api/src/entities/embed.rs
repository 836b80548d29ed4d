//! OEmbed: a post in a page of somebody else. Source: <https://oembed.com/>, <https://docs.joinmastodon.org/methods/oembed/>. What is put there is a
//! quotation with a link and nothing that runs or loads: no script, no frame, no picture.

use parvis_domain::views::StatusView;
use parvis_model::urls::Urls;
use parvis_text::sanitise::{one_line, plain_text};
use serde::Serialize;

/// Pixels of width when nobody says.
pub const WIDTH: i64 = 400;
/// Seconds for which it may be kept.
const CACHE_AGE: i64 = 86_400;
/// Characters of a title.
const TITLE_MAX: usize = 160;

/// See the module.
#[derive(Clone, Debug, Serialize)]
pub struct OEmbed {
    r#type: &'static str,
    version: &'static str,
    title: String,
    author_name: String,
    author_url: String,
    provider_name: String,
    provider_url: String,
    cache_age: i64,
    html: String,
    width: i64,
    height: Option<i64>,
}

impl OEmbed {
    /// Renders a post that everybody may see.
    #[must_use]
    pub fn of(view: &StatusView, town: &str, width: i64, height: Option<i64>, urls: &Urls) -> Self {
        let author = &view.author.account;
        let name = if author.display_name.is_empty() { &author.username } else { &author.display_name };
        let handle = format!("@{}@{}", author.username, urls.domain());
        let warning = &view.status.warning;
        let text = if warning.is_empty() { plain_text(&view.status.html) } else { warning.clone() };
        let title = one_line(&format!("{name}: {text}"), TITLE_MAX);
        let (text, url) = (escaped(&text), escaped(&view.status.url));
        Self {
            r#type: "rich",
            version: "1.0",
            title,
            author_name: name.clone(),
            author_url: author.url.clone(),
            provider_name: town.to_owned(),
            provider_url: format!("{}/", urls.base()),
            cache_age: CACHE_AGE,
            html: format!(
                "<blockquote cite=\"{url}\"><p>{text}</p><p><a href=\"{url}\">{}</a></p></blockquote>",
                escaped(&handle)
            ),
            width,
            height,
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
