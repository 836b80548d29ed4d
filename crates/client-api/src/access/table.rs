//! The table. One line per route, grouped by noun; scopes as in Mastodon's documentation.

use super::{Access, Route, get, post};
use crate::limits::Costly;
use crate::{oauth, routes};

/// All routes of this door.
pub(super) fn routes() -> Vec<Route> {
    use Access::{App, AppWith, Public};
    vec![
        // Tokens.
        post("/oauth/token", Public, oauth::token::create),
        post("/oauth/revoke", Public, oauth::revoke::revoke),
        post("/oauth/introspect", Public, oauth::revoke::introspect),
        get("/.well-known/oauth-authorization-server", Public, oauth::metadata::show),
        // Programs.
        post("/api/v1/apps", Public, routes::apps::create).costly(Costly::Register),
        get("/api/v1/apps/verify_credentials", App, routes::apps::verify_credentials),
        // Opening an account.
        post("/api/v1/accounts", AppWith("write:accounts"), routes::sign_up::create).costly(Costly::SignUp),
    ]
}
