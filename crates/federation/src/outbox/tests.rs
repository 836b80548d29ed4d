//! What local accounts say to other servers, on both databases.

use parvis_domain::follows::Wishes;
use parvis_domain::moderation::reports::{self, NewReport};
use parvis_domain::moves::{aliases, away};
use parvis_domain::statuses::{self, Draft, Edit};
use parvis_domain::testing::Town;
use parvis_domain::{blocks, follows, reactions, remote};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use serde_json::{Value, json};

use crate::wire::{ActivityDocument, ActivityKind, Document, NoteDocument};
use crate::world::{both, remote, sent_to};

const AWAY: &str = "away.example";

async fn publish(town: &Town, who: AccountId, text: &str, visibility: Visibility) -> StatusId {
    let draft =
        Draft { text: text.to_owned(), visibility, language: Some("fr".to_owned()), ..Draft::default() };
    town.write(move |tx| statuses::publish(tx, who, &draft)).await
}

async fn followed_by_bea(town: &Town) -> (AccountId, AccountId) {
    let (ana, bea) = (town.resident("ana").await, remote(town, "bea").await);
    town.write(move |tx| {
        follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/follows/1"))
    })
    .await;
    (ana, bea)
}

fn kinds(sent: &[(Value, Vec<String>)]) -> Vec<&str> {
    sent.iter().filter_map(|(a, _)| a.get("type")?.as_str()).collect()
}

#[tokio::test]
async fn a_post_is_one_create_to_the_followers_servers_and_reads_back_as_it_was_meant() {
    both(|town| async move {
        let (ana, _) = followed_by_bea(&town).await;
        let id = publish(&town, ana, "Salut @bea@away.example #Marché", Visibility::Public).await;
        let sent = sent_to(&town, AWAY).await;
        assert_eq!(kinds(&sent), ["Accept", "Create"]);
        let (create, inboxes) = &sent[1];
        assert_eq!(inboxes, &["https://away.example/inbox"]);
        let uri = town.urls().status("ana", id);
        assert_eq!(create["id"], json!(format!("{uri}/activity")));
        assert_eq!(create["to"], json!(["https://www.w3.org/ns/activitystreams#Public"]));
        assert_eq!(create["object"]["to"], create["to"]);
        let body = create.to_string();
        let read = ActivityDocument::read(&Document::parse(body.as_bytes()).unwrap(), town.now()).unwrap();
        assert_eq!(read.kind, Some(ActivityKind::Create));
        let note = NoteDocument::read(read.object().unwrap().object().unwrap(), town.now()).unwrap();
        assert_eq!(note.id.as_str(), uri);
        assert_eq!(note.language(), Some("fr"));
        assert_eq!(note.tags.mentions[0].href.as_str(), "https://away.example/users/bea");
        assert_eq!(note.tags.hashtags, ["Marché"]);
        assert!(note.audience.public_in_to);
    })
    .await;
}

#[tokio::test]
async fn each_visibility_is_addressed_as_everybody_reads_it() {
    both(|town| async move {
        let (ana, _) = followed_by_bea(&town).await;
        for visibility in [Visibility::Unlisted, Visibility::Private, Visibility::Direct] {
            publish(&town, ana, "@bea@away.example a word", visibility).await;
        }
        let sent = sent_to(&town, AWAY).await;
        let followers = town.urls().actor_part("ana", "followers");
        let (public, bea) =
            ("https://www.w3.org/ns/activitystreams#Public", "https://away.example/users/bea");
        assert_eq!(sent[1].0["to"], json!([followers]));
        assert_eq!(sent[1].0["cc"], json!([public, bea]));
        assert_eq!((&sent[2].0["to"], &sent[2].0["cc"]), (&json!([followers]), &json!([bea])));
        assert_eq!((&sent[3].0["to"], &sent[3].0["cc"]), (&json!([bea]), &json!([])));
    })
    .await;
}

#[tokio::test]
async fn a_direct_post_goes_to_those_mentioned_and_not_to_the_followers() {
    both(|town| async move {
        let (ana, _) = followed_by_bea(&town).await;
        town.resident("paul").await;
        publish(&town, ana, "@paul between us", Visibility::Direct).await;
        assert_eq!(kinds(&sent_to(&town, AWAY).await), ["Accept"]);
    })
    .await;
}

#[tokio::test]
async fn changes_and_the_end_of_a_post_go_where_it_went() {
    both(|town| async move {
        let (ana, bea) = followed_by_bea(&town).await;
        let id = publish(&town, ana, "one", Visibility::Public).await;
        // She follows no longer, and has the post.
        town.write(move |tx| follows::unfollow(tx, bea, ana)).await;
        let change = Edit { text: Some("two".to_owned()), ..Edit::default() };
        town.write(move |tx| statuses::edit(tx, ana, id, &change)).await;
        town.write(move |tx| statuses::delete(tx, ana, id)).await;
        let sent = sent_to(&town, AWAY).await;
        assert_eq!(kinds(&sent), ["Accept", "Create", "Update", "Delete"]);
        assert_eq!(sent[3].0["object"]["type"], json!("Tombstone"));
        assert_eq!(sent[3].1, ["https://away.example/inbox"]);
    })
    .await;
}

