//! What other programs send (`fixtures/<program>/*.json`), read into the wire types and told in one line each.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use parvis_model::time::Moment;

use super::*;

/// Sun, 22 Nov 2026 10:00:00 GMT
const NOW: Moment = Moment(1_795_341_600_000);

/// Every file of a program, in order, with what was understood of it.
fn told(program: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(program);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut lines = String::new();
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let document = Document::parse(&bytes).unwrap();
        let story = match Envelope::read(&bytes) {
            Ok(envelope) if document.members().thing("object").is_some() => {
                let activity = ActivityDocument::read(&document, NOW).unwrap();
                assert_eq!((Some(&envelope.id), &envelope.actor), (activity.id.as_ref(), &activity.actor));
                of_activity(&activity)
            }
            _ => of_object(&document),
        };
        writeln!(lines, "{}: {story}", file.file_stem().unwrap().to_str().unwrap()).unwrap();
    }
    lines
}

fn of_object(document: &Document) -> String {
    if let Ok(actor) = ActorDocument::read(document, NOW) {
        return of_actor(&actor);
    }
    if let Ok(note) = NoteDocument::read(document, NOW) {
        return of_note(&note);
    }
    match CollectionDocument::read(document) {
        Ok(list) => {
            let items: Vec<String> = list.items.iter().map(of_thing).collect();
            format!("collection of {:?}: {}", list.total, items.join(" | "))
        }
        Err(_) => format!("{:?}", ActorDocument::read(document, NOW).map(|actor| actor.id)),
    }
}

fn of_thing(thing: &IdOrObject) -> String {
    match thing {
        IdOrObject::Id(id) => id.to_string(),
        IdOrObject::Object(document) if document.members().thing("object").is_some() => {
            format!("({})", of_activity(&ActivityDocument::read(document, NOW).unwrap()))
        }
        IdOrObject::Object(document) if document.members().is("Tombstone") => {
            format!("tombstone {}", document.members().id().unwrap())
        }
        IdOrObject::Object(document) => format!("({})", of_object(document)),
    }
}

fn of_activity(activity: &ActivityDocument) -> String {
    let mut story = format!("{:?} by {}", activity.kind.unwrap(), activity.actor.path());
    for object in &activity.objects {
        write!(story, " of {}", of_thing(object)).unwrap();
    }
    if let Some(target) = &activity.target {
        write!(story, " at {target}").unwrap();
    }
    for text in activity.content.iter().chain(&activity.summary) {
        write!(story, " saying {text:?}").unwrap();
    }
    story + &of_audience(&activity.audience)
}

fn of_audience(audience: &Audience) -> String {
    let everybody = match (audience.public_in_to, audience.public_in_cc) {
        (true, _) => " public",
        (_, true) => " unlisted",
        _ => "",
    };
    let (to, cc, groups) = (audience.to.len(), audience.cc.len(), audience.groups.len());
    format!("{everybody} to {to}/{cc}/{groups}")
}

fn of_actor(actor: &ActorDocument) -> String {
    let mut story =
        format!("{:?} @{} {:?} inbox {}", actor.kind, actor.username, actor.name, actor.best_inbox().path());
    let keys: Vec<&str> =
        actor.keys.iter().map(|key| key.id.as_str().rsplit(['/']).next().unwrap()).collect();
    write!(story, " keys {keys:?} fields {} emoji {}", actor.fields.len(), actor.emoji.len()).unwrap();
    let asked = [actor.discoverable, actor.indexable, Some(actor.manually_approves_followers)];
    let answers: String =
        asked.map(|yes| yes.map_or('-', |yes| if yes { 'y' } else { 'n' })).iter().collect();
    let there = [&actor.url, &actor.icon, &actor.image, &actor.featured, &actor.moderators];
    let there: String = there.map(|url| if url.is_some() { '+' } else { '-' }).iter().collect();
    write!(story, " {answers} {there} aliases {}", actor.also_known_as.len()).unwrap();
    story
}

