//! Quotes across servers, delivered through the inbox, on both databases.

use axum::body::{Body, to_bytes};
use http::Request;
use parvis_domain::follows::{self, Wishes};
use parvis_domain::rows::Quote;
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town;
use parvis_domain::{actors, blocks, quotes};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::quote::{QuotePolicy, QuoteState};
use parvis_model::visibility::Visibility;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::fetch::Federation;
use crate::world::{both, fetcher, receive, remote, sent_to};

const AWAY: &str = "away.example";
const BEA: &str = "https://away.example/users/bea";
const BOB: &str = "https://away.example/users/bob";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

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

    async fn post(&self, town: &Town, policy: QuotePolicy, visibility: Visibility) -> (StatusId, String) {
        let ana = self.ana;
        let draft =
            Draft { text: "one".to_owned(), quote_policy: Some(policy), visibility, ..Draft::default() };
        let id = town.write(move |tx| statuses::publish(tx, ana, &draft)).await;
        (id, town.urls().status("ana", id))
    }

    /// Ana follows Bea and has a post of hers.
    async fn has_post_of_bea(&self, town: &Town, policy: &str) -> StatusId {
        let (ana, bea) = (self.ana, self.bea);
        town.write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
        town.write(move |tx| follows::accept(tx, bea, ana)).await;
        let mut post = note("b1", BEA, None);
        post["interactionPolicy"] = json!({ "canQuote": { "automaticApproval": [policy] } });
        self.gets(town, about("Create", "c-b1", BEA, post)).await;
        found(town, "b1").await
    }
}

fn note(id: &str, author: &str, quotes: Option<&str>) -> Value {
    let mut note = json!({
        "id": format!("https://away.example/notes/{id}"), "type": "Note", "attributedTo": author,
        "content": "<p class=\"quote-inline\">RE: x</p><p>look</p>", "to": [PUBLIC], "cc": [format!("{author}/followers")],
    });
    if let Some(uri) = quotes {
        note["quote"] = json!(uri);
    }
    note
}

fn about(kind: &str, id: &str, actor: &str, object: Value) -> Value {
    json!({ "id": format!("https://away.example/acts/{id}"), "type": kind, "actor": actor, "to": [PUBLIC], "object": object })
}

fn request(id: &str, actor: &str, quoted: &str, quoting: Value) -> Value {
    json!({
        "id": format!("https://away.example/acts/{id}"), "type": "QuoteRequest", "actor": actor, "object": quoted,
        "instrument": quoting,
    })
}

async fn found(town: &Town, id: &str) -> StatusId {
    let uri = format!("https://away.example/notes/{id}");
    town.read(move |c| actors::post_by_uri(c, &uri)).await.unwrap().id
}

async fn quote_of(town: &Town, id: StatusId) -> Quote {
    town.read(move |c| quotes::of_quoting(c, id)).await.unwrap()
}

/// What was sent since the beginning, by type.
async fn kinds(town: &Town) -> Vec<String> {
    sent_to(town, AWAY).await.iter().map(|(a, _)| a["type"].as_str().unwrap().to_owned()).collect()
}

async fn served(town: &Town, path: &str) -> (u16, Value) {
    let router = crate::serve::router(town.handle());
    let get = Request::get(path).header("accept", "application/activity+json").body(Body::empty()).unwrap();
    let answer = router.oneshot(get).await.unwrap();
    let status = answer.status().as_u16();
    (
        status,
        serde_json::from_slice(&to_bytes(answer.into_body(), 100_000).await.unwrap()).unwrap_or_default(),
    )
}

