//! Polls over the wire, on both databases: votes in and out, numbers in and out. Rows of threats.md §10 by name.

use parvis_domain::follows::Wishes;
use parvis_domain::polls::{self, PollDraft, PollView};
use parvis_domain::rows::Status;
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town;
use parvis_domain::{Error, actors, follows, views};
use parvis_jobs::{Registry, Runner};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::{HOUR, MINUTE};
use parvis_model::visibility::Visibility;
use serde_json::{Value, json};

use crate::fetch::Federation;
use crate::world::{both, fetcher, receive, remote, sent_to};

const BEA: &str = "https://away.example/users/bea";
const BOB: &str = "https://away.example/users/bob";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const QUESTION: &str = "https://away.example/notes/q";

struct Scene {
    fetcher: Federation,
    ana: AccountId,
    bea: AccountId,
}

async fn scene(town: &Town) -> Scene {
    let (ana, bea) = (town.resident("ana").await, remote(town, "bea").await);
    remote(town, "bob").await;
    Scene { fetcher: fetcher(town).await, ana, bea }
}

impl Scene {
    async fn gets(&self, town: &Town, activity: Value) {
        let actor = activity["actor"].as_str().unwrap().to_owned();
        receive(town, &self.fetcher, &actor, &activity).await;
    }

    /// Ana asks something for an hour.
    async fn asks(&self, town: &Town, is_multiple: bool, visibility: Visibility) -> (StatusId, String) {
        let ana = self.ana;
        let poll = PollDraft {
            options: vec!["Friday".to_owned(), "Saturday".to_owned()],
            seconds: Some(3_600),
            is_multiple,
            hides_totals: false,
        };
        let draft = Draft { text: "Which?".to_owned(), visibility, poll: Some(poll), ..Draft::default() };
        let id = town.write(move |tx| statuses::publish(tx, ana, &draft)).await;
        (id, town.urls().status("ana", id))
    }

    async fn ana_follows_bea(&self, town: &Town) {
        let (ana, bea) = (self.ana, self.bea);
        town.write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
        town.write(move |tx| follows::accept(tx, bea, ana)).await;
    }

    /// Bea's question is known here.
    async fn bea_asks(&self, town: &Town) -> Status {
        self.ana_follows_bea(town).await;
        self.gets(town, about("Create", "q", BEA, question(town, "anyOf", [2, 3]))).await;
        stored(town).await.unwrap()
    }
}

fn about(kind: &str, id: &str, actor: &str, object: Value) -> Value {
    json!({ "id": format!("https://away.example/acts/{id}"), "type": kind, "actor": actor, "to": [PUBLIC], "object": object })
}

/// A vote as Mastodon sends it.
fn a_vote(id: &str, actor: &str, question: &str, option: &str) -> Value {
    about(
        "Create",
        id,
        actor,
        json!({
            "id": format!("{actor}#votes/{id}"), "type": "Note", "name": option, "attributedTo": actor,
            "to": "http://town.example/users/ana", "inReplyTo": question,
        }),
    )
}

fn question(town: &Town, how: &str, votes: [u32; 2]) -> Value {
    let option = |name: &str, votes: u32| json!({ "type": "Note", "name": name, "replies": { "type": "Collection", "totalItems": votes } });
    json!({
        "id": QUESTION, "type": "Question", "attributedTo": BEA, "content": "<p>Which?</p>", "to": [PUBLIC],
        "cc": [format!("{BEA}/followers")], "published": "2026-11-22T08:00:00Z",
        "endTime": town.now().plus(HOUR).to_rfc3339(), "votersCount": 4,
        how: [option("Tea <b>", votes[0]), option("Coffee", votes[1])],
    })
}

async fn stored(town: &Town) -> Option<Status> {
    town.read(|c| actors::post_by_uri(c, QUESTION)).await
}

async fn poll_of(town: &Town, viewer: Option<AccountId>, id: StatusId) -> PollView {
    town.read(move |c| views::of_status(c, viewer, id)).await.unwrap().poll.unwrap()
}

fn numbers(view: &PollView) -> (Vec<i64>, Option<i64>) {
    (view.options.iter().map(|o| o.votes).collect(), view.voters)
}

async fn run_jobs(town: &Town) {
    let registry = parvis_domain::jobs::add_to(Registry::default());
    Runner::new(town.db().clone(), town.handle(), registry).run_due().await.unwrap();
}

