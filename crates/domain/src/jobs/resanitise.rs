//! When the rules for others' HTML change, what was kept under older ones is cleaned again (threats X1): posts, their earlier versions, profiles.
//! A few rows per transaction, with the place kept, so that a restart goes on where it was. The town's own HTML is made by `text::compose`.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::account::ProfileField;
use parvis_store::upkeep;
use parvis_text::sanitise::{self, POLICY_VERSION};

use super::all_rows::{Step, advance};
use crate::error::{Error, Result};
use crate::{Town, Tx};

/// Rows of one transaction.
const AT_ONCE: i64 = 200;

/// Cleans again what older rules let through.
pub struct Resanitise;

#[async_trait]
impl Job<Town> for Resanitise {
    const KIND: &'static str = "text.resanitise";
    type Payload = ();

    async fn run((): (), town: &Town) -> std::result::Result<Next<()>, Problem> {
        const TASKS: [(&str, Step); 3] =
            [("sanitise posts", posts), ("sanitise edits", edits), ("sanitise profiles", profiles)];
        for (task, step) in TASKS {
            while town.db().write(move |tx| advance(tx, task, POLICY_VERSION, step)).await? {}
        }
        Ok(Next::Done)
    }
}

fn posts(tx: &mut Tx<'_>, after: i64) -> Result<Option<i64>> {
    let rows = upkeep::posts(tx, after, AT_ONCE)?;
    let last = rows.last().map(|(id, _)| id.0);
    // One statement for each row that changes: few do.
    for (id, html) in rows {
        let cleaned = sanitise::html(&html);
        if cleaned != html {
            upkeep::set_post(tx, id, &cleaned)?;
        }
    }
    Ok(last)
}

fn edits(tx: &mut Tx<'_>, after: i64) -> Result<Option<i64>> {
    let rows = upkeep::edits(tx, after, AT_ONCE)?;
    let last = rows.last().map(|(id, _)| *id);
    for (id, html) in rows {
        let cleaned = sanitise::html(&html);
        if cleaned != html {
            upkeep::set_edit(tx, id, &cleaned)?;
        }
    }
    Ok(last)
}

fn profiles(tx: &mut Tx<'_>, after: i64) -> Result<Option<i64>> {
    let rows = upkeep::people(tx, after, AT_ONCE)?;
    let last = rows.last().map(|(id, _, _)| id.0);
    for (id, bio, fields) in rows {
        let mut lines: Vec<ProfileField> = serde_json::from_str(&fields).unwrap_or_default();
        for line in &mut lines {
            line.value = sanitise::html(&line.value);
        }
        let cleaned = sanitise::html(&bio);
        let lines = serde_json::to_string(&lines).map_err(|e| Error::internal(e.to_string()))?;
        if cleaned != bio || lines != fields {
            upkeep::set_person(tx, id, &cleaned, &lines)?;
        }
    }
    Ok(last)
}
