//! What the town says of itself. Source: <https://docs.joinmastodon.org/methods/instance/>.

use axum::Json;
use axum::extract::State;
use parvis_domain::push::vapid::Vapid;
use parvis_domain::{Town, emojis, figures};
use parvis_model::languages::LANGUAGES;
use serde_json::{Value, json};

use crate::entities::{CustomEmoji, instance as v2, instance_v1 as v1};
use crate::error::Result;

/// Where this program's source is (AGPL §13).
const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");

/// `GET /api/v2/instance`.
pub async fn show(State(town): State<Town>) -> Result<Json<Value>> {
    let figures = town.db().read(figures::count).await?;
    let push_key = Vapid::of(town.secrets())?.public_key();
    Ok(Json(v2::instance(town.settings(), figures, SOURCE, &push_key, town.urls())))
}

/// `GET /api/v1/instance`.
pub async fn show_v1(State(town): State<Town>) -> Result<Json<Value>> {
    let figures = town.db().read(figures::count).await?;
    Ok(Json(v1::instance(town.settings(), figures, town.urls())))
}

/// `GET /api/v1/instance/rules`.
pub async fn rules(State(town): State<Town>) -> Json<Vec<Value>> {
    Json(v2::rules(town.settings()))
}

/// `GET /api/v1/instance/extended_description`.
pub async fn extended_description(State(town): State<Town>) -> Json<Value> {
    let html = parvis_text::sanitise::html(&format!("<p>{}</p>", town.settings().town.description));
    Json(json!({ "updated_at": Value::Null, "content": html }))
}

/// `GET /api/v1/instance/translation_languages`: nothing is translated here.
pub async fn translation_languages() -> Json<Value> {
    Json(json!({}))
}

/// `GET /api/v1/custom_emojis`.
pub async fn custom_emojis(State(town): State<Town>) -> Result<Json<Vec<CustomEmoji>>> {
    let rows = town.db().read(emojis::list).await?;
    Ok(Json(CustomEmoji::all(&rows, town.urls())))
}

/// `GET /api/v1/instance/languages`: those in which posts can be written.
pub async fn languages() -> Json<Vec<Value>> {
    Json(LANGUAGES.iter().map(|(code, name)| json!({ "code": code, "name": name })).collect())
}

/// `GET /api/v1/instance/activity`: the last twelve weeks, every value a string, as Mastodon has it.
pub async fn activity(State(town): State<Town>) -> Result<Json<Vec<Value>>> {
    let weeks = town.db().read(figures::activity).await?;
    let shown = |week: &figures::Week| {
        json!({
            "week": week.week.seconds().to_string(),
            "statuses": week.statuses.to_string(),
            "logins": week.logins.to_string(),
            "registrations": week.registrations.to_string(),
        })
    };
    Ok(Json(weeks.iter().map(shown).collect()))
}