#[tokio::test]
async fn a_request_that_the_policy_allows_is_accepted_and_the_consent_can_be_read_and_taken_back() {
    both(|town| async move {
        let s = scene(&town).await;
        let (post, uri) = s.post(&town, QuotePolicy::PUBLIC, Visibility::Public).await;
        s.gets(&town, request("q1", BEA, &uri, note("n1", BEA, Some(&uri)))).await;
        let quoting = found(&town, "n1").await;
        let accept = sent_to(&town, AWAY).await.pop().unwrap().0;
        let stamp = town.urls().quote_authorization("ana", quoting);
        assert_eq!((&accept["type"], &accept["result"]), (&json!("Accept"), &json!(stamp)));
        assert_eq!(accept["object"]["id"], "https://away.example/acts/q1");
        assert_eq!(accept["to"], json!([BEA]));
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Accepted);
        let path = format!("/users/ana/quote_authorizations/{quoting}");
        let (status, document) = served(&town, &path).await;
        assert_eq!(
            (status, &document["type"], &document["id"]),
            (200, &json!("QuoteAuthorization"), &json!(stamp))
        );
        assert_eq!(document["interactingObject"], "https://away.example/notes/n1");
        assert_eq!(
            (&document["interactionTarget"], &document["attributedTo"]),
            (&json!(uri), &json!(town.urls().actor("ana")))
        );
        assert_eq!(served(&town, &format!("/users/ana/quote_authorizations/{post}")).await.0, 404);
        let ana = s.ana;
        town.write(move |tx| quotes::revoke(tx, ana, post, quoting)).await;
        let delete = sent_to(&town, AWAY).await.pop().unwrap().0;
        assert_eq!((&delete["type"], &delete["object"]["id"]), (&json!("Delete"), &json!(stamp)));
        assert_eq!(served(&town, &path).await.0, 404);
        // Asking again does not bring it back.
        s.gets(&town, request("q2", BEA, &uri, note("n1", BEA, Some(&uri)))).await;
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Revoked);
    })
    .await;
}

#[tokio::test]
async fn i2_a_request_that_may_not_be_is_refused_and_one_for_what_they_cannot_see_is_not_answered() {
    both(|town| async move {
        let s = scene(&town).await;
        let (_, closed) = s.post(&town, QuotePolicy::FOLLOWERS, Visibility::Public).await;
        s.gets(&town, request("q1", BEA, &closed, note("n1", BEA, Some(&closed)))).await;
        let reject = sent_to(&town, AWAY).await.pop().unwrap().0;
        assert_eq!(
            (&reject["type"], &reject["object"]["id"]),
            (&json!("Reject"), &json!("https://away.example/acts/q1"))
        );
        assert_eq!(reject["object"]["instrument"], "https://away.example/notes/n1");
        let (_, private) = s.post(&town, QuotePolicy::PUBLIC, Visibility::Private).await;
        s.gets(&town, request("q2", BEA, &private, note("n2", BEA, Some(&private)))).await;
        let (_, open) = s.post(&town, QuotePolicy::PUBLIC, Visibility::Public).await;
        let (ana, bea) = (s.ana, s.bea);
        town.write(move |tx| blocks::block(tx, ana, bea, None)).await;
        let before = kinds(&town).await;
        s.gets(&town, request("q3", BEA, &open, note("n3", BEA, Some(&open)))).await;
        assert_eq!(kinds(&town).await, before, "nobody hears what is not for them");
        // O4: somebody else's post inside is not believed, O1: nor one of another server.
        s.gets(&town, request("q4", BOB, &open, note("n4", BEA, Some(&open)))).await;
        s.gets(&town, request("q5", BOB, &open, json!("https://evil.example/notes/1"))).await;
        // One that quotes something else.
        s.gets(&town, request("q6", BOB, &open, note("n6", BOB, Some(&closed)))).await;
        assert_eq!(kinds(&town).await, before);
    })
    .await;
}

