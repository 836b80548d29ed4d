//! Opening an account: at the sign-up page, through the client API, on the command line. Two steps, because hashing a password and making a
//! key take time: everything slow first, then one transaction.

use std::net::IpAddr;

use parvis_config::settings::Registration;
use parvis_i18n::Language;
use parvis_mail::Address;
use parvis_model::account::{ActorKind, Role, SIGN_UP_REASON_MAX};
use parvis_model::handle::Username;
use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_model::time::HOUR;
use parvis_store::logins::{self, Login};
use parvis_store::{accounts, keys};

use super::key_pool::{self, Pairs};
use super::letters::{self, About, Addressee, Posted};
use super::links::{self, Purpose};
use super::local;
use crate::attempts::{Limit, network};
use crate::barriers::{Standing, mail, networks};
use crate::error::{Error, FieldProblem, Result};
use crate::passwords::is_long_enough;
use crate::{Town, Tx};

/// What somebody who wants an account fills in.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    /// The handle they want.
    pub username: String,
    /// Where letters go.
    pub email: String,
    /// Their password.
    pub password: String,
    /// What they tell the moderators.
    pub reason: String,
    /// Whether they accept the rules of the house.
    pub accepts_rules: bool,
    /// The language of letters and pages.
    pub locale: String,
    /// Where the form came from.
    pub from: Option<IpAddr>,
}

/// Sign-ups from one network.
const FROM_ONE_NETWORK: Limit = Limit { count: 20, window: HOUR };

/// An account made on the command line: confirmed and approved at once.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The handle. Reserved ones are for other roles than resident.
    pub username: String,
    /// Where letters go.
    pub email: String,
    /// The password.
    pub password: String,
    /// What they may do.
    pub role: Role,
}

/// A row that is ready to be written but for its key.
#[derive(Clone)]
struct Prepared {
    username: Username,
    email: Address,
    password_hash: String,
    role: Role,
    locale: String,
    reason: String,
    rules_accepted: bool,
    is_confirmed: bool,
    is_approved: bool,
    key: Option<Pairs>,
}

/// How the transaction ended.
enum Outcome {
    /// The account is there.
    Made(AccountId, Option<Posted>),
    /// Somebody has this address already: they get a letter, and the visitor the same answer as if it had worked.
    AddressKnown(Posted),
    /// The pool ran empty meanwhile.
    NeedsKey,
}

/// Signs somebody up and sends them a letter. `None` when the address belongs to somebody already: their owner gets another letter, and
/// **the door answers as if an account had been made**, so that nobody learns who has one (threats A7, I2).
///
/// # Errors
/// `Refused`: `RegistrationClosed`, `TooManyAttempts`; `Invalid` with all fields that must be corrected.
pub async fn sign_up(town: &Town, form: SignUp) -> Result<Option<AccountId>> {
    let registration = town.settings().accounts.registration;
    if registration == Registration::Closed {
        return Err(Refusal::RegistrationClosed.into());
    }
    let (username, email) = checked(town, &form).await?;
    let standing = standing(town, &form, &email).await?;
    if !may_sign_up_from(town, form.from) {
        return Err(Refusal::TooManyAttempts.into());
    }
    // An address that got enough letters gets no more, and the visitor the same answer (threats A8).
    if !letters::may_write_to(town, &email.key()) {
        return Ok(None);
    }
    let prepared = Prepared {
        username,
        email,
        password_hash: town.passwords().hash(&form.password).await?,
        role: Role::Resident,
        locale: Language::from_code(&form.locale).unwrap_or_default().code().to_owned(),
        reason: form.reason,
        rules_accepted: true,
        is_confirmed: false,
        is_approved: registration == Registration::Open && standing == Standing::Free,
        key: None,
    };
    match write(town, prepared).await? {
        Outcome::Made(id, letter) => {
            if let Some(letter) = letter {
                letters::send(town, letter).await;
            }
            Ok(Some(id))
        }
        Outcome::AddressKnown(letter) => {
            letters::send(town, letter).await;
            Ok(None)
        }
        Outcome::NeedsKey => Err(Error::internal("no key pair")),
    }
}

/// What stands before somebody: their network, the domain of their mail, their address.
async fn standing(town: &Town, form: &SignUp, email: &Address) -> Result<Standing> {
    let network = networks::standing(town, form.from).await?;
    if network == Standing::Barred {
        return Err(Refusal::NetworkBarred.into());
    }
    let key = email.key();
    let mail = town.db().read(move |c| mail::standing(c, &key)).await?;
    if mail == Standing::Barred {
        return Err(Error::field("email", Refusal::EmailUnusable));
    }
    Ok(network.and(mail))
}

/// Makes an account for somebody the operator knows.
///
/// # Errors
/// `Invalid` with the fields that must be corrected; a taken address is said plainly here.
pub async fn create_by_command(town: &Town, new: NewAccount) -> Result<AccountId> {
    let username = match new.role {
        Role::Resident => Username::for_resident(&new.username),
        _ => Username::parse(&new.username),
    };
    let prepared = Prepared {
        username: username.map_err(|r| Error::field("username", r))?,
        email: email(&new.email).map_err(|r| Error::field("email", r))?,
        password_hash: town.passwords().hash(&new.password).await?,
        role: new.role,
        locale: town
            .settings()
            .town
            .languages
            .first()
            .and_then(|l| Language::from_code(l))
            .unwrap_or_default()
            .code()
            .to_owned(),
        reason: String::new(),
        rules_accepted: false,
        is_confirmed: true,
        is_approved: true,
        key: None,
    };
    match write(town, prepared).await? {
        Outcome::Made(id, _) => Ok(id),
        Outcome::AddressKnown(_) => Err(Error::field("email", Refusal::EmailUnusable)),
        Outcome::NeedsKey => Err(Error::internal("no key pair")),
    }
}

