//! All streams: who hears what on which of them, over WebSocket and server-sent events, in one process and in two.

use futures_util::SinkExt;
use parvis_domain::announcements::{self, NewAnnouncement};
use parvis_domain::moderation::actions::{self, Decision};
use parvis_domain::staff::By;
use parvis_domain::testing::Place;
use parvis_model::moderation::Action;
use tokio_tungstenite::tungstenite::Message;

use super::server_sent::Lines;
use super::streaming::{Socket, is_closed, next, open, served};
use super::*;

/// A socket that listens to all of these; it is awake when this returns.
async fn listening(url: &str, who: &Person, streams: &[Value]) -> Socket {
    let mut socket = open(format!("{url}?access_token={}", who.token)).await;
    for stream in streams {
        let mut wish = stream.clone();
        wish["type"] = "subscribe".into();
        socket.send(Message::text(wish.to_string())).await.unwrap();
    }
    // The answer to a wrong message says that the right ones before it were read.
    socket.send(Message::text("?")).await.unwrap();
    assert_eq!(whole(&mut socket).await["status"], 400);
    socket
}

fn named(name: &str) -> Value {
    serde_json::json!({ "stream": name })
}

async fn whole(socket: &mut Socket) -> Value {
    use futures_util::StreamExt;
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).unwrap(),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The next messages: (marks of the stream, event, id of what it is about), sorted.
async fn some(socket: &mut Socket, count: usize) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for _ in 0..count {
        let message = whole(socket).await;
        let payload = message["payload"].as_str().unwrap();
        let about = serde_json::from_str::<Value>(payload).ok().filter(Value::is_object);
        let about = about.map_or_else(|| payload.to_owned(), |v| id(&v));
        let marks: Vec<&str> =
            message["stream"].as_array().unwrap().iter().map(|m| m.as_str().unwrap()).collect();
        all.push((marks.join(" "), message["event"].as_str().unwrap().to_owned(), about));
    }
    all.sort();
    all
}

#[tokio::test]
async fn a_post_comes_on_every_stream_that_it_belongs_to() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let url = served(&api).await;
    let mut wishes: Vec<Value> =
        ["public", "public:local", "public:remote", "public:media", "public:local:media", "user"]
            .map(named)
            .to_vec();
    wishes.push(serde_json::json!({ "stream": "hashtag", "tag": "Square" }));
    wishes.push(serde_json::json!({ "stream": "hashtag:local", "tag": "square" }));
    wishes.push(serde_json::json!({ "stream": "hashtag", "tag": "park" }));
    let mut socket = listening(&url, &ben, &wishes).await;
    let post = api.write(&ana, "status=On+the+%23square").await;
    let about = |stream: &str, event: &str| (stream.to_owned(), event.to_owned(), id(&post));
    let on = ["hashtag Square", "hashtag:local square", "public", "public:local"];
    assert_eq!(some(&mut socket, 4).await, on.map(|s| about(s, "update")));
    let path = format!("/api/v1/statuses/{}", id(&post));
    api.call(Method::PUT, &ana.token, &path, "status=On+the+%23square+now").await.ok();
    assert_eq!(some(&mut socket, 4).await, on.map(|s| about(s, "status.update")));
    api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    assert_eq!(some(&mut socket, 4).await, on.map(|s| about(s, "delete")));

    for stream in ["public:local", "user"] {
        let wish = serde_json::json!({ "type": "unsubscribe", "stream": stream });
        socket.send(Message::text(wish.to_string())).await.unwrap();
    }
    socket.send(Message::text("?")).await.unwrap();
    assert_eq!(whole(&mut socket).await["status"], 400);
    let own = api.write(&ben, "status=mine").await;
    assert_eq!(some(&mut socket, 1).await, [("public".to_owned(), "update".to_owned(), id(&own))]);
}

