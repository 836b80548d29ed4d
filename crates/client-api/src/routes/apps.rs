//! Client programs: registering one, and asking what one is.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::oauth::OAuthError;
use parvis_domain::oauth::apps::{self, NewApp};
use serde::Deserialize;

use crate::auth::Program;
use crate::body::Params;
use crate::entities::application::{Application, CredentialApplication};
use crate::error::{ApiError, ApiResult};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    client_name: String,
    redirect_uris: Vec<String>,
    scopes: Option<String>,
    website: Option<String>,
}

pub(crate) async fn create(
    State(town): State<Town>,
    Params(wanted): Params<Wanted>,
) -> ApiResult<Json<CredentialApplication>> {
    let new = NewApp {
        name: wanted.client_name,
        redirect_uris: wanted.redirect_uris,
        scopes: wanted.scopes,
        website: wanted.website,
    };
    let registered =
        town.db().write(move |tx| apps::register(tx, &new)).await?.map_err(|error| sentence(error))?;
    Ok(Json(CredentialApplication::of(&registered)))
}

/// Mastodon answers this one in the shape of the API, not in that of OAuth.
fn sentence(error: OAuthError) -> ApiError {
    let text = match error {
        OAuthError::InvalidRedirect => "Validation failed: Redirect URI must be an absolute URI.",
        OAuthError::InvalidScope => "Validation failed: Scopes doesn't match configured on the server.",
        other => other.description(),
    };
    ApiError::Unreadable(text.to_owned())
}

pub(crate) async fn verify_credentials(
    State(town): State<Town>,
    Program(grant): Program,
) -> ApiResult<Json<Application>> {
    let app = town.db().read(move |c| apps::by_id(c, grant.app)).await?;
    Ok(Json(Application::of(&app)))
}
