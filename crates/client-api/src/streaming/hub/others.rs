//! What streams are told of that is no post.

use std::sync::Arc;

use parvis_domain::{Town, conversations};
use parvis_model::ids::{AccountId, ConversationId};

use super::Hub;
use crate::entities::Conversation;
use crate::streaming::stream::Stream;

impl Hub {
    /// Tells somebody of an exchange of theirs, as they see it.
    pub(super) async fn tell_conversation(
        &self,
        town: &Town,
        id: ConversationId,
    ) -> parvis_domain::Result<()> {
        let is_direct = |stream: &Stream| matches!(stream, Stream::Direct);
        let listening = self.listeners(is_direct);
        if listening.is_empty() {
            return Ok(());
        }
        let tokens = self.tokens(|account| listening.contains(&account));
        let load = move |c: &mut parvis_domain::Conn| match conversations::owner_of(c, id)? {
            Some(owner) if listening.contains(&owner) => conversations::one(c, owner, id).map(Some),
            _ => Ok(None),
        };
        let Some(view) = self.load(town, tokens, load).await? else { return Ok(()) };
        let owner = view.row.account_id;
        let Ok(payload) = serde_json::to_string(&Conversation::of(&view, owner, town.urls())) else {
            return Ok(());
        };
        let payload: Arc<str> = payload.into();
        self.state().seated.retain(|_, seated| {
            seated.guest.account != owner
                || seated.tell(
                    seated.streams.iter().filter(|s| is_direct(&s.stream)),
                    "conversation",
                    Some(&payload),
                )
        });
        Ok(())
    }

    /// Tells somebody's programs that their filters are others now.
    pub(super) fn tell_filters_changed(&self, owner: AccountId) {
        self.state().seated.retain(|_, seated| {
            seated.guest.account != owner
                || seated.tell(seated.streams.iter().filter(|s| s.stream.is_home()), "filters_changed", None)
        });
    }
}
