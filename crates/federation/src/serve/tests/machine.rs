//! WebFinger, host-meta, NodeInfo.

use insta::assert_json_snapshot;
use parvis_domain::accounts::{SignUp, sign_up};
use parvis_model::time::{DAY, HOUR};
use serde_json::json;

use super::*;

impl Served {
    async fn finger(&self, resource: &str) -> Came {
        self.get(&format!("/.well-known/webfinger?resource={resource}")).await
    }
}

#[tokio::test]
async fn webfinger_finds_people_by_handle_and_by_address() {
    let served = Served::new().await;
    served.town.resident("ana").await;
    let came = served.finger("acct:ana@town.example").await;
    assert_eq!(came.status, StatusCode::OK);
    assert_eq!(came.header("content-type"), "application/jrd+json; charset=utf-8");
    assert_eq!(came.header("access-control-allow-origin"), "*");
    assert_json_snapshot!(came.json(), @r##"
    {
      "subject": "acct:ana@town.example",
      "aliases": [
        "http://town.example/@ana",
        "http://town.example/users/ana"
      ],
      "links": [
        {
          "rel": "http://webfinger.net/rel/profile-page",
          "type": "text/html",
          "href": "http://town.example/@ana"
        },
        {
          "rel": "self",
          "type": "application/activity+json",
          "href": "http://town.example/users/ana"
        }
      ]
    }
    "##);
    for other in [
        "acct%3AANA%40Town.Example",
        "acct:ana@town.example:80",
        "http://town.example/users/ana",
        "http%3A%2F%2Ftown.example%2F%40ana",
        "acct:ana@town.example&rel=self&rel=http://webfinger.net/rel/profile-page",
    ] {
        assert_eq!(served.finger(other).await.json(), came.json(), "{other}");
    }
    let one = served.finger("acct:ana@town.example&rel=self").await.json();
    assert_eq!(one["links"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn webfinger_finds_the_town_itself() {
    let served = Served::new().await;
    let came = served.finger("acct:town.example@town.example").await.json();
    assert_json_snapshot!(came, @r##"
    {
      "subject": "acct:town.example@town.example",
      "aliases": [
        "http://town.example/about",
        "http://town.example/"
      ],
      "links": [
        {
          "rel": "http://webfinger.net/rel/profile-page",
          "type": "text/html",
          "href": "http://town.example/about"
        },
        {
          "rel": "self",
          "type": "application/activity+json",
          "href": "http://town.example/"
        }
      ]
    }
    "##);
    assert_eq!(served.finger("http://town.example/").await.json(), came);
}

#[tokio::test]
async fn what_webfinger_says_of_a_person_leads_back_to_the_same_person() {
    let served = Served::new().await;
    served.town.resident("ana").await;
    for resource in ["acct:ana@town.example", "acct:town.example@town.example"] {
        let jrd = served.finger(resource).await.json();
        let id = jrd["links"][1]["href"].as_str().unwrap();
        let path = id.strip_prefix("http://town.example").unwrap();
        let actor = served.get(if path == "/" { "/actor" } else { path }).await.json();
        assert_eq!(actor["id"], json!(id));
        let handle = format!("acct:{}@town.example", actor["preferredUsername"].as_str().unwrap());
        assert_eq!(jrd["subject"], json!(handle));
    }
}

#[tokio::test]
async fn o11_webfinger_never_answers_for_another_host() {
    let served = Served::new().await;
    served.town.resident("ana").await;
    world::remote(&served.town, "bea").await;
    for resource in [
        "acct:bea@away.example",
        "acct:ana@away.example",
        "acct:bea@town.example",
        "https://away.example/users/bea",
        "http://town.example/users/bea",
        "acct:ana@town.example.away.example",
        "acct:ana",
        "acct:nobody@town.example",
        "%00",
        "acct:%F0%9F%A6%80@town.example",
    ] {
        let came = served.finger(resource).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{resource}");
        assert_eq!(came.text, r#"{"error":"not found"}"#);
    }
    for bad in ["/.well-known/webfinger", "/.well-known/webfinger?resource=", "/.well-known/webfinger?x=y"] {
        assert_eq!(served.get(bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let long = served.finger(&"a".repeat(5_000)).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn i2_who_is_not_let_in_yet_is_not_there() {
    let served = Served::new().await;
    let form = SignUp {
        username: "nina".to_owned(),
        email: "nina@mail.example".to_owned(),
        password: parvis_domain::testing::PASSWORD.to_owned(),
        reason: String::new(),
        accepts_rules: true,
        locale: "en".to_owned(),
        from: None,
    };
    sign_up(&served.town, form).await.unwrap();
    for at in ["/users/nina", "/users/nina/outbox", "/.well-known/webfinger?resource=acct:nina@town.example"]
    {
        assert_eq!(served.get(at).await.status, StatusCode::NOT_FOUND, "{at}");
    }
}

#[tokio::test]
async fn host_meta_says_where_webfinger_is() {
    let served = Served::new().await;
    let came = served.get("/.well-known/host-meta").await;
    assert_eq!(came.header("content-type"), "application/xrd+xml; charset=utf-8");
    insta::assert_snapshot!(came.text, @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
      <Link rel="lrdd" template="http://town.example/.well-known/webfinger?resource={uri}"/>
    </XRD>
    "##);
    let json = served.get("/.well-known/host-meta.json").await;
    assert_eq!(json.header("content-type"), "application/jrd+json; charset=utf-8");
    assert_json_snapshot!(json.json(), @r##"
    {
      "links": [
        {
          "rel": "lrdd",
          "template": "http://town.example/.well-known/webfinger?resource={uri}"
        }
      ]
    }
    "##);
}

#[tokio::test]
async fn nodeinfo_says_what_runs_here_and_how_large_it_is() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    served.publish(ana, "hello", Visibility::Public).await;
    assert_json_snapshot!(served.get("/.well-known/nodeinfo").await.json(), @r##"
    {
      "links": [
        {
          "rel": "http://nodeinfo.diaspora.software/ns/schema/2.1",
          "href": "http://town.example/nodeinfo/2.1"
        },
        {
          "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
          "href": "http://town.example/nodeinfo/2.0"
        },
        {
          "rel": "https://www.w3.org/ns/activitystreams#Application",
          "href": "http://town.example/"
        }
      ]
    }
    "##);
    let came = served.get("/nodeinfo/2.1").await;
    assert_eq!(
        came.header("content-type"),
        "application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/2.1#\"; charset=utf-8"
    );
    assert_json_snapshot!(came.json(), { ".software.version" => "[version]", ".software.repository" => "[source]", ".software.homepage" => "[source]" }, @r##"
    {
      "version": "2.1",
      "software": {
        "name": "parvis",
        "version": "[version]",
        "repository": "[source]",
        "homepage": "[source]"
      },
      "protocols": [
        "activitypub"
      ],
      "services": {
        "inbound": [],
        "outbound": []
      },
      "openRegistrations": true,
      "usage": {
        "users": {
          "total": 1,
          "activeMonth": 1,
          "activeHalfyear": 1
        },
        "localPosts": 1
      },
      "metadata": {
        "nodeName": "Parvis",
        "nodeDescription": "The social network of our municipality."
      }
    }
    "##);
    let older = served.get("/nodeinfo/2.0").await.json();
    assert_eq!(older["version"], json!("2.0"));
    assert_eq!(older["software"].as_object().unwrap().len(), 2, "2.0 knows no more of software");
}

#[tokio::test]
async fn nodeinfo_counts_anew_after_a_while() {
    world::both(|town| async move {
        let served = Served::of(town).await;
        let ana = served.town.resident("ana").await;
        let posts = async || served.get("/nodeinfo/2.1").await.json()["usage"]["localPosts"].clone();
        assert_eq!(posts().await, json!(0));
        served.publish(ana, "hello", Visibility::Public).await;
        assert_eq!(posts().await, json!(0), "kept");
        served.town.clock.advance(HOUR);
        assert_eq!(posts().await, json!(1));
        served.town.clock.advance(40 * DAY);
        let usage = served.get("/nodeinfo/2.1").await.json()["usage"]["users"].clone();
        assert_eq!(usage, json!({ "total": 1, "activeMonth": 0, "activeHalfyear": 1 }));
    })
    .await;
}
