//! What groups pass on to those who follow them (FEP-1b12), what is pinned, and reactions with emoji. The group's server is a small one on loopback.

use parvis_domain::follows::{self, Wishes};
use parvis_domain::rows::Status;
use parvis_domain::testing::Town;
use parvis_domain::{actors, reactions, timelines};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::MINUTE;
use serde_json::{Value, json};
use url::Url;

use crate::fetch::Federation;
use crate::fetch::tests::{Elsewhere, town};
use crate::world::receive;

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Ana follows the group `park` of another server, where Bea and Bob are members.
pub(super) struct Scene {
    pub(super) town: Town,
    pub(super) federation: Federation,
    pub(super) there: Elsewhere,
    park: String,
    park_id: AccountId,
    pub(super) bea: String,
}

impl Scene {
    pub(super) async fn new() -> Self {
        let (town, federation) = town().await;
        let there = Elsewhere::start("away").await;
        let (park, bea) = (there.has("park"), there.has("bea"));
        let mut document = there.document("park", &park);
        document["type"] = json!("Group");
        document["featured"] = json!(format!("{park}/featured"));
        there.says("/users/park", &document);
        let ana = town.resident("ana").await;
        let data = federation.data();
        let park_id = federation.actor(&Url::parse(&park).unwrap(), &data).await.unwrap().id;
        town.write(move |tx| follows::follow(tx, ana, park_id, &Wishes::default(), None)).await;
        town.write(move |tx| follows::accept(tx, park_id, ana)).await;
        Self { town, federation, there, park, park_id, bea }
    }

    /// A post of Bea's, as her server has it.
    pub(super) fn has_note(&self, path: &str, parent: Option<&str>) -> Value {
        let mut note = self.there.note(path, &self.bea, parent);
        note["published"] = json!(self.town.now().minus(10 * MINUTE).to_rfc3339());
        self.there.says(path, &note);
        note
    }

    /// The group says something.
    pub(super) async fn park_says(&self, kind: &str, id: &str, object: Value) {
        self.says(&self.park, kind, id, object, None).await;
    }

    async fn says(&self, actor: &str, kind: &str, id: &str, object: Value, target: Option<&str>) {
        let activity = self.activity(actor, kind, id, object, target);
        receive(&self.town, &self.federation, actor, &activity).await;
    }

    pub(super) fn activity(
        &self,
        actor: &str,
        kind: &str,
        id: &str,
        object: Value,
        target: Option<&str>,
    ) -> Value {
        json!({ "id": self.there.url(&format!("/acts/{id}")), "type": kind, "actor": actor, "to": [PUBLIC], "cc": [],
                "object": object, "target": target })
    }

    /// The group passes on what Bea did.
    async fn passes_on(&self, kind: &str, id: &str, object: Value) {
        let inner = self.activity(&self.bea, kind, &format!("{id}-inner"), object, None);
        self.park_says("Announce", id, inner).await;
    }

    pub(super) async fn found(&self, path: &str) -> Option<Status> {
        let uri = self.there.url(path);
        self.town.read(move |c| actors::post_by_uri(c, &uri)).await
    }

    /// Boosts and favourites of a post.
    pub(super) async fn counts(&self, id: StatusId) -> (i64, i64) {
        let view = self.town.read(move |c| actors::post_for(c, None, id)).await;
        (view.counts.reblogs, view.counts.favourites)
    }

    /// The emojis under a post: name, how often, and the address of its picture.
    async fn emojis(&self, id: StatusId) -> Vec<(String, i64, Option<String>)> {
        let counted = self.town.read(move |c| reactions::emojis_of(c, id)).await;
        counted.into_iter().map(|one| (one.name, one.count, one.custom.map(|e| e.image))).collect()
    }

    async fn pinned(&self) -> Vec<StatusId> {
        let group = self.park_id;
        let shown = self.town.read(move |c| timelines::pinned(c, None, group)).await;
        shown.into_iter().map(|view| view.status.id).collect()
    }
}

