//! The shapes that are allowed and the ones that attackers send: threats S7, S8, S12, O5, O12, F5 and J1 to J3.

use parvis_model::time::{DAY, Moment};
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::signature::{KeyKind, KeyPair};

/// Sun, 22 Nov 2026 10:00:00 GMT
const NOW: Moment = Moment(1_795_341_600_000);
const BEA: &str = "https://away.example/users/bea";
const PEM: &str = include_str!("../signature/testdata/pub.pem");

fn document(value: &Value) -> Document {
    Document::parse(value.to_string().as_bytes()).unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// A small actor with some members changed.
fn actor_with(changes: Value) -> Result<ActorDocument, WireError> {
    let mut actor = json!({
        "id": BEA, "type": "Person", "preferredUsername": "bea", "inbox": format!("{BEA}/inbox"),
        "publicKey": {"id": format!("{BEA}#main-key"), "owner": BEA, "publicKeyPem": PEM},
    });
    actor.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    ActorDocument::read(&document(&actor), NOW)
}

/// A small note with some members changed.
fn note_with(changes: Value) -> Result<NoteDocument, WireError> {
    let mut note = json!({"id": "https://away.example/notes/1", "type": "Note", "attributedTo": BEA, "content": "<p>x</p>"});
    note.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    NoteDocument::read(&document(&note), NOW)
}

fn note(changes: Value) -> NoteDocument {
    note_with(changes).unwrap()
}

#[test]
fn an_envelope_is_read_in_the_shapes_that_travel() {
    let bytes = br#"{"type":["Create","x:Draft"],"actor":{"type":"Person","id":"https:\/\/away.example\/users\/bea","x":[{}]},"object":{"type":"Note","id":"https://away.example/notes/1","tag":[{"id":"other"}]},"id":"https://away.example/acts/1"}"#;
    let envelope = Envelope::read(bytes).unwrap();
    assert_eq!(envelope.id, url("https://away.example/acts/1"));
    assert_eq!(envelope.actor, url(BEA));
    assert_eq!(envelope.object, Some(url("https://away.example/notes/1")));
    assert!(envelope.is("Create") && envelope.is("x:Draft") && !envelope.is("Delete"));
    assert!(!envelope.deletes_its_own_actor());
    let text = json!({"id": "https://away.example/acts/2", "type": "Delete", "actor": BEA, "object": BEA})
        .to_string();
    assert!(Envelope::read(text.as_bytes()).unwrap().deletes_its_own_actor());
}

#[test]
fn s12_members_that_come_twice_and_several_actors_are_refused() {
    for text in [
        r#"{"id":"https://a.example/1","id":"https://b.example/1","type":"Like","actor":"https://a.example/u"}"#,
        r#"{"id":"https://a.example/1","type":"Like","actor":"https://a.example/u","actor":"https://b.example/u"}"#,
        r#"{"id":"https://a.example/1","type":"Like","actor":"https://a.example/u","\u0061ctor":"https://b.example/u"}"#,
        r#"{"id":"https://a.example/1","type":"Like","actor":"https://a.example/u","x":1,"x":2}"#,
        r#"{"id":"https://a.example/1","type":"Like","actor":{"id":"https://a.example/u","id":"https://b.example/u"}}"#,
    ] {
        assert_eq!(Envelope::read(text.as_bytes()).unwrap_err(), WireError::Unreadable, "{text}");
        assert_eq!(Document::parse(text.as_bytes()).unwrap_err(), WireError::Unreadable, "{text}");
    }
    // Deep inside it matters to whoever passes the object on.
    let inside = br#"{"id":"https://a.example/1","object":{"object":[{"id":"x","id":"y"}]}}"#;
    assert_eq!(Document::parse(inside).unwrap_err(), WireError::Unreadable);
    for actor in [
        json!([BEA]),
        json!([BEA, "https://b.example/u"]),
        json!([]),
        json!({}),
        json!({"id": [BEA]}),
        json!(null),
        json!("bea"),
    ] {
        let text = json!({"id": "https://a.example/1", "type": "Like", "actor": actor}).to_string();
        assert_eq!(Envelope::read(text.as_bytes()).unwrap_err(), WireError::Bad("actor"), "{text}");
    }
    let two = document(&json!({"type": "Like", "actor": [BEA, "https://b.example/u"], "object": BEA}));
    assert_eq!(ActivityDocument::read(&two, NOW).unwrap_err(), WireError::Bad("actor"));
}

#[test]
fn j1_what_is_not_an_activity_is_refused_with_a_reason() {
    for (text, expected) in [
        (&b""[..], WireError::Unreadable),
        (b"{", WireError::Unreadable),
        (b"{}x", WireError::Unreadable),
        (b"{'id':1}", WireError::Unreadable),
        (b"\xff\xfe{}", WireError::Unreadable),
        (b"{\"id\":\"\xff\"}", WireError::Unreadable),
        (br#"{"id":"\ud800"}"#, WireError::Unreadable),
        (b"{\"id\":\"\x00\"}", WireError::Unreadable),
        (b"[]", WireError::NotAnObject),
        (b"null", WireError::NotAnObject),
        (b"\"Create\"", WireError::NotAnObject),
        (b"{}", WireError::Bad("id")),
        (br#"{"id":7,"type":"Like","actor":"https://a.example/u"}"#, WireError::Bad("id")),
        (br#"{"id":"urn:x","type":"Like","actor":"https://a.example/u"}"#, WireError::Bad("id")),
        (
            br#"{"id":"https://u@a.example/","type":"Like","actor":"https://a.example/u"}"#,
            WireError::Bad("id"),
        ),
        (br#"{"id":"https://a.example/","actor":"https://a.example/u"}"#, WireError::Bad("type")),
        (br#"{"id":"https://a.example/","type":{},"actor":"https://a.example/u"}"#, WireError::Bad("type")),
    ] {
        assert_eq!(Envelope::read(text).unwrap_err(), expected, "{}", String::from_utf8_lossy(text));
    }
    for text in
        [&b""[..], b"{", b"{}x", b"\xff{}", b"{\"id\":\"\xff\"}", br#"{"a":"\ud800"}"#, br#"{"a":1e400}"#]
    {
        assert_eq!(
            Document::parse(text).unwrap_err(),
            WireError::Unreadable,
            "{}",
            String::from_utf8_lossy(text)
        );
    }
    assert_eq!(Document::parse(b"[{}]").unwrap_err(), WireError::NotAnObject);
    let endless =
        json!({"id": format!("https://a.example/{}", "a".repeat(3_000)), "type": "Like", "actor": BEA})
            .to_string();
    assert_eq!(Envelope::read(endless.as_bytes()).unwrap_err(), WireError::Bad("id"));
}

#[test]
fn j1_a_document_that_breaks_off_is_never_read() {
    let whole = include_bytes!("../../fixtures/lemmy/announce.json").trim_ascii();
    assert!(Envelope::read(whole).is_ok() && Document::parse(whole).is_ok());
    for end in 0..whole.len() {
        assert!(Envelope::read(&whole[..end]).is_err() && Document::parse(&whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn j1_any_member_in_any_shape_is_survived() {
    let shapes = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!("https://a.example/"),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null, 1, "x", {}, []]),
        json!({"id": {}}),
        json!({"type": "Link", "href": 1}),
        json!({"url": {"url": {"href": []}}}),
        json!([{"type": "Image", "url": [{"href": "https://a.example/"}]}]),
    ];
    let files = [
        include_str!("../../fixtures/mastodon/actor.json"),
        include_str!("../../fixtures/mastodon/note.json"),
        include_str!("../../fixtures/misskey/question.json"),
        include_str!("../../fixtures/lemmy/announce.json"),
        include_str!("../../fixtures/mastodon/featured.json"),
    ];
    let mut understood = 0;
    for file in files {
        let whole: Value = serde_json::from_str(file).unwrap();
        for name in whole.as_object().unwrap().keys() {
            for shape in &shapes {
                let mut changed = whole.clone();
                changed[name] = shape.clone();
                let document = document(&changed);
                understood += usize::from(ActorDocument::read(&document, NOW).is_ok())
                    + usize::from(NoteDocument::read(&document, NOW).is_ok())
                    + usize::from(ActivityDocument::read(&document, NOW).is_ok())
                    + usize::from(CollectionDocument::read(&document).is_ok());
                let _whatever = Envelope::read(changed.to_string().as_bytes());
            }
        }
    }
    // Most members are not needed: whatever stands in them, the rest is understood.
    assert!(understood > 700, "{understood}");
}

#[test]
fn j1_nul_is_stripped_dates_are_clamped_and_counts_saturate() {
    let note = note(json!({
        "content": "a\0b", "name": "\0", "published": "2999-01-01T00:00:00Z", "updated": "-000044-03-15T00:00:00Z",
        "likes": {"totalItems": 99_999_999_999_u64}, "shares": {"totalItems": -5},
        "contentMap": {"de": "c\0", "not a language": "x", "en": 7},
    }));
    assert_eq!(note.content.as_deref(), Some("ab"));
    assert_eq!(note.name.as_deref(), None);
    assert_eq!((note.published, note.updated), (Some(NOW), Some(Moment(0))));
    assert_eq!((note.likes, note.shares), (Some(limits::COUNT), Some(0)));
    assert_eq!(note.content_map.into_iter().collect::<Vec<_>>(), [("de".to_owned(), "c".to_owned())]);
    for bad in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01", &"2".repeat(100)] {
        assert_eq!(note_with(json!({"published": bad})).unwrap().published, None, "{bad}");
    }
    let earlier = note_with(json!({"published": NOW.minus(DAY).to_rfc3339()})).unwrap();
    assert_eq!(earlier.published, Some(NOW.minus(DAY)));
}

#[test]
fn j2_sixty_four_levels_are_read_and_no_more() {
    let nested = |levels: usize| {
        let inner = "[".repeat(levels - 1) + &"]".repeat(levels - 1);
        format!(r#"{{"id":"https://a.example/1","type":"Like","actor":"https://a.example/u","x":{inner}}}"#)
    };
    assert!(Envelope::read(nested(64).as_bytes()).is_ok() && Document::parse(nested(64).as_bytes()).is_ok());
    for levels in [65, 1_000, 500_000] {
        assert_eq!(Envelope::read(nested(levels).as_bytes()).unwrap_err(), WireError::TooDeep);
        assert_eq!(Document::parse(nested(levels).as_bytes()).unwrap_err(), WireError::TooDeep);
    }
    assert_eq!(Document::parse("{\"a\":".repeat(100_000).as_bytes()).unwrap_err(), WireError::TooDeep);
    // Brackets in texts are text.
    let text = json!({"id": BEA, "x": "[{\"".repeat(1_000)}).to_string();
    assert!(Document::parse(text.as_bytes()).is_ok());
}

#[test]
fn j3_lists_are_cut_at_their_limits() {
    let many = |of: &dyn Fn(usize) -> Value| -> Value { (0..2_000).map(of).collect() };
    let note = note(json!({
        "type": "Question",
        "tag": many(&|n| json!({"type": "Mention", "href": format!("https://a.example/{n}")})),
        "attachment": many(&|n| json!({"type": "Image", "url": format!("https://a.example/{n}")})),
        "to": many(&|n| json!(format!("https://a.example/{n}"))),
        "cc": [PUBLIC, "https://late.example/"],
        "oneOf": many(&|n| json!({"type": "Note", "name": n.to_string()})),
        "contentMap": (0..2_000).map(|n| (format!("x{n}"), json!("y"))).collect::<serde_json::Map<_, _>>(),
    }));
    assert_eq!(note.tags.mentions.len(), limits::TAGS);
    assert_eq!(note.attachments.len(), limits::ATTACHMENTS);
    assert_eq!((note.audience.to.len(), note.audience.cc.len()), (limits::RECIPIENTS, 0));
    assert!(note.audience.public_in_cc, "everybody is found even behind the limit");
    assert_eq!(note.poll.unwrap().options.len(), limits::OPTIONS);
    assert_eq!(note.content_map.len(), limits::LANGUAGES);
    let list = json!({"type": "Collection", "items": many(&|n| json!(format!("https://a.example/{n}")))});
    assert_eq!(CollectionDocument::read(&document(&list)).unwrap().items.len(), limits::ITEMS);
    let members = (0..300).map(|n| (n.to_string(), json!(n))).collect::<serde_json::Map<_, _>>();
    assert!(Envelope::read(Value::Object(members).to_string().as_bytes()).is_err());
}

#[test]
fn everybody_is_found_in_three_spellings_and_both_places() {
    for spelling in [PUBLIC, "as:Public", "Public"] {
        for shape in [json!(spelling), json!([spelling]), json!(["https://a.example/f", spelling, spelling])]
        {
            let (loud, quiet) = (note(json!({"to": shape})), note(json!({"cc": shape})));
            assert!(loud.audience.public_in_to && !loud.audience.public_in_cc, "{shape}");
            assert!(quiet.audience.public_in_cc && !quiet.audience.public_in_to, "{shape}");
        }
    }
    for other in [json!("public"), json!("https://www.w3.org/ns/activitystreams"), json!(true), json!(null)] {
        assert!(!note(json!({"to": other, "cc": other})).audience.is_public(), "{other}");
    }
    let named =
        note(json!({"to": [BEA, {"id": "https://a.example/g"}, BEA], "audience": "https://a.example/h"}))
            .audience;
    assert_eq!(named.to, [url(BEA), url("https://a.example/g")]);
    assert!(named.names(&url("https://a.example/h")) && !named.names(&url("https://a.example/i")));
}

#[test]
fn o5_a_post_has_exactly_one_author() {
    for one in [json!(BEA), json!([BEA]), json!({"id": BEA, "type": "Person"}), json!([BEA, {"id": BEA}])] {
        assert_eq!(note(json!({"attributedTo": one})).author, url(BEA), "{one}");
    }
    for none in [
        json!(null),
        json!([]),
        json!([BEA, "https://a.example/u"]),
        json!([BEA, 7]),
        json!({"name": "bea"}),
        json!("bea"),
    ] {
        assert_eq!(
            note_with(json!({"attributedTo": none})).unwrap_err(),
            WireError::Bad("attributedTo"),
            "{none}"
        );
    }
}

#[test]
fn o12_handles_are_short_and_plain() {
    // The Kelvin sign becomes a K in normal form.
    for (given, expected) in
        [("bea", "bea"), ("B.e-a_1", "B.e-a_1"), ("\u{212a}arl", "Karl"), (&"a".repeat(64), &"a".repeat(64))]
    {
        assert_eq!(actor_with(json!({"preferredUsername": given})).unwrap().username, expected);
    }
    for bad in [
        "",
        " ",
        "be a",
        "bea@away.example",
        "../bea",
        "a/b",
        "bea\u{202e}",
        "béa",
        "<b>",
        &"a".repeat(65),
        &"a".repeat(5_000),
    ] {
        assert_eq!(
            actor_with(json!({"preferredUsername": bad})).unwrap_err(),
            WireError::Bad("preferredUsername"),
            "{bad}"
        );
    }
}

#[test]
fn f5_inboxes_are_on_the_actors_own_origin() {
    for bad in [
        "https://10.0.0.1/inbox",
        "https://evil.example/inbox",
        "http://away.example/inbox",
        "https://away.example:8443/inbox",
        "/inbox",
    ] {
        assert_eq!(actor_with(json!({"inbox": bad})).unwrap_err(), WireError::Bad("inbox"), "{bad}");
        let actor = actor_with(
            json!({"endpoints": {"sharedInbox": bad}, "outbox": bad, "followers": bad, "url": bad}),
        )
        .unwrap();
        assert_eq!(
            (actor.shared_inbox, actor.outbox, actor.followers, actor.url),
            (None, None, None, None),
            "{bad}"
        );
    }
    let actor = actor_with(json!({"endpoints": {"sharedInbox": "https://away.example/inbox"}})).unwrap();
    assert_eq!(actor.best_inbox(), &url("https://away.example/inbox"));
}

#[test]
fn s7_only_keys_that_are_the_actors_own_are_listed() {
    let key = |id: &str, owner: Value| json!({"publicKey": {"id": id, "owner": owner, "publicKeyPem": PEM}});
    let ids = |changes: Value| {
        actor_with(changes).unwrap().keys.into_iter().map(|key| key.id.to_string()).collect::<Vec<_>>()
    };
    let main = format!("{BEA}#main-key");
    for owner in [json!(BEA), json!({"id": BEA}), json!(null)] {
        assert_eq!(ids(key(&main, owner)), [main.as_str()]);
    }
    for (id, owner) in [
        (main.as_str(), "https://away.example/users/bob"),
        (&main, "https://victim.example/users/ana"),
        ("https://victim.example/users/ana#main-key", "https://victim.example/users/ana"),
        ("https://victim.example/users/ana#main-key", BEA),
        ("https://away.example/users/bob#main-key", BEA),
    ] {
        assert!(ids(key(id, json!(owner))).is_empty(), "{id} {owner}");
    }
    assert!(ids(json!({"publicKey": {"id": main, "owner": BEA, "publicKeyPem": "x"}})).is_empty());
    assert!(ids(json!({"publicKey": main})).is_empty());
}

#[test]
fn actors_have_several_keys_of_both_kinds() {
    let multibase = KeyPair::generate(KeyKind::Ed25519).unwrap().public().to_multibase().unwrap();
    let actor = actor_with(json!({
        "publicKey": [
            {"id": format!("{BEA}#main-key"), "owner": BEA, "publicKeyPem": PEM},
            {"id": format!("{BEA}#main-key"), "owner": BEA, "publicKeyPem": PEM},
        ],
        "assertionMethod": [
            format!("{BEA}#elsewhere"),
            {"id": format!("{BEA}#ed25519"), "type": "Multikey", "controller": BEA, "publicKeyMultibase": multibase},
            {"id": format!("{BEA}#foreign"), "type": "Multikey", "controller": "https://a.example/", "publicKeyMultibase": multibase},
        ],
    }))
    .unwrap();
    let kinds: Vec<_> = actor.keys.iter().map(|key| (key.id.fragment().unwrap(), key.key.kind())).collect();
    assert_eq!(kinds, [("main-key", KeyKind::Rsa), ("ed25519", KeyKind::Ed25519)]);
    assert!(actor.key(&url(&format!("{BEA}#ed25519"))).is_some());
    assert!(actor.key(&url(&format!("{BEA}#foreign"))).is_none());
}

#[test]
fn addresses_and_pictures_come_in_lists_and_links() {
    let page = "https://away.example/@bea";
    for shape in [
        json!(page),
        json!([page, "https://away.example/other"]),
        json!({"type": "Link", "href": page}),
        json!([{"type": "Link", "mediaType": "application/x-bittorrent", "href": "https://away.example/t"}, {"type": "Link", "mediaType": "text/html", "href": page}]),
    ] {
        assert_eq!(actor_with(json!({"url": shape})).unwrap().url, Some(url(page)), "{shape}");
    }
    let picture = "https://cdn.example/a.png";
    for shape in [
        json!(picture),
        json!({"type": "Image", "url": picture}),
        json!([{"type": "Image", "url": picture}, {"type": "Image", "url": "https://cdn.example/b.png"}]),
        json!({"type": "Image", "url": {"type": "Link", "href": picture}}),
        json!([{"type": "Image", "url": "javascript:alert(1)"}, {"type": "Image", "url": [{"href": picture}]}]),
    ] {
        assert_eq!(actor_with(json!({"icon": shape})).unwrap().icon, Some(url(picture)), "{shape}");
    }
    let parent = "https://away.example/notes/0";
    for shape in
        [json!(parent), json!([parent]), json!({"id": parent, "type": "Note"}), json!([null, {"id": parent}])]
    {
        assert_eq!(note(json!({"inReplyTo": shape})).in_reply_to, Some(url(parent)), "{shape}");
    }
    assert_eq!(note(json!({"url": "https://evil.example/"})).url, None);
}

#[test]
fn texts_and_languages_are_told_apart() {
    let two = note(
        json!({"content": "<p>Guten Tag</p>", "contentMap": {"de": "<p>Guten Tag</p>", "en": "<p>Hello</p>"}}),
    );
    assert_eq!(two.language(), Some("de"));
    let only =
        note(json!({"content": null, "contentMap": {"fr": "<p>Salut</p>"}, "nameMap": {"fr": "Titre"}}));
    assert_eq!((only.content.as_deref(), only.language()), (Some("<p>Salut</p>"), Some("fr")));
    assert_eq!(only.name.as_deref(), Some("Titre"));
    assert_eq!(note(json!({})).language(), None);
    assert!(note(json!({"content": null, "name": "Friday", "inReplyTo": BEA})).is_vote());
    assert!(note(json!({"content": "<br>", "name": "Friday", "inReplyTo": BEA})).is_vote(), "snac2 2.94");
    assert!(!note(json!({"name": "Friday", "inReplyTo": BEA})).is_vote());
    assert_eq!(note(json!({"mediaType": "text/markdown"})).media_type.as_deref(), Some("text/markdown"));
    let kinds = json!({"type": ["Article", "schema:Thing"]});
    assert_eq!(note(kinds).kind, NoteKind::Article);
    assert_eq!(note_with(json!({"type": "Place"})).unwrap_err(), WireError::Kind);
}

#[test]
fn emoji_have_plain_names() {
    let emoji = |name: &str| {
        let tag = json!({"type": "Emoji", "name": name, "icon": {"type": "Image", "url": "https://cdn.example/e.png"}});
        note(json!({"tag": tag})).tags.emoji.into_iter().map(|emoji| emoji.shortcode).collect::<Vec<_>>()
    };
    assert_eq!(emoji(":blob_cat:"), ["blob_cat"]);
    assert_eq!(emoji("blob"), ["blob"]);
    for bad in ["::", ":a b:", ":<img>:", ":a:b:", &"a".repeat(65)] {
        assert!(emoji(bad).is_empty(), "{bad}");
    }
}

#[test]
fn what_a_group_passes_on_keeps_its_bytes() {
    let activity = br#"{"type":"Announce", "object": {"b" : 1,"a":"\u00e4", "c":[ ]} ,"actor":"x"}"#;
    assert_eq!(raw_object(activity).unwrap().get(), r#"{"b" : 1,"a":"\u00e4", "c":[ ]}"#);
    assert!(raw_object(b"{}").is_none());
}

#[test]
fn our_context_is_json_and_stands_first() {
    let whole = with_context(json!({"type": "Note", "id": BEA}));
    let names: Vec<_> = whole.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["@context", "type", "id"]);
    assert_eq!(whole["@context"][0], "https://www.w3.org/ns/activitystreams");
    assert_eq!(whole["@context"][4]["parvis"], "urn:parvis:ns:");
}
