//! A post with its thread: what it answers above, what answers it below.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use parvis_domain::statuses::thread;
use parvis_domain::{Error, Town, actors, polls, reactions, views};
use parvis_model::ids::StatusId;

use crate::cards::PostCard;
use crate::forms::Sent;
use crate::frame::{Frame, Preview};
use crate::page::{Answer, page};
use crate::redirects::{self, OwnPath};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "posts/page.html")]
struct Post {
    frame: Frame,
    posts: Vec<PostCard>,
}

/// "In reply to …", also when it is not known to whom.
#[must_use]
pub fn reply_words(frame: &Frame, handle: &Option<String>) -> String {
    match handle {
        Some(handle) => frame.say_with("post-in-reply", "handle", handle),
        None => frame.say("post-in-reply-somebody"),
    }
}

/// `GET /@{user}/{id}`. The name in the address must be the author's; of a boost, the boosted post is shown.
///
/// # Errors
/// `NotFound`; `Gone` where a post of ours was.
pub async fn show(
    State(town): State<Town>,
    visitor: Visitor,
    Path((user, id)): Path<(String, String)>,
) -> Answer {
    let id: StatusId = id.parse().map_err(|_| Trouble::NotFound)?;
    let viewer = visitor.viewer();
    let uri = town.urls().status(&user, id);
    let found = town.db().read(move |c| {
        let Some(view) = views::of_status(c, viewer, id)? else {
            return Ok(Err(actors::deleted_at(c, &uri)?));
        };
        let around = thread::around(c, viewer, id)?;
        let emojis = if view.counts.favourites > 0 { reactions::emojis_of(c, id)? } else { Vec::new() };
        Ok::<_, Error>(Ok((view, around, emojis)))
    });
    let (view, around, emojis) = match found.await? {
        Ok(found) => found,
        Err(Some(_)) => return Err(Trouble::Gone),
        Err(None) => return Err(Trouble::NotFound),
    };
    let mut whole = PostCard::new(&view, town.urls());
    if whole.boosted_by.is_some() || whole.author.path != format!("/@{user}") {
        let path = whole.path;
        return Ok(redirects::to(Some(&path)).into_response());
    }
    if let Some((poll, known)) = whole.poll.as_mut().zip(view.poll.as_ref()) {
        let is_own = viewer == Some(view.status.account_id);
        poll.can_vote = viewer.is_some() && !is_own && !known.has_voted && !known.is_expired;
    }
    let frame = frame(&visitor, &town, &view, &whole);
    let mut posts = PostCard::all(&around.ancestors, town.urls());
    posts.push(PostCard { is_whole: true, emojis: emojis.into_iter().map(named).collect(), ..whole });
    posts.extend(PostCard::all(&around.descendants, town.urls()));
    page(&Post { frame, posts })
}

/// Emojis of other servers stay text, as everywhere on pages.
fn named(one: reactions::EmojiCount) -> (String, i64) {
    (if one.custom.is_some() { format!(":{}:", one.name) } else { one.name }, one.count)
}

/// Options of a poll that are looked for in the form.
const OPTIONS: usize = parvis_model::poll::REMOTE_OPTIONS_MAX;

/// `POST /@{user}/{id}/vote`: `choice`, or `choice-N` for each of several.
///
/// # Errors
/// `NotFound`; `Refused` as `domain::polls` says.
pub async fn vote(
    State(town): State<Town>,
    visitor: Visitor,
    Path((user, id)): Path<(String, String)>,
    sent: Sent,
) -> Answer {
    let back = format!("/@{user}/{id}");
    let me = visitor.me().ok_or_else(|| Trouble::SignIn(OwnPath::parse(&back).unwrap_or_default()))?.id;
    let id: StatusId = id.parse().map_err(|_| Trouble::NotFound)?;
    let mut choices: Vec<i64> = (0..OPTIONS)
        .filter(|n| sent.is_ticked(&format!("choice-{n}")))
        .filter_map(|n| i64::try_from(n).ok())
        .collect();
    choices.extend(sent.text("choice").parse::<i64>());
    town.db()
        .write(move |tx| {
            let view = views::of_status(tx, Some(me), id)?.ok_or(Error::NotFound)?;
            let poll = view.poll.ok_or(Error::NotFound)?.poll.id;
            polls::vote(tx, me, poll, &choices)
        })
        .await?;
    Ok(redirects::to(Some(&back)).into_response())
}

fn frame(visitor: &Visitor, town: &Town, view: &views::StatusView, post: &PostCard) -> Frame {
    let mut frame = Frame::new(visitor, "");
    let excerpt = if post.excerpt.is_empty() { frame.say("post-without-text") } else { post.excerpt.clone() };
    frame.title = frame.say_with_two("post-title", &("name", &post.author.name), &("excerpt", &excerpt));
    let is_open = view.visibility.is_for_everybody();
    frame.canonical = Some(match &post.original {
        Some(original) => original.clone(),
        None => town.urls().status_page(&view.author.account.username, post.id),
    });
    frame.activity = is_open.then(|| view.status.uri.clone());
    frame.is_hidden_from_search = !is_open || !post.author.is_local || !view.author.account.is_discoverable;
    let shows_picture = !post.is_sensitive && post.warning.is_none();
    let picture =
        post.pictures.first().filter(|_| shows_picture).map(|p| (p.small.clone(), p.description.clone()));
    frame.preview = is_open.then(|| Preview {
        kind: "article",
        title: format!("{} ({})", post.author.name, post.author.handle),
        description: excerpt,
        picture: picture
            .or_else(|| post.author.avatar.picture.clone().map(|p| (p, post.author.name.clone()))),
        published: Some(post.published.to_rfc3339()),
    });
    frame
}
