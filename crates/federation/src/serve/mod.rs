//! What other servers and machines read from this town: actors, posts, collections, WebFinger, host-meta, NodeInfo. GET and HEAD only; what is
//! posted goes to the inbox.
//!
//! A request: `asking` (who asks, by HTTP signature, and for a page or a document) → one handler → `domain` → [`crate::objects`] → `answer`.
//! Everybody gets what is for everybody; what is for some is there only for a signer who may see it, and for everybody else it is not there, in
//! the same words as what never was (threats I2, I5, O15). Cookies and tokens are never looked at (X6).
//!
//! Neighbours: `server::http::negotiate` leads ActivityPub requests for pages here; `web` has the pages.

mod accept;
mod actors;
mod answer;
mod asking;
mod collections;
mod contexts;
mod featured;
mod moderators;
mod nodeinfo;
mod outbox;
mod owner;
mod posts;
mod quotes;
mod replies;
mod secure;
mod synchrony;
#[cfg(test)]
mod tests;
mod webfinger;

use axum::Router;
use axum::routing::get;
use parvis_domain::Town;

pub use accept::is_activity_request;
pub use secure::guarded;

/// All of them. There is no fallback, so that it can be merged with other doors.
pub fn router(town: Town) -> Router {
    Router::new()
        .route("/actor", get(actors::town))
        .route("/actor/outbox", get(outbox::of_town))
        .route("/actor/followers", get(collections::followers_of_town))
        .route("/actor/following", get(collections::following_of_town))
        .route("/users/{name}", get(actors::person))
        .route("/users/{name}/outbox", get(outbox::of_person))
        .route("/users/{name}/followers", get(collections::followers_of_person))
        .route("/users/{name}/followers_synchronization", get(synchrony::show))
        .route("/users/{name}/following", get(collections::following_of_person))
        .route("/users/{name}/collections/featured", get(featured::show))
        .route("/users/{name}/collections/tags", get(featured::tags))
        .route("/users/{name}/moderators", get(moderators::show))
        .route("/users/{name}/statuses/{id}", get(posts::note))
        .route("/users/{name}/statuses/{id}/activity", get(posts::activity))
        .route("/users/{name}/statuses/{id}/replies", get(replies::show))
        .route("/users/{name}/statuses/{id}/context", get(contexts::show))
        .route("/users/{name}/quote_authorizations/{id}", get(quotes::show))
        .merge(webfinger::router())
        .merge(nodeinfo::router())
        .with_state(town)
}
