//! Filters, as client programs of both ages meet them.

use serde_json::json;

use super::*;

/// A filter's JSON without the ids of its parts.
fn without_ids(mut filter: Value) -> Value {
    for part in ["keywords", "statuses"] {
        for one in filter[part].as_array_mut().unwrap() {
            one.as_object_mut().unwrap().remove("id");
        }
    }
    filter.as_object_mut().unwrap().remove("id");
    filter
}

#[tokio::test]
async fn a_filter_is_made_read_changed_and_removed() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let form = "title=Weather&context[]=home&context[]=thread&filter_action=hide&expires_in=3600\
        &keywords_attributes[][keyword]=rain&keywords_attributes[][whole_word]=false\
        &keywords_attributes[][keyword]=snow&keywords_attributes[][keyword]=";
    let made = api.post(&ana, "/api/v2/filters", form).await.ok();
    let path = format!("/api/v2/filters/{}", id(&made));
    assert_eq!(
        without_ids(made.clone()),
        json!({
            "title": "Weather",
            "context": ["home", "thread"],
            "expires_at": "2026-11-22T11:00:00.000Z",
            "filter_action": "hide",
            "keywords": [{ "keyword": "rain", "whole_word": false }, { "keyword": "snow", "whole_word": true }],
            "statuses": [],
        })
    );
    let other = api.post(&ana, "/api/v2/filters", "title=Other&context[]=account").await.ok();
    assert_eq!(api.get(&ana, "/api/v2/filters").await.ok(), json!([made, other]));
    let rain = id(&made["keywords"][0]);
    let sent = json!({
        "title": "Sky",
        "context": ["public"],
        "expires_in": null,
        "filter_action": "blur",
        "keywords_attributes": [{ "id": rain, "_destroy": true }, { "keyword": "hail", "whole_word": false }],
    });
    let changed = api.call(Method::PUT, &ana.token, &path, &sent.to_string()).await.ok();
    assert_eq!(
        without_ids(changed.clone()),
        json!({
            "title": "Sky",
            "context": ["public"],
            "expires_at": null,
            "filter_action": "blur",
            "keywords": [{ "keyword": "snow", "whole_word": true }, { "keyword": "hail", "whole_word": false }],
            "statuses": [],
        })
    );
    let kept = api.call(Method::PUT, &ana.token, &path, "").await.ok();
    assert_eq!(kept, changed, "what is not sent stays");
    assert_eq!(api.call(Method::DELETE, &ana.token, &path, "").await.ok(), json!({}));
    api.get(&ana, &path).await.is(404);
}

#[tokio::test]
async fn keywords_and_posts_have_addresses_of_their_own() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let made = api.post(&ana, "/api/v2/filters", "title=x&context[]=home").await.ok();
    let path = format!("/api/v2/filters/{}", id(&made));
    let word = api.post(&ana, &format!("{path}/keywords"), "keyword=rain").await.ok();
    assert_eq!(word, json!({ "id": id(&word), "keyword": "rain", "whole_word": true }));
    let of_word = format!("/api/v2/filters/keywords/{}", id(&word));
    let changed = api.call(Method::PUT, &ana.token, &of_word, "keyword=hail&whole_word=0").await.ok();
    assert_eq!(changed, json!({ "id": id(&word), "keyword": "hail", "whole_word": false }));
    assert_eq!(api.get(&ana, &of_word).await.ok(), changed);
    let more = api.post(&ana, &format!("{path}/keywords"), "keyword=sleet").await.ok();
    assert_eq!(api.get(&ana, &format!("{path}/keywords")).await.ok(), json!([changed, more]));
    let post = api.write(&ana, "status=Hello").await;
    let named = api.post(&ana, &format!("{path}/statuses"), &format!("status_id={}", id(&post))).await.ok();
    assert_eq!(named, json!({ "id": id(&named), "status_id": id(&post) }));
    api.post(&ana, &format!("{path}/statuses"), &format!("status_id={}", id(&post))).await.is(422);
    api.post(&ana, &format!("{path}/statuses"), "status_id=17").await.is(404);
    let of_post = format!("/api/v2/filters/statuses/{}", id(&named));
    assert_eq!(api.get(&ana, &of_post).await.ok(), named);
    let other = api.write(&ana, "status=Hello+again").await;
    let other = api.post(&ana, &format!("{path}/statuses"), &format!("status_id={}", id(&other))).await.ok();
    assert_eq!(api.get(&ana, &format!("{path}/statuses")).await.ok(), json!([named, other]));
    let whole = api.get(&ana, &path).await.ok();
    assert_eq!((&whole["keywords"], &whole["statuses"]), (&json!([changed, more]), &json!([named, other])));
    assert_eq!(api.call(Method::DELETE, &ana.token, &of_post, "").await.ok(), named);
    assert_eq!(api.call(Method::DELETE, &ana.token, &of_word, "").await.ok(), json!({}));
    let whole = api.get(&ana, &path).await.ok();
    assert_eq!((&whole["keywords"], &whole["statuses"]), (&json!([more]), &json!([other])));
}

