//! A forgotten password: asking for a link, and choosing a new one by it. The rules are in `domain::sign_in::reset`.

use axum::extract::{Query, State};
use http::StatusCode;
use parvis_domain::sign_in::reset;
use parvis_domain::{Error, Town};
use parvis_i18n::Words;
use parvis_model::refusal::Refusal;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::ask_letter::Ask;
use crate::pages::notice::notice;
use crate::pages::sign_in::forget_session;
use crate::pages::sign_up::Link;
use crate::session::From;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "sign_in/password_new.html")]
struct Choose {
    frame: Frame,
    token: String,
    problem: Option<String>,
}

impl Choose {
    fn new(visitor: &Visitor, token: &str, problem: Option<Refusal>) -> Self {
        Self {
            frame: Frame::titled(visitor, "reset-new-title").hidden_from_search(),
            token: token.chars().take(200).collect(),
            problem: problem.map(|r| Words::text(visitor.language(), r.key(), &[])),
        }
    }
}

const RESET: Ask =
    Ask { action: "/auth/password", title: "reset-title", text: "reset-text", sent: "reset-sent" };

/// `GET /auth/password`.
///
/// # Errors
/// Internal.
pub async fn show(visitor: Visitor) -> Answer {
    RESET.show(&visitor)
}

/// `POST /auth/password`. The answer is the same whether there is an account or not (threats I2).
///
/// # Errors
/// `TooMany`; internal. An unreadable address is said on the form.
pub async fn ask(State(town): State<Town>, visitor: Visitor, From(from): From, sent: Sent) -> Answer {
    let email = sent.text("email");
    RESET.answer(&visitor, email, reset::ask(&town, email, from).await)
}

/// `GET /auth/password/edit?token=`.
///
/// # Errors
/// `Refused(LinkExpired)`.
pub async fn choose(State(town): State<Town>, visitor: Visitor, Query(link): Query<Link>) -> Answer {
    let token = link.token.clone();
    if !town.db().read(move |c| reset::is_usable(c, &token)).await? {
        return Err(Trouble::Refused(Refusal::LinkExpired));
    }
    page(&Choose::new(&visitor, &link.token, None))
}

/// `POST /auth/password/edit`.
///
/// # Errors
/// `Refused(LinkExpired)`. What is wrong with the password is said on the form.
pub async fn change(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let token = sent.text("token");
    match reset::finish(&town, token, sent.text("password")).await {
        Ok(()) => {
            let way = Some(("/auth/sign_in", "link-sign-in"));
            let done = notice(&visitor, "reset-new-title", &["reset-done"], way)?;
            Ok(forget_session(&town, done))
        }
        Err(Error::Invalid(problems)) => {
            let refusal = problems.first().map_or(Refusal::PasswordLength, |p| p.refusal);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &Choose::new(&visitor, token, Some(refusal)))
        }
        Err(error) => Err(error.into()),
    }
}
