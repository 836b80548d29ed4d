//! What people are told: alone, as groups, and what is held back; and the devices that are told of it.

use crate::access::Access::User;
use crate::access::{Route, change, read, remove, replace, send};
use crate::routes::{grouped, notifications, push, strangers};

const READ: &[&str] = &["read:notifications"];
const WRITE: &[&str] = &["write:notifications"];
const PUSH: &[&str] = &["push"];

pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        read("/api/v1/notifications", User(READ), notifications::list),
        read("/api/v1/notifications/unread_count", User(READ), notifications::unread_count),
        send("/api/v1/notifications/clear", User(WRITE), notifications::clear),
        send("/api/v1/notifications/dismiss", User(WRITE), notifications::dismiss_named),
        remove("/api/v1/notifications/destroy_multiple", User(WRITE), notifications::dismiss_many),
        read("/api/v1/notifications/policy", User(READ), strangers::show_v1),
        replace("/api/v1/notifications/policy", User(WRITE), strangers::change_v1),
        read("/api/v2/notifications/policy", User(READ), strangers::show),
        change("/api/v2/notifications/policy", User(WRITE), strangers::change),
        read("/api/v1/notifications/requests", User(READ), strangers::list),
        read("/api/v1/notifications/requests/merged", User(READ), strangers::merged),
        send("/api/v1/notifications/requests/accept", User(WRITE), strangers::accept_many),
        send("/api/v1/notifications/requests/dismiss", User(WRITE), strangers::dismiss_many),
        read("/api/v1/notifications/requests/{id}", User(READ), strangers::one),
        send("/api/v1/notifications/requests/{id}/accept", User(WRITE), strangers::accept),
        send("/api/v1/notifications/requests/{id}/dismiss", User(WRITE), strangers::dismiss),
        read("/api/v1/notifications/{id}", User(READ), notifications::one),
        send("/api/v1/notifications/{id}/dismiss", User(WRITE), notifications::dismiss),
        read("/api/v2/notifications/{group_key}/accounts", User(READ), grouped::accounts),
        read("/api/v1/push/subscription", User(PUSH), push::show),
        send("/api/v1/push/subscription", User(PUSH), push::subscribe),
        replace("/api/v1/push/subscription", User(PUSH), push::change),
        remove("/api/v1/push/subscription", User(PUSH), push::unsubscribe),
    ];
    routes.extend(groups("/api/v2/notifications", "/api/v2/notifications/unread_count", GROUP));
    // As the programs know them that were written for Mastodon's trial of groups.
    routes.extend(groups("/api/v2_alpha/notifications", "/api/v2_alpha/notifications/unread_count", ALPHA));
    routes
}

/// One group, and its end.
const GROUP: [&str; 2] = ["/api/v2/notifications/{group_key}", "/api/v2/notifications/{group_key}/dismiss"];
const ALPHA: [&str; 2] =
    ["/api/v2_alpha/notifications/{group_key}", "/api/v2_alpha/notifications/{group_key}/dismiss"];

fn groups(list: &'static str, unread: &'static str, [one, dismiss]: [&'static str; 2]) -> [Route; 4] {
    [
        read(list, User(READ), grouped::list),
        read(unread, User(READ), grouped::unread_count),
        read(one, User(READ), grouped::one),
        send(dismiss, User(WRITE), grouped::dismiss),
    ]
}
