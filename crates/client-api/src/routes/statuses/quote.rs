//! Quotes of a post: who quotes it, who may, and taking one's consent back. Publishing a quote is in [`super::write`].

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use parvis_domain::views::{self, Place};
use parvis_domain::{Error, Town, Tx, access, quotes};
use parvis_model::ids::StatusId;
use parvis_model::quote::QuotePolicy;

use super::{answer, shown};
use crate::body::Params;
use crate::entities::Status;
use crate::error::{ApiError, Result};
use crate::extract::{Here, Id, Me, Viewer};
use crate::page::{Links, range};

/// `GET /api/v1/statuses/:id/quotes`: what the viewer may see of them. Ids are those of the quoting posts.
pub async fn list(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
    Here(here): Here,
    params: Params,
) -> Result<Response> {
    let range = range(&params, 20, 40)?;
    let (ids, page) = town
        .db()
        .read(move |c| {
            let ids = quotes::of_status(c, viewer, id, range)?;
            let page = views::of_statuses(c, viewer, &ids, Place::Elsewhere)?;
            Ok::<_, Error>((ids, page))
        })
        .await?;
    let urls = town.urls();
    let ends = ids.first().zip(ids.last()).map(|(first, last)| (first.0, last.0));
    Ok(Links::new(urls, &here).page(&Status::all(&page, viewer, urls), ends))
}

/// `POST /api/v1/statuses/:id/quotes/:quoting_status_id/revoke`: answers with the post that quoted.
pub async fn revoke(
    State(town): State<Town>,
    Me(me): Me,
    Path((quoted, quoting)): Path<(String, String)>,
) -> Result<Json<Status>> {
    let number = |text: String| text.parse::<StatusId>().map_err(|_| ApiError::not_found());
    let (quoted, quoting) = (number(quoted)?, number(quoting)?);
    let revoke = move |tx: &mut Tx<'_>| quotes::revoke(tx, me, quoted, quoting).map(|_| quoting);
    answer(&town, me, revoke, shown).await
}

/// `PUT /api/v1/statuses/:id/interaction_policy`.
pub async fn set_policy(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<StatusId>,
    params: Params,
) -> Result<Json<Status>> {
    // Whose post it is comes first: what is not theirs is not there, whatever they send.
    town.db().read(move |c| access::own_status(c, me, id)).await?;
    let policy = quote_policy(&params, "quote_approval_policy")?
        .ok_or_else(|| ApiError::invalid("quote_approval_policy is missing"))?;
    let set = move |tx: &mut Tx<'_>| quotes::set_policy(tx, me, id, policy).map(|_| id);
    answer(&town, me, set, shown).await
}

/// Who may quote, in Mastodon's words.
///
/// # Errors
/// 422 when it is none of them.
pub fn quote_policy(params: &Params, name: &str) -> Result<Option<QuotePolicy>> {
    match params.word(name)? {
        Some(word) => QuotePolicy::parse(&word)
            .map(Some)
            .ok_or_else(|| ApiError::invalid(format!("{name} is none of public, followers, nobody"))),
        None => Ok(None),
    }
}
