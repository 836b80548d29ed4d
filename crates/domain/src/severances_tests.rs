//! Who is told that follows ended, on both databases.

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
        let mut telling = Some(Telling { host: "evil.example".to_owned(), after: AccountId(0) });
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
    let telling = Telling { host: "evil.example".to_owned(), after: AccountId(0) };
    assert_eq!(town.write(move |tx| tell(tx, &telling, 9)).await, None);
    assert_eq!(told(&town, ana).await, []);
}
