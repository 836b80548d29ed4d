//! Two towns that share a clock and meet over loopback.

use parvis_config::Settings;
use parvis_domain::testing::{Place, START};
use parvis_model::time::ManualClock;

use crate::town::{Setup, Town};

/// Rounds after which towns that still have something to do are taken to go round in circles.
const ROUNDS: usize = 500;

/// `a.localhost` and `b.localhost`.
pub struct TwoTowns {
    pub a: Town,
    pub b: Town,
}

impl TwoTowns {
    /// Both on SQLite.
    pub async fn new() -> Self {
        Self::on(Place::sqlite(), Place::sqlite(), |_| {}).await
    }

    /// On these databases, with these settings.
    pub async fn on(a: Place, b: Place, settings: fn(&mut Settings)) -> Self {
        let clock = ManualClock::starting_at(START);
        let setup = |host, place, seed| Setup {
            place,
            clock: clock.clone(),
            seed,
            settings: Box::new(settings),
            ..Setup::named(host)
        };
        Self {
            a: Town::start(setup("a.localhost", a, 1)).await,
            b: Town::start(setup("b.localhost", b, 2)).await,
        }
    }

    /// Lets everything happen that is due in either town, and what follows from it, until nothing is left. The clock stands still.
    ///
    /// # Panics
    /// When there is always something left.
    pub async fn settle(&self) {
        settle(&[&self.a, &self.b]).await;
    }

    /// Moves the clock of both towns.
    pub fn advance(&self, millis: i64) {
        self.a.clock.advance(millis);
    }
}

/// As [`TwoTowns::settle`], for any towns.
///
/// # Panics
/// When there is always something left.
pub async fn settle(towns: &[&Town]) {
    crate::within("the towns settle", async {
        for _ in 0..ROUNDS {
            let mut done = 0;
            for town in towns {
                done += town.step().await;
            }
            if done == 0 {
                return;
            }
        }
        panic!("the towns never come to rest");
    })
    .await;
}
