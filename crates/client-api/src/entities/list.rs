//! List. Source: <https://docs.joinmastodon.org/entities/List/>.

use parvis_domain::rows;
use parvis_model::ids::ListId;
use parvis_model::list::RepliesPolicy;
use serde::Serialize;

/// A list of accounts.
#[derive(Clone, Debug, Serialize)]
pub struct List {
    id: ListId,
    title: String,
    replies_policy: &'static str,
    exclusive: bool,
}

impl List {
    /// Renders a list.
    #[must_use]
    pub fn of(row: &rows::List) -> Self {
        Self {
            id: row.id,
            title: row.title.clone(),
            replies_policy: RepliesPolicy::from_code(row.replies_policy).as_str(),
            exclusive: row.is_exclusive,
        }
    }

    /// Renders many.
    #[must_use]
    pub fn all(rows: &[rows::List]) -> Vec<Self> {
        rows.iter().map(Self::of).collect()
    }
}
