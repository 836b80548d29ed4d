//! Groups of this town as others meet them (FEP-1b12): what comes in from members elsewhere, and what the group's followers elsewhere get, byte by byte.

use axum::body::{Body, to_bytes};
use http::{Request, StatusCode};
use parvis_domain::communities::{self, NewCommunity};
use parvis_domain::follows::{self, Wishes};
use parvis_domain::remote::accounts;
use parvis_domain::rows::Status;
use parvis_domain::staff::By;
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town;
use parvis_domain::{actors, facilitation, groups, outbox, reactions};
use parvis_model::ids::{AccountId, StatusId};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::fetch::Federation;
use crate::world::{actor_at, both, fetcher, key, receive, remote};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
const BEA: &str = "https://away.example/users/bea";

/// The group `garden` of this town, which Fay looks after; Bea of another server is a member, and Fan of a third one follows it.
struct Scene {
    town: Town,
    federation: Federation,
    garden: AccountId,
    fay: AccountId,
    uri: String,
}

impl Scene {
    async fn new(town: Town) -> Self {
        let federation = fetcher(&town).await;
        let fay = town.resident("fay").await;
        let new = NewCommunity {
            username: "garden".to_owned(),
            title: "The shared garden".to_owned(),
            charter: "Be kind.".to_owned(),
            facilitators: vec!["fay".to_owned()],
        };
        let garden = communities::create(&town, By::Operator, new).await.unwrap();
        remote(&town, "bea").await;
        let fan = actor_at("far.example", "fan", &key());
        let fan = town.write(move |tx| accounts::upsert(tx, &fan)).await;
        let follow = "https://far.example/follows/1";
        town.write(move |tx| follows::follow(tx, fan, garden, &Wishes::default(), Some(follow))).await;
        let uri = town.urls().actor("garden");
        Self { town, federation, garden, fay, uri }
    }

    /// Bea does something; the activity as she sent it.
    async fn bea(&self, kind: &str, id: &str, object: Value) -> String {
        self.says(
            BEA,
            json!({ "type": kind, "id": format!("https://away.example/acts/{id}"), "object": object }),
        )
        .await
    }

    async fn says(&self, actor: &str, mut activity: Value) -> String {
        activity["actor"] = json!(actor);
        activity["cc"] = json!([self.uri]);
        activity["to"] = json!([PUBLIC]);
        receive(&self.town, &self.federation, actor, &activity).await;
        activity.to_string()
    }

    /// A post as Lemmy's: no mention, the group as `audience`.
    fn page(&self, id: &str, parent: Option<&str>) -> Value {
        json!({
            "type": if parent.is_none() { "Page" } else { "Note" }, "id": format!("https://away.example/post/{id}"),
            "attributedTo": BEA, "to": [self.uri, PUBLIC], "cc": [], "audience": self.uri,
            "name": parent.is_none().then_some("Who has a rake?"), "content": "<p>I  need\u{a0}one</p>",
            "inReplyTo": parent, "published": self.town.now().to_rfc3339(),
        })
    }

    /// What is on its way to the followers elsewhere: the bodies.
    async fn out(&self) -> Vec<String> {
        self.town.db().claim(|tx| outbox::number(tx, 1_000)).await.unwrap();
        let batch = self.town.read(move |c| outbox::batch_for(c, "far.example", 1_000)).await;
        batch.map(|b| b.rows).unwrap_or_default().into_iter().map(|row| row.body).collect()
    }

    /// The Announces among them, plain ones by what they name, wrapped ones by the type inside.
    async fn announced(&self) -> Vec<String> {
        let named = |body: &String| {
            let activity: Value = serde_json::from_str(body).unwrap();
            if activity["type"] != "Announce" {
                return None;
            }
            assert_eq!(activity["actor"], json!(self.uri));
            assert_eq!(activity["to"], json!([PUBLIC]));
            let object = &activity["object"];
            Some(object.as_str().map_or_else(|| object["type"].as_str().unwrap().to_owned(), str::to_owned))
        };
        self.out().await.iter().filter_map(named).collect()
    }

    async fn post(&self, uri: &str) -> Option<Status> {
        let uri = uri.to_owned();
        self.town.read(move |c| actors::post_by_uri(c, &uri)).await
    }

