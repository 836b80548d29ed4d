//! The letters about accounts, in the language of who gets them. The words are in `i18n` (`mail.ftl`), the mail server is spoken to in `parvis-mail`.
//!
//! A letter is a job in the transaction that needs it, so that it is not lost when the process ends or the mail server is down. It is sent right
//! after the commit, because somebody waits for it, and the job removed; otherwise the job sends it.

use async_trait::async_trait;
use parvis_i18n::{Language, Words};
use parvis_jobs::{Job, Next, Problem, enqueue};
use parvis_model::moderation::Action;
use parvis_model::time::{HOUR, MINUTE};
use parvis_store::jobs;
use serde::{Deserialize, Serialize};

use crate::attempts::Limit;
use crate::error::{Error, Result};
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
    /// Staff decided about the account: what, why, and where to answer.
    Decided {
        /// What.
        action: Action,
        /// In their words; '' when there are none.
        reason: String,
        /// Where to answer.
        link: String,
    },
    /// An appeal was right: the link shows it.
    AppealApproved(String),
    /// An appeal was turned down.
    AppealRejected(String),
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

/// How long the job leaves it to [`send`], in milliseconds.
const GRACE: i64 = MINUTE;

/// How many letters that strangers can ask for go to one address.
const TO_ONE_ADDRESS: Limit = Limit { count: 5, window: HOUR };

/// Counts a letter that anybody can have sent to an address (threats A8). `false` when it got enough of them: say nothing, send nothing.
#[must_use]
pub fn may_write_to(town: &Town, email_key: &str) -> bool {
    town.attempts().count(&format!("letter to {email_key}"), TO_ONE_ADDRESS, town.now()).is_allowed
}

/// A letter that is in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "send it after the commit, or its reader waits for the job"]
pub struct Posted {
    letter: Letter,
    key: String,
}

/// Writes a letter and puts it into the queue. Links come from the settings only (threats X5).
///
/// # Errors
/// Internal.
pub fn write(tx: &mut Tx<'_>, to: &Addressee, about: &About) -> Result<Posted> {
    let letter = compose(tx, to, about)?;
    let key = format!("letter/{}", tx.new_id());
    let sealed = Sealed::of(tx, &key, &letter)?;
    let later = tx.now().plus(GRACE);
    enqueue::<Town, SendLetter>(tx, &sealed, Some(&key), later)?;
    Ok(Posted { letter, key })
}

fn compose(tx: &Tx<'_>, to: &Addressee, about: &About) -> Result<Letter> {
    let context = context_of(tx)?;
    let urls = &context.urls;
    let mut reason_text = String::new();
    let (name, link) = match about {
        About::Confirm(token) => ("confirm", urls.confirm_email(token)),
        About::AlreadyThere => ("already", urls.forgotten_password()),
        About::NewPassword(token) => ("reset", urls.new_password(token)),
        About::PasswordChanged => ("password-changed", String::new()),
        About::Approved => ("approved", urls.sign_in()),
        About::Rejected => ("rejected", String::new()),
        About::Decided { action, reason, link } => {
            reason_text.clone_from(reason);
            (decided(*action), link.clone())
        }
        About::AppealApproved(link) => ("appeal-approved", link.clone()),
        About::AppealRejected(link) => ("appeal-rejected", link.clone()),
    };
    let language = Language::from_code(&to.locale).unwrap_or_default();
    let arguments = [
        ("town", context.settings.town.name.clone().into()),
        ("username", to.username.clone().into()),
        ("link", link.into()),
        ("has_reason", if reason_text.is_empty() { "no" } else { "yes" }.into()),
        ("reason", reason_text.into()),
    ];
    Ok(Letter {
        to: to.email.clone(),
        subject: Words::text(language, &format!("mail-{name}-subject"), &arguments),
        text: Words::text(language, &format!("mail-{name}-text"), &arguments),
    })
}

const fn decided(action: Action) -> &'static str {
    match action {
        Action::None => "decided-none",
        Action::Sensitive => "decided-sensitive",
        Action::Disable => "decided-disable",
        Action::Silence => "decided-silence",
        Action::Suspend => "decided-suspend",
    }
}

/// Sends a letter, after the commit. A mail server that is down must not undo what was committed: the job tries again.
pub async fn send(town: &Town, posted: Posted) {
    let Posted { letter, key } = posted;
    let sent = match town.mail().send(letter).await {
        Ok(()) => town.db().write(move |tx| Ok::<_, Error>(jobs::finish_by_key(tx, &key)?)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = sent {
        tracing::warn!(%error, "a letter is left to the job");
    }
}

/// Sends a letter that could not be sent at once.
pub struct SendLetter;

/// A letter as the queue keeps it: it may hold a link, and links are stored as hashes only.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sealed {
    purpose: String,
    sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Open {
    to: String,
    subject: String,
    text: String,
}

impl Sealed {
    fn of(tx: &Tx<'_>, key: &str, letter: &Letter) -> Result<Self> {
        let Letter { to, subject, text } = letter.clone();
        let plain =
            serde_json::to_vec(&Open { to, subject, text }).map_err(|e| Error::internal(e.to_string()))?;
        let sealed = context_of(tx)?.secrets.seal(key, &plain)?;
        Ok(Self { purpose: key.to_owned(), sealed: hex::encode(sealed) })
    }

    fn open(&self, town: &Town) -> Result<Letter> {
        let bytes = hex::decode(&self.sealed).map_err(|e| Error::internal(e.to_string()))?;
        let plain = town.secrets().open(&self.purpose, &bytes)?;
        let Open { to, subject, text } =
            serde_json::from_slice(&plain).map_err(|e| Error::internal(e.to_string()))?;
        Ok(Letter { to, subject, text })
    }
}

#[async_trait]
impl Job<Town> for SendLetter {
    const KIND: &'static str = "accounts.letter";
    type Payload = Sealed;

    async fn run(sealed: Sealed, town: &Town) -> std::result::Result<Next<Sealed>, Problem> {
        let letter = sealed.open(town).map_err(|e| Problem::hopeless(e.to_string()))?;
        town.mail().send(letter).await?;
        Ok(Next::Done)
    }
}
