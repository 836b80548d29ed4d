//! Notifications as groups, the policy for strangers, and who waits.

use parvis_model::account::Role;

use super::*;

async fn like(api: &Api, who: &Person, post: &Value) {
    api.post(who, &format!("/api/v1/statuses/{}/favourite", id(post)), "").await.ok();
}

#[tokio::test]
async fn what_people_do_with_a_post_comes_as_one() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let post = api.write(&ana, "status=Hello").await;
    like(&api, &ben, &post).await;
    like(&api, &eve, &post).await;
    api.write(&ben, "status=Hi+%40ana").await;
    let answer = api.get(&ana, "/api/v2/notifications").await;
    assert!(answer.headers["link"].to_str().unwrap().contains("/api/v2/notifications?max_id="));
    let page = answer.ok();
    assert_eq!(ids(&page["accounts"]).len(), 2);
    assert_eq!(ids(&page["statuses"]).len(), 2);
    let groups = page["notification_groups"].as_array().unwrap();
    let [mention, likes] = &groups[..] else { panic!("{page}") };
    assert_eq!((&mention["type"], &mention["notifications_count"]), (&"mention".into(), &1.into()));
    assert_eq!((&likes["type"], &likes["notifications_count"]), (&"favourite".into(), &2.into()));
    assert_eq!(likes["sample_account_ids"], serde_json::json!([eve.id, ben.id]));
    assert_eq!(likes["status_id"], id(&post));
    assert!(likes["page_min_id"].as_str() < likes["page_max_id"].as_str());
    let newest = likes["most_recent_notification_id"].as_i64().unwrap();
    assert_eq!(likes["page_max_id"], newest.to_string(), "the one is a number, the other a string");
    let single = api.get(&ana, "/api/v1/notifications?types[]=favourite").await.ok();
    assert_eq!(single[0]["group_key"], likes["group_key"]);
    assert_eq!(single[1]["group_key"], likes["group_key"]);
    assert!(single[0].get("filtered").is_none());

    let partial =
        api.get(&ana, "/api/v2/notifications?expand_accounts=partial_avatars&types[]=favourite").await.ok();
    assert_eq!(ids(&partial["accounts"]), [eve.id.to_string()]);
    assert_eq!(ids(&partial["partial_accounts"]), [ben.id.to_string()]);
    assert!(partial["partial_accounts"][0]["avatar"].is_string());
    api.get(&ana, "/api/v2/notifications?expand_accounts=half").await.is(422);
    let apart = api.get(&ana, "/api/v2_alpha/notifications?grouped_types[]=follow").await.ok();
    assert_eq!(apart["notification_groups"].as_array().unwrap().len(), 3);
    assert_eq!(
        api.get(&ana, "/api/v2/notifications?types[]=dance").await.ok()["accounts"],
        serde_json::json!([])
    );
    for (path, expected) in [
        ("/api/v2/notifications/unread_count", 2),
        ("/api/v2/notifications/unread_count?exclude_types[]=mention", 1),
        ("/api/v2/notifications/unread_count?grouped_types[]=follow", 3),
        ("/api/v2_alpha/notifications/unread_count?limit=1", 1),
        ("/api/v1/notifications/unread_count", 3),
        ("/api/v1/notifications/unread_count?types[]=mention", 1),
        ("/api/v1/notifications/unread_count?types[]=dance", 0),
    ] {
        assert_eq!(api.get(&ana, path).await.ok()["count"], expected, "{path}");
    }

    let path = format!("/api/v2/notifications/{}", likes["group_key"].as_str().unwrap());
    let mut alone = likes.clone();
    for of_pages in ["page_min_id", "page_max_id", "latest_page_notification_at"] {
        assert!(alone.as_object_mut().unwrap().remove(of_pages).is_some(), "{of_pages}");
    }
    assert_eq!(api.get(&ana, &path).await.ok()["notification_groups"][0], alone);
    assert_eq!(
        ids(&api.get(&ana, &format!("{path}/accounts")).await.ok()),
        [eve.id.to_string(), ben.id.to_string()]
    );
    let first = api.get(&ana, &format!("{path}/accounts?limit=1")).await;
    let link = first.headers["link"].to_str().unwrap().to_owned();
    assert_eq!(ids(&first.ok()), [eve.id.to_string()]);
    let part = |n: usize| link.split('<').nth(n).unwrap().split_once('>').unwrap().0.to_owned();
    let next = part(1).replace("http://town.example", "");
    let second = api.get(&ana, &next).await;
    let link = second.headers["link"].to_str().unwrap().to_owned();
    assert_eq!(ids(&second.ok()), [ben.id.to_string()]);
    let part = |n: usize| link.split('<').nth(n).unwrap().split_once('>').unwrap().0.to_owned();
    let (next, previous) = (part(1), part(2));
    let at = |url: &str| url.replace("http://town.example", "");
    assert_eq!(api.get(&ana, &at(&next)).await.ok(), serde_json::json!([]));
    assert_eq!(ids(&api.get(&ana, &at(&previous)).await.ok()), [eve.id.to_string()]);
    assert_eq!(api.post(&ana, &format!("{path}/dismiss"), "").await.ok(), serde_json::json!({}));
    api.get(&ana, &path).await.is(404);
}

