//! The administration: who looks after the town, through client programs. Every route here is [`Access::Staff`](crate::access::Access::Staff).

use parvis_model::permission::Permission::{DeleteUserData, ManageReports, ManageUsers};

use crate::access::Access::Staff;
use crate::access::{Route, read, remove, replace, send};
use crate::limits::Budget;
use crate::routes::admin::{accounts, limits, reports};

const READ_ACCOUNTS: &[&str] = &["admin:read:accounts"];
const WRITE_ACCOUNTS: &[&str] = &["admin:write:accounts"];
const READ_REPORTS: &[&str] = &["admin:read:reports"];
const WRITE_REPORTS: &[&str] = &["admin:write:reports"];

pub fn routes() -> Vec<Route> {
    let see = Staff(READ_ACCOUNTS, ManageUsers);
    let change = Staff(WRITE_ACCOUNTS, ManageUsers);
    let see_reports = Staff(READ_REPORTS, ManageReports);
    let change_reports = Staff(WRITE_REPORTS, ManageReports);
    vec![
        read("/api/v1/admin/accounts", see, accounts::list_v1),
        read("/api/v2/admin/accounts", see, accounts::list_v2),
        read("/api/v1/admin/accounts/{id}", see, accounts::show),
        remove("/api/v1/admin/accounts/{id}", Staff(WRITE_ACCOUNTS, DeleteUserData), limits::delete)
            .costs(Budget::Delete),
        send("/api/v1/admin/accounts/{id}/approve", change, accounts::approve),
        send("/api/v1/admin/accounts/{id}/reject", change, accounts::reject),
        send("/api/v1/admin/accounts/{id}/action", change, limits::act),
        send("/api/v1/admin/accounts/{id}/enable", change, limits::enable),
        send("/api/v1/admin/accounts/{id}/unsensitive", change, limits::unsensitive),
        send("/api/v1/admin/accounts/{id}/unsilence", change, limits::unsilence),
        send("/api/v1/admin/accounts/{id}/unsuspend", change, limits::unsuspend),
        read("/api/v1/admin/reports", see_reports, reports::list),
        read("/api/v1/admin/reports/{id}", see_reports, reports::show),
        replace("/api/v1/admin/reports/{id}", change_reports, reports::update),
        send("/api/v1/admin/reports/{id}/assign_to_self", change_reports, reports::assign),
        send("/api/v1/admin/reports/{id}/unassign", change_reports, reports::unassign),
        send("/api/v1/admin/reports/{id}/resolve", change_reports, reports::resolve),
        send("/api/v1/admin/reports/{id}/reopen", change_reports, reports::reopen),
    ]
}
