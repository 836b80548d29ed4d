//! The rows that views are made of and the ranges that pages are asked with, for the doors, which never import `store`. Types only: nothing
//! here reads or writes.

pub use parvis_store::accounts::Account;
pub use parvis_store::filters::{Filter, FilterKeyword, FilterStatus};
pub use parvis_store::inbound::Inbound;
pub use parvis_store::keys::ActorKey;
pub use parvis_store::lists::List;
pub use parvis_store::logins::Login;
pub use parvis_store::markers::Marker;
pub use parvis_store::media::Media;
pub use parvis_store::notifications::Filter as NotificationFilter;
pub use parvis_store::oauth::App;
pub use parvis_store::policy::{DomainAllow, DomainBlock, Emoji, Tombstone};
pub use parvis_store::polls::Poll;
pub use parvis_store::preview_cards::PreviewCard;
pub use parvis_store::quotes::Quote;
pub use parvis_store::reactions::Flags;
pub use parvis_store::reports::Report;
pub use parvis_store::severances::Severance;
pub use parvis_store::status_parts::{Mention, Tag};
pub use parvis_store::statuses::{Status, StatusEdit};
pub use parvis_store::strikes::{Appeal, Strike};
pub use parvis_store::timelines::{Range, Scope};
pub use parvis_store::trends::Publisher;
pub use parvis_store::{Notice, RESYNC};