#[tokio::test]
async fn i5_public_streams_leave_out_what_is_not_for_their_listener() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let url = served(&api).await;
    api.post(&ben, &format!("/api/v1/accounts/{}/block", ana.id), "").await.ok();
    api.post(&eve, &format!("/api/v1/accounts/{}/mute", ana.id), "").await.ok();
    let public = [named("public"), serde_json::json!({ "stream": "hashtag", "tag": "x" })];
    let mut blocking = listening(&url, &ben, &public).await;
    let mut muting = listening(&url, &eve, &public).await;
    api.write(&ana, "status=%23x+for+all").await;
    for visibility in ["unlisted", "private", "direct"] {
        api.write(&eve, &format!("status=%40ben+%23x+{visibility}&visibility={visibility}")).await;
    }
    let boosted = api.write(&eve, "status=plain").await;
    api.post(&ben, &format!("/api/v1/statuses/{}/reblog", id(&boosted)), "").await.ok();
    for socket in [&mut blocking, &mut muting] {
        let seen = ("public".to_owned(), "update".to_owned(), id(&boosted));
        assert_eq!(some(socket, 1).await, [seen], "nothing came before");
    }
    let last = api.write(&ben, "status=last").await;
    for socket in [&mut blocking, &mut muting] {
        assert_eq!(some(socket, 1).await[0].2, id(&last), "and no boost came after");
    }
}

#[tokio::test]
async fn i1_i5_what_a_post_quotes_asks_and_was_written_with_reaches_only_those_who_may_know() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let gus = api.resident("gus").await;
    let said = api.write(&gus, "status=says+gus").await;
    api.post(&gus, &format!("/api/v1/accounts/{}/block", eve.id), "").await.ok();
    let poll = "poll[options][]=yes&poll[options][]=no&poll[expires_in]=3600&poll[hide_totals]=true";
    let asked = api.write(&ana, &format!("status=asked&{poll}")).await;
    let vote = format!("/api/v1/polls/{}/votes", asked["poll"]["id"].as_str().unwrap());
    api.post(&ben, &vote, "choices[]=1").await.ok();
    let url = served(&api).await;
    let mut ben_hears = listening(&url, &ben, &[named("public")]).await;
    let mut eve_hears = listening(&url, &eve, &[named("public")]).await;
    let quoting = api.write(&ana, &format!("status=look&quoted_status_id={}", id(&said))).await;
    let copy = async |socket: &mut Socket| -> Value {
        serde_json::from_str(whole(socket).await["payload"].as_str().unwrap()).unwrap()
    };
    let (ben_got, eve_got) = (copy(&mut ben_hears).await, copy(&mut eve_hears).await);
    assert_eq!((id(&ben_got), id(&eve_got)), (id(&quoting), id(&quoting)));
    assert_eq!(ben_got["quote"]["quoted_status"]["content"], said["content"]);
    assert_eq!(eve_got["quote"], serde_json::json!({ "state": "unauthorized", "quoted_status": null }));
    assert!(!eve_got.to_string().contains("says gus"));
    let path = format!("/api/v1/statuses/{}", id(&asked));
    api.call(Method::PUT, &ana.token, &path, &format!("status=asked+again&{poll}")).await.ok();
    let copies = [(copy(&mut ben_hears).await, &ben), (copy(&mut eve_hears).await, &eve)];
    for (copy, who) in copies {
        assert_eq!(copy, api.get(who, &path).await.ok(), "what a stream says is what a request answers");
        assert_eq!(copy["poll"]["options"][1]["votes_count"], Value::Null);
        assert_eq!(copy["poll"]["voted"], who.id == ben.id);
    }
}

#[tokio::test]
async fn a_silenced_author_shows_in_public_streams_to_followers_only() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    api.follow(&ben, &ana).await;
    let decision = Decision {
        action: Action::Silence,
        report: None,
        preset: None,
        text: String::new(),
        sends_letter: false,
    };
    actions::decide(&api.town, By::Operator, ana.id, decision).await.expect("decided");
    let url = served(&api).await;
    let streams = [named("public"), serde_json::json!({ "stream": "hashtag", "tag": "x" })];
    let mut following = listening(&url, &ben, &streams).await;
    let mut stranger = listening(&url, &eve, &streams).await;
    let quiet = api.write(&ana, "status=%23x+quietly").await;
    let loud = api.write(&eve, "status=after").await;
    let seen = |stream: &str, post: &Value| (stream.to_owned(), "update".to_owned(), id(post));
    assert_eq!(some(&mut following, 2).await, [seen("hashtag x", &quiet), seen("public", &quiet)]);
    assert_eq!(some(&mut following, 1).await, [seen("public", &loud)]);
    assert_eq!(some(&mut stranger, 1).await, [seen("public", &loud)], "nothing came before");
}

