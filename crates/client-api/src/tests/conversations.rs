//! Exchanges of direct posts, as a client program meets them.

use serde_json::json;

use super::*;

#[tokio::test]
async fn conversations_are_listed_marked_and_removed() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let mut posts = Vec::new();
    for text in ["one", "two", "three"] {
        let post = api.write(&ana, &format!("status=%40ben+{text}&visibility=direct")).await;
        posts.insert(0, id(&post));
    }
    let first = api.get(&ben, "/api/v1/conversations?limit=2").await;
    let link = first.headers["link"].to_str().unwrap().to_owned();
    let first = first.ok();
    let last = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|c| id(&c["last_status"])).collect()
    };
    assert_eq!(last(&first), posts[..2]);
    assert_eq!(first[0]["unread"], true);
    assert_eq!(first[0]["accounts"][0]["acct"], "ana");
    assert_eq!(first[0]["accounts"].as_array().unwrap().len(), 1, "oneself is left out");
    assert_eq!(first[0]["last_status"]["favourited"], false, "with what the reader did with it");
    let next = link.split_once("<http://town.example").unwrap().1.split_once('>').unwrap().0.to_owned();
    assert_eq!(last(&api.get(&ben, &next).await.ok()), posts[2..]);
    let path = format!("/api/v1/conversations/{}", id(&first[0]));
    assert_eq!(api.post(&ben, &format!("{path}/read"), "").await.ok()["unread"], false);
    assert_eq!(api.post(&ben, &format!("{path}/unread"), "").await.ok()["unread"], true);
    for (method, path) in [
        (Method::POST, format!("{path}/read")),
        (Method::POST, format!("{path}/unread")),
        (Method::DELETE, path.clone()),
    ] {
        let foreign = api.call(method.clone(), &ana.token, &path, "").await;
        foreign.is(404);
        let absent = api.call(method, &ana.token, &path.replace(&id(&first[0]), "17"), "").await;
        assert_eq!(foreign.text, absent.text);
    }
    assert_eq!(api.call(Method::DELETE, &ben.token, &path, "").await.ok(), json!({}));
    assert_eq!(last(&api.get(&ben, "/api/v1/conversations").await.ok()), posts[1..]);
    assert_eq!(last(&api.get(&ana, "/api/v1/conversations").await.ok()), posts);
}

#[tokio::test]
async fn i5_the_direct_timeline_shows_what_one_wrote_or_got_and_nothing_else() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let to_ben = api.write(&ana, "status=%40ben+secret&visibility=direct").await;
    let to_eve = api.write(&ana, "status=%40eve+other&visibility=direct").await;
    api.write(&ana, "status=%40ben+public").await;
    let shown = async |who: &Person| ids(&api.get(who, "/api/v1/timelines/direct").await.ok());
    assert_eq!(shown(&ana).await, [id(&to_eve), id(&to_ben)]);
    assert_eq!(shown(&ben).await, [id(&to_ben)]);
    assert_eq!(shown(&eve).await, [id(&to_eve)]);
    let older = format!("/api/v1/timelines/direct?max_id={}", id(&to_eve));
    assert_eq!(ids(&api.get(&ana, &older).await.ok()), [id(&to_ben)]);
}
