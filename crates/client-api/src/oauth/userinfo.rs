//! `GET /oauth/userinfo`: who is signed in, for programs that only want to know that (OpenID Connect Core §5.3, as Mastodon has it).

use axum::Json;
use axum::extract::State;
use parvis_domain::{Town, access, views};
use serde_json::{Value, json};

use crate::entities::Account;
use crate::error::Result;
use crate::extract::Me;

/// The claims of scope `profile`.
pub async fn userinfo(State(town): State<Town>, Me(me): Me) -> Result<Json<Value>> {
    let view = town
        .db()
        .read(move |c| {
            let row = access::account(c, me)?;
            views::of_account(c, &row)
        })
        .await?;
    let account = Account::of(&view, town.urls());
    let name = if account.display_name.is_empty() { &account.username } else { &account.display_name };
    Ok(Json(json!({
        "iss": town.urls().page("/"),
        "sub": account.uri,
        "name": name,
        "preferred_username": account.username,
        "profile": account.url,
        "picture": account.avatar,
    })))
}
