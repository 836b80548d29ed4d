//! Signing in and out of the pages. The password is checked in `domain::sign_in::password`; programs sign in by `pages::consent`.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use parvis_domain::rows::Login;
use parvis_domain::sign_in::{password, sessions};
use parvis_domain::{Error, Town};
use parvis_i18n::Words;
use parvis_model::refusal::Refusal;
use parvis_model::time::DAY;

use crate::cookies::{Cookies, Purpose};
use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::redirects::{self, OwnPath};
use crate::session::From;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The query of the form: where to go afterwards.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(askama::Template)]
#[template(path = "sign_in/sign_in.html")]
struct SignIn {
    frame: Frame,
    login: String,
    next: String,
    is_for_app: bool,
    /// The letter to confirm the address can be sent again.
    is_unconfirmed: bool,
    problem: Option<String>,
}

impl SignIn {
    fn new(visitor: &Visitor, next: &str, login: &str, problem: Option<Refusal>) -> Self {
        let next = OwnPath::parse(next).unwrap_or_default();
        Self {
            frame: Frame::titled(visitor, "sign-in-title").hidden_from_search(),
            login: login.chars().take(320).collect(),
            is_for_app: next.as_str().starts_with("/oauth/authorize"),
            is_unconfirmed: problem == Some(Refusal::EmailNotConfirmed),
            next: next.as_str().to_owned(),
            problem: problem.map(|r| Words::text(visitor.language(), r.key(), &[])),
        }
    }
}

/// `GET /auth/sign_in?next=`. Who is signed in already goes straight on.
///
/// # Errors
/// Internal.
pub async fn show(visitor: Visitor, Query(next): Query<Next>) -> Answer {
    if visitor.me().is_some() {
        return Ok(redirects::to(Some(&next.next)));
    }
    page(&SignIn::new(&visitor, &next.next, "", None))
}

/// `POST /auth/sign_in`.
///
/// # Errors
/// `TooMany`; internal. What is wrong with the login or password is said on the form.
pub async fn send(State(town): State<Town>, visitor: Visitor, From(from): From, sent: Sent) -> Answer {
    let (login, next) = (sent.text("login"), sent.text("next"));
    match password::check(&town, login, sent.text("password"), from).await {
        Ok(checked) => {
            let mut response = redirects::to(Some(next));
            open(&town, &visitor, checked, &mut response).await?;
            Ok(response)
        }
        Err(Error::Refused(refusal)) => {
            let code = match refusal {
                Refusal::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            page_with(code, &SignIn::new(&visitor, next, login, Some(refusal)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens a session in place of the one before, with a token of its own.
///
/// # Errors
/// `Refused` when the login changed meanwhile; internal.
pub async fn open(
    town: &Town,
    visitor: &Visitor,
    checked: Login,
    response: &mut Response,
) -> Result<(), Trouble> {
    let before = visitor.session_token().map(str::to_owned);
    let token = town
        .db()
        .write(move |tx| {
            if let Some(before) = &before {
                sessions::close(tx, before)?;
            }
            sessions::open(tx, &checked)
        })
        .await?;
    let days = u32::try_from(sessions::DURATION / DAY).ok();
    let cookies = Cookies::new(town.settings());
    let headers = response.headers_mut();
    headers.extend(cookies.set(Purpose::Session, &token, days).map(|v| (header::SET_COOKIE, v)));
    headers.extend(cookies.forget(Purpose::Forms).map(|v| (header::SET_COOKIE, v)));
    Ok(())
}

/// `POST /auth/sign_out`.
///
/// # Errors
/// Internal.
pub async fn leave(State(town): State<Town>, visitor: Visitor, _: Sent) -> Answer {
    if let Some(token) = visitor.session_token().map(str::to_owned) {
        town.db().write(move |tx| sessions::close(tx, &token)).await?;
    }
    Ok(forget_session(&town, redirects::to(None)))
}

/// Adds that the browser forgets its session.
#[must_use]
pub fn forget_session(town: &Town, mut response: Response) -> Response {
    let cookies = Cookies::new(town.settings());
    response.headers_mut().extend(cookies.forget(Purpose::Session).map(|v| (header::SET_COOKIE, v)));
    response.into_response()
}
