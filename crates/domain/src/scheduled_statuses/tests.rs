//! Posts that wait, through the job engine, on both databases. What clients see of them: `client-api`.

use parvis_jobs::{Registry, Runner};
use parvis_model::time::{HOUR, MINUTE};
use parvis_store::jobs::{self, PARKED};

use super::*;
use crate::testing::{Town as TestTown, both};

async fn keep(town: &TestTown, who: AccountId, text: &str, at: Moment) -> Result<ScheduledId> {
    let draft = Draft { text: text.to_owned(), ..Draft::default() };
    town.db().write(move |tx| schedule(tx, who, &draft, at)).await
}

async fn posts(town: &TestTown, who: AccountId) -> usize {
    town.read(move |c| Ok(parvis_store::statuses::ids_of_account(c, who, 10)?)).await.len()
}

async fn run_jobs(town: &TestTown) {
    let runner = Runner::new(town.db().clone(), town.handle(), crate::jobs::add_to(Registry::default()));
    runner.run_due().await.unwrap();
    assert_eq!(town.read(|c| Ok(jobs::count(c, PARKED)?)).await, 0);
}

#[tokio::test]
async fn a_post_that_waits_is_published_at_its_time_once() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let at = town.now().plus(HOUR);
        let id = keep(&town, ana, "Later", at).await.unwrap();
        town.clock.advance(HOUR - MINUTE);
        run_jobs(&town).await;
        assert_eq!(posts(&town, ana).await, 0);
        town.clock.advance(MINUTE);
        run_jobs(&town).await;
        assert_eq!(posts(&town, ana).await, 1);
        town.write(move |tx| publish_at(tx, id, at)).await;
        run_jobs(&town).await;
        assert_eq!(posts(&town, ana).await, 1);
        let left = town.db().read(move |c| one(c, ana, id)).await;
        assert!(matches!(left, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn of_two_runs_at_once_one_publishes() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let at = town.now().plus(HOUR);
        let id = keep(&town, ana, "Later", at).await.unwrap();
        town.clock.advance(HOUR);
        let run = || town.db().write(move |tx| publish_due(tx, id, at));
        let (one, two) = tokio::join!(run(), run());
        one.unwrap();
        two.unwrap();
        assert_eq!(posts(&town, ana).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_suspended_author_publishes_nothing_and_what_waits_stays() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let at = town.now().plus(HOUR);
        let id = keep(&town, ana, "Later", at).await.unwrap();
        town.write(move |tx| crate::accounts::suspend::suspend(tx, parvis_model::account::Role::Admin, ana))
            .await;
        town.clock.advance(HOUR);
        run_jobs(&town).await;
        assert_eq!(posts(&town, ana).await, 0);
        assert!(town.read(move |c| one(c, ana, id)).await.row.scheduled_at == at);
    })
    .await;
}

#[tokio::test]
async fn nobody_has_more_waiting_than_the_limit() {
    let town = TestTown::new().await;
    let ana = town.resident("ana").await;
    let now = town.now();
    let draft = Draft { text: "x".to_owned(), ..Draft::default() };
    let fill = Draft::clone(&draft);
    town.write(move |tx| {
        for n in 0..300_i64 {
            schedule(tx, ana, &fill, now.plus((n / 20 + 1) * DAY))?;
        }
        Ok(())
    })
    .await;
    let more = keep(&town, ana, "one more", now.plus(90 * DAY)).await;
    assert!(matches!(more, Err(Error::Invalid(p)) if p[0].refusal == Refusal::TooManyScheduled));
}