/// Programs go on from the `page_min_id` of the last group, or from the link.
#[tokio::test]
async fn a_program_that_goes_on_from_page_to_page_meets_each_group_once() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let (old, new) = (api.write(&ana, "status=Old").await, api.write(&ana, "status=New").await);
    like(&api, &ben, &old).await;
    for n in 0..3 {
        api.write(&ben, &format!("status={n}+%40ana")).await;
        like(&api, if n == 1 { &ben } else { &eve }, if n == 2 { &old } else { &new }).await;
    }
    let whole = api.get(&ana, "/api/v2/notifications").await.ok();
    let all: Vec<Value> = whole["notification_groups"].as_array().unwrap().clone();
    let keys = |groups: &[Value]| groups.iter().map(|g| g["group_key"].clone()).collect::<Vec<_>>();
    assert_eq!(all.len(), 5);
    assert_eq!(all.last().unwrap()["type"], "mention");
    let (mut met, mut path) = (Vec::new(), "/api/v2/notifications?limit=1".to_owned());
    loop {
        let answer = api.get(&ana, &path).await;
        let link = answer.headers.get("link").map(|l| l.to_str().unwrap().to_owned());
        let page = answer.ok()["notification_groups"].as_array().unwrap().clone();
        let Some(last) = page.last() else { break };
        path = format!("/api/v2/notifications?limit=1&max_id={}", last["page_min_id"].as_str().unwrap());
        assert!(link.unwrap().contains(&format!("{path}>; rel=\"next\"")), "the link says the same");
        met.extend(page);
    }
    assert_eq!(keys(&met), keys(&all));
    let below = format!("/api/v2/notifications?min_id={}&limit=2", all[3]["page_max_id"].as_str().unwrap());
    let up = api.get(&ana, &below).await.ok();
    assert_eq!(keys(up["notification_groups"].as_array().unwrap()), keys(&all[1..3]));
}

#[tokio::test]
async fn who_asks_for_one_account_sees_what_is_held_back_of_it() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    for who in [&ben, &eve] {
        api.write(who, "status=%40ana+hello&visibility=direct").await;
    }
    for (path, list) in [("/api/v1/notifications", ""), ("/api/v2/notifications", "/notification_groups")] {
        let of_ben = api.get(&ana, &format!("{path}?account_id={}", ben.id)).await.ok();
        assert_eq!(of_ben.pointer(list).unwrap().as_array().unwrap().len(), 1, "{path}");
        assert_eq!(api.get(&ana, path).await.ok().pointer(list), Some(&serde_json::json!([])), "{path}");
    }
}

#[tokio::test]
async fn i1_i2_groups_and_requests_of_somebody_else_are_not_there() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let post = api.write(&ana, "status=Hello").await;
    like(&api, &ben, &post).await;
    like(&api, &eve, &post).await;
    api.write(&ben, "status=%40ana+hello&visibility=direct").await;
    let group =
        api.get(&ana, "/api/v2/notifications").await.ok()["notification_groups"][0]["group_key"].clone();
    let group = group.as_str().unwrap();
    let request = id(&api.get(&ana, "/api/v1/notifications/requests").await.ok()[0]);
    let groups = "/api/v2/notifications";
    let requests = "/api/v1/notifications/requests";
    let foreign = [format!("{groups}/{group}"), format!("{requests}/{request}")];
    let absent = [format!("{groups}/favourite-1-2"), format!("{requests}/1")];
    let nonsense = [format!("{groups}/%00"), format!("{groups}/ungrouped-x"), format!("{requests}/x")];
    for path in foreign.iter().chain(&absent).chain(&nonsense) {
        let (parts, deeds): (&[&str], &[&str]) = if path.starts_with(groups) {
            (&["/accounts"], &["dismiss"])
        } else {
            (&[], &["accept", "dismiss"])
        };
        let mut answers = vec![api.get(&eve, path).await];
        for part in parts {
            answers.push(api.get(&eve, &format!("{path}{part}")).await);
        }
        for deed in deeds {
            answers.push(api.post(&eve, &format!("{path}/{deed}"), "").await);
        }
        for answer in answers {
            assert_eq!(
                (answer.status.as_u16(), &*answer.text),
                (404, r#"{"error":"Record not found"}"#),
                "{path}"
            );
        }
    }
    // Of several, those of others are left out.
    for deed in ["accept", "dismiss"] {
        let both = format!("id[]={request}&id[]=1&id[]=x");
        assert_eq!(api.post(&eve, &format!("{requests}/{deed}"), &both).await.ok(), serde_json::json!({}));
    }
    for path in &foreign {
        api.get(&ana, path).await.ok();
    }
    assert_eq!(
        api.get(&ana, "/api/v2/notifications/policy").await.ok()["summary"]["pending_requests_count"],
        1
    );
}

