//! How a letter leaves: to a mail server by SMTP, or into a folder where the developer reads it. Building the
//! message is lettre's work; which headers our letters carry is decided here.

use std::{
    io,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp,
};
use tokio::task::spawn_blocking;

use crate::Address;

/// How long a mail server may be silent.
const PATIENCE: Duration = Duration::from_secs(20);
/// The longest subject, in characters; more is cut off.
const MAX_SUBJECT_CHARS: usize = 200;

/// A letter to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same letter sent again has the same id, so that mailboxes can show it once. Made of `a-z A-Z 0-9 - _`.
    pub id: String,
    pub to: Address,
    /// One line; control characters are removed.
    pub subject: String,
    pub text: String,
    /// The same as `text` in HTML, from a template of ours.
    pub html: Option<String>,
    /// When it was written: the caller's clock.
    pub written_at: SystemTime,
}

/// Why a letter did not leave.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings name no mail server.
    #[error("no mail server is configured")]
    NotConfigured,
    /// The settings or the message are wrong; trying again does not help.
    #[error("the message cannot be written: {0}")]
    Unwritable(String),
    /// The mail server said no, or could not be reached.
    #[error("the mail server did not take the message: {0}")]
    Smtp(#[from] smtp::Error),
    /// The folder cannot be written to.
    #[error("the message cannot be put into the folder: {0}")]
    Folder(#[from] io::Error),
}

impl Error {
    /// True when sending the same letter again cannot succeed: a 5xx answer, or a message that cannot be written.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::NotConfigured | Self::Folder(_) => false,
            Self::Unwritable(_) => true,
            Self::Smtp(error) => error.is_permanent(),
        }
    }
}

/// The way out for letters. Cheap to clone; connections to the mail server are kept and shared.
#[derive(Debug, Clone)]
pub struct Mailer {
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Nowhere,
    Folder { folder: PathBuf, from: Mailbox },
    Smtp { transport: AsyncSmtpTransport<Tokio1Executor>, from: Mailbox },
}

impl Mailer {
    /// For an instance without a mail server: every letter fails with [`Error::NotConfigured`].
    pub fn nowhere() -> Self {
        Self { way: Way::Nowhere }
    }

    /// For development: letters become `.eml` files, and the log says where. `from` is an address, with or
    /// without a name: `Town of Clairval <no-reply@clairval.example>`.
    pub fn folder(folder: PathBuf, from: &str) -> Result<Self, Error> {
        Ok(Self { way: Way::Folder { folder, from: sender(from)? } })
    }

    /// A mail server: `smtps://user:password@host`, `smtp://user:password@host:587?tls=required`, or
    /// `smtp://localhost:25` without encryption.
    ///
    /// # Errors
    /// [`Error::Smtp`] if the URL cannot be understood, [`Error::Unwritable`] if `from` is no address. Nothing is
    /// connected to yet. Must be called inside a Tokio runtime.
    pub fn smtp(url: &str, from: &str) -> Result<Self, Error> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(PATIENCE)).build();
        Ok(Self { way: Way::Smtp { transport, from: sender(from)? } })
    }

    /// Sends a letter: when this returns, the mail server has it.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_permanent`] says whether to try again.
    pub async fn send(&self, message: &Message) -> Result<(), Error> {
        match &self.way {
            Way::Nowhere => Err(Error::NotConfigured),
            Way::Smtp { transport, from } => {
                transport.send(written(message, from)?).await?;
                Ok(())
            }
            Way::Folder { folder, from } => {
                let path = folder.join(format!("{}.eml", message.id));
                let content = written(message, from)?.formatted();
                let (folder, file) = (folder.clone(), path.clone());
                spawn_blocking(move || {
                    std::fs::create_dir_all(folder)?;
                    std::fs::write(file, content)
                })
                .await
                .map_err(io::Error::other)??;
                tracing::info!(path = %path.display(), "a letter was put into the mail folder");
                Ok(())
            }
        }
    }
}

fn sender(from: &str) -> Result<Mailbox, Error> {
    from.parse().map_err(|_| Error::Unwritable(format!("the sender {from:?} is not an address")))
}

fn written(message: &Message, from: &Mailbox) -> Result<lettre::Message, Error> {
    let unwritable = |error: &dyn std::error::Error| Error::Unwritable(error.to_string());
    let id_is_plain = message.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if message.id.is_empty() || !id_is_plain {
        return Err(Error::Unwritable(format!("the id {:?} is not plain", message.id)));
    }
    let to =
        lettre::Address::new(message.to.local(), message.to.domain()).map_err(|error| unwritable(&error))?;
    // RFC 3834 §5: so that holiday notices are not sent back.
    let automatic =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
    let builder = lettre::Message::builder()
        .message_id(Some(format!("<{}@{}>", message.id, from.email.domain())))
        .date(message.written_at)
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(&message.subject))
        .raw_header(automatic);
    match &message.html {
        None => builder.singlepart(SinglePart::plain(message.text.clone())),
        Some(html) => {
            builder.multipart(MultiPart::alternative_plain_html(message.text.clone(), html.clone()))
        }
    }
    .map_err(|error| unwritable(&error))
}

/// A subject cannot begin another header.
fn one_line(subject: &str) -> String {
    let plain = subject.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    plain.filter(|character| !character.is_control()).take(MAX_SUBJECT_CHARS).collect()
}

#[cfg(test)]
#[path = "mailer_tests.rs"]
mod tests;
