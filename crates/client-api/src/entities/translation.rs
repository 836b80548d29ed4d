//! Translation: a post in another language. Source: <https://docs.joinmastodon.org/entities/Translation/>.

use parvis_domain::translations::Translation as View;
use parvis_model::ids::{MediaId, PollId};
use serde::Serialize;

/// See the module.
#[derive(Clone, Debug, Serialize)]
pub struct Translation {
    content: String,
    spoiler_text: String,
    language: String,
    detected_source_language: String,
    provider: &'static str,
    media_attachments: Vec<Attachment>,
    poll: Option<Poll>,
}

/// What a picture shows.
#[derive(Clone, Debug, Serialize)]
struct Attachment {
    id: MediaId,
    description: String,
}

/// The options of a poll.
#[derive(Clone, Debug, Serialize)]
struct Poll {
    id: PollId,
    options: Vec<PollOption>,
}

#[derive(Clone, Debug, Serialize)]
struct PollOption {
    title: String,
}

impl From<View> for Translation {
    fn from(view: View) -> Self {
        let attachment = |(id, description)| Attachment { id, description };
        let options = |titles: Vec<String>| titles.into_iter().map(|title| PollOption { title }).collect();
        Self {
            content: view.content,
            spoiler_text: view.warning,
            language: view.language,
            detected_source_language: view.source_language,
            provider: view.provider,
            media_attachments: view.media.into_iter().map(attachment).collect(),
            poll: view.poll.map(|(id, titles)| Poll { id, options: options(titles) }),
        }
    }
}
