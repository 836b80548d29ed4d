//! Admin::Report.

use parvis_config::Settings;
use parvis_domain::moderation::desk::StaffReport;
use parvis_model::ids::ReportId;
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use serde::Serialize;
use serde_json::Value;

use super::AdminAccount;
use crate::entities::Status;
use crate::entities::instance::rules;
use crate::entities::report::rule_ids;

/// A report as staff see it.
#[derive(Clone, Debug, Serialize)]
pub struct AdminReport {
    id: ReportId,
    action_taken: bool,
    action_taken_at: Option<String>,
    category: String,
    comment: String,
    forwarded: bool,
    created_at: String,
    updated_at: String,
    account: AdminAccount,
    target_account: AdminAccount,
    assigned_account: Option<AdminAccount>,
    action_taken_by_account: Option<AdminAccount>,
    statuses: Vec<Status>,
    rules: Vec<Value>,
}

impl AdminReport {
    /// Renders a report. Its posts are evidence, shown to nobody in particular: without the marks of a viewer.
    #[must_use]
    pub fn of(found: &StaffReport, settings: &Settings, urls: &Urls) -> Self {
        let row = &found.report;
        let broken = rule_ids(row);
        let is_broken =
            |rule: &Value| broken.iter().any(|id| rule.get("id").and_then(Value::as_str) == Some(id));
        Self {
            id: row.id,
            action_taken: row.acted_at.is_some(),
            action_taken_at: row.acted_at.map(Moment::to_rfc3339),
            category: row.category.clone(),
            comment: row.comment.clone(),
            forwarded: row.is_forwarded,
            created_at: row.created_at.to_rfc3339(),
            updated_at: row.updated_at.to_rfc3339(),
            account: AdminAccount::of(&found.reporter, urls),
            target_account: AdminAccount::of(&found.target, urls),
            assigned_account: found.assigned.as_ref().map(|a| AdminAccount::of(a, urls)),
            action_taken_by_account: found.acted_by.as_ref().map(|a| AdminAccount::of(a, urls)),
            statuses: Status::all(&found.statuses, None, urls),
            rules: rules(settings).into_iter().filter(is_broken).collect(),
        }
    }
}
