//! A web of one page and one picture, for tests of previews: whatever is asked for, that is what comes.

use std::sync::Mutex;

use async_trait::async_trait;
use parvis_model::handle::Address;
use parvis_model::ids::AccountId;

use crate::error::{Error, Result};
use crate::outside::{Found, Remote, Upload, WebPage};

/// A small picture.
pub const PICTURE: &[u8] = include_bytes!("picture.png");

/// See the module. It remembers what was asked for.
#[derive(Debug)]
pub struct Web {
    html: String,
    asked: Mutex<Vec<String>>,
    is_down: Mutex<bool>,
}

impl Web {
    /// Every page of it is this one.
    #[must_use]
    pub fn of(html: &str) -> Self {
        Self { html: html.to_owned(), asked: Mutex::default(), is_down: Mutex::default() }
    }

    /// Whether nothing answers.
    pub fn set_down(&self, is_down: bool) {
        *self.is_down.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = is_down;
    }

    /// The addresses that were asked for since the last call.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn ask(&self, url: &str) -> Result<()> {
        self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(url.to_owned());
        if *self.is_down.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(Error::Remote("nothing answers".to_owned()));
        }
        Ok(())
    }
}

#[async_trait]
impl Remote for Web {
    async fn account_by_address(&self, _: &Address) -> Result<Option<AccountId>> {
        Ok(None)
    }

    async fn by_url(&self, _: &str) -> Result<Option<Found>> {
        Ok(None)
    }

    async fn page(&self, url: &str) -> Result<WebPage> {
        self.ask(url)?;
        let bytes = self.html.clone().into_bytes();
        Ok(WebPage { url: url.to_owned(), content_type: Some("text/html".to_owned()), bytes })
    }

    async fn recording(&self, url: &str, _: u64) -> Result<Upload> {
        self.ask(url)?;
        Ok(Upload::of(std::env::temp_dir(), bytes::Bytes::from_static(super::FILM)))
    }

    async fn picture(&self, url: &str, _: usize) -> Result<Vec<u8>> {
        self.ask(url)?;
        Ok(PICTURE.to_vec())
    }
}
