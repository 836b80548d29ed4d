//! RelationshipSeveranceEvent: follows that ended because of a server. Source: <https://docs.joinmastodon.org/entities/RelationshipSeveranceEvent/>.

use parvis_domain::rows;
use serde::Serialize;

/// See the module.
#[derive(Clone, Debug, Serialize)]
pub struct RelationshipSeveranceEvent {
    id: String,
    r#type: String,
    /// No list of whom it was can be had.
    purged: bool,
    target_name: String,
    followers_count: i64,
    following_count: i64,
    created_at: String,
}

impl RelationshipSeveranceEvent {
    /// Renders one.
    #[must_use]
    pub fn of(row: &rows::Severance) -> Self {
        Self {
            id: row.id.to_string(),
            r#type: row.kind.clone(),
            purged: true,
            target_name: row.target.clone(),
            followers_count: row.followers,
            following_count: row.following,
            created_at: row.created_at.to_rfc3339(),
        }
    }
}