#[tokio::test]
async fn fep_1b12_a_wrapped_post_is_a_boost_of_the_group_and_its_answers_stand_below() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    s.passes_on("Create", "1", note.clone()).await;
    let post = s.found("/notes/1").await.unwrap();
    assert_eq!(s.counts(post.id).await, (1, 0));
    s.park_says("Announce", "2", note["id"].clone()).await;
    assert_eq!(s.counts(post.id).await, (1, 0), "said twice is boosted once");
    let parent = s.there.url("/notes/1");
    s.passes_on("Create", "3", s.has_note("/notes/2", Some(&parent))).await;
    let answer = s.found("/notes/2").await.unwrap();
    assert_eq!((answer.in_reply_to_id, answer.thread_id), (Some(post.id), post.thread_id));
    assert_eq!(s.counts(answer.id).await, (0, 0));
    s.park_says(
        "Undo",
        "4",
        json!({ "type": "Announce", "id": s.there.url("/acts/1"), "actor": s.park, "object": note["id"] }),
    )
    .await;
    assert_eq!(s.counts(post.id).await, (0, 0));
}

#[tokio::test]
async fn o4_what_a_group_wraps_is_read_at_its_origin() {
    let s = Scene::new().await;
    let far = Elsewhere::start("far").await;
    let dan = far.has("dan");
    let mut note = far.note("/notes/1", &dan, None);
    far.says("/notes/1", &note);
    note["content"] = json!("<p>what he never said</p>");
    let create = s.activity(&dan, "Create", "1-inner", note.clone(), None);
    s.park_says("Announce", "1", create).await;
    let uri = far.url("/notes/1");
    let found = async || {
        let uri = uri.clone();
        s.town.read(move |c| actors::post_by_uri(c, &uri)).await
    };
    assert!(!found().await.unwrap().html.contains("never"));
    let delete = s.activity(&dan, "Delete", "1-gone", note["id"].clone(), None);
    s.park_says("Announce", "1-b", delete).await;
    assert!(found().await.is_some(), "it is still there");
    // Nor does a member of the group's server speak for others.
    let delete = s.activity(&s.bea, "Delete", "1-bea", note["id"].clone(), None);
    s.park_says("Announce", "1-c", delete).await;
    assert!(found().await.is_some());
    // Nobody else passes posts on in this way, and nobody is fetched for whom nobody follows.
    let other = s.has_note("/notes/2", None);
    let inner = s.activity(&s.bea, "Create", "2-inner", other, None);
    s.says(&s.bea, "Announce", "2", inner, None).await;
    assert!(s.found("/notes/2").await.is_none());
}

#[tokio::test]
async fn a_server_is_believed_about_what_its_own_members_post_and_delete() {
    let s = Scene::new().await;
    let mut note = s.has_note("/notes/1", None);
    // PieFed 1.6 leaves mentions out of what it serves.
    note["content"] = json!("<p>with more than it serves</p>");
    s.passes_on("Create", "1", note.clone()).await;
    assert!(s.found("/notes/1").await.unwrap().html.contains("more"));
    // Somebody else of that server: what a group only takes from its own pages stays.
    let cat = s.there.has("cat");
    let delete = s.activity(&cat, "Delete", "2-inner", note["id"].clone(), None);
    s.park_says("Announce", "2", delete).await;
    assert!(s.found("/notes/1").await.is_some());
    // NodeBB 4.15 and PieFed 1.6 go on serving it.
    s.passes_on("Delete", "3", note["id"].clone()).await;
    assert!(s.found("/notes/1").await.is_none());
}

