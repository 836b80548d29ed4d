//! The town itself: what it is called, what it allows, its rules and emojis.

use crate::access::Access::{Optional, Public, User};
use crate::access::{Route, read, remove, replace, send};
use crate::entities::account::{MISSING_AVATAR, MISSING_HEADER};
use crate::limits::Budget;
use crate::routes::{announcements, discovery, instance, missing, off, translations};

pub fn routes() -> Vec<Route> {
    vec![
        read("/api/v2/instance", Public, instance::show),
        read("/api/v1/instance", Public, instance::show_v1),
        read("/api/v1/instance/rules", Public, instance::rules),
        read("/api/v1/instance/extended_description", Public, instance::extended_description),
        read("/api/v1/instance/translation_languages", Public, translations::languages),
        read("/api/v1/instance/languages", Public, instance::languages),
        read("/api/v1/instance/activity", Public, instance::activity),
        read("/api/v1/instance/peers", Public, discovery::peers),
        read("/api/v1/peers/search", User(&[]), discovery::find_peers),
        read("/api/v1/directory", Optional(&["read:accounts"]), discovery::directory),
        read("/health", Public, instance::health).costs(Budget::Free),
        read("/api/v1/custom_emojis", Public, instance::custom_emojis),
        read(MISSING_AVATAR, Public, missing::avatar).costs(Budget::Free),
        read(MISSING_HEADER, Public, missing::header).costs(Budget::Free),
        read("/api/v1/annual_reports", User(&["read:accounts"]), off::annual_reports),
        read("/api/v1/annual_reports/{year}", User(&["read:accounts"]), off::annual_report),
        read("/api/v1/annual_reports/{year}/state", User(&["read:accounts"]), off::annual_report_state),
        send("/api/v1/annual_reports/{year}/read", User(&["write:accounts"]), off::annual_report),
        send("/api/v1/annual_reports/{year}/generate", User(&["write:accounts"]), off::annual_report),
        read("/api/v1/donation_campaigns", User(&[]), off::donation_campaigns),
        send("/api/v1/accounts/{id}/email_subscriptions", Public, off::email_subscriptions),
        read("/api/v1/accounts/{id}/identity_proofs", User(&[]), off::identity_proofs),
        read("/api/proofs", Public, off::proofs),
        read("/api/v1/announcements", User(&[]), announcements::list),
        send("/api/v1/announcements/{id}/dismiss", User(&["write:accounts"]), announcements::dismiss),
        replace(
            "/api/v1/announcements/{id}/reactions/{name}",
            User(&["write:favourites"]),
            announcements::react,
        ),
        remove(
            "/api/v1/announcements/{id}/reactions/{name}",
            User(&["write:favourites"]),
            announcements::unreact,
        ),
        read("/api/v1/instance/domain_blocks", Optional(&[]), instance::domain_blocks),
        read("/api/v1/instance/privacy_policy", Public, instance::privacy_policy),
        read("/api/v1/instance/terms_of_service", Public, instance::terms),
        read("/api/v1/instance/terms_of_service/{date}", Public, instance::terms_of),
    ]
}
