//! Token.

use parvis_domain::oauth::token::Issued;
use serde::Serialize;

/// A bearer token, shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    access_token: String,
    token_type: &'static str,
    scope: String,
    /// Seconds since the epoch.
    created_at: i64,
}

impl Token {
    /// Of what was issued.
    #[must_use]
    pub fn of(issued: &Issued) -> Self {
        Self {
            access_token: issued.token.clone(),
            token_type: "Bearer",
            scope: issued.scopes.to_string(),
            created_at: issued.created_at.seconds(),
        }
    }
}
