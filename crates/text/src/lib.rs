//! Text: what residents type becomes HTML, what strangers send becomes harmless HTML, and lengths are counted
//! the way Mastodon clients count them.
//!
//! A leaf: it knows no other Parvis crate, no database and no clock. Whether a mention exists is answered by
//! the caller through [`compose::Links`]. Templates and pages are in `web`, translated sentences in `i18n`.
//!
//! Everything here runs in time linear in its input, and every input is capped before it is parsed.

pub mod compose;
pub mod first_link;
pub mod keywords;
pub mod length;
pub mod names;
pub mod page;
pub mod rel_me;
pub mod sanitise;
pub mod words;

mod markup;
mod tags;
mod tokens;

pub use compose::{Composed, Found, Handle, Hashtag, Links, hashtag_name};
