//! Opening an account through a client program: the answer is a token for it, which works once the address is confirmed.

use axum::extract::State;
use axum::{Extension, Json};
use parvis_domain::Town;
use parvis_domain::accounts::{SignUp, sign_up};
use parvis_domain::oauth::tokens::issue_at_sign_up;
use parvis_domain::outside::ClientIp;

use crate::body::Params;
use crate::entities::application;
use crate::error::Result;
use crate::extract::Token;

/// `POST /api/v1/accounts`, with a program's own token.
pub async fn create(
    State(town): State<Town>,
    Token(grant): Token,
    from: Option<Extension<ClientIp>>,
    params: Params,
) -> Result<Json<application::Token>> {
    let form = SignUp {
        username: params.word("username")?.unwrap_or_default(),
        email: params.word("email")?.unwrap_or_default(),
        password: params.text("password")?.unwrap_or_default(),
        reason: params.text("reason")?.unwrap_or_default(),
        accepts_rules: params.flag("agreement")?.unwrap_or(false),
        locale: params.word("locale")?.unwrap_or_else(|| "en".to_owned()),
        from: from.map(|f| f.0.0),
    };
    // `None` when the address is taken: the answer is the same (threats A7).
    let account = sign_up(&town, form).await?;
    let issued = town.db().write(move |tx| issue_at_sign_up(tx, grant.app, account, &grant.scopes)).await?;
    Ok(Json(application::Token::of(issued.token, issued.scopes.to_string(), issued.created_at)))
}
