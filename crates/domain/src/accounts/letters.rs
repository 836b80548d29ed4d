//! The letters about accounts, in the language of who gets them. The words are in `i18n` (`mail.ftl`), sending is in `parvis-mail`.

use parvis_i18n::{Language, Words};

use crate::error::Result;
use crate::events::context_of;
use crate::outside::Letter;
use crate::{Town, Tx};

/// Which letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Confirm your address, with the token of the link.
    Confirm(String),
    /// You have an account already.
    AlreadyThere,
    /// Choose a new password, with the token of the link.
    NewPassword(String),
    /// Your password was changed.
    PasswordChanged,
    /// A moderator let you in.
    Approved,
    /// The moderators did not.
    Rejected,
}

/// Whom a letter is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// E-mail address.
    pub email: String,
    /// Username.
    pub username: String,
    /// Language code.
    pub locale: String,
}

/// Writes a letter. Links come from the settings only (threats X5).
///
/// # Errors
/// Internal.
pub fn write(tx: &Tx<'_>, to: &Addressee, about: &About) -> Result<Letter> {
    let context = context_of(tx)?;
    let urls = &context.urls;
    let (name, link) = match about {
        About::Confirm(token) => ("confirm", urls.confirm_email(token)),
        About::AlreadyThere => ("already", urls.forgotten_password()),
        About::NewPassword(token) => ("reset", urls.new_password(token)),
        About::PasswordChanged => ("password-changed", String::new()),
        About::Approved => ("approved", urls.sign_in()),
        About::Rejected => ("rejected", String::new()),
    };
    let language = Language::from_code(&to.locale).unwrap_or_default();
    let arguments = [
        ("town", context.settings.town.name.clone().into()),
        ("username", to.username.clone().into()),
        ("link", link.into()),
    ];
    Ok(Letter {
        to: to.email.clone(),
        subject: Words::text(language, &format!("mail-{name}-subject"), &arguments),
        text: Words::text(language, &format!("mail-{name}-text"), &arguments),
    })
}

/// Sends a letter, after the commit. A mail server that is down must not undo what was committed: whoever waits for the letter can ask for
/// another one.
pub async fn send(town: &Town, letter: Letter) {
    if let Err(error) = town.mail().send(letter).await {
        tracing::warn!(%error, "a letter could not be sent");
    }
}
