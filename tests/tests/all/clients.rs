//! What client programs ask when somebody signs in and looks around, replayed. The sequences in `tests/clients/sequences` were read from the programs'
//! sources (each says which files, of which day); what is *in* the answers is compared with Mastodon's shapes by `cargo xtask conformance`, which
//! also reads what these tests were answered.
//!
//! Ivory and Mona are not open, so there is nothing to read. toot and Mastodon.py run themselves: `tests/clients/run.py`.

use std::collections::BTreeMap;

use parvis_domain::oauth::authorize;
use reqwest::{Method, Url};
use system_tests::{Answer, Person, Setup, Town, Value, json, settle, text};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[tokio::test(flavor = "multi_thread")]
async fn phanpy_signs_in_and_looks_around() {
    replay(include_str!("../../clients/sequences/phanpy.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn elk_signs_in_and_looks_around() {
    replay(include_str!("../../clients/sequences/elk.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tusky_signs_in_and_looks_around() {
    replay(include_str!("../../clients/sequences/tusky.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ice_cubes_signs_in_and_looks_around() {
    replay(include_str!("../../clients/sequences/ice-cubes.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_app_for_android_signs_in_and_looks_around() {
    replay(include_str!("../../clients/sequences/mastodon-android.json")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_app_for_ios_signs_in_and_looks_around() {
    replay(include_str!("../../clients/sequences/mastodon-ios.json")).await;
}

/// Goes through a sequence; every complaint is told at the end.
async fn replay(sequence: &str) {
    let sequence: Value = serde_json::from_str(sequence).expect("a sequence");
    let town = Town::start(Setup::named("town.localhost")).await;
    let mut replay = Replay::prepare(&town, &sequence).await;
    for step in system_tests::list(sequence["steps"].clone()) {
        if step["authorize"] == true {
            replay.authorize(sequence["pkce"] == true).await;
        } else {
            replay.step(&step).await;
        }
    }
    assert!(replay.wrong.is_empty(), "{}:\n{}", sequence["client"], replay.wrong.join("\n"));
}

/// A program at work: what it knows, and what it would have complained of.
struct Replay<'t> {
    town: &'t Town,
    /// The words in braces.
    known: BTreeMap<String, String>,
    wrong: Vec<String>,
}

impl<'t> Replay<'t> {
    /// A town in which Ben has written to Ana, whose program this is.
    async fn prepare(town: &'t Town, sequence: &Value) -> Self {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        ana.follow(&ben).await;
        ben.follow(&ana).await;
        let own = ana.say("What a #Square").await;
        let status = ben.say("Hello @ana, on the #square").await;
        let answer = ana.reply(&status, "Hello Ben").await;
        for what in ["favourite", "reblog"] {
            ben.does(what, &own).await;
        }
        ben.does("favourite", &answer).await;
        let list = list_with(&ana, &ben).await;
        settle(&[town]).await;
        let words = [
            ("redirect_uri", text(sequence, "redirect_uri")),
            ("scopes", text(sequence, "scopes")),
            ("code_verifier", VERIFIER.to_owned()),
            ("ana", ana.id),
            ("ben", ben.id),
            ("own", text(&own, "id")),
            ("status", text(&status, "id")),
            ("list", list),
        ];
        let known = words.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { town, known, wrong: Vec::new() }
    }

    /// The page at which somebody agrees, and the code that their program gets.
    async fn authorize(&mut self, pkce: bool) {
        let word = |name: &str| self.known.get(name).cloned().unwrap_or_default();
        let request = authorize::Request {
            response_type: "code".to_owned(),
            client_id: word("client_id"),
            redirect_uri: word("redirect_uri"),
            scope: Some(word("scopes")),
            state: Some("a state".to_owned()),
            code_challenge: pkce.then(|| CHALLENGE.to_owned()),
            code_challenge_method: pkce.then(|| "S256".to_owned()),
        };
        let mut page = Url::parse(&self.town.url("/oauth/authorize")).expect("an address");
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &request.client_id)
            .append_pair("redirect_uri", &request.redirect_uri)
            .append_pair("scope", &word("scopes"));
        let page = Answer::to(self.town.http.get(page)).await;
        if page.code() >= 400 {
            self.wrong.push(format!("sign-in: the page answers {}", page.code()));
        }
        let me = word("ana").parse().expect("an id");
        let write = move |tx: &mut parvis_domain::Tx<'_>| {
            let checked = authorize::check(tx, &request)?.expect("a request that can be agreed to");
            authorize::grant(tx, me, &checked)
        };
        let granted = self.town.town().db().write(write).await.expect("a code");
        let authorize::Granted::GoTo(back) = granted else { panic!("the program is not gone back to") };
        let back = Url::parse(&back).expect("an address");
        assert!(back.as_str().starts_with(word("redirect_uri").trim_end_matches('/')), "{back}");
        let pair = |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, v)| v.into_owned());
        assert_eq!(pair("state").as_deref(), Some("a state"));
        self.known.insert("code".to_owned(), pair("code").expect("a code"));
    }

    async fn step(&mut self, step: &Value) {
        let ask = self.filled(&text(step, "ask"));
        let (method, path) = ask.split_once(' ').expect("a method and a path");
        let method: Method = method.parse().expect("a method");
        let mut request = self.town.http.request(method, self.town.url(path));
        if step["without_token"] != true {
            request = request.bearer_auth(&self.known["token"]);
        }
        if let Some(form) = step["form"].as_object() {
            let pairs: Vec<(String, String)> =
                form.iter().map(|(k, v)| (k.clone(), self.filled(v.as_str().unwrap_or_default()))).collect();
            request = request.form(&pairs);
        } else if !step["json"].is_null() {
            let body = self.filled(&step["json"].to_string());
            request = request.header("content-type", "application/json").body(body);
        }
        let answer = Answer::to(request).await;
        let complaints = self.look(step, &answer);
        let at = text(step, "at");
        self.wrong.extend(complaints.iter().map(|c| format!("{at}: {ask}: {c}")));
    }

    /// What the program would stumble over.
    fn look(&mut self, step: &Value, answer: &Answer) -> Vec<String> {
        let may = step["may"].as_array().is_some_and(|codes| codes.contains(&json!(answer.code())));
        if may {
            return Vec::new();
        }
        if answer.code() != 200 {
            return vec![format!("{} {:.200}", answer.code(), answer.text())];
        }
        if step["is"] == "xml" {
            return if answer.text().starts_with("<?xml") { Vec::new() } else { vec!["no XML".to_owned()] };
        }
        let body = answer.json();
        let fits = if step["is"] == "list" { body.is_array() } else { body.is_object() };
        let mut complaints = Vec::new();
        if !fits {
            complaints.push(format!("no {}", step["is"].as_str().unwrap_or("object")));
        }
        for pointer in step["needs"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if body.pointer(pointer).is_none_or(Value::is_null) {
                complaints.push(format!("lacks {pointer}"));
            }
        }
        for (name, pointer) in step["keep"].as_object().into_iter().flatten() {
            match body.pointer(pointer.as_str().unwrap_or_default()).and_then(Value::as_str) {
                Some(value) => drop(self.known.insert(name.clone(), value.to_owned())),
                None => complaints.push(format!("has no {pointer} to go on with")),
            }
        }
        complaints
    }

    fn filled(&self, template: &str) -> String {
        self.known
            .iter()
            .fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }
}

/// A list of Ana's with Ben on it.
async fn list_with(ana: &Person<'_>, ben: &Person<'_>) -> String {
    let list = text(&ana.post("/api/v1/lists", json!({ "title": "Square" })).await.ok(), "id");
    ana.post(&format!("/api/v1/lists/{list}/accounts"), json!({ "account_ids": [ben.id] })).await.ok();
    list
}
