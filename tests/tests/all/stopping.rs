//! Stopping, starting again, and what is left by then (threats R13, R17).

use system_tests::{Program, TwoTowns, each, json, text, words};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test(flavor = "multi_thread")]
async fn r13_what_was_pending_when_a_town_stopped_happens_after_it_starts_again() {
    each(|mut towns| async move {
        {
            let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
            bea.follow(&ana).await;
            towns.settle().await;
            ana.say("written before the stop").await;
        }
        towns.a.stop().await;
        // Town b is away while a comes back and tries.
        towns.b.stop().await;
        towns.a.start_again().await;
        while towns.a.step().await > 0 {}
        towns.b.start_again().await;
        for _hour in 0..3 {
            towns.advance(3_600_000);
            towns.settle().await;
        }
        let bea = towns.b.sign_in("bea", "read").await;
        assert_eq!(bea.home().await.iter().map(words).collect::<Vec<_>>(), ["written before the stop"]);
        let ana = towns.a.sign_in("ana", "read").await;
        assert_eq!(ana.relationship(&bea).await["followed_by"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_a_request_under_way_is_answered_when_the_town_stops() {
    let mut towns = TwoTowns::new().await;
    let (address, domain) = (towns.a.address(), towns.a.domain());
    let token = {
        let ana = towns.a.resident("ana").await;
        ana.token
    };
    let body = json!({"status": "sent while stopping"}).to_string();
    let head = format!(
        "POST /api/v1/statuses HTTP/1.1\r\nhost: {domain}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (first, rest) = body.split_at(5);
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(first.as_bytes()).await.unwrap();
    // An answer on a second connection shows that the server has come round since it read the first.
    assert_eq!(towns.a.get("/healthz").await.code(), 200);
    let mut answer = Vec::new();
    tokio::join!(towns.a.stop(), async {
        connection.write_all(rest.as_bytes()).await.unwrap();
        connection.read_to_end(&mut answer).await.unwrap();
    });
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "the town still takes connections");
    towns.a.start_again().await;
    let ana = towns.a.sign_in("ana", "read").await;
    let mine = ana.get(&format!("/api/v1/accounts/{}/statuses", ana.id)).await.ok();
    assert_eq!(mine.as_array().unwrap().iter().map(words).collect::<Vec<_>>(), ["sent while stopping"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r17_the_program_ends_well_when_it_is_told_to() {
    let mut program = Program::new("c.localhost");
    program.serve().await;
    let ended = tokio::task::spawn_blocking(move || (program.terminate(), program)).await.unwrap();
    assert!(ended.0, "it ended badly: {}", ended.1.logged());
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_work_while_the_town_serves() {
    let mut program = Program::new("c.localhost");
    program.serve().await;
    let made = program.command(&["account", "create", "--username", "ana", "--email", "ana@mail.example"]);
    assert!(made.starts_with("created @ana@"), "{made}");
    let token = program.command(&["account", "token", "--username", "ana"]);
    let post = program
        .post(&token, "/api/v1/statuses", &json!({"status": "by the command line's token"}))
        .await
        .ok();
    assert!(text(&post, "uri").starts_with(&program.url("/users/ana/statuses/")));
    assert!(program.command(&["domain-block", "add", "evil.example"]).contains("evil.example"));
    assert!(program.command(&["domain-block", "list"]).contains("evil.example"));
    let _suspended = program.command(&["account", "suspend", "--username", "ana"]);
    // The serving process hears of it without being asked.
    program
        .until("the token of somebody suspended stops working", async || {
            let asked =
                program.http.get(program.url("/api/v1/accounts/verify_credentials")).bearer_auth(&token);
            asked.send().await.is_ok_and(|a| a.status().is_client_error())
        })
        .await;
    let unknown = program.output(&["account", "token", "--username", "nobody"]);
    assert!(!unknown.status.success() && unknown.stdout.is_empty());
    assert!(!String::from_utf8_lossy(&unknown.stderr).contains("panicked"));
}
