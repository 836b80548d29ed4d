//! Application and CredentialApplication.

use parvis_domain::oauth::apps::{self, Registered};
use parvis_domain::rows::App;
use serde::Serialize;

/// A client program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Application {
    id: String,
    name: String,
    website: Option<String>,
    scopes: Vec<&'static str>,
    /// All in one text, as before 4.3.
    redirect_uri: String,
    redirect_uris: Vec<String>,
    /// Web push is not there yet; clients expect the field.
    vapid_key: &'static str,
}

impl Application {
    /// Of a row. Never the secret.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self {
            id: app.id.to_string(),
            name: app.name.clone(),
            website: app.website.clone(),
            scopes: apps::scopes(app).iter().collect(),
            redirect_uri: app.redirect_uris.clone(),
            redirect_uris: apps::redirect_uris(app).map(str::to_owned).collect(),
            vapid_key: "",
        }
    }
}

/// A client program that was just registered, with its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CredentialApplication {
    #[serde(flatten)]
    application: Application,
    client_id: String,
    client_secret: String,
    /// 0: never.
    client_secret_expires_at: i64,
}

impl CredentialApplication {
    /// Of what was registered.
    #[must_use]
    pub fn of(registered: &Registered) -> Self {
        Self {
            application: Application::of(&registered.app),
            client_id: registered.app.client_id.clone(),
            client_secret: registered.secret.clone(),
            client_secret_expires_at: 0,
        }
    }
}
