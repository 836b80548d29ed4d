//! The town's jobs through the engine, on both databases.

use parvis_jobs::{Registry, Runner};
use parvis_model::time::{DAY, HOUR};
use parvis_store::jobs::{self as rows, PARKED, WAITING};
use parvis_store::timelines::Range;
use parvis_store::{keys, policy, timelines as homes};

use super::*;
use crate::accounts::{self, key_pool};
use crate::follows::{self, Wishes};
use crate::statuses::{self, Draft};
use crate::testing::{Town as TestTown, both};
use crate::timelines;

fn runner(town: &TestTown) -> Runner<Town> {
    Runner::new(town.db().clone(), town.handle(), add_to(Registry::default()))
}

async fn nothing_is_left(town: &TestTown) {
    let (waiting, parked) = town.read(|c| Ok((rows::count(c, WAITING)?, rows::count(c, PARKED)?))).await;
    assert_eq!((waiting, parked), (6, 0), "only the six periodic jobs wait");
}

fn draft(text: &str) -> Draft {
    Draft { text: text.to_owned(), idempotency_key: Some(text.to_owned()), ..Draft::default() }
}

async fn town(place: parvis_store::testing::Place) -> TestTown {
    TestTown::builder().listeners(vec![timelines::on_event, on_event]).place(place).build().await
}

/// Both databases, with the listeners that leave work to jobs.
async fn heard<F, Fut>(test: F)
where
    F: Fn(TestTown) -> Fut,
    Fut: Future<Output = ()>,
{
    use parvis_store::testing::Place;
    test(town(Place::sqlite()).await).await;
    if let Some(place) = Place::postgres() {
        test(town(place).await).await;
    }
}

#[tokio::test]
async fn a_post_reaches_the_homes_of_followers_and_can_be_put_there_again() {
    heard(|town| async move {
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let post = town
            .write(move |tx| {
                follows::follow(tx, bea, ana, &Wishes::default(), None)?;
                statuses::publish(tx, ana, &draft("The square is open."))
            })
            .await;
        let jobs = runner(&town);
        jobs.run_due().await.unwrap();
        let home = move |c: &mut crate::Conn| {
            Ok(homes::home(c, bea, Range::newest(10))?.iter().map(|e| e.status).collect::<Vec<_>>())
        };
        assert_eq!(town.read(home).await, [post]);

        town.write(move |tx| {
            homes::clear_home(tx, bea)?;
            parvis_jobs::enqueue::<Town, Rebuild>(tx, &(bea.0,), None, tx.now())?;
            Ok(())
        })
        .await;
        jobs.run_due().await.unwrap();
        assert_eq!(town.read(home).await, [post]);
        nothing_is_left(&town).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_deleted_account_left_behind_is_removed() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            for n in 0..3 {
                statuses::publish(tx, ana, &draft(&format!("post {n}")))?;
            }
            accounts::delete::delete(tx, ana)
        })
        .await;
        runner(&town).run_due().await.unwrap();
        let posts = town.read(move |c| Ok(parvis_store::statuses::ids_of_account(c, ana, 10)?)).await;
        assert!(posts.is_empty());
        assert!(town.read(move |c| Ok(parvis_store::logins::of_account(c, ana)?)).await.is_none());
        nothing_is_left(&town).await;
    })
    .await;
}

#[tokio::test]
async fn key_pairs_are_made_ahead_every_hour() {
    both(|town| async move {
        let jobs = runner(&town);
        jobs.run_due().await.unwrap();
        assert_eq!(town.read(|c| Ok(keys::pool_size(c)?)).await, 0);
        town.clock.advance(HOUR);
        jobs.run_due().await.unwrap();
        assert_eq!(town.read(|c| Ok(keys::pool_size(c)?)).await, key_pool::SIZE);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_forgotten_and_what_is_not_stays() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        let jobs = runner(&town);
        jobs.run_due().await.unwrap();
        let old = town.write(move |tx| statuses::publish(tx, ana, &draft("old"))).await;
        town.clock.advance(DAY - HOUR);
        let new = town.write(move |tx| statuses::publish(tx, ana, &draft("new"))).await;
        town.clock.advance(8 * HOUR);
        jobs.run_due().await.unwrap();
        let key_of = |words: &str| crate::secrets::hash(words);
        let (old_key, new_key) = (key_of("old"), key_of("new"));
        let known = town
            .read(move |c| {
                Ok((
                    policy::idempotent_status(c, ana, &old_key)?,
                    policy::idempotent_status(c, ana, &new_key)?,
                ))
            })
            .await;
        assert_eq!(known, (None, Some(new)), "the key of {old} is forgotten, the post is not");
        nothing_is_left(&town).await;
    })
    .await;
}

