//! V1::Instance: the shape that older clients ask for. Source: <https://docs.joinmastodon.org/entities/V1_Instance/>.

use parvis_config::Settings;
use parvis_domain::figures::Figures;
use parvis_domain::views::AccountView;
use parvis_media::Recordings;
use parvis_model::status::CHARACTERS_MAX;
use parvis_model::urls::Urls;
use serde_json::{Value, json};

use super::account::{Account, MISSING_HEADER};
use super::instance::{limits, registrations, rules, version};

/// Renders the town in the old shape. `uri` is a bare host, and `max_toot_chars` is no field of Mastodon's but read by many clients.
#[must_use]
pub fn instance(
    settings: &Settings,
    taken: &Recordings,
    figures: Figures,
    contact: Option<&AccountView>,
    urls: &Urls,
) -> Value {
    let (registrations, approval_required) = registrations(settings);
    json!({
        "uri": urls.domain(),
        "title": settings.town.name,
        "short_description": settings.town.description,
        "description": settings.town.description,
        "email": settings.town.contact_email.clone().unwrap_or_default(),
        "version": version(),
        "urls": { "streaming_api": urls.streaming() },
        "stats": {
            "user_count": figures.accounts,
            "status_count": figures.statuses,
            "domain_count": figures.servers,
        },
        "thumbnail": urls.page(MISSING_HEADER),
        "languages": settings.town.languages,
        "registrations": registrations,
        "approval_required": approval_required,
        "invites_enabled": false,
        "configuration": limits(settings, taken),
        "contact_account": contact.map(|view| Account::of(view, urls)),
        "rules": rules(settings),
        "max_toot_chars": CHARACTERS_MAX,
    })
}
