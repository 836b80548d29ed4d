//! A service that the settings name: the guard stands before it as before everything else (threats F1).

use super::*;

#[tokio::test]
async fn f1_a_service_at_a_private_address_is_asked_only_if_the_settings_name_that_too() {
    let peer = Peer::serving(|_| {
        Router::new()
            .route("/languages", any(|| ready(([(header::CONTENT_TYPE, "application/json")], "[]"))))
            .route("/page", any(|| ready(([(header::CONTENT_TYPE, "text/html")], "[]"))))
            .route("/broken", any(|| ready(StatusCode::BAD_GATEWAY)))
    })
    .await;
    let strict = Settings { allow_loopback: false, ..settings() };
    let refused = client(&strict).ask_service(&peer.url("/languages"), None).await;
    assert!(matches!(refused, Err(FetchError::Refused(_))), "{refused:?}");
    assert_eq!(peer.hits(), 0);
    let named = Settings { allowed_private_addresses: vec![peer.address], ..strict };
    let client = client(&named);
    assert_eq!(client.ask_service(&peer.url("/languages"), None).await, Ok(b"[]".to_vec()));
    assert_eq!(client.ask_service(&peer.url("/languages"), Some("{}".to_owned())).await, Ok(b"[]".to_vec()));
    assert_eq!(client.ask_service(&peer.url("/page"), None).await, Err(FetchError::ContentType));
    assert_eq!(client.ask_service(&peer.url("/broken"), None).await, Err(FetchError::Status(502)));
    let own = Url::parse("https://stadt.example/translate").unwrap();
    assert!(matches!(client.ask_service(&own, None).await, Err(FetchError::Refused(_))));
}
