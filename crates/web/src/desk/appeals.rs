//! Appeals that wait for somebody else to look. The rules are in `domain::moderation::appeals`.

use axum::extract::State;
use axum::response::IntoResponse;
use parvis_domain::Town;
use parvis_domain::moderation::appeals;
use parvis_model::ids::AppealId;
use parvis_model::time::Moment;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page};
use crate::redirects;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

struct Waiting {
    id: AppealId,
    handle: String,
    what: String,
    reason: String,
    text: String,
    asked: Moment,
}

#[derive(askama::Template)]
#[template(path = "desk/appeals.html")]
struct Appeals {
    frame: Frame,
    appeals: Vec<Waiting>,
}

/// `GET /desk/appeals`.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub async fn show(State(town): State<Town>, visitor: Visitor) -> Answer {
    let me = visitor.signed_in()?.id;
    let found = town.db().read(move |c| appeals::waiting(c, me)).await?;
    let appeals = found.into_iter().filter_map(|view| {
        let appeal = view.appeal?;
        Some(Waiting {
            id: appeal.id,
            handle: format!("@{}", view.target.account.acct()),
            what: view.strike.action,
            reason: view.strike.text,
            text: appeal.text,
            asked: appeal.created_at,
        })
    });
    let frame = Frame::titled(&visitor, "desk-appeals-title").hidden_from_search();
    page(&Appeals { appeals: appeals.collect(), frame })
}

/// `POST /desk/appeals`.
///
/// # Errors
/// `Forbidden(RoleTooLow)`, also for one's own decision; `NotFound` when it was decided already.
pub async fn decide(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let me = visitor.signed_in()?.id;
    let id: AppealId = sent.text("appeal").parse().map_err(|_| Trouble::BadRequest)?;
    let is_right = match sent.text("decision") {
        "approve" => true,
        "reject" => false,
        _ => return Err(Trouble::BadRequest),
    };
    appeals::decide(&town, me, id, is_right).await?;
    Ok(redirects::to(Some("/desk/appeals")).into_response())
}