#[tokio::test]
async fn a_change_that_a_group_passes_on_is_read_and_a_deletion_counts_when_the_post_is_gone() {
    let s = Scene::new().await;
    let mut note = s.has_note("/notes/1", None);
    s.passes_on("Create", "1", note.clone()).await;
    note["content"] = json!("<p>changed</p>");
    note["updated"] = json!(s.town.now().minus(MINUTE).to_rfc3339());
    s.there.says("/notes/1", &note);
    s.passes_on("Update", "2", note.clone()).await;
    assert!(s.found("/notes/1").await.unwrap().html.contains("changed"));
    let delete = |id: &str| s.activity(&s.there.has("cat"), "Delete", id, note["id"].clone(), None);
    s.park_says("Announce", "3", delete("3-inner")).await;
    assert!(s.found("/notes/1").await.is_some(), "it is still there");
    s.there.says("/notes/1", &json!({ "id": note["id"], "type": "Tombstone" }));
    s.park_says("Announce", "4", delete("4-inner")).await;
    assert!(s.found("/notes/1").await.is_none());
}

#[tokio::test]
async fn o9_likes_that_a_group_passes_on_count_for_members_of_its_own_server() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    s.passes_on("Create", "1", note.clone()).await;
    let id = s.found("/notes/1").await.unwrap().id;
    s.passes_on("Like", "2", note["id"].clone()).await;
    assert_eq!(s.counts(id).await, (1, 1));
    s.passes_on("Dislike", "3", note["id"].clone()).await;
    s.passes_on("Lock", "4", note["id"].clone()).await;
    let strange = json!({ "id": "https://other.example/l", "type": "Like", "actor": "https://other.example/u/x", "object": note["id"] });
    s.park_says("Announce", "5", strange).await;
    assert_eq!(s.counts(id).await, (1, 1));
    let like = s.activity(&s.bea, "Like", "2-inner", note["id"].clone(), None);
    s.passes_on("Undo", "6", like).await;
    assert_eq!(s.counts(id).await, (1, 0));
}

#[tokio::test]
async fn o8_a_pin_is_set_by_the_owner_of_the_collection_only() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    let featured = format!("{}/featured", s.park);
    s.passes_on("Create", "1", note.clone()).await;
    let id = s.found("/notes/1").await.unwrap().id;
    s.says(&s.bea, "Add", "2", note["id"].clone(), Some(&featured)).await;
    assert!(s.pinned().await.is_empty(), "not hers");
    let add = s.activity(&s.bea, "Add", "3-inner", note["id"].clone(), Some(&featured));
    s.park_says("Announce", "3", add).await;
    assert_eq!(s.pinned().await, [id]);
    s.says(&s.park, "Remove", "4", note["id"].clone(), Some(&featured)).await;
    assert!(s.pinned().await.is_empty());
    let moderators = format!("{}/moderators", s.park);
    s.says(&s.park, "Add", "5", note["id"].clone(), Some(&moderators)).await;
    assert!(s.pinned().await.is_empty());
}

#[tokio::test]
async fn a_reaction_with_an_emoji_is_a_favourite_until_that_very_reaction_is_taken_back() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    s.passes_on("Create", "1", note.clone()).await;
    let id = s.found("/notes/1").await.unwrap().id;
    let react = |n: &str, emoji: &str| {
        let mut one = s.activity(&s.bea, "EmojiReact", n, note["id"].clone(), None);
        one["content"] = json!(emoji);
        one
    };
    for one in [react("2", "🚲"), react("3", "🌳")] {
        receive(&s.town, &s.federation, &s.bea, &one).await;
    }
    assert_eq!(s.counts(id).await, (1, 1));
    assert_eq!(s.emojis(id).await, [("🚲".to_owned(), 1, None)]);
    s.says(&s.bea, "Undo", "4", react("3", "🌳"), None).await;
    assert_eq!(s.counts(id).await, (1, 1), "the first still stands");
    s.says(&s.bea, "Undo", "5", react("2", "🚲"), None).await;
    assert_eq!(s.counts(id).await, (1, 0));
    assert!(s.emojis(id).await.is_empty());
}