fn of_note(note: &NoteDocument) -> String {
    let mut story = format!("{:?} by {}", note.kind, note.author.path());
    let texts = [("title", &note.name), ("warning", &note.summary), ("text", &note.content)];
    for (what, text) in texts {
        if let Some(text) = text {
            write!(story, " {what} {:?}", text.chars().take(24).collect::<String>()).unwrap();
        }
    }
    let named = [
        ("answers", &note.in_reply_to),
        ("quotes", &note.quote.as_ref().map(|quote| quote.url.clone())),
        ("replies", &note.replies),
    ];
    for (what, url) in named {
        if let Some(url) = url {
            write!(story, " {what} {}", url.path()).unwrap();
        }
    }
    if let Some(language) = note.language() {
        write!(story, " in {language}").unwrap();
    }
    if let Some(source) = &note.source {
        write!(story, " from {:?}", source.media_type).unwrap();
    }
    let tags = &note.tags;
    write!(story, " tags {}@{}#{}:", tags.mentions.len(), tags.hashtags.len(), tags.emoji.len()).unwrap();
    for media in &note.attachments {
        write!(story, " {:?} {} {:?}", media.kind, media.url.path(), media.description).unwrap();
    }
    if let Some(poll) = &note.poll {
        let votes: Vec<_> = poll.options.iter().map(|option| (option.name.as_str(), option.votes)).collect();
        let how = if poll.multiple { "any" } else { "one" };
        write!(story, " {how} of {votes:?} closed {} voters {:?}", poll.closed, poll.voters).unwrap();
    }
    let told = [(note.sensitive, " sensitive"), (note.closed, " closed"), (note.is_vote(), " a vote")];
    story.extend(told.into_iter().filter(|(yes, _)| *yes).map(|(_, word)| word));
    if let (Some(likes), Some(shares)) = (note.likes, note.shares) {
        write!(story, " liked {likes} shared {shares}").unwrap();
    }
    story + &of_audience(&note.audience)
}

