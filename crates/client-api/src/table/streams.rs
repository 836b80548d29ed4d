//! Live streams. Each needs the scope of what it shows (threats A4).

use crate::access::Access::{Public, User};
use crate::access::{Route, read};
use crate::streaming::{events, health, socket};

pub fn routes() -> Vec<Route> {
    let event_streams = [
        "/api/v1/streaming/public",
        "/api/v1/streaming/public/local",
        "/api/v1/streaming/public/remote",
        "/api/v1/streaming/hashtag",
        "/api/v1/streaming/hashtag/local",
        "/api/v1/streaming/list",
        "/api/v1/streaming/direct",
    ];
    // What a token may hear of these is decided stream by stream (`streaming::stream`).
    let own = User(&["read:statuses", "read:notifications"]);
    let mut routes = vec![
        read("/api/v1/streaming", own, socket::open).streams(),
        read("/api/v1/streaming/user", own, events::open).streams(),
        read("/api/v1/streaming/user/notification", own, events::open).streams(),
        read("/api/v1/streaming/health", Public, health),
    ];
    routes.extend(event_streams.map(|path| read(path, User(&["read:statuses"]), events::open).streams()));
    routes
}
