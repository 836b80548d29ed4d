//! Posts, what is done with them, and their pictures.

use crate::access::Access::{Optional, User};
use crate::access::{Route, read, remove, replace, send};
use crate::limits::Budget;
use crate::routes::statuses::{boost, quote, react, read as reading, who, write};
use crate::routes::{media, polls, scheduled_statuses as scheduled};

pub fn routes() -> Vec<Route> {
    vec![
        send("/api/v1/statuses", User(&["write:statuses"]), write::publish),
        read("/api/v1/statuses", Optional(&["read:statuses"]), reading::many),
        read("/api/v1/statuses/{id}", Optional(&["read:statuses"]), reading::show),
        replace("/api/v1/statuses/{id}", User(&["write:statuses"]), write::edit),
        remove("/api/v1/statuses/{id}", User(&["write:statuses"]), write::delete).costs(Budget::Delete),
        read("/api/v1/statuses/{id}/context", Optional(&["read:statuses"]), reading::context),
        read("/api/v1/statuses/{id}/card", Optional(&["read:statuses"]), reading::card),
        read("/api/v1/statuses/{id}/source", User(&["read:statuses"]), reading::source),
        read("/api/v1/statuses/{id}/history", Optional(&["read:statuses"]), reading::history),
        replace("/api/v1/statuses/{id}/interaction_policy", User(&["write:statuses"]), quote::set_policy),
        read("/api/v1/statuses/{id}/quotes", User(&["read:statuses"]), quote::list),
        send(
            "/api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke",
            User(&["write:statuses"]),
            quote::revoke,
        ),
        read("/api/v1/statuses/{id}/reblogged_by", Optional(&["read:statuses"]), who::boosted),
        read("/api/v1/statuses/{id}/favourited_by", Optional(&["read:statuses"]), who::favourited),
        send("/api/v1/statuses/{id}/favourite", User(&["write:favourites"]), react::favourite),
        send("/api/v1/statuses/{id}/unfavourite", User(&["write:favourites"]), react::unfavourite),
        send("/api/v1/statuses/{id}/bookmark", User(&["write:bookmarks"]), react::bookmark),
        send("/api/v1/statuses/{id}/unbookmark", User(&["write:bookmarks"]), react::unbookmark),
        send("/api/v1/statuses/{id}/mute", User(&["write:mutes"]), react::mute),
        send("/api/v1/statuses/{id}/unmute", User(&["write:mutes"]), react::unmute),
        send("/api/v1/statuses/{id}/pin", User(&["write:accounts"]), react::pin),
        send("/api/v1/statuses/{id}/unpin", User(&["write:accounts"]), react::unpin),
        send("/api/v1/statuses/{id}/reblog", User(&["write:statuses"]), boost::boost),
        send("/api/v1/statuses/{id}/unreblog", User(&["write:statuses"]), boost::unboost)
            .costs(Budget::Delete),
        read("/api/v1/scheduled_statuses", User(&["read:statuses"]), scheduled::list),
        read("/api/v1/scheduled_statuses/{id}", User(&["read:statuses"]), scheduled::show),
        replace("/api/v1/scheduled_statuses/{id}", User(&["write:statuses"]), scheduled::move_to),
        remove("/api/v1/scheduled_statuses/{id}", User(&["write:statuses"]), scheduled::cancel),
        read("/api/v1/polls/{id}", Optional(&["read:statuses"]), polls::show),
        send("/api/v1/polls/{id}/votes", User(&["write:statuses"]), polls::vote),
        send("/api/v2/media", User(&["write:media"]), media::upload).takes_recordings().costs(Budget::Upload),
        send("/api/v1/media", User(&["write:media"]), media::upload_and_wait)
            .takes_recordings()
            .costs(Budget::Upload),
        read("/api/v1/media/{id}", User(&["write:media"]), media::show),
        replace("/api/v1/media/{id}", User(&["write:media"]), media::describe).takes_pictures(),
        remove("/api/v1/media/{id}", User(&["write:media"]), media::remove),
    ]
}
