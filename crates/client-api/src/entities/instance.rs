//! Instance (v2): what clients ask first. Source: <https://docs.joinmastodon.org/entities/Instance/>. The old shape is [`super::instance_v1`].

use parvis_config::Settings;
use parvis_config::settings::Registration;
use parvis_domain::figures::Figures;
use parvis_domain::views::AccountView;
use parvis_media::sniff::{AVIF, SUPPORTED_MIME_TYPES};
use parvis_media::{Container, Recordings, limits as media};
use parvis_model::poll;
use parvis_model::status::{CHARACTERS_MAX, DESCRIPTION_MAX, MEDIA_MAX, PINS_MAX};
use parvis_model::tag::FEATURED_MAX;
use parvis_model::urls::{ICON_SIZES, Urls};
use serde_json::{Value, json};

use super::account::{Account, MISSING_HEADER};

/// The Mastodon version whose features programs may count on: with quotes and grouped notifications. Kinds of media that the town does not take are
/// not in `configuration`; see docs/client-api.md.
pub const MASTODON_VERSION: &str = "4.5.0";
/// Mastodon's API number of that version: 2 brought grouped notifications, 7 quotes.
pub const API_VERSION: u32 = 7;
/// Characters that a link counts for.
const LINK_CHARACTERS: u32 = 23;

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
pub fn limits(settings: &Settings, taken: &Recordings) -> serde_json::Map<String, Value> {
    let takes_recordings = taken.is_available();
    let recordings = |limit: u64| if takes_recordings { limit } else { 0 };
    let mut map = serde_json::Map::new();
    map.insert(
        "accounts".to_owned(),
        json!({ "max_featured_tags": FEATURED_MAX, "max_pinned_statuses": PINS_MAX }),
    );
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
            "supported_mime_types": media_types(taken),
            "description_limit": DESCRIPTION_MAX,
            "image_size_limit": media::MAX_BYTES,
            "image_matrix_limit": media::MAX_PIXELS,
            "video_size_limit": recordings(media::MAX_RECORDING_BYTES),
            "video_frame_rate_limit": recordings(media::MAX_FRAME_RATE),
            "video_matrix_limit": recordings(media::MAX_VIDEO_PIXELS),
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

/// What may be uploaded. Video, sound and AVIF are there only if they can be processed now.
fn media_types(taken: &Recordings) -> Vec<&'static str> {
    let avif = taken.reads_avif().then_some(AVIF);
    let recordings = Container::ALL.iter().filter(|_| taken.is_available());
    let names =
        recordings.flat_map(|kind| std::iter::once(kind.mime()).chain(kind.aliases().iter().copied()));
    SUPPORTED_MIME_TYPES.into_iter().chain(avif).chain(names).collect()
}

/// Renders the town.
#[must_use]
pub fn instance(
    settings: &Settings,
    taken: &Recordings,
    figures: Figures,
    contact: Option<&AccountView>,
    source_url: &str,
    push_key: &str,
    urls: &Urls,
) -> Value {
    let (enabled, approval_required) = registrations(settings);
    let mut configuration = limits(settings, taken);
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
    configuration
        .insert("translation".to_owned(), json!({ "enabled": settings.translation.service_url.is_some() }));
    configuration.insert("limited_federation".to_owned(), Value::Bool(figures.is_limited));
    configuration.insert("timelines_access".to_owned(), timelines_access());
    json!({
        "domain": urls.domain(),
        "title": settings.town.name,
        "version": version(),
        "source_url": source_url,
        "description": settings.town.description,
        "usage": { "users": { "active_month": figures.active_month } },
        "thumbnail": { "url": urls.page(MISSING_HEADER), "blurhash": Value::Null, "versions": {}, "description": Value::Null },
        "icon": ICON_SIZES.map(|side| json!({ "src": urls.icon(side), "size": format!("{side}x{side}") })),
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
            "account": contact.map(|view| Account::of(view, urls)),
        },
        "rules": rules(settings),
    })
}

/// Who sees public timelines: everybody, as the table of routes says (Mastodon's setting of 4.5).
fn timelines_access() -> Value {
    let everybody = json!({ "local": "public", "remote": "public" });
    json!({ "live_feeds": everybody, "hashtag_feeds": everybody, "trending_link_feeds": everybody })
}
