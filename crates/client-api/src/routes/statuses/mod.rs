//! Posts: writing, reading, and what people do with them. Source: <https://docs.joinmastodon.org/methods/statuses/>.

pub mod boost;
pub mod quote;
pub mod react;
pub mod read;
pub mod who;
pub mod write;

use axum::Json;
use parvis_domain::views::StatusView;
use parvis_domain::{Conn, Error, Town, Tx, views};
use parvis_model::ids::{AccountId, StatusId};

use crate::entities::Status;
use crate::error::Result;

/// Does something and answers with the post that it is about, as `see` shows it then. It is read when that is done: in its transaction it would be read
/// anew with its author and all, and on PostgreSQL all that is looked at there can meet other transactions.
async fn answer(
    town: &Town,
    me: AccountId,
    act: impl Fn(&mut Tx<'_>) -> parvis_domain::Result<StatusId> + Send + Sync + 'static,
    see: fn(&mut Conn, AccountId, StatusId) -> parvis_domain::Result<StatusView>,
) -> Result<Json<Status>> {
    let id = town.db().write(act).await?;
    let view = town.db().read_page(move |c| see(c, me, id)).await?;
    Ok(Json(Status::of(&view, Some(me), town.urls())))
}

/// A post as its viewer sees it after something changed.
fn shown(c: &mut Conn, me: AccountId, id: StatusId) -> parvis_domain::Result<StatusView> {
    views::of_status(c, Some(me), id)?.ok_or(Error::NotFound)
}
