//! Accounts put together under a name, also under the addresses of before they were finished.

use crate::access::Access::{Optional, User};
use crate::access::{Route, change, read, remove, send};
use crate::routes::collections;

const READ: &[&str] = &["read:collections"];
const WRITE: &[&str] = &["write:collections"];

pub fn routes() -> Vec<Route> {
    vec![
        send("/api/v1/collections", User(WRITE), collections::create),
        read("/api/v1/collections/{id}", Optional(READ), collections::show),
        change("/api/v1/collections/{id}", User(WRITE), collections::update),
        remove("/api/v1/collections/{id}", User(WRITE), collections::delete),
        send("/api/v1/collections/{id}/items", User(WRITE), collections::add),
        remove("/api/v1/collections/{id}/items/{item}", User(WRITE), collections::take_out),
        send("/api/v1/collections/{id}/items/{item}/revoke", User(WRITE), collections::revoke),
        read("/api/v1/accounts/{id}/collections", Optional(READ), collections::of_account),
        read("/api/v1/accounts/{id}/in_collections", User(READ), collections::with_account),
        read("/api/v1_alpha/collections/{id}", Optional(READ), collections::show),
        read("/api/v1_alpha/accounts/{id}/collections", Optional(READ), collections::of_account),
    ]
}
