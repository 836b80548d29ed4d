//! What somebody does not want to read, in the shape of Mastodon 4 and in the one before.

use crate::access::Access::User;
use crate::access::{Route, read, remove, replace, send};
use crate::routes::{filters, old_filters};

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v2/filters", User(&["read:filters"]), filters::all),
        send("/api/v2/filters", User(&["write:filters"]), filters::create),
        read("/api/v2/filters/{id}", User(&["read:filters"]), filters::show),
        replace("/api/v2/filters/{id}", User(&["write:filters"]), filters::update),
        remove("/api/v2/filters/{id}", User(&["write:filters"]), filters::delete),
        read("/api/v2/filters/{id}/keywords", User(&["read:filters"]), filters::keywords),
        send("/api/v2/filters/{id}/keywords", User(&["write:filters"]), filters::add_keyword),
        read("/api/v2/filters/keywords/{id}", User(&["read:filters"]), filters::keyword),
        replace("/api/v2/filters/keywords/{id}", User(&["write:filters"]), filters::change_keyword),
        remove("/api/v2/filters/keywords/{id}", User(&["write:filters"]), filters::remove_keyword),
        read("/api/v2/filters/{id}/statuses", User(&["read:filters"]), filters::statuses),
        send("/api/v2/filters/{id}/statuses", User(&["write:filters"]), filters::add_status),
        read("/api/v2/filters/statuses/{id}", User(&["read:filters"]), filters::status),
        remove("/api/v2/filters/statuses/{id}", User(&["write:filters"]), filters::remove_status),
        read("/api/v1/filters", User(&["read:filters"]), old_filters::all),
        send("/api/v1/filters", User(&["write:filters"]), old_filters::create),
        read("/api/v1/filters/{id}", User(&["read:filters"]), old_filters::show),
        replace("/api/v1/filters/{id}", User(&["write:filters"]), old_filters::update),
        remove("/api/v1/filters/{id}", User(&["write:filters"]), old_filters::delete),
    ]
}