    async fn publish(&self, who: AccountId, text: &str, to: Option<StatusId>) -> StatusId {
        let draft = Draft { text: text.to_owned(), in_reply_to: to, ..Draft::default() };
        self.town.write(move |tx| statuses::publish(tx, who, &draft)).await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).header("accept", "application/activity+json");
        let router = crate::serve::router(self.town.handle());
        let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 1_000_000).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

#[tokio::test]
async fn fep_1b12_a_group_is_described_as_lemmy_and_mastodon_read_it() {
    both(|town| async move {
        let s = Scene::new(town).await;
        let (_, mut doc) = s.get("/users/garden").await;
        doc["publicKey"]["publicKeyPem"] = json!("…");
        for name in ["@context", "assertionMethod"] {
            doc.as_object_mut().unwrap().shift_remove(name);
        }
        assert_eq!(
            doc,
            json!({
                "id": s.uri, "type": "Group", "preferredUsername": "garden", "name": "The shared garden",
                "summary": "<p>Be kind.</p>", "url": "http://town.example/@garden",
                "inbox": format!("{}/inbox", s.uri), "outbox": format!("{}/outbox", s.uri),
                "followers": format!("{}/followers", s.uri), "following": format!("{}/following", s.uri),
                "featured": format!("{}/collections/featured", s.uri),
                "featuredTags": format!("{}/collections/tags", s.uri),
                "endpoints": { "sharedInbox": "http://town.example/inbox" },
                "manuallyApprovesFollowers": false, "discoverable": true, "indexable": false,
                "published": doc["published"], "attributedTo": format!("{}/moderators", s.uri),
                "postingRestrictedToMods": false,
                "publicKey": { "id": format!("{}#main-key", s.uri), "owner": s.uri, "publicKeyPem": "…" },
                "tag": [], "attachment": [],
            })
        );
        let (_, moderators) = s.get("/users/garden/moderators").await;
        assert_eq!(moderators["orderedItems"], json!([s.town.urls().actor("fay")]));
        assert_eq!(s.get("/users/fay/moderators").await.0, StatusCode::NOT_FOUND);
        let (code, finger) = s.get("/.well-known/webfinger?resource=acct:garden@town.example").await;
        assert_eq!((code, &finger["links"][1]["href"]), (StatusCode::OK, &json!(s.uri)));
        let (_, followers) = s.get("/users/garden/followers?page=true").await;
        assert_eq!((&followers["totalItems"], &followers["orderedItems"]), (&json!(1), &json!([])));
    })
    .await;
}

#[tokio::test]
async fn fep_1b12_what_a_member_elsewhere_posts_is_boosted_and_passed_on_byte_by_byte() {
    both(|town| async move {
        let s = Scene::new(town).await;
        let page = s.page("1", None);
        let said = s.bea("Create", "1", page.clone()).await;
        let uri = "https://away.example/post/1";
        assert_eq!(s.announced().await, [uri, "Create"]);
        let wrapped = s.out().await.pop().unwrap();
        assert!(wrapped.ends_with(&format!(",\"object\":{said}}}")), "{wrapped}");
        // The same post in another Create is told to nobody.
        s.bea("Create", "1-again", page).await;
        assert_eq!(s.announced().await.len(), 2);
        // An answer is no boost; it is told to those who know groups.
        s.bea("Create", "2", s.page("2", Some(uri))).await;
        assert_eq!(s.announced().await, [uri, "Create", "Create"]);
        let (_, outbox) = s.get("/users/garden/outbox?page=true").await;
        assert_eq!(outbox["orderedItems"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&outbox["orderedItems"][0]["type"], &outbox["orderedItems"][0]["object"]),
            (&json!("Announce"), &json!(uri))
        );
    })
    .await;
}

