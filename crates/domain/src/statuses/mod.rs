//! What happens to posts: [`mod@publish`], [`mod@edit`], [`mod@delete`], [`mod@boost`], [`mod@pin`], [`mod@mute`]. Reading them is `access` and `views`; remote posts come in
//! through `remote::statuses`.

pub mod boost;
pub mod compose;
pub mod delete;
pub mod edit;
pub mod history;
pub mod mute;
pub mod pin;
pub mod publish;
pub mod thread;

pub use boost::{boost, unboost};
pub use compose::fetch_mentioned;
pub use delete::delete;
pub use edit::{Edit, edit};
pub use history::{history, source};
pub use mute::mute;
pub use pin::{pin, unpin};
pub use publish::{Draft, Published, publish, publish_whole};

#[cfg(test)]
mod tests;