/// Whether a network may open another account; counted only for forms without mistakes, and when the settings want limits.
fn may_sign_up_from(town: &Town, from: Option<IpAddr>) -> bool {
    let Some(from) = from.filter(|_| town.settings().limits.rate_limits) else { return true };
    let key = format!("sign-up from {}", network(from));
    town.attempts().count(&key, FROM_ONE_NETWORK, town.now()).is_allowed
}

/// All problems of a form at once.
async fn checked(town: &Town, form: &SignUp) -> Result<(Username, Address)> {
    let mut problems = Vec::new();
    let mut note = |field, refusal| problems.push(FieldProblem { field, refusal });
    if !form.accepts_rules {
        note("agreement", Refusal::RulesNotAccepted);
    }
    if !is_long_enough(&form.password) {
        note("password", Refusal::PasswordLength);
    }
    if form.reason.chars().count() > SIGN_UP_REASON_MAX {
        note("reason", Refusal::TextTooLong);
    }
    let email = email(&form.email).map_err(|r| note("email", r)).ok();
    let mut username = Username::for_resident(&form.username).map_err(|r| note("username", r)).ok();
    if let Some(wanted) = username.clone()
        && town.db().read(move |c| is_taken(c, &wanted)).await?
    {
        note("username", Refusal::HandleTaken);
        username = None;
    }
    match (username, email) {
        (Some(username), Some(email)) if problems.is_empty() => Ok((username, email)),
        _ => Err(Error::Invalid(problems)),
    }
}

fn email(text: &str) -> std::result::Result<Address, Refusal> {
    parvis_mail::address(text.trim()).map_err(|_| Refusal::EmailUnusable)
}

/// Whether somebody here has this handle, or one that looks like it.
pub(super) fn is_taken(c: &mut crate::Conn, username: &Username) -> Result<bool> {
    Ok(accounts::by_handle(c, username.as_str(), "")?.is_some()
        || accounts::is_skeleton_taken(c, &username.skeleton())?)
}

/// The transaction, again with a key when the pool had none and again when another sign-up with the same address was faster.
async fn write(town: &Town, mut prepared: Prepared) -> Result<Outcome> {
    let ready = town.db().read(|c| Ok::<_, Error>(keys::pool_size(c)?)).await?;
    if ready == 0 {
        prepared.key = Some(key_pool::make(town).await?);
    }
    for _ in 0..3 {
        let this = prepared.clone();
        match town.db().write(move |tx| register(tx, &this)).await {
            Ok(Outcome::NeedsKey) => prepared.key = Some(key_pool::make(town).await?),
            Err(Error::Internal(parvis_store::Error::Conflict(what))) if what.starts_with("accounts.") => {
                return Err(Error::field("username", Refusal::HandleTaken));
            }
            Err(Error::Internal(parvis_store::Error::Conflict(what))) => {
                tracing::debug!(what, "another sign-up with the same address was faster");
            }
            other => return other,
        }
    }
    Err(Error::internal("a sign-up that could not be written"))
}

fn register(tx: &mut Tx<'_>, new: &Prepared) -> Result<Outcome> {
    if is_taken(tx, &new.username)? {
        return Err(Error::field("username", Refusal::HandleTaken));
    }
    if let Some(login) = logins::by_email(tx, &new.email.key())? {
        return Ok(Outcome::AddressKnown(already_there(tx, &login)?));
    }
    let account = local::row(tx, new.username.as_str(), new.username.skeleton(), ActorKind::Person)?;
    if !local::insert(tx, &account, new.key.as_ref())? {
        return Ok(Outcome::NeedsKey);
    }
    let now = tx.now();
    let login = Login {
        account_id: account.id,
        email: new.email.to_string(),
        email_key: new.email.key(),
        password_hash: new.password_hash.clone(),
        role: new.role.as_str().to_owned(),
        locale: new.locale.clone(),
        sign_up_reason: new.reason.clone(),
        rules_accepted_at: new.rules_accepted.then_some(now),
        confirmed_at: new.is_confirmed.then_some(now),
        approved_at: new.is_approved.then_some(now),
        last_active_at: now,
        default_visibility: 0,
        default_sensitive: false,
        default_language: None,
        created_at: now,
        default_quote_policy: parvis_model::quote::QuotePolicy::PUBLIC.automatic.0,
        disabled_at: None,
    };
    logins::insert(tx, &login)?;
    let letter = if new.is_confirmed {
        None
    } else {
        let token = links::create(tx, account.id, Purpose::Confirm)?;
        let to = addressee(&login, &account.username);
        Some(letters::write(tx, &to, &About::Confirm(token))?)
    };
    Ok(Outcome::Made(account.id, letter))
}

fn already_there(tx: &mut Tx<'_>, login: &Login) -> Result<Posted> {
    let username = accounts::by_id(tx, login.account_id)?.map(|a| a.username).unwrap_or_default();
    letters::write(tx, &addressee(login, &username), &About::AlreadyThere)
}

/// Whom letters to a login are for.
#[must_use]
pub fn addressee(login: &Login, username: &str) -> Addressee {
    Addressee { email: login.email.clone(), username: username.to_owned(), locale: login.locale.clone() }
}

#[cfg(test)]
#[path = "register_tests.rs"]
mod tests;
