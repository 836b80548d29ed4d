//! One's own lists as files: taking them along and bringing them here. The files and what is done with them are `domain::imports`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use parvis_domain::imports::{self, Kind, Standing, export};
use parvis_domain::{Error, Town};
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;

use crate::forms::Uploaded;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::redirects;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// A list that can be taken along or brought.
struct List {
    kind: &'static str,
    name: String,
    file: &'static str,
    length: i64,
}

/// A file that was brought.
struct Brought {
    name: String,
    at: Moment,
    /// What became of it, in a sentence.
    result: String,
    /// What could not be done.
    failed: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "settings/data.html")]
struct Data {
    frame: Frame,
    lists: Vec<List>,
    brought: Vec<Brought>,
    problem: Option<String>,
}

const fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Following => "data-following",
        Kind::Blocking => "data-blocking",
        Kind::Muting => "data-muting",
        Kind::Domains => "data-domains",
        Kind::Bookmarks => "data-bookmarks",
        Kind::Lists => "data-lists",
    }
}

async fn shown(town: &Town, visitor: &Visitor, problem: Option<Refusal>) -> Result<Data, Trouble> {
    let me = visitor.signed_in()?.id;
    let (counts, standings) = town
        .db()
        .read(move |c| {
            let mut standings = Vec::new();
            for standing in imports::list(c, me)? {
                let failed = if standing.failed > 0 {
                    imports::failures(c, me, standing.import.id)?
                } else {
                    Vec::new()
                };
                standings.push((standing, failed));
            }
            Ok::<_, Error>((export::counts(c, me)?, standings))
        })
        .await?;
    let frame = Frame::titled(visitor, "data-title").hidden_from_search();
    let list = |(kind, length): (Kind, i64)| List {
        kind: kind.as_str(),
        name: frame.say(key(kind)),
        file: kind.file_name(),
        length,
    };
    Ok(Data {
        lists: Kind::ALL.into_iter().zip(counts).map(list).collect(),
        brought: standings.into_iter().map(|(standing, failed)| brought(&frame, &standing, failed)).collect(),
        problem: problem.map(|r| frame.say(r.key())),
        frame,
    })
}

fn brought(frame: &Frame, standing: &Standing, failed: Vec<String>) -> Brought {
    let all = (standing.waiting + standing.done + standing.failed).to_string();
    let done = standing.done.to_string();
    let key = if standing.import.finished_at.is_some() { "data-finished" } else { "data-under-way" };
    Brought {
        name: frame.say(self::key(standing.kind)),
        at: standing.import.created_at,
        result: frame.say_with_two(key, &("done", done.as_str()), &("all", all.as_str())),
        failed,
    }
}

/// `GET /settings/data`.
///
/// # Errors
/// To the sign-in page.
pub async fn show(State(town): State<Town>, visitor: Visitor) -> Answer {
    page(&shown(&town, &visitor, None).await?)
}

/// `GET /settings/data/{file}`: a list as Mastodon writes it.
///
/// # Errors
/// To the sign-in page; `NotFound`.
pub async fn download(State(town): State<Town>, visitor: Visitor, Path(file): Path<String>) -> Answer {
    let me = visitor.signed_in()?.id;
    let kind = Kind::ALL.into_iter().find(|k| k.file_name() == file).ok_or(Trouble::NotFound)?;
    let text = export::file(&town, me, kind).await?;
    let name = format!("attachment; filename=\"{}\"", kind.file_name());
    let name = HeaderValue::from_str(&name).map_err(|_| Trouble::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok::<Response, Trouble>((headers, text).into_response())
}

/// `POST /settings/data`: `kind`, `mode` (`merge` or `overwrite`) and the `file`.
///
/// # Errors
/// To the sign-in page; `TooLarge`. What is wrong with the file is said on the form.
pub async fn upload(State(town): State<Town>, visitor: Visitor, uploaded: Uploaded) -> Answer {
    let me = visitor.signed_in()?.id;
    let kind = Kind::parse(uploaded.sent.text("kind")).ok_or(Trouble::BadRequest)?;
    let is_overwriting = match uploaded.sent.text("mode") {
        "merge" => false,
        "overwrite" => true,
        _ => return Err(Trouble::BadRequest),
    };
    let file = uploaded.file;
    let begun =
        town.db().write(move |tx| imports::begin(tx, me, kind, is_overwriting, &file).map(|_| ())).await;
    let refusal = match begun {
        Ok(()) => return Ok(redirects::to(Some("/settings/data"))),
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::Invalid(problems)) => problems.first().map_or(Refusal::FileUnreadable, |p| p.refusal),
        Err(error) => return Err(error.into()),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&town, &visitor, Some(refusal)).await?)
}
