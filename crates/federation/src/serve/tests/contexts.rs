//! A conversation is a collection on the server where it began (FEP-7888).

use parvis_domain::remote::RemoteNote;
use parvis_domain::remote::statuses::{Wanted, create};
use serde_json::json;

use super::*;

async fn answer(served: &Served, author: AccountId, to: StatusId, visibility: Visibility) -> StatusId {
    let draft = Draft { text: "Yes".to_owned(), visibility, in_reply_to: Some(to), ..Draft::default() };
    served.town.write(move |tx| statuses::publish::publish(tx, author, &draft)).await
}

#[tokio::test]
async fn fep_7888_posts_of_a_conversation_name_its_collection_and_it_lists_what_everybody_may_see() {
    world::both(|town| async move {
        let served = Served::of(town).await;
        let (ana, bob) = (served.town.resident("ana").await, served.town.resident("bob").await);
        let first = served.publish(ana, "Shall we?", Visibility::Public).await;
        let second = answer(&served, bob, first, Visibility::Unlisted).await;
        let third = answer(&served, ana, second, Visibility::Public).await;
        let hidden = answer(&served, ana, third, Visibility::Private).await;
        let uri = |name, id| served.town.urls().status(name, id);
        let context = format!("{}/context", uri("ana", first));
        for (name, id) in [("ana", first), ("bob", second), ("ana", third)] {
            assert_eq!(served.get(&path(name, id)).await.json()["context"], json!(context));
        }
        let at = format!("{}/context", path("ana", first));
        let whole = served.get(&at).await.json();
        assert_eq!(
            whole,
            json!({ "id": context, "type": "OrderedCollection", "attributedTo": served.town.urls().actor("ana"),
                    "first": format!("{context}?page=true") })
        );
        let page = served.get(&format!("{at}?page=true")).await.json();
        assert_eq!(page["orderedItems"], json!([uri("ana", first), uri("bob", second), uri("ana", third)]));
        assert_eq!(page["next"], json!(format!("{context}?page=true&min_id={hidden}")));
        let last = served.get(&format!("{at}?page=true&min_id={hidden}")).await.json();
        assert_eq!((last["orderedItems"].clone(), last.get("next")), (json!([]), None));
    })
    .await;
}

#[tokio::test]
async fn fep_7888_a_conversation_that_began_elsewhere_keeps_its_address_and_private_ones_have_none() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    world::remote(&served.town, "bea").await;
    let note = |n: u32, context: Option<&str>| RemoteNote {
        uri: format!("https://away.example/notes/{n}"),
        author: "https://away.example/users/bea".into(),
        html: "<p>x</p>".into(),
        is_public: true,
        context: context.map(str::to_owned),
        ..RemoteNote::default()
    };
    let theirs = "https://away.example/contexts/7";
    for (n, context) in [(1, Some(theirs)), (2, None)] {
        let note = note(n, context);
        let kept = served.town.write(move |tx| create(tx, &note, Wanted::Yes)).await.kept().unwrap();
        let first = answer(&served, ana, kept, Visibility::Public).await;
        let second = answer(&served, ana, first, Visibility::Public).await;
        for id in [first, second] {
            let document = served.get(&path("ana", id)).await.json();
            assert_eq!(document.get("context"), context.map(|c| json!(c)).as_ref(), "{n}");
            assert_eq!(
                served.get(&format!("{}/context", path("ana", id))).await.status,
                StatusCode::NOT_FOUND
            );
        }
    }
    let direct = served.publish(ana, "Hello @bea@away.example", Visibility::Direct).await;
    let document = served.get_as(Scheme::Cavage, "bea", &path("ana", direct)).await.json();
    assert_eq!(document.get("context"), None);
    let at = format!("{}/context", path("ana", direct));
    assert_eq!(served.get_as(Scheme::Cavage, "bea", &at).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_post_says_what_was_typed() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let post = served.publish(ana, "1 < 2 & #maths\n\nok", Visibility::Public).await;
    let source = served.get(&path("ana", post)).await.json()["source"].clone();
    assert_eq!(source, json!({ "content": "1 < 2 & #maths\n\nok", "mediaType": "text/plain" }));
}
