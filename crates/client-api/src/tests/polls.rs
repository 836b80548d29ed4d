//! Polls: with a post, alone, and voting. The rules are tested in `domain::polls`.

use parvis_domain::polls::later;
use parvis_model::ids::PollId;
use parvis_model::time::HOUR;

use super::*;

const ASK: &str = "status=Which+day&poll[options][]=Friday&poll[options][]=Saturday&poll[expires_in]=3600";

#[tokio::test]
async fn a_poll_is_shown_as_mastodon_shows_it_and_voted_in() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, ASK).await;
    let poll = &post["poll"];
    insta::assert_json_snapshot!(poll, { ".id" => "[id]" }, @r#"
    {
      "id": "[id]",
      "expires_at": "2026-11-22T11:00:00.000Z",
      "expired": false,
      "multiple": false,
      "votes_count": 0,
      "voters_count": 0,
      "voted": true,
      "own_votes": [],
      "options": [
        {
          "title": "Friday",
          "votes_count": 0
        },
        {
          "title": "Saturday",
          "votes_count": 0
        }
      ],
      "emojis": []
    }
    "#);
    let path = format!("/api/v1/polls/{}", id(poll));
    let open = api.look(&path).await.ok();
    assert!(open.get("voted").is_none() && open.get("own_votes").is_none(), "{open}");
    assert_eq!(api.get(&ben, &path).await.ok()["voted"], false);
    let voted = api.post(&ben, &format!("{path}/votes"), "choices[]=1").await.ok();
    assert_eq!((&voted["voted"], &voted["own_votes"]), (&true.into(), &serde_json::json!([1])));
    assert_eq!((&voted["votes_count"], &voted["options"][1]["votes_count"]), (&1.into(), &1.into()));
    assert_eq!(api.get(&ben, &format!("/api/v1/statuses/{}", id(&post))).await.ok()["poll"], voted);
    for (who, body) in [
        (&ben, "choices[]=0"),
        (&ana, "choices[]=0"),
        (&ben, ""),
        (&ben, "choices[]=9"),
        (&ben, "choices[]=x"),
        (&ben, r#"{"choices":[0,0]}"#),
        (&ben, r#"{"choices":"99999999999999999999"}"#),
    ] {
        let answer = api.post(who, &format!("{path}/votes"), body).await;
        answer.is(422);
        assert!(answer.json()["error"].is_string(), "{body}");
    }
    api.town.clock.advance(HOUR);
    let (over, cem) = (api.look(&path).await.ok(), api.resident("cem").await);
    assert_eq!(over["expired"], true);
    api.post(&cem, &format!("{path}/votes"), "choices[]=0").await.is(422);
    api.look("/api/v1/polls/1").await.is(404);
    api.post(&cem, "/api/v1/polls/1/votes", "choices[]=0").await.is(404);
}

#[tokio::test]
async fn a_poll_comes_in_any_shape_that_clients_send() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let python = r#"{"status":"x","sensitive":"0","poll":{"options":["a","b","c"],"expires_in":600,"multiple":"1","hide_totals":"0"}}"#;
    let poll = api.write(&ana, python).await["poll"].clone();
    assert_eq!((&poll["multiple"], poll["options"].as_array().unwrap().len()), (&true.into(), 3));
    let hidden = r#"{"status":"x","poll":{"options":["a","b"],"expires_in":"600","hide_totals":true}}"#;
    let poll = api.write(&ana, hidden).await["poll"].clone();
    assert_eq!(poll["options"][0], serde_json::json!({ "title": "a", "votes_count": null }));
    for none in [r#"{"status":"x","poll":null}"#, r#"{"status":"x","poll":{}}"#, "status=x&poll="] {
        assert!(api.write(&ana, none).await["poll"].is_null(), "{none}");
    }
}

#[tokio::test]
async fn a_poll_that_cannot_be_is_refused() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let with = |poll: &str| format!("status=x&{poll}");
    let two = "poll[options][]=a&poll[options][]=b";
    let long = format!("{two}&poll[options][]={}&poll[expires_in]=600", "x".repeat(51));
    for body in [
        with("poll[options][]=a&poll[expires_in]=600"),
        with("poll[options][]=a&poll[options][]=a&poll[expires_in]=600"),
        with(&format!("{two}&poll[options][]=c&poll[options][]=d&poll[options][]=e&poll[expires_in]=600")),
        with(&long),
        with(two),
        with(&format!("{two}&poll[expires_in]=299")),
        with(&format!("{two}&poll[expires_in]=2629747")),
        with(&format!("{two}&poll[expires_in]=soon")),
        with(&format!("{two}&poll[expires_in]=600&poll[multiple]=perhaps")),
        with("poll=a"),
        format!("{two}&poll[expires_in]=600"),
    ] {
        api.post(&ana, "/api/v1/statuses", &body).await.is(422);
    }
    let limits = api.look("/api/v2/instance").await.ok()["configuration"]["polls"].clone();
    assert_eq!(
        limits,
        serde_json::json!({
            "max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746,
        })
    );
    assert_eq!(api.look("/api/v1/instance").await.ok()["configuration"]["polls"], limits);
}

