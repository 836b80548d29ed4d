//! Application, CredentialApplication, Token. Sources: <https://docs.joinmastodon.org/entities/Application/>,
//! <https://docs.joinmastodon.org/entities/Token/>.

use parvis_model::ids::AppId;
use parvis_model::time::Moment;
use serde::Serialize;

/// A registered client program.
#[derive(Clone, Debug, Serialize)]
pub struct Application {
    pub id: AppId,
    pub name: String,
    pub website: Option<String>,
    pub scopes: Vec<String>,
    pub redirect_uris: Vec<String>,
    /// The old field: one per line.
    pub redirect_uri: String,
    /// The town's key for push services: the same for every program.
    pub vapid_key: String,
}

impl Application {
    /// Renders a program; `redirect_uris` has one address per line, `scopes` are separated by blanks.
    #[must_use]
    pub fn of(
        id: AppId,
        name: &str,
        website: Option<&str>,
        redirect_uris: &str,
        scopes: &str,
        vapid_key: String,
    ) -> Self {
        Self {
            id,
            name: name.to_owned(),
            website: website.map(str::to_owned),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            redirect_uris: redirect_uris.lines().map(str::to_owned).collect(),
            redirect_uri: redirect_uris.to_owned(),
            vapid_key,
        }
    }
}

/// A program that was just registered: the only time that its secret is told.
#[derive(Clone, Debug, Serialize)]
pub struct CredentialApplication {
    #[serde(flatten)]
    pub application: Application,
    pub client_id: String,
    pub client_secret: String,
    /// 0: never.
    pub client_secret_expires_at: u8,
}

/// A bearer token that was just issued.
#[derive(Clone, Debug, Serialize)]
pub struct Token {
    access_token: String,
    token_type: &'static str,
    scope: String,
    /// Seconds: a number, not a date.
    created_at: i64,
}

impl Token {
    /// Renders a token.
    #[must_use]
    pub fn of(access_token: String, scope: String, created_at: Moment) -> Self {
        Self { access_token, token_type: "Bearer", scope, created_at: created_at.seconds() }
    }
}
