//! Writes down what tests were answered, for `cargo xtask conformance`: one JSON object a line, in a file of this process in the folder that
//! `PARVIS_TEST_RECORD` names. Without that variable nothing happens. The reader is `xtask/src/conformance/recording.rs`.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

/// An answer of a town: what was asked, and status, content type and body.
pub fn answer(method: &str, path: &str, status: u16, content_type: &str, body: &[u8]) {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    // Pictures have no shape.
    let body = match serde_json::from_slice(body) {
        Ok(json) => json,
        Err(_) if kind.starts_with("text/") => Value::String(String::from_utf8_lossy(body).into_owned()),
        Err(_) => Value::Null,
    };
    write(|| json!({ "method": method, "path": path, "status": status, "type": kind, "body": body }));
}

/// An event of the stream that was opened by GET on `path`, with its payload.
pub fn event(path: &str, event: &str, payload: &str) {
    let body = serde_json::from_str(payload).unwrap_or_else(|_| Value::String(payload.to_owned()));
    // An id looks like a number and is a text.
    let body = if body.is_number() { Value::String(payload.to_owned()) } else { body };
    write(
        || json!({ "method": "GET", "path": path, "status": 200, "type": "event", "event": event, "body": body }),
    );
}

/// A route that is served, by its template.
pub fn route(method: &str, template: &str) {
    write(|| json!({ "method": method, "route": template }));
}

fn write(line: impl FnOnce() -> Value) {
    let Some(folder) = std::env::var_os("PARVIS_TEST_RECORD").filter(|f| !f.is_empty()) else { return };
    let path = PathBuf::from(folder).join(format!("{}.jsonl", std::process::id()));
    let mut file =
        std::fs::OpenOptions::new().create(true).append(true).open(path).expect("a recording opens");
    // One write, so that lines of tests that run at the same time do not mix.
    file.write_all(format!("{}\n", line()).as_bytes()).expect("a recording is written");
}
