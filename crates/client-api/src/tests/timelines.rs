//! Timelines, their pages, and markers.

use super::*;

#[tokio::test]
async fn a_home_timeline_is_leafed_through_by_its_links() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let mut written = Vec::new();
    for n in 0..5 {
        written.push(id(&api.write(&ana, &format!("status={n}")).await));
    }
    written.reverse();
    let mut seen = Vec::new();
    let mut path = "/api/v1/timelines/home?limit=2".to_owned();
    loop {
        let answer = api.get(&ana, &path).await;
        let next = answer.headers.get("link").map(|l| l.to_str().unwrap().to_owned());
        let page = ids(&answer.ok());
        assert!(page.len() <= 2);
        seen.extend(page);
        let Some(link) = next else { break };
        let (_, rest) = link.split_once("<http://town.example").unwrap();
        path = rest.split_once('>').unwrap().0.to_owned();
    }
    assert_eq!(seen, written);
    let newer = api.get(&ana, &format!("/api/v1/timelines/home?min_id={}&limit=2", written[4])).await.ok();
    assert_eq!(ids(&newer), written[2..4]);
    let newest = api.get(&ana, &format!("/api/v1/timelines/home?since_id={}&limit=2", written[4])).await.ok();
    assert_eq!(ids(&newest), written[..2]);
    api.get(&ana, "/api/v1/timelines/home?max_id=nonsense").await.is(422);
}

#[tokio::test]
async fn posts_reach_the_timelines_they_are_for() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.follow(&ben, &ana).await;
    let public = api.write(&ana, "status=Hello+%23Square").await;
    let unlisted = api.write(&ana, "status=quiet&visibility=unlisted").await;
    let private = api.write(&ana, "status=friends&visibility=private").await;
    for post in [&public, &unlisted, &private] {
        api.fan_out(post).await;
    }
    let home = ids(&api.get(&ben, "/api/v1/timelines/home").await.ok());
    assert_eq!(home, [id(&private), id(&unlisted), id(&public)]);
    for path in
        ["/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/square"]
    {
        assert_eq!(ids(&api.look(path).await.ok()), [id(&public)], "{path}");
    }
    assert_eq!(api.look("/api/v1/timelines/public?remote=true").await.ok(), serde_json::json!([]));
    assert_eq!(api.look("/api/v1/timelines/tag/nothing").await.ok(), serde_json::json!([]));
    let profile = format!("/api/v1/accounts/{}/statuses", ana.id);
    assert_eq!(ids(&api.look(&profile).await.ok()), [id(&unlisted), id(&public)]);
    assert_eq!(ids(&api.look(&format!("{profile}?tagged=square")).await.ok()), [id(&public)]);
}

#[tokio::test]
async fn without_a_viewer_nothing_is_said_of_a_viewer() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let post = api.write(&ana, "status=Hello").await;
    let shown = api.look(&format!("/api/v1/statuses/{}", id(&post))).await.ok();
    for name in ["favourited", "reblogged", "bookmarked", "muted", "pinned", "filtered"] {
        assert!(shown.get(name).is_none() && post.get(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn markers_are_kept_and_never_go_back() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    assert_eq!(api.get(&ana, "/api/v1/markers?timeline[]=home").await.ok(), serde_json::json!({}));
    let set =
        api.post(&ana, "/api/v1/markers", "home[last_read_id]=10&notifications[last_read_id]=5").await.ok();
    assert_eq!((&set["home"]["last_read_id"], &set["home"]["version"]), (&"10".into(), &0.into()));
    let set = api.post(&ana, "/api/v1/markers", r#"{"home":{"last_read_id":"7"}}"#).await.ok();
    assert_eq!(set["home"]["last_read_id"], "10");
    let set = api
        .post(&ana, "/api/v1/markers", r#"{"home":{"last_read_id":12},"unknown":{"last_read_id":1}}"#)
        .await
        .ok();
    assert_eq!((&set["home"]["last_read_id"], &set["home"]["version"]), (&"12".into(), &1.into()));
    let both = api.get(&ana, "/api/v1/markers?timeline[]=home&timeline[]=notifications").await.ok();
    assert_eq!(both.as_object().unwrap().len(), 2);
    assert_eq!(api.get(&ana, "/api/v1/markers?timeline=home").await.ok().as_object().unwrap().len(), 1);
    api.post(&ana, "/api/v1/markers", "home[last_read_id]=x").await.is(422);
}
