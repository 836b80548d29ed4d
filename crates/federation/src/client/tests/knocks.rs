//! Signed requests, the two knocks, what deliveries come to, and turns at a host.

use super::*;

#[tokio::test]
async fn f3_a_delivery_that_is_redirected_has_not_arrived() {
    let elsewhere =
        Peer::serving(|_| Router::new().route("/inbox", any(|| ready(StatusCode::ACCEPTED)))).await;
    let target = elsewhere.url("/inbox").to_string();
    let peer = Peer::serving(|_| {
        Router::new().route("/inbox", any(move || ready(Redirect::permanent(&target).into_response())))
    })
    .await;
    let outcome =
        client(&settings()).post_signed(&peer.url("/inbox"), Bytes::from_static(b"{}"), &signer()).await;
    assert_eq!(outcome, DeliveryOutcome::Refused { status: Some(308), guard: None });
    assert_eq!(elsewhere.hits(), 0);
}

/// A server that understands one scheme, checks it properly and answers `refusing` to anything else.
async fn demanding(scheme: Scheme, refusing: StatusCode, signer: &Signer) -> Peer {
    let key = signer.key.public().clone();
    Peer::serving(|base| {
        let base = base.to_owned();
        let authority = base.trim_start_matches("http://").to_owned();
        Router::new().fallback(move |request: Request| {
            let (key, base, authority) = (key.clone(), base.clone(), authority.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 100_000).await.unwrap();
                let target = parts.uri.path_and_query().unwrap().as_str();
                assert_eq!(
                    parts.headers.get("user-agent").unwrap(),
                    "Parvis/0.1.0 (+https://stadt.example/)"
                );
                let received = Received {
                    method: &parts.method,
                    path_and_query: target,
                    headers: &parts.headers,
                    body: &body,
                    authority: &authority,
                    scheme: "http",
                };
                let claim = parse(&received, NOW);
                match claim.map(|claim| (claim.scheme(), claim.check(&key))) {
                    Ok((used, Ok(()))) if used == scheme => document(&format!("{base}{target}")),
                    Ok((_, Ok(()))) | Err(SignatureError::Missing) => refusing.into_response(),
                    wrong => panic!("{wrong:?}"),
                }
            }
        })
    })
    .await
}

#[tokio::test]
async fn fetches_knock_with_cavage_and_then_with_rfc_9421() {
    let signer = signer();
    for (scheme, first, second) in [(Scheme::Cavage, 1, 2), (Scheme::Rfc9421, 2, 3)] {
        let peer = demanding(scheme, StatusCode::UNAUTHORIZED, &signer).await;
        let client = client(&settings());
        assert_eq!(client.get_json(&peer.url("/a")).await.unwrap_err(), FetchError::Status(401));
        client.sign_as(signer.clone());
        let before = peer.hits();
        assert!(client.get_json(&peer.url("/users/ana?page=1")).await.is_ok(), "{scheme:?}");
        assert_eq!(peer.hits() - before, first);
        // What opened the door is remembered.
        assert!(client.get_json(&peer.url("/users/ana?page=2")).await.is_ok());
        assert_eq!(peer.hits() - before, second);
    }
}

#[tokio::test]
async fn deliveries_knock_twice_and_remember() {
    let signer = signer();
    let body = Bytes::from_static(br#"{"type":"Like"}"#);
    for refusing in [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN] {
        let peer = demanding(Scheme::Rfc9421, refusing, &signer).await;
        let client = client(&settings());
        for hits in [2, 3, 4] {
            let outcome = client.post_signed(&peer.url("/inbox"), body.clone(), &signer).await;
            assert_eq!((outcome, peer.hits()), (DeliveryOutcome::Delivered, hits), "{refusing}");
        }
    }
    let peer = demanding(Scheme::Cavage, StatusCode::UNAUTHORIZED, &signer).await;
    let client = client(&settings());
    assert_eq!(client.post_signed(&peer.url("/inbox"), body, &signer).await, DeliveryOutcome::Delivered);
    assert_eq!(peer.hits(), 1);
}

#[tokio::test]
async fn deliveries_that_fail_say_what_to_do() {
    let peer = Peer::serving(|_| {
        let answer = |status: StatusCode| any(move || ready(status));
        Router::new()
            .route("/deny", answer(StatusCode::UNAUTHORIZED))
            .route("/dislike", answer(StatusCode::FORBIDDEN))
            .route("/gone", answer(StatusCode::GONE))
            .route("/busy", any(|| ready((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "90")]))))
    })
    .await;
    let client = client(&settings());
    let signer = signer();
    let post =
        async |path: &str| client.post_signed(&peer.url(path), Bytes::from_static(b"{}"), &signer).await;
    assert_eq!(post("/deny").await, DeliveryOutcome::RetryLater { status: Some(401), after: None });
    assert_eq!(post("/dislike").await, DeliveryOutcome::Refused { status: Some(403), guard: None });
    assert_eq!(peer.hits(), 4);
    assert_eq!(post("/gone").await, DeliveryOutcome::Gone { status: 410 });
    let after = Some(Duration::from_secs(90));
    assert_eq!(post("/busy").await, DeliveryOutcome::RetryLater { status: Some(503), after });
    assert_eq!(peer.hits(), 6);
    let own = Url::parse("https://stadt.example/inbox").unwrap();
    let refused = DeliveryOutcome::Refused { status: None, guard: Some(Refusal::Ourselves) };
    assert_eq!(client.post_signed(&own, Bytes::new(), &signer).await, refused);
    // Nobody listens on this port any more.
    let closed = Peer::serving(|_| Router::new()).await.url("/inbox");
    let outcome = client.post_signed(&closed, Bytes::new(), &signer).await;
    assert_eq!(outcome, DeliveryOutcome::RetryLater { status: None, after: None });
}

#[tokio::test]
async fn r2_a_host_gets_no_more_than_its_turns_at_a_time() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (gate, waiting) = (Arc::new(tokio::sync::Semaphore::new(0)), Arc::new(tokio::sync::Notify::new()));
    let handler = {
        let (now, most, gate, waiting) =
            (Arc::clone(&now), Arc::clone(&most), Arc::clone(&gate), Arc::clone(&waiting));
        move || {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            let (gate, waiting) = (Arc::clone(&gate), Arc::clone(&waiting));
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                waiting.notify_one();
                gate.acquire().await.unwrap().forget();
                now.fetch_sub(1, Ordering::SeqCst);
                "x"
            }
        }
    };
    let peer = Peer::serving(|_| Router::new().fallback(handler)).await;
    let limits = Limits { per_host: 1, ..Limits::default() };
    let client = client(&Settings { limits, ..settings() });
    let mut asking = JoinSet::new();
    for at in 0..5 {
        let (client, url) = (client.clone(), peer.url(&format!("/{at}")));
        asking.spawn(async move { client.get(&url, Accepted::Media).await.map(|fetched| fetched.bytes) });
    }
    for _ in 0..5 {
        waiting.notified().await;
        gate.add_permits(1);
    }
    for outcome in asking.join_all().await {
        assert_eq!(outcome.unwrap(), Bytes::from_static(b"x"));
    }
    assert_eq!((most.load(Ordering::SeqCst), peer.hits()), (1, 5));
}
