//! Asking for an account, and confirming its e-mail address. The rules are in `domain::accounts::register` and `domain::sign_in::confirm`.

use axum::extract::{Query, State};
use http::StatusCode;
use parvis_config::Registration;
use parvis_domain::accounts::{self, SignUp};
use parvis_domain::sign_in::confirm;
use parvis_domain::{Error, Town};
use parvis_i18n::Words;
use parvis_model::refusal::Refusal;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::ask_letter::Ask;
use crate::pages::notice::notice;
use crate::session::From;
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "sign_in/sign_up.html")]
struct Form {
    frame: Frame,
    username: String,
    email: String,
    reason: String,
    rules: Vec<String>,
    asks_reason: bool,
    /// Field and words; '' for the form as a whole.
    problems: Vec<(&'static str, String)>,
}

impl Form {
    fn new(town: &Town, visitor: &Visitor, filled: &SignUp, problems: &[(&'static str, Refusal)]) -> Self {
        let words = |refusal: Refusal| Words::text(visitor.language(), refusal.key(), &[]);
        Self {
            frame: Frame::titled(visitor, "sign-up-title"),
            username: filled.username.chars().take(60).collect(),
            email: filled.email.chars().take(320).collect(),
            reason: filled.reason.clone(),
            rules: town.settings().town.rules.clone(),
            asks_reason: town.settings().accounts.registration == Registration::Approval,
            problems: problems.iter().map(|(field, refusal)| (*field, words(*refusal))).collect(),
        }
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.problems.iter().any(|(wrong, _)| *wrong == field)
    }
}

/// `GET /auth/sign_up`.
///
/// # Errors
/// Internal.
pub async fn show(State(town): State<Town>, visitor: Visitor) -> Answer {
    page(&Form::new(&town, &visitor, &SignUp::default(), &[]))
}

/// `POST /auth/sign_up`. The answer is the same whether the address had an account already or not (threats A7, I2).
///
/// # Errors
/// Internal. What must be corrected is said on the form.
pub async fn send(State(town): State<Town>, visitor: Visitor, From(from): From, sent: Sent) -> Answer {
    let filled = SignUp {
        username: sent.text("username").to_owned(),
        email: sent.text("email").to_owned(),
        password: sent.text("password").to_owned(),
        reason: sent.text("reason").to_owned(),
        accepts_rules: sent.is_ticked("agreement"),
        locale: visitor.language().code().to_owned(),
        from: Some(from),
    };
    let problems: Vec<(&'static str, Refusal)> = match accounts::sign_up(&town, filled.clone()).await {
        Ok(_) => {
            let texts = ["sign-up-done-text", "sign-up-done-spam"];
            let way = Some(("/auth/confirm/new", "confirm-again-link"));
            return notice(&visitor, "sign-up-done-title", &texts, way);
        }
        Err(Error::Invalid(problems)) => problems.iter().map(|p| (p.field, p.refusal)).collect(),
        Err(Error::Refused(refusal)) => vec![("", refusal)],
        Err(error) => return Err(error.into()),
    };
    let is_too_many = problems.iter().any(|(_, refusal)| *refusal == Refusal::TooManyAttempts);
    let code = if is_too_many { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with(code, &Form::new(&town, &visitor, &filled, &problems))
}

/// The query of a link in a letter.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Link {
    /// What proves that the letter was read.
    #[serde(default)]
    pub token: String,
}

#[derive(askama::Template)]
#[template(path = "sign_in/confirm.html")]
struct Confirm {
    frame: Frame,
    token: String,
}

/// `GET /auth/confirm?token=`: a button. Programs that open links in letters to look for harm do not use them up.
///
/// # Errors
/// Internal.
pub async fn ask_confirm(visitor: Visitor, Query(link): Query<Link>) -> Answer {
    let frame = Frame::titled(&visitor, "confirm-title").hidden_from_search();
    page(&Confirm { frame, token: link.token.chars().take(200).collect() })
}

/// `POST /auth/confirm`.
///
/// # Errors
/// `Refused(LinkExpired)`.
pub async fn confirm(State(town): State<Town>, visitor: Visitor, sent: Sent) -> Answer {
    let token = sent.text("token").to_owned();
    let login = town.db().write(move |tx| confirm::confirm(tx, &token)).await?;
    if login.approved_at.is_some() {
        notice(&visitor, "confirmed-title", &["confirmed-text"], Some(("/auth/sign_in", "link-sign-in")))
    } else {
        notice(&visitor, "confirmed-title", &["confirmed-waiting"], None)
    }
}

const AGAIN: Ask = Ask {
    action: "/auth/confirm/new",
    title: "confirm-again-title",
    text: "confirm-again-text",
    sent: "reset-sent",
};

/// `GET /auth/confirm/new`: the letter did not arrive.
///
/// # Errors
/// Internal.
pub async fn ask_again(visitor: Visitor) -> Answer {
    AGAIN.show(&visitor)
}

/// `POST /auth/confirm/new`.
///
/// # Errors
/// `TooMany`; internal.
pub async fn send_again(State(town): State<Town>, visitor: Visitor, From(from): From, sent: Sent) -> Answer {
    let email = sent.text("email");
    AGAIN.answer(&visitor, email, confirm::send_again(&town, email, from).await)
}
