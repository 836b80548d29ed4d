//! GroupedNotificationsResults: groups with their accounts and posts beside them, each once.
//! Source: <https://docs.joinmastodon.org/methods/grouped_notifications/>.

use std::collections::HashSet;

use parvis_domain::notifications::groups::{Group, Groups};
use parvis_domain::views::AccountView;
use parvis_model::ids::{AccountId, NotificationId, StatusId};
use parvis_model::urls::Urls;
use serde::Serialize;

use super::report::{AccountWarning, Report};
use super::severance::RelationshipSeveranceEvent;
use super::{Account, Status};

/// A page of groups.
#[derive(Clone, Debug, Serialize)]
pub struct GroupedNotificationsResults {
    accounts: Vec<Account>,
    /// Only when the program asked for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_accounts: Option<Vec<PartialAccountWithAvatar>>,
    statuses: Vec<Status>,
    notification_groups: Vec<NotificationGroup>,
}

/// One or several notifications that show as one.
#[derive(Clone, Debug, Serialize)]
struct NotificationGroup {
    group_key: String,
    notifications_count: usize,
    r#type: &'static str,
    /// A number, unlike every other id: programs in Swift read nothing else. The other two are strings.
    most_recent_notification_id: i64,
    /// These three only on a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    page_min_id: Option<NotificationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_max_id: Option<NotificationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest_page_notification_at: Option<String>,
    sample_account_ids: Vec<AccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_id: Option<StatusId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moderation_warning: Option<AccountWarning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<RelationshipSeveranceEvent>,
}

/// What is needed to show somebody's picture.
#[derive(Clone, Debug, Serialize)]
struct PartialAccountWithAvatar {
    id: AccountId,
    acct: String,
    locked: bool,
    bot: bool,
    url: String,
    avatar: String,
    avatar_static: String,
}

impl PartialAccountWithAvatar {
    fn of(view: &AccountView, urls: &Urls) -> Self {
        let whole = Account::of(view, urls);
        Self {
            id: whole.id,
            acct: whole.acct,
            locked: whole.locked,
            bot: whole.bot,
            url: whole.url,
            avatar: whole.avatar,
            avatar_static: whole.avatar_static,
        }
    }
}

impl GroupedNotificationsResults {
    /// Renders a page for its owner. `are_partial`: of each group only the latest account whole, of the others what a picture needs.
    #[must_use]
    pub fn of(page: &Groups, owner: AccountId, are_partial: bool, urls: &Urls) -> Self {
        let latest: HashSet<AccountId> = page.groups.iter().filter_map(|g| g.from.first().copied()).collect();
        let is_whole = |view: &&AccountView| !are_partial || latest.contains(&view.account.id);
        Self {
            accounts: page.accounts.iter().filter(is_whole).map(|a| Account::of(a, urls)).collect(),
            partial_accounts: are_partial.then(|| {
                let others = page.accounts.iter().filter(|a| !is_whole(a));
                others.map(|a| PartialAccountWithAvatar::of(a, urls)).collect()
            }),
            statuses: Status::all(&page.statuses, Some(owner), urls),
            notification_groups: page.groups.iter().map(|g| NotificationGroup::of(g, urls)).collect(),
        }
    }
}

impl NotificationGroup {
    fn of(group: &Group, urls: &Urls) -> Self {
        let head = &group.head;
        Self {
            group_key: group.key.clone(),
            notifications_count: group.count,
            r#type: group.kind.as_str(),
            most_recent_notification_id: head.id.0,
            page_min_id: group.page_oldest,
            page_max_id: group.page_oldest.map(|_| head.id),
            latest_page_notification_at: group.page_oldest.map(|_| head.created_at.to_rfc3339()),
            sample_account_ids: group.from.clone(),
            status_id: head.status_id,
            report: group.report.as_ref().map(|r| Report::of(r, urls)),
            moderation_warning: group.strike.as_ref().map(|s| AccountWarning::of(s, urls)),
            event: group.severance.as_ref().map(RelationshipSeveranceEvent::of),
        }
    }
}
