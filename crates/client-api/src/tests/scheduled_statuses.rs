//! Posts that wait for their time, over the API and through the job that publishes them.

use parvis_domain::{media, scheduled_statuses as scheduled};
use parvis_model::ids::ScheduledId;
use parvis_model::time::{DAY, HOUR, MINUTE, Moment};

use super::*;

impl Api {
    /// Does what the job does that was left for a waiting post when it was last seen.
    async fn run_job_of(&self, kept: &Value) -> bool {
        let row: ScheduledId = id(kept).parse().unwrap();
        let at = Moment::parse_rfc3339(kept["scheduled_at"].as_str().unwrap()).unwrap();
        self.town.db().write(move |tx| scheduled::publish_due(tx, row, at)).await.is_ok()
    }

    fn at(&self, millis: i64) -> String {
        self.town.now().plus(millis).to_rfc3339()
    }
}

#[tokio::test]
async fn a_post_that_waits_is_shown_moved_and_published_once() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let body = format!(
        "status=Later&spoiler_text=A+word&visibility=unlisted&language=fr&scheduled_at={}&poll[options][]=a&poll[options][]=b&poll[expires_in]=600",
        api.at(HOUR)
    );
    let kept = api.post(&ana, "/api/v1/statuses", &body).await.ok();
    insta::assert_json_snapshot!(kept, { ".id" => "[id]", ".params.application_id" => "[app]" }, @r#"
    {
      "id": "[id]",
      "scheduled_at": "2026-11-22T11:00:00.000Z",
      "params": {
        "text": "Later",
        "poll": {
          "options": [
            "a",
            "b"
          ],
          "expires_in": 600,
          "multiple": false,
          "hide_totals": false
        },
        "media_ids": null,
        "sensitive": false,
        "spoiler_text": "A word",
        "visibility": "unlisted",
        "in_reply_to_id": null,
        "language": "fr",
        "application_id": "[app]",
        "scheduled_at": null,
        "idempotency": null,
        "with_rate_limit": false,
        "quoted_status_id": null
      },
      "media_attachments": []
    }
    "#);
    let path = format!("/api/v1/scheduled_statuses/{}", id(&kept));
    assert_eq!(api.get(&ana, &path).await.ok(), kept);
    let second = format!("status=Second&scheduled_at={}", api.at(2 * HOUR));
    let second = api.post(&ana, "/api/v1/statuses", &second).await.ok();
    let list = api.get(&ana, "/api/v1/scheduled_statuses?limit=1").await;
    assert!(list.headers["link"].to_str().unwrap().contains("max_id"));
    assert_eq!(ids(&list.json()), [id(&second)]);
    assert_eq!(ids(&api.get(&ana, "/api/v1/scheduled_statuses").await.ok()), [id(&second), id(&kept)]);
    let ben = api.resident("ben").await;
    assert_eq!(ids(&api.get(&ben, "/api/v1/scheduled_statuses").await.ok()), Vec::<String>::new());
    api.get(&ben, &path).await.is(404);
    api.call(Method::DELETE, &ben.token, &path, "").await.is(404);
    api.call(Method::PUT, &ben.token, &path, &format!("scheduled_at={}", api.at(3 * HOUR))).await.is(404);

    let later = api.at(3 * HOUR);
    let moved = api.call(Method::PUT, &ana.token, &path, &format!("scheduled_at={later}")).await.ok();
    assert_eq!(moved["scheduled_at"], later);
    let soon = format!("scheduled_at={}", api.at(4 * MINUTE));
    api.call(Method::PUT, &ana.token, &path, &soon).await.is(422);
    let gone = format!("/api/v1/scheduled_statuses/{}", id(&second));
    assert_eq!(api.call(Method::DELETE, &ana.token, &gone, "").await.ok(), serde_json::json!({}));
    api.get(&ana, &gone).await.is(404);

    let mine = format!("/api/v1/accounts/{}/statuses", ana.id);
    api.town.clock.advance(2 * HOUR + MINUTE);
    assert!(api.run_job_of(&kept).await && api.run_job_of(&second).await);
    assert_eq!(ids(&api.get(&ana, &mine).await.ok()), Vec::<String>::new(), "one was moved, one taken back");
    api.town.clock.advance(HOUR);
    assert!(api.run_job_of(&moved).await);
    let published = api.get(&ana, &mine).await.ok();
    let post = &published[0];
    assert_eq!((published.as_array().unwrap().len(), &post["content"]), (1, &"<p>Later</p>".into()));
    assert_eq!((&post["visibility"], &post["spoiler_text"]), (&"unlisted".into(), &"A word".into()));
    assert_eq!(post["poll"]["expires_at"], api.at(10 * MINUTE), "the poll begins with the post");
    api.get(&ana, &path).await.is(404);
    assert!(api.run_job_of(&moved).await, "as if the process had died before the job was done");
    assert_eq!(api.get(&ana, &mine).await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_key_gives_the_same_waiting_post() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let body = format!(r#"{{"status":"once","scheduled_at":"{}"}}"#, api.at(HOUR));
    let send = || {
        let request = Request::post("/api/v1/statuses")
            .header("authorization", format!("Bearer {}", ana.token))
            .header("content-type", "application/json")
            .header("idempotency-key", "a-key")
            .body(Body::from(body.clone()))
            .unwrap();
        api.send(request)
    };
    assert_eq!(id(&send().await.ok()), id(&send().await.ok()));
    assert_eq!(api.get(&ana, "/api/v1/scheduled_statuses").await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_could_not_be_published_now_does_not_wait_either() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let (ahead, soon) = (api.at(HOUR), api.at(5 * MINUTE - 1));
    for body in [
        format!("status=&scheduled_at={ahead}"),
        format!("status=x&scheduled_at={soon}"),
        "status=x&scheduled_at=2001-01-01T00:00:00Z".to_owned(),
        "status=x&scheduled_at=tomorrow".to_owned(),
        format!("status={}&scheduled_at={ahead}", "x".repeat(1_001)),
        format!("status=x&media_ids[]=99&scheduled_at={ahead}"),
        format!("status=x&poll[options][]=a&poll[expires_in]=600&scheduled_at={ahead}"),
    ] {
        api.post(&ana, "/api/v1/statuses", &body).await.is(422);
    }
    api.post(&ana, "/api/v1/statuses", &format!("status=x&in_reply_to_id=1&scheduled_at={ahead}"))
        .await
        .is(404);
    let day = (api.town.now().0 / DAY + 2) * DAY;
    for n in 0..25 {
        let at = Moment(day + n * HOUR / 2).to_rfc3339();
        api.post(&ana, "/api/v1/statuses", &format!("status={n}&scheduled_at={at}")).await.ok();
    }
    let last = Moment(day + DAY - 1).to_rfc3339();
    api.post(&ana, "/api/v1/statuses", &format!("status=x&scheduled_at={last}")).await.is(422);
    let next = Moment(day + DAY).to_rfc3339();
    api.post(&ana, "/api/v1/statuses", &format!("status=x&scheduled_at={next}")).await.ok();
}

#[tokio::test]
async fn v7_the_rules_are_asked_anew_at_the_time_of_publication() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let parent = api.write(&ben, "status=A+question").await;
    let body = format!("status=x&in_reply_to_id={}&scheduled_at={}", id(&parent), api.at(HOUR));
    let kept = api.post(&ana, "/api/v1/statuses", &body).await.ok();
    api.post(&ben, &format!("/api/v1/accounts/{}/block", ana.id), "").await.ok();
    api.town.clock.advance(HOUR);
    assert!(!api.run_job_of(&kept).await);
    let mine = format!("/api/v1/accounts/{}/statuses", ana.id);
    assert_eq!(ids(&api.get(&ana, &mine).await.ok()), Vec::<String>::new());
    assert_eq!(ids(&api.get(&ana, "/api/v1/scheduled_statuses").await.ok()), [id(&kept)], "it is not lost");
}

#[tokio::test]
async fn pictures_wait_with_their_post_and_are_for_no_other() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let me = ana.id;
    let picture = super::media::picture_of(&api, &ana).await;
    let body = format!("status=x&media_ids[]={picture}&scheduled_at={}", api.at(2 * DAY));
    let kept = api.post(&ana, "/api/v1/statuses", &body).await.ok();
    assert_eq!(ids(&kept["media_attachments"]), std::slice::from_ref(&picture));
    assert_eq!(kept["params"]["media_ids"], serde_json::json!([picture]));
    api.post(&ana, "/api/v1/statuses", &format!("status=y&media_ids[]={picture}")).await.is(422);
    api.town.clock.advance(DAY + HOUR);
    let removed = api.town.write(|tx| media::remove_orphans(tx, 10)).await;
    assert!(removed.is_empty(), "it is not cleaned away");
    api.town.clock.advance(DAY);
    assert!(api.run_job_of(&kept).await);
    let mine = api.get(&ana, &format!("/api/v1/accounts/{me}/statuses")).await.ok();
    assert_eq!(ids(&mine[0]["media_attachments"]), [picture]);
}
