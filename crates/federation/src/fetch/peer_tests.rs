//! What other programs send (`fixtures/peers/*.json`): read, kept, and told as our apps get it. Each file names its source.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use parvis_domain::actors;
use parvis_domain::remote::statuses::{self, Wanted};
use parvis_domain::remote::{self, Outcome};
use parvis_domain::testing::Town;
use parvis_model::time::Moment;
use serde_json::{Value, json};

use super::reading;
use crate::wire::{ActivityDocument, ActorDocument, Document, NoteDocument};
use crate::world::builder;

fn document(value: &Value) -> Document {
    Document::parse(value.to_string().as_bytes()).unwrap()
}

fn list<'a>(peer: &'a Value, name: &str) -> &'a [Value] {
    peer[name].as_array().map_or(&[], Vec::as_slice)
}

/// Keeps an actor and tells what was understood of them.
async fn actor(town: &Town, value: &Value, now: Moment) -> String {
    let read = match ActorDocument::read(&document(value), now) {
        Ok(read) => read,
        Err(error) => return format!("no actor: {error}"),
    };
    let actor = reading::actor(&read);
    let keys: Vec<_> = actor.keys.iter().map(|key| key.algorithm.clone()).collect();
    let shared = actor.shared_inbox.clone().unwrap_or_default();
    let story =
        format!("{:?} @{} keys {keys:?} shared {shared} page {:?}", actor.kind, actor.username, actor.url);
    town.write(move |tx| remote::accounts::upsert(tx, &actor)).await;
    story
}

/// Keeps a post and tells what an app gets of it.
async fn post(town: &Town, value: &Value, now: Moment) -> String {
    let read = match NoteDocument::read(&document(value), now) {
        Ok(read) => read,
        Err(error) => return format!("no post: {error}"),
    };
    let Some(note) = reading::note(&read) else { return "a vote".to_owned() };
    let author = note.author.clone();
    let known = town.read(move |c| actors::by_uri(c, &author)).await;
    if known.is_none() {
        return format!("by a stranger, {}", note.author);
    }
    let kept = town.write(move |tx| statuses::create(tx, &note, Wanted::Yes)).await;
    let Outcome::Kept(id) = kept else { return format!("{kept:?}") };
    let view = town
        .read(move |c| {
            let author = actors::post(c, id)?.map(|post| post.account_id);
            author.map_or(Ok(None), |author| actors::own_post(c, author, id))
        })
        .await
        .unwrap();
    let status = &view.status;
    let media: Vec<_> = view.media.iter().map(|m| json!([m.kind, m.remote_url, m.description])).collect();
    let mentions: Vec<_> = view.mentions.iter().map(|m| m.username.clone()).collect();
    let poll: Option<Vec<_>> =
        view.poll.as_ref().map(|p| p.options.iter().map(|o| o.title.clone()).collect());
    json!({
        "visibility": format!("{:?}", view.visibility), "spoiler_text": status.warning, "sensitive": status.is_sensitive,
        "language": status.language, "url": status.url, "media": media, "mentions": mentions,
        "tags": view.tags.iter().map(|t| t.name.clone()).collect::<Vec<_>>(), "poll": poll,
        "answers": status.in_reply_to_uri, "quotes": view.quote.as_ref().map(|q| q.url.clone()),
        "content": status.html.chars().take(420).collect::<String>(),
    })
    .to_string()
}

fn activity(value: &Value, now: Moment) -> String {
    match ActivityDocument::read(&document(value), now) {
        Ok(read) => {
            let object = read.object().and_then(|o| o.id()).map(|id| id.to_string());
            format!(
                "{:?} {:?} target {:?} {:?}",
                read.kind,
                object,
                read.target.map(|t| t.to_string()),
                read.content
            )
        }
        Err(error) => format!("no activity: {error}"),
    }
}

