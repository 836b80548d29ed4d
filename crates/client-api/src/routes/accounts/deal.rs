//! Dealing with an account: follow, block, mute, note. All answer with what one has to do with it afterwards.

use axum::Json;
use axum::extract::State;
use parvis_domain::follows::{self, Wishes};
use parvis_domain::{Error, Town, Tx, access, accounts, blocks};
use parvis_model::ids::AccountId;
use parvis_model::time::SECOND;

use super::relationship;
use crate::body::Params;
use crate::entities::Relationship;
use crate::error::{ApiError, Result};
use crate::extract::{Id, Me};

/// Does something and says what one has to do with the account then.
pub(super) async fn then_relationship(
    town: &Town,
    me: AccountId,
    id: AccountId,
    act: impl Fn(&mut Tx<'_>) -> parvis_domain::Result<()> + Send + Sync + 'static,
) -> Result<Json<Relationship>> {
    let answer = town
        .db()
        .write(move |tx| {
            accounts::find::by_id(tx, id)?;
            access::account(tx, id)?;
            act(tx)?;
            relationship(tx, me, id)
        })
        .await?;
    Ok(Json(answer))
}

/// `POST /api/v1/accounts/:id/follow`: also changes the wishes of a follow that is there.
pub async fn follow(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
    params: Params,
) -> Result<Json<Relationship>> {
    let wishes = Wishes {
        shows_boosts: params.flag("reblogs")?,
        notifies: params.flag("notify")?,
        languages: params.has("languages").then(|| params.list("languages")).transpose()?,
    };
    then_relationship(&town, me, id, move |tx| follows::follow(tx, me, id, &wishes, None).map(|_| ())).await
}

/// `POST /api/v1/accounts/:id/unfollow`: withdraws a request too.
pub async fn unfollow(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    then_relationship(&town, me, id, move |tx| follows::unfollow(tx, me, id)).await
}

/// `POST /api/v1/accounts/:id/remove_from_followers`. Somebody who does not follow is no error.
pub async fn remove_from_followers(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    then_relationship(&town, me, id, move |tx| match follows::reject(tx, me, id) {
        Err(Error::NotFound) => Ok(()),
        other => other,
    })
    .await
}

/// `POST /api/v1/accounts/:id/block`.
pub async fn block(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    then_relationship(&town, me, id, move |tx| blocks::block(tx, me, id, None)).await
}

/// `POST /api/v1/accounts/:id/unblock`.
pub async fn unblock(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    then_relationship(&town, me, id, move |tx| blocks::unblock(tx, me, id)).await
}

/// `POST /api/v1/accounts/:id/mute`: `duration` in seconds, 0 is for ever.
pub async fn mute(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
    params: Params,
) -> Result<Json<Relationship>> {
    let hides_notifications = params.flag("notifications")?.unwrap_or(true);
    let seconds = params.number("duration")?;
    if seconds.is_some_and(|s| s < 0) {
        return Err(ApiError::invalid("duration must not be negative"));
    }
    let millis = seconds.filter(|s| *s > 0).map(|s| s.saturating_mul(SECOND));
    then_relationship(&town, me, id, move |tx| blocks::mute(tx, me, id, hides_notifications, millis)).await
}

/// `POST /api/v1/accounts/:id/unmute`.
pub async fn unmute(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
) -> Result<Json<Relationship>> {
    then_relationship(&town, me, id, move |tx| blocks::unmute(tx, me, id)).await
}

/// `POST /api/v1/accounts/:id/note`: `comment`; an empty one removes the note.
pub async fn note(
    State(town): State<Town>,
    Me(me): Me,
    Id(id): Id<AccountId>,
    params: Params,
) -> Result<Json<Relationship>> {
    let note = params.text("comment")?.unwrap_or_default();
    then_relationship(&town, me, id, move |tx| blocks::set_note(tx, me, id, &note)).await
}
