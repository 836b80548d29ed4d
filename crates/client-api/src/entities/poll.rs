//! Poll. Source: <https://docs.joinmastodon.org/entities/Poll/>.

use parvis_domain::polls::PollView;
use parvis_model::ids::{AccountId, PollId};
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use serde::Serialize;

use super::CustomEmoji;

/// A poll of a post.
#[derive(Clone, Debug, Serialize)]
pub struct Poll {
    id: PollId,
    expires_at: Option<String>,
    expired: bool,
    multiple: bool,
    votes_count: i64,
    /// Null where the author's server does not say it.
    voters_count: Option<i64>,
    /// What the viewer did; left out without a viewer.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    viewer: Option<Own>,
    options: Vec<PollOption>,
    emojis: Vec<CustomEmoji>,
}

#[derive(Clone, Debug, Serialize)]
struct Own {
    voted: bool,
    own_votes: Vec<i16>,
}

#[derive(Clone, Debug, Serialize)]
struct PollOption {
    title: String,
    /// Null while the author hides the numbers.
    votes_count: Option<i64>,
}

impl Poll {
    /// Renders the poll of a post by `author` for the viewer for whom its view was loaded. Authors count as having voted, so that programs
    /// show them the numbers (Mastodon).
    #[must_use]
    pub fn of(view: &PollView, author: AccountId, viewer: Option<AccountId>, urls: &Urls) -> Self {
        Self {
            id: view.poll.id,
            expires_at: view.poll.expires_at.map(Moment::to_rfc3339),
            expired: view.is_expired,
            multiple: view.poll.is_multiple,
            votes_count: view.votes,
            voters_count: view.voters,
            viewer: viewer.map(|v| Own { voted: view.has_voted || v == author, own_votes: view.own.clone() }),
            options: view
                .options
                .iter()
                .map(|o| PollOption { title: o.title.clone(), votes_count: view.votes_shown(o) })
                .collect(),
            emojis: CustomEmoji::all(&view.emojis, urls),
        }
    }
}
