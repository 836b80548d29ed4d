//! WebPushSubscription. Source: <https://docs.joinmastodon.org/entities/WebPushSubscription/>.

use parvis_domain::push::Subscription;
use parvis_model::ids::PushId;
use parvis_model::push::{Alerts, PUSHED};
use serde::Serialize;
use serde_json::{Map, Value};

/// Where a device is told of notifications.
#[derive(Clone, Debug, Serialize)]
pub struct WebPushSubscription {
    id: PushId,
    endpoint: String,
    standard: bool,
    alerts: Map<String, Value>,
    policy: String,
    server_key: String,
}

impl WebPushSubscription {
    /// Renders a subscription.
    #[must_use]
    pub fn of(row: &Subscription, server_key: String) -> Self {
        let wanted = Alerts::parse(&row.alerts);
        let alerts = PUSHED.iter().map(|k| (k.as_str().to_owned(), Value::Bool(wanted.want(*k)))).collect();
        Self {
            id: row.id,
            endpoint: row.endpoint.clone(),
            standard: row.is_standard,
            alerts,
            policy: row.policy.clone(),
            server_key,
        }
    }
}
