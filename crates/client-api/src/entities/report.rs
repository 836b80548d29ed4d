//! Report and AccountWarning: what somebody reported, and what was decided about them. Sources:
//! <https://docs.joinmastodon.org/entities/Report/>, <https://docs.joinmastodon.org/entities/AccountWarning/>.

use parvis_domain::rows;
use parvis_domain::views::{ReportView, StrikeView};
use parvis_model::ids::{ReportId, StatusId, StrikeId};
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use serde::Serialize;

use super::Account;

/// A report, for whoever wrote it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    id: ReportId,
    action_taken: bool,
    action_taken_at: Option<String>,
    category: String,
    comment: String,
    forwarded: bool,
    created_at: String,
    status_ids: Vec<StatusId>,
    rule_ids: Vec<String>,
    collection_ids: [(); 0],
    target_account: Account,
}

/// A decision of staff, for whom it is about.
#[derive(Clone, Debug, Serialize)]
pub struct AccountWarning {
    id: StrikeId,
    action: String,
    text: String,
    status_ids: Vec<StatusId>,
    created_at: String,
    target_account: Account,
    appeal: Option<Appeal>,
}

/// An answer to a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Appeal {
    text: String,
    state: &'static str,
}

/// The numbers of rules in a report, as ids.
pub fn rule_ids(row: &rows::Report) -> Vec<String> {
    let numbers: Vec<i64> = serde_json::from_str(&row.rule_ids).unwrap_or_default();
    numbers.iter().map(ToString::to_string).collect()
}

impl Report {
    /// Renders a report.
    #[must_use]
    pub fn of(view: &ReportView, urls: &Urls) -> Self {
        let row = &view.report;
        Self {
            id: row.id,
            action_taken: row.acted_at.is_some(),
            action_taken_at: row.acted_at.map(Moment::to_rfc3339),
            category: row.category.clone(),
            comment: row.comment.clone(),
            forwarded: row.is_forwarded,
            created_at: row.created_at.to_rfc3339(),
            status_ids: view.statuses.clone(),
            rule_ids: rule_ids(row),
            collection_ids: [],
            target_account: Account::of(&view.target, urls),
        }
    }
}

impl AccountWarning {
    /// Renders a decision.
    #[must_use]
    pub fn of(view: &StrikeView, urls: &Urls) -> Self {
        let row = &view.strike;
        Self {
            id: row.id,
            action: row.action.clone(),
            text: row.text.clone(),
            status_ids: view.statuses.clone(),
            created_at: row.created_at.to_rfc3339(),
            target_account: Account::of(&view.target, urls),
            appeal: view.appeal.as_ref().map(|a| Appeal {
                text: a.text.clone(),
                state: match (a.decided_at, a.is_approved) {
                    (None, _) => "pending",
                    (Some(_), true) => "approved",
                    (Some(_), false) => "rejected",
                },
            }),
        }
    }
}
