//! Programs that register, sign in and give back their tokens, and people who sign up through them.

use crate::access::Access::{Newcomer, Program, Public, User};
use crate::access::{Route, read, send};
use crate::limits::Budget;
use crate::oauth;
use crate::routes::accounts::sign_up;
use crate::routes::{apps, emails};

pub fn routes() -> Vec<Route> {
    vec![
        send("/oauth/token", Public, oauth::token::token),
        send("/oauth/revoke", Public, oauth::revoke::revoke),
        send("/oauth/introspect", Public, oauth::introspect::introspect),
        read("/oauth/userinfo", User(&["profile"]), oauth::userinfo::userinfo),
        read("/.well-known/oauth-authorization-server", Public, oauth::metadata::metadata),
        send("/api/v1/apps", Public, apps::register).costs(Budget::Program),
        read("/api/v1/apps/verify_credentials", Program(&[]), apps::verify),
        send("/api/v1/accounts", Program(&["write:accounts"]), sign_up::create).costs(Budget::SignUp),
        send("/api/v1/emails/confirmations", Newcomer(&[]), emails::send_again),
        read("/api/v1/emails/check_confirmation", Newcomer(&[]), emails::is_confirmed),
    ]
}
