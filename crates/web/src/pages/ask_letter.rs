//! The form that asks for a letter with a link: for a new password, or to confirm an address once more. The answer is the same whether there is an
//! account or not (threats I2).

use http::StatusCode;
use parvis_domain::Error;
use parvis_model::refusal::Refusal;

use crate::frame::Frame;
use crate::page::{Answer, page, page_with};
use crate::pages::notice::notice;
use crate::visitor::Visitor;

/// One such form; all words by their keys.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Where it is sent to.
    pub action: &'static str,
    /// Of the page.
    pub title: &'static str,
    /// Above the field.
    pub text: &'static str,
    /// Said afterwards.
    pub sent: &'static str,
}

#[derive(askama::Template)]
#[template(path = "sign_in/ask_letter.html")]
struct Form {
    frame: Frame,
    action: &'static str,
    text: String,
    email: String,
    problem: Option<String>,
}

impl Ask {
    fn form(self, visitor: &Visitor, email: &str, problem: Option<Refusal>) -> Form {
        let frame = Frame::titled(visitor, self.title).hidden_from_search();
        Form {
            action: self.action,
            text: frame.say(self.text),
            email: email.chars().take(320).collect(),
            problem: problem.map(|r| frame.say(r.key())),
            frame,
        }
    }

    /// The empty form.
    ///
    /// # Errors
    /// Internal.
    pub fn show(self, visitor: &Visitor) -> Answer {
        page(&self.form(visitor, "", None))
    }

    /// The answer to a form that was sent.
    ///
    /// # Errors
    /// `TooMany`; internal. An unreadable address is said on the form.
    pub fn answer(self, visitor: &Visitor, email: &str, done: Result<(), Error>) -> Answer {
        match done {
            Ok(()) => notice(visitor, self.title, &[self.sent, "sign-up-done-spam"], None),
            Err(Error::Invalid(problems)) => {
                let refusal = problems.first().map_or(Refusal::EmailUnusable, |p| p.refusal);
                page_with(StatusCode::UNPROCESSABLE_ENTITY, &self.form(visitor, email, Some(refusal)))
            }
            Err(error) => Err(error.into()),
        }
    }
}
