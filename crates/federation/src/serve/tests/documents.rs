//! Actors, posts, collections, and what stands where a post was.

use insta::assert_json_snapshot;
use parvis_domain::follows::{self, Wishes};
use parvis_domain::statuses;
use parvis_domain::tags::featured;
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_person_is_an_actor_with_a_key() {
    let served = Served::new().await;
    served.town.resident("ana").await;
    let came = served.get("/users/ana").await;
    assert_eq!(came.status, StatusCode::OK);
    assert_eq!(came.header("content-type"), "application/activity+json; charset=utf-8");
    assert_eq!(came.header("vary"), "Accept, Signature");
    assert_eq!(came.header("cache-control"), "public, max-age=180");
    assert!(came.text.contains(r#""@context":["https://www.w3.org/ns/activitystreams""#));
    assert_json_snapshot!(came.json(), { ".publicKey.publicKeyPem" => "[pem]" }, @r##"
    {
      "id": "http://town.example/users/ana",
      "type": "Person",
      "preferredUsername": "ana",
      "name": "ana",
      "summary": "",
      "url": "http://town.example/@ana",
      "inbox": "http://town.example/users/ana/inbox",
      "outbox": "http://town.example/users/ana/outbox",
      "followers": "http://town.example/users/ana/followers",
      "following": "http://town.example/users/ana/following",
      "featured": "http://town.example/users/ana/collections/featured",
      "featuredTags": "http://town.example/users/ana/collections/tags",
      "endpoints": {
        "sharedInbox": "http://town.example/inbox"
      },
      "manuallyApprovesFollowers": false,
      "discoverable": true,
      "indexable": false,
      "published": "2026-11-22T00:00:00Z",
      "publicKey": {
        "id": "http://town.example/users/ana#main-key",
        "owner": "http://town.example/users/ana",
        "publicKeyPem": "[pem]"
      },
      "tag": [],
      "attachment": []
    }
    "##);
    assert_eq!(served.get("/users/ANA").await.json(), came.json(), "case does not matter");
    let pem = came.json()["publicKey"]["publicKeyPem"].as_str().unwrap().to_owned();
    assert!(crate::signature::PublicKey::from_pem(&pem).is_ok());
}

#[tokio::test]
async fn the_town_is_an_actor_at_its_root() {
    let served = Served::new().await;
    let came = served.get("/actor").await;
    assert_json_snapshot!(came.json(), { ".publicKey.publicKeyPem" => "[pem]" }, @r##"
    {
      "id": "http://town.example/",
      "type": "Application",
      "preferredUsername": "town.example",
      "name": "Parvis",
      "summary": "",
      "url": "http://town.example/about",
      "inbox": "http://town.example/actor/inbox",
      "outbox": "http://town.example/actor/outbox",
      "followers": "http://town.example/actor/followers",
      "following": "http://town.example/actor/following",
      "endpoints": {
        "sharedInbox": "http://town.example/inbox"
      },
      "manuallyApprovesFollowers": true,
      "discoverable": false,
      "indexable": false,
      "published": "2026-11-22T00:00:00Z",
      "publicKey": {
        "id": "http://town.example/#main-key",
        "owner": "http://town.example/",
        "publicKeyPem": "[pem]"
      },
      "tag": [],
      "attachment": []
    }
    "##);
    for part in ["outbox", "followers", "following"] {
        let came = served.get(&format!("/actor/{part}")).await;
        assert_eq!((came.status, came.json()["totalItems"].clone()), (StatusCode::OK, json!(0)), "{part}");
    }
    assert_eq!(served.get("/users/town.example").await.status, StatusCode::NOT_FOUND, "it has one address");
}

#[tokio::test]
async fn browsers_are_led_to_the_pages() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let post = served.publish(ana, "hello", Visibility::Public).await;
    for (path, page) in [
        ("/users/Ana".to_owned(), "http://town.example/@ana".to_owned()),
        (path("ana", post), format!("http://town.example/@ana/{post}")),
        ("/actor".to_owned(), "http://town.example/about".to_owned()),
    ] {
        let came = served.ask(Method::GET, &path, accepting("text/html,*/*;q=0.8")).await;
        assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, page.as_str()));
        assert_eq!(came.header("vary"), "Accept, Signature");
    }
    let came = served.ask(Method::GET, "/users/%2F%2Fevil.example", accepting("text/html")).await;
    assert_eq!(came.status, StatusCode::NOT_FOUND, "x5: only to pages of ours");
}

#[tokio::test]
async fn a_post_is_a_note_and_was_created() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let post = served.publish(ana, "Works in the high street #roads", Visibility::Public).await;
    let came = served.get(&path("ana", post)).await;
    assert_eq!(came.header("cache-control"), "public, max-age=180");
    assert_json_snapshot!(numberless(&came.json()), @r##"
    {
      "id": "http://town.example/users/ana/statuses/N",
      "type": "Note",
      "summary": null,
      "inReplyTo": null,
      "published": "2026-11-22T10:00:00.000Z",
      "url": "http://town.example/@ana/N",
      "attributedTo": "http://town.example/users/ana",
      "to": [
        "https://www.w3.org/ns/activitystreams#Public"
      ],
      "cc": [
        "http://town.example/users/ana/followers"
      ],
      "sensitive": false,
      "content": "<p>Works in the high street <a href=\"http://town.example/tags/roads\" class=\"mention hashtag\" rel=\"tag\">#<span>roads</span></a></p>",
      "contentMap": {
        "en": "<p>Works in the high street <a href=\"http://town.example/tags/roads\" class=\"mention hashtag\" rel=\"tag\">#<span>roads</span></a></p>"
      },
      "interactionPolicy": {
        "canQuote": {
          "automaticApproval": [
            "https://www.w3.org/ns/activitystreams#Public"
          ]
        }
      },
      "attachment": [],
      "tag": [
        {
          "type": "Hashtag",
          "href": "http://town.example/tags/roads",
          "name": "#roads"
        }
      ],
      "replies": "http://town.example/users/ana/statuses/N/replies",
      "context": "http://town.example/users/ana/statuses/N/context",
      "source": {
        "content": "Works in the high street #roads",
        "mediaType": "text/plain"
      }
    }
    "##);
    let create = served.get(&format!("{}/activity", path("ana", post))).await.json();
    assert_eq!(create["type"], json!("Create"));
    assert_eq!(create["id"], json!(format!("{}/activity", came.json()["id"].as_str().unwrap())));
    assert_eq!(create["object"], came.json());
    let head = served.ask(Method::HEAD, &path("ana", post), accepting("application/activity+json")).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
    assert_eq!(head.header("content-type"), came.header("content-type"));
}

#[tokio::test]
async fn a_post_has_one_address() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    served.town.resident("bob").await;
    let post = served.publish(ana, "hello", Visibility::Public).await;
    for path in [
        path("bob", post),
        path("nobody", post),
        format!("/users/ana/statuses/0{post}"),
        "/users/ana/statuses/99999999999999999999".to_owned(),
        "/users/ana/statuses/x".to_owned(),
        "/users/ana/statuses/-1".to_owned(),
        "/users/a%20na".to_owned(),
        "/users/ana@town.example".to_owned(),
    ] {
        assert_eq!(served.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(served.get("/users/%ff").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_boost_is_an_announce_and_nothing_else() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let bob = served.town.resident("bob").await;
    let post = served.publish(ana, "hello", Visibility::Public).await;
    let boost = served.town.write(move |tx| statuses::boost::boost(tx, bob, post, None)).await;
    assert_eq!(served.get(&path("bob", boost)).await.status, StatusCode::NOT_FOUND);
    let announce = served.get(&format!("{}/activity", path("bob", boost))).await;
    assert_json_snapshot!(numberless(&announce.json()), @r##"
    {
      "id": "http://town.example/users/bob/statuses/N/activity",
      "type": "Announce",
      "actor": "http://town.example/users/bob",
      "published": "2026-11-22T10:00:00.000Z",
      "to": [
        "https://www.w3.org/ns/activitystreams#Public"
      ],
      "cc": [
        "http://town.example/users/bob/followers",
        "http://town.example/users/ana"
      ],
      "object": "http://town.example/users/ana/statuses/N"
    }
    "##);
    let outbox = served.get("/users/bob/outbox?page=true").await.json();
    assert_eq!(outbox["orderedItems"], json!([announce.json()]));
}

#[tokio::test]
async fn an_outbox_is_read_page_by_page() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    for n in 0..23 {
        served.publish(ana, &format!("post {n}"), Visibility::Public).await;
    }
    served.publish(ana, "for followers", Visibility::Private).await;
    served.publish(ana, "for nobody", Visibility::Direct).await;
    let whole = served.get("/users/ana/outbox").await.json();
    assert_json_snapshot!(whole, @r##"
    {
      "id": "http://town.example/users/ana/outbox",
      "type": "OrderedCollection",
      "totalItems": 23,
      "first": "http://town.example/users/ana/outbox?page=true"
    }
    "##);
    let mut next = Some("/users/ana/outbox?page=true".to_owned());
    let (mut seen, mut sizes) = (Vec::new(), Vec::new());
    while let Some(path) = next {
        let page = served.get(&path).await.json();
        assert_eq!(page["type"], json!("OrderedCollectionPage"));
        assert_eq!(page["partOf"], whole["id"]);
        assert_eq!(page["id"], json!(served.town.urls().page(&path)));
        let items = page["orderedItems"].as_array().unwrap();
        sizes.push(items.len());
        seen.extend(items.iter().map(|item| item["object"]["content"].as_str().unwrap().to_owned()));
        next =
            page["next"].as_str().map(|url| url.strip_prefix(served.town.urls().base()).unwrap().to_owned());
    }
    assert_eq!(sizes, [20, 3, 0]);
    assert_eq!((seen.len(), seen[0].as_str(), seen[22].as_str()), (23, "<p>post 22</p>", "<p>post 0</p>"));
    for bad in ["max_id=x", "max_id=-5", "page=true&page=true", "max_id=99999999999999999999999"] {
        let came = served.get(&format!("/users/ana/outbox?page=true&{bad}")).await;
        assert_eq!(came.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test]
async fn followers_are_counted_and_listed_on_pages() {
    world::both(|town| async move {
        let served = Served::of(town).await;
        let ana = served.town.resident("ana").await;
        let bob = served.town.resident("bob").await;
        let bea = world::remote(&served.town, "bea").await;
        served
            .town
            .write(move |tx| {
                follows::follow(tx, bob, ana, &Wishes::default(), None)?;
                follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/follows/1"))?;
                follows::follow(tx, ana, bob, &Wishes::default(), None)
            })
            .await;
        let whole = served.get("/users/ana/followers").await.json();
        insta::allow_duplicates! {
            assert_json_snapshot!(whole, @r##"
        {
          "id": "http://town.example/users/ana/followers",
          "type": "OrderedCollection",
          "totalItems": 2,
          "first": "http://town.example/users/ana/followers?page=true"
        }
        "##);
        }
        let page = served.get("/users/ana/followers?page=true").await.json();
        insta::allow_duplicates! {
            assert_json_snapshot!(numberless(&page), @r##"
        {
          "id": "http://town.example/users/ana/followers?page=true",
          "type": "OrderedCollectionPage",
          "partOf": "http://town.example/users/ana/followers",
          "totalItems": 2,
          "next": "http://town.example/users/ana/followers?page=true&max_id=N",
          "orderedItems": [
            "https://away.example/users/bea",
            "http://town.example/users/bob"
          ]
        }
        "##);
        }
        let last = served
            .get(page["next"].as_str().unwrap().strip_prefix("http://town.example").unwrap())
            .await
            .json();
        assert_eq!((last["orderedItems"].clone(), last.get("next")), (json!([]), None));
        let following = served.get("/users/ana/following?page=true").await.json();
        assert_eq!(following["orderedItems"], json!(["http://town.example/users/bob"]));
    })
    .await;
}

#[tokio::test]
async fn featured_posts_stand_in_their_collection() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let open = served.publish(ana, "pinned", Visibility::Public).await;
    let private = served.publish(ana, "pinned for followers", Visibility::Private).await;
    served
        .town
        .write(move |tx| {
            statuses::pin::pin(tx, ana, open)?;
            statuses::pin::pin(tx, ana, private)
        })
        .await;
    let came = served.get("/users/ana/collections/featured").await.json();
    assert_eq!(came["orderedItems"], json!([served.get(&path("ana", open)).await.json()]));
    assert_json_snapshot!(came, { ".orderedItems" => "[the post]" }, @r##"
    {
      "id": "http://town.example/users/ana/collections/featured",
      "type": "OrderedCollection",
      "totalItems": 1,
      "orderedItems": "[the post]"
    }
    "##);
}

#[tokio::test]
async fn hashtags_of_a_profile_stand_in_their_collection() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    for name in ["Market", "fête"] {
        served.town.write(move |tx| featured::feature(tx, ana, name)).await;
    }
    assert_json_snapshot!(served.get("/users/ana/collections/tags").await.json(), @r##"
    {
      "id": "http://town.example/users/ana/collections/tags",
      "type": "Collection",
      "totalItems": 2,
      "items": [
        {
          "type": "Hashtag",
          "href": "http://town.example/tags/market",
          "name": "#Market"
        },
        {
          "type": "Hashtag",
          "href": "http://town.example/tags/f%C3%AAte",
          "name": "#fête"
        }
      ]
    }
    "##);
}

#[tokio::test]
async fn replies_that_everybody_may_see_are_listed_oldest_first() {
    world::both(|town| async move {
        let served = Served::of(town).await;
        let ana = served.town.resident("ana").await;
        let bob = served.town.resident("bob").await;
        let post = served.publish(ana, "question", Visibility::Public).await;
        let mut answers = Vec::new();
        for (text, visibility) in
            [("one", Visibility::Public), ("secret", Visibility::Direct), ("two", Visibility::Unlisted)]
        {
            let draft = Draft {
                text: format!("@ana {text}"),
                visibility,
                in_reply_to: Some(post),
                ..Draft::default()
            };
            answers.push(served.town.write(move |tx| statuses::publish::publish(tx, bob, &draft)).await);
        }
        let at = format!("{}/replies", path("ana", post));
        let whole = served.get(&at).await.json();
        insta::allow_duplicates! {
            assert_json_snapshot!(numberless(&whole), @r##"
        {
          "id": "http://town.example/users/ana/statuses/N/replies",
          "type": "Collection",
          "first": "http://town.example/users/ana/statuses/N/replies?page=true"
        }
        "##);
        }
        let first = served.get(&format!("{at}?page=true")).await.json();
        let urls = served.town.urls();
        assert_eq!(first["items"], json!([urls.status("bob", answers[0]), urls.status("bob", answers[2])]));
        let next = first["next"].as_str().unwrap().strip_prefix(urls.base()).unwrap().to_owned();
        assert_eq!(served.get(&next).await.json()["items"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_post_leaves_a_tombstone() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let post = served.publish(ana, "too late", Visibility::Public).await;
    served.town.write(move |tx| statuses::delete::delete(tx, ana, post)).await;
    let came = served.get(&path("ana", post)).await;
    assert_eq!(came.status, StatusCode::GONE);
    assert_eq!(came.header("content-type"), "application/activity+json; charset=utf-8");
    assert_json_snapshot!(numberless(&came.json()), @r##"
    {
      "id": "http://town.example/users/ana/statuses/N",
      "type": "Tombstone",
      "deleted": "2026-11-22T10:00:00.000Z"
    }
    "##);
    for part in ["activity", "replies"] {
        assert_eq!(
            served.get(&format!("{}/{part}", path("ana", post))).await.status,
            StatusCode::GONE,
            "{part}"
        );
    }
}

#[tokio::test]
async fn i2_a_deleted_post_that_was_not_for_everybody_has_never_been_there() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    for visibility in [Visibility::Private, Visibility::Direct] {
        let post = served.publish(ana, "between us", visibility).await;
        let before = served.get(&path("ana", post)).await;
        served.town.write(move |tx| statuses::delete::delete(tx, ana, post)).await;
        let after = served.get(&path("ana", post)).await;
        assert_eq!((before.status, after.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(before.json(), after.json());
    }
}

#[tokio::test]
async fn i3_an_outbox_counts_what_everybody_may_see() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    for visibility in [Visibility::Public, Visibility::Unlisted, Visibility::Private, Visibility::Direct] {
        served.publish(ana, "one of four", visibility).await;
    }
    for page in ["", "?page=true"] {
        assert_eq!(served.get(&format!("/users/ana/outbox{page}")).await.json()["totalItems"], json!(2));
    }
}