#[tokio::test]
async fn o9_what_members_do_is_passed_on_when_it_had_an_effect() {
    both(|town| async move {
        let s = Scene::new(town).await;
        let mut page = s.page("1", None);
        s.bea("Create", "1", page.clone()).await;
        let uri = page["id"].clone();
        let like =
            json!({ "type": "Like", "id": "https://away.example/acts/2", "actor": BEA, "object": uri });
        s.bea("Like", "2", uri.clone()).await;
        s.bea("Like", "3", uri.clone()).await;
        s.bea("Undo", "4", like.clone()).await;
        s.bea("Undo", "5", like).await;
        page["content"] = json!("<p>found one</p>");
        page["updated"] = json!(s.town.now().to_rfc3339());
        s.town.clock.advance(parvis_model::time::MINUTE);
        page["updated"] = json!(s.town.now().to_rfc3339());
        s.bea("Update", "6", page.clone()).await;
        s.bea("Update", "7", page.clone()).await;
        s.bea("Announce", "8", uri.clone()).await;
        s.bea("Delete", "9", uri.clone()).await;
        s.bea("Delete", "10", uri.clone()).await;
        assert!(s.post(uri.as_str().unwrap()).await.is_none());
        assert_eq!(
            s.announced().await,
            ["https://away.example/post/1", "Create", "Like", "Undo", "Update", "Delete"],
            "once each, and no Announce of an Announce"
        );
    })
    .await;
}

#[tokio::test]
async fn what_residents_do_in_a_group_reaches_its_followers_elsewhere() {
    both(|town| async move {
        let s = Scene::new(town).await;
        let ana = s.town.resident("ana").await;
        let post = s.publish(ana, "@garden who has a rake?", None).await;
        let answer = s.publish(s.fay, "I have", Some(post)).await;
        s.town.write(move |tx| reactions::favourite(tx, ana, answer, None)).await;
        s.town.write(move |tx| reactions::unfavourite(tx, ana, answer)).await;
        let uri = s.town.urls().status("ana", post);
        assert_eq!(s.announced().await, ["Create", uri.as_str(), "Create", "Like", "Undo"]);
        let out: Vec<Value> = s.out().await.iter().map(|b| serde_json::from_str(b).unwrap()).collect();
        for (place, id) in [(1, &uri), (3, &s.town.urls().status("fay", answer))] {
            let create = &out[place]["object"];
            assert_eq!((&create["object"]["id"], &create["object"]["audience"]), (&json!(id), &json!(s.uri)));
            assert_eq!(create["cc"], create["object"]["cc"]);
            assert!(create["cc"].as_array().unwrap().contains(&json!(s.uri)), "{create}");
        }
        // Whoever asks for it later gets the same; the Create of an answer is no document, or it would be boosted.
        assert_eq!(s.get(&format!("/users/fay/statuses/{answer}")).await.1["audience"], json!(s.uri));
        assert_eq!(
            s.get(&format!("/users/ana/statuses/{post}/activity")).await.1["object"]["audience"],
            json!(s.uri)
        );
        assert_eq!(s.get(&format!("/users/fay/statuses/{answer}/activity")).await.0, StatusCode::NOT_FOUND);
        s.town.write(move |tx| statuses::delete(tx, ana, post)).await;
        assert_eq!(s.announced().await.last().unwrap(), "Delete");
    })
    .await;
}

#[tokio::test]
async fn what_facilitators_decide_is_told_in_the_forms_of_fep_1b12() {
    both(|town| async move {
        let s = Scene::new(town).await;
        let page = s.page("1", None);
        s.bea("Create", "1", page).await;
        let (garden, fay) = (s.garden, By::Account(s.fay));
        let post = s.post("https://away.example/post/1").await.unwrap();
        let (id, bea) = (post.id, post.account_id);
        s.town.write(move |tx| facilitation::lock(tx, fay, garden, id, true)).await;
        s.town.write(move |tx| facilitation::lock(tx, fay, garden, id, false)).await;
        s.town.write(move |tx| facilitation::pin(tx, fay, garden, id, true)).await;
        assert_eq!(s.get("/users/garden/collections/featured").await.1["orderedItems"], json!([post.uri]));
        s.town.write(move |tx| facilitation::remove(tx, fay, garden, id, "sold")).await;
        s.town.write(move |tx| facilitation::ban(tx, fay, garden, bea, "sells")).await;
        s.town.write(move |tx| facilitation::unban(tx, By::Operator, garden, bea)).await;
        s.town.write(move |tx| facilitation::add_moderator(tx, fay, garden, bea)).await;
        assert_eq!(
            s.announced().await[2..],
            ["Lock", "Undo", "Add", "Delete", "Block", "Undo", "Add"]
        );
        let out: Vec<Value> = s.out().await.iter().map(|b| serde_json::from_str(b).unwrap()).collect();
        let inner = |kind: &str| {
            let found = out.iter().find(|a| a["object"]["type"] == kind && a["type"] == "Announce");
            let mut inner = found.unwrap()["object"].clone();
            inner.as_object_mut().unwrap().shift_remove("id");
            inner.as_object_mut().unwrap().shift_remove("@context");
            inner
        };
        let fay = s.town.urls().actor("fay");
        assert_eq!(inner("Delete"), json!({
            "type": "Delete", "actor": fay, "to": [PUBLIC], "cc": [s.uri], "audience": s.uri, "object": post.uri,
            "summary": "sold",
        }));
        assert_eq!(inner("Block"), json!({
            "type": "Block", "actor": fay, "to": [PUBLIC], "cc": [s.uri], "audience": s.uri, "object": BEA,
            "target": s.uri, "summary": "sells",
        }));
        assert!(out.iter().any(|a| a["type"] == "Undo" && a["object"]["type"] == "Announce"), "the boost ends");
    })
    .await;
}

