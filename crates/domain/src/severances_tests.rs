//! Who is told that follows ended, on both databases.

use parvis_model::account::Role;
use parvis_store::notifications::Filter;
use parvis_store::timelines::Range;

use super::*;
use crate::follows::{self, Wishes};
use crate::policy::{Severity, Terms};
use crate::testing::{Town, both};

async fn known(town: &Town, name: &str, host: &'static str) -> AccountId {
    let actor = crate::remote::tests::actor(host, name);
    town.write(move |tx| crate::remote::accounts::upsert(tx, &actor)).await
}

async fn told(town: &Town, who: AccountId) -> Vec<(String, String, i64, i64)> {
    let page = town.read(move |c| notifications::page(c, who, &Filter::default(), Range::newest(9))).await;
    page.into_iter()
        .filter_map(|n| n.severance)
        .map(|s| (s.kind, s.target, s.followers, s.following))
        .collect()
}

#[tokio::test]
async fn whoever_loses_follows_is_told_how_many_and_nobody_else() {
    both(|town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let bea = known(&town, "bea", "evil.example").await;
        let bob = known(&town, "bob", "sub.evil.example").await;
        let eve = known(&town, "eve", "notevil.example").await;
        town.write(move |tx| {
            for (who, whom) in [(ana, bea), (ana, bob), (ben, bea), (cem, eve)] {
                follows::follow(tx, who, whom, &Wishes::default(), None)?;
                follows::accept(tx, whom, who)?;
            }
            follows::follow(tx, bea, ana, &Wishes::default(), Some("https://evil.example/f/1")).map(|_| ())
        })
        .await;
        let terms = Terms { severity: Severity::Suspend, ..Terms::default() };
        town.write(move |tx| policy::set(tx, "evil.example", &terms).map(|_| ())).await;
        let mut telling =
            Some(Telling { host: "evil.example".to_owned(), after: AccountId(0), suspended: None });
        for round in 0.. {
            let Some(now) = telling.take() else { break };
            assert!(round < 5, "it ends");
            telling = town.write(move |tx| tell(tx, &now, 1)).await;
        }
        let of_town = |followers, following| {
            vec![("domain_block".to_owned(), "evil.example".to_owned(), followers, following)]
        };
        assert_eq!(told(&town, ana).await, of_town(1, 2));
        assert_eq!(told(&town, ben).await, of_town(0, 1));
        assert_eq!(told(&town, cem).await, [], "another server");
        town.write(move |tx| crate::host_blocks::block(tx, cem, "notevil.example")).await;
        let by_cem = ("user_domain_block".to_owned(), "notevil.example".to_owned(), 0, 1);
        assert_eq!(told(&town, cem).await, [by_cem]);
    })
    .await;
}

#[tokio::test]
async fn a_block_that_was_lifted_before_the_job_ran_is_told_to_nobody() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let bea = known(&town, "bea", "evil.example").await;
    town.write(move |tx| {
        follows::follow(tx, ana, bea, &Wishes::default(), None)?;
        follows::accept(tx, bea, ana)
    })
    .await;
    let telling = Telling { host: "evil.example".to_owned(), after: AccountId(0), suspended: None };
    assert_eq!(town.write(move |tx| tell(tx, &telling, 9)).await, None);
    assert_eq!(told(&town, ana).await, []);
}

#[tokio::test]
async fn many_people_are_told_with_as_many_statements_as_one() {
    both(|town| async move {
        let mut costs = Vec::new();
        for (host, count) in [("one.example", 1), ("many.example", 6)] {
            let bea = known(&town, "bea", host).await;
            for n in 0..count {
                let who = town.resident(&format!("r{count}{n}")).await;
                town.write(move |tx| {
                    follows::follow(tx, who, bea, &Wishes::default(), None)?;
                    follows::accept(tx, bea, who)
                })
                .await;
            }
            let terms = Terms { severity: Severity::Suspend, ..Terms::default() };
            town.write(move |tx| policy::set(tx, host, &terms).map(|_| ())).await;
            let telling = Telling { host: host.to_owned(), after: AccountId(0), suspended: None };
            let told = town.db().counted_write(move |tx| tell(tx, &telling, 100)).await.unwrap();
            assert_eq!(told.0, None);
            costs.push(told.1);
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}

#[tokio::test]
async fn who_loses_a_follower_by_a_suspension_is_told() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let bea = known(&town, "bea", "away.example").await;
        town.write(move |tx| {
            for (n, whom) in [ana, ben].into_iter().enumerate() {
                follows::follow(
                    tx,
                    bea,
                    whom,
                    &Wishes::default(),
                    Some(&format!("https://away.example/f/{n}")),
                )?;
            }
            follows::follow(tx, ana, bea, &Wishes::default(), None)?;
            follows::accept(tx, bea, ana)
        })
        .await;
        let suspend = |who| move |tx: &mut Tx<'_>| crate::accounts::suspend::suspend(tx, Role::Admin, who);
        town.write(suspend(bea)).await;
        let mut telling =
            Some(Telling { host: "away.example".to_owned(), after: AccountId(0), suspended: Some(bea) });
        for round in 0.. {
            let Some(now) = telling.take() else { break };
            assert!(round < 4, "it ends");
            telling = town.write(move |tx| tell(tx, &now, 1)).await;
        }
        let lost = ("account_suspension".to_owned(), "bea@away.example".to_owned(), 1, 0);
        assert_eq!(told(&town, ana).await, std::slice::from_ref(&lost));
        assert_eq!(told(&town, ben).await, [lost]);

        let cem = known(&town, "cem", "away.example").await;
        let telling = Telling { host: "away.example".to_owned(), after: AccountId(0), suspended: Some(cem) };
        assert_eq!(town.write(move |tx| tell(tx, &telling, 9)).await, None, "nobody suspended them");
    })
    .await;
}

#[tokio::test]
async fn a_suspension_leaves_the_telling_to_the_job() {
    let town = Town::builder().listeners(vec![crate::jobs::on_event]).build().await;
    let ana = town.resident("ana").await;
    let bea = known(&town, "bea", "away.example").await;
    town.write(move |tx| {
        follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/f/1")).map(|_| ())
    })
    .await;
    town.write(move |tx| crate::accounts::suspend::suspend(tx, Role::Admin, bea)).await;
    town.run_jobs().await;
    assert_eq!(told(&town, ana).await.len(), 1);
}
