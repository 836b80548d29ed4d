//! Profiles, one's own account, following.

use super::*;

#[tokio::test]
async fn a_profile_is_shown_as_mastodon_shows_it() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let shown = api.look(&format!("/api/v1/accounts/{}", ana.id)).await.ok();
    insta::assert_json_snapshot!(shown, { ".id" => "[id]", ".created_at" => "[day]" }, @r#"
    {
      "id": "[id]",
      "username": "ana",
      "acct": "ana",
      "display_name": "",
      "locked": false,
      "bot": false,
      "discoverable": true,
      "indexable": false,
      "group": false,
      "created_at": "[day]",
      "note": "",
      "url": "http://town.example/@ana",
      "uri": "http://town.example/users/ana",
      "avatar": "http://town.example/avatars/original/missing.png",
      "avatar_static": "http://town.example/avatars/original/missing.png",
      "avatar_description": "",
      "header": "http://town.example/headers/original/missing.png",
      "header_static": "http://town.example/headers/original/missing.png",
      "header_description": "",
      "followers_count": 0,
      "following_count": 0,
      "statuses_count": 0,
      "last_status_at": null,
      "hide_collections": false,
      "noindex": false,
      "show_media": true,
      "show_media_replies": true,
      "show_featured": true,
      "emojis": [],
      "roles": [],
      "fields": []
    }
    "#);
    assert_eq!(api.look("/api/v1/accounts/lookup?acct=ana").await.ok(), shown);
    assert_eq!(api.look("/api/v1/accounts/lookup?acct=@ana@town.example").await.ok(), shown);
    api.look("/api/v1/accounts/lookup?acct=nobody").await.is(404);
    api.look("/api/v1/accounts/lookup").await.is(404);
    api.look("/api/v1/accounts/999").await.is(404);
    api.look("/api/v1/accounts/abc").await.is(404);
}

#[tokio::test]
async fn somebody_changes_their_profile() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let body = "display_name=Ana+B&note=I+%3C3+%23trees&locked=1&bot=false&discoverable=true&fields_attributes[0][name]=Home\
                &fields_attributes[0][value]=https%3A%2F%2Fana.example&source[privacy]=unlisted&source[sensitive]=true&source[language]=fr";
    let me = api.call(Method::PATCH, &ana.token, "/api/v1/accounts/update_credentials", body).await.ok();
    assert_eq!((&me["display_name"], &me["locked"]), (&"Ana B".into(), &true.into()));
    assert_eq!(me["source"]["note"], "I <3 #trees");
    assert_eq!(me["source"]["privacy"], "unlisted");
    assert_eq!(me["source"]["fields"][0]["value"], "https://ana.example");
    assert!(me["fields"][0]["value"].as_str().unwrap().contains("<a href=\"https://ana.example"));
    let preferences = api.get(&ana, "/api/v1/preferences").await.ok();
    assert_eq!(preferences["posting:default:visibility"], "unlisted");
    assert_eq!(preferences["posting:default:sensitive"], true);
    assert_eq!(preferences["posting:default:language"], "fr");
    assert_eq!(preferences["reading:expand:media"], "default");
    let post = api.write(&ana, "status=x").await;
    assert_eq!((&post["visibility"], &post["language"]), (&"unlisted".into(), &"fr".into()));
    let long = format!("display_name={}", "x".repeat(60));
    api.call(Method::PATCH, &ana.token, "/api/v1/accounts/update_credentials", &long).await.is(422);
}

#[tokio::test]
async fn a9_a_profile_form_cannot_change_what_is_not_in_it() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let body = r#"{"role":"admin","id":"1","username":"mairie","suspended":false,"verified":true,"followers_count":900,"source":{"role":"admin"}}"#;
    let me = api.call(Method::PATCH, &ana.token, "/api/v1/accounts/update_credentials", body).await.ok();
    assert_eq!((&me["username"], &me["followers_count"]), (&"ana".into(), &0.into()));
    assert_eq!(me["role"]["name"], "");
}

