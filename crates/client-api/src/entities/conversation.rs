//! Conversation. Source: <https://docs.joinmastodon.org/entities/Conversation/>.

use parvis_domain::conversations::ConversationView;
use parvis_model::ids::{AccountId, ConversationId};
use parvis_model::urls::Urls;
use serde::Serialize;

use super::{Account, Status};

/// An exchange of direct posts.
#[derive(Clone, Debug, Serialize)]
pub struct Conversation {
    id: ConversationId,
    unread: bool,
    accounts: Vec<Account>,
    last_status: Option<Status>,
}

impl Conversation {
    /// Renders a conversation for its owner.
    #[must_use]
    pub fn of(view: &ConversationView, owner: AccountId, urls: &Urls) -> Self {
        Self {
            id: view.row.id,
            unread: view.row.is_unread,
            accounts: Account::all(&view.people, urls),
            last_status: view.last.as_ref().map(|post| Status::of(post, Some(owner), urls)),
        }
    }
}
