//! What a device is told of a notification: Mastodon's words in Mastodon's shape, encrypted and addressed. The form of the request is RFC 8030;
//! sending it is `outside::Remote::push`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parvis_i18n::{Language, Value, Words};
use parvis_model::notification::NotificationKind;
use parvis_store::push::Subscription;
use serde_json::json;
use url::Url;

use super::encrypt::{DeviceKeys, encrypt};
use super::purpose;
use super::vapid::Vapid;
use crate::Town;
use crate::error::{Error, Result};
use crate::outside::PushRequest;

/// Seconds for which a push service keeps a message for a device that is off: two days, as Mastodon.
pub const KEPT_FOR_SECONDS: i64 = 48 * 3_600;
/// Characters of the text shown.
const TEXT_MAX: usize = 140;
/// Characters of a name shown.
const NAME_MAX: usize = 60;
/// Letters of a topic (RFC 8030 §5.4: at most 32).
const TOPIC: usize = 32;

/// What there is to tell.
#[derive(Clone, Debug)]
pub struct Told {
    /// The notification's id.
    pub id: i64,
    /// Its kind.
    pub kind: NotificationKind,
    /// The name of who did it.
    pub name: String,
    /// The address of their picture.
    pub icon: String,
    /// The post's warning or text, or what somebody says of themselves; plain text.
    pub text: String,
    /// The owner's language.
    pub locale: String,
}

/// The key of the sentence that is a message's title.
fn title_key(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Mention => "push-mention",
        NotificationKind::Status => "push-status",
        NotificationKind::Reblog => "push-reblog",
        NotificationKind::Follow => "push-follow",
        NotificationKind::FollowRequest => "push-follow-request",
        NotificationKind::Favourite => "push-favourite",
        NotificationKind::Poll => "push-poll",
        NotificationKind::Update => "push-update",
        NotificationKind::Quote => "push-quote",
        NotificationKind::QuotedUpdate => "push-quoted-update",
        NotificationKind::SeveredRelationships => "push-severed-relationships",
        NotificationKind::ModerationWarning => "push-moderation-warning",
        NotificationKind::AdminSignUp => "push-admin-sign-up",
        NotificationKind::AdminReport => "push-admin-report",
    }
}

impl Told {
    /// As the program on the device reads it.
    fn to_json(&self, bearer: &str) -> String {
        let language = Language::from_code(&self.locale).unwrap_or(Language::En);
        let name = parvis_text::sanitise::one_line(&self.name, NAME_MAX);
        let title = Words::text(language, title_key(self.kind), &[("name", Value::from(name))]);
        json!({
            "access_token": bearer,
            "preferred_locale": self.locale,
            "notification_id": self.id,
            "notification_type": self.kind.as_str(),
            "icon": self.icon,
            "title": title,
            "body": parvis_text::sanitise::one_line(&self.text, TEXT_MAX),
        })
        .to_string()
    }
}

/// The request that tells a device.
///
/// # Errors
/// Internal.
pub fn request(town: &Town, device: &Subscription, told: &Told) -> Result<PushRequest> {
    let broken = || Error::internal("a push subscription cannot be read");
    let endpoint = Url::parse(&device.endpoint).map_err(|_| broken())?;
    let keys = DeviceKeys::parse(&device.p256dh, &device.auth).ok_or_else(broken)?;
    let bearer = town.secrets().open(&purpose(device.id), &device.token_sealed)?;
    let bearer = String::from_utf8(bearer).map_err(|_| broken())?;
    let made = encrypt(&**town.random(), &keys, told.to_json(&bearer).as_bytes(), device.is_standard)?;
    let vapid = Vapid::of(town.secrets())?;
    let subject = match &town.settings().town.contact_email {
        Some(email) => format!("mailto:{email}"),
        None => town.urls().base().to_owned(),
    };
    let signed = vapid.sign(&endpoint.origin().ascii_serialization(), &subject, town.now())?;
    let topic: String = town.secrets().mark("push topic", &told.id.to_string()).chars().take(TOPIC).collect();
    let mut headers = vec![
        ("content-type", "application/octet-stream".to_owned()),
        ("ttl", KEPT_FOR_SECONDS.to_string()),
        ("urgency", "normal".to_owned()),
        // A message that is sent twice because an answer got lost replaces the first.
        ("topic", topic),
    ];
    match &made.beside {
        None => {
            headers.push(("content-encoding", "aes128gcm".to_owned()));
            headers.push(("authorization", format!("vapid t={signed},k={}", vapid.public_key())));
        }
        Some(beside) => {
            let [salt, public] = [&beside.salt, &beside.public].map(|b| URL_SAFE_NO_PAD.encode(b));
            headers.push(("content-encoding", "aesgcm".to_owned()));
            headers.push(("encryption", format!("salt={salt}")));
            headers.push(("crypto-key", format!("dh={public};p256ecdsa={}", vapid.public_key())));
            headers.push(("authorization", format!("WebPush {signed}")));
        }
    }
    Ok(PushRequest { endpoint, headers, body: made.body.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_words_for_every_kind_in_every_language() {
        for kind in NotificationKind::ALL {
            for language in [Language::En, Language::Fr] {
                assert!(Words::has(language, title_key(kind)), "{kind:?}");
            }
        }
    }

    #[test]
    fn the_longest_message_fits_into_one_record() {
        let told = Told {
            id: i64::MAX,
            kind: NotificationKind::ModerationWarning,
            name: "\u{1F3DB}".repeat(500),
            icon: "x".repeat(2_048),
            text: "\u{1F3DB}".repeat(5_000),
            locale: "fr".to_owned(),
        };
        let text = told.to_json(&"t".repeat(43));
        assert!(text.len() <= super::super::encrypt::PLAIN_MAX, "{}", text.len());
    }
}
