//! Lists cost the same number of statements whatever stands in them: no query in a loop (design §1).

use parvis_domain::accounts::find;
use parvis_domain::rows::{NotificationFilter, Range, Scope};
use parvis_domain::statuses::{Draft, publish_whole, thread};
use parvis_domain::testing::{Cost, Place, cost_of};
use parvis_domain::{Conn, Error, notifications, timelines, views};
use parvis_model::ids::{AccountId, StatusId};
use system_tests::{Person, Setup, Town, Value, camera_picture, json, settle, text};

/// A list as its route loads it: how many stand in it.
type List = fn(&mut Conn, AccountId, StatusId) -> Result<usize, Error>;

const LISTS: [(&str, List); 9] = [
    ("home", |c, viewer, _| Ok(timelines::home(c, viewer, Range::newest(40))?.len())),
    ("public", |c, viewer, _| {
        Ok(timelines::public(c, Some(viewer), Scope::Federated, false, Range::newest(40))?.len())
    }),
    ("public, signed out", |c, _, _| {
        Ok(timelines::public(c, None, Scope::Local, false, Range::newest(40))?.len())
    }),
    ("tag", |c, viewer, _| {
        let wanted = timelines::Tags { any: vec!["square".to_owned()], ..timelines::Tags::default() };
        Ok(timelines::tagged(c, Some(viewer), &wanted, Scope::Federated, false, Range::newest(40))?.len())
    }),
    ("account", |c, viewer, _| {
        let ari = find::local(c, "ari")?.id;
        Ok(timelines::of_account(c, Some(viewer), ari, &timelines::Wanted::default(), Range::newest(40))?
            .len())
    }),
    ("notifications", |c, viewer, _| {
        Ok(notifications::page(c, viewer, &NotificationFilter::default(), Range::newest(40))?.len())
    }),
    ("groups of notifications", |c, viewer, _| {
        let all = NotificationFilter::default();
        Ok(notifications::groups::page(c, viewer, &all, None, Range::newest(40))?.groups.len())
    }),
    ("requests", |c, viewer, _| Ok(notifications::requests::page(c, viewer, Range::newest(40))?.len())),
    ("thread", |c, viewer, start| {
        let thread = thread::around(c, Some(viewer), start)?;
        Ok(thread.ancestors.len() + thread.descendants.len())
    }),
];

/// Statements and entries of every list.
async fn measured(town: &Town, start: &Value) -> Vec<(&'static str, Cost, usize)> {
    let start = text(start, "id").parse::<StatusId>().unwrap();
    let mut all = Vec::new();
    for (name, list) in LISTS {
        let counted = cost_of(town.town(), move |c| {
            let viewer = find::local(c, "ana")?.id;
            list(c, viewer, start)
        });
        let (entries, cost) = counted.await;
        all.push((name, cost, entries));
    }
    all
}

/// One of everything that a list can hold.
async fn live(town: &Town, ana: &Person<'_>, ari: &Person<'_>, start: &Value, round: usize) {
    let picture = ari.upload(camera_picture(), &format!("picture {round}")).await.ok();
    let post = ari.publish(json!({"status": format!("@ana {round} #square #t{round} https://example.org/{round}"), "media_ids": [picture["id"]]})).await;
    ari.reply(start, &format!("@ana and {round}")).await;
    let mine = ana.say(&format!("mine {round} #square")).await;
    ari.does("favourite", &mine).await;
    ari.does("reblog", &mine).await;
    ana.does("reblog", &post).await;
    ana.does("bookmark", &post).await;
    let stranger = town.resident(&format!("stranger{round}")).await;
    stranger.say_to("direct", &format!("@ana hello {round}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_list_costs_as_many_statements_as_a_short_one() {
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let town = Town::start(Setup { place, ..Setup::named("a.localhost") }).await;
        let (ana, ari) = (town.resident("ana").await, town.resident("ari").await);
        ana.follow(&ari).await;
        let start = ana.say("Who comes?").await;
        live(&town, &ana, &ari, &start, 0).await;
        settle(&[&town]).await;
        let few = measured(&town, &start).await;
        for round in 1..12 {
            live(&town, &ana, &ari, &start, round).await;
        }
        settle(&[&town]).await;
        let many = measured(&town, &start).await;
        for ((name, before, few), (_, after, many)) in few.into_iter().zip(many) {
            assert!(few >= 1 && many >= 10 && many > few, "{name}: {few} and {many} entries show nothing");
            assert!(
                after.is_at_most(before),
                "{name}: {before:?} statements for {few} entries, {after:?} for {many}"
            );
        }
    }
}

/// Posting asks little, with all who hear of it: on a database elsewhere each question is a way there and back. What is read again shows here.
#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_written_and_answered_with_few_statements() {
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let town = Town::start(Setup { place, ..Setup::named("a.localhost") }).await;
        let ana = town.resident("ana").await;
        // Known and kept, with a hashtag that is there.
        ana.say("Good morning #market").await;
        let db = town.town().db();
        let author = db.read(|c| find::local(c, "ana").map(|a| a.id)).await.unwrap();
        for (text, most) in [("The market moves.", 14), ("The market moves. #market", 18)] {
            let draft = Draft { text: text.to_owned(), ..Draft::default() };
            let written = db.counted_write(move |tx| publish_whole(tx, author, &draft));
            let ((id, parts), asked) = written.await.unwrap();
            assert!(asked <= most, "{text:?} was written with {asked} statements");
            let answered = db.counted_read(move |c| views::of_published(c, author, id, parts)).await;
            let (view, asked) = answered.unwrap();
            assert_eq!(view.unwrap().status.source, text);
            assert!(asked <= 4, "{text:?} was answered with {asked} statements");
        }
    }
}
