//! Proving who one is: passwords, sessions of the pages, links sent by e-mail, and the approval of new accounts.
//!
//! Client programs sign in through `oauth`. Opening accounts is in `accounts::register`, ending all sessions in `accounts::revoke`.

pub mod activity;
pub mod approval;
pub mod confirm;
mod limits;
pub mod leave;
pub mod password;
pub mod reset;
pub mod sessions;

#[cfg(test)]
mod tests;
