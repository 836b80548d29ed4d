//! Reading posts: one, several, in their thread, as typed, and as they were.

use axum::Json;
use axum::extract::State;
use parvis_domain::remote::threads;
use parvis_domain::statuses::{self, thread};
use parvis_domain::views::{self, Place};
use parvis_domain::{Error, Town, preview_cards, reactions};
use parvis_model::ids::StatusId;
use serde::Serialize;
use serde_json::{Value, json};

use crate::body::Params;
use crate::entities::status::{EmojiReaction, StatusEdit, StatusSource};
use crate::entities::{PreviewCard, Status};
use crate::error::Result;
use crate::extract::{Id, Me, Viewer};

/// What stands around a post.
#[derive(Debug, Serialize)]
pub struct Context {
    ancestors: Vec<Status>,
    descendants: Vec<Status>,
}

/// `GET /api/v1/statuses/:id`.
pub async fn show(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
) -> Result<Json<Status>> {
    let found = town.db().read(move |c| {
        let view = views::of_status(c, viewer, id)?.ok_or(Error::NotFound)?;
        let post = view.boost_of.as_deref().unwrap_or(&view);
        // Most posts have none, and then nobody is asked.
        let emojis =
            if post.counts.favourites > 0 { reactions::emojis_of(c, post.status.id)? } else { Vec::new() };
        Ok::<_, Error>((view, emojis))
    });
    let (view, emojis) = found.await?;
    let mut status = Status::of(&view, viewer, town.urls());
    status.passing.emoji_reactions = emojis.iter().map(|one| EmojiReaction::of(one, town.urls())).collect();
    Ok(Json(status))
}

/// `GET /api/v1/statuses?id[]=`: those that the viewer may see.
pub async fn many(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    params: Params,
) -> Result<Json<Vec<Status>>> {
    let mut ids: Vec<StatusId> = params.ids("id")?;
    ids.truncate(40);
    let page = town.db().read(move |c| views::of_statuses(c, viewer, &ids, Place::Elsewhere)).await?;
    Ok(Json(Status::all(&page, viewer, town.urls())))
}

/// `GET /api/v1/statuses/:id/context`.
pub async fn context(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
) -> Result<Json<Context>> {
    let around = town.db().read(move |c| thread::around(c, viewer, id)).await?;
    // Residents fill threads by reading them; guests make nobody fetch anything.
    if viewer.is_some() && town.remote().is_thread_due(id) {
        town.db().write(move |tx| threads::want_answers(tx, id)).await?;
    }
    let urls = town.urls();
    Ok(Json(Context {
        ancestors: Status::all(&around.ancestors, viewer, urls),
        descendants: Status::all(&around.descendants, viewer, urls),
    }))
}

/// `GET /api/v1/statuses/:id/card`, as it was before 3.0: `{}` when there is none. Clients of today look at the post's `card`.
pub async fn card(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
) -> Result<Json<Value>> {
    let card = town.db().read(move |c| preview_cards::of_status(c, viewer, id)).await?;
    Ok(Json(card.map_or_else(|| json!({}), |card| json!(PreviewCard::of(&card, town.urls())))))
}

/// `GET /api/v1/statuses/:id/source`.
pub async fn source(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<StatusId>,
) -> Result<Json<StatusSource>> {
    let row = town.db().read(move |c| statuses::source(c, me, id)).await?;
    Ok(Json(StatusSource::of(&row)))
}

/// `GET /api/v1/statuses/:id/history`.
pub async fn history(
    State(town): State<Town>,
    Viewer(viewer): Viewer,
    Id(id): Id<StatusId>,
) -> Result<Json<Vec<StatusEdit>>> {
    let (view, earlier) = town.db().read(move |c| statuses::history(c, viewer, id)).await?;
    Ok(Json(StatusEdit::all(&view, &earlier, viewer, town.urls())))
}
