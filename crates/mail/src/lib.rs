//! Electronic mail: what an address is, and how a letter leaves.
//!
//! A leaf: it knows no other Parvis crate. What letters say is in `domain` and `i18n`; when they are sent again
//! after a failure is decided by the job that sends them (`jobs`). Mail is never received here.

mod address;
mod mailer;

pub use address::{Address, NotAnAddress, address};
pub use mailer::{Error, Mailer, Message};
