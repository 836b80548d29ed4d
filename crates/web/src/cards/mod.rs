//! What templates show of people and posts: made from `domain::views` by pure functions, nothing here asks the database.

pub mod person;
pub mod poll;
pub mod post;

pub use person::PersonCard;
pub use poll::PollCard;
pub use post::PostCard;