#[tokio::test]
async fn somebody_follows_and_thinks_again() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let path = |what: &str| format!("/api/v1/accounts/{}/{what}", ana.id);
    let tie = api.post(&ben, &path("follow"), "reblogs=false&notify=true").await.ok();
    assert_eq!(
        (&tie["following"], &tie["requested"], &tie["showing_reblogs"], &tie["notifying"]),
        (&true.into(), &false.into(), &false.into(), &true.into())
    );
    assert_eq!(ids(&api.look(&path("followers")).await.ok()), [ben.id.to_string()]);
    assert_eq!(
        ids(&api.look(&format!("/api/v1/accounts/{}/following", ben.id)).await.ok()),
        [ana.id.to_string()]
    );
    let ties = format!("/api/v1/accounts/relationships?id[]={}&id[]=77&id[]={}", ana.id, ben.id);
    assert_eq!(ids(&api.get(&ben, &ties).await.ok()), [ana.id.to_string(), ben.id.to_string()]);
    assert_eq!(
        api.get(&ben, &format!("/api/v1/accounts/relationships?id={}", ana.id))
            .await
            .ok()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let tie = api.post(&ana, &format!("/api/v1/accounts/{}/remove_from_followers", ben.id), "").await.ok();
    assert_eq!(tie["followed_by"], false);
    let tie = api.post(&ben, &path("unfollow"), "").await.ok();
    assert_eq!(tie["following"], false);
    api.post(&ben, &format!("/api/v1/accounts/{}/follow", ben.id), "").await.is(403);
    let tie = api.post(&ben, &path("note"), "comment=neighbour").await.ok();
    assert_eq!(tie["note"], "neighbour");
    let tie = api.post(&ben, &path("mute"), r#"{"notifications":false,"duration":0}"#).await.ok();
    assert_eq!((&tie["muting"], &tie["muting_notifications"]), (&true.into(), &false.into()));
    assert_eq!(api.get(&ben, "/api/v1/mutes").await.ok()[0]["acct"], "ana");
    assert_eq!(api.get(&ben, "/api/v1/mutes").await.ok()[0]["mute_expires_at"], Value::Null);
    let tie = api.post(&ben, &path("mute"), "duration=3600").await.ok();
    let end = api.town.now().plus(parvis_model::time::HOUR).to_rfc3339();
    assert_eq!(tie["muting_expires_at"], end);
    assert_eq!(api.get(&ben, "/api/v1/mutes").await.ok()[0]["mute_expires_at"], end);
    assert_eq!(api.post(&ben, &path("unmute"), "").await.ok()["muting"], false);
}

#[tokio::test]
async fn a_locked_account_answers_each_request() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.resident("ana").await, api.resident("ben").await, api.resident("cem").await);
    api.call(Method::PATCH, &ana.token, "/api/v1/accounts/update_credentials", "locked=true").await.ok();
    for who in [&ben, &cem] {
        let tie = api.post(who, &format!("/api/v1/accounts/{}/follow", ana.id), "").await.ok();
        assert_eq!((&tie["requested"], &tie["following"]), (&true.into(), &false.into()));
    }
    let me = api.get(&ana, "/api/v1/accounts/verify_credentials").await.ok();
    assert_eq!(me["source"]["follow_requests_count"], 2);
    let asked = api.get(&ana, "/api/v1/follow_requests?limit=1").await;
    assert!(asked.headers["link"].to_str().unwrap().contains("rel=\"next\""));
    assert_eq!(asked.ok()[0]["acct"], "cem");
    let tie = api.post(&ana, &format!("/api/v1/follow_requests/{}/authorize", ben.id), "").await.ok();
    assert_eq!(tie["followed_by"], true);
    let tie = api.post(&ana, &format!("/api/v1/follow_requests/{}/reject", cem.id), "").await.ok();
    assert_eq!(tie["followed_by"], false);
    api.post(&ana, &format!("/api/v1/follow_requests/{}/reject", cem.id), "").await.is(404);
    assert_eq!(api.get(&ana, "/api/v1/follow_requests").await.ok(), serde_json::json!([]));
}

