//! Quote, ShallowQuote and QuoteApproval. Sources: <https://docs.joinmastodon.org/entities/Quote/>, `/ShallowQuote/`, `/QuoteApproval/`.

use parvis_domain::views::{QuoteView, StatusView};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::urls::Urls;
use serde::Serialize;

use super::Status;

/// What a post quotes.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Quote {
    /// With the post, or null where the viewer must not see it.
    Whole { state: &'static str, quoted_status: Option<Box<Status>> },
    /// Of a post that is quoted itself: the id only.
    Shallow { state: &'static str, quoted_status_id: Option<StatusId> },
}

impl Quote {
    /// Renders a quote for the viewer for whom its view was loaded.
    #[must_use]
    pub fn of(view: &QuoteView, viewer: Option<AccountId>, urls: &Urls) -> Self {
        let state = view.shown.as_str();
        if view.is_nested {
            let quoted_status_id = view.row.quoted_id.filter(|_| view.shown.is_visible());
            return Self::Shallow { state, quoted_status_id };
        }
        let quoted_status = view.post.as_deref().map(|post| Box::new(Status::of(post, viewer, urls)));
        Self::Whole { state, quoted_status }
    }
}

/// Who may quote a post.
#[derive(Clone, Debug, Serialize)]
pub struct QuoteApproval {
    automatic: Vec<&'static str>,
    manual: Vec<&'static str>,
    current_user: &'static str,
}

impl QuoteApproval {
    /// Renders the policy of a post and what it means for the viewer.
    #[must_use]
    pub fn of(view: &StatusView) -> Self {
        Self {
            automatic: view.quote_policy.automatic.names(),
            manual: view.quote_policy.manual.names(),
            current_user: view.may_quote.as_str(),
        }
    }
}
