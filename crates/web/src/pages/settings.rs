//! One's own account on the pages: as yet, ending everything that is signed in.

use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::accounts::revoke;

use crate::forms::Sent;
use crate::frame::Frame;
use crate::page::{Answer, page};
use crate::pages::sign_in::forget_session;
use crate::redirects;
use crate::visitor::Visitor;

#[derive(askama::Template)]
#[template(path = "settings/page.html")]
struct Settings {
    frame: Frame,
    handle: String,
    path: String,
}

/// `GET /settings`.
///
/// # Errors
/// To the sign-in page.
pub async fn show(State(town): State<Town>, visitor: Visitor) -> Answer {
    let me = visitor.signed_in()?;
    page(&Settings {
        frame: Frame::titled(&visitor, "settings-title").hidden_from_search(),
        handle: format!("@{}@{}", me.username, town.urls().domain()),
        path: format!("/@{}", me.username),
    })
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
