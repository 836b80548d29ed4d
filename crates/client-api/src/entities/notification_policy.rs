//! NotificationPolicy in both shapes, and NotificationRequest. Sources: <https://docs.joinmastodon.org/entities/NotificationPolicy/>,
//! <https://docs.joinmastodon.org/entities/NotificationRequest/>.

use parvis_domain::notifications::policy::Summary;
use parvis_domain::notifications::requests::RequestView;
use parvis_model::ids::AccountId;
use parvis_model::notification_policy::Verdict;
use parvis_model::urls::Urls;
use serde::Serialize;

use super::{Account, Status};

/// What somebody wants of strangers.
#[derive(Clone, Debug, Serialize)]
pub struct NotificationPolicy {
    for_not_following: &'static str,
    for_not_followers: &'static str,
    for_new_accounts: &'static str,
    for_private_mentions: &'static str,
    for_limited_accounts: &'static str,
    summary: Pending,
}

/// The same as the first programs knew it: held back or not.
#[derive(Clone, Debug, Serialize)]
pub struct V1NotificationPolicy {
    filter_not_following: bool,
    filter_not_followers: bool,
    filter_new_accounts: bool,
    filter_private_mentions: bool,
    summary: Pending,
}

#[derive(Clone, Debug, Serialize)]
struct Pending {
    pending_requests_count: i64,
    pending_notifications_count: i64,
}

impl Pending {
    const fn of(summary: &Summary) -> Self {
        Self { pending_requests_count: summary.requests, pending_notifications_count: summary.notifications }
    }
}

impl NotificationPolicy {
    /// Renders a policy.
    #[must_use]
    pub const fn of(summary: &Summary) -> Self {
        let policy = &summary.policy;
        Self {
            for_not_following: policy.for_not_following.as_str(),
            for_not_followers: policy.for_not_followers.as_str(),
            for_new_accounts: policy.for_new_accounts.as_str(),
            for_private_mentions: policy.for_private_mentions.as_str(),
            for_limited_accounts: policy.for_limited_accounts.as_str(),
            summary: Pending::of(summary),
        }
    }
}

impl V1NotificationPolicy {
    /// Renders a policy.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        let (policy, holds) = (&summary.policy, |verdict: Verdict| verdict != Verdict::Accept);
        Self {
            filter_not_following: holds(policy.for_not_following),
            filter_not_followers: holds(policy.for_not_followers),
            filter_new_accounts: holds(policy.for_new_accounts),
            filter_private_mentions: holds(policy.for_private_mentions),
            summary: Pending::of(summary),
        }
    }
}

/// Somebody whose notifications are held back.
#[derive(Clone, Debug, Serialize)]
pub struct NotificationRequest {
    id: String,
    created_at: String,
    updated_at: String,
    account: Account,
    /// A string, as Mastodon sends it.
    notifications_count: String,
    last_status: Option<Status>,
}

impl NotificationRequest {
    /// Renders a request for its owner.
    #[must_use]
    pub fn of(view: &RequestView, owner: AccountId, urls: &Urls) -> Self {
        Self {
            id: view.row.id.to_string(),
            created_at: view.row.created_at.to_rfc3339(),
            updated_at: view.row.updated_at.to_rfc3339(),
            account: Account::of(&view.from, urls),
            notifications_count: view.notifications.to_string(),
            last_status: view.last_status.as_ref().map(|s| Status::of(s, Some(owner), urls)),
        }
    }
}
