//! What many people use at the moment: how that is weighed. Counting is in `store::trends`, use cases in `domain::trends`. A town shows none unless
//! it wants to: it is there for its residents, not for their attention.

use crate::time::DAY;

/// What may trend.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum TrendKind {
    /// Hashtags, by those who write them.
    Tag,
    /// Posts, by those who favourite and boost them.
    Status,
    /// Links, by those who post them.
    Link,
}

impl TrendKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tag, Self::Status, Self::Link];

    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Tag => 0,
            Self::Status => 1,
            Self::Link => 2,
        }
    }
}

/// Days that are looked at, today included.
pub const DAYS: i64 = 7;
/// Kept of each kind.
pub const KEPT: usize = 100;
/// Different people on one day without whom nothing trends: one cannot make a trend, nor two.
pub const FEWEST: i64 = 3;

/// The day of an instant, counted from 1970.
#[must_use]
pub const fn day_of(millis: i64) -> i64 {
    millis.div_euclid(DAY)
}

/// How much something is used: the people of each day, half as much for each day that went by. `None` when too few did. `days` are
/// (days ago, different people).
#[must_use]
pub fn score(days: &[(i64, i64)]) -> Option<f64> {
    let is_enough = days.iter().any(|(_, accounts)| *accounts >= FEWEST);
    let weigh = |(ago, accounts): &(i64, i64)| {
        let halvings = i32::try_from((*ago).clamp(0, DAYS)).unwrap_or(0);
        f64::from(i32::try_from(*accounts).unwrap_or(i32::MAX)) * 0.5_f64.powi(halvings)
    };
    is_enough.then(|| days.iter().map(weigh).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yesterday_weighs_half_and_two_people_are_no_trend() {
        assert_eq!(score(&[(0, 4), (1, 4), (2, 4)]), Some(7.0));
        assert!(score(&[(0, 3)]) > score(&[(2, 10)]));
        assert_eq!(score(&[(0, 2), (1, 2), (2, 2)]), None);
        assert_eq!(score(&[]), None);
        assert_eq!((day_of(0), day_of(DAY - 1), day_of(DAY), day_of(-1)), (0, 0, 1, -1));
    }
}
