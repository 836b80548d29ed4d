//! `GET /.well-known/oauth-authorization-server`: what clients can expect (RFC 8414). `code_challenge_methods_supported` turns PKCE on in them.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_model::scope::KNOWN;
use serde_json::{Value, json};

/// The document.
pub async fn metadata(State(town): State<Town>) -> Json<Value> {
    let urls = town.urls();
    Json(json!({
        "issuer": urls.page("/"),
        "service_documentation": "https://docs.joinmastodon.org/",
        "authorization_endpoint": urls.page("/oauth/authorize"),
        "token_endpoint": urls.page("/oauth/token"),
        "userinfo_endpoint": urls.page("/oauth/userinfo"),
        "revocation_endpoint": urls.page("/oauth/revoke"),
        "introspection_endpoint": urls.page("/oauth/introspect"),
        "app_registration_endpoint": urls.page("/api/v1/apps"),
        "scopes_supported": KNOWN,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
    }))
}
