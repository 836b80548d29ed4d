//! A profile: who somebody is and what they wrote; of a group, its charter, who looks after it, and what stands in it. People of other towns are shown from our copy, with their host and a link to the original.

use axum::extract::{Path, Query, State};
use parvis_domain::access::Viewer;
use parvis_domain::accounts::find;
use parvis_domain::rows::Range;
use parvis_domain::timelines::{self, Wanted};
use parvis_domain::views::{self, AccountView, StatusView};
use parvis_domain::{Conn, Error, Town, access, groups};
use parvis_model::handle::Address;
use parvis_model::ids::AccountId;
use parvis_text::sanitise::one_line;

use crate::cards::{PersonCard, PostCard};
use crate::frame::{Frame, Preview};
use crate::page::{Answer, page};
use crate::pages::timelines::{From, Pager};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// Characters of a description for others.
const DESCRIPTION_MAX: usize = 200;

#[derive(askama::Template)]
#[template(path = "people/profile.html")]
struct Profile {
    frame: Frame,
    person: PersonCard,
    posts: Vec<PostCard>,
    pager: Pager,
    with_replies: bool,
    /// The profile's address on its own server.
    elsewhere: Option<String>,
    host: String,
    /// Those who look after a group of this town.
    facilitators: Vec<PersonCard>,
    /// Whether the visitor is one of them.
    is_facilitator: bool,
}

/// `GET /@{user}`, where `user` may carry a host.
///
/// # Errors
/// `NotFound`.
pub async fn show(
    state: State<Town>,
    visitor: Visitor,
    Path(user): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    profile(state, visitor, user, from.range(), false).await
}

/// `GET /@{user}/with_replies`.
///
/// # Errors
/// `NotFound`.
pub async fn with_replies(
    state: State<Town>,
    visitor: Visitor,
    Path(user): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    profile(state, visitor, user, from.range(), true).await
}

struct Loaded {
    who: AccountView,
    pinned: Vec<StatusView>,
    posts: Vec<StatusView>,
    facilitators: Vec<AccountView>,
}

fn load(
    c: &mut Conn,
    viewer: Viewer,
    address: &Address,
    range: Range,
    with_replies: bool,
) -> Result<Loaded, Error> {
    let account = find::by_address(c, address)?.ok_or(Error::NotFound)?;
    access::account(c, account.id)?;
    let who = views::of_account(c, &account)?;
    if account.suspended_at.is_some() {
        return Ok(Loaded { who, pinned: Vec::new(), posts: Vec::new(), facilitators: Vec::new() });
    }
    let wanted = Wanted { exclude_replies: !with_replies, ..Wanted::default() };
    let posts = timelines::of_account(c, viewer, account.id, &wanted, range)?;
    let pinned = if range.max.is_none() && !with_replies {
        timelines::pinned(c, viewer, account.id)?
    } else {
        Vec::new()
    };
    let facilitators = if groups::is_group(&account) {
        let ids: Vec<AccountId> = groups::moderators(c, account.id)?.iter().map(|a| a.id).collect();
        views::of_accounts(c, &ids)?
    } else {
        Vec::new()
    };
    Ok(Loaded { who, pinned, posts, facilitators })
}

async fn profile(
    State(town): State<Town>,
    visitor: Visitor,
    user: String,
    range: Range,
    with_replies: bool,
) -> Answer {
    let address = Address::parse(&user, town.urls().domain()).ok_or(Trouble::NotFound)?;
    let viewer = visitor.viewer();
    let Loaded { who, pinned, posts, facilitators } =
        town.db().read(move |c| load(c, viewer, &address, range, with_replies)).await?;
    let person = PersonCard::new(&who, town.urls());
    let path = format!("{}{}", person.path, if with_replies { "/with_replies" } else { "" });
    let frame = frame(&visitor, &town, &who, &person);
    let mut cards = PostCard::all(&pinned, town.urls());
    for card in &mut cards {
        card.is_pinned = true;
    }
    cards.extend(PostCard::all(&posts, town.urls()));
    page(&Profile {
        frame,
        posts: cards,
        pager: Pager::new(&path, range, &posts),
        with_replies,
        elsewhere: (!person.is_local).then(|| who.account.url.clone()).filter(|u| u.starts_with("http")),
        host: who.account.host.clone(),
        is_facilitator: facilitators.iter().any(|one| Some(one.account.id) == viewer),
        facilitators: facilitators.iter().map(|one| PersonCard::new(one, town.urls())).collect(),
        person,
    })
}

fn frame(visitor: &Visitor, town: &Town, who: &AccountView, person: &PersonCard) -> Frame {
    let mut frame = Frame::new(visitor, format!("{} ({})", person.name, person.handle));
    frame.activity = Some(who.account.uri.clone());
    frame.is_hidden_from_search = !person.is_local || !who.account.is_discoverable || person.is_suspended;
    frame.canonical = Some(if person.is_local {
        town.urls().profile(&who.account.username)
    } else {
        who.account.url.clone()
    });
    frame.preview = Some(Preview {
        kind: "profile",
        title: frame.title.clone(),
        description: one_line(&person.about, DESCRIPTION_MAX),
        picture: person.avatar.picture.clone().map(|p| (p, person.name.clone())),
        published: None,
    });
    frame
}
