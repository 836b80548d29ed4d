//! Looking at a poll and voting in it. Source: <https://docs.joinmastodon.org/methods/polls/>. Polls come with posts (`statuses`).

use axum::Json;
use axum::extract::State;
use parvis_domain::polls::{self, PollDraft, later};
use parvis_domain::views::{self, StatusView};
use parvis_domain::{Error, Town};
use parvis_model::ids::{AccountId, PollId};

use crate::body::Params;
use crate::entities::Poll;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me, Viewer};

/// `GET /api/v1/polls/:id`. One of another server is read again afterwards when somebody signed in looks at it.
pub async fn show(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<PollId>,
) -> Result<Json<Poll>> {
    let (poll, view) = town
        .db()
        .read(move |c| {
            let poll = polls::shown(c, viewer, id)?;
            let view = views::of_status(c, viewer, poll.status_id)?.ok_or(Error::NotFound)?;
            Ok::<_, Error>((poll, view))
        })
        .await?;
    if viewer.is_some() && later::is_stale(&poll, town.now()) {
        town.db().write(move |tx| later::read_again(tx, id)).await?;
    }
    rendered(&town, &view, viewer)
}

/// `POST /api/v1/polls/:id/votes`: `choices[]` are positions.
pub async fn vote(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<PollId>,
    params: Params,
) -> Result<Json<Poll>> {
    let choices = params
        .list("choices")?
        .iter()
        .map(|text| text.trim().parse().map_err(|_| ApiError::invalid("choices are not numbers")))
        .collect::<Result<Vec<i64>>>()?;
    let view = town
        .db()
        .write(move |tx| {
            let status = polls::vote(tx, me, id, &choices)?;
            views::of_status(tx, Some(me), status)?.ok_or(Error::NotFound)
        })
        .await?;
    rendered(&town, &view, Some(me))
}

fn rendered(town: &Town, view: &StatusView, viewer: Option<AccountId>) -> Result<Json<Poll>> {
    let poll = view.poll.as_ref().ok_or_else(ApiError::not_found)?;
    Ok(Json(Poll::of(poll, view.status.account_id, viewer, town.urls())))
}

/// `poll[options][]`, `poll[expires_in]`, `poll[multiple]`, `poll[hide_totals]` of a post. No options are no poll, as clients send it.
///
/// # Errors
/// 422 for values that cannot be.
pub fn draft(params: &Params) -> Result<Option<PollDraft>> {
    let Some(poll) = params.under("poll") else {
        let is_empty = params.text("poll").ok().flatten().is_none_or(|t| t.is_empty());
        return if is_empty { Ok(None) } else { Err(ApiError::invalid("poll is not a poll")) };
    };
    let options = poll.list("options")?;
    if options.is_empty() {
        return Ok(None);
    }
    Ok(Some(PollDraft {
        options,
        seconds: poll.number("expires_in")?,
        is_multiple: poll.flag("multiple")?.unwrap_or(false),
        hides_totals: poll.flag("hide_totals")?.unwrap_or(false),
    }))
}
