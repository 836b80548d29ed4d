//! The engine on both databases: at least once, a few times, later, never for ever.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use parvis_model::time::{DAY, HOUR, MINUTE};
use parvis_store::jobs::{self as rows, PARKED, WAITING};
use parvis_store::testing::{TestDatabase, both};
use parvis_store::{Error, Tx};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{Job, Next, Problem, Registry, Runner, enqueue};

/// What the jobs of these tests see.
#[derive(Clone)]
struct World {
    said: Arc<Mutex<Vec<String>>>,
    running: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    /// One permit for each slow job that began.
    came: Arc<Semaphore>,
    /// One permit lets one slow job end.
    go: Arc<Semaphore>,
}

impl Default for World {
    fn default() -> Self {
        let none = || Arc::new(Semaphore::new(0));
        Self { said: Arc::default(), running: Arc::default(), most: Arc::default(), came: none(), go: none() }
    }
}

impl World {
    fn said(&self) -> Vec<String> {
        std::mem::take(&mut self.said.lock().unwrap())
    }

    fn say(&self, words: &str) {
        self.said.lock().unwrap().push(words.to_owned());
    }
}

struct Say;
#[async_trait]
impl Job<World> for Say {
    const KIND: &'static str = "test.say";
    type Payload = String;
    async fn run(payload: String, world: &World) -> Result<Next<String>, Problem> {
        world.say(&payload);
        Ok(Next::Done)
    }
}

/// Counts down to 0, one run each.
struct Count;
#[async_trait]
impl Job<World> for Count {
    const KIND: &'static str = "test.count";
    type Payload = u8;
    async fn run(payload: u8, world: &World) -> Result<Next<u8>, Problem> {
        world.say(&payload.to_string());
        Ok(payload.checked_sub(1).map_or(Next::Done, Next::Again))
    }
}

/// `error`, `panic` or `hopeless`.
struct Fail;
#[async_trait]
impl Job<World> for Fail {
    const KIND: &'static str = "test.fail";
    const ATTEMPTS: i32 = 3;
    type Payload = String;
    async fn run(payload: String, world: &World) -> Result<Next<String>, Problem> {
        world.say(&payload);
        match payload.as_str() {
            "panic" => panic!("the roof fell in"),
            "hopeless" => Err(Problem::hopeless("never")),
            _ => Err(std::io::Error::other("not today"))?,
        }
    }
}

/// Waits until it may go.
struct Slow;
#[async_trait]
impl Job<World> for Slow {
    const KIND: &'static str = "test.slow";
    type Payload = u32;
    async fn run(payload: u32, world: &World) -> Result<Next<u32>, Problem> {
        let now = world.running.fetch_add(1, Ordering::SeqCst) + 1;
        world.most.fetch_max(now, Ordering::SeqCst);
        world.came.add_permits(1);
        world.go.acquire().await?.forget();
        world.running.fetch_sub(1, Ordering::SeqCst);
        world.say(&payload.to_string());
        Ok(Next::Done)
    }
}

fn runner(db: &TestDatabase, world: &World) -> Runner<World> {
    let registry = Registry::default().with::<Say>().with::<Count>().with::<Fail>().with::<Slow>();
    Runner::new((**db).clone(), world.clone(), registry)
}

async fn put<J: Job<World>>(db: &TestDatabase, payload: J::Payload)
where
    J::Payload: 'static,
{
    let add = move |tx: &mut Tx<'_>| enqueue::<World, J>(tx, &payload, None, tx.now());
    assert!(db.write(add).await.unwrap());
}

/// What a runner gets that then dies.
async fn taken(db: &TestDatabase) -> Vec<rows::Job> {
    let claim = |tx: &mut Tx<'_>| {
        let until = tx.now().plus(MINUTE);
        rows::claim(tx, 10, until)
    };
    db.claim(claim).await.unwrap()
}

async fn left(db: &TestDatabase) -> (i64, i64) {
    db.read(|c| Ok::<_, Error>((rows::count(c, WAITING)?, rows::count(c, PARKED)?))).await.unwrap()
}

