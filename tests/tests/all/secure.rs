//! Secure mode: two towns that both demand signatures still find each other, and whoever does not sign gets nothing.

use parvis_domain::testing::Place;
use system_tests::{Answer, TwoTowns};

#[tokio::test(flavor = "multi_thread")]
async fn o14_in_secure_mode_documents_are_for_those_who_sign() {
    let towns =
        TwoTowns::on(Place::sqlite(), Place::sqlite(), |settings| settings.federation.secure_mode = true)
            .await;
    let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
    bea.follow(&ana).await;
    towns.settle().await;
    ana.say("The square is open.").await;
    towns.settle().await;
    let home = bea.get("/api/v1/timelines/home").await.ok();
    assert_eq!(home[0]["account"]["acct"], ana.address(), "{home}");

    let ask = async |path: &str, accept: &str| {
        let request = towns.a.http.get(towns.a.url(path)).header("accept", accept);
        Answer::to(request).await.code()
    };
    let document = "application/activity+json";
    for closed in ["/users/ana", "/@ana", "/users/ana/outbox", "/users/ana/followers"] {
        assert_eq!(ask(closed, document).await, 401, "{closed}");
    }
    let finger = format!("/.well-known/webfinger?resource=acct:ana@{}", towns.a.domain());
    assert_eq!(ask(&finger, "application/jrd+json").await, 200);
    assert_eq!(ask("/", document).await, 200, "the town's own actor shows whose signatures are its");
    assert_eq!(ask("/@ana", "text/html").await, 200, "pages are another door");
}
