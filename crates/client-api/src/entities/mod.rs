//! Mastodon's JSON entities, rendered by pure functions from the views of `domain`: routes and streaming use the same ones, and none of them
//! asks the database. Field names and nulls are Mastodon's; what is our own would stand in one object named `parvis`.
//!
//! Shapes: <https://docs.joinmastodon.org/entities/>.

pub mod account;
pub mod admin;
pub mod announcement;
pub mod application;
pub mod conversation;
pub mod credentials;
pub mod embed;
pub mod domain_block;
pub mod emoji;
pub mod filter;
pub mod instance;
pub mod instance_v1;
pub mod list;
pub mod media;
pub mod notification;
pub mod notification_group;
pub mod notification_policy;
pub mod preview_card;
pub mod push;
pub mod quote;
pub mod poll;
pub mod profile;
pub mod reading;
pub mod relationship;
pub mod report;
pub mod role;
pub mod scheduled_status;
pub mod severance;
pub mod status;
pub mod status_kept;
pub mod tag;
pub mod translation;
pub mod trend;

pub use account::Account;
pub use conversation::Conversation;
pub use emoji::CustomEmoji;
pub use list::List;
pub use media::MediaAttachment;
pub use notification::Notification;
pub use poll::Poll;
pub use preview_card::PreviewCard;
pub use relationship::Relationship;
pub use scheduled_status::ScheduledStatus;
pub use status::Status;
pub use tag::Tag;
