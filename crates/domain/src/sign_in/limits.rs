//! How often somebody may try (threats A8): per login, per network, and per login from one network. The last is the tight one, so that a stranger
//! who guesses does not lock the owner out.

use std::net::IpAddr;

use parvis_model::refusal::Refusal;
use parvis_model::time::{HOUR, MINUTE};

use crate::Town;
use crate::attempts::{Limit, network};
use crate::error::{Error, Result};

const FROM_ONE_NETWORK: Limit = Limit { count: 10, window: 15 * MINUTE };
const OF_ONE_LOGIN: Limit = Limit { count: 100, window: 15 * MINUTE };
const OF_ONE_NETWORK: Limit = Limit { count: 60, window: 15 * MINUTE };
const LETTERS_FROM_ONE_NETWORK: Limit = Limit { count: 20, window: HOUR };
const LETTERS_TO_ONE_ADDRESS: Limit = Limit { count: 3, window: HOUR };

/// Counts a password tried for `login` (an account id, or what was typed when there is none).
pub(super) fn password_tried(town: &Town, login: &str, from: IpAddr) -> Result<()> {
    let (attempts, now, network) = (town.attempts(), town.now(), network(from));
    // All three are counted whatever the others say.
    let allowed = [
        attempts.count(&format!("password {network}"), OF_ONE_NETWORK, now).is_allowed,
        attempts.count(&format!("password {login}"), OF_ONE_LOGIN, now).is_allowed,
        attempts.count(&format!("password {login} {network}"), FROM_ONE_NETWORK, now).is_allowed,
    ];
    if allowed.iter().all(|a| *a) { Ok(()) } else { Err(Error::Refused(Refusal::TooManyAttempts)) }
}

/// The right password was given.
pub(super) fn password_right(town: &Town, login: &str, from: IpAddr) {
    town.attempts().forget(&format!("password {login} {}", network(from)));
}

/// Counts a letter asked for. `Ok(false)` when this address got enough of them: say nothing, send nothing.
pub(super) fn may_write_to(town: &Town, email_key: &str, from: IpAddr) -> Result<bool> {
    let (attempts, now) = (town.attempts(), town.now());
    let standing = attempts.count(&format!("letter {}", network(from)), LETTERS_FROM_ONE_NETWORK, now);
    if !standing.is_allowed {
        return Err(Error::Refused(Refusal::TooManyAttempts));
    }
    Ok(attempts.count(&format!("letter to {email_key}"), LETTERS_TO_ONE_ADDRESS, now).is_allowed)
}
