//! Who finds whom and what by words, on both databases. What is typed: `query`; the index itself: `store::status_words`.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;

use super::index::{index_noted, on_event};
use super::*;
use crate::accounts::profile::{self, Change};
use crate::follows::{self, Wishes};
use crate::remote::{self, RemoteActor};
use crate::statuses::{Draft, Edit, boost, delete, edit, publish, unboost};
use crate::testing::{Town, both_with, cost_of, somebody};
use crate::{blocks, reactions};
use parvis_model::account::Role;

async fn write(town: &Town, who: AccountId, text: &'static str, visibility: Visibility) -> StatusId {
    let draft = Draft { text: text.to_owned(), visibility, ..Draft::default() };
    town.write(move |tx| publish(tx, who, &draft)).await
}

async fn index_all(town: &Town) {
    while town.db().claim(index_noted).await.unwrap() {}
}

async fn posts(town: &Town, viewer: AccountId, text: &str) -> Vec<StatusId> {
    let query = Query { text: text.to_owned(), statuses: true, limit: 20, ..Query::default() };
    index_all(town).await;
    let found = search(town, Some(viewer), query).await.unwrap();
    found.statuses.into_iter().map(|view| view.status.id).collect()
}

async fn people(town: &Town, viewer: Viewer, text: &str) -> Vec<String> {
    let query = Query { text: text.to_owned(), accounts: true, limit: 20, ..Query::default() };
    let found = search(town, viewer, query).await.unwrap();
    found.accounts.into_iter().map(|view| view.account.acct()).collect()
}

async fn call(town: &Town, who: AccountId, name: &'static str) {
    let change = Change { display_name: Some(name.to_owned()), ..Change::default() };
    town.write(move |tx| profile::update(tx, who, &change)).await;
}

async fn agree(town: &Town, who: AccountId, is_indexable: bool) {
    let change = Change { is_indexable: Some(is_indexable), ..Change::default() };
    town.write(move |tx| profile::update(tx, who, &change)).await;
    town.clock.advance(2 * parvis_model::time::MINUTE);
    town.run_jobs().await;
}

#[tokio::test]
async fn people_are_found_by_the_beginning_of_any_word_of_what_they_are_called() {
    both_with(&[on_event], |town| async move {
        let (lea, ben) = (town.resident("lea_m").await, town.resident("ben").await);
        call(&town, lea, "Léa Martin-Duval").await;
        for text in ["lea", "LÉA", "mart", "duv", "Lea Mar", "duval lea", "lea_m", "@lea"] {
            assert_eq!(people(&town, Some(ben), text).await, ["lea_m"], "{text}");
        }
        for text in ["artin", "lea ben", "%", "_", "leaa", "lea x"] {
            assert!(people(&town, Some(ben), text).await.is_empty(), "{text}");
        }
        call(&town, lea, "Zoé").await;
        assert!(people(&town, None, "martin").await.is_empty(), "no longer");
        assert_eq!(people(&town, None, "zoe").await, ["lea_m"]);
        let far = RemoteActor { name: "Zoé Far".to_owned(), ..somebody("away.example", "zz") };
        let near = RemoteActor { name: "Zoé Near".to_owned(), ..somebody("away.example", "zy") };
        let far = town.write(move |tx| remote::accounts::upsert(tx, &far)).await;
        town.write(move |tx| remote::accounts::upsert(tx, &near)).await;
        assert_eq!(people(&town, Some(ben), "zoe").await, ["lea_m", "zz@away.example", "zy@away.example"]);
        town.write(move |tx| follows::follow(tx, ben, far, &Wishes::default(), None)).await;
        town.write(move |tx| follows::accept(tx, far, ben)).await;
        assert_eq!(people(&town, Some(ben), "zoe").await, ["zz@away.example", "lea_m", "zy@away.example"]);
        town.write(move |tx| crate::accounts::suspend::suspend(tx, Role::Admin, lea)).await;
        assert_eq!(people(&town, Some(ben), "zoe").await, ["zz@away.example", "zy@away.example"]);
    })
    .await;
}

