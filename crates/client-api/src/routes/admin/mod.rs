//! The administration: handlers of routes with `Access::Staff`. The use cases ask for the role again, in their transaction.
//! Sources: <https://docs.joinmastodon.org/methods/admin/>.

pub mod accounts;
pub mod gates;
pub mod limits;
pub mod measures;
pub mod reports;
pub mod servers;
pub mod tags;

/// Of the lists of the administration.
const LIMITS: crate::listing::Limits = (100, 200);
