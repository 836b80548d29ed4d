//! The administration: who looks after the town, through client programs. Every route here is [`Access::Staff`](crate::access::Access::Staff).

use parvis_model::permission::Permission::{
    DeleteUserData, ManageBlocks, ManageFederation, ManageReports, ManageUsers, ViewDashboard,
};

use crate::access::Access::Staff;
use crate::access::{Route, read, remove, replace, send};
use crate::limits::Budget;
use crate::routes::admin::{accounts, gates, limits, measures, reports, servers};

const READ_ACCOUNTS: &[&str] = &["admin:read:accounts"];
const WRITE_ACCOUNTS: &[&str] = &["admin:write:accounts"];
const READ_REPORTS: &[&str] = &["admin:read:reports"];
const WRITE_REPORTS: &[&str] = &["admin:write:reports"];

pub fn routes() -> Vec<Route> {
    let mut routes = people();
    routes.extend(elsewhere());
    routes.extend(doors());
    routes.extend(figures());
    routes
}

/// Accounts and reports.
fn people() -> Vec<Route> {
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

/// Other servers. (Mastodon asks for `admin:write:domain_blocks` to delete a network; so do we, in `doors`.)
fn elsewhere() -> Vec<Route> {
    let see_blocks = Staff(&["admin:read:domain_blocks"], ManageFederation);
    let change_blocks = Staff(&["admin:write:domain_blocks"], ManageFederation);
    let see_allows = Staff(&["admin:read:domain_allows"], ManageFederation);
    let change_allows = Staff(&["admin:write:domain_allows"], ManageFederation);
    vec![
        read("/api/v1/admin/domain_blocks", see_blocks, servers::blocks),
        send("/api/v1/admin/domain_blocks", change_blocks, servers::add_block),
        read("/api/v1/admin/domain_blocks/{id}", see_blocks, servers::block),
        replace("/api/v1/admin/domain_blocks/{id}", change_blocks, servers::change_block),
        remove("/api/v1/admin/domain_blocks/{id}", change_blocks, servers::remove_block),
        read("/api/v1/admin/domain_allows", see_allows, servers::allows),
        send("/api/v1/admin/domain_allows", change_allows, servers::add_allow),
        read("/api/v1/admin/domain_allows/{id}", see_allows, servers::allow),
        remove("/api/v1/admin/domain_allows/{id}", change_allows, servers::remove_allow),
    ]
}

/// Mail and networks.
fn doors() -> Vec<Route> {
    let see_domains = Staff(&["admin:read:email_domain_blocks"], ManageBlocks);
    let change_domains = Staff(&["admin:write:email_domain_blocks"], ManageBlocks);
    let see_addresses = Staff(&["admin:read:canonical_email_blocks"], ManageBlocks);
    let change_addresses = Staff(&["admin:write:canonical_email_blocks"], ManageBlocks);
    let see_networks = Staff(&["admin:read:ip_blocks"], ManageBlocks);
    let change_networks = Staff(&["admin:write:ip_blocks"], ManageBlocks);
    let delete_networks = Staff(&["admin:write:ip_blocks", "admin:write:domain_blocks"], ManageBlocks);
    vec![
        read("/api/v1/admin/email_domain_blocks", see_domains, gates::domains),
        send("/api/v1/admin/email_domain_blocks", change_domains, gates::add_domain),
        read("/api/v1/admin/email_domain_blocks/{id}", see_domains, gates::domain),
        remove("/api/v1/admin/email_domain_blocks/{id}", change_domains, gates::remove_domain),
        read("/api/v1/admin/canonical_email_blocks", see_addresses, gates::addresses),
        send("/api/v1/admin/canonical_email_blocks", change_addresses, gates::add_address),
        send("/api/v1/admin/canonical_email_blocks/test", see_addresses, gates::test),
        read("/api/v1/admin/canonical_email_blocks/{id}", see_addresses, gates::address),
        remove("/api/v1/admin/canonical_email_blocks/{id}", change_addresses, gates::remove_address),
        read("/api/v1/admin/ip_blocks", see_networks, gates::networks),
        send("/api/v1/admin/ip_blocks", change_networks, gates::add_network),
        read("/api/v1/admin/ip_blocks/{id}", see_networks, gates::network),
        replace("/api/v1/admin/ip_blocks/{id}", change_networks, gates::change_network),
        remove("/api/v1/admin/ip_blocks/{id}", delete_networks, gates::remove_network),
    ]
}

/// How much of what.
fn figures() -> Vec<Route> {
    let see = Staff(&["admin:read"], ViewDashboard);
    vec![
        send("/api/v1/admin/measures", see, measures::measures),
        send("/api/v1/admin/dimensions", see, measures::dimensions),
        send("/api/v1/admin/retention", see, measures::retention),
    ]
}
