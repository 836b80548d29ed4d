//! Asking: as fast as answers come, or at fixed times whatever the answers do (so that a slow one is not forgiven by asking less).

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use parvis_domain::testing::crowded::{Plan, Who};
use tokio::time::Instant;

use crate::Outcome;
use crate::connection::Connection;
use crate::operations::{self, Operation};

/// How often somebody posts while others read.
const BETWEEN_POSTS: Duration = Duration::from_millis(200);

/// What was asked in a run.
#[derive(Debug, Default)]
pub struct Done {
    /// Of each answer, sorted.
    times: Vec<Duration>,
    bytes: usize,
    length: Duration,
}

impl Done {
    /// How many were answered.
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        figure(self.count()) / self.length.as_secs_f64()
    }

    /// Bytes of the average body.
    pub fn size(&self) -> f64 {
        figure(self.bytes) / figure(self.count().max(1))
    }

    /// The middle.
    pub fn p50(&self) -> Duration {
        self.at(50)
    }

    /// Slower were one in a hundred.
    pub fn p99(&self) -> Duration {
        self.at(99)
    }

    fn at(&self, percent: usize) -> Duration {
        self.times.get(self.times.len() * percent / 100).copied().unwrap_or_default()
    }
}

/// A count as a figure to calculate with.
pub fn figure(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Requests of one kind.
pub struct Load<'a> {
    to: SocketAddr,
    plan: &'a Plan,
    operation: &'a Operation,
    next: AtomicI64,
}

impl<'a> Load<'a> {
    /// Nothing is asked yet.
    pub const fn new(to: SocketAddr, plan: &'a Plan, operation: &'a Operation) -> Self {
        Self { to, plan, operation, next: AtomicI64::new(0) }
    }

    /// Each connection asks again as soon as it is answered.
    pub fn as_fast_as_possible(&self, connections: usize, length: Duration) -> Outcome<Done> {
        self.asked(connections, length, |_| None)
    }

    /// Asks so many times a second, at fixed times; the time of an answer counts from when it should have been asked.
    pub fn at_fixed_times(&self, connections: usize, length: Duration, rate: f64) -> Outcome<Done> {
        let between = Duration::from_secs_f64(1.0 / rate.max(1.0));
        self.asked(connections, length, |turn| Some(between * turn))
    }

    fn asked(
        &self,
        connections: usize,
        length: Duration,
        due: impl Fn(u32) -> Option<Duration> + Sync,
    ) -> Outcome<Done> {
        let (all, turns) = (Mutex::new(Done::default()), std::sync::atomic::AtomicU32::new(0));
        let begin = Instant::now();
        std::thread::scope(|scope| -> Outcome<()> {
            let one = || -> Result<(), String> {
                let mut connection = Connection::open(self.to).map_err(|e| e.to_string())?;
                let mut mine = Done::default();
                loop {
                    let turn = turns.fetch_add(1, Ordering::Relaxed);
                    let from = match due(turn) {
                        Some(after) => begin + after,
                        None => Instant::now(),
                    };
                    if from.duration_since(begin) >= length {
                        break;
                    }
                    std::thread::sleep(from.saturating_duration_since(Instant::now()));
                    let request = self.operation.request(self.plan, self.number());
                    let answer =
                        connection.ask(&request).map_err(|e| format!("{}: {e}", self.operation.name))?;
                    if answer.status != 200 {
                        return Err(format!("{} was answered with {}", self.operation.name, answer.status));
                    }
                    mine.times.push(from.elapsed());
                    mine.bytes += answer.bytes;
                }
                let mut all = all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                all.times.append(&mut mine.times);
                all.bytes += mine.bytes;
                Ok(())
            };
            let threads: Vec<_> = (0..connections).map(|_| scope.spawn(one)).collect();
            for thread in threads {
                thread.join().map_err(|_| "a connection panicked")??;
            }
            Ok(())
        })?;
        let mut done = all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.length = begin.elapsed();
        done.times.sort_unstable();
        Ok(done)
    }

    /// Numbers in no order that are different from each other for long.
    fn number(&self) -> i64 {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        // A step that shares no factor with the number of people.
        n.wrapping_mul(7_919) & i64::MAX
    }
}

/// Ends what goes on beside the measuring.
#[derive(Default)]
pub struct Stop(AtomicBool);

impl Stop {
    /// Ends it when dropped.
    pub const fn at_the_end(&self) -> Over<'_> {
        Over(self)
    }
}

/// See [`Stop::at_the_end`].
pub struct Over<'a>(&'a Stop);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::SeqCst);
    }
}

/// Five posts a second, each by somebody else.
pub fn life_goes_on(to: SocketAddr, plan: &Plan, stop: &Stop) {
    let Ok(mut connection) = Connection::open(to) else { return };
    let begin = Instant::now();
    for turn in 0_u32.. {
        std::thread::sleep((begin + BETWEEN_POSTS * turn).saturating_duration_since(Instant::now()));
        if stop.0.load(Ordering::SeqCst) {
            return;
        }
        let number = i64::from(turn);
        let request = operations::post(plan, Who::Resident(number * 31), number);
        match connection.ask(&request) {
            Ok(answer) if answer.status == 200 => {}
            Ok(answer) => eprintln!("a post in between was answered with {}", answer.status),
            Err(problem) => {
                eprintln!("a post in between failed: {problem}");
                return;
            }
        }
    }
}