#[tokio::test]
async fn what_is_due_runs_once_and_what_is_not_waits() {
    both(|db| async move {
        let world = World::default();
        put::<Say>(&db, "now".into()).await;
        let later =
            |tx: &mut Tx<'_>| enqueue::<World, Say>(tx, &"later".to_owned(), None, tx.now().plus(HOUR));
        db.write(later).await.unwrap();
        let jobs = runner(&db, &world);
        assert_eq!(jobs.run_due().await, Ok(1));
        assert_eq!(jobs.run_due().await, Ok(0));
        db.clock.advance(HOUR);
        assert_eq!(jobs.run_due().await, Ok(1));
        assert_eq!(world.said(), ["now", "later"]);
        assert_eq!(left(&db).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_unique_job_waits_once() {
    both(|db| async move {
        let world = World::default();
        let add = |tx: &mut Tx<'_>| enqueue::<World, Say>(tx, &"once".to_owned(), Some("k"), tx.now());
        assert!(db.write(add).await.unwrap());
        assert!(!db.write(add).await.unwrap());
        assert_eq!(runner(&db, &world).run_due().await, Ok(1));
        assert!(db.write(add).await.unwrap(), "done is not waiting");
    })
    .await;
}

#[tokio::test]
async fn a_job_goes_on_where_it_was() {
    both(|db| async move {
        let world = World::default();
        put::<Count>(&db, 3).await;
        assert_eq!(runner(&db, &world).run_due().await, Ok(4));
        assert_eq!(world.said(), ["3", "2", "1", "0"]);
    })
    .await;
}

#[tokio::test]
async fn a_failing_job_is_tried_a_few_times_and_then_parked_whether_it_fails_or_panics() {
    both(|db| async move {
        for how in ["error", "panic"] {
            let world = World::default();
            put::<Fail>(&db, how.into()).await;
            let jobs = runner(&db, &world);
            for n in 1..=3 {
                assert_eq!(jobs.run_due().await, Ok(1), "try {n}");
                assert_eq!(jobs.run_due().await, Ok(0), "not at once after try {n}");
                db.clock.advance(HOUR);
            }
            assert_eq!(jobs.run_due().await, Ok(0), "parked");
            assert_eq!(world.said().len(), 3);
        }
        assert_eq!(left(&db).await, (0, 2));
        let problems = db.read(|c| rows::parked(c, 10)).await.unwrap();
        let words: Vec<&str> = problems.iter().map(|(_, p)| p.as_str()).collect();
        assert_eq!(words, ["not today", "it panicked: the roof fell in"]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_mended_is_parked_at_once() {
    both(|db| async move {
        let world = World::default();
        put::<Fail>(&db, "hopeless".into()).await;
        db.write(|tx| {
            let now = tx.now();
            rows::enqueue(tx, "test.unknown", "{}", None, now)?;
            rows::enqueue(tx, "test.count", "\"not a number\"", None, now)
        })
        .await
        .unwrap();
        assert_eq!(runner(&db, &world).run_due().await, Ok(3));
        assert_eq!(left(&db).await, (0, 3));
    })
    .await;
}

#[tokio::test]
async fn a_job_over_which_its_runner_dies_every_time_is_parked() {
    both(|db| async move {
        let world = World::default();
        put::<Fail>(&db, "never run".into()).await;
        for _ in 0..4 {
            assert_eq!(taken(&db).await.len(), 1);
            assert!(taken(&db).await.is_empty(), "leased");
            db.clock.advance(2 * MINUTE);
        }
        assert_eq!(runner(&db, &world).run_due().await, Ok(1));
        assert_eq!((world.said().len(), left(&db).await), (0, (0, 1)));
    })
    .await;
}

#[tokio::test]
async fn a_periodic_job_runs_once_a_period_on_all_nodes_together() {
    both(|db| async move {
        let world = World::default();
        let node = || {
            let registry = Registry::default().every::<Say>(DAY, &"clean".to_owned());
            Runner::new((*db).clone(), world.clone(), registry)
        };
        let (a, b) = (node(), node());
        assert_eq!((a.run_due().await, b.run_due().await), (Ok(0), Ok(0)));
        db.clock.advance(DAY);
        assert_eq!((a.run_due().await, b.run_due().await, node().run_due().await), (Ok(1), Ok(0), Ok(0)));
        // Nobody was there for a week.
        db.clock.advance(7 * DAY);
        assert_eq!((b.run_due().await, a.run_due().await), (Ok(1), Ok(0)));
        assert_eq!(world.said(), ["clean", "clean"]);
    })
    .await;
}

#[tokio::test]
async fn a_serving_runner_hears_of_new_jobs_runs_a_few_at_once_and_stops_in_order() {
    both(|db| async move {
        let world = World::default();
        let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
        runner(&db, &world).spawn(&tracker, cancel.clone());
        for n in 0..20 {
            put::<Slow>(&db, n).await;
        }
        for _ in 0..20 {
            world.came.acquire().await.unwrap().forget();
            world.go.add_permits(1);
        }
        // Whoever runs at the stop is waited for.
        put::<Slow>(&db, 99).await;
        world.came.acquire().await.unwrap().forget();
        cancel.cancel();
        world.go.add_permits(1);
        tracker.close();
        tracker.wait().await;
        assert_eq!(world.said().len(), 21);
        assert!(world.most.load(Ordering::SeqCst) <= 8);
        assert_eq!(left(&db).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn r17_a_job_that_does_not_end_is_given_back_at_the_stop() {
    let db = TestDatabase::sqlite().await;
    let world = World::default();
    let (tracker, cancel) = (TaskTracker::new(), CancellationToken::new());
    put::<Slow>(&db, 1).await;
    let registry = Registry::default().with::<Slow>();
    Runner::impatient((*db).clone(), world.clone(), registry).spawn(&tracker, cancel.clone());
    world.came.acquire().await.unwrap().forget();
    cancel.cancel();
    tracker.close();
    tracker.wait().await;
    let again = taken(&db).await;
    assert_eq!(again.len(), 1, "at once, not when the lease ends");
    assert_eq!(again[0].attempts, 0);
}
