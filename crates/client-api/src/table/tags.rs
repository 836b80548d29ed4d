//! Hashtags: what is known of them, following them, showing them on a profile.

use crate::access::Access::{Optional, User};
use crate::access::{Route, read, remove, send};
use crate::routes::{featured_tags, tags};

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v1/tags/{hashtag}", Optional(&[]), tags::show),
        send("/api/v1/tags/{hashtag}/follow", User(&["write:follows"]), tags::follow),
        send("/api/v1/tags/{hashtag}/unfollow", User(&["write:follows"]), tags::unfollow),
        send("/api/v1/tags/{hashtag}/feature", User(&["write:accounts"]), tags::feature),
        send("/api/v1/tags/{hashtag}/unfeature", User(&["write:accounts"]), tags::unfeature),
        read("/api/v1/followed_tags", User(&["read:follows"]), tags::followed),
        read("/api/v1/featured_tags", User(&["read:accounts"]), featured_tags::mine),
        send("/api/v1/featured_tags", User(&["write:accounts"]), featured_tags::add),
        read("/api/v1/featured_tags/suggestions", User(&["read:accounts"]), featured_tags::suggestions),
        remove("/api/v1/featured_tags/{id}", User(&["write:accounts"]), featured_tags::remove),
        read("/api/v1/accounts/{id}/featured_tags", Optional(&[]), featured_tags::of_account),
    ]
}