#[tokio::test]
async fn what_limited_accounts_do_is_held_back_from_who_does_not_follow_them() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let mo = super::admin::staff(&api, "mo", Role::Moderator).await;
    api.follow(&eve, &ben).await;
    let silence = format!("/api/v1/admin/accounts/{}/action", ben.id);
    api.post(&mo, &silence, "type=silence&send_email_notification=false").await.ok();
    let of = async |who: &Person, kind: &str| {
        let told = api.get(who, &format!("/api/v1/notifications?types[]={kind}")).await.ok();
        told.as_array().unwrap().len()
    };
    for who in [&ana, &eve] {
        let post = api.write(who, "status=Hello").await;
        like(&api, &ben, &post).await;
        let (name, what) = (if who.id == ana.id { "ana" } else { "eve" }, "status=%40");
        api.write(&ben, &format!("{what}{name}+hello")).await;
    }
    assert_eq!((of(&ana, "favourite").await, of(&ana, "mention").await), (0, 0));
    assert_eq!((of(&eve, "favourite").await, of(&eve, "mention").await), (1, 1), "who follows hears");
    let waiting = api.get(&ana, "/api/v1/notifications/requests").await.ok();
    assert_eq!(
        (&waiting[0]["account"]["acct"], &waiting[0]["notifications_count"]),
        (&"ben".into(), &"2".into())
    );
    let policy = "/api/v2/notifications/policy";
    api.call(Method::PATCH, &ana.token, policy, "for_limited_accounts=drop").await.ok();
    api.write(&ben, "status=%40ana+not+written").await;
    let held = api.get(&ana, "/api/v1/notifications?include_filtered=true").await.ok();
    assert_eq!(held.as_array().unwrap().len(), 2);
    api.call(Method::PATCH, &ana.token, policy, "for_limited_accounts=accept").await.ok();
    api.write(&ben, "status=%40ana+heard").await;
    assert_eq!(of(&ana, "mention").await, 1);
}

#[tokio::test]
async fn a_request_whose_posts_are_gone_is_gone() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let post = api.write(&ben, "status=%40ana+hello&visibility=direct").await;
    let waiting = api.get(&ana, "/api/v1/notifications/requests").await.ok();
    let one = format!("/api/v1/notifications/requests/{}", id(&waiting[0]));
    api.get(&ana, &one).await.ok();
    api.call(Method::DELETE, &ben.token, &format!("/api/v1/statuses/{}", id(&post)), "").await.ok();
    assert_eq!(api.get(&ana, "/api/v1/notifications/requests").await.ok(), serde_json::json!([]));
    api.get(&ana, &one).await.is(404);
    api.post(&ana, &format!("{one}/accept"), "").await.is(404);
    let policy = api.get(&ana, "/api/v2/notifications/policy").await.ok();
    assert_eq!(policy["summary"]["pending_requests_count"], 0);
}

#[tokio::test]
async fn some_are_dismissed_at_once_and_in_the_old_form() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    for n in 0..4 {
        api.write(&ben, &format!("status=%40ana+{n}")).await;
    }
    let all = ids(&api.get(&ana, "/api/v1/notifications").await.ok());
    let both = format!("ids[]={}&ids[]={}&ids[]=nonsense", all[0], all[1]);
    api.call(Method::DELETE, &ben.token, "/api/v1/notifications/destroy_multiple", &both).await.ok();
    assert_eq!(ids(&api.get(&ana, "/api/v1/notifications").await.ok()).len(), 4, "not one's own");
    let path = format!("/api/v1/notifications/destroy_multiple?{both}");
    assert_eq!(api.call(Method::DELETE, &ana.token, &path, "").await.ok(), serde_json::json!({}));
    api.post(&ana, "/api/v1/notifications/dismiss", &format!("id={}", all[2])).await.ok();
    api.post(&ana, "/api/v1/notifications/dismiss", &format!("id={}", all[2])).await.is(404);
    api.post(&ana, "/api/v1/notifications/dismiss", "").await.is(404);
    assert_eq!(ids(&api.get(&ana, "/api/v1/notifications").await.ok()), all[3..]);
}