#[tokio::test]
async fn a_deletion_is_told_to_those_who_may_show_the_post_and_to_nobody_else() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let fan = api.resident("fan").await;
    api.follow(&ben, &ana).await;
    api.follow(&fan, &eve).await;
    let url = served(&api).await;
    let path = |post: &Value| format!("/api/v1/statuses/{}", id(post));
    // Before anybody listens: whoever loads the timeline may show these.
    let secret = api.write(&ana, "status=%40eve+secret&visibility=direct").await;
    let private = api.write(&ana, "status=followers&visibility=private").await;
    let public = api.write(&ana, "status=public").await;
    api.post(&eve, &format!("{}/reblog", path(&public)), "").await.ok();
    let user = [named("user")];
    let mut ben_hears = listening(&url, &ben, &user).await;
    let mut eve_hears = listening(&url, &eve, &user).await;
    let mut fan_hears = listening(&url, &fan, &user).await;
    for post in [&secret, &private, &public] {
        api.call(Method::DELETE, &ana.token, &path(post), "").await.ok();
    }
    let deleted = async |socket: &mut Socket, expected: &[&Value]| {
        for post in expected {
            assert_eq!(next(socket).await, ("delete".to_owned(), id(post)));
        }
    };
    deleted(&mut ben_hears, &[&private, &public]).await;
    deleted(&mut eve_hears, &[&secret, &public]).await;
    deleted(&mut fan_hears, &[&public]).await;
    for (socket, who) in [(&mut ben_hears, &ben), (&mut eve_hears, &eve), (&mut fan_hears, &fan)] {
        let own = api.write(who, "status=own").await;
        assert_eq!(some(socket, 1).await[0].2, id(&own), "nothing else came");
    }
}

#[tokio::test]
async fn a_slow_reader_is_cut_and_holds_up_nobody() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let url = served(&api).await;
    let mut quick = listening(&url, &ana, &[named("user")]).await;
    let mut slow = Lines::open(&api, &ana, "/api/v1/streaming/user").await;
    for n in 0..150 {
        let post = api.write(&ana, &format!("status=post+{n}")).await;
        assert_eq!(some(&mut quick, 1).await[0].2, id(&post));
    }
    let mut got = 0;
    while slow.block().await.is_some() {
        got += 1;
    }
    assert!((100..150).contains(&got), "{got} were kept for it, then it was let go");
}

#[tokio::test]
async fn a8_an_account_has_a_limit_of_connections() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let mut open = Vec::new();
    for _ in 0..40 {
        open.push(Lines::open(&api, &ana, "/api/v1/streaming/user").await);
    }
    let one_more = format!("/api/v1/streaming/user?access_token={}", ana.token);
    let answer = api.look(&one_more).await;
    answer.is(429);
    assert!(answer.headers.contains_key("retry-after"));
    Lines::open(&api, &ben, "/api/v1/streaming/user").await;
    open.pop();
    Lines::open(&api, &ana, "/api/v1/streaming/user").await;
}

