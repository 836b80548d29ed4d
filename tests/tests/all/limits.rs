//! Bad input over real connections: bodies, headers, JSON, panics (threats J1–J7), and what no answer may lack (X4–X6).

use system_tests::{ACTIVITY, Letter, Peers, Sender as _, TwoTowns, json, raw, settle};

#[tokio::test(flavor = "multi_thread")]
async fn j1_no_body_at_any_inbox_gives_a_server_error() {
    let (towns, peers) = (TwoTowns::new().await, Peers::start().await);
    towns.a.resident("ana").await;
    let bob = peers.actor("away", "bob");
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let bodies: Vec<Vec<u8>> = [
        "",
        "null",
        "[]",
        "{}",
        "\"text\"",
        "{\"id\":1}",
        "{\"type\":[]}",
        "{",
        "\u{0}",
        "1e400",
        r#"{"id":"x","type":"Follow","actor":"y"}"#,
        r#"{"id":{"id":{}},"type":{"a":1},"actor":[]}"#,
        r#"{"id":"http://[","type":"Create","actor":"http://[","object":{}}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":1e400}"#,
        r#"{"a":"\u0000"}"#,
    ]
    .iter()
    .map(|t| t.as_bytes().to_vec())
    .chain([vec![0xFF, 0xFE, 0x00], deep(100).into_bytes(), deep(200_000).into_bytes(), vec![b' '; 100]])
    .collect();
    for body in bodies {
        let shown = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
        for path in ["/inbox", "/users/ana/inbox", "/users/nobody/inbox"] {
            let now = towns.a.clock_now();
            let scheme = parvis_federation::signature::Scheme::Cavage;
            let code =
                Letter::signed(bob.signer(), scheme, &towns.a, path, body.clone(), now).post().await.code();
            assert!((400..500).contains(&code), "{path} {shown}: {code}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn j1_strange_members_of_real_activities_are_taken_and_do_no_harm() {
    let (towns, peers) = (TwoTowns::new().await, Peers::start().await);
    let ana = towns.a.resident("ana").await;
    let bob = peers.actor("away", "bob");
    let follow = bob.does("Follow", "/follows/1", &json!(ana.uri()));
    assert_eq!(bob.send(&towns.a, &follow).await.code(), 202);
    for (number, value) in [
        json!(null),
        json!(1),
        json!("\u{0}"),
        json!([[]]),
        json!({"id": 1}),
        json!(-1e300),
        json!("9999-99-99"),
        json!({"type": "\u{0}"}),
        json!(["a", null, {}]),
    ]
    .iter()
    .enumerate()
    {
        for member in [
            "content",
            "published",
            "to",
            "cc",
            "tag",
            "attachment",
            "inReplyTo",
            "summary",
            "url",
            "updated",
            "attributedTo",
            "sensitive",
            "replies",
            "source",
        ] {
            let mut note = bob.note(&format!("/notes/{number}-{member}"), "text");
            note[member] = value.clone();
            let mut create = bob.does("Create", &format!("/creates/{number}-{member}"), &note);
            create["to"] = json!([system_tests::PUBLIC, ana.uri()]);
            create["cc"] = json!([]);
            let code = bob.send(&towns.a, &create).await.code();
            assert!(code == 202 || (400..500).contains(&code), "{member} {value}: {code}");
        }
    }
    settle(&[&towns.a]).await;
    assert_eq!(ana.get("/api/v1/timelines/public").await.code(), 200);
    let fine = bob.does("Create", "/creates/fine", &json!({
        "id": bob.id("/notes/fine"), "type": "Note", "attributedTo": bob.uri, "content": "still here",
        "to": [system_tests::PUBLIC, ana.uri()], "tag": [{"type": "Mention", "href": ana.uri(), "name": "@ana"}],
    }));
    assert_eq!(bob.send(&towns.a, &fine).await.code(), 202);
    settle(&[&towns.a]).await;
    assert!(ana.known(&bob.id("/notes/fine")).await.is_some(), "nothing before it stopped the inbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn j1_no_parameter_of_the_client_api_gives_a_server_error() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    for path in [
        "/api/v1/statuses/%00",
        "/api/v1/statuses/99999999999999999999999",
        "/api/v1/statuses/-1",
        "/api/v1/accounts/1e5",
        "/api/v1/timelines/home?limit=-1",
        "/api/v1/timelines/home?limit=99999999999999999999",
        "/api/v1/timelines/home?max_id=x",
        "/api/v1/timelines/tag/%F0%9F%92%A9",
        "/api/v1/timelines/tag/%00",
        "/api/v2/search?q=%00",
        "/api/v2/search?q=http%3A%2F%2F%5B",
        "/api/v2/search?q=@a@b@c&resolve=true",
        "/api/v1/accounts/relationships?id[]=x",
        "/api/v1/accounts/lookup?acct=%40%40",
        "/@%00",
        "/users/%FF",
        "/.well-known/webfinger?resource=%00",
        "/.well-known/webfinger",
        "/media/..%2F..%2Fsecret.key",
        "/media_proxy/x/original/0",
        "/users/ana/outbox?page=x&max_id=y",
    ] {
        for answer in [ana.get(path).await, towns.a.get(path).await, towns.a.document(path).await] {
            assert!(answer.code() < 500, "{path}: {} {}", answer.code(), answer.text());
        }
    }
    for body in [
        "",
        "{",
        "[]",
        "null",
        r#"{"status":1}"#,
        r#"{"status":"\u0000"}"#,
        r#"{"status":"x","media_ids":"y"}"#,
        r#"{"status":"x","in_reply_to_id":"99"}"#,
        r#"{"status":"x","visibility":"loud"}"#,
    ] {
        for kind in [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "text/plain",
            "application/json; charset=\u{ff}",
        ] {
            let Ok(kind) = reqwest::header::HeaderValue::from_bytes(kind.as_bytes()) else { continue };
            let request = towns
                .a
                .http
                .post(towns.a.url("/api/v1/statuses"))
                .bearer_auth(&ana.token)
                .header("content-type", kind);
            let answer = system_tests::Answer::to(request.body(body.to_owned())).await;
            assert!(answer.code() < 500, "{body}: {} {}", answer.code(), answer.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_are_too_large_or_of_another_type_or_coded_are_refused_by_their_status() {
    let (towns, peers) = (TwoTowns::new().await, Peers::start().await);
    towns.a.resident("ana").await;
    let bob = peers.actor("away", "bob");
    let large = bob.does("Follow", "/f/1", &json!("x".repeat(1_100_000)));
    assert_eq!(bob.send(&towns.a, &large).await.code(), 413);
    let follow = bob.does("Follow", "/f/2", &json!(towns.a.url("/users/ana")));
    let letter = || bob.letter(&towns.a, &follow);
    for kind in ["text/html", "text/plain", "multipart/form-data; boundary=x"] {
        let code = letter().with("content-type", kind).post().await.code();
        assert!(matches!(code, 406 | 415), "{kind}: {code}");
    }
    assert_eq!(letter().without("content-type").post().await.code(), 415);
    for coding in ["gzip", "br", "deflate"] {
        assert_eq!(letter().with("content-encoding", coding).post().await.code(), 415, "{coding}");
    }
    for kind in [
        ACTIVITY,
        "application/activity+json; charset=utf-8",
        r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
    ] {
        assert_eq!(letter().with("content-type", kind).post().await.code(), 202, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn j3_lists_beyond_their_limits_are_cut() {
    let (towns, peers) = (TwoTowns::new().await, Peers::start().await);
    let ana = towns.a.resident("ana").await;
    let bob = peers.actor("away", "bob");
    let mut note = bob.note("/notes/1", "too much");
    note["to"] = json!([system_tests::PUBLIC, ana.uri()]);
    let picture = |n: usize| json!({"type": "Document", "mediaType": "image/png", "url": bob.id(&format!("/p/{n}.png"))});
    note["attachment"] = (0..1_000).map(picture).collect();
    let mut tags: Vec<_> = (0..10_000)
        .map(|n| json!({"type": "Hashtag", "name": format!("#t{n}"), "href": bob.id("/t")}))
        .collect();
    tags.insert(0, json!({"type": "Mention", "href": ana.uri(), "name": "@ana"}));
    note["tag"] = tags.into();
    let create = bob.does("Create", "/creates/1", &note);
    let code = bob.send(&towns.a, &create).await.code();
    settle(&[&towns.a]).await;
    if code == 413 {
        return;
    }
    assert_eq!(code, 202);
    let here = ana.known(&bob.id("/notes/1")).await.expect("it is kept, cut");
    assert!(here["media_attachments"].as_array().unwrap().len() <= 16);
    assert!(here["tags"].as_array().unwrap().len() <= 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn j5_headers_are_few_and_short_and_one_request_is_one_request() {
    let towns = TwoTowns::new().await;
    let (address, domain) = (towns.a.address(), towns.a.domain());
    let status = |answer: &str| answer.split(' ').nth(1).and_then(|s| s.parse::<u16>().ok());
    let get =
        |extra: &str| format!("GET /healthz HTTP/1.1\r\nhost: {domain}\r\nconnection: close\r\n{extra}\r\n");
    assert_eq!(status(&raw(address, get("").as_bytes()).await), Some(200));
    let many: String = (0..20_000).map(|n| format!("x-{n}: 1\r\n")).collect();
    let long = format!("x-long: {}\r\n", "x".repeat(1_000_000));
    for (what, request) in [("many headers", get(&many)), ("a long header", get(&long))] {
        let answer = raw(address, request.as_bytes()).await;
        // Refused with a status, or the connection is simply closed.
        assert!(
            matches!(status(&answer), None | Some(400 | 431)),
            "{what}: {}",
            answer.chars().take(80).collect::<String>()
        );
    }
    // Two lengths of one body: whoever reads the other one would see a second request.
    let smuggled = format!(
        "POST /inbox HTTP/1.1\r\nhost: {domain}\r\ncontent-type: {ACTIVITY}\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nhost: {domain}\r\nconnection: close\r\n\r\n"
    );
    let answer = raw(address, smuggled.as_bytes()).await;
    assert!(status(&answer).is_none_or(|s| (400..500).contains(&s)), "{answer}");
    for chunk in ["zz\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n", "ffffffffffffffffff\r\n"] {
        let request = format!(
            "POST /inbox HTTP/1.1\r\nhost: {domain}\r\ncontent-type: {ACTIVITY}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{chunk}"
        );
        let answer = raw(address, request.as_bytes()).await;
        assert!(status(&answer).is_none_or(|s| (400..500).contains(&s)), "{chunk}: {answer}");
    }
    assert_eq!(status(&raw(address, get("").as_bytes()).await), Some(200), "the town serves on");
}

#[tokio::test(flavor = "multi_thread")]
async fn j7_refusals_tell_nothing_of_the_inside() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    for path in [
        "/api/v1/statuses/1",
        "/api/v1/nowhere",
        "/nowhere",
        "/users/nobody",
        "/api/v1/accounts/x",
        "/media/x",
        "/oauth/token",
    ] {
        for answer in [ana.get(path).await, towns.a.get(path).await] {
            let text = answer.text();
            for inside in ["SELECT", "sqlite", "diesel", "panicked", "/crates/", ".rs:", "postgres"] {
                assert!(!text.contains(inside), "{path}: {text}");
            }
            assert!(!answer.header("x-request-id").is_empty(), "{path} has no number to quote");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x4_every_page_has_a_policy_without_inline_script_and_cannot_be_framed() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    let name = json!({"display_name": "</script><script>alert(1)</script>"});
    ana.ask(reqwest::Method::PATCH, "/api/v1/accounts/update_credentials", Some(name)).await.ok();
    let post = ana.say("<script>alert(1)</script> \"><img src=x onerror=alert(1)>").await;
    let page = post["url"].as_str().unwrap().to_owned();
    for path in ["/", "/about", "/public", "/@ana", &page, "/login", "/nowhere", "/auth/sign_in", "/@nobody"]
    {
        let answer = towns.a.get(path).await;
        if answer.status.is_redirection() {
            continue;
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src") && !policy.contains("unsafe-inline"), "{path}: {policy:?}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let text = answer.text();
        assert!(
            !text.contains("<script>alert") && !text.contains("<img src=x"),
            "{path} runs what people write"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x5_addresses_come_from_the_settings_whatever_host_is_asked_for() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    let post = ana.say("where am I?").await;
    let path = post["uri"].as_str().unwrap().split_once(&towns.a.domain()).unwrap().1.to_owned();
    for path in [
        "/",
        "/@ana",
        "/api/v2/instance",
        "/users/ana",
        &path,
        "/.well-known/nodeinfo",
        "/.well-known/host-meta",
        "/login",
    ] {
        for accept in ["text/html", ACTIVITY] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: evil.example\r\nforwarded: host=evil.example\r\naccept: {accept}\r\nconnection: close\r\n\r\n"
            );
            let answer = raw(towns.a.address(), request.as_bytes()).await;
            assert!(!answer.contains("evil.example"), "{path} ({accept}) repeats the Host header");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x6_cookies_mean_nothing_to_the_api_and_pages_are_not_for_other_origins() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    let client = &towns.a.http;
    let origin = ("origin", "https://elsewhere.example");
    let cookie = format!("parvis_session={0}; session={0}; _session_id={0}", ana.token);
    let answer = system_tests::Answer::to(
        client
            .get(towns.a.url("/api/v1/accounts/verify_credentials"))
            .header("cookie", &cookie)
            .header(origin.0, origin.1),
    )
    .await;
    assert_eq!(answer.code(), 401);
    assert!(answer.header("access-control-allow-credentials").is_empty());
    for path in ["/", "/@ana", "/login", "/about"] {
        let page = system_tests::Answer::to(client.get(towns.a.url(path)).header(origin.0, origin.1)).await;
        assert!(page.header("access-control-allow-origin").is_empty(), "{path}");
    }
    let public =
        system_tests::Answer::to(client.get(towns.a.url("/api/v2/instance")).header(origin.0, origin.1))
            .await;
    assert_eq!(public.header("access-control-allow-origin"), "*");
}

#[tokio::test(flavor = "multi_thread")]
async fn j6_a_panic_ends_its_own_request_and_tells_nothing() {
    let settings = parvis_config::Settings::for_tests("a.localhost");
    let figures = parvis_server::http::metrics::Figures::new().unwrap();
    async fn panics() -> &'static str {
        panic!("the secret reason")
    }
    let routes = axum::Router::new()
        .route("/panic", axum::routing::get(panics))
        .route("/fine", axum::routing::get(|| async { "fine" }));
    let routes = parvis_server::http::around(routes, &settings, &figures, None);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), tokio_util::sync::CancellationToken::new());
    let serving =
        tokio::task::JoinSet::from_iter([parvis_server::http::listen::serve(listener, routes, stop.clone())]);
    // Both on one connection: the panic does not end it.
    let get = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nhost: a.localhost\r\n{more}\r\n");
    let requests = format!("{}{}", get("/panic", ""), get("/fine", "connection: close\r\n"));
    let answer = raw(address, requests.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
    assert!(answer.contains("x-request-id") && !answer.contains("secret reason"), "{answer}");
    assert!(answer.contains("HTTP/1.1 200") && answer.ends_with("fine"), "{answer}");
    stop.cancel();
    serving.join_all().await;
}