#[tokio::test]
async fn o8_moderators_elsewhere_decide_in_the_group_and_nobody_else_does() {
    both(|town| async move {
        let s = Scene::new(town).await;
        let ana = s.town.resident("ana").await;
        let post = s.publish(ana, "@garden who has a rake?", None).await;
        let uri = s.town.urls().status("ana", post);
        let ana_uri = s.town.urls().actor("ana");
        let act = |n: u32, kind: &str, object: &str, target: Option<String>| {
            json!({ "type": kind, "id": format!("https://away.example/acts/{n}"), "object": object, "target": target, "summary": "why" })
        };
        let all = |from: u32| {
            vec![
                act(from, "Lock", &uri, None),
                act(from + 1, "Add", &uri, Some(format!("{}/collections/featured", s.uri))),
                act(from + 2, "Block", &ana_uri, Some(s.uri.clone())),
                act(from + 3, "Add", &s.town.urls().actor("bo"), Some(format!("{}/moderators", s.uri))),
                act(from + 4, "Delete", &uri, None),
            ]
        };
        let bo = s.town.resident("bo").await;
        let before = s.announced().await;
        for activity in all(1) {
            s.says(BEA, activity).await;
        }
        assert_eq!(s.announced().await, before, "she looks after nothing here");
        let place = s.town.read(move |c| groups::place_of(c, post)).await.unwrap();
        assert_eq!(place.locked_at, None);
        let (garden, bea) = (s.garden, s.town.read(|c| actors::by_uri(c, BEA)).await.unwrap().id);
        s.town.write(move |tx| facilitation::add_moderator(tx, By::Operator, garden, bea)).await;
        let before = s.announced().await.len();
        for activity in all(10) {
            s.says(BEA, activity).await;
        }
        assert_eq!(s.announced().await[before..], ["Lock", "Add", "Block", "Add", "Delete"]);
        assert_eq!(s.town.read(move |c| groups::place_of(c, post)).await, None, "it was taken out");
        assert!(s.post(&uri).await.is_some(), "and is still hers");
        assert!(s.town.read(move |c| groups::is_moderator(c, garden, bo)).await);
        assert_eq!(s.town.read(move |c| facilitation::bans(c, garden, 9)).await.len(), 1);
        let block = act(12, "Block", &ana_uri, Some(s.uri.clone()));
        let mut undo = json!({ "type": "Undo", "id": "https://away.example/acts/20", "object": block });
        undo["object"]["actor"] = json!(BEA);
        s.says(BEA, undo).await;
        assert!(s.town.read(move |c| facilitation::bans(c, garden, 9)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn o4_a_post_that_somebody_else_puts_into_a_create_stands_in_no_group() {
    both(|town| async move {
        let s = Scene::new(town).await;
        let mut forged = s.page("1", None);
        forged["attributedTo"] = json!("https://far.example/users/fan");
        s.bea("Create", "1", forged).await;
        let mut strange = s.page("2", None);
        strange["id"] = json!("https://far.example/post/2");
        s.bea("Create", "2", strange).await;
        assert!(s.announced().await.is_empty());
    })
    .await;
}