#[tokio::test]
async fn the_emoji_of_a_reaction_is_kept_and_what_is_none_is_a_plain_favourite() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    s.passes_on("Create", "1", note.clone()).await;
    let id = s.found("/notes/1").await.unwrap().id;
    let picture = |name: &str| json!([{ "type": "Emoji", "name": name, "icon": { "type": "Image", "url": s.there.url("/e/arch.png") } }]);
    let arch = Some(s.there.url("/e/arch.png"));
    for (n, (content, tag, expected)) in [
        (json!("👍"), json!([]), vec![("👍".to_owned(), 1, None)]),
        // Misskey's, with the host of its author and without.
        (
            json!(":arch@away.example:"),
            picture(":arch@away.example:"),
            vec![("arch".to_owned(), 1, arch.clone())],
        ),
        (json!(":arch:"), picture(":arch:"), vec![("arch".to_owned(), 1, arch.clone())]),
        (json!(":arch:"), json!([]), vec![]),
        (json!(":ar ch:"), picture(":ar ch:"), vec![]),
        (json!("<b>no</b>"), json!([]), vec![]),
        (json!("👍".repeat(1_000)), json!([]), vec![]),
        (Value::Null, json!([]), vec![]),
    ]
    .into_iter()
    .enumerate()
    {
        let mut like = s.activity(&s.bea, "Like", &format!("{n}-like"), note["id"].clone(), None);
        (like["content"], like["tag"]) = (content.clone(), tag);
        receive(&s.town, &s.federation, &s.bea, &like).await;
        assert_eq!(s.counts(id).await, (1, 1), "{content}");
        assert_eq!(s.emojis(id).await, expected, "{content}");
        s.says(&s.bea, "Undo", &format!("{n}-undo"), like, None).await;
    }
}

#[tokio::test]
async fn fep_171b_what_the_owner_of_a_conversation_adds_to_it_is_read_and_is_no_boost() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    let create = s.activity(&s.bea, "Create", "1-inner", note, None);
    let target = format!("{}/conversations/1", s.park);
    s.says(&s.park, "Add", "1", create, Some(&target)).await;
    let post = s.found("/notes/1").await.unwrap();
    assert_eq!(s.counts(post.id).await, (0, 0));
}

#[tokio::test]
async fn r7_a_deletion_that_is_taken_back_brings_the_post_when_its_server_has_it_again() {
    let s = Scene::new().await;
    let note = s.has_note("/notes/1", None);
    let tombstone = json!({ "id": note["id"], "type": "Tombstone" });
    let delete = |n: &str| s.activity(&s.bea, "Delete", n, note["id"].clone(), None);
    s.passes_on("Create", "1", note.clone()).await;
    // Straight from the author, whom nobody here follows: it may come again, and does with the group.
    s.there.says("/notes/1", &tombstone);
    receive(&s.town, &s.federation, &s.bea, &delete("2")).await;
    s.passes_on("Create", "3", note.clone()).await;
    assert!(s.found("/notes/1").await.is_none());
    s.there.says("/notes/1", &note);
    s.passes_on("Create", "4", note.clone()).await;
    assert!(s.found("/notes/1").await.is_none(), "late copies stay out");
    s.town.clock.advance(2 * MINUTE);
    s.says(&s.bea, "Undo", "5", delete("2"), None).await;
    s.passes_on("Create", "6", note.clone()).await;
    assert!(s.found("/notes/1").await.is_some());
    // What a group says of it counts as little as anything else, but the post's own server has it.
    receive(&s.town, &s.federation, &s.bea, &delete("7")).await;
    s.there.says("/notes/1", &tombstone);
    s.town.clock.advance(2 * MINUTE);
    s.passes_on("Undo", "8", delete("7")).await;
    s.passes_on("Create", "9", note.clone()).await;
    assert!(s.found("/notes/1").await.is_none());
    s.there.says("/notes/1", &note);
    s.town.clock.advance(2 * MINUTE);
    s.passes_on("Undo", "10", delete("7")).await;
    s.passes_on("Create", "11", note).await;
    assert!(s.found("/notes/1").await.is_some());
}
