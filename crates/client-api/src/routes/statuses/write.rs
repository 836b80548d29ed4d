//! Writing posts: publish, edit, delete. The rules are `domain::statuses`'s.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use parvis_domain::statuses::{self, Draft, Edit, fetch_mentioned};
use parvis_domain::{Error, Town, access, accounts, media, scheduled_statuses, views};
use parvis_model::ids::{MediaId, StatusId};
use parvis_model::media::Focus;
use parvis_model::quote::QuotePolicy;
use parvis_model::status::language_tag;
use parvis_model::visibility::Visibility;

use super::quote::quote_policy;
use super::{answer, shown};
use crate::body::Params;
use crate::entities::Status;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me, Token};
use crate::routes::media::details;
use crate::routes::{polls, scheduled_statuses as scheduled};

/// Characters of an `Idempotency-Key` that the table keeps.
const KEY_MAX: usize = 200;

/// `POST /api/v1/statuses`: a post, or with `scheduled_at` one that waits. The same `Idempotency-Key` gives the same post.
pub async fn publish(
    State(town): State<Town>,
    Me(me): Me,
    Token(grant): Token,
    headers: HeaderMap,
    params: Params,
) -> Result<Response> {
    let login = town.db().glance(move |c| accounts::find::login(c, me)).await?;
    let draft = Draft {
        text: params.text("status")?.unwrap_or_default(),
        warning: params.text("spoiler_text")?.unwrap_or_default(),
        is_sensitive: params.flag("sensitive")?.unwrap_or(login.default_sensitive),
        language: language(&params)?.or(login.default_language),
        visibility: visibility(&params)?.unwrap_or(Visibility::from_code(login.default_visibility)),
        in_reply_to: params.id("in_reply_to_id")?,
        quoted: params.id("quoted_status_id")?,
        quote_policy: quote_policy(&params, "quote_approval_policy")?,
        media: params.all_ids("media_ids")?,
        poll: polls::draft(&params)?,
        idempotency_key: idempotency_key(&headers)?,
        app: Some(grant.app),
        scheduled: None,
    };
    if let Some(at) = scheduled::time(&params)? {
        let id = town.db().write(move |tx| scheduled_statuses::schedule(tx, me, &draft, at)).await?;
        return Ok(scheduled::shown(&town, me, id).await?.into_response());
    }
    fetch_mentioned(&town, &draft.text).await?;
    let draft = Draft {
        quote_policy: draft
            .quote_policy
            .or_else(|| Some(QuotePolicy::from_default(login.default_quote_policy))),
        ..draft
    };
    let (id, parts) = town.db().write(move |tx| statuses::publish_whole(tx, me, &draft)).await?;
    let view = town.db().read_page(move |c| views::of_published(c, me, id, parts.clone())).await?;
    let view = view.ok_or(Error::NotFound)?;
    let done = Json(Status::of(&view, Some(me), town.urls()));
    Ok(done.into_response())
}

/// Refused rather than cut: two long keys that begin alike would give the same post, and the second one would be lost.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>> {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).filter(|key| !key.is_empty());
    match key {
        Some(key) if key.len() > KEY_MAX => Err(ApiError::invalid("Idempotency-Key is too long")),
        key => Ok(key.map(str::to_owned)),
    }
}

/// `PUT /api/v1/statuses/:id`. What is not sent stays as it is; visibility never changes.
pub async fn edit(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<StatusId>,
    params: Params,
) -> Result<Json<Status>> {
    let media = if params.has("media_ids") { Some(params.all_ids("media_ids")?) } else { None };
    let edit = Edit {
        text: params.text("status")?,
        warning: params.text("spoiler_text")?,
        is_sensitive: params.flag("sensitive")?,
        language: language(&params)?,
        media,
        quote_policy: quote_policy(&params, "quote_approval_policy")?,
        poll: if params.has("poll") { Some(polls::draft(&params)?) } else { None },
        media_details: media_details(&params)?,
    };
    // Whose post it is comes first: nobody makes us ask other servers through a post of somebody else.
    town.db().read(move |c| statuses::source(c, me, id)).await?;
    if let Some(text) = &edit.text {
        fetch_mentioned(&town, text).await?;
    }
    answer(&town, me, move |tx| statuses::edit(tx, me, id, &edit).map(|_| id), shown).await
}

/// A picture's new description and focal point.
type MediaDetails = (MediaId, Option<String>, Option<Focus>);

fn media_details(params: &Params) -> Result<Vec<MediaDetails>> {
    let mut found = Vec::new();
    for row in params.rows("media_attributes") {
        let Some(id) = row.id("id")? else { continue };
        let details = details(&row)?;
        found.push((id, details.description, details.focus));
    }
    Ok(found)
}

/// `DELETE /api/v1/statuses/:id`: answers with what was typed and the pictures, which wait a day for a new post unless `delete_media`.
pub async fn delete(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<StatusId>,
    params: Params,
) -> Result<Json<Status>> {
    let deletes_media = params.flag("delete_media")?.unwrap_or(false);
    let (view, source, files) = town
        .db()
        .write(move |tx| {
            let row = access::own_status(tx, me, id)?;
            if row.boost_of_id.is_some() {
                let view = views::of_taken_back(tx, me, id)?;
                statuses::unboost(tx, me, id)?;
                return Ok((view, row.source, Vec::new()));
            }
            let view = shown(tx, me, id)?;
            statuses::delete(tx, me, id)?;
            let mut files = Vec::new();
            if deletes_media {
                for picture in view.media.iter() {
                    files.extend(media::remove(tx, me, picture.id)?);
                }
            }
            Ok::<_, parvis_domain::Error>((view, row.source, files))
        })
        .await?;
    media::discard(&town, files).await;
    let mut status = Status::of(&view, Some(me), town.urls());
    status.passing.text = Some(source);
    Ok(Json(status))
}

/// `visibility`, in Mastodon's words.
///
/// # Errors
/// 422 when it is none.
pub fn visibility(params: &Params) -> Result<Option<Visibility>> {
    match params.word("visibility")? {
        Some(word) => {
            Visibility::parse(&word).map(Some).ok_or_else(|| ApiError::invalid("visibility is none of ours"))
        }
        None => Ok(None),
    }
}

pub fn language(params: &Params) -> Result<Option<String>> {
    match params.word("language")? {
        Some(word) => {
            language_tag(&word).map(Some).ok_or_else(|| ApiError::invalid("language is not an ISO 639 code"))
        }
        None => Ok(None),
    }
}
