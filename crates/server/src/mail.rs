//! The way letters leave: `domain::outside::Mail` on top of the mail crate.

use async_trait::async_trait;
use parvis_config::Settings;
use parvis_domain::outside::{Letter, Mail};
use parvis_domain::{Error, Result};
use parvis_mail::{Mailer, Message};
use parvis_model::random::SharedRandom;
use parvis_model::time::SharedClock;

/// Sends by the mail server of the settings, or writes to the folder of development mode.
#[derive(Debug)]
pub struct Post {
    mailer: Mailer,
    clock: SharedClock,
    random: SharedRandom,
}

impl Post {
    /// The way that the settings say.
    ///
    /// # Errors
    /// The mail server's address or the sender cannot be read.
    pub fn new(settings: &Settings, clock: SharedClock, random: SharedRandom) -> anyhow::Result<Self> {
        let from = settings.mail_from();
        let mailer = match &settings.mail.smtp_url {
            Some(url) => Mailer::smtp(url.expose(), &from)?,
            None if settings.development => Mailer::folder(settings.mail_folder(), &from)?,
            None => Mailer::nowhere(),
        };
        Ok(Self { mailer, clock, random })
    }
}

#[async_trait]
impl Mail for Post {
    async fn send(&self, letter: Letter) -> Result<()> {
        let to = parvis_mail::address(&letter.to).map_err(|e| Error::internal(e.to_string()))?;
        let millis = u64::try_from(self.clock.now().0).unwrap_or_default();
        let message = Message {
            id: parvis_domain::secrets::new_token(&*self.random),
            to,
            subject: letter.subject,
            text: letter.text,
            html: None,
            written_at: std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis),
        };
        self.mailer.send(&message).await.map_err(|e| Error::internal(format!("mail: {e}")))
    }
}
