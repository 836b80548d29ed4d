//! What is believed, and how much and how long is read.

use super::*;

#[tokio::test]
async fn a_document_is_fetched_from_the_address_that_is_its_id() {
    let peer = Peer::serving(|base| Router::new().route("/note", always(format!("{base}/note")))).await;
    let fetched = client(&settings()).get_json(&peer.url("/note#part")).await.unwrap();
    assert_eq!(fetched.final_url, peer.url("/note"));
    assert!(fetched.bytes.starts_with(b"{"));
}

#[tokio::test]
async fn f8_an_answer_that_never_ends_in_time_is_given_up() {
    let peer = Peer::serving(|_| {
        let drip = || {
            let body = stream::once(ready(Ok::<_, std::io::Error>(Bytes::from_static(b"{"))));
            ready(([(header::CONTENT_TYPE, ACTIVITY)], Body::from_stream(body.chain(stream::pending()))))
        };
        Router::new().route("/drip", get(drip)).route("/silent", any(|| async { pending::<()>().await }))
    })
    .await;
    let quick = Duration::from_millis(150);
    let limits = Limits { json_total: quick, media_total: quick, ..Limits::default() };
    let client = client(&Settings { limits, ..settings() });
    assert_eq!(client.get_json(&peer.url("/drip")).await.unwrap_err(), FetchError::Timeout);
    assert_eq!(client.get_json(&peer.url("/silent")).await.unwrap_err(), FetchError::Timeout);
    assert_eq!(client.get(&peer.url("/drip?2"), Accepted::Media).await.unwrap_err(), FetchError::Timeout);
    let outcome = client.post_signed(&peer.url("/silent"), Bytes::new(), &signer()).await;
    assert_eq!(outcome, DeliveryOutcome::RetryLater { status: None, after: None });
}

#[tokio::test]
async fn f9_endless_answers_and_gzip_bombs_stop_at_the_limit() {
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zipped.write_all(&vec![b' '; 4 * 1024 * 1024]).unwrap();
    let bomb = Bytes::from(zipped.finish().unwrap());
    assert!(bomb.len() < 8_192);
    let peer = Peer::serving(|base| {
        let endless = || {
            let body = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 4096])));
            ready(([(header::CONTENT_TYPE, ACTIVITY)], Body::from_stream(body)))
        };
        let bomb =
            move || ready(([(header::CONTENT_TYPE, ACTIVITY), (header::CONTENT_ENCODING, "gzip")], bomb));
        Router::new()
            .route("/endless", get(endless))
            .route("/bomb", get(bomb))
            .route("/long", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], vec![b' '; 9000]))))
            .route("/fits", always(format!("{base}/fits")))
    })
    .await;
    let limits = Limits { json_bytes: 8_192, media_bytes: 8_192, ..Limits::default() };
    let client = client(&Settings { limits, ..settings() });
    for path in ["/endless", "/bomb", "/long"] {
        assert_eq!(client.get_json(&peer.url(path)).await.unwrap_err(), FetchError::TooLarge, "{path}");
    }
    assert_eq!(client.get(&peer.url("/bomb?2"), Accepted::Media).await.unwrap_err(), FetchError::TooLarge);
    assert!(client.get_json(&peer.url("/fits")).await.is_ok());
}

