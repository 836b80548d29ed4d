//! Networks that administrators shut out entirely get no answer but 403, whatever they ask for. The list is `domain::barriers::networks`.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use parvis_domain::Town;
use parvis_domain::barriers::networks;
use parvis_domain::outside::ClientIp;
use parvis_model::barrier::NetworkSeverity;

/// Whether nobody is let in from an address.
pub async fn is_barred(town: &Town, ClientIp(ip): ClientIp) -> bool {
    match networks::of(town, ip).await {
        Ok(severity) => severity == Some(NetworkSeverity::NoAccess),
        // A database that does not answer says so where it is asked for something.
        Err(error) => {
            tracing::warn!(%error, "the blocked networks cannot be read");
            false
        }
    }
}

/// What they hear.
pub fn answer() -> impl IntoResponse {
    (StatusCode::FORBIDDEN, "Your network cannot reach this town.\n")
}