#[tokio::test]
async fn the_profile_screen_reads_and_changes_everything_that_shows() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let before = api.get(&ana, "/api/v1/profile").await.ok();
    insta::assert_json_snapshot!(before, { ".id" => "[id]" }, @r#"
    {
      "id": "[id]",
      "display_name": "",
      "note": "",
      "fields": [],
      "avatar": null,
      "avatar_static": null,
      "avatar_description": "",
      "header": null,
      "header_static": null,
      "header_description": "",
      "locked": false,
      "bot": false,
      "hide_collections": false,
      "discoverable": true,
      "indexable": false,
      "show_media": true,
      "show_media_replies": true,
      "show_featured": true,
      "attribution_domains": []
    }
    "#);
    api.follow(&ben, &ana).await;
    let followers = format!("/api/v1/accounts/{}/followers", ana.id);
    assert_eq!(ids(&api.get(&ben, &followers).await.ok()), [ben.id.to_string()]);
    let change = r#"{"display_name":"Ana","note":"Hello","avatar_description":"a cat","hide_collections":true,"indexable":true,
        "show_media_replies":false,"attribution_domains":["News.example","blog.example"],
        "fields_attributes":{"0":{"name":"Home","value":"https://ana.example"}}}"#;
    let patch = async |body: &str| api.call(Method::PATCH, &ana.token, "/api/v1/profile", body).await;
    let after = patch(change).await.ok();
    assert_eq!((&after["note"], &after["avatar_description"]), (&"Hello".into(), &"a cat".into()));
    assert_eq!(after["attribution_domains"], serde_json::json!(["news.example", "blog.example"]));
    assert_eq!(after["fields"][0]["value"], "https://ana.example");
    assert_eq!(api.get(&ana, "/api/v1/profile").await.ok(), after);
    let shown = api.look(&format!("/api/v1/accounts/{}", ana.id)).await.ok();
    assert_eq!((&shown["hide_collections"], &shown["indexable"]), (&true.into(), &true.into()));
    assert_eq!(shown["show_media_replies"], false);
    assert_eq!(api.get(&ben, &followers).await.ok(), serde_json::json!([]), "hidden from everybody else");
    assert_eq!(ids(&api.get(&ana, &followers).await.ok()), [ben.id.to_string()]);
    let long = format!("header_description={}", "x".repeat(1_501));
    for bad in [long.as_str(), "attribution_domains[]=a/b", "indexable=perhaps"] {
        patch(bad).await.is(422);
    }
    let many: String = (0..11).map(|n| format!("attribution_domains[]=a{n}.example&")).collect();
    patch(&many).await.is(422);
    assert_eq!(api.get(&ana, "/api/v1/profile").await.ok(), after, "nothing half changed");
    let info = api.get(&ana, "/oauth/userinfo").await.ok();
    assert_eq!(info["sub"], "http://town.example/users/ana");
    assert_eq!((&info["name"], &info["preferred_username"]), (&"Ana".into(), &"ana".into()));
}

#[tokio::test]
async fn what_is_off_answers_as_mastodon_does_when_it_is_off() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    assert_eq!(api.get(&ana, "/api/v1/annual_reports").await.ok()["annual_reports"], serde_json::json!([]));
    assert_eq!(api.get(&ana, "/api/v1/annual_reports/2026/state").await.ok()["state"], "ineligible");
    api.get(&ana, "/api/v1/annual_reports/2026").await.is(404);
    api.get(&ana, "/api/v1/donation_campaigns").await.is(204);
    let proofs = format!("/api/v1/accounts/{}/identity_proofs", ana.id);
    assert_eq!(api.get(&ana, &proofs).await.ok(), serde_json::json!([]));
    api.get(&ana, "/api/v1/accounts/99/identity_proofs").await.is(404);
    api.look("/api/proofs?provider=x").await.is(404);
    assert_eq!(api.look("/health").await.ok(), serde_json::json!({ "status": "OK" }));
}