#[tokio::test]
async fn every_answer_with_posts_says_which_filters_match() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    api.follow(&ana, &ben).await;
    let post = api.write(&ben, "status=Rain+for+%40ana+%23weather").await;
    api.fan_out(&post).await;
    let boost = api.post(&ben, &format!("/api/v1/statuses/{}/reblog", id(&post)), "").await.ok();
    api.fan_out(&boost).await;
    let form = "title=Weather&context[]=home&filter_action=hide&keywords_attributes[][keyword]=rain";
    let filter = id(&api.post(&ana, "/api/v2/filters", form).await.ok());
    let expected = json!([{
        "filter": {
            "id": filter, "title": "Weather", "context": ["home"], "expires_at": null, "filter_action": "hide",
        },
        "keyword_matches": ["Rain"],
        "status_matches": null,
    }]);
    let one = format!("/api/v1/statuses/{}", id(&post));
    assert_eq!(api.get(&ana, &one).await.ok()["filtered"], expected);
    for (path, posts) in [
        ("/api/v1/timelines/home".to_owned(), 2),
        ("/api/v1/timelines/public".to_owned(), 1),
        ("/api/v1/timelines/tag/weather".to_owned(), 1),
        (format!("/api/v1/accounts/{}/statuses", ben.id), 2),
        (format!("/api/v1/statuses?id[]={}", id(&post)), 1),
    ] {
        let page = api.get(&ana, &path).await.ok();
        let page = page.as_array().unwrap();
        assert_eq!(page.len(), posts, "{path}: what a filter hides is there, for the program to hide");
        for post in page {
            assert_eq!(post["filtered"], expected, "{path}");
            if !post["reblog"].is_null() {
                assert_eq!(post["reblog"]["filtered"], expected, "{path}");
            }
        }
    }
    let told = api.get(&ana, "/api/v1/notifications?types[]=mention").await.ok();
    assert_eq!(told[0]["status"]["filtered"], expected);
    let found = api.post(&ana, &format!("{one}/favourite"), "").await.ok();
    assert_eq!(found["filtered"], expected);
    assert_eq!(api.get(&ben, &one).await.ok()["filtered"], json!([]));
    // A boost may be named by its own id.
    let path = format!("/api/v2/filters/{filter}/statuses");
    api.post(&ana, &path, &format!("status_id={}", id(&boost))).await.ok();
    let shown = api.get(&ana, &format!("/api/v1/statuses/{}", id(&boost))).await.ok();
    assert_eq!(shown["filtered"][0]["status_matches"], json!([id(&boost)]));
    assert_eq!(shown["reblog"]["filtered"], expected);
}

#[tokio::test]
async fn what_cannot_be_is_422_and_never_a_filter() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    for body in [
        "context[]=home",
        "title=x",
        "title=x&context[]=",
        "title=x&context[]=everywhere",
        "title=x&context[]=home&filter_action=destroy",
        "title=x&context[]=home&expires_in=soon",
        "title=x&context[]=home&keywords_attributes[][keyword]=%00",
        &format!("title=x&context[]=home&keywords_attributes[][keyword]={}", "x".repeat(513)),
        r#"{"title":{},"context":["home"]}"#,
    ] {
        api.post(&ana, "/api/v2/filters", body).await.is(422);
    }
    for body in ["", "phrase=x", "phrase=&context[]=home", "phrase=x&context[]=x"] {
        api.post(&ana, "/api/v1/filters", body).await.is(422);
    }
    assert_eq!(api.get(&ana, "/api/v2/filters").await.ok(), json!([]));
}

#[tokio::test]
async fn an_old_client_has_one_filter_for_each_keyword() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let form = "phrase=rain&context[]=home&irreversible=true&whole_word=false&expires_in=";
    let made = api.post(&ana, "/api/v1/filters", form).await.ok();
    let path = format!("/api/v1/filters/{}", id(&made));
    assert_eq!(
        made,
        json!({
            "id": id(&made), "phrase": "rain", "context": ["home"], "whole_word": false, "expires_at": null,
            "irreversible": true,
        })
    );
    let new = api.get(&ana, "/api/v2/filters").await.ok();
    assert_eq!((&new[0]["title"], &new[0]["filter_action"]), (&json!("rain"), &json!("hide")));
    assert_eq!(new[0]["keywords"][0]["id"], made["id"]);
    let sent = r#"{"phrase":"snow","context":["public"],"irreversible":false}"#;
    let changed = api.call(Method::PUT, &ana.token, &path, sent).await.ok();
    assert_eq!((&changed["phrase"], &changed["irreversible"]), (&json!("snow"), &json!(false)));
    assert_eq!(api.get(&ana, &path).await.ok(), changed);
    assert_eq!(api.get(&ana, "/api/v1/filters").await.ok(), json!([changed]));
    // A second keyword: what belongs to both, an old client may not change.
    let keywords = format!("/api/v2/filters/{}/keywords", id(&new[0]));
    api.post(&ana, &keywords, "keyword=hail").await.ok();
    api.call(Method::PUT, &ana.token, &path, "context[]=home").await.is(422);
    assert_eq!(api.get(&ana, "/api/v1/filters").await.ok().as_array().unwrap().len(), 2);
    assert_eq!(api.call(Method::DELETE, &ana.token, &path, "").await.ok(), json!({}));
    assert_eq!(api.get(&ana, "/api/v2/filters").await.ok()[0]["keywords"].as_array().unwrap().len(), 1);
}
