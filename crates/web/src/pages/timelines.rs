//! Public timelines: of the town, of everybody the town knows, of a hashtag. Chronological, without any ranking (civic need 16). The home timeline is
//! for client programs (`client-api`).

use axum::extract::{Path, Query, State};
use parvis_domain::Town;
use parvis_domain::rows::{Range, Scope};
use parvis_domain::timelines::{self, Tags};
use parvis_domain::views::StatusView;

use crate::cards::PostCard;
use crate::frame::{Frame, Here};
use crate::page::{Answer, page};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// Posts of a page.
pub const PAGE: i64 = 20;

/// Where a list begins: `?max_id=`.
#[derive(Debug, Default, serde::Deserialize)]
pub struct From {
    max_id: Option<String>,
}

impl From {
    /// The range; an id that is none begins at the newest.
    #[must_use]
    pub fn range(&self) -> Range {
        let max = self
            .max_id
            .as_deref()
            .and_then(|id| id.parse::<parvis_model::ids::StatusId>().ok())
            .map(|id| id.0);
        Range { max, ..Range::newest(PAGE) }
    }
}

/// The links below a list.
#[derive(Debug, Default)]
pub struct Pager {
    /// Back to the newest.
    pub first: Option<String>,
    /// The next page.
    pub older: Option<String>,
}

impl Pager {
    /// For a list at `path` (already encoded). A full page has another one behind it.
    #[must_use]
    pub fn new(path: &str, range: Range, posts: &[StatusView]) -> Self {
        let is_full = i64::try_from(posts.len()).is_ok_and(|n| n >= range.limit);
        Self {
            first: range.max.map(|_| path.to_owned()),
            older: posts.last().filter(|_| is_full).map(|p| format!("{path}?max_id={}", p.status.id)),
        }
    }
}

#[derive(askama::Template)]
#[template(path = "timelines/page.html")]
struct Timeline {
    frame: Frame,
    title: String,
    explanation: String,
    posts: Vec<PostCard>,
    pager: Pager,
}

/// `GET /public/local`.
///
/// # Errors
/// Internal.
pub async fn local(state: State<Town>, visitor: Visitor, from: Query<From>) -> Answer {
    let frame = Frame::titled(&visitor, "nav-local").at(Here::Local);
    let explanation = frame.say_with("timeline-local-text", "town", frame.town());
    public(state, visitor, from, Scope::Local, frame, explanation, "/public/local").await
}

/// `GET /public`.
///
/// # Errors
/// Internal.
pub async fn wide(state: State<Town>, visitor: Visitor, from: Query<From>) -> Answer {
    let frame = Frame::titled(&visitor, "nav-wide").at(Here::Wide).hidden_from_search();
    let explanation = frame.say("timeline-wide-text");
    public(state, visitor, from, Scope::Federated, frame, explanation, "/public").await
}

async fn public(
    State(town): State<Town>,
    visitor: Visitor,
    Query(from): Query<From>,
    scope: Scope,
    mut frame: Frame,
    explanation: String,
    path: &'static str,
) -> Answer {
    let (viewer, range) = (visitor.viewer(), from.range());
    let posts = town.db().read(move |c| timelines::public(c, viewer, scope, false, range)).await?;
    frame.canonical = Some(town.urls().page(path));
    page(&Timeline {
        title: frame.title.clone(),
        frame,
        explanation,
        pager: Pager::new(path, range, &posts),
        posts: PostCard::all(&posts, town.urls()),
    })
}

/// `GET /tags/{name}`. A name that no post carries gives an empty page: somebody may be about to write the first.
///
/// # Errors
/// `NotFound` when the name is none.
pub async fn tag(
    State(town): State<Town>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    let key = parvis_text::hashtag_name(&name).ok_or(Trouble::NotFound)?;
    let (viewer, range) = (visitor.viewer(), from.range());
    let wanted = Tags { any: vec![key.clone()], ..Tags::default() };
    let posts = town
        .db()
        .read(move |c| timelines::tagged(c, viewer, &wanted, Scope::Federated, false, range))
        .await?;
    let path =
        format!("/tags/{}", percent_encoding::utf8_percent_encode(&key, percent_encoding::NON_ALPHANUMERIC));
    let title = format!("#{name}");
    let mut frame = Frame::new(&visitor, title.clone());
    frame.canonical = Some(town.urls().page(&path));
    page(&Timeline {
        explanation: frame.say("timeline-tag-text"),
        frame,
        title,
        pager: Pager::new(&path, range, &posts),
        posts: PostCard::all(&posts, town.urls()),
    })
}