#[tokio::test]
async fn o1_a_document_that_names_another_address_is_fetched_there_once() {
    let victim = Peer::serving(|base| Router::new().route("/note", always(format!("{base}/note")))).await;
    let (genuine, missing) = (victim.url("/note").to_string(), victim.url("/missing").to_string());
    let peer = Peer::serving(|base| {
        Router::new()
            .route("/alias", always(format!("{base}/note")))
            .route("/note", always(format!("{base}/note")))
            .route("/forged", always(genuine.clone()))
            .route("/invented", always(missing))
            .route("/ping", always(format!("{base}/pong")))
            .route("/pong", always(format!("{base}/ping")))
            .route("/ours", always("https://stadt.example/users/ana".into()))
            .route("/relative", always("/note".into()))
            .route("/none", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], "{}"))))
            .route("/list", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], "[{\"id\":\"x\"}]"))))
            .route("/twice", get(|| ready(([(header::CONTENT_TYPE, ACTIVITY)], r#"{"id":"a","id":"b"}"#))))
    })
    .await;
    let client = client(&settings());
    assert_eq!(client.get_json(&peer.url("/alias")).await.unwrap().final_url, peer.url("/note"));
    // What claims to be the victim's is asked of the victim, whose word alone counts.
    assert_eq!(client.get_json(&peer.url("/forged")).await.unwrap().final_url, victim.url("/note"));
    for (path, expected) in [
        ("/invented", FetchError::NotFound),
        ("/ping", FetchError::WrongId),
        ("/ours", FetchError::Refused(Refusal::Ourselves)),
        ("/relative", FetchError::NotADocument),
        ("/none", FetchError::NotADocument),
        ("/list", FetchError::NotADocument),
        ("/twice", FetchError::NotADocument),
    ] {
        assert_eq!(client.get_json(&peer.url(path)).await.unwrap_err(), expected, "{path}");
    }
    let own = Url::parse("https://stadt.example/users/ana").unwrap();
    assert_eq!(client.get_json(&own).await.unwrap_err(), FetchError::Refused(Refusal::Ourselves));
}

#[tokio::test]
async fn o2_an_open_redirect_does_not_lend_its_hosts_authority() {
    let evil =
        Peer::serving(|_| Router::new().route("/note", always("http://victim.localhost:1/note".into())))
            .await;
    let target = evil.url("/note").to_string();
    let victim = Peer::serving(|_| {
        Router::new().route("/goto", get(move || ready(Redirect::temporary(&target).into_response())))
    })
    .await;
    // The document came from the evil host in the end, so the id on the victim's is asked, where nothing is.
    assert_eq!(
        client(&settings()).get_json(&victim.url("/goto")).await.unwrap_err(),
        FetchError::Unreachable
    );
}

#[tokio::test]
async fn o3_only_the_types_of_activitypub_are_read_as_documents() {
    let good = [
        "application/activity+json",
        "application/activity+json; charset=utf-8",
        "Application/Activity+JSON",
        r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
        r#"application/ld+json; charset=utf-8; profile="https://www.w3.org/ns/activitystreams""#,
        r#"application/ld+json; profile="https://w3id.org/security/v1 https://www.w3.org/ns/activitystreams""#,
    ];
    let bad = [
        "application/json",
        "application/ld+json",
        r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams-x""#,
        "text/plain",
        "text/html",
        "image/png",
        "application/octet-stream",
        "application/activity+json-x",
        "application/activity+json, text/html",
        "",
    ];
    let kinds: Vec<&'static str> = good.into_iter().chain(bad).collect();
    let peer = Peer::serving(|base| {
        let base = base.to_owned();
        let answer = move |request: Request| {
            let at: usize = request.uri().path().trim_start_matches('/').parse().unwrap();
            let body = json!({"id": format!("{base}/{at}")}).to_string();
            ready(([(header::CONTENT_TYPE, kinds[at])], body))
        };
        Router::new().fallback(answer)
    })
    .await;
    let client = client(&settings());
    for (at, kind) in good.iter().enumerate() {
        assert!(client.get_json(&peer.url(&format!("/{at}"))).await.is_ok(), "{kind}");
    }
    for (at, kind) in bad.iter().enumerate() {
        let url = peer.url(&format!("/{}", at + good.len()));
        assert_eq!(client.get_json(&url).await.unwrap_err(), FetchError::ContentType, "{kind}");
    }
}

#[tokio::test]
async fn s10_failures_are_remembered_for_a_while() {
    let peer = Peer::serving(|_| {
        Router::new()
            .route("/gone", get(|| ready(StatusCode::GONE)))
            .route("/broken", get(|| ready(StatusCode::BAD_GATEWAY)))
    })
    .await;
    let client = client(&settings());
    for _ in 0..5 {
        assert_eq!(client.get_json(&peer.url("/gone")).await.unwrap_err(), FetchError::Gone);
        assert_eq!(client.get_json(&peer.url("/broken")).await.unwrap_err(), FetchError::Status(502));
    }
    assert_eq!(peer.hits(), 2);
    client.forget_failure(&peer.url("/gone"));
    assert_eq!(client.get_json(&peer.url("/gone")).await.unwrap_err(), FetchError::Gone);
    assert_eq!(peer.hits(), 3);
}

#[tokio::test]
async fn other_things_are_fetched_unsigned_by_their_own_types() {
    let peer = Peer::serving(|_| {
        let answer = |kind: &'static str| {
            get(move |headers: HeaderMap| {
                assert!(!headers.contains_key("signature"));
                ready(([(header::CONTENT_TYPE, kind)], "x"))
            })
        };
        Router::new()
            .route("/jrd", answer("application/jrd+json; charset=utf-8"))
            .route("/json", answer("application/json"))
            .route("/html", answer("text/html"))
            .route("/png", answer("image/png"))
    })
    .await;
    let client = client(&settings());
    client.sign_as(signer());
    assert!(client.get(&peer.url("/jrd"), Accepted::Json).await.is_ok());
    assert!(client.get(&peer.url("/json"), Accepted::Json).await.is_ok());
    assert!(client.get(&peer.url("/html"), Accepted::Html).await.is_ok());
    assert_eq!(client.get(&peer.url("/html?2"), Accepted::Json).await.unwrap_err(), FetchError::ContentType);
    assert_eq!(client.get(&peer.url("/png?2"), Accepted::Html).await.unwrap_err(), FetchError::ContentType);
    let picture = client.get(&peer.url("/png"), Accepted::Media).await.unwrap();
    assert_eq!(
        (picture.content_type.as_deref(), picture.bytes.as_ref()),
        (Some("image/png"), b"x".as_slice())
    );
}
