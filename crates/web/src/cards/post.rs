//! A post or a boost as pages show it.

use parvis_domain::rows::Media;
use parvis_domain::views::CardView;
use parvis_domain::views::{QuoteView, Shown, StatusView};
use parvis_model::ids::StatusId;
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use parvis_model::visibility::Visibility;
use parvis_text::sanitise::{one_line, plain_text};

use crate::cards::{PersonCard, PollCard};
use crate::sanitised::{Emojis, Sanitised};

/// Characters of a title or preview.
const EXCERPT_MAX: usize = 160;

/// A picture of a post. `source` is of ours: remote pictures come through our proxy.
#[derive(Clone, Debug)]
pub struct Picture {
    pub source: String,
    pub small: String,
    pub description: String,
    pub width: i32,
    pub height: i32,
    /// Where the centre of attention lies, in quarters from the left and from the top.
    pub focus: (u8, u8),
}

/// Video or sound of a post. `source` is of ours: what is remote comes through our proxy.
#[derive(Clone, Debug)]
pub struct Recording {
    pub source: String,
    pub poster: Option<String>,
    pub is_video: bool,
    pub description: String,
    /// 0 when nobody knows.
    pub width: i32,
    pub height: i32,
}

impl Recording {
    fn new(row: &Media, urls: &Urls) -> Option<Self> {
        let (source, poster) = match (&row.file_key, &row.remote_url) {
            (_, Some(from)) => {
                let has_poster = row.small_key.is_some() || row.remote_preview_url.is_some();
                (
                    urls.media_proxy(row.id, from, false),
                    has_poster.then(|| urls.media_proxy(row.id, from, true)),
                )
            }
            (Some(key), None) => {
                (urls.media_file(key), row.small_key.as_ref().map(|small| urls.media_file(small)))
            }
            (None, None) => return None,
        };
        Some(Self {
            source,
            poster,
            is_video: row.kind != "audio",
            description: row.description.clone(),
            width: row.width,
            height: row.height,
        })
    }
}

/// What a link leads to. The picture is ours.
#[derive(Clone, Debug)]
pub struct LinkCard {
    pub url: String,
    pub title: String,
    pub description: String,
    pub site: String,
    pub language: Option<String>,
    /// Address, width, height.
    pub picture: Option<(String, i32, i32)>,
}

impl LinkCard {
    fn new(view: &CardView, urls: &Urls) -> Self {
        let card = &view.row;
        Self {
            url: card.url.clone(),
            title: card.title.clone(),
            description: one_line(&card.description, EXCERPT_MAX),
            site: card.provider_name.clone(),
            language: card.language.clone(),
            picture: card.image_key.as_deref().map(|key| (urls.media_file(key), card.width, card.height)),
        }
    }
}

/// What a post quotes: the post, or the key of the words why it is not there.
#[derive(Clone, Debug)]
pub struct QuotedCard {
    pub author: PersonCard,
    pub path: String,
    pub html: Sanitised,
    pub warning: Option<String>,
    pub language: Option<String>,
    pub published: Moment,
    pub pictures: usize,
}

impl QuotedCard {
    fn of(view: &QuoteView, urls: &Urls) -> Result<Self, &'static str> {
        let Some(post) = view.post.as_deref() else {
            return Err(match view.shown {
                Shown::Pending => "quote-pending",
                Shown::Rejected | Shown::Revoked => "quote-refused",
                Shown::Deleted => "quote-deleted",
                Shown::Accepted | Shown::Muted | Shown::BlockedDomain | Shown::Unauthorized => "quote-hidden",
            });
        };
        let author = PersonCard::new(&post.author, urls);
        Ok(Self {
            path: format!("{}/{}", author.path, post.status.id),
            html: Sanitised::from_database(&post.status.html, &Emojis::new(&post.emojis, urls)),
            warning: Some(post.status.warning.clone()).filter(|w| !w.is_empty()),
            language: post.status.language.clone(),
            published: post.status.created_at,
            pictures: post.media.len(),
            author,
        })
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub struct PostCard {
    pub id: StatusId,
    pub author: PersonCard,
    pub boosted_by: Option<PersonCard>,
    /// Path of the post's page here.
    pub path: String,
    /// Where it was written, for posts of other servers.
    pub original: Option<String>,
    pub html: Sanitised,
    /// Plain text, one line.
    pub excerpt: String,
    pub warning: Option<String>,
    pub is_sensitive: bool,
    pub pictures: Vec<Picture>,
    pub recordings: Vec<Recording>,
    pub poll: Option<PollCard>,
    /// Attachments that cannot be shown here: their addresses.
    pub others: Vec<String>,
    pub link: Option<LinkCard>,
    pub quote: Option<Result<QuotedCard, &'static str>>,
    pub language: Option<String>,
    pub visibility: Visibility,
    /// The handle of whom it answers, and the path of the answered post if it is here.
    pub reply_to: Option<(Option<String>, Option<String>)>,
    pub published: Moment,
    pub edited: Option<Moment>,
    pub replies: i64,
    pub boosts: i64,
    pub favourites: i64,
    /// Emojis with which it was favourited elsewhere, and how often; of the whole post only.
    pub emojis: Vec<(String, i64)>,
    pub is_pinned: bool,
    /// The post that a thread page is about.
    pub is_whole: bool,
}

impl PostCard {
    /// From what `domain` loaded.
    #[must_use]
    pub fn new(view: &StatusView, urls: &Urls) -> Self {
        match view.boost_of.as_deref() {
            Some(original) => {
                Self { boosted_by: Some(PersonCard::new(&view.author, urls)), ..Self::plain(original, urls) }
            }
            None => Self::plain(view, urls),
        }
    }

