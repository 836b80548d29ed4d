//! Entities of the administration. Shapes: <https://docs.joinmastodon.org/entities/Admin_Account/> and its neighbours.

pub mod account;
pub mod gates;
pub mod report;
pub mod tag;

pub use account::AdminAccount;
pub use report::AdminReport;