#[tokio::test]
async fn o9_a_quote_of_somebody_elsewhere_counts_when_they_and_nobody_else_said_yes() {
    both(|town| async move {
        let s = scene(&town).await;
        let post = s.has_post_of_bea(&town, PUBLIC).await;
        let ana = s.ana;
        let draft = Draft { text: "look".to_owned(), quoted: Some(post), ..Draft::default() };
        let quoting = town.write(move |tx| statuses::publish(tx, ana, &draft)).await;
        let (ask, inboxes) = sent_to(&town, AWAY).await.pop().unwrap();
        assert_eq!(
            (&ask["type"], &ask["object"]),
            (&json!("QuoteRequest"), &json!("https://away.example/notes/b1"))
        );
        assert_eq!(inboxes, [format!("{BEA}/inbox")]);
        let inside = &ask["instrument"];
        assert_eq!(inside["quote"], "https://away.example/notes/b1");
        assert!(
            inside["content"].as_str().unwrap().starts_with("<p class=\"quote-inline\">RE: <a "),
            "{inside}"
        );
        assert!(inside["quoteAuthorization"].is_null());
        let yes = |id: &str, actor: &str, result: &str| {
            let mut accept = about("Accept", id, actor, ask["id"].clone());
            accept["result"] = json!(result);
            accept
        };
        s.gets(&town, yes("a1", BOB, "https://away.example/stamps/1")).await;
        s.gets(&town, yes("a2", BEA, "https://evil.example/stamps/1")).await;
        s.gets(&town, about("Accept", "a3", BEA, ask["id"].clone())).await;
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Pending);
        s.gets(&town, yes("a4", BEA, "https://away.example/stamps/1")).await;
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Accepted);
        let document = served(&town, &format!("/users/ana/statuses/{quoting}")).await.1;
        assert_eq!(document["quoteAuthorization"], "https://away.example/stamps/1");
        s.gets(&town, about("Delete", "d1", BOB, json!("https://away.example/stamps/1"))).await;
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Accepted);
        s.gets(&town, about("Delete", "d2", BEA, json!("https://away.example/stamps/1"))).await;
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Revoked);
        let document = served(&town, &format!("/users/ana/statuses/{quoting}")).await.1;
        assert!(document["quote"].is_null() && !document["content"].as_str().unwrap().contains("RE:"));
    })
    .await;
}

#[tokio::test]
async fn a_no_from_elsewhere_is_a_no_and_a_closed_post_is_not_even_asked_for() {
    both(|town| async move {
        let s = scene(&town).await;
        let post = s.has_post_of_bea(&town, PUBLIC).await;
        let ana = s.ana;
        let draft = Draft { text: "look".to_owned(), quoted: Some(post), ..Draft::default() };
        let quoting = town
            .write({
                let draft = draft.clone();
                move |tx| statuses::publish(tx, ana, &draft)
            })
            .await;
        let ask = sent_to(&town, AWAY).await.pop().unwrap().0;
        s.gets(&town, about("Reject", "r1", BOB, ask.clone())).await;
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Pending);
        s.gets(&town, about("Reject", "r2", BEA, ask)).await;
        assert_eq!(quote_of(&town, quoting).await.state(), QuoteState::Rejected);
        // The policy changes without a new text.
        let mut closed = note("b1", BEA, None);
        closed["interactionPolicy"] = json!({ "canQuote": { "automaticApproval": [BEA] } });
        s.gets(&town, about("Update", "u1", BEA, closed)).await;
        let again = town.db().write(move |tx| statuses::publish(tx, ana, &draft)).await;
        assert!(matches!(again, Err(parvis_domain::Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn an_old_way_to_quote_is_kept_and_waits_unless_it_is_their_own() {
    both(|town| async move {
        let s = scene(&town).await;
        s.has_post_of_bea(&town, PUBLIC).await;
        let (_, uri) = s.post(&town, QuotePolicy::PUBLIC, Visibility::Public).await;
        for (id, of, state) in [
            ("l1", uri.as_str(), QuoteState::Pending),
            ("l2", "https://away.example/notes/b1", QuoteState::Accepted),
            ("l3", "https://elsewhere.example/1", QuoteState::Pending),
        ] {
            let mut old = note(id, BEA, None);
            old["_misskey_quote"] = json!(of);
            s.gets(&town, about("Create", &format!("c-{id}"), BEA, old)).await;
            let quoting = found(&town, id).await;
            assert_eq!(quote_of(&town, quoting).await.state(), state, "{id}");
        }
    })
    .await;
}
