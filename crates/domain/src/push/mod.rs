//! Web push: where the devices of people are told of notifications, and of which. One subscription per bearer token; it ends with the token.
//!
//! Messages are encrypted for the device ([`encrypt`]) and signed with the town's key ([`vapid`]); the push service in between reads neither. A
//! notification leaves a job per device (`enqueue`); the job is `jobs::push`, the client is `federation`'s.

pub mod encrypt;
pub mod message;
pub mod vapid;

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use parvis_model::event::Event;
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, NotificationId, PushId, TokenId};
use parvis_model::notification::NotificationKind;
use parvis_model::push::{Alerts, PushPolicy};
use parvis_model::refusal::Refusal;
pub use parvis_store::push::Subscription;
use parvis_store::{Conn, Tx, follows, jobs, push as rows};
use url::Url;

use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;

/// The job that tells a device of a notification: `[subscription, notification, failures]`.
pub const DELIVER: &str = "push.deliver";
/// Bytes of an endpoint (threats F6).
const ENDPOINT_MAX: usize = 2_048;
/// Devices of one account; the oldest make way.
const DEVICES_MAX: i64 = 30;

/// What a client program asks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Where the push service takes messages for the device.
    pub endpoint: String,
    /// The device's public key, base64url.
    pub p256dh: String,
    /// The device's secret, base64url.
    pub auth: String,
    /// RFC 8291 and 8292; else the drafts before them.
    pub is_standard: bool,
    /// Of which kinds.
    pub alerts: Alerts,
    /// Of whom.
    pub policy: PushPolicy,
}

/// Subscribes a token's device; an earlier subscription of the token is replaced. `bearer` is the token itself: programs with several accounts
/// know by it whose message it is.
///
/// # Errors
/// [`Refusal::PushUnusable`] for an address or keys that cannot be used.
pub fn subscribe(
    tx: &mut Tx<'_>,
    account: AccountId,
    token: TokenId,
    bearer: &str,
    wanted: &Wanted,
) -> Result<Subscription> {
    let context = tx.context()?;
    let may_be_http = context.settings.development || context.settings.origin().scheme() == "http";
    let endpoint = checked_endpoint(&wanted.endpoint, may_be_http, |url| context.urls.is_ours(url))?;
    let keys = encrypt::DeviceKeys::parse(&wanted.p256dh, &wanted.auth)
        .ok_or(Error::field("subscription", Refusal::PushUnusable))?;
    rows::delete_of_token(tx, token)?;
    let id = PushId(tx.new_id());
    let row = Subscription {
        id,
        token_id: token,
        account_id: account,
        endpoint,
        p256dh: URL_SAFE_NO_PAD.encode(keys.public),
        auth: URL_SAFE_NO_PAD.encode(keys.auth),
        is_standard: wanted.is_standard,
        alerts: wanted.alerts.to_string(),
        policy: wanted.policy.as_str().to_owned(),
        token_sealed: context.secrets.seal(&purpose(id), bearer.as_bytes())?,
        created_at: tx.now(),
    };
    rows::insert(tx, &row)?;
    let kept = rows::in_force_of_account(tx, account, DEVICES_MAX)?;
    if let Some(oldest) = kept.last() {
        rows::delete_older_than(tx, account, oldest.id)?;
    }
    Ok(row)
}

/// What a bearer token is sealed for.
pub(crate) fn purpose(id: PushId) -> String {
    format!("push {id}")
}

/// The address as it is called: https, a host that is not ours, no password in it. Which hosts may be reached is decided by the guard of the
/// HTTP client, at each message (threats F1, F6).
fn checked_endpoint(text: &str, may_be_http: bool, is_ours: impl Fn(&Url) -> bool) -> Result<String> {
    let unusable = || Error::field("endpoint", Refusal::PushUnusable);
    if text.len() > ENDPOINT_MAX {
        return Err(unusable());
    }
    let url = Url::parse(text.trim()).map_err(|_| unusable())?;
    let is_secure = url.scheme() == "https" || (may_be_http && url.scheme() == "http");
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    if !is_secure || has_credentials || url.host().is_none() || is_ours(&url) {
        return Err(unusable());
    }
    let text = url.to_string();
    if text.len() > ENDPOINT_MAX { Err(unusable()) } else { Ok(text) }
}

/// The subscription of a token.
///
/// # Errors
/// [`Error::NotFound`].
pub fn of_token(c: &mut Conn, token: TokenId) -> Result<Subscription> {
    rows::of_token(c, token)?.or_not_found()
}

/// Changes of what a token's device is told. `None` leaves it as it is.
///
/// # Errors
/// [`Error::NotFound`].
pub fn change(
    tx: &mut Tx<'_>,
    token: TokenId,
    alerts: Option<&Alerts>,
    policy: Option<PushPolicy>,
) -> Result<Subscription> {
    let mut row = rows::of_token(tx, token)?.or_not_found()?;
    if let Some(alerts) = alerts {
        row.alerts = alerts.to_string();
    }
    if let Some(policy) = policy {
        policy.as_str().clone_into(&mut row.policy);
    }
    rows::save(tx, &row)?;
    Ok(row)
}

/// Ends the subscription of a token. None is no error.
///
/// # Errors
/// Internal.
pub fn unsubscribe(tx: &mut Tx<'_>, token: TokenId) -> Result<()> {
    Ok(rows::delete_of_token(tx, token)?)
}

/// Ends a subscription that the push service does not know any more.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>, id: PushId) -> Result<()> {
    Ok(rows::delete(tx, id)?)
}

/// Ends what revoked tokens subscribed to (threats A5). A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    if let Event::TokensRevoked { account } = event {
        rows::delete_revoked(tx, *account)?;
    }
    Ok(())
}

/// Puts a notification on its way to those of its owner's devices that want it.
///
/// # Errors
/// Internal.
pub(crate) fn enqueue(
    tx: &mut Tx<'_>,
    owner: AccountId,
    id: NotificationId,
    kind: NotificationKind,
    from: AccountId,
) -> Result<()> {
    let devices: Vec<(PushId, PushPolicy)> = rows::in_force_of_account(tx, owner, DEVICES_MAX)?
        .into_iter()
        .filter(|d| Alerts::parse(&d.alerts).want(kind))
        .filter_map(|d| Some((d.id, PushPolicy::parse(&d.policy)?)))
        .collect();
    if devices.is_empty() {
        return Ok(());
    }
    let mut ties = Vec::new();
    if devices.iter().any(|(_, p)| matches!(p, PushPolicy::Followed | PushPolicy::Follower)) {
        ties = follows::with(tx, owner, &[from])?;
        ties.retain(|f| f.state == FollowState::Accepted.code());
    }
    let now = tx.now();
    for (device, policy) in devices {
        let is_wanted = match policy {
            PushPolicy::All => true,
            PushPolicy::Followed => ties.iter().any(|f| f.follower_id == owner),
            PushPolicy::Follower => ties.iter().any(|f| f.followee_id == owner),
            PushPolicy::Nobody => false,
        };
        if is_wanted {
            let key = format!("{DELIVER}/{device}/{id}");
            jobs::enqueue(tx, DELIVER, &format!("[{device},{id},0]"), Some(&key), now)?;
            tx.notify("jobs", 0);
        }
    }
    Ok(())
}

/// Bytes from base64url with or without padding, as browsers and Android send them.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let text = text.replace('+', "-").replace('/', "_");
    URL_SAFE_NO_PAD.decode(&text).or_else(|_| URL_SAFE.decode(&text)).ok()
}

#[cfg(test)]
mod tests;
