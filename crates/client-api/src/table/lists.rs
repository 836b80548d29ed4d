//! Lists of accounts that somebody reads apart.

use crate::access::Access::User;
use crate::access::{Route, read, remove, replace, send};
use crate::routes::lists;

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v1/lists", User(&["read:lists"]), lists::all),
        send("/api/v1/lists", User(&["write:lists"]), lists::create),
        read("/api/v1/lists/{id}", User(&["read:lists"]), lists::show),
        replace("/api/v1/lists/{id}", User(&["write:lists"]), lists::update),
        remove("/api/v1/lists/{id}", User(&["write:lists"]), lists::delete),
        read("/api/v1/lists/{id}/accounts", User(&["read:lists"]), lists::accounts),
        send("/api/v1/lists/{id}/accounts", User(&["write:lists"]), lists::add),
        remove("/api/v1/lists/{id}/accounts", User(&["write:lists"]), lists::remove),
        read("/api/v1/accounts/{id}/lists", User(&["read:lists"]), lists::with_account),
    ]
}
