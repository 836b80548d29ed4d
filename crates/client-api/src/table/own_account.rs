//! The account of the person who calls: profile, requests, collections of their own.

use crate::access::Access::User;
use crate::access::{Route, change, read, remove, send};
use crate::routes::accounts::{credentials, endorse};
use crate::routes::{discovery, domain_blocks, markers, mine, requests};

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v1/accounts/verify_credentials", User(&["profile", "read:accounts"]), credentials::verify),
        change("/api/v1/accounts/update_credentials", User(&["write:accounts"]), credentials::update)
            .takes_pictures(),
        read("/api/v1/profile", User(&["profile", "read:accounts"]), credentials::profile),
        change("/api/v1/profile", User(&["write:accounts"]), credentials::update_profile).takes_pictures(),
        remove("/api/v1/profile/avatar", User(&["write:accounts"]), credentials::remove_avatar),
        remove("/api/v1/profile/header", User(&["write:accounts"]), credentials::remove_header),
        read("/api/v1/preferences", User(&["read:accounts"]), credentials::preferences),
        read("/api/v1/markers", User(&["read:statuses"]), markers::show),
        send("/api/v1/markers", User(&["write:statuses"]), markers::set),
        read("/api/v1/follow_requests", User(&["read:follows"]), requests::list),
        send("/api/v1/follow_requests/{id}/authorize", User(&["write:follows"]), requests::authorize),
        send("/api/v1/follow_requests/{id}/reject", User(&["write:follows"]), requests::reject),
        read("/api/v1/favourites", User(&["read:favourites"]), mine::favourites),
        read("/api/v1/bookmarks", User(&["read:bookmarks"]), mine::bookmarks),
        read("/api/v1/blocks", User(&["read:blocks"]), mine::blocked),
        read("/api/v1/mutes", User(&["read:mutes"]), mine::muted),
        read("/api/v1/endorsements", User(&["read:accounts"]), endorse::mine),
        read("/api/v1/domain_blocks", User(&["read:blocks"]), domain_blocks::list),
        send("/api/v1/domain_blocks", User(&["write:blocks"]), domain_blocks::block),
        remove("/api/v1/domain_blocks", User(&["write:blocks"]), domain_blocks::unblock),
        read("/api/v1/domain_blocks/preview", User(&["write:blocks", "read:blocks"]), domain_blocks::preview),
        read("/api/v1/suggestions", User(&["read"]), discovery::suggestions_v1),
        read("/api/v2/suggestions", User(&["read"]), discovery::suggestions),
        remove("/api/v1/suggestions/{id}", User(&["read"]), discovery::dismiss),
    ]
}
