//! What streams are told of that is no post.

use std::collections::HashSet;
use std::sync::Arc;

use parvis_domain::{Error, Town, announcements, conversations};
use parvis_model::ids::{AccountId, ConversationId};
use parvis_model::urls::Urls;

use super::Hub;
use crate::entities::Conversation;
use crate::entities::announcement::{Announcement, ReactionChanged};
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

    /// Tells everybody of an announcement. It is the same for all: what somebody in particular did with it is left out, as with Mastodon.
    pub(super) async fn tell_announcement(&self, town: &Town, id: i64) -> parvis_domain::Result<()> {
        self.tell_all_at_home(town, "announcement", move |c, urls| {
            json(&Announcement::of(&announcements::one(c, None, id)?, urls))
        })
        .await
    }

    /// Tells everybody how often an emoji stands under an announcement now.
    pub(super) async fn tell_reaction(
        &self,
        town: &Town,
        id: i64,
        name: String,
    ) -> parvis_domain::Result<()> {
        self.tell_all_at_home(town, "announcement.reaction", move |c, urls| {
            json(&ReactionChanged::of(&announcements::reaction(c, id, &name)?, id, urls))
        })
        .await
    }

    /// Tells all who listen to their home timeline the same; what is not there any more is not told.
    pub(super) async fn tell_all_at_home(
        &self,
        town: &Town,
        event: &'static str,
        payload: impl FnOnce(&mut parvis_domain::Conn, &Urls) -> parvis_domain::Result<String> + Send + 'static,
    ) -> parvis_domain::Result<()> {
        let listening: HashSet<AccountId> = self.listeners(Stream::is_home).into_iter().collect();
        if listening.is_empty() {
            return Ok(());
        }
        let tokens = self.tokens(|account| listening.contains(&account));
        let urls = town.urls().clone();
        let load = move |c: &mut parvis_domain::Conn| match payload(c, &urls) {
            Err(Error::NotFound) => Ok(None),
            other => other.map(Some),
        };
        let Some(payload) = self.load(town, tokens, load).await? else { return Ok(()) };
        let payload: Arc<str> = payload.into();
        self.state().seated.retain(|_, seated| {
            seated.tell(seated.streams.iter().filter(|s| s.stream.is_home()), event, Some(&payload))
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

fn json(entity: &impl serde::Serialize) -> parvis_domain::Result<String> {
    serde_json::to_string(entity).map_err(|e| Error::internal(format!("an event for streams: {e}")))
}