#[tokio::test]
async fn v3_a_vote_from_elsewhere_counts_once_and_is_no_post() {
    both(|town| async move {
        let s = scene(&town).await;
        let (id, uri) = s.asks(&town, false, Visibility::Public).await;
        s.gets(&town, a_vote("1", BEA, &uri, "Saturday")).await;
        for (n, option) in [("2", "Saturday"), ("3", "Friday"), ("4", "saturday"), ("5", "Sunday")] {
            s.gets(&town, a_vote(n, BEA, &uri, option)).await;
        }
        s.gets(&town, a_vote("6", BOB, &town.urls().status_page("ana", id), "Saturday")).await;
        // Somebody else's vote in Bob's name.
        let mut forged = a_vote("7", BEA, &uri, "Friday");
        forged["object"]["attributedTo"] = json!(BOB);
        s.gets(&town, forged).await;
        assert_eq!(numbers(&poll_of(&town, None, id).await), (vec![0, 2], Some(2)));
        let ana = s.ana;
        let view = town.read(move |c| views::of_status(c, Some(ana), id)).await.unwrap();
        assert_eq!(view.counts.replies, 0, "a vote is no answer");
        let around = town.read(move |c| statuses::thread::around(c, Some(ana), id)).await;
        assert!(around.descendants.is_empty());
    })
    .await;
}

#[tokio::test]
async fn v3_choices_of_several_come_one_by_one_and_nothing_counts_after_the_end_or_from_those_who_cannot_see()
{
    both(|town| async move {
        let s = scene(&town).await;
        let (id, uri) = s.asks(&town, true, Visibility::Public).await;
        for (n, option) in [("1", "Saturday"), ("2", "Friday"), ("3", "Friday")] {
            s.gets(&town, a_vote(n, BEA, &uri, option)).await;
        }
        assert_eq!(numbers(&poll_of(&town, None, id).await), (vec![1, 1], Some(1)));
        let (private, private_uri) = s.asks(&town, false, Visibility::Private).await;
        s.gets(&town, a_vote("4", BEA, &private_uri, "Friday")).await;
        assert_eq!(numbers(&poll_of(&town, Some(s.ana), private).await), (vec![0, 0], Some(0)));
        town.clock.advance(HOUR);
        s.gets(&town, a_vote("5", BOB, &uri, "Friday")).await;
        assert_eq!(numbers(&poll_of(&town, None, id).await), (vec![1, 1], Some(1)));
    })
    .await;
}

#[tokio::test]
async fn a_poll_leaves_as_a_question_and_its_numbers_follow_together() {
    both(|town| async move {
        let s = scene(&town).await;
        let (ana, bea) = (s.ana, s.bea);
        town.write(move |tx| {
            follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/follows/1"))
        })
        .await;
        let (id, uri) = s.asks(&town, false, Visibility::Public).await;
        let sent = sent_to(&town, "away.example").await;
        let object = &sent.last().unwrap().0["object"];
        assert_eq!((&object["type"], &object["id"]), (&json!("Question"), &json!(uri)));
        assert_eq!(object["endTime"], json!(town.now().plus(HOUR).to_rfc3339()));
        assert!(
            object.get("closed").is_none() && object.get("anyOf").is_none() && object.get("name").is_none()
        );
        let friday =
            json!({ "type": "Note", "name": "Friday", "replies": { "type": "Collection", "totalItems": 0 } });
        assert_eq!((&object["oneOf"][0], &object["votersCount"]), (&friday, &json!(0)));
        let ben = town.resident("ben").await;
        let poll = poll_of(&town, None, id).await.poll.id;
        town.write(move |tx| polls::vote(tx, ben, poll, &[1])).await;
        s.gets(&town, a_vote("1", BEA, &uri, "Saturday")).await;
        run_jobs(&town).await;
        assert_eq!(sent_to(&town, "away.example").await.len(), sent.len(), "not at once");
        town.clock.advance(3 * MINUTE);
        run_jobs(&town).await;
        let told = sent_to(&town, "away.example").await;
        assert_eq!(told.len(), sent.len() + 1, "two votes, one Update");
        let (update, _) = told.last().unwrap();
        let object = &update["object"];
        assert_eq!((&update["type"], &object["votersCount"]), (&json!("Update"), &json!(2)));
        assert_eq!(object["oneOf"][1]["replies"]["totalItems"], json!(2));
        assert!(object.get("updated").is_none(), "numbers are no edit");
        town.clock.advance(HOUR);
        run_jobs(&town).await;
        let (last, _) = sent_to(&town, "away.example").await.pop().unwrap();
        assert_eq!(last["object"]["closed"], last["object"]["endTime"]);
        assert!(last["object"]["closed"].is_string());
    })
    .await;
}

