//! Every route of the client API, in one place: method, path, who may call it, what runs. Nothing is served that does not stand here.
//!
//! A new route: one line in the file of its topic, one handler in `routes`, its entity in `entities`, and `docs/client-api.md`.

mod accounts;
mod filters;
mod collections;
mod lists;
mod notifications;
mod own_account;
mod posts;
mod programs;
mod streams;
mod tags;
mod staff;
mod timelines;
mod town;
mod trends;

use crate::access::Route;

/// All routes.
#[must_use]
pub fn table() -> Vec<Route> {
    let topics: &[fn() -> Vec<Route>] = &[
        programs::routes,
        town::routes,
        own_account::routes,
        notifications::routes,
        accounts::routes,
        collections::routes,
        posts::routes,
        timelines::routes,
        trends::routes,
        lists::routes,
        streams::routes,
        filters::routes,
        tags::routes,
        staff::routes,
    ];
    topics.iter().flat_map(|routes| routes()).collect()
}