#[tokio::test]
async fn the_town_decides_how_short_a_poll_may_be() {
    let api = Api::of(Town::builder().settings(|s| s.limits.poll_min_seconds = 1)).await;
    let ana = api.resident("ana").await;
    let body = "status=x&poll[options][]=a&poll[options][]=b&poll[expires_in]=1";
    assert!(api.write(&ana, body).await["poll"].is_object());
    assert_eq!(api.look("/api/v2/instance").await.ok()["configuration"]["polls"]["min_expiration"], 1);
}

#[tokio::test]
async fn an_edited_poll_begins_anew_and_the_history_tells_its_options() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, ASK).await;
    api.post(&ben, &format!("/api/v1/polls/{}/votes", id(&post["poll"])), "choices[]=0").await.ok();
    let path = format!("/api/v1/statuses/{}", id(&post));
    let edited = ASK.replace("Saturday", "Sunday");
    let seen = api.call(Method::PUT, &ana.token, &path, &edited).await.ok();
    assert_eq!(
        (&seen["poll"]["votes_count"], &seen["poll"]["options"][1]["title"]),
        (&0.into(), &"Sunday".into())
    );
    let history = api.look(&format!("{path}/history")).await.ok();
    assert_eq!(
        history[0]["poll"],
        serde_json::json!({ "options": [{ "title": "Friday" }, { "title": "Saturday" }] })
    );
    assert_eq!(history[1]["poll"]["options"][1]["title"], "Sunday");
    let gone = api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    assert_eq!(
        (&gone["text"], &gone["poll"]["options"][1]["title"]),
        (&"Which day".into(), &"Sunday".into())
    );
    api.look(&format!("/api/v1/polls/{}", id(&seen["poll"]))).await.is(404);
}

#[tokio::test]
async fn i2_a_poll_for_others_is_not_there() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ana, &format!("{ASK}&visibility=private")).await;
    let path = format!("/api/v1/polls/{}", id(&post["poll"]));
    let absent = api.get(&ben, "/api/v1/polls/1").await;
    let hidden = api.get(&ben, &path).await;
    assert_eq!((hidden.status, &hidden.text), (absent.status, &absent.text));
    api.look(&path).await.is(404);
    api.post(&ben, &format!("{path}/votes"), "choices[]=0").await.is(404);
}

#[tokio::test]
async fn looking_at_a_poll_of_ours_asks_nobody() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let post = api.write(&ana, ASK).await;
    let poll: PollId = id(&post["poll"]).parse().unwrap();
    let row = api.town.read(move |c| parvis_domain::polls::shown(c, None, poll)).await;
    assert!(!later::is_stale(&row, api.town.now().plus(HOUR)));
}
