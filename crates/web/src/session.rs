//! From a session cookie to the account behind it, and from a request to the network address that limits are counted by.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use http::request::Parts;
use parvis_domain::accounts::find;
use parvis_domain::outside::ClientIp;
use parvis_domain::sign_in::sessions;
use parvis_domain::{Error, Town};
use parvis_model::account::Role;

use crate::visitor::Me;

/// Whose session this token is; nobody's when it has ended.
///
/// # Errors
/// Internal.
pub async fn whose(town: &Town, token: &str) -> Result<Option<Me>, Error> {
    let token = token.to_owned();
    town.db()
        .read(move |c| {
            let Some(login) = sessions::login_of(c, &token)? else { return Ok(None) };
            let account = match find::by_id(c, login.account_id) {
                Ok(account) => account,
                Err(Error::NotFound) => return Ok(None),
                Err(error) => return Err(error),
            };
            Ok(Some(Me {
                id: account.id,
                username: account.username,
                role: Role::parse(&login.role).unwrap_or_default(),
            }))
        })
        .await
}

/// Where a request came from, as `server` found out; without it all visitors count as one.
#[derive(Clone, Copy, Debug)]
pub struct From(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<ClientIp>().map(|ip| ip.0);
        Ok(Self(known.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}
