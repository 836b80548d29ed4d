//! What is answered where an account was, and where one is suspended.

use parvis_domain::accounts::profile::{self, Change};
use parvis_domain::accounts::{delete, suspend};
use parvis_model::account::Role;
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_deleted_account_is_gone_with_all_its_addresses() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let post = served.publish(ana, "hello", Visibility::Public).await;
    served.town.write(move |tx| delete::delete(tx, ana)).await;
    for path in [
        "/users/ana".to_owned(),
        "/users/ana/outbox?page=true".to_owned(),
        "/users/ana/followers".to_owned(),
        "/users/ana/collections/featured".to_owned(),
        "/users/ana/collections/tags".to_owned(),
        path("ana", post),
        "/.well-known/webfinger?resource=acct:ana@town.example".to_owned(),
    ] {
        assert_eq!(served.get(&path).await.status, StatusCode::GONE, "{path}");
    }
    let came = served.get("/users/ana").await.json();
    assert_eq!(
        (came["id"].clone(), came["type"].clone()),
        (json!("http://town.example/users/ana"), json!("Tombstone"))
    );
}

#[tokio::test]
async fn a_suspended_account_says_that_and_nothing_else() {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let post = served.publish(ana, "hello", Visibility::Public).await;
    served
        .town
        .write(move |tx| {
            let change = Change { bio: Some("Something nobody should read".to_owned()), ..Change::default() };
            profile::update(tx, ana, &change)?;
            suspend::suspend(tx, Role::Admin, ana)
        })
        .await;
    let came = served.get("/users/ana").await;
    assert_eq!((came.status, came.json()["suspended"].clone()), (StatusCode::OK, json!(true)));
    assert!(!came.text.contains("nobody should read"));
    for path in ["/users/ana/outbox".to_owned(), "/users/ana/following".to_owned(), path("ana", post)] {
        let came = served.get(&path).await;
        assert_eq!(came.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(came.header("cache-control"), "private, no-store");
    }
}
