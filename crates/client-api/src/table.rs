//! Every route of the client API, in one place: method, path, who may call it, what runs. Nothing is served that does not stand here.
//!
//! A new route: one line here, one handler in `routes`, its entity in `entities`, and `docs/client-api.md`.

use crate::access::Access::{Newcomer, Optional, Program, Public, User};
use crate::access::{Route, change, read, remove, replace, send};
use crate::entities::account::{MISSING_AVATAR, MISSING_HEADER};
use crate::limits::Budget;
use crate::routes::accounts::{credentials, deal, find, look, sign_up};
use crate::routes::statuses::{boost, react, read as reading, who, write};
use crate::routes::{
    apps, emails, instance, markers, media, mine, missing, none, notifications, requests, search, timelines,
};
use crate::{oauth, streaming};

/// All routes.
#[must_use]
pub fn table() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(programs());
    all.extend(town());
    all.extend(own_account());
    all.extend(accounts());
    all.extend(posts());
    all.extend(lists());
    all
}

fn programs() -> Vec<Route> {
    vec![
        send("/oauth/token", Public, oauth::token::token),
        send("/oauth/revoke", Public, oauth::revoke::revoke),
        send("/oauth/introspect", Public, oauth::introspect::introspect),
        read("/.well-known/oauth-authorization-server", Public, oauth::metadata::metadata),
        send("/api/v1/apps", Public, apps::register).costs(Budget::Program),
        read("/api/v1/apps/verify_credentials", Program(&[]), apps::verify),
        send("/api/v1/accounts", Program(&["write:accounts"]), sign_up::create).costs(Budget::SignUp),
        send("/api/v1/emails/confirmations", Newcomer(&[]), emails::send_again),
        read("/api/v1/emails/check_confirmation", Newcomer(&[]), emails::is_confirmed),
    ]
}

fn town() -> Vec<Route> {
    vec![
        read("/api/v2/instance", Public, instance::show),
        read("/api/v1/instance", Public, instance::show_v1),
        read("/api/v1/instance/rules", Public, instance::rules),
        read("/api/v1/instance/extended_description", Public, instance::extended_description),
        read("/api/v1/instance/translation_languages", Public, instance::translation_languages),
        read("/api/v1/streaming/health", Public, streaming::health),
        read("/api/v1/custom_emojis", Public, instance::custom_emojis),
        read(MISSING_AVATAR, Public, missing::avatar).costs(Budget::Free),
        read(MISSING_HEADER, Public, missing::header).costs(Budget::Free),
        // Topics of later issues whose lists clients ask for at their start.
        read("/api/v1/announcements", User(&[]), none),
        read("/api/v1/lists", User(&["read:lists"]), none),
        read("/api/v2/filters", User(&["read:filters"]), none),
    ]
}

fn own_account() -> Vec<Route> {
    vec![
        read("/api/v1/accounts/verify_credentials", User(&["profile", "read:accounts"]), credentials::verify),
        change("/api/v1/accounts/update_credentials", User(&["write:accounts"]), credentials::update)
            .takes_pictures(),
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
        read("/api/v1/notifications", User(&["read:notifications"]), notifications::list),
        read(
            "/api/v1/notifications/unread_count",
            User(&["read:notifications"]),
            notifications::unread_count,
        ),
        send("/api/v1/notifications/clear", User(&["write:notifications"]), notifications::clear),
        read("/api/v1/notifications/{id}", User(&["read:notifications"]), notifications::one),
        send("/api/v1/notifications/{id}/dismiss", User(&["write:notifications"]), notifications::dismiss),
        read("/api/v1/streaming", User(&["read:statuses", "read:notifications"]), streaming::open).streams(),
    ]
}

fn accounts() -> Vec<Route> {
    vec![
        read("/api/v1/accounts", Optional(&["read:accounts"]), look::many),
        read("/api/v1/accounts/lookup", Optional(&["read:accounts"]), find::lookup),
        read("/api/v1/accounts/search", User(&["read:accounts"]), find::search),
        read("/api/v1/accounts/relationships", User(&["read:follows"]), find::relationships),
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
        send("/api/v1/accounts/{id}/note", User(&["write:accounts"]), deal::note),
    ]
}

fn posts() -> Vec<Route> {
    vec![
        send("/api/v1/statuses", User(&["write:statuses"]), write::publish),
        read("/api/v1/statuses", Optional(&["read:statuses"]), reading::many),
        read("/api/v1/statuses/{id}", Optional(&["read:statuses"]), reading::show),
        replace("/api/v1/statuses/{id}", User(&["write:statuses"]), write::edit),
        remove("/api/v1/statuses/{id}", User(&["write:statuses"]), write::delete).costs(Budget::Delete),
        read("/api/v1/statuses/{id}/context", Optional(&["read:statuses"]), reading::context),
        read("/api/v1/statuses/{id}/source", User(&["read:statuses"]), reading::source),
        read("/api/v1/statuses/{id}/history", Optional(&["read:statuses"]), reading::history),
        read("/api/v1/statuses/{id}/reblogged_by", Optional(&["read:statuses"]), who::boosted),
        read("/api/v1/statuses/{id}/favourited_by", Optional(&["read:statuses"]), who::favourited),
        send("/api/v1/statuses/{id}/favourite", User(&["write:favourites"]), react::favourite),
        send("/api/v1/statuses/{id}/unfavourite", User(&["write:favourites"]), react::unfavourite),
        send("/api/v1/statuses/{id}/bookmark", User(&["write:bookmarks"]), react::bookmark),
        send("/api/v1/statuses/{id}/unbookmark", User(&["write:bookmarks"]), react::unbookmark),
        send("/api/v1/statuses/{id}/pin", User(&["write:accounts"]), react::pin),
        send("/api/v1/statuses/{id}/unpin", User(&["write:accounts"]), react::unpin),
        send("/api/v1/statuses/{id}/reblog", User(&["write:statuses"]), boost::boost),
        send("/api/v1/statuses/{id}/unreblog", User(&["write:statuses"]), boost::unboost)
            .costs(Budget::Delete),
        send("/api/v2/media", User(&["write:media"]), media::upload).takes_pictures().costs(Budget::Upload),
        send("/api/v1/media", User(&["write:media"]), media::upload).takes_pictures().costs(Budget::Upload),
        read("/api/v1/media/{id}", User(&["write:media"]), media::show),
        replace("/api/v1/media/{id}", User(&["write:media"]), media::describe),
        remove("/api/v1/media/{id}", User(&["write:media"]), media::remove),
    ]
}

fn lists() -> Vec<Route> {
    vec![
        read("/api/v1/timelines/home", User(&["read:statuses"]), timelines::home),
        read("/api/v1/timelines/public", Optional(&["read:statuses"]), timelines::public),
        read("/api/v1/timelines/tag/{hashtag}", Optional(&["read:statuses"]), timelines::tag),
        read("/api/v2/search", Optional(&["read:search"]), search::search),
    ]
}
