//! Relationship. Source: <https://docs.joinmastodon.org/entities/Relationship/>.

use parvis_model::follow;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;
use serde::Serialize;

/// What the viewer has to do with somebody.
#[derive(Clone, Debug, Serialize)]
pub struct Relationship {
    id: AccountId,
    following: bool,
    showing_reblogs: bool,
    notifying: bool,
    languages: Option<Vec<String>>,
    followed_by: bool,
    blocking: bool,
    blocked_by: bool,
    muting: bool,
    muting_notifications: bool,
    muting_expires_at: Option<String>,
    requested: bool,
    requested_by: bool,
    domain_blocking: bool,
    endorsed: bool,
    note: String,
}

impl Relationship {
    /// Renders a relationship.
    #[must_use]
    pub fn of(id: AccountId, relationship: &follow::Relationship) -> Self {
        let it = relationship.clone();
        Self {
            id,
            following: it.following,
            showing_reblogs: it.showing_reblogs,
            notifying: it.notifying,
            languages: Some(it.languages).filter(|l| !l.is_empty()),
            followed_by: it.followed_by,
            blocking: it.blocking,
            blocked_by: it.blocked_by,
            muting: it.muting,
            muting_notifications: it.muting_notifications,
            muting_expires_at: it.muting_expires_at.map(Moment::to_rfc3339),
            requested: it.requested,
            requested_by: it.requested_by,
            domain_blocking: it.domain_blocking,
            endorsed: it.endorsed,
            note: it.note,
        }
    }
}
