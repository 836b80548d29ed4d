//! Hashtags as staff decide about them.

use parvis_model::account::Role;
use serde_json::json;

use super::admin::staff;
use super::*;

#[tokio::test]
async fn i4_staff_decide_whether_a_hashtag_is_written_found_and_may_trend() {
    let api = Api::new().await;
    let (ana, mo) = (api.resident("ana").await, staff(&api, "mo", Role::Moderator).await);
    let post = api.write(&ana, "status=%23Kirmes+and+%23Kino").await;
    let list = "/api/v1/admin/tags";
    api.get(&ana, list).await.is(403);
    let all = api.get(&mo, list).await.ok();
    let names: Vec<&str> = all.as_array().unwrap().iter().filter_map(|t| t["name"].as_str()).collect();
    assert_eq!(names, ["Kino", "Kirmes"]);
    let one = format!("{list}/{}", id(&all[1]));
    assert_eq!(api.get(&mo, &one).await.ok(), all[1]);
    assert_eq!((&all[1]["usable"], &all[1]["requires_review"]), (&json!(true), &json!(true)));
    let page = api.get(&mo, &format!("{list}?limit=1")).await;
    assert!(page.headers["link"].to_str().unwrap().contains("max_id="));

    let put = async |who: &Person, form: &str| api.call(Method::PUT, &who.token, &one, form).await;
    put(&ana, "usable=false").await.is(403);
    put(&mo, "display_name=Other").await.is(422);
    put(&mo, "usable=perhaps").await.is(422);
    let changed = put(&mo, "usable=false&listable=false&trendable=true&display_name=KIRMES").await.ok();
    assert_eq!(
        (
            &changed["name"],
            &changed["usable"],
            &changed["listable"],
            &changed["trendable"],
            &changed["requires_review"]
        ),
        (&json!("KIRMES"), &json!(false), &json!(false), &json!(true), &json!(false))
    );
    let found = api.get(&ana, "/api/v2/search?q=ki&type=hashtags").await.ok();
    assert_eq!(found["hashtags"].as_array().unwrap().len(), 1, "{found}");
    api.post(&ana, "/api/v1/statuses", "status=again+%23kirmes").await.is(422);
    let path = format!("/api/v1/statuses/{}", id(&post));
    api.call(Method::PUT, &ana.token, &path, "status=still+%23kirmes").await.is(422);
    put(&mo, "usable=true").await.ok();
    api.post(&ana, "/api/v1/statuses", "status=again+%23kirmes").await.ok();
    api.get(&mo, &format!("{list}/7")).await.is(404);
}
