//! Accounts: looking at them, dealing with them, one's own. Source: <https://docs.joinmastodon.org/methods/accounts/>.

pub mod credentials;
pub mod deal;
pub mod endorse;
pub mod find;
pub mod look;
pub mod sign_up;

use parvis_domain::{Conn, Error, blocks};
use parvis_model::ids::AccountId;

use crate::entities::Relationship;

/// What somebody has to do with one account, after something changed.
///
/// # Errors
/// `NotFound`.
pub fn relationship(c: &mut Conn, me: AccountId, id: AccountId) -> parvis_domain::Result<Relationship> {
    let found = blocks::relationships(c, me, &[id])?.pop().ok_or(Error::NotFound)?;
    Ok(Relationship::of(found.0, &found.1))
}
