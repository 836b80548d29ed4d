//! What the town says of itself. Source: <https://docs.joinmastodon.org/methods/instance/>.

use axum::Json;
use axum::extract::{Path, State};
use parvis_config::settings::ShownTo;
use parvis_domain::figures::{self, Figures};
use parvis_domain::push::vapid::Vapid;
use parvis_domain::views::AccountView;
use parvis_domain::{Error, Town, emojis, policy};
use parvis_model::languages::LANGUAGES;
use serde_json::{Value, json};

use crate::entities::domain_block::domain_block;
use crate::entities::{CustomEmoji, instance as v2, instance_v1 as v1};
use crate::error::{ApiError, Result};
use crate::extract::Viewer;

/// Where this program's source is (AGPL §13).
const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");

/// `GET /api/v2/instance`.
pub async fn show(State(town): State<Town>) -> Result<Json<Value>> {
    let (figures, contact) = seen(&town).await?;
    let push_key = Vapid::of(town.secrets())?.public_key();
    Ok(Json(v2::instance(
        town.settings(),
        town.recordings(),
        figures,
        contact.as_ref(),
        SOURCE,
        &push_key,
        town.urls(),
    )))
}

/// `GET /api/v1/instance`.
pub async fn show_v1(State(town): State<Town>) -> Result<Json<Value>> {
    let (figures, contact) = seen(&town).await?;
    Ok(Json(v1::instance(town.settings(), town.recordings(), figures, contact.as_ref(), town.urls())))
}

/// How large the town is, and whom to write to.
async fn seen(town: &Town) -> Result<(Figures, Option<AccountView>)> {
    let name = town.settings().town.contact_account.clone();
    Ok(town
        .db()
        .read(move |c| Ok::<_, Error>((figures::count(c)?, figures::contact(c, name.as_deref())?)))
        .await?)
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

/// `GET /api/v1/instance/domain_blocks`: for whom the settings say.
pub async fn domain_blocks(State(town): State<Town>, Viewer(viewer): Viewer) -> Result<Json<Vec<Value>>> {
    match town.settings().federation.show_domain_blocks {
        ShownTo::Everybody => {}
        ShownTo::Residents if viewer.is_some() => {}
        ShownTo::Residents => return Err(ApiError::unauthorized()),
        ShownTo::Nobody => return Err(ApiError::not_found()),
    }
    let rows = town.db().read(policy::public_list).await?;
    Ok(Json(rows.iter().map(domain_block).collect()))
}

/// Plain text of the settings → paragraphs.
fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let parts = text.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
    let html: String = parts.map(|p| format!("<p>{}</p>", p.replace('\n', "<br>"))).collect();
    parvis_text::sanitise::html(&html)
}

/// `GET /api/v1/instance/privacy_policy`. The settings do not say since when it stands.
pub async fn privacy_policy(State(town): State<Town>) -> Json<Value> {
    Json(json!({ "updated_at": Value::Null, "content": paragraphs(&town.settings().town.privacy_policy) }))
}

/// `GET /api/v1/instance/terms_of_service`: 404 when the settings have none.
pub async fn terms(State(town): State<Town>) -> Result<Json<Value>> {
    let own = &town.settings().town;
    if own.terms_of_service.trim().is_empty() {
        return Err(ApiError::not_found());
    }
    Ok(Json(json!({
        "effective_date": own.terms_of_service_date,
        "effective": own.terms_of_service_date.as_str() <= town.now().to_date().as_str(),
        "content": paragraphs(&own.terms_of_service),
        "succeeded_by": Value::Null,
    })))
}

/// `GET /api/v1/instance/terms_of_service/:date`: earlier terms are not kept.
pub async fn terms_of(State(town): State<Town>, Path(date): Path<String>) -> Result<Json<Value>> {
    if date != town.settings().town.terms_of_service_date {
        return Err(ApiError::not_found());
    }
    terms(State(town)).await
}

/// `GET /health`: that the process answers, as Mastodon says it. The operator's own addresses are `/healthz` and `/readyz`.
pub async fn health() -> Json<Value> {
    Json(json!({ "status": "OK" }))
}
