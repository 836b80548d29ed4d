//! What a link leads to: limits. Rows are in `store::preview_cards`, use cases in `domain::preview_cards`.

use crate::time::{DAY, MINUTE};

/// Characters of a title.
pub const TITLE_MAX: usize = 300;
/// Characters of a description.
pub const DESCRIPTION_MAX: usize = 1_000;
/// Characters of an author's or a site's name.
pub const NAME_MAX: usize = 200;
/// Bytes of an address.
pub const URL_MAX: usize = 2_048;
/// After this, a link that is posted again is looked at again, in milliseconds.
pub const FRESH_FOR: i64 = 14 * DAY;
/// A link of a post that came from elsewhere is looked at within this time, so that not all servers ask at once (threats F11).
pub const JITTER: i64 = MINUTE;
/// Links that wait to be looked at; beyond, posts go without a card.
pub const WAITING_MAX: i64 = 5_000;
/// Pictures of cards are kept so long; the texts as long as a post has them.
pub const PICTURES_FOR: i64 = 90 * DAY;
