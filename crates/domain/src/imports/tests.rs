//! Bringing lists, on both databases.

use parvis_model::ids::AccountId;

use super::*;
use crate::follows::{self, Wishes};
use crate::statuses::{self, Draft};
use crate::testing::{Town, both};
use crate::{blocks, reactions};

async fn bring(
    town: &Town,
    who: AccountId,
    kind: Kind,
    is_overwriting: bool,
    file: &'static str,
) -> (i64, i64) {
    let id = town.write(move |tx| begin(tx, who, kind, is_overwriting, file.as_bytes())).await;
    let mut rounds = 0;
    while work::some(town, id).await.unwrap() {
        rounds += 1;
        assert!(rounds < 20, "it ends");
    }
    let standing = town.read(move |c| list(c, who)).await.remove(0);
    assert!(standing.import.finished_at.is_some() && standing.waiting == 0);
    (standing.done, standing.failed)
}

async fn file(town: &Town, who: AccountId, kind: Kind) -> Vec<String> {
    export::file(town, who, kind).await.unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn each_list_is_brought_and_taken_along_as_mastodon_has_it() {
    both(|town| async move {
        let (ana, ben, cem) = (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let draft = Draft { text: "keep this".to_owned(), ..Draft::default() };
        let post = town.write(move |tx| statuses::publish(tx, ben, &draft)).await;
        town.write(move |tx| {
            follows::follow(tx, ana, cem, &Wishes::default(), None)?;
            blocks::mute(tx, ana, cem, true, None)
        })
        .await;
        let follows = "Account address,Show boosts,Notify on new posts,Languages\n@ben,false,true,fr\nana@town.example,true,,\n";
        assert_eq!(bring(&town, ana, Kind::Following, false, follows).await, (1, 1), "nobody follows themselves");
        assert_eq!(
            file(&town, ana, Kind::Following).await[1..],
            ["ben@town.example,false,true,fr", "cem@town.example,true,false,"]
        );
        assert_eq!(bring(&town, ana, Kind::Following, true, "ben@town.example").await, (1, 0));
        assert_eq!(file(&town, ana, Kind::Following).await[1..], ["ben@town.example,false,true,fr"]);
        // Cem is not followed any more, so ana follows them again.
        assert_eq!(bring(&town, ana, Kind::Lists, false, "Club,ben@town.example\nClub,cem\nNear,@ben").await, (3, 0));
        let mut lists = file(&town, ana, Kind::Lists).await;
        lists.sort();
        assert_eq!(lists, ["Club,ben@town.example", "Club,cem@town.example", "Near,ben@town.example"]);
        assert_eq!(file(&town, ana, Kind::Following).await.len(), 3);
        assert_eq!(bring(&town, ana, Kind::Lists, true, "Club,ben").await, (1, 0));
        assert_eq!(file(&town, ana, Kind::Lists).await, ["Club,ben@town.example"]);
        assert_eq!(bring(&town, ana, Kind::Muting, true, "ben@town.example,false").await, (1, 0));
        assert_eq!(file(&town, ana, Kind::Muting).await[1..], ["ben@town.example,false"]);
        assert_eq!(bring(&town, ana, Kind::Domains, false, "evil.example\n127.0.0.1\ntown.example").await, (1, 2));
        assert_eq!(bring(&town, ana, Kind::Domains, true, "bad.example").await, (1, 0));
        assert_eq!(file(&town, ana, Kind::Domains).await, ["bad.example"]);
        let uri: &'static str = Box::leak(town.urls().status("ben", post).into_boxed_str());
        assert_eq!(bring(&town, ana, Kind::Bookmarks, false, uri).await, (1, 0));
        assert_eq!(file(&town, ana, Kind::Bookmarks).await, [uri]);
        assert_eq!(bring(&town, ana, Kind::Bookmarks, true, "https://away.example/none").await, (0, 1));
        assert!(file(&town, ana, Kind::Bookmarks).await.is_empty());
        assert_eq!(bring(&town, ana, Kind::Blocking, false, "ben@town.example").await, (1, 0));
        assert_eq!(file(&town, ana, Kind::Blocking).await, ["ben@town.example"]);
        assert_eq!(file(&town, ana, Kind::Following).await.len(), 2, "a block ends the follow");
        let mine = town.read(move |c| reactions::bookmarks(c, ana, parvis_store::timelines::Range::newest(9))).await;
        assert!(mine.is_empty());
    })
    .await;
}

#[tokio::test]
async fn i1_results_are_for_their_owner_and_there_are_not_many_at_once() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let mut ids = Vec::new();
        for round in 0..4 {
            let begun =
                town.db().write(move |tx| begin(tx, ana, Kind::Blocking, false, b"x@away.example")).await;
            assert_eq!(begun.is_ok(), round < 3, "{begun:?}");
            ids.extend(begun.ok());
        }
        let id = ids[0];
        while work::some(&town, id).await.unwrap() {}
        assert_eq!(town.read(move |c| failures(c, ana, id)).await, ["x@away.example"]);
        let others = town.db().read(move |c| failures(c, ben, id)).await;
        assert!(matches!(others, Err(Error::NotFound)));
        assert!(!work::some(&town, id).await.unwrap(), "what is finished stays so");
        assert!(!work::some(&town, 99).await.unwrap());
        town.clock.advance(KEPT + 1);
        assert_eq!(town.write(forget).await, 1);
        assert_eq!(town.read(move |c| list(c, ana)).await.len(), 2);
    })
    .await;
}
