//! What the tests wrote down while they ran: one JSON object a line, in one file per process, either a route of ours or an answer. The other
//! end is `crates/client-api/src/tests/record.rs`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// An answer that a test was given.
#[derive(Debug)]
pub struct Answer {
    pub method: String,
    pub path: String,
    pub status: u64,
    /// The content type without parameters, or `event`.
    pub kind: String,
    /// The name of an event of a stream.
    pub event: String,
    /// JSON, or the text as a string.
    pub body: Value,
}

/// All of a run.
#[derive(Debug, Default)]
pub struct Recording {
    /// Method and template of each route in the table of the client API.
    pub routes: Vec<(String, String)>,
    pub answers: Vec<Answer>,
}

/// Reads every file of the folder.
pub fn read(folder: &Path) -> Result<Recording> {
    let mut recording = Recording::default();
    let files =
        std::fs::read_dir(folder).with_context(|| format!("nothing is recorded in {}", folder.display()))?;
    for file in files {
        let path = file?.path();
        let text = std::fs::read_to_string(&path)?;
        for line in text.lines() {
            let line = serde_json::from_str(line).with_context(|| format!("{}: `{line}`", path.display()))?;
            recording.take(&line);
        }
    }
    if recording.answers.is_empty() || recording.routes.is_empty() {
        bail!("the tests recorded nothing in {}", folder.display());
    }
    Ok(recording)
}

impl Recording {
    fn take(&mut self, line: &Value) {
        let text = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(template) = line.get("route").and_then(Value::as_str) {
            self.routes.push((text("method"), template.to_owned()));
            return;
        }
        self.answers.push(Answer {
            method: text("method"),
            path: text("path"),
            status: line.get("status").and_then(Value::as_u64).unwrap_or_default(),
            kind: text("type"),
            event: text("event"),
            body: line.get("body").cloned().unwrap_or_default(),
        });
    }
}
