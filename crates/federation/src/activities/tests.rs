//! What each activity does, delivered through the inbox and worked through, on both databases. Rows of threats.md §2 and §9 by name.

use parvis_domain::follows::Wishes;
use parvis_domain::rows::{Account, Range};
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town;
use parvis_domain::{access, actors, blocks, follows, reactions};
use parvis_model::follow::FollowState;
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::{MINUTE, Moment};
use parvis_model::visibility::Visibility;
use serde_json::{Value, json};

use crate::fetch::Federation;
use crate::world::{both, fetcher, receive, remote, sent_to};

const BEA: &str = "https://away.example/users/bea";
const BOB: &str = "https://away.example/users/bob";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A town with Ana, and Bea elsewhere.
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

    /// Ana follows Bea, so that Bea's posts are of interest here.
    async fn ana_follows_bea(&self, town: &Town) {
        let (ana, bea) = (self.ana, self.bea);
        town.write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
        town.write(move |tx| follows::accept(tx, bea, ana)).await;
    }

    async fn post(&self, town: &Town, visibility: Visibility) -> (StatusId, String) {
        let ana = self.ana;
        let draft = Draft { text: "one".to_owned(), visibility, ..Draft::default() };
        let id = town.write(move |tx| statuses::publish(tx, ana, &draft)).await;
        (id, town.urls().status("ana", id))
    }
}

fn at(minutes: i64, town: &Town) -> String {
    town.now().plus(minutes * MINUTE).to_rfc3339()
}

fn note(id: &str, author: &str, town: &Town) -> Value {
    json!({
        "id": format!("https://away.example/notes/{id}"), "type": "Note", "attributedTo": author,
        "content": "<p>hello <script>alert(1)</script></p>", "to": [PUBLIC], "cc": [format!("{author}/followers")],
        "published": at(-5, town),
    })
}

fn about(kind: &str, id: &str, actor: &str, object: Value) -> Value {
    json!({ "id": format!("https://away.example/acts/{id}"), "type": kind, "actor": actor, "to": [PUBLIC], "object": object })
}

async fn found(town: &Town, id: &str) -> Option<parvis_domain::rows::Status> {
    let uri = format!("https://away.example/notes/{id}");
    town.read(move |c| actors::post_by_uri(c, &uri)).await
}

async fn state(town: &Town, who: AccountId, whom: AccountId) -> Option<FollowState> {
    let all = town.read(move |c| blocks::relationships(c, who, &[whom])).await;
    let relationship = &all.first()?.1;
    match (relationship.following, relationship.requested) {
        (true, _) => Some(FollowState::Accepted),
        (_, true) => Some(FollowState::Requested),
        _ => None,
    }
}

#[tokio::test]
async fn a_follow_is_accepted_and_an_undo_ends_it() {
    both(|town| async move {
        let s = scene(&town).await;
        let ana = town.urls().actor("ana");
        let follow = about("Follow", "f1", BEA, json!(ana));
        s.gets(&town, follow.clone()).await;
        assert_eq!(state(&town, s.bea, s.ana).await, Some(FollowState::Accepted));
        let sent = sent_to(&town, "away.example").await;
        assert_eq!(sent[0].0["type"], json!("Accept"));
        assert_eq!(sent[0].0["object"]["id"], follow["id"]);
        s.gets(&town, about("Undo", "u1", BEA, follow)).await;
        assert_eq!(state(&town, s.bea, s.ana).await, None);
    })
    .await;
}

#[tokio::test]
async fn r8_an_undo_that_comes_before_its_follow_and_a_follow_that_is_replayed_have_no_effect() {
    both(|town| async move {
        let s = scene(&town).await;
        let follow = about("Follow", "f1", BEA, json!(town.urls().actor("ana")));
        s.gets(&town, about("Undo", "u1", BEA, follow.clone())).await;
        s.gets(&town, follow.clone()).await;
        assert_eq!(state(&town, s.bea, s.ana).await, None);
        // A new one, with an id of its own, counts.
        s.gets(&town, about("Follow", "f2", BEA, json!(town.urls().actor("ana")))).await;
        assert_eq!(state(&town, s.bea, s.ana).await, Some(FollowState::Accepted));
    })
    .await;
}

