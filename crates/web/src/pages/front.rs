//! The front page of the town: a search, the latest public posts of the town and of its neighbours, people, and how to join. Practical things first (civic need 18).

use axum::extract::State;
use parvis_domain::rows::{Range, Scope};
use parvis_domain::timelines;
use parvis_domain::{Town, views};

use crate::cards::{PersonCard, PostCard};
use crate::frame::{Frame, Here, Preview};
use crate::page::{Answer, page};
use crate::visitor::Visitor;

const POSTS: i64 = 10;
const NEIGHBOURS: i64 = 5;
const PEOPLE: i64 = 8;

#[derive(askama::Template)]
#[template(path = "front/page.html")]
struct Front {
    frame: Frame,
    description: String,
    query: String,
    posts: Vec<PostCard>,
    /// What came from other towns.
    elsewhere: Vec<PostCard>,
    people: Vec<PersonCard>,
}

/// `GET /` for people. For machines, `/` is the instance actor (`federation`); `server` tells them apart.
///
/// # Errors
/// Internal.
pub async fn show(State(town): State<Town>, visitor: Visitor) -> Answer {
    let viewer = visitor.viewer();
    let (posts, elsewhere, people) = town
        .db()
        .read(move |c| {
            let posts = timelines::public(c, viewer, Scope::Local, false, Range::newest(POSTS))?;
            let elsewhere = timelines::public(c, viewer, Scope::Remote, false, Range::newest(NEIGHBOURS))?;
            Ok::<_, parvis_domain::Error>((posts, elsewhere, views::lately_active(c, PEOPLE)?))
        })
        .await?;
    let description = town.settings().town.description.clone();
    let mut frame = Frame::new(&visitor, "").at(Here::Square);
    frame.canonical = Some(town.urls().page("/"));
    frame.activity = Some(town.urls().instance_actor());
    frame.preview = Some(Preview {
        kind: "website",
        title: town.settings().town.name.clone(),
        description: description.clone(),
        ..Preview::default()
    });
    page(&Front {
        frame,
        description,
        query: String::new(),
        posts: PostCard::all(&posts, town.urls()),
        elsewhere: PostCard::all(&elsewhere, town.urls()),
        people: people.iter().map(|p| PersonCard::new(p, town.urls())).collect(),
    })
}
