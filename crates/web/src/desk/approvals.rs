//! Requests for accounts, where moderators look at each. The rules are in `domain::sign_in::approval`.

use axum::extract::State;
use axum::response::IntoResponse;
use parvis_domain::Town;
use parvis_domain::sign_in::approval;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page};
use crate::redirects;
use crate::trouble::Trouble;
use crate::visitor::{Me, Visitor};

const SHOWN: i64 = 50;

struct Request {
    id: AccountId,
    username: String,
    email: String,
    reason: String,
    asked: Moment,
}

#[derive(askama::Template)]
#[template(path = "desk/approvals.html")]
struct Approvals {
    frame: Frame,
    requests: Vec<Request>,
}

fn staff(visitor: &Visitor) -> Result<Me, Trouble> {
    let me = visitor.signed_in()?.clone();
    if me.role >= parvis_model::account::Role::Moderator {
        Ok(me)
    } else {
        Err(Trouble::Forbidden(Refusal::RoleTooLow))
    }
}

/// `GET /desk/approvals`.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub async fn show(State(town): State<Town>, visitor: Visitor) -> Answer {
    let me = staff(&visitor)?;
    let waiting = town.db().read(move |c| approval::waiting(c, me.role, SHOWN)).await?;
    let requests = waiting.into_iter().map(|(account, login)| Request {
        id: account.id,
        username: account.username,
        email: login.email,
        reason: login.sign_up_reason,
        asked: login.created_at,
    });
    let frame = Frame::titled(&visitor, "desk-title").hidden_from_search();
    page(&Approvals { frame, requests: requests.collect() })
}

/// `POST /desk/approvals`.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound` when the request is not there any more.
pub async fn decide(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let me = staff(&visitor)?;
    let id: AccountId = sent.text("account").parse().map_err(|_| Trouble::BadRequest)?;
    match sent.text("decision") {
        "approve" => approval::approve(&town, me.id, id).await?,
        "reject" => approval::reject(&town, me.id, id).await?,
        _ => return Err(Trouble::BadRequest),
    }
    Ok(redirects::to(Some("/desk/approvals")).into_response())
}