#[tokio::test]
async fn a_question_is_kept_with_its_poll_and_new_numbers_are_no_edit() {
    both(|town| async move {
        let s = scene(&town).await;
        let post = s.bea_asks(&town).await;
        assert!(!post.html.contains("Coffee"), "options are no text: {}", post.html);
        let poll = poll_of(&town, None, post.id).await;
        assert_eq!((numbers(&poll), poll.votes), ((vec![2, 3], Some(4)), 5));
        assert_eq!(poll.options[0].title, "Tea <b>", "text is text");
        s.gets(&town, about("Update", "u1", BEA, question(&town, "anyOf", [7, 4]))).await;
        let after = stored(&town).await.unwrap();
        assert_eq!((after.edited_at, after.version), (None, post.version));
        assert_eq!(numbers(&poll_of(&town, None, post.id).await).0, [7, 4]);
        s.gets(&town, about("Update", "u2", BOB, question(&town, "anyOf", [9, 9]))).await;
        assert_eq!(numbers(&poll_of(&town, None, post.id).await).0, [7, 4], "only its author counts");
        let mut other = question(&town, "anyOf", [0, 0]);
        other["anyOf"][1]["name"] = json!("Water");
        other["updated"] = json!(town.now().to_rfc3339());
        s.gets(&town, about("Update", "u3", BEA, other)).await;
        let changed = poll_of(&town, None, post.id).await;
        assert_ne!(changed.poll.id, poll.poll.id, "other options are another poll");
        assert!(stored(&town).await.unwrap().edited_at.is_some());
        // Closed before its time.
        let mut closed = question(&town, "anyOf", [0, 0]);
        closed["anyOf"][1]["name"] = json!("Water");
        closed["updated"] = json!(town.now().to_rfc3339());
        closed["closed"] = json!(town.now().to_rfc3339());
        s.gets(&town, about("Update", "u4", BEA, closed)).await;
        assert!(poll_of(&town, None, post.id).await.is_expired);
    })
    .await;
}

#[tokio::test]
async fn a_vote_leaves_once_per_choice_and_shows_until_the_author_s_server_counts_it() {
    both(|town| async move {
        let s = scene(&town).await;
        let post = s.bea_asks(&town).await;
        let before = sent_to(&town, "away.example").await.len();
        let (ana, poll) = (s.ana, poll_of(&town, None, post.id).await.poll.id);
        town.clock.advance(1);
        town.write(move |tx| polls::vote(tx, ana, poll, &[0, 1])).await;
        let refused = town.db().write(move |tx| polls::vote(tx, ana, poll, &[0])).await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let sent = sent_to(&town, "away.example").await;
        let votes = &sent[before..];
        assert_eq!(votes.len(), 2);
        for ((vote, inboxes), name) in votes.iter().zip(["Tea <b>", "Coffee"]) {
            assert_eq!(inboxes, &[format!("{BEA}/inbox")], "the author's server and nobody else");
            let object = &vote["object"];
            assert_eq!((&vote["type"], &vote["to"]), (&json!("Create"), &json!([BEA])));
            assert_eq!((&object["name"], &object["inReplyTo"]), (&json!(name), &json!(QUESTION)));
            assert_eq!((&object["to"], object.get("content")), (&json!([BEA]), None));
        }
        let seen = poll_of(&town, Some(ana), post.id).await;
        assert_eq!((numbers(&seen), seen.own), ((vec![3, 4], Some(5)), vec![0, 1]));
        town.clock.advance(MINUTE);
        let mut counted = question(&town, "anyOf", [3, 4]);
        counted["votersCount"] = json!(5);
        s.gets(&town, about("Update", "u1", BEA, counted)).await;
        let seen = poll_of(&town, Some(ana), post.id).await;
        assert_eq!((numbers(&seen), seen.has_voted), ((vec![3, 4], Some(5)), true), "not counted twice");
    })
    .await;
}

#[tokio::test]
async fn j3_a_poll_with_thousands_of_options_is_cut() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        let mut many = question(&town, "oneOf", [0, 0]);
        many["oneOf"] = (0..10_000)
            .map(|n| json!({ "type": "Note", "name": format!("{n}{}", "x".repeat(60)) }))
            .collect();
        s.gets(&town, about("Create", "q", BEA, many)).await;
        let id = stored(&town).await.unwrap().id;
        assert_eq!(poll_of(&town, None, id).await.options.len(), 20);
    })
    .await;
}
