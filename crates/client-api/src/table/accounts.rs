//! Accounts and what the caller has to do with them.

use crate::access::Access::{Optional, User};
use crate::access::{Route, read, send};
use crate::routes::accounts::{deal, endorse, find, look};
use crate::routes::{discovery, reports};

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v1/accounts", Optional(&["read:accounts"]), look::many),
        read("/api/v1/accounts/lookup", Optional(&["read:accounts"]), find::lookup),
        read("/api/v1/accounts/search", User(&["read:accounts"]), find::search),
        read("/api/v1/accounts/relationships", User(&["read:follows"]), find::relationships),
        read("/api/v1/accounts/familiar_followers", User(&["read:follows"]), discovery::familiar_followers),
        read("/api/v1/accounts/{id}", Optional(&["read:accounts"]), look::show),
        read("/api/v1/accounts/{id}/statuses", Optional(&["read:statuses"]), look::statuses),
        read("/api/v1/accounts/{id}/followers", Optional(&["read:accounts"]), look::followers),
        read("/api/v1/accounts/{id}/following", Optional(&["read:accounts"]), look::following),
        send("/api/v1/accounts/{id}/follow", User(&["write:follows"]), deal::follow),
        send("/api/v1/accounts/{id}/unfollow", User(&["write:follows"]), deal::unfollow),
        send(
            "/api/v1/accounts/{id}/remove_from_followers",
            User(&["write:follows"]),
            deal::remove_from_followers,
        ),
        send("/api/v1/accounts/{id}/block", User(&["write:blocks"]), deal::block),
        send("/api/v1/accounts/{id}/unblock", User(&["write:blocks"]), deal::unblock),
        send("/api/v1/accounts/{id}/mute", User(&["write:mutes"]), deal::mute),
        send("/api/v1/accounts/{id}/unmute", User(&["write:mutes"]), deal::unmute),
        send("/api/v1/accounts/{id}/endorse", User(&["write:accounts"]), endorse::endorse),
        send("/api/v1/accounts/{id}/unendorse", User(&["write:accounts"]), endorse::unendorse),
        send("/api/v1/accounts/{id}/pin", User(&["write:accounts"]), endorse::endorse),
        send("/api/v1/accounts/{id}/unpin", User(&["write:accounts"]), endorse::unendorse),
        read("/api/v1/accounts/{id}/endorsements", Optional(&["read:accounts"]), endorse::of_account),
        send("/api/v1/accounts/{id}/note", User(&["write:accounts"]), deal::note),
        send("/api/v1/reports", User(&["write:reports"]), reports::file),
    ]
}