    /// Many.
    #[must_use]
    pub fn all(views: &[StatusView], urls: &Urls) -> Vec<Self> {
        views.iter().map(|view| Self::new(view, urls)).collect()
    }

    fn plain(view: &StatusView, urls: &Urls) -> Self {
        let status = &view.status;
        let author = PersonCard::new(&view.author, urls);
        let (recorded, rest): (Vec<_>, Vec<_>) = view.media.iter().partition(|m| m.is_recording());
        let (shown, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|m| m.kind == "image");
        let text = plain_text(&status.html);
        Self {
            id: status.id,
            path: format!("{}/{}", author.path, status.id),
            author,
            boosted_by: None,
            original: (!status.is_local).then(|| status.url.clone()).filter(|u| is_web(u)),
            html: Sanitised::from_database(&status.html, &Emojis::new(&view.emojis, urls)),
            excerpt: one_line(if status.warning.is_empty() { &text } else { &status.warning }, EXCERPT_MAX),
            warning: Some(status.warning.clone()).filter(|w| !w.is_empty()),
            is_sensitive: status.is_sensitive,
            pictures: shown
                .iter()
                .map(|m| {
                    let (source, small) = match (&m.file_key, &m.remote_url) {
                        (Some(key), None) => {
                            (urls.media_file(key), urls.media_file(m.small_key.as_ref().unwrap_or(key)))
                        }
                        (_, from) => {
                            let from = from.as_deref().unwrap_or_default();
                            (urls.media_proxy(m.id, from, false), urls.media_proxy(m.id, from, true))
                        }
                    };
                    Picture {
                        source,
                        small,
                        description: m.description.clone(),
                        width: if m.small_width > 0 { m.small_width } else { m.width },
                        height: if m.small_height > 0 { m.small_height } else { m.height },
                        focus: (quarters(m.focus_x), quarters(-m.focus_y)),
                    }
                })
                .collect(),
            recordings: recorded.into_iter().filter_map(|row| Recording::new(row, urls)).collect(),
            poll: view.poll.as_ref().map(PollCard::new),
            others: others.iter().filter_map(|m| m.remote_url.clone()).filter(|u| is_web(u)).collect(),
            quote: view.quote.as_ref().map(|quote| QuotedCard::of(quote, urls)),
            link: view
                .card
                .as_ref()
                .filter(|card| is_web(&card.row.url))
                .map(|card| LinkCard::new(card, urls)),
            language: status.language.clone(),
            visibility: view.visibility,
            reply_to: (status.in_reply_to_id.is_some() || status.in_reply_to_uri.is_some())
                .then(|| reply_to(view, urls)),
            published: status.created_at,
            edited: status.edited_at,
            replies: view.counts.replies,
            boosts: view.counts.reblogs,
            favourites: view.counts.favourites,
            emojis: Vec::new(),
            is_pinned: false,
            is_whole: false,
        }
    }

    /// Whether there is anything to look at or listen to.
    #[must_use]
    pub fn has_media(&self) -> bool {
        !self.pictures.is_empty() || !self.recordings.is_empty()
    }

    /// The key of the words over what is sensitive.
    #[must_use]
    pub fn veil(&self) -> &'static str {
        let is_any = |is_video: bool| self.recordings.iter().any(|recording| recording.is_video == is_video);
        match (self.pictures.is_empty(), is_any(true), is_any(false)) {
            (_, false, false) => "post-sensitive-show",
            (true, true, false) => "post-sensitive-show-video",
            (true, false, true) => "post-sensitive-show-sound",
            _ => "post-sensitive-show-all",
        }
    }

    /// The key of the words for its visibility.
    #[must_use]
    pub fn visibility_key(&self) -> &'static str {
        match self.visibility {
            Visibility::Public => "visibility-public",
            Visibility::Unlisted => "visibility-unlisted",
            Visibility::Private => "visibility-private",
            Visibility::Direct => "visibility-direct",
        }
    }

    /// Whether there is anything to say below the text.
    #[must_use]
    pub fn has_tally(&self) -> bool {
        let counts = self.replies + self.boosts + self.favourites;
        self.is_whole || counts > 0 || !self.is_public() || self.edited.is_some()
    }

    /// Whether it is shown to everybody in public timelines.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }
}

/// Whom a post answers, as far as its mentions tell, and the way to the answered post if it is here.
fn reply_to(view: &StatusView, urls: &Urls) -> (Option<String>, Option<String>) {
    let to = view.status.in_reply_to_account_id;
    let mentioned = view.mentions.iter().find(|m| Some(m.account_id) == to);
    let acct = if to == Some(view.author.account.id) {
        Some(view.author.account.acct())
    } else {
        mentioned.map(|m| {
            if m.host.is_empty() { m.username.clone() } else { format!("{}@{}", m.username, m.host) }
        })
    };
    let path = acct.as_ref().zip(view.status.in_reply_to_id).map(|(acct, id)| format!("/@{acct}/{id}"));
    let handle =
        acct.map(|a| if a.contains('@') { format!("@{a}") } else { format!("@{a}@{}", urls.domain()) });
    (handle, path)
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// −1…1 → 0…4.
fn quarters(axis: f64) -> u8 {
    match axis {
        a if a < -0.75 => 0,
        a if a < -0.25 => 1,
        a if a <= 0.25 => 2,
        a if a <= 0.75 => 3,
        a if a > 0.75 => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_focal_point_becomes_one_of_five_classes() {
        assert_eq!([-1.0, -0.5, 0.0, 0.5, 1.0, f64::NAN].map(quarters), [0, 1, 2, 3, 4, 2]);
    }
}