#[tokio::test]
async fn o9_an_answer_counts_only_from_whom_we_asked() {
    both(|town| async move {
        let s = scene(&town).await;
        let (ana, bea) = (s.ana, s.bea);
        town.write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
        let follow = sent_to(&town, "away.example").await[0].0.clone();
        s.gets(&town, about("Accept", "a1", BOB, follow.clone())).await;
        assert_eq!(state(&town, s.ana, s.bea).await, Some(FollowState::Requested), "bob was not asked");
        s.gets(&town, about("Accept", "a2", BEA, follow["id"].clone())).await;
        assert_eq!(state(&town, s.ana, s.bea).await, Some(FollowState::Accepted));
        s.gets(&town, about("Reject", "r1", BOB, follow.clone())).await;
        assert_eq!(state(&town, s.ana, s.bea).await, Some(FollowState::Accepted));
        s.gets(&town, about("Reject", "r2", BEA, follow)).await;
        assert_eq!(state(&town, s.ana, s.bea).await, None);
        // Nobody asked Bob, so there is nothing to accept (Pixelfed CVE-2025-30741).
        let invented = json!({ "type": "Follow", "actor": town.urls().actor("ana"), "object": BOB });
        s.gets(&town, about("Accept", "a3", BOB, invented)).await;
        let following = town.read(move |c| actors::following_uris(c, ana, Range::newest(10))).await;
        assert!(following.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_post_of_somebody_followed_is_kept_sanitised_and_one_of_a_stranger_is_not() {
    both(|town| async move {
        let s = scene(&town).await;
        s.gets(&town, about("Create", "c1", BEA, note("1", BEA, &town))).await;
        assert!(found(&town, "1").await.is_none(), "nobody here has to do with it");
        s.ana_follows_bea(&town).await;
        s.gets(&town, about("Create", "c2", BEA, note("2", BEA, &town))).await;
        let kept = found(&town, "2").await.unwrap();
        assert!(kept.html.contains("hello") && !kept.html.contains("script"), "{}", kept.html);
        assert_eq!(kept.created_at, town.now().minus(5 * MINUTE));
        let mut mention = note("3", BOB, &town);
        mention["tag"] = json!([{ "type": "Mention", "href": town.urls().actor("ana") }]);
        s.gets(&town, about("Create", "c3", BOB, mention)).await;
        assert!(found(&town, "3").await.is_some(), "it mentions somebody here");
    })
    .await;
}

#[tokio::test]
async fn o4_o5_an_embedded_post_of_another_server_or_author_is_not_believed() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        let mut elsewhere = note("1", BEA, &town);
        elsewhere["id"] = json!("https://victim.example/notes/1");
        s.gets(&town, about("Create", "c1", BEA, elsewhere)).await;
        s.gets(&town, about("Create", "c2", BEA, note("2", BOB, &town))).await;
        let mut two = note("3", BEA, &town);
        two["attributedTo"] = json!([BEA, BOB]);
        s.gets(&town, about("Create", "c3", BEA, two)).await;
        let mut ours = note("4", BEA, &town);
        ours["id"] = json!(town.urls().status("ana", StatusId(4)));
        s.gets(&town, about("Create", "c4", BEA, ours)).await;
        for id in ["1", "2", "3", "4"] {
            assert!(found(&town, id).await.is_none(), "{id}");
        }
        let uri = town.urls().status("ana", StatusId(4));
        assert!(town.read(move |c| actors::post_by_uri(c, &uri)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn o6_o7_a_known_id_keeps_its_author_text_and_audience() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        let mut private = note("1", BEA, &town);
        private["to"] = json!([format!("{BEA}/followers")]);
        private["cc"] = json!([]);
        s.gets(&town, about("Create", "c1", BEA, private)).await;
        let before = found(&town, "1").await.unwrap();
        assert_eq!(Visibility::from_code(before.visibility), Visibility::Private);
        let mut wider = note("1", BEA, &town);
        wider["content"] = json!("other");
        s.gets(&town, about("Create", "c2", BEA, wider.clone())).await;
        assert_eq!(found(&town, "1").await.unwrap(), before, "a second Create changes nothing");
        wider["updated"] = json!(at(0, &town));
        s.gets(&town, about("Update", "u1", BEA, wider)).await;
        let after = found(&town, "1").await.unwrap();
        assert_eq!((after.visibility, after.html.contains("other")), (before.visibility, true));
        s.gets(&town, about("Create", "c3", BOB, note("1", BOB, &town))).await;
        assert_eq!(found(&town, "1").await.unwrap().account_id, s.bea);
    })
    .await;
}

#[tokio::test]
async fn o8_only_the_author_changes_or_deletes() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        s.gets(&town, about("Create", "c1", BEA, note("1", BEA, &town))).await;
        let before = found(&town, "1").await.unwrap();
        let mut by_neighbour = note("1", BOB, &town);
        by_neighbour["updated"] = json!(at(0, &town));
        s.gets(&town, about("Update", "u1", BOB, by_neighbour)).await;
        s.gets(&town, about("Delete", "d1", BOB, json!("https://away.example/notes/1"))).await;
        assert_eq!(found(&town, "1").await.unwrap(), before);
        let (_, ours) = s.post(&town, Visibility::Public).await;
        s.gets(&town, about("Delete", "d2", BEA, json!(ours.clone()))).await;
        s.gets(&town, about("Delete", "d3", BEA, json!(town.urls().actor("ana")))).await;
        assert!(town.read(move |c| actors::post_by_uri(c, &ours)).await.is_some());
        let ana = s.ana;
        assert!(town.read(move |c| actors::by_id(c, ana)).await.unwrap().is_active());
        s.gets(
            &town,
            about("Delete", "d4", BEA, json!({ "id": "https://away.example/notes/1", "type": "Tombstone" })),
        )
        .await;
        assert!(found(&town, "1").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn r7_a_create_that_comes_after_its_delete_is_not_kept() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        s.gets(&town, about("Delete", "d1", BEA, json!("https://away.example/notes/1"))).await;
        s.gets(&town, about("Create", "c1", BEA, note("1", BEA, &town))).await;
        assert!(found(&town, "1").await.is_none());
        // A neighbour's Delete of an unknown post does not keep it out.
        s.gets(&town, about("Delete", "d2", BOB, json!("https://away.example/notes/2"))).await;
        s.gets(&town, about("Create", "c2", BEA, note("2", BEA, &town))).await;
        assert!(found(&town, "2").await.is_some());
    })
    .await;
}

#[tokio::test]
async fn r9_an_older_update_changes_nothing_and_one_before_its_create_creates() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        let version = |text: &str, minutes: i64| {
            let mut n = note("1", BEA, &town);
            n["content"] = json!(text);
            n["updated"] = json!(at(minutes, &town));
            n
        };
        s.gets(&town, about("Update", "u1", BEA, version("second", -2))).await;
        assert!(found(&town, "1").await.unwrap().html.contains("second"), "it was not here before");
        s.gets(&town, about("Update", "u2", BEA, version("first", -3))).await;
        assert!(found(&town, "1").await.unwrap().html.contains("second"));
        s.gets(&town, about("Update", "u3", BEA, version("third", -1))).await;
        let now = found(&town, "1").await.unwrap();
        assert!(now.html.contains("third"));
        assert_eq!(now.edited_at, Some(town.now().minus(MINUTE)));
    })
    .await;
}

