//! What somebody elsewhere pins is read once at first contact, and again with their document.

use parvis_domain::testing::Town;
use parvis_domain::{actors, timelines};
use parvis_jobs::{Registry, Runner};
use parvis_model::ids::AccountId;
use parvis_model::time::{DAY, MINUTE};
use serde_json::{Value, json};
use url::Url;

use super::tests::{Elsewhere, town};
use super::{Featured, Federation};

struct Scene {
    town: Town,
    federation: Federation,
    there: Elsewhere,
    bea: String,
    /// Every job of this crate's that these tests need.
    jobs: Runner<parvis_domain::Town>,
}

impl Scene {
    async fn new(items: impl FnOnce(&Elsewhere, &str) -> Value) -> Self {
        let (town, federation) = town().await;
        let there = Elsewhere::start("away").await;
        let bea = there.has("bea");
        let mut document = there.document("bea", &bea);
        document["featured"] = json!(format!("{bea}/featured"));
        there.says("/users/bea", &document);
        let items = items(&there, &bea);
        there.says("/users/bea/featured", &Self::collection(&bea, items));
        let jobs = Runner::new(town.db().clone(), town.handle(), Registry::default().with::<Featured>());
        Self { town, federation, there, bea, jobs }
    }

    fn collection(bea: &str, items: Value) -> Value {
        json!({ "id": format!("{bea}/featured"), "type": "OrderedCollection", "orderedItems": items })
    }

    async fn meet(&self) -> AccountId {
        let bea = Url::parse(&self.bea).unwrap();
        self.federation.actor(&bea, &self.federation.data()).await.unwrap().id
    }

    async fn later(&self) {
        self.town.clock.advance(2 * MINUTE);
        self.jobs.run_due().await.unwrap();
    }

    /// The paths of the pinned posts, in the order in which they are shown.
    async fn pinned(&self, who: AccountId) -> Vec<String> {
        let shown = self.town.read(move |c| timelines::pinned(c, None, who)).await;
        shown.into_iter().map(|view| view.status.uri.replace(&self.there.url(""), "")).collect()
    }
}

#[tokio::test]
async fn pins_are_read_once_at_first_contact_in_every_shape_and_in_their_order() {
    let s = Scene::new(|there, bea| {
        there.says("/notes/1", &there.note("/notes/1", bea, None));
        let whole = there.note("/notes/2", bea, None);
        let create = json!({ "type": "Create", "id": there.url("/notes/3/create"), "actor": bea,
                             "object": there.note("/notes/3", bea, None) });
        let private = json!({ "id": there.url("/notes/4"), "type": "Note", "attributedTo": bea, "content": "<p>x</p>",
                              "to": [format!("{bea}/followers")] });
        json!([there.url("/notes/1"), whole, create, private, { "type": "Hashtag", "name": "#x" }, there.url("/gone")])
    })
    .await;
    let bea = s.meet().await;
    assert!(s.pinned(bea).await.is_empty(), "not while somebody waits");
    s.later().await;
    assert_eq!(s.pinned(bea).await, ["/notes/1", "/notes/2", "/notes/3"]);
    let asked = s.there.count();
    s.meet().await;
    s.later().await;
    assert_eq!(s.there.count(), asked, "once");
}

#[tokio::test]
async fn pins_are_read_again_with_the_document_and_those_that_are_gone_are_taken_off() {
    let s = Scene::new(|there, bea| {
        json!([there.note("/notes/1", bea, None), there.note("/notes/2", bea, None)])
    })
    .await;
    let bea = s.meet().await;
    s.later().await;
    assert_eq!(s.pinned(bea).await, ["/notes/1", "/notes/2"]);
    s.there.says("/users/bea/featured", &Scene::collection(&s.bea, json!([s.there.url("/notes/2")])));
    s.town.clock.advance(DAY);
    s.federation.refresh_some().await.unwrap();
    s.later().await;
    assert_eq!(s.pinned(bea).await, ["/notes/2"]);
    s.there.answers_with("/users/bea/featured", 503, "text/plain", "");
    s.town.clock.advance(DAY);
    s.federation.refresh_some().await.unwrap();
    s.later().await;
    assert_eq!(s.pinned(bea).await, ["/notes/2"], "what cannot be read changes nothing");
}

#[tokio::test]
async fn o4_posts_of_others_in_a_collection_are_read_at_their_origin_and_are_no_pins() {
    let s = Scene::new(|there, _| {
        let bob = there.has("bob");
        let mut said = there.note("/notes/1", &bob, None);
        there.says("/notes/1", &said);
        said["content"] = json!("<p>what he never said</p>");
        json!([said])
    })
    .await;
    let bea = s.meet().await;
    s.later().await;
    assert!(s.pinned(bea).await.is_empty());
    let uri = s.there.url("/notes/1");
    let kept = s.town.read(move |c| actors::post_by_uri(c, &uri)).await;
    assert!(!kept.unwrap().html.contains("never"));
}
