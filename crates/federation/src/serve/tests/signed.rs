//! Who may see what: signed GETs, blocked servers, cookies.

use parvis_domain::follows::{self, Wishes};
use parvis_domain::{actors, blocks};
use serde_json::json;

use super::*;

/// A town where `bea@away.example` follows `ana`, and `bob` lives.
async fn with_follower() -> (Served, AccountId, AccountId) {
    let served = Served::new().await;
    let ana = served.town.resident("ana").await;
    let bea = world::remote(&served.town, "bea").await;
    served
        .town
        .write(move |tx| {
            follows::follow(tx, bea, ana, &Wishes::default(), Some("https://away.example/follows/1"))
        })
        .await;
    (served, ana, bea)
}

#[tokio::test]
async fn o15_a_private_post_is_there_for_a_follower_who_signs_and_for_nobody_else() {
    let (served, ana, _) = with_follower().await;
    world::remote(&served.town, "eve").await;
    let post = served.publish(ana, "for followers", Visibility::Private).await;
    let at = path("ana", post);
    for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
        for part in ["", "/activity", "/replies"] {
            let came = served.get_as(scheme, "bea", &format!("{at}{part}")).await;
            assert_eq!(came.status, StatusCode::OK, "{scheme:?} {part}");
            assert_eq!(came.header("cache-control"), "private, no-store");
            assert_eq!(came.header("vary"), "Accept, Signature");
        }
        assert_eq!(served.get_as(scheme, "eve", &at).await.status, StatusCode::NOT_FOUND, "not a follower");
        assert_eq!(served.get_as(scheme, "unknown", &at).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(served.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn o15_with_http_2_the_host_stands_in_the_address() {
    let (served, ana, _) = with_follower().await;
    let at = path("ana", served.publish(ana, "for followers", Visibility::Private).await);
    let mut headers = served.signed(Scheme::Cavage, "https://away.example/users/bea#main-key", &at);
    headers.remove(header::HOST);
    assert_eq!(served.ask(Method::GET, &at, headers.clone()).await.status, StatusCode::NOT_FOUND);
    let whole = served.town.urls().page(&at);
    assert_eq!(served.ask(Method::GET, &whole, headers).await.status, StatusCode::OK);
}

#[tokio::test]
async fn o15_a_direct_post_is_there_for_who_is_mentioned() {
    let (served, ana, _) = with_follower().await;
    world::remote(&served.town, "cem").await;
    let post = served.publish(ana, "@cem@away.example psst", Visibility::Direct).await;
    let came = served.get_as(Scheme::Cavage, "cem", &path("ana", post)).await;
    assert_eq!((came.status, came.header("cache-control")), (StatusCode::OK, "private, no-store"));
    let follower = served.get_as(Scheme::Cavage, "bea", &path("ana", post)).await;
    assert_eq!(follower.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn o15_a_follower_finds_private_posts_in_the_outbox_and_no_cache_keeps_them() {
    let (served, ana, _) = with_follower().await;
    served.publish(ana, "for everybody", Visibility::Public).await;
    served.publish(ana, "for followers", Visibility::Private).await;
    let page = "/users/ana/outbox?page=true";
    let follower = served.get_as(Scheme::Cavage, "bea", page).await;
    assert_eq!(follower.json()["orderedItems"].as_array().unwrap().len(), 2);
    assert_eq!(follower.header("cache-control"), "private, no-store");
    let anybody = served.get(page).await;
    assert_eq!(anybody.json()["orderedItems"].as_array().unwrap().len(), 1);
    assert!(!anybody.text.contains("for followers"));
}

#[tokio::test]
async fn s3_a_signature_counts_only_for_the_address_it_was_made_for() {
    let (served, ana, _) = with_follower().await;
    let post = served.publish(ana, "for followers", Visibility::Private).await;
    let other = served.publish(ana, "another", Visibility::Private).await;
    let key = "https://away.example/users/bea#main-key";
    let signed = served.signed(Scheme::Cavage, key, &path("ana", other));
    let came = served.ask(Method::GET, &path("ana", post), signed.clone()).await;
    assert_eq!(came.status, StatusCode::NOT_FOUND, "another path");
    let mut elsewhere = served.signed(Scheme::Cavage, key, &path("ana", post));
    elsewhere.insert(header::HOST, "other.example".parse().unwrap());
    assert_eq!(served.ask(Method::GET, &path("ana", post), elsewhere).await.status, StatusCode::NOT_FOUND);
    served.town.clock.advance(13 * parvis_model::time::HOUR);
    let came = served.ask(Method::GET, &path("ana", other), signed).await;
    assert_eq!(came.status, StatusCode::NOT_FOUND, "thirteen hours old");
}

#[tokio::test]
async fn s1_a_signature_that_does_not_hold_makes_nobody_and_is_no_error() {
    let (served, ana, _) = with_follower().await;
    let open = served.publish(ana, "for everybody", Visibility::Public).await;
    let private = served.publish(ana, "for followers", Visibility::Private).await;
    for garbage in [
        "x",
        "keyId=\"\",signature=\"\"",
        "keyId=\"https://away.example/users/bea#main-key\",headers=\"(request-target) host date\",signature=\"AAAA\"",
    ] {
        let headers = |at: StatusId| {
            let mut headers =
                served.signed(Scheme::Cavage, "https://away.example/users/bea#main-key", &path("ana", at));
            headers.insert("signature", garbage.parse().unwrap());
            headers
        };
        assert_eq!(served.ask(Method::GET, &path("ana", open), headers(open)).await.status, StatusCode::OK);
        let came = served.ask(Method::GET, &path("ana", private), headers(private)).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{garbage}");
    }
}

#[tokio::test]
async fn i5_i2_what_is_not_for_you_is_not_there_in_the_same_words() {
    let (served, ana, _) = with_follower().await;
    let post = served.publish(ana, "secret plan", Visibility::Direct).await;
    let secret = path("ana", post);
    let never = path("ana", StatusId(post.0 + 1));
    for part in ["", "/activity", "/replies", "/replies?page=true"] {
        let hidden = served.get(&format!("{secret}{part}")).await;
        let missing = served.get(&format!("{never}{part}")).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{part}");
        assert_eq!((hidden.text, hidden.headers), (missing.text, missing.headers), "{part}");
    }
    for list in ["/users/ana/outbox?page=true", "/users/ana/collections/featured"] {
        assert!(!served.get(list).await.text.contains("secret plan"));
        assert!(!served.get_as(Scheme::Cavage, "bea", list).await.text.contains("secret plan"));
    }
}

#[tokio::test]
async fn o14_signed_requests_from_a_blocked_server_get_nothing() {
    let (served, ana, _) = with_follower().await;
    let post = served.publish(ana, "for everybody", Visibility::Public).await;
    world::block(&served.town, "away.example").await;
    for at in ["/users/ana".to_owned(), "/users/ana/outbox?page=true".to_owned(), path("ana", post)] {
        for who in ["bea", "somebody-unknown"] {
            let came = served.get_as(Scheme::Cavage, who, &at).await;
            assert_eq!(came.status, StatusCode::FORBIDDEN, "{who} {at}");
            assert!(!came.text.contains("ana"));
        }
    }
    let listed = served.get("/users/ana/followers?page=true").await.json();
    assert_eq!(listed["orderedItems"], json!([]), "its people are not shown either");
}

#[tokio::test]
async fn o14_who_is_suspended_or_blocked_by_the_author_gets_nothing() {
    let (served, ana, bea) = with_follower().await;
    let post = served.publish(ana, "for everybody", Visibility::Public).await;
    served.town.write(move |tx| blocks::block(tx, ana, bea, None)).await;
    assert_eq!(served.get_as(Scheme::Cavage, "bea", &path("ana", post)).await.status, StatusCode::NOT_FOUND);
    let page = served.get_as(Scheme::Cavage, "bea", "/users/ana/outbox?page=true").await.json();
    assert_eq!(page["orderedItems"], json!([]));
    let cem = world::remote(&served.town, "cem").await;
    assert_eq!(served.get_as(Scheme::Cavage, "cem", &path("ana", post)).await.status, StatusCode::OK);
    served
        .town
        .write(move |tx| {
            parvis_domain::accounts::suspend::suspend(tx, parvis_model::account::Role::Admin, cem)
        })
        .await;
    assert_eq!(served.get_as(Scheme::Cavage, "cem", &path("ana", post)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn s7_a_key_speaks_only_for_its_own_actor() {
    let (served, ana, bea) = with_follower().await;
    let post = served.publish(ana, "for followers", Visibility::Private).await;
    let keys = served.town.read(move |c| actors::keys_of(c, bea)).await;
    assert_eq!(keys[0].uri, "https://away.example/users/bea#main-key");
    for key in [
        "https://away.example/users/bea",
        "https://other.example/users/bea#main-key",
        "acct:bea@away.example",
    ] {
        let Ok(url) = Url::parse(key) else { continue };
        let headers = served.signed(Scheme::Cavage, url.as_str(), &path("ana", post));
        let came = served.ask(Method::GET, &path("ana", post), headers).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{key}");
    }
}

#[tokio::test]
async fn x6_cookies_and_tokens_open_nothing_here_and_other_sites_read_no_documents() {
    let (served, ana, _) = with_follower().await;
    let post = served.publish(ana, "for followers", Visibility::Private).await;
    let token = served.town.token(ana, "read").await;
    let mut headers = accepting("application/activity+json");
    headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    headers.insert(header::COOKIE, "session=anything".parse().unwrap());
    headers.insert(header::ORIGIN, "https://evil.example".parse().unwrap());
    let came = served.ask(Method::GET, &path("ana", post), headers.clone()).await;
    assert_eq!(came.status, StatusCode::NOT_FOUND);
    let came = served.ask(Method::GET, "/users/ana", headers.clone()).await;
    assert_eq!(came.header("access-control-allow-origin"), "");
    let finger = "/.well-known/webfinger?resource=acct:ana@town.example";
    let came = served.ask(Method::GET, finger, headers).await;
    assert_eq!(came.header("access-control-allow-origin"), "*");
    assert_eq!(came.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn x5_documents_carry_the_configured_name_whatever_host_was_asked() {
    let served = Served::new().await;
    served.town.resident("ana").await;
    let mut headers = accepting("application/activity+json");
    headers.insert(header::HOST, "evil.example".parse().unwrap());
    for at in ["/users/ana", "/actor", "/nodeinfo/2.1", "/.well-known/nodeinfo", "/.well-known/host-meta"] {
        let came = served.ask(Method::GET, at, headers.clone()).await;
        assert_eq!(came.status, StatusCode::OK, "{at}");
        assert!(!came.text.contains("evil.example"), "{at}");
    }
}

#[tokio::test]
async fn fep_8fcf_a_server_is_told_its_own_followers_and_no_others() {
    let (served, ana, _) = with_follower().await;
    let actor = world::actor_at("other.example", "eve", &world::key());
    served
        .town
        .write(move |tx| {
            let eve = parvis_domain::remote::accounts::upsert(tx, &actor)?;
            follows::follow(tx, eve, ana, &Wishes::default(), Some("https://other.example/follows/1"))
        })
        .await;
    let at = "/users/ana/followers_synchronization";
    let came = served.get_as(Scheme::Cavage, "bea", at).await;
    assert_eq!((came.status, came.header("cache-control")), (StatusCode::OK, "private, no-store"));
    assert_eq!(came.json()["orderedItems"], json!(["https://away.example/users/bea"]));
    assert_eq!(served.get(at).await.status, StatusCode::NOT_FOUND);
}
