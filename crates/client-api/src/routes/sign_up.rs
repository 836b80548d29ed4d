//! `POST /api/v1/accounts`: opening an account from within a client program. The answer is the same whether the e-mail address was free or not
//! (threats A7): a token that works once the address is confirmed.

use axum::Json;
use axum::extract::State;
use parvis_domain::Town;
use parvis_domain::accounts::{SignUp, sign_up};
use parvis_domain::oauth::{LoginState, tokens};
use serde::Deserialize;

use crate::auth::Program;
use crate::body::Params;
use crate::entities::token::Token;
use crate::error::{ApiError, ApiResult};

/// What may be said; nothing else is read (threats A9).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    username: String,
    email: String,
    password: String,
    agreement: bool,
    locale: String,
    reason: String,
}

pub(crate) async fn create(
    State(town): State<Town>,
    Program(grant): Program,
    Params(wanted): Params<Wanted>,
) -> ApiResult<Json<Token>> {
    // Only programs open accounts. The token of an account that awaits confirmation is told from a decoy by nothing (see `oauth::tokens`).
    if grant.state != LoginState::Nobody {
        return Err(ApiError::OutsideScopes);
    }
    let form = SignUp {
        username: wanted.username,
        email: wanted.email,
        password: wanted.password,
        reason: wanted.reason,
        accepts_rules: wanted.agreement,
        locale: wanted.locale,
    };
    let account = sign_up(&town, form).await?;
    let issued =
        town.db().write(move |tx| tokens::issue_at_sign_up(tx, grant.app, account, &grant.scopes)).await?;
    Ok(Json(Token::of(&issued)))
}
