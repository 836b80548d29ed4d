//! Posts: writing, reading, and what people do with them. Source: <https://docs.joinmastodon.org/methods/statuses/>.

pub mod boost;
pub mod quote;
pub mod react;
pub mod read;
pub mod who;
pub mod write;

use parvis_domain::views::StatusView;
use parvis_domain::{Conn, Error, views};
use parvis_model::ids::{AccountId, StatusId};

/// A post as its viewer sees it after something changed.
fn shown(c: &mut Conn, me: AccountId, id: StatusId) -> parvis_domain::Result<StatusView> {
    views::of_status(c, Some(me), id)?.ok_or(Error::NotFound)
}
