//! The user stream (threats A4, A5).

use system_tests::{Stream, TwoTowns, each, json, text, words};

#[tokio::test(flavor = "multi_thread")]
async fn the_user_stream_hears_what_crosses() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        ana.follow(&bea).await;
        towns.settle().await;
        let mut stream = Stream::of(&ana).await;
        let post = bea.say(&format!("@{} the bridge is open", ana.address())).await;
        towns.settle().await;
        let (mut updates, mut notifications) = (0, 0);
        while updates + notifications < 2 {
            let (name, payload) = stream.next().await.expect("the stream is open");
            match name.as_str() {
                "update" => {
                    updates += 1;
                    assert_eq!(payload["uri"], post["uri"]);
                    assert_eq!(words(&payload), "@ana the bridge is open");
                }
                "notification" => {
                    notifications += 1;
                    assert_eq!(payload["type"], "mention");
                }
                other => panic!("an event nobody expects: {other}"),
            }
        }
        assert_eq!((updates, notifications), (1, 1));
        let here = ana.copy_of(&post).await.expect("it is here");
        bea.delete(&format!("/api/v1/statuses/{}", text(&post, "id"))).await.ok();
        towns.settle().await;
        let (name, payload) = stream.next().await.expect("the stream is open");
        assert_eq!((name.as_str(), &payload_id(&payload)), ("delete", &text(&here, "id")));
    })
    .await;
}

/// Ids are numbers in JSON's eyes, too.
fn payload_id(payload: &system_tests::Value) -> String {
    payload.as_str().map_or_else(|| payload.to_string(), str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_a_revoked_token_closes_its_stream_and_says_nothing_more() {
    each(|towns| async move {
        let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
        ari.follow(&ana).await;
        towns.settle().await;
        let (stream, other) = (Stream::of(&ari).await, towns.a.sign_in("ari", "read").await);
        let mut kept = Stream::of(&other).await;
        revoke(&towns, &ari.token).await;
        stream.closed().await;
        let refused = Stream::open(
            towns.a.address(),
            &towns.a.domain(),
            &format!("/api/v1/streaming?stream=user&access_token={}", ari.token),
        )
        .await;
        assert_eq!(refused.err(), Some(401));
        ana.say("for whoever may still listen").await;
        towns.settle().await;
        let (name, _) = kept.next().await.expect("another program's stream stays open");
        assert_eq!(name, "update");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_a_suspension_closes_streams() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    let stream = Stream::of(&ana).await;
    let write = |tx: &mut parvis_domain::Tx<'_>| {
        let account = parvis_domain::accounts::find::local(tx, "ana")?;
        parvis_domain::accounts::suspend::suspend(tx, parvis_model::account::Role::Admin, account.id)
    };
    towns.a.town().db().write(write).await.unwrap();
    towns.settle().await;
    stream.closed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a4_a_stream_needs_the_right_to_read() {
    let towns = TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    let writer = towns.a.token("ana", "write").await;
    let open = async |query: &str| {
        let path = format!("/api/v1/streaming?stream=user{query}");
        Stream::open(towns.a.address(), &towns.a.domain(), &path).await.err()
    };
    assert_eq!(open("").await, Some(401));
    assert_eq!(open("&access_token=nonsense").await, Some(401));
    assert!(matches!(open(&format!("&access_token={writer}")).await, Some(401 | 403)));
    assert_eq!(open(&format!("&access_token={}", ana.token)).await, None);
}

/// What a client program does to sign out (RFC 7009).
async fn revoke(towns: &TwoTowns, token: &str) {
    let form = json!({"client_id": "parvis-command-line", "token": token});
    let request = towns.a.http.post(towns.a.url("/oauth/revoke")).json(&form);
    system_tests::Answer::to(request).await.ok();
}
