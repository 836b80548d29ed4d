//! Figures for staff. Sources: <https://docs.joinmastodon.org/methods/admin/measures/>, `…/dimensions/`, `…/retention/`. Numbers are texts, as there.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::moderation::measures::{self, Frequency, Period, Question};
use parvis_model::time::Moment;
use serde_json::{Value, json};

use crate::body::Params;
use crate::error::{ApiError, Result};
use crate::extract::Me;

/// A day as clients send it: a date or an instant.
fn moment(params: &Params, name: &str) -> Result<Moment> {
    let text = params.word(name)?.ok_or_else(|| ApiError::invalid(format!("{name} is missing")))?;
    let text = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text };
    Moment::parse_rfc3339(&text).ok_or_else(|| ApiError::invalid(format!("{name} is not a date")))
}

fn period(params: &Params) -> Result<Period> {
    Ok(Period::of(moment(params, "start_at")?, moment(params, "end_at")?)?)
}

/// The keys, and for some of them `key[domain]` or `key[id]`.
fn question(params: &Params) -> Result<Question> {
    let mut question = Question { keys: params.list("keys")?, ..Question::default() };
    for key in question.keys.clone() {
        let Some(under) = params.under(&key) else { continue };
        if let Some(host) = under.word("domain")? {
            question.hosts.insert(key.clone(), host.to_lowercase());
        }
        if let Some(tag) = under.id("id")? {
            question.tags.insert(key, tag);
        }
    }
    Ok(question)
}

fn day(at: Moment) -> String {
    format!("{}T00:00:00.000Z", at.to_date())
}

/// `POST /api/v1/admin/measures`.
pub async fn measures(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Vec<Value>>> {
    let (period, question) = (period(&params)?, question(&params)?);
    let found = town.db().read(move |c| measures::measures(c, me, &question, period)).await?;
    let shown = found.iter().map(|m| {
        let data: Vec<Value> =
            m.days.iter().map(|(at, n)| json!({ "date": day(*at), "value": n.to_string() })).collect();
        json!({
            "key": m.key, "unit": Value::Null, "total": m.total.to_string(),
            "previous_total": m.previous_total.to_string(), "data": data,
        })
    });
    Ok(Json(shown.collect()))
}

/// `POST /api/v1/admin/dimensions`.
pub async fn dimensions(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Vec<Value>>> {
    let (period, question) = (period(&params)?, question(&params)?);
    let limit = params.number("limit")?.unwrap_or(10);
    let found = town.db().read(move |c| measures::dimensions(c, me, &question, period, limit)).await?;
    let own = town.urls().domain().to_owned();
    let shown = found.iter().map(|d| {
        let data: Vec<Value> = d
            .shares
            .iter()
            .map(|(name, n)| {
                // The town itself has no name among servers.
                let is_own = name.is_empty() && d.key.ends_with("servers");
                let name = if is_own { own.as_str() } else { name };
                json!({ "key": name, "human_key": name, "value": n.to_string() })
            })
            .collect();
        json!({ "key": d.key, "data": data })
    });
    Ok(Json(shown.collect()))
}

/// `POST /api/v1/admin/retention`.
pub async fn retention(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Vec<Value>>> {
    let period = period(&params)?;
    let (frequency, word) = match params.word("frequency")?.as_deref() {
        Some("day") | None => (Frequency::Day, "day"),
        Some("month") => (Frequency::Month, "month"),
        Some(_) => return Err(ApiError::invalid("frequency is neither day nor month")),
    };
    let found = town.db().read(move |c| measures::retention(c, me, period, frequency)).await?;
    let at = |part: &str| format!("{part}T00:00:00.000Z");
    let shown = found.iter().map(|cohort| {
        let data: Vec<Value> = cohort
            .stayed
            .iter()
            .map(|(part, n, rate)| json!({ "date": at(part), "rate": rate, "value": n.to_string() }))
            .collect();
        json!({ "period": at(&cohort.part), "frequency": word, "data": data })
    });
    Ok(Json(shown.collect()))
}