#[tokio::test]
async fn a_letter_survives_a_mail_server_that_is_down_and_its_link_is_not_readable_in_the_queue() {
    heard(|town| async move {
        town.resident("ana").await;
        let here = std::net::IpAddr::from([127, 0, 0, 1]);
        town.mail.set_down(true);
        crate::sign_in::reset::ask(&town, "ana@mail.example", here).await.unwrap();
        assert!(town.mail.letters().is_empty());
        town.clock.advance(HOUR);
        let now = town.now();
        let waiting = town.write(move |tx| Ok(rows::claim(tx, 10, now)?)).await;
        assert!(waiting.iter().any(|job| job.kind == "accounts.letter" && !job.payload.contains("token=")));
        town.mail.set_down(false);
        town.clock.advance(1);
        let jobs = runner(&town);
        jobs.run_due().await.unwrap();
        let token = town.mail.token_to("ana@mail.example");
        assert!(town.read(move |c| crate::sign_in::reset::is_usable(c, &token)).await);
        crate::sign_in::reset::ask(&town, "ana@mail.example", here).await.unwrap();
        assert_eq!(town.mail.letters().len(), 2);
        nothing_is_left(&town).await;
    })
    .await;
}

#[tokio::test]
async fn r5_what_a_killed_process_held_is_taken_up_by_the_next_one_that_is_alone() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| statuses::publish(tx, ana, &draft("The square is open."))).await;
        let until = town.handle().now().plus(DAY);
        let held = town.db().claim(move |tx| rows::claim(tx, 10, until)).await.unwrap();
        assert!(!held.is_empty());
        let taken = town.db().claim(move |tx| rows::claim(tx, 10, until)).await.unwrap();
        assert!(taken.is_empty(), "somebody has them");
        assert!(town.db().is_alone().await.unwrap());
        town.write(take_over).await;
        let again = town.db().claim(move |tx| rows::claim(tx, 10, until)).await.unwrap();
        assert_eq!(again.len(), held.len());
        assert!(again.iter().all(|job| job.attempts == 0), "an end that is no fault of theirs");
    })
    .await;
}

#[tokio::test]
async fn x1_what_older_rules_let_through_is_cleaned_again_when_the_rules_change() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        let bad = "<p onclick=\"x()\">hello <script>bad()</script></p>";
        let (own, other, zoe) = town
            .write(move |tx| {
                let mut who = parvis_store::accounts::by_id(tx, ana)?.expect("there");
                let zoe = parvis_model::ids::AccountId(tx.new_id());
                (who.id, who.username, who.host) = (zoe, "zoe".to_owned(), "far.example".to_owned());
                who.uri = "https://far.example/users/zoe".to_owned();
                who.skeleton = None;
                parvis_store::accounts::insert(tx, &who)?;
                let own = statuses::publish(tx, ana, &draft("The square is open."))?;
                let mut row = parvis_store::statuses::by_id(tx, own)?.expect("there");
                row.id = parvis_model::ids::StatusId(tx.new_id());
                (row.uri, row.account_id, row.is_local) = ("https://far.example/1".to_owned(), zoe, false);
                row.html = bad.to_owned();
                parvis_store::statuses::insert(tx, &row)?;
                let lines = serde_json::to_string(&[parvis_model::account::ProfileField {
                    name: "site".to_owned(),
                    value: bad.to_owned(),
                    value_source: None,
                    verified_at: None,
                }]);
                parvis_store::upkeep::set_person(tx, zoe, bad, &lines.expect("JSON"))?;
                Ok((own, row.id, zoe))
            })
            .await;
        let seen = move |c: &mut crate::Conn| {
            let posts = parvis_store::statuses::by_ids(c, &[own, other])?;
            let who = parvis_store::accounts::by_id(c, zoe)?.expect("there");
            let of =
                |id| posts.iter().find(|p| p.id == id).map(|p| (p.html.clone(), p.version)).expect("there");
            Ok((of(own), of(other), who.bio_html, who.fields))
        };
        let before = town.read(seen).await;
        let jobs = runner(&town);
        jobs.run_due().await.unwrap();
        town.clock.advance(HOUR);
        jobs.run_due().await.unwrap();
        let (own_after, other_after, bio, lines) = town.read(seen).await;
        assert_eq!(own_after, before.0, "the town's own HTML is not touched");
        assert_eq!(other_after.0, "<p>hello </p>");
        assert!(other_after.1 > before.1.1, "what was rendered before is out of date");
        assert_eq!(bio, "<p>hello </p>");
        assert!(!lines.contains("onclick") && !lines.contains("script"), "{lines}");
        town.clock.advance(HOUR);
        jobs.run_due().await.unwrap();
        assert_eq!(town.read(seen).await.1, other_after, "nothing to do a second time");
    })
    .await;
}
