//! A town with very many people and posts, for measuring (`cargo xtask bench`): rows as the use cases leave them, written in bulk, without events,
//! jobs or deliveries. Who and what is there follows from the [`Plan`] alone, so that it can be named without being looked up.
//!
//! `people`: accounts, logins, tokens, who follows, blocks and mutes whom. `posts`: posts and what hangs on them. `reading`: written home
//! timelines, favourites, bookmarks, filters, notifications.

mod people;
mod posts;
mod reading;

use std::sync::Arc;

use parvis_model::ids::{AccountId, AppId, StatusId, floor_at};
use parvis_model::time::{DAY, Moment};

use crate::{Result, Town, Tx};

/// Departments that everybody here follows.
const DEPARTMENTS: i64 = 3;
const TEN: i64 = 3;
const THOUSAND: i64 = 4;
const SPEAKER: i64 = 5;
const FIRST_VIEWER: i64 = 6;
/// People whom nobody follows.
const POSTERS: i64 = 50;
/// Conversations that the speaker began.
const THREADS: i64 = 100;
/// Answers in each.
const ANSWERS: i64 = 30;
/// The time over which posts are spread.
const SPREAD: i64 = 60 * DAY;
/// Rows written in one transaction, about.
const BATCH: i64 = 1_000;

/// How large the town is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub accounts: i64,
    pub statuses: i64,
    /// People who read: with written home timelines and all that depends on the reader.
    pub viewers: i64,
    /// When the newest post was written.
    pub until: Moment,
}

/// Whoever reads or writes in a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Follows 10 accounts.
    Ten,
    /// Follows 1,000 accounts (fewer in a small town).
    Thousand,
    /// Follows 13 to 200 accounts; numbers from 0.
    Viewer(i64),
    /// Nobody's followee; numbers from 0.
    Poster(i64),
    /// Anybody else who lives here; numbers from 0.
    Resident(i64),
}

impl Plan {
    /// So many per cent of 10,000 accounts, 1,000,000 posts and 1,000 readers.
    #[must_use]
    pub fn scaled(percent: i64, until: Moment) -> Self {
        Self {
            accounts: (100 * percent).max(400),
            statuses: (10_000 * percent).max(10_000),
            viewers: (10 * percent).max(20),
            until,
        }
    }

    /// How many posters there are.
    #[must_use]
    pub const fn posters(&self) -> i64 {
        POSTERS
    }

    /// How many conversations there are.
    #[must_use]
    pub const fn threads(&self) -> i64 {
        THREADS
    }

    /// The bearer token of somebody.
    #[must_use]
    pub fn token(&self, who: Who) -> String {
        self.token_of(self.number(who))
    }

    /// The first post of a conversation with 30 answers.
    #[must_use]
    pub const fn thread(&self, number: i64) -> StatusId {
        self.status(number % THREADS * self.stride())
    }

    const fn number(&self, who: Who) -> i64 {
        match who {
            Who::Ten => TEN,
            Who::Thousand => THOUSAND,
            Who::Viewer(n) => FIRST_VIEWER + n % self.viewers,
            Who::Poster(n) => self.first_poster() + n % POSTERS,
            Who::Resident(n) => self.resident(self.first_person() + n % self.persons()),
        }
    }

    fn token_of(&self, number: i64) -> String {
        format!("bench-token-{number}")
    }

    const fn first_poster(&self) -> i64 {
        FIRST_VIEWER + self.viewers
    }

    const fn first_person(&self) -> i64 {
        self.first_poster() + POSTERS
    }

    const fn persons(&self) -> i64 {
        self.accounts - self.first_person()
    }

    const fn account(&self, number: i64) -> AccountId {
        AccountId(floor_at(self.until.minus(400 * DAY)) + number)
    }

    /// Most live here; of the others a few dozen on each of many servers.
    const fn is_local(&self, number: i64) -> bool {
        number < self.first_person() || number % 10 < 7
    }

    const fn status(&self, number: i64) -> StatusId {
        StatusId(floor_at(self.written_at(number)) + 1)
    }

    const fn written_at(&self, number: i64) -> Moment {
        self.until.minus((self.statuses - 1 - number) * (SPREAD / self.statuses))
    }

    const fn stride(&self) -> i64 {
        // Conversations begin at numbers that end in 0: those are never boosts.
        self.statuses / THREADS / 10 * 10
    }

    /// Somebody who lives here, at this number or right before it.
    const fn resident(&self, number: i64) -> i64 {
        if self.is_local(number) { number } else { number - 3 }
    }

    const fn app(&self) -> AppId {
        AppId(floor_at(self.until.minus(401 * DAY)))
    }
}

/// A number that looks like chance and is always the same.
const fn mixed(n: i64, salt: i64) -> i64 {
    let mut z = n.wrapping_add(salt.wrapping_mul(0x1e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0x3f58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x14d0_49bb_1331_11eb);
    (z ^ (z >> 31)) & i64::MAX
}

/// Writes the whole town. `progress` is told what is being written, how much of it is, and how much there is.
///
/// # Errors
/// As the database's.
pub async fn seed(town: &Town, plan: Plan, progress: impl Fn(&'static str, i64, i64)) -> Result<()> {
    let work = Work { town, progress: &progress };
    town.db().write(move |tx| people::app(tx, &plan)).await?;
    work.each("accounts", plan.accounts, 1, move |tx, n| people::account(tx, &plan, n)).await?;
    work.each("follows", plan.accounts, 20, move |tx, n| people::relations(tx, &plan, n)).await?;
    town.db().write(move |tx| posts::shared(tx, &plan)).await?;
    work.each("posts", plan.statuses, 2, move |tx, n| posts::status(tx, &plan, n)).await?;
    let homes = Arc::new(reading::Homes::of(&plan));
    work.each("readers", FIRST_VIEWER + plan.viewers, 300, move |tx, n| {
        reading::reader(tx, &plan, &homes, n)
    })
    .await?;
    work.each("favourites", plan.statuses / 10, 2, move |tx, n| reading::favourites(tx, &plan, n)).await
}

struct Work<'a, P> {
    town: &'a Town,
    progress: &'a P,
}

impl<P: Fn(&'static str, i64, i64)> Work<'_, P> {
    /// Runs `one` for every number below `count`; it writes about `rows` rows.
    async fn each(
        &self,
        what: &'static str,
        count: i64,
        rows: i64,
        one: impl Fn(&mut Tx<'_>, i64) -> Result<()> + Send + Sync + 'static,
    ) -> Result<()> {
        let one = Arc::new(one);
        let size = (BATCH / rows).max(1);
        let mut first = 0;
        while first < count {
            let end = (first + size).min(count);
            let one = Arc::clone(&one);
            self.town.db().write(move |tx| (first..end).try_for_each(|n| one(tx, n))).await?;
            (self.progress)(what, end, count);
            first = end;
        }
        Ok(())
    }
}
