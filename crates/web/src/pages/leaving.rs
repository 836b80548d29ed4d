//! Deleting one's own account, for good. What is erased and when is `domain::accounts::delete`.

use axum::extract::State;
use http::StatusCode;
use parvis_domain::sign_in::leave;
use parvis_domain::{Error, Town};
use parvis_model::refusal::Refusal;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::notice::notice;
use crate::pages::sign_in::forget_session;
use crate::session::From;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "settings/delete.html")]
struct Leaving {
    frame: Frame,
    handle: String,
    problem: Option<String>,
}

impl Leaving {
    fn new(town: &Town, visitor: &Visitor, problem: Option<Refusal>) -> Result<Self, Trouble> {
        let me = visitor.signed_in()?;
        let frame = Frame::titled(visitor, "leave-title").hidden_from_search();
        Ok(Self {
            handle: format!("@{}@{}", me.username, town.urls().domain()),
            problem: problem.map(|r| frame.say(r.key())),
            frame,
        })
    }
}

/// `GET /settings/delete`.
///
/// # Errors
/// To the sign-in page.
pub async fn show(State(town): State<Town>, visitor: Visitor) -> Answer {
    page(&Leaving::new(&town, &visitor, None)?)
}

/// `POST /settings/delete`: with the password.
///
/// # Errors
/// To the sign-in page; `TooMany`. A wrong password is said on the form.
pub async fn delete(State(town): State<Town>, visitor: Visitor, From(from): From, sent: Sent) -> Answer {
    let me = visitor.signed_in()?.id;
    match leave::for_good(&town, me, sent.text("password"), from).await {
        Ok(()) => {
            let done = notice(&visitor, "leave-title", &["leave-done"], None)?;
            Ok(forget_session(&town, done))
        }
        Err(Error::Refused(refusal)) if refusal != Refusal::TooManyAttempts => {
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &Leaving::new(&town, &visitor, Some(refusal))?)
        }
        Err(error) => Err(error.into()),
    }
}