#[tokio::test]
async fn a_stream_on_one_node_shows_a_post_made_on_another() {
    let Some(place) = Place::postgres() else { return };
    let api = Api::of(Town::builder().place(place)).await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let url = served(&api).await;
    let mut socket = listening(&url, &ben, &[named("public"), named("user")]).await;

    let other = api.town.another_node(listeners()).await;
    let there = Api { router: crate::router(other.clone()), town: api.town };
    let post = there.write(&ana, "status=Hello+%40ben+from+node+B").await;
    let told = some(&mut socket, 2).await;
    assert_eq!((told[0].0.as_str(), told[0].1.as_str(), &told[0].2), ("public", "update", &id(&post)));
    assert_eq!((told[1].0.as_str(), told[1].1.as_str()), ("user", "notification"));
    let path = format!("/api/v1/statuses/{}", id(&post));
    there.call(Method::DELETE, &ana.token, &path, "").await.ok();
    assert_eq!(some(&mut socket, 2).await[0], ("public".to_owned(), "delete".to_owned(), id(&post)));

    let ben_id = ben.id;
    other.db().write(move |tx| parvis_domain::accounts::revoke::everything(tx, ben_id)).await.unwrap();
    assert!(is_closed(&mut socket).await, "a token revoked on node B ends the stream on node A");
    other.db().close().await;
}

#[tokio::test]
async fn a5_what_another_process_revokes_ends_the_stream_on_sqlite_too() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let url = served(&api).await;
    let mut socket = listening(&url, &ana, &[named("user")]).await;
    let command_line = api.town.another_node(listeners()).await;
    let me = ana.id;
    command_line.db().write(move |tx| parvis_domain::accounts::revoke::everything(tx, me)).await.unwrap();
    assert!(is_closed(&mut socket).await);
    command_line.db().close().await;
}

#[tokio::test]
async fn i5_exchanges_of_direct_posts_have_a_stream_for_those_who_are_in_them() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    let url = served(&api).await;
    let mut socket = listening(&url, &ben, &[named("direct")]).await;
    let mut lines = Lines::open(&api, &ben, "/api/v1/streaming/direct").await;
    let mut foreign = listening(&url, &eve, &[named("direct")]).await;
    api.write(&ana, "status=%40ben+for+all").await;
    let secret = api.write(&ana, "status=%40ben+secret&visibility=direct").await;
    let told = whole(&mut socket).await;
    assert_eq!((&told["stream"], &told["event"]), (&serde_json::json!(["direct"]), &"conversation".into()));
    let exchange: Value = serde_json::from_str(told["payload"].as_str().unwrap()).unwrap();
    assert_eq!(exchange, api.get(&ben, "/api/v1/conversations").await.ok()[0]);
    assert_eq!((id(&exchange["last_status"]), &exchange["unread"]), (id(&secret), &true.into()));
    assert_eq!(lines.event().await, ("conversation".to_owned(), id(&exchange)));
    api.post(&ben, &format!("/api/v1/conversations/{}/read", id(&exchange)), "").await.ok();
    let read: Value = serde_json::from_str(&next(&mut socket).await.1).unwrap();
    assert_eq!(read["unread"], false, "and the other programs of the same person know");
    let own = api.write(&eve, "status=%40ana+hello&visibility=direct").await;
    let heard: Value = serde_json::from_str(&next(&mut foreign).await.1).unwrap();
    assert_eq!(id(&heard["last_status"]), id(&own), "nothing of others came before");
    let told = api.token(ben.id, "read:notifications").await;
    api.call(Method::GET, &told, "/api/v1/streaming/direct", "").await.is(403);
    api.look("/api/v1/streaming/direct").await.is(401);
}

