//! Coming by things of other servers, from small servers on loopback that say what a test wants (real sockets, no real peers).

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{StatusCode, Uri};
use parvis_domain::actors;
use parvis_domain::outside::{Found, Remote as _};
use parvis_domain::testing::Town;
use parvis_model::handle::Address;
use parvis_model::ids::AccountId;
use parvis_model::time::DAY;
use serde_json::{Value, json};
use url::Url;

use super::Federation;
use crate::client::{self, Client, Limits};
use crate::world::{builder, key};

const TYPE: &str = "application/activity+json; charset=utf-8";

/// Status, type, body.
type Said = (u16, &'static str, String);

/// A server elsewhere: path and query → status, type, body. It counts what it was asked.
#[derive(Clone, Default)]
pub(crate) struct Elsewhere {
    answers: Arc<Mutex<HashMap<String, Said>>>,
    asked: Arc<AtomicUsize>,
    host: String,
}

async fn answer(State(there): State<Elsewhere>, uri: Uri) -> Response {
    there.asked.fetch_add(1, Ordering::SeqCst);
    let path = uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let found = there.answers.lock().unwrap().get(&path).cloned();
    let Some((status, kind, body)) = found else { return StatusCode::NOT_FOUND.into_response() };
    (StatusCode::from_u16(status).unwrap(), [(CONTENT_TYPE, kind)], body).into_response()
}

impl Elsewhere {
    /// `name` is a label before `.localhost`.
    pub(crate) async fn start(name: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("{name}.localhost:{}", listener.local_addr().unwrap().port());
        let there = Self { host, ..Self::default() };
        let app = Router::new().fallback(answer).with_state(there.clone());
        let tracker = tokio_util::task::TaskTracker::new();
        tracker.spawn(async move { axum::serve(listener, app).await });
        there
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    pub(crate) fn says(&self, path: &str, body: &Value) {
        self.answers_with(path, 200, TYPE, &body.to_string());
    }

    pub(crate) fn answers_with(&self, path: &str, status: u16, kind: &'static str, body: &str) {
        self.answers.lock().unwrap().insert(path.to_owned(), (status, kind, body.to_owned()));
    }

    /// A WebFinger answer about `username@of`, given by this server.
    fn fingers(&self, username: &str, of: &str, subject: &str, actor: &str) {
        let asked = format!("acct:{username}@{of}").replace(':', "%3A").replace('@', "%40");
        let jrd = json!({
            "subject": subject,
            "links": [{ "rel": "self", "type": "application/activity+json", "href": actor }],
        });
        let path = format!("/.well-known/webfinger?resource={asked}");
        self.answers_with(&path, 200, "application/jrd+json", &jrd.to_string());
    }

    /// An actor of this server, with its WebFinger.
    pub(crate) fn has(&self, name: &str) -> String {
        let id = self.url(&format!("/users/{name}"));
        self.says(&format!("/users/{name}"), &self.document(name, &id));
        self.fingers(name, &self.host, &format!("acct:{name}@{}", self.host), &id);
        id
    }

    pub(crate) fn document(&self, name: &str, id: &str) -> Value {
        let pem = parvis_domain::keys::public_pem(key().public().spki_der());
        json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": name,
            "name": name, "inbox": format!("{id}/inbox"), "followers": format!("{id}/followers"),
            "publicKey": { "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": pem },
        })
    }

    pub(crate) fn note(&self, path: &str, author: &str, parent: Option<&str>) -> Value {
        json!({
            "id": self.url(path), "type": "Note", "attributedTo": author, "content": format!("<p>{path}</p>"),
            "to": ["https://www.w3.org/ns/activitystreams#Public"], "inReplyTo": parent,
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A town that may speak to loopback over http.
pub(crate) async fn town() -> (Town, Federation) {
    let town = builder().domain("town.localhost:9").build().await;
    let settings = client::Settings {
        allow_loopback: true,
        allowed_private_addresses: Vec::new(),
        extra_ca_file: None,
        allow_http: true,
        domain: town.urls().domain().to_owned(),
        scheme: "http".to_owned(),
        version: "test".to_owned(),
        limits: Limits::default(),
    };
    let client = Client::new(&settings, town.clock.clone()).unwrap();
    let federation = Federation::connect(&town.handle(), client).await.unwrap();
    (town, federation)
}

async fn find(federation: &Federation, address: &str) -> Option<AccountId> {
    let address = Address::parse(address, federation.town().urls().domain()).unwrap();
    federation.account_by_address(&address).await.unwrap()
}

async fn acct(town: &Town, id: AccountId) -> String {
    town.read(move |c| actors::by_id(c, id)).await.unwrap().acct()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[tokio::test]
async fn an_address_leads_to_an_actor_and_asking_again_asks_nobody_for_the_document() {
    let (town, federation) = town().await;
    let away = Elsewhere::start("away").await;
    away.has("bea");
    let id = find(&federation, &format!("@bea@{}", away.host)).await.unwrap();
    assert_eq!(acct(&town, id).await, format!("bea@{}", away.host));
    let before = away.count();
    assert_eq!(find(&federation, &format!("bea@{}", away.host)).await, Some(id));
    assert_eq!(away.count(), before + 1, "WebFinger only");
}

#[tokio::test]
async fn o11_a_host_cannot_name_somebody_of_another_host_nor_one_of_ours() {
    let (town, federation) = town().await;
    town.resident("ana").await;
    let (away, evil) = (Elsewhere::start("away").await, Elsewhere::start("evil").await);
    let bea = away.has("bea");
    // Evil says that its "bea" is the actor on away: away does not agree.
    evil.fingers("bea", &evil.host, &format!("acct:bea@{}", evil.host), &bea);
    assert_eq!(find(&federation, &format!("bea@{}", evil.host)).await, None);
    // Evil says that its address is really one of away's, but means its own actor.
    let own = evil.has("eve");
    evil.fingers("bob", &evil.host, &format!("acct:bea@{}", away.host), &own);
    assert_eq!(find(&federation, &format!("bob@{}", evil.host)).await, None);
    // Evil speaks of us.
    evil.fingers("ana", &evil.host, "acct:ana@town.localhost:9", &own);
    assert_eq!(find(&federation, &format!("ana@{}", evil.host)).await, None);
    evil.fingers("ann", &evil.host, &format!("acct:ann@{}", evil.host), &town.urls().actor("ana"));
    assert_eq!(find(&federation, &format!("ann@{}", evil.host)).await, None);
    // The true one is untouched.
    let id = find(&federation, &format!("bea@{}", away.host)).await.unwrap();
    assert_eq!(acct(&town, id).await, format!("bea@{}", away.host));
}

#[tokio::test]
async fn o11_a_handle_may_be_on_a_shorter_host_when_both_hosts_say_so() {
    let (town, federation) = town().await;
    let (short, social) = (Elsewhere::start("short").await, Elsewhere::start("social").await);
    let bea = social.has("bea");
    let subject = format!("acct:bea@{}", short.host);
    short.fingers("bea", &short.host, &subject, &bea);
    social.fingers("bea", &social.host, &subject, &bea);
    let id = find(&federation, &format!("bea@{}", short.host)).await.unwrap();
    assert_eq!(acct(&town, id).await, format!("bea@{}", short.host));
}

#[tokio::test]
async fn o1_o2_o3_documents_of_another_id_origin_or_type_are_not_believed() {
    let (town, federation) = town().await;
    let (away, evil) = (Elsewhere::start("away").await, Elsewhere::start("evil").await);
    let bea = away.has("bea");
    // Evil serves a document that claims Bea's id.
    let mut claimed = evil.document("bea", &bea);
    claimed["name"] = json!("not bea");
    evil.says("/users/bea", &claimed);
    // An upload on away's host, with another type, and one under another id of the same host.
    let upload = away.url("/media/upload.json");
    away.answers_with(
        "/media/upload.json",
        200,
        "application/json",
        &away.document("eve", &upload).to_string(),
    );
    away.says("/media/eve", &away.document("eve", &away.url("/media/not-there")));
    for bad in [evil.url("/users/bea"), upload, away.url("/media/eve")] {
        assert_eq!(federation.by_url(&bad).await.unwrap(), None, "{bad}");
    }
    assert!(town.read(move |c| actors::by_uri(c, &bea)).await.is_none());
}

#[tokio::test]
async fn a_url_leads_to_a_post_with_its_author_and_its_thread_comes_in_a_job() {
    let (town, federation) = town().await;
    let away = Elsewhere::start("away").await;
    let bea = away.has("bea");
    for n in 1..=5 {
        let parent = away.url(&format!("/notes/{}", n - 1));
        away.says(
            &format!("/notes/{n}"),
            &away.note(&format!("/notes/{n}"), &bea, (n > 1).then_some(&parent)),
        );
    }
    let Some(Found::Status(id)) = federation.by_url(&away.url("/notes/5")).await.unwrap() else {
        panic!("a post was expected")
    };
    assert!(town.read(move |c| actors::post(c, id)).await.unwrap().in_reply_to_id.is_none());
    federation.thread_above(&away.url("/notes/4")).await.unwrap();
    let (last, first) = (town.read(move |c| actors::post(c, id)).await.unwrap(), away.url("/notes/1"));
    let first = town.read(move |c| actors::post_by_uri(c, &first)).await.unwrap();
    assert_eq!(last.thread_id, first.thread_id);
    assert!(last.in_reply_to_id.is_some());
}

#[tokio::test]
async fn f10_a_thread_without_end_is_fetched_to_its_budget_only() {
    let (_town, federation) = town().await;
    let away = Elsewhere::start("away").await;
    let bea = away.has("bea");
    for n in 0..60 {
        let parent = away.url(&format!("/notes/{}", n + 1));
        away.says(&format!("/notes/{n}"), &away.note(&format!("/notes/{n}"), &bea, Some(&parent)));
    }
    federation.thread_above(&away.url("/notes/0")).await.unwrap();
    assert!(away.count() <= usize::try_from(super::FETCHES).unwrap(), "{}", away.count());
    let sources = away.count();
    // A post that answers itself ends too.
    let own = away.url("/notes/circle");
    away.says("/notes/circle", &away.note("/notes/circle", &bea, Some(&own)));
    federation.thread_above(&own).await.unwrap();
    assert!(away.count() <= sources + 2);
}

#[tokio::test]
async fn s10_f11_many_who_ask_for_one_actor_cause_one_fetch_and_a_failure_is_remembered() {
    let (_town, federation) = town().await;
    let away = Elsewhere::start("away").await;
    let bea = url(&away.has("bea"));
    let data = federation.data();
    let asked = (0..20).map(|_| federation.actor(&bea, &data));
    let found = futures_util::future::join_all(asked).await;
    assert!(found.iter().all(Result::is_ok));
    assert!(away.count() <= 2, "one document and one WebFinger: {}", away.count());
    let missing = url(&away.url("/users/nobody"));
    let before = away.count();
    for _ in 0..5 {
        assert!(federation.actor(&missing, &federation.data()).await.is_err());
    }
    assert_eq!(away.count(), before + 1);
}

#[tokio::test]
async fn new_keys_are_fetched_and_an_actor_that_is_gone_is_marked() {
    let (town, federation) = town().await;
    let away = Elsewhere::start("away").await;
    let id = away.has("bea");
    let account = federation.actor(&url(&id), &federation.data()).await.unwrap();
    let mut document = away.document("bea", &id);
    document["publicKey"]["id"] = json!(format!("{id}#second-key"));
    away.says("/users/bea", &document);
    federation.actor_anew(&url(&id)).await.unwrap();
    let account_id = account.id;
    let keys = town.read(move |c| actors::keys_of(c, account_id)).await;
    assert_eq!(keys.iter().map(|k| k.uri.clone()).collect::<Vec<_>>(), [format!("{id}#second-key")]);
    away.answers_with("/users/bea", 410, TYPE, "");
    town.clock.advance(2 * DAY);
    federation.refresh_stale().await.unwrap();
    assert!(town.read(move |c| actors::by_id(c, account_id)).await.unwrap().gone_at.is_some());
}

#[tokio::test]
async fn o14_nothing_is_fetched_from_a_blocked_server() {
    let (town, federation) = town().await;
    let away = Elsewhere::start("away").await;
    let bea = away.has("bea");
    let host = away.host.clone();
    town.write(move |tx| {
        parvis_domain::policy::block(tx, &host, parvis_domain::policy::Severity::Suspend, false, "")
    })
    .await;
    assert_eq!(find(&federation, &format!("bea@{}", away.host)).await, None);
    assert_eq!(federation.by_url(&bea).await.unwrap(), None);
    assert!(federation.actor(&url(&bea), &federation.data()).await.is_err());
    assert_eq!(away.count(), 0);
}

#[tokio::test]
async fn o6_what_is_ours_is_never_asked_for_nor_overwritten() {
    let (town, federation) = town().await;
    let ana = town.resident("ana").await;
    let uri = town.urls().actor("ana");
    assert_eq!(federation.by_url(&uri).await.unwrap(), Some(Found::Account(ana)));
    assert_eq!(federation.by_url(&town.urls().actor("nobody")).await.unwrap(), None);
    assert!(federation.actor(&url(&town.urls().actor("nobody")), &federation.data()).await.is_err());
    // A redirect from elsewhere to us changes nothing either; and the use case refuses our ids.
    let away = Elsewhere::start("away").await;
    let mut ours = away.document("ana", &uri);
    ours["name"] = json!("evil");
    away.says("/users/ana", &ours);
    assert_eq!(federation.by_url(&away.url("/users/ana")).await.unwrap(), None);
    let row = town.read(move |c| actors::by_id(c, ana)).await.unwrap();
    assert_eq!(row.display_name, "");
}

#[tokio::test]
async fn f1_previews_come_through_the_guarded_client_with_its_limits() {
    let (_town, federation) = town().await;
    let there = Elsewhere::start("news").await;
    there.answers_with("/page", 200, "text/html; charset=iso-8859-1", "<title>t</title>");
    let page = federation.page(&there.url("/page")).await.unwrap();
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=iso-8859-1"));
    assert_eq!((page.url, page.bytes), (there.url("/page"), b"<title>t</title>".to_vec()));
    // F9: a page without measure, and what is no page.
    there.answers_with("/long", 200, "text/html", &"x".repeat(2 * 1024 * 1024));
    there.answers_with("/json", 200, "application/json", "{}");
    there.answers_with("/none", 404, "text/html", "<title>t</title>");
    for path in ["/long", "/json", "/none"] {
        assert!(federation.page(&there.url(path)).await.is_err(), "{path}");
    }
    for bad in ["ftp://news.localhost/", "file:///etc/passwd", "http://user:word@news.localhost/", "nonsense"]
    {
        assert!(federation.page(bad).await.is_err(), "{bad}");
    }
    // A strict town asks nobody inside, neither for pages nor for their pictures (F2, F4).
    let strict = builder().build().await;
    let strict = crate::world::fetcher(&strict).await;
    let before = there.count();
    for inside in
        [there.url("/page"), "https://169.254.169.254/latest".to_owned(), "https://[::1]/".to_owned()]
    {
        assert!(strict.page(&inside).await.is_err(), "{inside}");
        assert!(strict.picture(&inside, 1_000).await.is_err(), "{inside}");
    }
    assert_eq!(there.count(), before);
}

#[tokio::test]
async fn o1_a_quote_is_believed_when_the_quoted_authors_own_server_says_so_of_these_two_posts() {
    let (town, federation) = town().await;
    let (away, other, evil) =
        (Elsewhere::start("away").await, Elsewhere::start("other").await, Elsewhere::start("evil").await);
    let (bea, bob) = (away.has("bea"), other.has("bob"));
    let quoted = away.url("/notes/1");
    away.says("/notes/1", &away.note("/notes/1", &bea, None));
    let stamp = |there: &Elsewhere, path: &str, author: &str, quoting: &str| {
        there.says(
            path,
            &json!({
                "id": there.url(path), "type": "QuoteAuthorization", "attributedTo": author,
                "interactingObject": quoting, "interactionTarget": quoted,
            }),
        );
        there.url(path)
    };
    let quoting = |n: u8| other.url(&format!("/notes/{n}"));
    let stamps = [
        stamp(&away, "/stamps/1", &bea, &quoting(1)),
        // For another post, by somebody else, from somewhere else, and one that is not there.
        stamp(&away, "/stamps/2", &bea, &quoting(1)),
        stamp(&away, "/stamps/3", &bob, &quoting(3)),
        stamp(&evil, "/stamps/4", &bea, &quoting(4)),
        away.url("/stamps/5"),
    ];
    let mut states = Vec::new();
    for (n, authorization) in (1_u8..).zip(&stamps) {
        let path = format!("/notes/{n}");
        let mut note = other.note(&path, &bob, None);
        note["quote"] = json!(quoted);
        note["quoteAuthorization"] = json!(authorization);
        other.says(&path, &note);
        let Some(Found::Status(id)) = federation.by_url(&quoting(n)).await.unwrap() else { panic!("{n}") };
        town.clock.advance(parvis_model::time::MINUTE);
        town.run_jobs().await;
        states.push(town.read(move |c| parvis_domain::quotes::of_quoting(c, id)).await.unwrap().state());
    }
    use parvis_model::quote::QuoteState::{Accepted, Pending};
    assert_eq!(states, [Accepted, Pending, Pending, Pending, Pending]);
    assert_eq!(evil.count(), 0, "nobody else is asked");
}

#[tokio::test]
async fn a_poll_is_read_again_for_its_numbers_and_is_no_other_post() {
    let (town, federation) = town().await;
    let there = Elsewhere::start("away").await;
    let bea = there.has("bea");
    let question = |id: &str, votes: u32| {
        let option = |name: &str| json!({ "type": "Note", "name": name, "replies": { "type": "Collection", "totalItems": votes } });
        let mut question = there.note(id, &bea, None);
        question["type"] = json!("Question");
        question["oneOf"] = json!([option("Friday"), option("Saturday")]);
        question
    };
    there.says("/notes/q", &question("/notes/q", 1));
    let uri = there.url("/notes/q");
    let Some(Found::Status(id)) = federation.by_url(&uri).await.unwrap() else { panic!("no post") };
    let votes = async || {
        let view = town.read(move |c| parvis_domain::views::of_status(c, None, id)).await.unwrap();
        assert!(view.status.edited_at.is_none());
        view.poll.unwrap().votes
    };
    assert_eq!(votes().await, 2);
    there.says("/notes/q", &question("/notes/q", 5));
    federation.poll_anew(&uri).await.unwrap();
    assert_eq!(votes().await, 10);
    there.says("/notes/q", &question("/notes/other", 9));
    federation.poll_anew(&uri).await.unwrap();
    there.answers_with("/notes/q", 404, TYPE, "");
    federation.poll_anew(&uri).await.unwrap();
    assert_eq!(votes().await, 10);
}
