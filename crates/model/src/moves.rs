//! Moving to another server: how often, and how many former addresses somebody names. Rows are in `store::moves`, use cases in `domain::moves`.

use crate::time::{DAY, Moment};

/// Former addresses that one account may name.
pub const ALIASES_MAX: usize = 10;
/// After a move an account of this town waits so long before it moves again.
pub const OWN_PAUSE: i64 = 30 * DAY;
/// An account of another server is believed one move in so long (threats O10).
pub const THEIR_PAUSE: i64 = 7 * DAY;

/// When an account whose last move was at `last` may move again.
#[must_use]
pub const fn next_move(last: Moment, is_local: bool) -> Moment {
    last.plus(if is_local { OWN_PAUSE } else { THEIR_PAUSE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o10_others_wait_a_week_and_our_own_a_month() {
        let last = Moment(5 * DAY);
        assert_eq!(next_move(last, false), Moment(12 * DAY));
        assert_eq!(next_move(last, true), Moment(35 * DAY));
    }
}
