//! One's own account on the pages: another password, and ending what is signed in. Profile and posts are changed in client programs.

use axum::extract::{Query, State};
use http::StatusCode;
use parvis_domain::accounts::revoke;
use parvis_domain::sign_in::password;
use parvis_domain::{Error, Town};
use parvis_model::refusal::Refusal;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::sign_in::{forget_session, open};
use crate::redirects;
use crate::session::From;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "settings/page.html")]
struct Settings {
    frame: Frame,
    handle: String,
    path: String,
    /// The password was just changed.
    is_changed: bool,
    problem: Option<String>,
}

impl Settings {
    fn new(town: &Town, visitor: &Visitor, problem: Option<Refusal>) -> Result<Self, Trouble> {
        let me = visitor.signed_in()?;
        let frame = Frame::titled(visitor, "settings-title").hidden_from_search();
        Ok(Self {
            handle: format!("@{}@{}", me.username, town.urls().domain()),
            path: format!("/@{}", me.username),
            is_changed: false,
            problem: problem.map(|r| frame.say(r.key())),
            frame,
        })
    }
}

/// What was done just before.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// The word in the address.
    pub fn word(&self) -> &str {
        &self.done
    }
}

/// `GET /settings`.
///
/// # Errors
/// To the sign-in page.
pub async fn show(State(town): State<Town>, visitor: Visitor, Query(done): Query<Done>) -> Answer {
    page(&Settings { is_changed: done.done == "password", ..Settings::new(&town, &visitor, None)? })
}

/// `POST /settings/password`: everything that knew the old one ends, and a new session opens here (threats A5).
///
/// # Errors
/// To the sign-in page; `TooMany`. What is wrong with a password is said on the form.
pub async fn change_password(
    State(town): State<Town>,
    visitor: Visitor,
    From(from): From,
    sent: Sent,
) -> Answer {
    let me = visitor.signed_in()?;
    let new = sent.text("password");
    let refusal = match password::change(&town, me.id, sent.text("old"), new, from).await {
        Ok(()) => {
            let checked = password::check(&town, &me.username, new, from).await?;
            let mut response = redirects::to(Some("/settings?done=password"));
            open(&town, &visitor, checked, &mut response).await?;
            return Ok(response);
        }
        Err(Error::Refused(refusal)) if refusal != Refusal::TooManyAttempts => refusal,
        Err(Error::Invalid(problems)) => problems.first().map_or(Refusal::PasswordLength, |p| p.refusal),
        Err(error) => return Err(error.into()),
    };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &Settings::new(&town, &visitor, Some(refusal))?)
}

/// `POST /settings/sign_out_everywhere`: sessions, and tokens of programs (threats A5).
///
/// # Errors
/// To the sign-in page.
pub async fn sign_out_everywhere(State(town): State<Town>, visitor: Visitor, _: Sent) -> Answer {
    let id = visitor.signed_in()?.id;
    town.db().write(move |tx| revoke::everything(tx, id)).await?;
    Ok(forget_session(&town, redirects::to(Some("/auth/sign_in"))))
}
