//! Moving: naming former accounts, so that one may move here, and moving away with all followers. The rules are in `domain::moves`.

use axum::extract::{Query, State};
use http::StatusCode;
use parvis_domain::moves::aliases::{self, Alias};
use parvis_domain::moves::away::{self, Standing};
use parvis_domain::sign_in::password;
use parvis_domain::{Error, Town};
use parvis_model::ids::AccountId;
use parvis_model::moves::ALIASES_MAX;
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;

use crate::cards::PersonCard;
use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::settings::Done;
use crate::redirects;
use crate::session::From;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "settings/move.html")]
struct Moving {
    frame: Frame,
    handle: String,
    aliases: Vec<Alias>,
    may_name_more: bool,
    moved_to: Option<PersonCard>,
    not_before: Option<Moment>,
    /// The sentence on what was done just before.
    done: Option<String>,
    problem: Option<String>,
}

const DONE: [(&str, &str); 4] = [
    ("alias", "move-alias-done"),
    ("unalias", "move-unalias-done"),
    ("moved", "move-done"),
    ("stayed", "move-stayed"),
];

async fn shown(
    town: &Town,
    visitor: &Visitor,
    done: &str,
    problem: Option<Refusal>,
) -> Result<Moving, Trouble> {
    let me = visitor.signed_in()?.clone();
    let (aliases, standing) = town
        .db()
        .read(move |c| {
            Ok::<(Vec<Alias>, Standing), Error>((aliases::list(c, me.id)?, away::standing(c, me.id)?))
        })
        .await?;
    let frame = Frame::titled(visitor, "move-title").hidden_from_search();
    Ok(Moving {
        handle: format!("@{}@{}", me.username, town.urls().domain()),
        may_name_more: aliases.len() < ALIASES_MAX,
        aliases,
        moved_to: standing.moved_to.as_ref().map(|view| PersonCard::new(view, town.urls())),
        not_before: standing.not_before,
        done: DONE.iter().find(|(word, _)| *word == done).map(|(_, key)| frame.say(key)),
        problem: problem.map(|r| frame.say(r.key())),
        frame,
    })
}

/// `GET /settings/move`.
///
/// # Errors
/// To the sign-in page.
pub async fn show(State(town): State<Town>, visitor: Visitor, Query(done): Query<Done>) -> Answer {
    page(&shown(&town, &visitor, done.word(), None).await?)
}

/// What is wrong is said on the form; everything else is a failure of the page.
async fn answer(town: &Town, visitor: &Visitor, outcome: Result<(), Error>, done: &str) -> Answer {
    let refusal = match outcome {
        Ok(()) => return Ok(redirects::to(Some(&format!("/settings/move?done={done}")))),
        Err(Error::Refused(refusal)) if refusal != Refusal::TooManyAttempts => refusal,
        Err(Error::Forbidden(refusal)) => refusal,
        Err(Error::Invalid(problems)) => problems.first().map_or(Refusal::AliasUnusable, |p| p.refusal),
        Err(Error::NotFound | Error::Remote(_)) => Refusal::AliasUnusable,
        Err(error) => return Err(error.into()),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(town, visitor, "", Some(refusal)).await?)
}

/// `POST /settings/move/alias`: `alias` is an address.
///
/// # Errors
/// To the sign-in page. What is wrong is said on the form.
pub async fn add_alias(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let me = visitor.signed_in()?.id;
    let outcome = aliases::add(&town, me, sent.text("alias")).await;
    answer(&town, &visitor, outcome, "alias").await
}

/// `POST /settings/move/unalias`: `uri` is the id of the account.
///
/// # Errors
/// To the sign-in page.
pub async fn remove_alias(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let (me, uri) = (visitor.signed_in()?.id, sent.text("uri").to_owned());
    let outcome = town.db().write(move |tx| aliases::remove(tx, me, &uri)).await;
    answer(&town, &visitor, outcome, "unalias").await
}

/// `POST /settings/move/go`: `to` is the address of the new account, `password` the present one.
///
/// # Errors
/// To the sign-in page; `TooMany`. What is wrong is said on the form.
pub async fn go(State(town): State<Town>, visitor: Visitor, From(from): From, sent: Sent) -> Answer {
    let me: AccountId = visitor.signed_in()?.id;
    let outcome = match password::prove(&town, me, sent.text("password"), from).await {
        Ok(_) => away::go(&town, me, sent.text("to")).await,
        Err(error) => Err(error),
    };
    answer(&town, &visitor, outcome, "moved").await
}

/// `POST /settings/move/stay`: points to the new account no longer.
///
/// # Errors
/// To the sign-in page.
pub async fn stay(State(town): State<Town>, visitor: Visitor, _: Sent) -> Answer {
    let me = visitor.signed_in()?.id;
    let outcome = town.db().write(move |tx| away::stay(tx, me)).await;
    answer(&town, &visitor, outcome, "stayed").await
}
