//! Posts in other languages. Sources: <https://docs.joinmastodon.org/methods/statuses/#translate>,
//! <https://docs.joinmastodon.org/methods/instance/#translation_languages>.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use parvis_domain::known_languages::Pairs;
use parvis_domain::{Error, Town, translations};
use parvis_model::ids::StatusId;

use crate::body::Params;
use crate::entities::translation::Translation;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Viewer};

/// `GET /api/v1/instance/translation_languages`: empty when nothing is translated here.
pub async fn languages(State(town): State<Town>) -> Result<Json<Pairs>> {
    let pairs = translations::languages(&town).await.map_err(unavailable)?;
    Ok(Json(Pairs::clone(&pairs)))
}

/// `POST /api/v1/statuses/:id/translate`, into `lang` or the town's first language.
pub async fn translate(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
    params: Params,
) -> Result<Json<Translation>> {
    let own = town.settings().town.languages.first().cloned();
    let to = params.word("lang")?.or(own).unwrap_or_default();
    let made = translations::translate(&town, viewer, id, &to).await.map_err(unavailable)?;
    Ok(Json(made.into()))
}

/// A service that does not answer is 503 here, as with Mastodon.
fn unavailable(error: Error) -> ApiError {
    match error {
        Error::Remote(text) => {
            tracing::warn!(%text, "the translation service did not answer as it should");
            let sentence = "There was an unexpected issue with the translation service.";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, sentence)
        }
        other => other.into(),
    }
}
