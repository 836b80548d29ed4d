//! Timelines, conversations and search.

use crate::access::Access::{Optional, User};
use crate::access::{Route, read, remove, send};
use crate::routes::{conversations, search, timelines};

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v1/timelines/home", User(&["read:statuses"]), timelines::home),
        read("/api/v1/timelines/public", Optional(&["read:statuses"]), timelines::public),
        read("/api/v1/timelines/tag/{hashtag}", Optional(&["read:statuses"]), timelines::tag),
        read("/api/v1/timelines/list/{id}", User(&["read:lists"]), timelines::list),
        read("/api/v1/timelines/direct", User(&["read:statuses"]), conversations::direct),
        read("/api/v1/conversations", User(&["read:statuses"]), conversations::list),
        remove("/api/v1/conversations/{id}", User(&["write:conversations"]), conversations::remove),
        send("/api/v1/conversations/{id}/read", User(&["write:conversations"]), conversations::read),
        send("/api/v1/conversations/{id}/unread", User(&["write:conversations"]), conversations::unread),
        read("/api/v2/search", Optional(&["read:search"]), search::search),
        read("/api/v1/search", User(&["read:search"]), search::search_v1),
    ]
}
