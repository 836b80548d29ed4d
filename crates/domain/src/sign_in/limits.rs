//! How often somebody may try (threats A8): per login, per network, and per login from one network. The last is the tight one, so that a stranger
//! who guesses does not lock the owner out.

use std::net::IpAddr;

use parvis_model::refusal::Refusal;
use parvis_model::time::{HOUR, MINUTE};

use crate::Town;
use crate::accounts::letters;
use crate::attempts::{Limit, network};
use crate::error::{Error, Result};

const FROM_ONE_NETWORK: Limit = Limit { count: 10, window: 15 * MINUTE };
const OF_ONE_LOGIN: Limit = Limit { count: 100, window: 15 * MINUTE };
const OF_ONE_NETWORK: Limit = Limit { count: 60, window: 15 * MINUTE };
const LETTERS_FROM_ONE_NETWORK: Limit = Limit { count: 20, window: HOUR };

/// Counts a password tried for `login` (an account id, or what was typed when there is none).
pub(super) fn password_tried(town: &Town, login: &str, from: IpAddr) -> Result<()> {
    // All three are counted whatever the others say.
    let limits = [OF_ONE_NETWORK, OF_ONE_LOGIN, FROM_ONE_NETWORK];
    let count = |(key, limit): (&String, Limit)| town.attempts().count(key, limit, town.now()).is_allowed;
    let allowed = keys(login, from).iter().zip(limits).map(count).collect::<Vec<_>>();
    if allowed.iter().all(|a| *a) { Ok(()) } else { Err(Error::Refused(Refusal::TooManyAttempts)) }
}

fn keys(login: &str, from: IpAddr) -> [String; 3] {
    let network = network(from);
    [
        format!("password from {network}"),
        format!("password of {login}"),
        format!("password of {login} from {network}"),
    ]
}

/// The right password was given: it was no guess. A whole town hall may sign in from one network in the morning.
pub(super) fn password_right(town: &Town, login: &str, from: IpAddr) {
    keys(login, from).iter().for_each(|key| town.attempts().give_back(key));
}

/// Counts a letter asked for. `Ok(false)` when this address got enough of them: say nothing, send nothing.
pub(super) fn may_write_to(town: &Town, email_key: &str, from: IpAddr) -> Result<bool> {
    let (attempts, now) = (town.attempts(), town.now());
    let standing = attempts.count(&format!("letter {}", network(from)), LETTERS_FROM_ONE_NETWORK, now);
    if !standing.is_allowed {
        return Err(Error::Refused(Refusal::TooManyAttempts));
    }
    Ok(letters::may_write_to(town, email_key))
}