#[tokio::test]
async fn a_policy_is_read_and_changed_in_both_shapes() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    insta::assert_json_snapshot!(api.get(&ana, "/api/v2/notifications/policy").await.ok(), @r#"
    {
      "for_not_following": "accept",
      "for_not_followers": "accept",
      "for_new_accounts": "accept",
      "for_private_mentions": "filter",
      "for_limited_accounts": "filter",
      "summary": {
        "pending_requests_count": 0,
        "pending_notifications_count": 0
      }
    }
    "#);
    let path = "/api/v2/notifications/policy";
    let changed = api.call(Method::PATCH, &ana.token, path, r#"{"for_new_accounts":"drop"}"#).await.ok();
    assert_eq!(
        (&changed["for_new_accounts"], &changed["for_private_mentions"]),
        (&"drop".into(), &"filter".into())
    );
    api.call(Method::PATCH, &ana.token, path, "for_new_accounts=perhaps").await.is(422);
    let v1 = "/api/v1/notifications/policy";
    let form = "filter_not_following=true&filter_new_accounts=false";
    insta::assert_json_snapshot!(api.call(Method::PUT, &ana.token, v1, form).await.ok(), @r#"
    {
      "filter_not_following": true,
      "filter_not_followers": false,
      "filter_new_accounts": false,
      "filter_private_mentions": true,
      "summary": {
        "pending_requests_count": 0,
        "pending_notifications_count": 0
      }
    }
    "#);
    assert_eq!(api.get(&ana, v1).await.ok()["filter_not_following"], true);
    api.call(Method::PUT, &ana.token, v1, "filter_not_following=maybe").await.is(422);
    assert_eq!(api.get(&ana, path).await.ok()["for_not_following"], "filter");
}

#[tokio::test]
async fn who_is_held_back_waits_to_be_let_through() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    for who in [&ben, &eve] {
        api.write(who, "status=%40ana+hello&visibility=direct").await;
    }
    assert_eq!(api.get(&ana, "/api/v1/notifications").await.ok(), serde_json::json!([]));
    assert_eq!(api.get(&ana, "/api/v1/notifications/unread_count").await.ok()["count"], 0);
    let held = api.get(&ana, "/api/v1/notifications?include_filtered=true").await.ok();
    assert_eq!((held.as_array().unwrap().len(), &held[0]["filtered"]), (2, &true.into()));
    let all = "/api/v1/notifications/requests";
    let first = api.get(&ana, &format!("{all}?limit=1")).await;
    assert!(first.headers.contains_key("link"));
    assert_eq!(ids(&first.ok()).len(), 1);
    let waiting = api.get(&ana, all).await.ok();
    insta::assert_json_snapshot!(waiting[0], {
        ".id" => "[id]", ".account" => "[account]", ".last_status" => "[status]", ".created_at" => "[time]", ".updated_at" => "[time]",
    }, @r#"
    {
      "id": "[id]",
      "created_at": "[time]",
      "updated_at": "[time]",
      "account": "[account]",
      "notifications_count": "1",
      "last_status": "[status]"
    }
    "#);
    let policy = api.get(&ana, "/api/v2/notifications/policy").await.ok();
    assert_eq!(policy["summary"]["pending_requests_count"], 2);
    let [of_eve, of_ben] = [&waiting[0], &waiting[1]].map(|r| format!("{all}/{}", id(r)));
    assert_eq!(api.get(&ana, &of_ben).await.ok()["account"]["acct"], "ben");
    assert_eq!(api.post(&ana, &format!("{of_ben}/accept"), "").await.ok(), serde_json::json!({}));
    assert_eq!(api.get(&ana, &format!("{all}/merged")).await.ok(), serde_json::json!({ "merged": true }));
    assert_eq!(ids(&api.get(&ana, "/api/v1/notifications").await.ok()).len(), 1);
    api.post(&ana, &format!("{of_ben}/accept"), "").await.is(404);
    api.post(&ana, &format!("{all}/dismiss"), &format!("id[]={}", id(&waiting[0]))).await.ok();
    api.get(&ana, &of_eve).await.is(404);
    assert_eq!(ids(&api.get(&ana, "/api/v1/notifications?include_filtered=1").await.ok()).len(), 1);
    api.write(&eve, "status=%40ana+please&visibility=direct").await;
    let again = api.get(&ana, all).await.ok();
    api.post(&ana, &format!("{all}/accept"), &format!("id[]={}", id(&again[0]))).await.ok();
    assert_eq!(ids(&api.get(&ana, "/api/v1/notifications").await.ok()).len(), 2);
}