#[tokio::test]
async fn i5_posts_are_found_by_those_whom_they_concern_and_by_all_where_the_author_agrees() {
    both_with(&[on_event], |town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let open = write(&town, ana, "Le marché de Noël", Visibility::Public).await;
        assert!(posts(&town, cem, "marché").await.is_empty(), "nobody asked her");
        agree(&town, ana, true).await;
        let quiet = write(&town, ana, "marché, tout bas", Visibility::Unlisted).await;
        let direct = write(&town, ana, "@ben le marché", Visibility::Direct).await;
        assert_eq!(posts(&town, ana, "marche").await, [direct, quiet, open]);
        assert_eq!(posts(&town, ben, "MARCHES").await, [direct, open]);
        assert_eq!(posts(&town, cem, "marché").await, [open]);
        let change = Change { is_indexable: Some(false), ..Change::default() };
        town.write(move |tx| profile::update(tx, ana, &change)).await;
        let query = Query { statuses: true, limit: 20, ..Query::default() };
        let at_once = move |c: &mut Conn| by_words(c, Some(cem), "town.example", "marché", &query);
        assert!(town.read(at_once).await.statuses.is_empty(), "before the index knows");
        agree(&town, ana, false).await;
        assert!(posts(&town, cem, "marché").await.is_empty(), "she does not want that any more");
        assert_eq!(posts(&town, ana, "marche").await, [direct, quiet, open]);
        for (concerns, does) in [(true, 0), (false, 1), (true, 2), (false, 3), (true, 4), (false, 5)] {
            town.write(move |tx| {
                match does {
                    0 => reactions::favourite(tx, cem, quiet, None)?,
                    1 => reactions::unfavourite(tx, cem, quiet)?,
                    2 => reactions::bookmark(tx, cem, quiet)?,
                    3 => reactions::unbookmark(tx, cem, quiet)?,
                    4 => boost(tx, cem, quiet, None)?,
                    _ => unboost(tx, cem, quiet)?,
                };
                Ok(())
            })
            .await;
            assert_eq!(posts(&town, cem, "marche").await, [quiet; 1][..usize::from(concerns)], "{does}");
        }
        agree(&town, ana, true).await;
        assert_eq!(posts(&town, cem, "marche noel").await, [open]);
        town.write(move |tx| blocks::block(tx, ana, cem, None)).await;
        assert!(posts(&town, cem, "marche").await.is_empty(), "nothing of who blocks one");
        let nobody = Query { text: "marche".to_owned(), statuses: true, limit: 20, ..Query::default() };
        assert!(search(&town, None, nobody).await.unwrap().statuses.is_empty(), "for people signed in");
    })
    .await;
}

#[tokio::test]
async fn what_is_found_follows_the_text() {
    both_with(&[on_event], |town| async move {
        let ana = town.resident("ana").await;
        let post = write(&town, ana, "A bench in the square", Visibility::Private).await;
        assert_eq!(posts(&town, ana, "bench -tree").await, [post]);
        let change = Edit { text: Some("A tree in the square".to_owned()), ..Edit::default() };
        town.write(move |tx| edit(tx, ana, post, &change)).await;
        assert!(posts(&town, ana, "bench").await.is_empty());
        assert_eq!(posts(&town, ana, "\"tree in the\" from:me in:library").await, [post]);
        assert!(posts(&town, ana, "tree in:public").await.is_empty());
        assert!(posts(&town, ana, "tree from:@nobody@away.example").await.is_empty());
        town.write(move |tx| delete(tx, ana, post)).await;
        assert!(posts(&town, ana, "tree").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn posts_from_elsewhere_are_found_where_their_server_says_that_they_may() {
    both_with(&[on_event], |town| async move {
        let ana = town.resident("ana").await;
        let bea = |is_indexable| RemoteActor { is_indexable, ..somebody("away.example", "bea") };
        let closed = bea(false);
        town.write(move |tx| remote::accounts::upsert(tx, &closed)).await;
        let id = remote::tests::create(&town, remote::tests::note("1")).await.kept().unwrap();
        assert!(posts(&town, ana, "hi").await.is_empty());
        let open = bea(true);
        town.write(move |tx| remote::accounts::upsert(tx, &open)).await;
        town.clock.advance(2 * parvis_model::time::MINUTE);
        town.run_jobs().await;
        assert_eq!(posts(&town, ana, "hi").await, [id]);
    })
    .await;
}

#[tokio::test]
async fn accounts_and_posts_from_before_are_found_after_an_upgrade() {
    // Nobody hears of events, as if the program had been an older one.
    both_with(&[], |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        agree(&town, ana, true).await;
        let post = write(&town, ana, "An old bench", Visibility::Public).await;
        town.write(move |tx| Ok(parvis_store::account_words::set(tx, ana, true, &[])?)).await;
        assert!(posts(&town, ben, "bench").await.is_empty());
        assert!(people(&town, Some(ben), "ana").await.is_empty());
        town.run_jobs().await;
        town.clock.advance(parvis_model::time::HOUR);
        town.run_jobs().await;
        assert_eq!(posts(&town, ben, "bench").await, [post]);
        assert_eq!(people(&town, Some(ben), "ana").await, ["ana"]);
    })
    .await;
}

#[tokio::test]
async fn a_long_page_of_finds_costs_as_many_statements_as_a_short_one() {
    both_with(&[on_event], |town| async move {
        let (ana, ben) = (town.resident("word").await, town.resident("ben").await);
        agree(&town, ana, true).await;
        let query = Query { accounts: true, statuses: true, hashtags: true, limit: 40, ..Query::default() };
        let mut costs = Vec::new();
        for round in 0..2 {
            for n in 0..=round * 8 {
                write(&town, ana, "a word #word", Visibility::Public).await;
                town.resident(&format!("word{round}{n}")).await;
            }
            index_all(&town).await;
            let query = query.clone();
            let (found, cost) =
                cost_of(&town, move |c| by_words(c, Some(ben), "town.example", "word", &query)).await;
            assert!(found.statuses.len() > round * 8 && found.accounts.len() > round * 8);
            costs.push(cost);
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}