#[expect(clippy::too_many_lines, reason = "a snapshot for each program")]
#[tokio::test]
async fn what_other_programs_send_is_shown_as_they_mean_it() {
    let town = builder().domain("stadt.example").build().await;
    let now = town.now();
    town.resident("ana").await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/peers");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut told = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap().replace("https://stadt.example", town.urls().base());
        let peer: Value = serde_json::from_str(&text).unwrap();
        assert!(
            peer["source"].as_str().is_some_and(|s| s.len() > 20) && peer["read_on"].is_string(),
            "{file:?}"
        );
        writeln!(told, "== {}", file.file_stem().unwrap().to_str().unwrap()).unwrap();
        for one in list(&peer, "actors") {
            writeln!(told, "actor {}", actor(&town, one, now).await).unwrap();
        }
        for one in list(&peer, "objects") {
            writeln!(told, "{} {}", one["type"].as_str().unwrap(), post(&town, one, now).await).unwrap();
        }
        for one in list(&peer, "activities") {
            writeln!(told, "activity {}", activity(one, now)).unwrap();
        }
    }
    insta::assert_snapshot!(told, @r###"
    == bridgy_fed
    actor Person @alice.bsky.example keys ["rsa"] shared https://bsky.brid.example/ap/sharedInbox page Some("https://bsky.brid.example/r/https://bsky.app/profile/alice.bsky.example")
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"en","url":"https://bsky.brid.example/r/https://bsky.app/profile/alice.bsky.example/post/3k","media":[["image","https://cdn.example/c","hill"]],"mentions":[],"tags":[],"poll":null,"answers":null,"quotes":"http://stadt.example/users/ana/statuses/117000000000000001","content":"<p>seen from afar</p>"}
    == discourse
    actor Person @angus keys ["rsa"] shared https://discourse.example/ap/users/inbox page Some("https://discourse.example/u/angus")
    actor Group @working-group keys ["rsa"] shared  page Some("https://discourse.example/c/meeting/88")
    Note {"visibility":"Unlisted","spoiler_text":"","sensitive":false,"language":null,"url":"https://discourse.example/t/our-next-meeting/4079/1","media":[],"mentions":[],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>Our next meeting</strong></p><p><strong>Last Meeting</strong></p>\n<a href=\"https://example.com\" rel=\"nofollow noopener noreferrer\">x</a>"}
    activity Some(Announce) Some("https://discourse.example/ap/activity/2") target None None
    == fedify
    actor Person @index keys ["rsa", "ed25519"] shared  page Some("https://ghost.example/")
    actor Person @hana keys ["rsa", "ed25519"] shared https://hollo.example/inbox page Some("https://hollo.example/@hana")
    Article {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://ghost.example/tram/","media":[["image","https://ghost.example/tram.jpg",""]],"mentions":[],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>All about the tram</strong></p><p>The tram, told.</p><p><a href=\"https://ghost.example/tram/\" rel=\"nofollow noopener noreferrer\">https://ghost.example/tram/</a></p>"}
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"ko","url":"https://hollo.example/@hana/1","media":[["image","https://hollo.example/m.webp","sea"]],"mentions":["ana"],"tags":[],"poll":null,"answers":null,"quotes":"http://stadt.example/users/ana/statuses/117000000000000001","content":"<p>안녕</p>"}
    == friendica
    actor Person @frida keys ["rsa"] shared https://friendica.example/inbox page Some("https://friendica.example/profile/frida")
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"de","url":"https://friendica.example/display/x","media":[],"mentions":["ana"],"tags":[],"poll":null,"answers":"http://stadt.example/users/ana/statuses/117000000000000001","quotes":null,"content":"<span class=\"h-card\"><a href=\"http://stadt.example/users/ana\" class=\"u-url mention\" rel=\"nofollow noopener noreferrer\">@<span>ana</span></a></span> test"}
    Article {"visibility":"Unlisted","spoiler_text":"","sensitive":false,"language":"de","url":"https://friendica.example/display/art","media":[],"mentions":[],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>From Friendica</strong></p>Hello!<p><a href=\"https://friendica.example/display/art\" rel=\"nofollow noopener noreferrer\">https://friendica.example/display/art</a></p>"}
    activity Some(Like) Some("http://stadt.example/users/ana/statuses/117000000000000001") target None None
    activity Some(Dislike) Some("http://stadt.example/users/ana/statuses/117000000000000001") target None None
    activity Some(Delete) Some("https://friendica.example/objects/4edd2508-4361-edb8-c4d8-b45181083984") target None None
    == hubzilla
    actor Person @zoe keys ["rsa", "ed25519"] shared https://hubzilla.example/inbox page Some("https://hubzilla.example/channel/zoe")
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://hubzilla.example/item/0f5c2b1e-0000-4000-8000-000000000001","media":[["image","https://hubzilla.example/photo/1.jpg","the plan"]],"mentions":[],"tags":["plan"],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>A plan</strong></p>A <b>bold</b> plan"}
    activity Some(Add) Some("https://other.example/create/1") target Some("https://hubzilla.example/conversation/0f5c") None
    == mbin
    actor Person @max keys ["rsa"] shared https://mbin.example/f/inbox page Some("https://mbin.example/u/max")
    actor Group @parks keys ["rsa"] shared https://mbin.example/f/inbox page Some("https://mbin.example/m/parks")
    Page {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://mbin.example/m/parks/t/1/benches","media":[["image","https://mbin.example/media/b.jpg",""]],"mentions":[],"tags":["parks"],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>Benches</strong></p><p><a href=\"https://benches.example/\" rel=\"nofollow noopener noreferrer\">https://benches.example/</a></p>"}
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"en","url":"https://mbin.example/m/parks/t/1/-/comment/2","media":[],"mentions":[],"tags":[],"poll":null,"answers":"https://mbin.example/m/parks/t/1/benches","quotes":null,"content":"<p>Two</p>"}
    activity Some(Flag) Some("http://stadt.example/users/ana/statuses/117000000000000001") target None Some("spam")
    activity Some(Announce) Some("https://mbin.example/f/object/3") target None None
    == mitra
    actor Person @mira keys ["rsa", "ed25519"] shared https://mitra.example/inbox page Some("https://mitra.example/users/mira")
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"da","url":"https://mitra.example/objects/019f57cf-693a-77f2-b006-c4c76338956a","media":[],"mentions":[],"tags":[],"poll":null,"answers":null,"quotes":"http://stadt.example/users/ana/statuses/117000000000000001","content":"<p>Look: RE: <a href=\"http://stadt.example/users/ana/statuses/117000000000000001\" rel=\"nofollow noopener noreferrer\">x</a></p>"}
    activity Some(Create) Some("https://mitra.example/objects/019f57cf-693a-77f2-b006-c4c76338956a") target None None
    activity Some(EmojiReact) Some("http://stadt.example/users/ana/statuses/117000000000000001") target None Some(":blob:")
    == mobilizon
    actor Group @quartier keys ["rsa"] shared https://mobilizon.example/inbox page Some("https://mobilizon.example/@quartier")
    actor Person @odile keys ["rsa"] shared https://mobilizon.example/inbox page Some("https://mobilizon.example/@odile")
    Event {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"fr","url":"https://mobilizon.example/events/b81c0531-a57c-4b0e-9b6e-1f2a3b4c5d6e","media":[["image","https://mobilizon.example/media/banner.jpg","Banner"]],"mentions":[],"tags":["repas"],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>Repas de quartier</strong></p><p>2026-12-11 18:00 UTC – 2026-12-11 20:00 UTC · Maison de quartier, 1 rue du Port, 44000, Nantes</p><p>Apportez un plat.</p><p></p><p><a href=\"https://quartier.example/\" rel=\"nofollow noopener noreferrer\">https://quartier.example/</a></p><p><a href=\"https://mobilizon.example/events/b81c0531-a57c-4b0e-9b6e-1f2a3b4c5d6e\" rel=\"nofollow noopener noreferrer\">https://mobilizon.exam"}
    activity Some(Announce) Some("https://mobilizon.example/events/b81c0531-a57c-4b0e-9b6e-1f2a3b4c5d6e") target None None
    activity Some(Create) Some("https://mobilizon.example/events/b81c0531-a57c-4b0e-9b6e-1f2a3b4c5d6e") target None None
    == nodebb
    actor Person @nora keys ["rsa"] shared https://nodebb.example/inbox page Some("https://nodebb.example/user/nora")
    actor Group @general keys ["rsa"] shared https://nodebb.example/inbox page Some("https://nodebb.example/category/2/general-discussion")
    Article {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://nodebb.example/post/1","media":[],"mentions":[],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>Welcome to the forum</strong></p><p><strong>Welcome!</strong></p>\n<p>This forum is for all.</p><p><a href=\"https://nodebb.example/post/1\" rel=\"nofollow noopener noreferrer\">https://nodebb.example/post/1</a></p>"}
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://nodebb.example/post/2","media":[],"mentions":[],"tags":[],"poll":null,"answers":"https://nodebb.example/post/1","quotes":null,"content":"<p>Thanks</p>"}
    activity Some(Announce) Some("https://nodebb.example/post/1#activity/create/1") target None None
    activity Some(Announce) Some("https://nodebb.example/post/1") target None None
    == peertube
    actor Person @pia keys ["rsa"] shared https://peertube.example/inbox page Some("https://peertube.example/accounts/pia")
    actor Group @pia_channel keys ["rsa"] shared https://peertube.example/inbox page Some("https://peertube.example/video-channels/pia_channel")
    Video {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"fr","url":"https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1","media":[["image","https://peertube.example/lazy-static/previews/large.jpg",""]],"mentions":[],"tags":["council"],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>The council meets &amp; decides</strong></p><p>Meeting of *November*.<br><br>http://stadt.example/agenda</p><p><a href=\"https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1\" rel=\"nofollow noopener noreferrer\">https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1</a></p>"}
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1/comments/7","media":[],"mentions":["pia"],"tags":[],"poll":null,"answers":"https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1","quotes":null,"content":"<p>first</p>"}
    activity Some(Announce) Some("https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1") target None None
    == piefed
    actor Person @pat keys ["rsa"] shared https://piefed.example/inbox page Some("https://piefed.example/u/pat")
    actor Group @roads keys ["rsa"] shared https://piefed.example/inbox page Some("https://piefed.example/c/roads")
    Page {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"en","url":"https://piefed.example/post/77","media":[["image","https://piefed.example/media/map.png",""]],"mentions":[],"tags":["bus"],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>New bus lane</strong></p><p>Where?</p>\n"}
    ChatMessage {"visibility":"Direct","spoiler_text":"","sensitive":false,"language":null,"url":"https://piefed.example/private_message/3","media":[],"mentions":["ana"],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"<p>Only for you</p>"}
    activity Some(Announce) Some("https://piefed.example/activities/create/1") target None None
    activity Some(Announce) Some("https://piefed.example/activities/lock/1") target None None
    == pleroma
    actor Person @pavel keys ["rsa"] shared https://pleroma.example/inbox page Some("https://pleroma.example/users/pavel")
    ChatMessage {"visibility":"Direct","spoiler_text":"","sensitive":false,"language":null,"url":"https://pleroma.example/objects/2","media":[],"mentions":["ana"],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"Hi!"}
    activity Some(EmojiReact) Some("http://stadt.example/users/ana/statuses/117000000000000001") target None Some("🚲")
    == sharkey
    actor Person @shari keys ["rsa"] shared https://sharkey.example/inbox page Some("https://sharkey.example/@shari")
    Note {"visibility":"Private","spoiler_text":"","sensitive":false,"language":null,"url":"https://sharkey.example/notes/9zn","media":[],"mentions":["ana"],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"<p>purr</p>"}
    activity Some(Like) Some("http://stadt.example/users/ana/statuses/117000000000000001") target None Some(":cat@other.example:")
    activity None None target Some("http://stadt.example/users/ana") None
    == snac2
    actor Person @sam keys ["rsa"] shared https://snac.example/shared-inbox page Some("https://snac.example/sam")
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://snac.example/sam/p/1763460000.123456","media":[],"mentions":[],"tags":[],"poll":null,"answers":null,"quotes":null,"content":"plain<br>and simple"}
    Question {"visibility":"Public","spoiler_text":"","sensitive":false,"language":null,"url":"https://snac.example/sam/p/1763460001.0","media":[],"mentions":[],"tags":[],"poll":["a","b"],"answers":null,"quotes":null,"content":"Which?"}
    activity Some(Like) Some("http://stadt.example/users/ana/statuses/117000000000000001") target None None
    activity Some(Undo) Some("https://snac.example/sam/d/1763460002.0/Like") target None None
    == wordpress
    actor Person @wanda keys ["rsa"] shared https://wordpress.example/wp-json/activitypub/1.0/inbox page Some("https://wordpress.example/")
    actor Group @wordpress.example keys ["rsa"] shared https://wordpress.example/wp-json/activitypub/1.0/inbox page Some("https://wordpress.example/")
    Article {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"en","url":"https://wordpress.example/blog/a-bridge/","media":[["image","https://wordpress.example/b.png","A bridge"],["image","https://wordpress.example/c.jpg",""]],"mentions":[],"tags":["bridges"],"poll":null,"answers":null,"quotes":null,"content":"<p><strong>A bridge, step by step</strong></p><p>I built a bridge […]</p><p><a href=\"https://wordpress.example/blog/a-bridge/\" rel=\"nofollow noopener noreferrer\">https://wordpress.example/blog/a-bridge/</a></p>"}
    Note {"visibility":"Public","spoiler_text":"","sensitive":false,"language":"en","url":"https://wordpress.example/?c=148","media":[],"mentions":[],"tags":[],"poll":null,"answers":"http://stadt.example/users/ana/statuses/117000000000000001","quotes":null,"content":"<p>Nice! Hello from WordPress!</p>"}
    activity Some(Announce) Some("https://wordpress.example/?p=27948#activity") target None None
    "###);
}