#[tokio::test]
async fn r10_likes_and_boosts_count_once_and_are_taken_back() {
    both(|town| async move {
        let s = scene(&town).await;
        let (id, uri) = s.post(&town, Visibility::Public).await;
        let like = about("Like", "l1", BEA, json!(uri));
        let boost = about("Announce", "b1", BEA, json!(uri));
        for again in ["", "x"] {
            s.gets(&town, about("Like", &format!("l1{again}"), BEA, json!(uri))).await;
            s.gets(&town, about("Announce", &format!("b1{again}"), BEA, json!(uri))).await;
        }
        let counts = |town: &Town| {
            let handle = town.handle();
            async move {
                let view = handle.db().read(move |c| actors::post_for(c, None, id)).await.unwrap();
                (view.counts.favourites, view.counts.reblogs)
            }
        };
        assert_eq!(counts(&town).await, (1, 1));
        s.gets(&town, about("Undo", "u1", BEA, like)).await;
        s.gets(&town, about("Undo", "u2", BEA, boost["id"].clone())).await;
        assert_eq!(counts(&town).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn o14_a_blocked_person_neither_likes_nor_boosts_nor_follows() {
    both(|town| async move {
        let s = scene(&town).await;
        let (ana, bea) = (s.ana, s.bea);
        let (id, uri) = s.post(&town, Visibility::Public).await;
        town.write(move |tx| blocks::block(tx, ana, bea, None)).await;
        s.gets(&town, about("Like", "l1", BEA, json!(uri))).await;
        s.gets(&town, about("Announce", "b1", BEA, json!(uri))).await;
        s.gets(&town, about("Follow", "f1", BEA, json!(town.urls().actor("ana")))).await;
        let view = town.read(move |c| actors::post_for(c, None, id)).await;
        assert_eq!((view.counts.favourites, view.counts.reblogs), (0, 0));
        assert_eq!(state(&town, bea, ana).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_private_post_is_neither_liked_nor_boosted_by_those_who_cannot_see_it() {
    both(|town| async move {
        let s = scene(&town).await;
        let (id, uri) = s.post(&town, Visibility::Private).await;
        s.gets(&town, about("Like", "l1", BEA, json!(uri))).await;
        s.gets(&town, about("Announce", "b1", BEA, json!(uri))).await;
        let ana = s.ana;
        let view = town.read(move |c| actors::post_for(c, Some(ana), id)).await;
        assert_eq!((view.counts.favourites, view.counts.reblogs), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn an_answer_finds_its_thread_even_when_it_comes_before_the_post_it_answers() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        let mut answer = note("2", BEA, &town);
        answer["inReplyTo"] = json!("https://away.example/notes/1");
        s.gets(&town, about("Create", "c2", BEA, answer)).await;
        let orphan = found(&town, "2").await.unwrap();
        assert_eq!((orphan.in_reply_to_id, orphan.in_reply_to_uri.is_some()), (None, true));
        s.gets(&town, about("Create", "c1", BEA, note("1", BEA, &town))).await;
        let (parent, child) = (found(&town, "1").await.unwrap(), found(&town, "2").await.unwrap());
        assert_eq!((child.in_reply_to_id, child.thread_id), (Some(parent.id), parent.thread_id));
        let (ours, uri) = s.post(&town, Visibility::Public).await;
        let mut to_us = note("3", BOB, &town);
        to_us["inReplyTo"] = json!(uri);
        s.gets(&town, about("Create", "c3", BOB, to_us)).await;
        assert_eq!(found(&town, "3").await.unwrap().in_reply_to_id, Some(ours));
    })
    .await;
}

#[tokio::test]
async fn a_direct_post_is_for_those_it_was_sent_to() {
    both(|town| async move {
        let s = scene(&town).await;
        let paul = town.resident("paul").await;
        let mut direct = note("1", BEA, &town);
        direct["to"] = json!([town.urls().actor("ana")]);
        direct["cc"] = json!([]);
        s.gets(&town, about("Create", "c1", BEA, direct.clone())).await;
        let id = found(&town, "1").await.unwrap().id;
        let (ana, handle) = (s.ana, town.handle());
        let sees =
            async |who: AccountId| handle.db().read(move |c| access::status(c, Some(who), id)).await.is_ok();
        assert_eq!((sees(ana).await, sees(paul).await), (true, false));
        // A change does not show it to more (threats O7).
        direct["updated"] = json!(at(0, &town));
        direct["to"] = json!([town.urls().actor("ana"), town.urls().actor("paul")]);
        s.gets(&town, about("Update", "u1", BEA, direct)).await;
        assert_eq!((sees(ana).await, sees(paul).await), (true, false));
    })
    .await;
}

#[tokio::test]
async fn an_actor_changes_their_own_profile_and_goes() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        s.gets(&town, about("Create", "c1", BEA, note("1", BEA, &town))).await;
        let pem = parvis_domain::keys::public_pem(crate::world::key().public().spki_der());
        let document = |id: &str| {
            json!({
                "id": id, "type": "Person", "preferredUsername": "bea", "name": "Béa \u{202e}✔️", "inbox": format!("{id}/inbox"),
                "summary": "<b>new</b><img src=x onerror=alert(1)>",
                "publicKey": { "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": pem },
            })
        };
        s.gets(&town, about("Update", "u0", BOB, document(BEA))).await;
        let bea = s.bea;
        let shown = async || -> Account { town.read(move |c| actors::by_id(c, bea)).await.unwrap() };
        assert_eq!(shown().await.display_name, "BEA", "bob cannot change her");
        s.gets(&town, about("Update", "u1", BEA, document(BEA))).await;
        let after = shown().await;
        assert_eq!(after.display_name, "Béa");
        assert!(!after.bio_html.contains("img"), "{}", after.bio_html);
        s.gets(&town, about("Delete", "d1", BEA, json!(BEA))).await;
        assert!(shown().await.gone_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_block_from_elsewhere_ends_the_follow_and_is_taken_back() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        let block = about("Block", "b1", BEA, json!(town.urls().actor("ana")));
        s.gets(&town, block.clone()).await;
        let (ana, bea) = (s.ana, s.bea);
        let blocked =
            async || town.read(move |c| blocks::relationships(c, ana, &[bea])).await[0].1.blocked_by;
        assert_eq!((blocked().await, state(&town, ana, bea).await), (true, None));
        s.gets(&town, about("Undo", "u1", BEA, block["id"].clone())).await;
        assert!(!blocked().await);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_understood_is_done_and_holds_up_nobody() {
    both(|town| async move {
        let s = scene(&town).await;
        for (n, kind) in
            ["Dance", "Flag", "Move", "Add", "Lock", "Create", "Undo", "Announce"].iter().enumerate()
        {
            s.gets(&town, about(kind, &format!("x{n}"), BEA, json!({ "type": "Thing" }))).await;
        }
        s.gets(&town, json!({ "id": "https://away.example/acts/y", "type": "Like", "actor": BEA })).await;
        let (waiting, parked) = town.read(parvis_domain::inbound::figures).await;
        assert_eq!((waiting, parked), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn j1_dates_out_of_range_and_empty_posts_do_no_harm() {
    both(|town| async move {
        let s = scene(&town).await;
        s.ana_follows_bea(&town).await;
        for (id, published) in [("1", "9999-12-31T23:59:59Z"), ("2", "0001-01-01T00:00:00Z"), ("3", "soon")] {
            let mut n = note(id, BEA, &town);
            n["published"] = json!(published);
            n["content"] = json!("a\u{0}b");
            s.gets(&town, about("Create", id, BEA, n)).await;
            let kept = found(&town, id).await.unwrap();
            assert!(kept.created_at <= town.now() && kept.created_at >= Moment(0));
            assert!(kept.id.0 <= parvis_model::ids::floor_at(town.now().plus(1)));
        }
        let mut nothing = note("4", BEA, &town);
        nothing.as_object_mut().unwrap().remove("content");
        s.gets(&town, about("Create", "4", BEA, nothing)).await;
        assert_eq!(reactions_of(&town, s.ana).await, 0);
    })
    .await;
}

async fn reactions_of(town: &Town, who: AccountId) -> usize {
    town.read(move |c| reactions::favourites(c, who, Range::newest(10))).await.len()
}
