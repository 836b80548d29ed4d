//! The page of those who look after a group: what stands there, with what can be done about it, who is kept out, who shares the office. Whether
//! somebody may is decided in `domain::facilitation`.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse as _;
use http::StatusCode;
use parvis_domain::accounts::find;
use parvis_domain::facilitation::{self, desk::Desk};
use parvis_domain::staff::By;
use parvis_domain::{Error, Town, Tx, groups};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;

use crate::cards::{PersonCard, PostCard};
use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::timelines::From;
use crate::redirects;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// How a post stands there.
struct Standing {
    id: StatusId,
    author: AccountId,
    begins_thread: bool,
    is_locked: bool,
    is_pinned: bool,
    is_removed: bool,
    reason: String,
}

#[derive(askama::Template)]
#[template(path = "people/facilitate.html")]
struct Facilitate {
    frame: Frame,
    group: PersonCard,
    action: String,
    posts: Vec<(PostCard, Standing)>,
    next: Option<StatusId>,
    facilitators: Vec<(AccountId, PersonCard)>,
    /// Who is kept out, and why.
    banned: Vec<(AccountId, PersonCard, String)>,
    problem: Option<String>,
}

/// `GET /@{user}/facilitate`.
///
/// # Errors
/// To the sign-in page; `NotFound`; `Forbidden(NotModerator)`.
pub async fn show(
    State(town): State<Town>,
    visitor: Visitor,
    Path(user): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    page(&shown(&town, &visitor, &user, &from, None).await?)
}

async fn group(town: &Town, user: &str) -> Result<AccountId, Trouble> {
    let user = user.to_owned();
    let found = town.db().read(move |c| find::local(c, &user)).await?;
    if groups::is_group(&found) { Ok(found.id) } else { Err(Trouble::NotFound) }
}

async fn shown(
    town: &Town,
    visitor: &Visitor,
    user: &str,
    from: &From,
    problem: Option<Refusal>,
) -> Result<Facilitate, Trouble> {
    let (me, group) = (visitor.signed_in()?.id, group(town, user).await?);
    let range = from.range();
    let desk = town.db().read(move |c| facilitation::desk::desk(c, By::Account(me), group, range)).await?;
    let Desk { group, posts, next, moderators, bans } = desk;
    let urls = town.urls();
    let group = PersonCard::new(&group, urls);
    let title = visitor_title(visitor, &group);
    let views: Vec<_> = posts.iter().map(|one| one.post.clone()).collect();
    let standing = posts.into_iter().map(|one| Standing {
        id: one.place.status_id,
        author: one.post.author.account.id,
        begins_thread: groups::begins_thread(&one.place),
        is_locked: one.place.locked_at.is_some(),
        is_pinned: one.is_pinned,
        is_removed: one.place.removed_at.is_some(),
        reason: one.place.reason,
    });
    Ok(Facilitate {
        action: format!("{}/facilitate", group.path),
        posts: PostCard::all(&views, urls).into_iter().zip(standing).collect(),
        next,
        facilitators: moderators.iter().map(|one| (one.account.id, PersonCard::new(one, urls))).collect(),
        banned: bans
            .into_iter()
            .map(|(ban, view)| (ban.account_id, PersonCard::new(&view, urls), ban.reason))
            .collect(),
        problem: problem.map(|refusal| title.say(refusal.key())),
        frame: title.hidden_from_search(),
        group,
    })
}

fn visitor_title(visitor: &Visitor, group: &PersonCard) -> Frame {
    let plain = Frame::titled(visitor, "facilitate-title");
    let title = plain.say_with("facilitate-of", "name", group.name.as_str());
    Frame::new(visitor, title)
}

/// `POST /@{user}/facilitate`: `deed`, and what it is about: `post`, `account`, or `who` as an address; `reason`.
///
/// # Errors
/// To the sign-in page; `NotFound`. What is wrong is said on the page.
pub async fn decide(
    State(town): State<Town>,
    visitor: Visitor,
    Path(user): Path<String>,
    sent: Sent,
) -> Answer {
    let (me, group) = (visitor.signed_in()?.id, group(&town, &user).await?);
    let outcome = match read(&town, &sent).await {
        Ok(deed) => town.db().write(move |tx| apply(tx, By::Account(me), group, &deed)).await,
        Err(error) => Err(error),
    };
    let refusal = match outcome {
        Ok(()) => {
            let path = format!("/@{}/facilitate", user.to_lowercase());
            return Ok(redirects::to(Some(&path)).into_response());
        }
        Err(Error::Forbidden(Refusal::NotModerator)) => {
            return Err(Trouble::Forbidden(Refusal::NotModerator));
        }
        Err(Error::Refused(refusal) | Error::Forbidden(refusal)) => refusal,
        Err(Error::NotFound) => Refusal::AccountGone,
        Err(error) => return Err(error.into()),
    };
    let form = shown(&town, &visitor, &user, &From::default(), Some(refusal)).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
}

/// What a form asks for.
enum Deed {
    Remove(StatusId, String),
    Lock(StatusId, bool),
    Pin(StatusId, bool),
    Ban(AccountId, String),
    Unban(AccountId),
    Appoint(AccountId),
    Dismiss(AccountId),
}

async fn read(town: &Town, sent: &Sent) -> Result<Deed, Error> {
    let post = || sent.text("post").parse::<StatusId>().map_err(|_| Error::NotFound);
    let account = || sent.text("account").parse::<AccountId>().map_err(|_| Error::NotFound);
    let reason = sent.text("reason").to_owned();
    Ok(match sent.text("deed") {
        "remove" => Deed::Remove(post()?, reason),
        "lock" => Deed::Lock(post()?, true),
        "unlock" => Deed::Lock(post()?, false),
        "pin" => Deed::Pin(post()?, true),
        "unpin" => Deed::Pin(post()?, false),
        "ban" => Deed::Ban(account()?, reason),
        "unban" => Deed::Unban(account()?),
        "appoint" => Deed::Appoint(facilitation::whom(town, sent.text("who")).await?),
        "dismiss" => Deed::Dismiss(account()?),
        _ => return Err(Error::NotFound),
    })
}

fn apply(tx: &mut Tx<'_>, by: By, group: AccountId, deed: &Deed) -> Result<(), Error> {
    match deed {
        Deed::Remove(post, reason) => facilitation::remove(tx, by, group, *post, reason),
        Deed::Lock(post, is_locked) => facilitation::lock(tx, by, group, *post, *is_locked),
        Deed::Pin(post, is_pinned) => facilitation::pin(tx, by, group, *post, *is_pinned),
        Deed::Ban(who, reason) => facilitation::ban(tx, by, group, *who, reason),
        Deed::Unban(who) => facilitation::unban(tx, by, group, *who),
        Deed::Appoint(who) => facilitation::add_moderator(tx, by, group, *who),
        Deed::Dismiss(who) => facilitation::remove_moderator(tx, by, group, *who),
    }
}