#[tokio::test]
async fn follows_favourites_boosts_and_blocks_are_told_and_taken_back() {
    both(|town| async move {
        let (ana, bea) = (town.resident("ana").await, remote(&town, "bea").await);
        let note = remote::RemoteNote {
            uri: "https://away.example/notes/1".to_owned(),
            author: "https://away.example/users/bea".to_owned(),
            html: "<p>hi</p>".to_owned(),
            is_public: true,
            ..remote::RemoteNote::default()
        };
        let post = town
            .write(move |tx| remote::statuses::create(tx, &note, remote::statuses::Wanted::Yes))
            .await
            .kept()
            .unwrap();
        town.write(move |tx| {
            follows::follow(tx, ana, bea, &Wishes::default(), None)?;
            follows::unfollow(tx, ana, bea)?;
            reactions::favourite(tx, ana, post, None)?;
            reactions::unfavourite(tx, ana, post)?;
            statuses::boost(tx, ana, post, None)?;
            statuses::unboost(tx, ana, post)?;
            blocks::block(tx, ana, bea, None)?;
            blocks::unblock(tx, ana, bea)
        })
        .await;
        let sent = sent_to(&town, AWAY).await;
        assert_eq!(kinds(&sent), ["Follow", "Undo", "Like", "Undo", "Announce", "Undo", "Block", "Undo"]);
        for pair in sent.chunks(2) {
            assert_eq!(pair[1].0["object"]["id"], pair[0].0["id"], "an Undo names what it undoes");
        }
        assert_eq!(sent[4].0["object"], json!("https://away.example/notes/1"));
        assert!(sent[4].0["cc"].as_array().unwrap().contains(&json!("https://away.example/users/bea")));
    })
    .await;
}

#[tokio::test]
async fn what_others_do_is_not_told_in_our_name() {
    both(|town| async move {
        let (ana, bea) = followed_by_bea(&town).await;
        let post = publish(&town, ana, "one", Visibility::Public).await;
        town.write(move |tx| {
            reactions::favourite(tx, bea, post, Some("https://away.example/likes/1"))?;
            follows::unfollow(tx, bea, ana)?;
            blocks::block(tx, bea, ana, Some("https://away.example/blocks/1"))
        })
        .await;
        assert_eq!(kinds(&sent_to(&town, AWAY).await), ["Accept", "Create"]);
    })
    .await;
}

#[tokio::test]
async fn an_accept_carries_the_follow_as_it_came_and_a_deleted_account_says_good_bye() {
    both(|town| async move {
        let (ana, _) = followed_by_bea(&town).await;
        town.write(move |tx| parvis_domain::accounts::delete::delete(tx, ana)).await;
        let sent = sent_to(&town, AWAY).await;
        assert_eq!(kinds(&sent), ["Accept", "Delete"]);
        assert_eq!(sent[0].0["object"]["id"], json!("https://away.example/follows/1"));
        assert_eq!(sent[0].0["object"]["actor"], json!("https://away.example/users/bea"));
        assert_eq!(sent[1].0["object"], json!(town.urls().actor("ana")));
    })
    .await;
}

#[tokio::test]
async fn o10_a_move_is_told_to_followers_after_the_profile_that_proves_it() {
    both(|town| async move {
        let (ana, _) = followed_by_bea(&town).await;
        let ben = town.resident("ben").await;
        town.write(move |tx| aliases::add_known(tx, ben, ana)).await;
        let before = sent_to(&town, AWAY).await.len();
        away::go(&town, ana, "@ben").await.unwrap();
        let sent: Vec<_> = sent_to(&town, AWAY).await.split_off(before);
        assert_eq!(kinds(&sent), ["Update", "Move"]);
        let (old, new) = (town.urls().actor("ana"), town.urls().actor("ben"));
        assert_eq!(sent[0].0["object"]["movedTo"], json!(new));
        let told = &sent[1].0;
        assert_eq!(
            (&told["actor"], &told["object"], &told["target"]),
            (&json!(old), &json!(old), &json!(new))
        );
        assert_eq!(told["to"], json!([format!("{old}/followers")]));
    })
    .await;
}

#[tokio::test]
async fn a_forwarded_report_leaves_in_the_towns_name_and_not_in_that_of_who_wrote_it() {
    both(|town| async move {
        let (ana, bea) = (town.resident("ana").await, remote(&town, "bea").await);
        parvis_domain::accounts::instance_actor::ensure(&town).await.unwrap();
        let report = move |forwards: bool| NewReport {
            target: bea,
            comment: "rude".to_owned(),
            forwards,
            ..NewReport::default()
        };
        town.write(move |tx| reports::file(tx, ana, &report(false))).await;
        assert!(sent_to(&town, AWAY).await.is_empty(), "not forwarded");
        let id = town.write(move |tx| reports::file(tx, ana, &report(true))).await;
        let sent = sent_to(&town, AWAY).await;
        assert_eq!(kinds(&sent), ["Flag"]);
        let (flag, inboxes) = &sent[0];
        assert_eq!(inboxes.len(), 1);
        assert_eq!(flag["actor"], json!(town.urls().instance_actor()));
        assert_eq!(flag["id"], json!(town.urls().report(id)));
        assert_eq!(flag["object"], json!(["https://away.example/users/bea"]));
        assert_eq!((&flag["content"], &flag["summary"]), (&json!("rude"), &json!("rude")));
        assert!(!flag.to_string().contains("users/ana"), "{flag}");
    })
    .await;
}
