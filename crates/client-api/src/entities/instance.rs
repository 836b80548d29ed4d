//! Instance (v2): what clients ask first. Source: <https://docs.joinmastodon.org/entities/Instance/>. The old shape is [`super::instance_v1`].

use parvis_config::Settings;
use parvis_config::settings::Registration;
use parvis_domain::figures::Figures;
use parvis_model::poll;
use parvis_model::status::{CHARACTERS_MAX, DESCRIPTION_MAX, MEDIA_MAX, PINS_MAX};
use parvis_model::urls::Urls;
use serde_json::{Value, json};

use super::account::MISSING_HEADER;

/// The Mastodon version whose features programs may count on: with quotes and grouped notifications. Kinds of media that the town does not take are
/// not in `configuration`; see docs/client-api.md.
pub const MASTODON_VERSION: &str = "4.5.0";
/// Mastodon's API number of that version: 2 brought grouped notifications, 7 quotes.
pub const API_VERSION: u32 = 7;
/// Characters that a link counts for.
const LINK_CHARACTERS: u32 = 23;
/// Pictures that we decode.
const PICTURE_TYPES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// `4.5.0 (compatible; Parvis 0.1.0)`: clients read the number at the beginning.
#[must_use]
pub fn version() -> String {
    format!("{MASTODON_VERSION} (compatible; Parvis {})", env!("CARGO_PKG_VERSION"))
}

/// Whether anybody can sign up, and whether staff look at each.
#[must_use]
pub const fn registrations(settings: &Settings) -> (bool, bool) {
    match settings.accounts.registration {
        Registration::Open => (true, false),
        Registration::Approval => (true, true),
        Registration::Closed => (false, false),
    }
}

/// The rules of the house.
#[must_use]
pub fn rules(settings: &Settings) -> Vec<Value> {
    settings
        .town
        .rules
        .iter()
        .zip(1_u32..)
        .map(|(text, n)| json!({ "id": n.to_string(), "text": text, "hint": "", "translations": {} }))
        .collect()
}

/// Limits that both shapes show. What is not here is zero.
#[must_use]
pub fn limits(settings: &Settings) -> serde_json::Map<String, Value> {
    let mut map = serde_json::Map::new();
    map.insert("accounts".to_owned(), json!({ "max_featured_tags": 0, "max_pinned_statuses": PINS_MAX }));
    map.insert(
        "statuses".to_owned(),
        json!({
            "max_characters": CHARACTERS_MAX,
            "max_media_attachments": MEDIA_MAX,
            "characters_reserved_per_url": LINK_CHARACTERS,
        }),
    );
    map.insert(
        "media_attachments".to_owned(),
        json!({
            "supported_mime_types": PICTURE_TYPES,
            "description_limit": DESCRIPTION_MAX,
            "image_size_limit": parvis_media::limits::MAX_BYTES,
            "image_matrix_limit": parvis_media::limits::MAX_PIXELS,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        }),
    );
    map.insert(
        "polls".to_owned(),
        json!({
            "max_options": poll::OPTIONS_MAX,
            "max_characters_per_option": poll::OPTION_CHARACTERS_MAX,
            "min_expiration": settings.limits.poll_min_seconds,
            "max_expiration": poll::SECONDS_MAX,
        }),
    );
    map
}

/// Renders the town.
#[must_use]
pub fn instance(
    settings: &Settings,
    figures: Figures,
    source_url: &str,
    push_key: &str,
    urls: &Urls,
) -> Value {
    let (enabled, approval_required) = registrations(settings);
    let mut configuration = limits(settings);
    configuration.insert(
        "urls".to_owned(),
        json!({
            "streaming": urls.streaming(),
            "status": Value::Null,
            "about": urls.page("/about"),
            "privacy_policy": Value::Null,
            "terms_of_service": Value::Null,
        }),
    );
    configuration.insert("vapid".to_owned(), json!({ "public_key": push_key }));
    configuration.insert("translation".to_owned(), json!({ "enabled": false }));
    configuration.insert("limited_federation".to_owned(), Value::Bool(figures.is_limited));
    json!({
        "domain": urls.domain(),
        "title": settings.town.name,
        "version": version(),
        "source_url": source_url,
        "description": settings.town.description,
        "usage": { "users": { "active_month": figures.active_month } },
        "thumbnail": { "url": urls.page(MISSING_HEADER), "blurhash": Value::Null, "versions": {}, "description": Value::Null },
        "icon": [],
        "languages": settings.town.languages,
        "configuration": configuration,
        "registrations": {
            "enabled": enabled,
            "approval_required": approval_required,
            "reason_required": approval_required,
            "message": Value::Null,
            "min_age": Value::Null,
            "url": urls.page("/auth/sign_up"),
        },
        "api_versions": { "mastodon": API_VERSION },
        "contact": {
            "email": settings.town.contact_email.clone().unwrap_or_default(),
            "account": Value::Null,
        },
        "rules": rules(settings),
    })
}
