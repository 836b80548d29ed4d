//! Messages to push services: the guard stands before them as before everything else (threats F6).

use parvis_domain::outside::{PushAnswer as Answer, PushRequest as Message};

use super::*;

fn message(endpoint: Url) -> Message {
    let headers = vec![("ttl", "60".to_owned()), ("content-encoding", "aes128gcm".to_owned())];
    Message { endpoint, headers, body: Bytes::from_static(b"sealed") }
}

#[tokio::test]
async fn f6_a_push_service_at_a_private_address_is_not_called() {
    let peer = Peer::serving(|_| Router::new().route("/push", any(|| ready(StatusCode::CREATED)))).await;
    let strict = client(&Settings { allow_loopback: false, ..settings() });
    for host in ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "2130706433"] {
        let url = Url::parse(&format!("http://{host}:{}/push", peer.address.port())).unwrap();
        assert_eq!(strict.push(message(url)).await, Answer::Refused, "{host}");
    }
    let https_only = client(&Settings { allow_http: false, ..settings() });
    assert_eq!(https_only.push(message(peer.url("/push"))).await, Answer::Refused);
    assert_eq!(peer.hits(), 0);
    let own = Url::parse("https://stadt.example/push").unwrap();
    assert_eq!(client(&settings()).push(message(own)).await, Answer::Refused);
    assert_eq!(client(&settings()).push(message(peer.url("/push"))).await, Answer::Delivered);
    assert_eq!(peer.hits(), 1);
}

#[tokio::test]
async fn f6_a_push_service_that_redirects_is_not_followed_and_its_answers_are_understood() {
    let elsewhere = Peer::serving(|_| Router::new().fallback(|| ready(StatusCode::CREATED))).await;
    let target = elsewhere.url("/inside").to_string();
    let peer = Peer::serving(|_| {
        let answers = |status: StatusCode| any(move || ready((status, [(header::RETRY_AFTER, "7")])));
        Router::new()
            .route("/moved", any(move || ready(Redirect::temporary(&target).into_response())))
            .route("/gone", answers(StatusCode::GONE))
            .route("/busy", answers(StatusCode::TOO_MANY_REQUESTS))
            .route("/broken", answers(StatusCode::BAD_GATEWAY))
            .route("/wrong", answers(StatusCode::FORBIDDEN))
            .route("/endless", any(pending::<StatusCode>))
    })
    .await;
    let client = client(&Settings {
        limits: Limits { json_total: Duration::from_millis(300), ..Limits::default() },
        ..settings()
    });
    for (path, expected) in [
        ("/moved", Answer::Refused),
        ("/gone", Answer::Gone),
        ("/busy", Answer::Later(Some(7_000))),
        ("/broken", Answer::Later(Some(7_000))),
        ("/wrong", Answer::Refused),
        ("/endless", Answer::Later(None)),
    ] {
        assert_eq!(client.push(message(peer.url(path))).await, expected, "{path}");
    }
    assert_eq!(elsewhere.hits(), 0);
    let nobody = Url::parse("http://localhost:9/push").unwrap();
    assert_eq!(client.push(message(nobody)).await, Answer::Later(None));
}