#[tokio::test]
async fn announcements_come_change_and_go_on_the_home_streams_of_all() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let url = served(&api).await;
    let mut socket = listening(&url, &ben, &[named("user"), named("public")]).await;
    let mut lines = Lines::open(&api, &ana, "/api/v1/streaming/user").await;
    let new = NewAnnouncement { text: "Market on Sunday".to_owned(), ..NewAnnouncement::default() };
    let made = api.town.write(move |tx| announcements::publish(tx, By::Operator, &new)).await;
    let about = |event: &str| ("user".to_owned(), event.to_owned(), made.to_string());
    let told = whole(&mut socket).await;
    assert_eq!((&told["stream"], &told["event"]), (&serde_json::json!(["user"]), &"announcement".into()));
    let shown: Value = serde_json::from_str(told["payload"].as_str().unwrap()).unwrap();
    let mut listed = api.get(&ben, "/api/v1/announcements").await.ok()[0].clone();
    let own = listed.as_object_mut().unwrap().remove("read");
    assert_eq!((shown, own), (listed, Some(false.into())), "the same for all, so nothing of one's own");
    assert_eq!(lines.event().await, ("announcement".to_owned(), made.to_string()));
    let thumb = format!("/api/v1/announcements/{made}/reactions/%F0%9F%91%8D");
    let steps = [
        (&ana, Method::PUT, 1),
        (&ben, Method::PUT, 2),
        (&ana, Method::DELETE, 1),
        (&ben, Method::DELETE, 0),
    ];
    for (who, method, count) in steps {
        api.call(method, &who.token, &thumb, "").await.ok();
        let (event, payload) = next(&mut socket).await;
        let expected =
            serde_json::json!({ "name": "👍", "count": count, "announcement_id": made.to_string() });
        assert_eq!(
            (event.as_str(), serde_json::from_str::<Value>(&payload).unwrap()),
            ("announcement.reaction", expected)
        );
    }
    api.town.write(move |tx| announcements::remove(tx, By::Operator, made)).await;
    assert_eq!(some(&mut socket, 1).await, [about("announcement.delete")]);
}

#[tokio::test]
async fn a_list_has_a_stream_for_its_owner_only() {
    let api = Api::new().await;
    let (ana, ben, eve) = (api.resident("ana").await, api.resident("ben").await, api.resident("eve").await);
    api.follow(&ana, &ben).await;
    let list = id(&api.post(&ana, "/api/v1/lists", "title=Friends").await.ok());
    let members = format!("/api/v1/lists/{list}/accounts");
    api.post(&ana, &members, &format!("account_ids[]={}", ben.id)).await.ok();
    let url = served(&api).await;
    let wish = serde_json::json!({ "stream": "list", "list": list, "type": "subscribe" });
    let mut foreign = open(format!("{url}?access_token={}", eve.token)).await;
    for wish in [wish.clone(), serde_json::json!({ "stream": "list", "list": 1, "type": "subscribe" })] {
        foreign.send(Message::text(wish.to_string())).await.unwrap();
        let answer = whole(&mut foreign).await;
        assert_eq!(answer["error"], "Not authorized to stream this list", "foreign and absent are the same");
    }
    let path = format!("/api/v1/streaming/list?list={list}");
    api.call(Method::GET, &eve.token, &format!("{path}&access_token={}", eve.token), "").await.is(404);
    api.call(Method::GET, &ana.token, "/api/v1/streaming/list?list=1", "").await.is(404);
    api.call(Method::GET, &ana.token, "/api/v1/streaming/list", "").await.is(400);
    let mut lines = Lines::open(&api, &ana, &path).await;
    let mut socket = listening(&url, &ana, &[wish, named("user")]).await;

    let to_lists = async |post: &Value| {
        let post = id(post).parse().unwrap();
        let fan_out = move |tx: &mut parvis_domain::Tx<'_>| {
            parvis_domain::lists::feed::fan_out(tx, post, parvis_model::ids::ListId(0))
        };
        api.town.write(fan_out).await;
    };
    to_lists(&api.write(&eve, "status=not+in+it").await).await;
    let post = api.write(&ben, "status=for+friends&visibility=private").await;
    to_lists(&post).await;
    to_lists(&post).await;
    let stream = format!("list {list}");
    let about = |event: &str| (stream.clone(), event.to_owned(), id(&post));
    assert_eq!(some(&mut socket, 1).await, [about("update")]);
    assert_eq!(lines.event().await, ("update".to_owned(), id(&post)));
    api.call(Method::DELETE, &ben.token, &format!("/api/v1/statuses/{}", id(&post)), "").await.ok();
    let mut gone = some(&mut socket, 2).await;
    assert_eq!(gone.remove(0), about("delete"), "told once before, and now as gone");
    assert_eq!(gone[0].0, "user", "a follower may have it at home");
    assert_eq!(lines.event().await, ("delete".to_owned(), id(&post)));
}
