//! Notification. Source: <https://docs.joinmastodon.org/entities/Notification/>.

use parvis_domain::notifications::NotificationView;
use parvis_model::ids::{AccountId, NotificationId};
use parvis_model::urls::Urls;
use serde::Serialize;

use super::report::{AccountWarning, Report};
use super::severance::RelationshipSeveranceEvent;
use super::{Account, Status};

/// One thing somebody was told.
#[derive(Clone, Debug, Serialize)]
pub struct Notification {
    id: NotificationId,
    r#type: &'static str,
    created_at: String,
    group_key: String,
    account: Account,
    /// Held back; left out where it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    filtered: bool,
    /// Left out where there is none (`follow`).
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moderation_warning: Option<AccountWarning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<RelationshipSeveranceEvent>,
}

/// What it shows as one with; what shows alone has a key of its own.
fn group_key(view: &NotificationView) -> String {
    if view.row.group_key.is_empty() {
        format!("ungrouped-{}", view.row.id)
    } else {
        view.row.group_key.clone()
    }
}

impl Notification {
    /// Renders what `owner` was told.
    #[must_use]
    pub fn of(view: &NotificationView, owner: AccountId, urls: &Urls) -> Self {
        Self {
            id: view.row.id,
            r#type: view.kind.as_str(),
            created_at: view.row.created_at.to_rfc3339(),
            group_key: group_key(view),
            filtered: view.row.is_filtered,
            account: Account::of(&view.from, urls),
            status: view.status.as_ref().map(|s| Status::of(s, Some(owner), urls)),
            report: view.report.as_ref().map(|r| Report::of(r, urls)),
            moderation_warning: view.strike.as_ref().map(|s| AccountWarning::of(s, urls)),
            event: view.severance.as_ref().map(RelationshipSeveranceEvent::of),
        }
    }
}
