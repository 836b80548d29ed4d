//! What reading costs in SQL statements: when nothing of what is the same for everybody is in memory yet ([`crate::kept`]), and when all of it is.
//! A list must cost the same either way, whatever stands in it.

use crate::events::context_of;
use crate::{Conn, Result, Town};

/// Statements of the same reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// With nothing in memory.
    pub cold: usize,
    /// With everything in memory.
    pub warm: usize,
}

impl Cost {
    /// Whether neither way costs more than the other's.
    #[must_use]
    pub const fn is_at_most(self, other: Self) -> bool {
        self.cold <= other.cold && self.warm <= other.warm
    }
}

/// Reads twice, and says what was read and what it cost.
///
/// # Panics
/// When it cannot be read.
pub async fn cost_of<T: Send + 'static>(
    town: &Town,
    f: impl Fn(&mut Conn) -> Result<T> + Clone + Send + 'static,
) -> (T, Cost) {
    let forget = |c: &mut Conn| context_of(c).map(|context| context.kept.clear());
    town.db().read(forget).await.expect("the test reads");
    let (_, cold) = town.db().counted_read(f.clone()).await.expect("the test reads");
    let (value, warm) = town.db().counted_read(f).await.expect("the test reads");
    (value, Cost { cold, warm })
}
