//! What staff decided about somebody, and their answer to it. For people who are signed in, and by the link of a letter for those who cannot sign in
//! any more. The rules are in `domain::moderation::appeals`.

use axum::extract::{Path, Query, State};
use http::StatusCode;
use parvis_domain::moderation::appeals;
use parvis_domain::views::StrikeView;
use parvis_domain::{Error, Town};
use parvis_model::ids::{AccountId, StrikeId};
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::sign_up::Link;
use crate::redirects;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// A decision as its page shows it.
struct Decided {
    id: StrikeId,
    /// What was decided, by its key.
    what: &'static str,
    reason: String,
    on: Moment,
    /// The answer that was given, and what came of it.
    answer: Option<(String, &'static str)>,
    is_open: bool,
}

#[derive(askama::Template)]
#[template(path = "settings/strikes.html")]
struct Strikes {
    frame: Frame,
    decisions: Vec<Decided>,
    /// Of the letter; '' for who is signed in.
    token: String,
    problem: Option<String>,
}

fn shown(view: StrikeView, now: Moment) -> Decided {
    let what = match view.strike.action.as_str() {
        "sensitive" => "strike-sensitive",
        "disable" => "strike-disable",
        "silence" => "strike-silence",
        "suspend" => "strike-suspend",
        _ => "strike-none",
    };
    Decided {
        id: view.strike.id,
        what,
        is_open: appeals::is_open(&view.strike, view.appeal.as_ref(), now),
        on: view.strike.created_at,
        reason: view.strike.text,
        answer: view.appeal.map(|a| {
            let state = match (a.decided_at, a.is_approved) {
                (None, _) => "appeal-pending",
                (Some(_), true) => "appeal-approved",
                (Some(_), false) => "appeal-rejected",
            };
            (a.text, state)
        }),
    }
}

/// Whose decisions: of the letter's link, or of who is signed in.
async fn owner(town: &Town, visitor: &Visitor, token: &str) -> Result<AccountId, Trouble> {
    if token.is_empty() {
        return Ok(visitor.signed_in()?.id);
    }
    let token = token.to_owned();
    Ok(town.db().read(move |c| appeals::owner_of_link(c, &token)).await?)
}

async fn load(
    town: &Town,
    visitor: &Visitor,
    token: &str,
    problem: Option<Refusal>,
) -> Result<Strikes, Trouble> {
    let owner = owner(town, visitor, token).await?;
    let found = town.db().read(move |c| appeals::about(c, owner)).await?;
    let frame = Frame::titled(visitor, "strikes-title").hidden_from_search();
    let now = town.now();
    Ok(Strikes {
        decisions: found.into_iter().map(|view| shown(view, now)).collect(),
        token: token.chars().take(200).collect(),
        problem: problem.map(|r| frame.say(r.key())),
        frame,
    })
}

/// `GET /disputes/strikes` and, with the link of a letter, `?token=`.
///
/// # Errors
/// To the sign-in page; `Refused(LinkExpired)`.
pub async fn show(State(town): State<Town>, visitor: Visitor, Query(link): Query<Link>) -> Answer {
    page(&load(&town, &visitor, &link.token, None).await?)
}

/// `GET /disputes/strikes/:id`: where client programs send people.
///
/// # Errors
/// To the sign-in page.
pub async fn one(visitor: Visitor, Path(id): Path<String>) -> Answer {
    visitor.signed_in()?;
    let id: StrikeId = id.parse().map_err(|_| Trouble::NotFound)?;
    Ok(redirects::to(Some(&format!("/disputes/strikes#d{id}"))))
}

/// `POST /disputes/strikes`.
///
/// # Errors
/// As [`show`]. What is wrong with the answer is said on the form.
pub async fn appeal(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let token = sent.text("token").to_owned();
    let me = owner(&town, &visitor, &token).await?;
    let strike: StrikeId = sent.text("decision").parse().map_err(|_| Trouble::BadRequest)?;
    let text = sent.text("text").to_owned();
    let refusal = match town.db().write(move |tx| appeals::appeal(tx, me, strike, &text)).await {
        Ok(_) => return page(&load(&town, &visitor, &token, None).await?),
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::Invalid(problems)) => problems.first().map_or(Refusal::TextTooLong, |p| p.refusal),
        Err(error) => return Err(error.into()),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &load(&town, &visitor, &token, Some(refusal)).await?)
}