#[test]
fn mastodon_is_understood() {
    insta::assert_snapshot!(told("mastodon"), @r###"
    accept: Accept by /users/bea of (Follow by /users/ana of https://mastodon.example/users/bea to 0/0/0) to 0/0/0
    actor: Person @bea Some("Bea :blobcat:") inbox /inbox keys ["bea#main-key"] fields 2 emoji 1 yyn ++++- aliases 1
    announce: Announce by /users/bea of https://stadt.example/users/ana/statuses/117000000000000001 public to 0/2/0
    create: Create by /users/bea of (Note by /users/bea warning "roadworks" text "<p><span class=\"h-card\" " answers /users/ana/statuses/117000000000000001 replies /users/bea/statuses/116900000000000042/replies in en tags 1@1#0: Image /media/bridge.jpg Some("A closed bridge with a fence") sensitive liked 3 shared 1 public to 0/2/0) public to 0/2/0
    delete: Delete by /users/bea of tombstone https://mastodon.example/users/bea/statuses/116900000000000042 public to 0/0/0
    delete_actor: Delete by /users/bea of https://mastodon.example/users/bea public to 0/0/0
    featured: collection of Some(1): (Note by /users/bea warning "roadworks" text "<p><span class=\"h-card\" " answers /users/ana/statuses/117000000000000001 replies /users/bea/statuses/116900000000000042/replies in en tags 1@1#0: Image /media/bridge.jpg Some("A closed bridge with a fence") sensitive liked 3 shared 1 public to 0/2/0)
    flag: Flag by /actor of https://stadt.example/users/ana of https://stadt.example/users/ana/statuses/117000000000000001 saying "Advertising" to 1/0/0
    follow: Follow by /users/bea of https://stadt.example/users/ana to 0/0/0
    like: Like by /users/bea of https://stadt.example/users/ana/statuses/117000000000000001 to 0/0/0
    move: Move by /users/bea of https://mastodon.example/users/bea at https://new.example/users/bea to 1/0/0
    note: Note by /users/bea warning "roadworks" text "<p><span class=\"h-card\" " answers /users/ana/statuses/117000000000000001 replies /users/bea/statuses/116900000000000042/replies in en tags 1@1#0: Image /media/bridge.jpg Some("A closed bridge with a fence") sensitive liked 3 shared 1 public to 0/2/0
    undo: Undo by /users/bea of (Follow by /users/bea of https://stadt.example/users/ana to 0/0/0) to 0/0/0
    update: Update by /users/bea of (Question by /users/bea text "<p>Which day?</p>" in en tags 0@0#0: one of [("Friday", 2), ("Saturday", 3)] closed false voters Some(5) unlisted to 1/0/0) unlisted to 1/0/0
    vote: Create by /users/bea of (Note by /users/bea title "Saturday" answers /users/ana/statuses/117000000000000001 tags 0@0#0: a vote to 1/0/0) to 1/0/0
    "###);
}

#[test]
fn gotosocial_is_understood() {
    insta::assert_snapshot!(told("gotosocial"), @r###"
    accept: Accept by /users/cem of (Follow by /users/ana of https://gts.example/users/cem to 1/0/0) to 1/0/0
    actor: Person @cem Some("Cem") inbox /users/cem/inbox keys ["main-key"] fields 1 emoji 0 y-y ++-+- aliases 0
    actor_key_stub: Err(Bad("inbox"))
    announce: Announce by /users/cem of https://stadt.example/users/ana/statuses/117000000000000001 public to 0/2/0
    create: Create by /users/cem of (Note by /users/cem text "<p>Forty-one trees stand" replies /users/cem/statuses/01KB4Z9Q8V6M2T7N5R3P1X0W4D/replies in en tags 0@1#0: public to 0/1/0) public to 0/1/0
    delete: Delete by /users/cem of https://gts.example/users/cem/statuses/01KB4Z9Q8V6M2T7N5R3P1X0W4D public to 0/1/0
    follow: Follow by /users/cem of https://stadt.example/users/ana to 1/0/0
    like: Like by /users/cem of https://stadt.example/users/ana/statuses/117000000000000001 to 1/0/0
    note: Note by /users/cem text "<p>Forty-one trees stand" replies /users/cem/statuses/01KB4Z9Q8V6M2T7N5R3P1X0W4D/replies in en tags 0@1#0: public to 0/1/0
    undo: Undo by /users/cem of (Follow by /users/cem of https://stadt.example/users/ana to 1/0/0) to 1/0/0
    update: Update by /users/cem of (Note by /users/cem text "<p>Forty-one trees stand" replies /users/cem/statuses/01KB4Z9Q8V6M2T7N5R3P1X0W4D/replies in en tags 0@1#0: public to 0/1/0) public to 0/1/0
    "###);
}

#[test]
fn lemmy_is_understood() {
    insta::assert_snapshot!(told("lemmy"), @r###"
    accept: Accept by /c/gardens of (Follow by /users/ana of https://lemmy.example/c/gardens to 1/0/0) to 1/0/0
    actor: Person @dora Some("Dora") inbox /inbox keys ["dora#main-key"] fields 0 emoji 0 --n -+--- aliases 0
    announce: Announce by /c/gardens of (Create by /u/dora of (Note by /u/dora text "<p>Behind the shed.</p>\n" answers /post/501 from Some("text/markdown") tags 1@0#0: public to 0/2/1) public to 0/2/1) public to 0/1/0
    announce_plain: Announce by /c/gardens of https://lemmy.example/post/501 public to 0/1/0
    block: Block by /u/mod of https://stadt.example/users/ana at https://lemmy.example/c/gardens saying "insults" public to 0/1/1
    create: Create by /u/dora of (Note by /u/dora text "<p>Behind the shed.</p>\n" answers /post/501 from Some("text/markdown") tags 1@0#0: public to 0/2/1) public to 0/2/1
    delete: Delete by /u/mod of https://lemmy.example/comment/902 saying "off topic" public to 0/1/1
    dislike: Dislike by /u/dora of https://stadt.example/users/ana/statuses/117000000000000001 to 0/0/1
    flag: Flag by /u/dora of https://lemmy.example/post/501 saying "spam" to 1/0/1
    follow: Follow by /u/dora of https://stadt.example/groups/park to 1/0/0
    group: Group @gardens Some("Gardens") inbox /inbox keys ["gardens#main-key"] fields 0 emoji 0 --n -+-++ aliases 0
    instance: Application @lemmy.example Some("Lemmy of the gardens") inbox /inbox keys ["#main-key"] fields 0 emoji 0 --n ----- aliases 0
    like: Like by /u/dora of https://stadt.example/users/ana/statuses/117000000000000001 to 0/0/1
    lock: Lock by /u/mod of https://lemmy.example/post/501 public to 0/1/1
    moderators: collection of None: https://lemmy.example/u/dora | https://lemmy.example/u/mod
    note: Note by /u/dora text "<p>Behind the shed.</p>\n" answers /post/501 from Some("text/markdown") tags 1@0#0: public to 0/2/1
    page: Page by /u/dora title "Compost in the park?" text "<p>Where may we put it?<" in en from Some("text/markdown") tags 0@1#0: Link / None public to 1/0/1
    undo: Undo by /u/dora of (Like by /u/dora of https://stadt.example/users/ana/statuses/117000000000000001 to 0/0/1) to 0/0/1
    update: Update by /u/dora of (Page by /u/dora title "Compost in the park" text "<p>Where may we put it?<" in en from Some("text/markdown") tags 0@1#0: Link / None public to 1/0/1) public to 0/1/1
    "###);
}

#[test]
fn misskey_is_understood() {
    insta::assert_snapshot!(told("misskey"), @r###"
    accept: Accept by /users/9zemi0 of (Follow by /users/ana of https://misskey.example/users/9zemi0 to 0/0/0) to 0/0/0
    actor: Person @emi None inbox /inbox keys ["9zemi0#main-key"] fields 0 emoji 0 y-n ++-+- aliases 0
    announce: Announce by /users/9zemi0 of https://stadt.example/users/ana/statuses/117000000000000001 public to 0/1/0
    create: Create by /users/9zemi0 of (Note by /users/9zemi0 text "<p><span>Look at this<br" quotes /users/ana/statuses/117000000000000001 from Some("text/x.misskeymarkdown") tags 0@0#1: Image /files/sea.webp None sensitive unlisted to 1/0/0) unlisted to 1/0/0
    delete: Delete by /users/9zemi0 of tombstone https://misskey.example/notes/9znote1 to 0/0/0
    flag: Flag by /users/9zinstance of https://stadt.example/users/ana saying "Advertising" to 0/0/0
    follow: Follow by /users/9zemi0 of https://stadt.example/users/ana to 0/0/0
    like: Like by /users/9zemi0 of https://stadt.example/users/ana/statuses/117000000000000001 saying ":wave:" to 0/0/0
    note: Note by /users/9zemi0 text "<p><span>Look at this<br" quotes /users/ana/statuses/117000000000000001 from Some("text/x.misskeymarkdown") tags 0@0#1: Image /files/sea.webp None sensitive unlisted to 1/0/0
    question: Question by /users/9zemi0 warning "\u{200b}" text "<p>Tea or coffee?</p>" from Some("text/x.misskeymarkdown") tags 0@0#0: any of [("Tea", 4), ("Coffee", 6)] closed true voters None sensitive public to 0/1/0
    undo: Undo by /users/9zemi0 of (Follow by /users/9zemi0 of https://stadt.example/users/ana to 0/0/0) to 0/0/0
    update: Update by /users/9zemi0 of (Person @emi Some("Emi") inbox /inbox keys ["9zemi0#main-key"] fields 0 emoji 0 y-n +--+- aliases 0) public to 0/0/0
    vote: Create by /users/9zemi0 of (Note by /users/9zemi0 title "Saturday" answers /users/ana/statuses/117000000000000001 tags 0@0#0: a vote to 1/0/0) to 1/0/0
    "###);
}

#[test]
fn akkoma_is_understood() {
    insta::assert_snapshot!(told("akkoma"), @r###"
    accept: Accept by /users/fay of (Follow by /users/ana of https://akkoma.example/users/fay to 1/0/0) to 1/0/0
    actor: Person @fay Some("Fay") inbox /inbox keys ["fay#main-key"] fields 1 emoji 0 n-n ++-+- aliases 0
    announce: Announce by /users/fay of https://stadt.example/users/ana/statuses/117000000000000001 unlisted to 2/0/0
    create: Create by /users/fay of (Note by /users/fay text "<span class=\"h-card\"><a " answers /users/ana/statuses/117000000000000001 in en from Some("text/x.misskeymarkdown") tags 1@0#0: Image /media/boat.png Some("the boat") public to 1/1/0) public to 1/1/0
    delete: Delete by /users/fay of https://akkoma.example/objects/0a1b2c3d-0000-4000-8000-000000000001 public to 1/0/0
    emoji_react: EmojiReact by /users/fay of https://stadt.example/users/ana/statuses/117000000000000001 saying "🚣" unlisted to 2/0/0
    follow: Follow by /users/fay of https://stadt.example/users/ana to 1/0/0
    like: Like by /users/fay of https://stadt.example/users/ana/statuses/117000000000000001 unlisted to 2/0/0
    note: Note by /users/fay text "<span class=\"h-card\"><a " answers /users/ana/statuses/117000000000000001 in en from Some("text/x.misskeymarkdown") tags 1@0#0: Image /media/boat.png Some("the boat") public to 1/1/0
    note_plain_source: Note by /users/fay text "<span class=\"h-card\"><a " in en from None tags 0@0#0: public to 0/1/0
    undo: Undo by /users/fay of (Follow by /users/fay of https://stadt.example/users/ana to 1/0/0) to 1/0/0
    update: Update by /users/fay of (Note by /users/fay text "rowing on Monday?" answers /users/ana/statuses/117000000000000001 in en from Some("text/x.misskeymarkdown") tags 1@0#0: Image /media/boat.png Some("the boat") public to 1/1/0) public to 1/1/0
    "###);
}

#[test]
fn pixelfed_is_understood() {
    insta::assert_snapshot!(told("pixelfed"), @r###"
    accept: Accept by /users/hugo of (Follow by /users/ana of https://pixelfed.example/users/hugo to 0/0/0) to 0/0/0
    actor: Person @hugo Some("Hugo") inbox /f/inbox keys ["hugo#main-key"] fields 0 emoji 0 -yn ++--- aliases 0
    announce: Announce by /users/hugo of https://stadt.example/users/ana/statuses/117000000000000001 public to 0/2/0
    create: Create by /users/hugo of (Note by /users/hugo text "A green door <a href=\"ht" tags 0@1#0: Image /storage/m/door.jpg Some("a green door") public to 0/1/0) public to 0/1/0
    create_reply: Create by /users/hugo of (Note by /users/hugo text "Nice door!" answers /users/ana/statuses/117000000000000001 tags 1@0#0: closed public to 0/1/0) public to 0/2/0
    delete: Delete by /users/hugo of tombstone https://pixelfed.example/p/hugo/800000000000000001 public to 0/0/0
    follow: Follow by /users/hugo of https://stadt.example/users/ana to 0/0/0
    like: Like by /users/hugo of https://stadt.example/users/ana/statuses/117000000000000001 to 0/0/0
    note: Note by /users/hugo text "A green door <a href=\"ht" tags 0@1#0: Image /storage/m/door.jpg Some("a green door") public to 0/1/0
    undo: Undo by /users/hugo of (Follow by /users/hugo of https://stadt.example/users/ana to 0/0/0) to 0/0/0
    update: Update by /users/hugo of (Note by /users/hugo text "A very green door" tags 0@1#0: Image /storage/m/door.jpg Some("a green door") public to 0/1/0) public to 0/1/0
    "###);
}
