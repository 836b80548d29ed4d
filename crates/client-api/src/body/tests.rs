//! Bodies as clients really send them, and as attackers do.

use http::Request as HttpRequest;
use serde::Deserialize;

use super::*;
use crate::page::PageParams;

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Form {
    status: Option<String>,
    sensitive: Option<bool>,
    media_ids: Vec<String>,
    poll: Option<Poll>,
    fields: Vec<Line>,
    #[serde(deserialize_with = "blank")]
    in_reply_to_id: Option<i64>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Poll {
    options: Vec<String>,
    multiple: bool,
    expires_in: Option<i64>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
struct Line {
    name: String,
    value: String,
}

fn request(kind: &str, query: &str, body: impl Into<Body>) -> Request {
    HttpRequest::builder()
        .method("POST")
        .uri(format!("/x?{query}"))
        .header("content-type", kind)
        .body(body.into())
        .expect("a request")
}

async fn form(kind: &str, query: &str, body: &str) -> Result<Form, ApiError> {
    Params::from_request(request(kind, query, body.to_owned()), &()).await.map(|Params(form)| form)
}

fn expected() -> Form {
    Form {
        status: Some("Hello, world".into()),
        sensitive: Some(true),
        media_ids: vec!["1".into(), "2".into()],
        poll: Some(Poll { options: vec!["a".into(), "b".into()], multiple: false, expires_in: Some(300) }),
        fields: vec![
            Line { name: "one".into(), value: "1".into() },
            Line { name: "two".into(), value: "2".into() },
        ],
        in_reply_to_id: None,
    }
}

const URLENCODED: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn forms_multipart_and_json_say_the_same() {
    let flat = "status=Hello%2C+world&sensitive=1&media_ids[]=1&media_ids[]=2&poll[options][]=a&poll[options][]=b\
                &poll[multiple]=false&poll[expires_in]=300&in_reply_to_id=\
                &fields[0][name]=one&fields[0][value]=1&fields[1][name]=two&fields[1][value]=2";
    assert_eq!(form(URLENCODED, "", flat).await.expect("readable"), expected());
    assert_eq!(form("text/plain", flat, "").await.expect("readable"), expected(), "as a query");
    let appended = flat.replace("fields[0]", "fields[]").replace("fields[1]", "fields[]");
    assert_eq!(form(URLENCODED, "", &appended).await.expect("readable"), expected());
    let json = r#"{"status":"Hello, world","sensitive":"1","media_ids":[1,"2"],"in_reply_to_id":null,
        "poll":{"options":["a","b"],"multiple":"0","expires_in":"300"},"fields":{"1":{"name":"two","value":2},"0":{"name":"one","value":"1"}}}"#;
    assert_eq!(form("application/json; charset=utf-8", "", json).await.expect("readable"), expected());
    let mut parts = String::new();
    for (key, value) in url::form_urlencoded::parse(flat.as_bytes()) {
        parts.push_str(&format!("--B\r\nContent-Disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n"));
    }
    parts.push_str("--B--\r\n");
    assert_eq!(form("multipart/form-data; boundary=B", "", &parts).await.expect("readable"), expected());
}

#[tokio::test]
async fn the_body_wins_over_the_query_and_a_single_value_is_a_list() {
    let read = form(URLENCODED, "status=query&media_ids=7", "status=body").await.expect("readable");
    assert_eq!((read.status.as_deref(), read.media_ids), (Some("body"), vec!["7".to_owned()]));
    assert_eq!(form("application/json", "", "").await.expect("an empty body"), Form::default());
}

#[tokio::test]
async fn j1_nonsense_is_unreadable_never_an_error_of_ours() {
    let deep = format!("{{\"poll\":{}1{}}}", "[".repeat(500), "]".repeat(500));
    let brackets = format!("a{}=1", "[b]".repeat(100));
    for (kind, body) in [
        ("application/json", "{"),
        ("application/json", "[]"),
        ("application/json", "null"),
        ("application/json", r#"{"sensitive":"perhaps"}"#),
        ("application/json", r#"{"status":{"a":1}}"#),
        ("application/json", r#"{"status":"\u0000"}"#),
        ("application/json", r#"{"status":"\ud800"}"#),
        ("application/json", r#"{"in_reply_to_id":1e400}"#),
        ("application/json", r#"{"in_reply_to_id":1.5}"#),
        ("application/json", r#"{"media_ids":{"a":1}}"#),
        ("application/json", deep.as_str()),
        (URLENCODED, "status=%00"),
        (URLENCODED, "poll=1&poll[options][]=a"),
        (URLENCODED, "poll[options]=1&poll[options][]=a"),
        (URLENCODED, "in_reply_to_id=99999999999999999999"),
        (URLENCODED, brackets.as_str()),
        ("multipart/form-data", ""),
        ("multipart/form-data; boundary=B", "--B\r\nnonsense"),
    ] {
        let read = form(kind, "", body).await;
        assert!(matches!(read, Err(ApiError::Unreadable(_))), "{kind} {body}: {read:?}");
    }
    assert!(form(URLENCODED, "", "a[b=1&[=2&]=3&[]=4&=5&%FF=%FE").await.is_ok(), "strange keys are ignored");
}

#[tokio::test]
async fn j3_thousands_of_parameters_are_refused() {
    let many = "media_ids[]=1&".repeat(1_001);
    assert!(matches!(form(URLENCODED, "", &many).await, Err(ApiError::Unreadable(_))));
}

#[tokio::test]
async fn bodies_that_are_too_large_are_refused_while_they_are_read() {
    let large = format!("status={}", "x".repeat(FORM_MAX));
    assert!(matches!(form(URLENCODED, "", &large).await, Err(ApiError::TooLarge)));
    let part = |n: usize| {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../x.svg\"\r\n\r\n{}\r\n--B--\r\n",
            "x".repeat(n)
        )
    };
    let kind = "multipart/form-data; boundary=B";
    assert!(matches!(form(kind, "", &part(FORM_MAX)).await, Err(ApiError::TooLarge)));
    let upload = |n| Upload::<Form>::from_request(request(kind, "", part(n)), &());
    let read = upload(FORM_MAX).await.expect("an upload may be larger");
    assert_eq!(read.files.get("file").map(Bytes::len), Some(FORM_MAX));
    assert!(matches!(upload(UPLOAD_MAX).await, Err(ApiError::TooLarge)));
}

#[tokio::test]
async fn the_parameters_of_a_page_are_read_from_a_query() {
    let read = |query: &'static str| async move {
        let request =
            HttpRequest::builder().uri(format!("/x?{query}")).body(Body::empty()).expect("a request");
        Params::<PageParams>::from_request(request, &()).await.map(|Params(p)| p.range(20, 40))
    };
    let range = read("max_id=9&limit=5&since_id=").await.expect("readable");
    assert_eq!((range.max, range.since, range.limit), (Some(9), None, 5));
    for bad in ["max_id=abc", "max_id=-1", "limit=many", "max_id[]=1&max_id[x]=2"] {
        assert!(matches!(read(bad).await, Err(ApiError::Unreadable(_))), "{bad}");
    }
}
