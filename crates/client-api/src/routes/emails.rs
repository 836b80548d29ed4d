//! The letter that confirms a new account's address. Source: <https://docs.joinmastodon.org/methods/emails/>.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::State;
use axum::{Extension, Json};
use parvis_domain::oauth::LoginState;
use parvis_domain::outside::ClientIp;
use parvis_domain::sign_in::confirm;
use parvis_domain::{Town, accounts};
use serde_json::Value;

use super::nothing;
use crate::error::{ApiError, Result};
use crate::extract::Token;

/// `POST /api/v1/emails/confirmations`: sends the letter again; 403 once the address is confirmed.
pub async fn send_again(
    State(town): State<Town>,
    Token(grant): Token,
    ip: Option<Extension<ClientIp>>,
) -> Result<Json<Value>> {
    if grant.state != LoginState::AwaitsConfirmation {
        return Err(ApiError::new(
            http::StatusCode::FORBIDDEN,
            "This method is only available while the e-mail is awaiting confirmation",
        ));
    }
    // A token of somebody whose address is taken looks like any other (threats A7): the same answer, no letter.
    if let Some(me) = grant.account {
        let login = town.db().read(move |c| accounts::find::login(c, me)).await?;
        let from = ip.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ip| ip.0.0);
        confirm::send_again(&town, &login.email, from).await?;
    }
    Ok(nothing())
}

/// `GET /api/v1/emails/check_confirmation`.
pub async fn is_confirmed(Token(grant): Token) -> Json<bool> {
    Json(grant.state != LoginState::AwaitsConfirmation)
}
