//! Client programs: registering one, and what a token's program is. Source: <https://docs.joinmastodon.org/methods/apps/>.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::oauth::apps::{self, NewApp};
use parvis_domain::push::vapid::Vapid;
use parvis_domain::rows::App;

use crate::body::Params;
use crate::entities::application::{Application, CredentialApplication};
use crate::error::{ApiError, Result};
use crate::extract::Token;

/// `POST /api/v1/apps`. `redirect_uris` is a list, or a text with one address per line.
pub async fn register(State(town): State<Town>, params: Params) -> Result<Json<CredentialApplication>> {
    let new = NewApp {
        name: params.text("client_name")?.unwrap_or_default(),
        redirect_uris: params.list("redirect_uris")?,
        scopes: params.text("scopes")?,
        website: params.text("website")?,
    };
    let registered = town
        .db()
        .write(move |tx| apps::register(tx, &new))
        .await?
        .map_err(|e| ApiError::invalid(e.description()))?;
    Ok(Json(CredentialApplication {
        application: application(&town, &registered.app)?,
        client_id: registered.app.client_id,
        client_secret: registered.secret,
        client_secret_expires_at: 0,
    }))
}

/// `GET /api/v1/apps/verify_credentials`: any token that is in force; never the secret.
pub async fn verify(State(town): State<Town>, Token(grant): Token) -> Result<Json<Application>> {
    let app = town.db().read(move |c| apps::by_id(c, grant.app)).await?;
    Ok(Json(application(&town, &app)?))
}

fn application(town: &Town, app: &App) -> Result<Application> {
    let key = Vapid::of(town.secrets())?.public_key();
    Ok(Application::of(app.id, &app.name, app.website.as_deref(), &app.redirect_uris, &app.scopes, key))
}
