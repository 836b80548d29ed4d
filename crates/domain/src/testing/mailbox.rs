//! Letters that stay in memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::error::{Error, Result};
use crate::outside::{Letter, Mail};

/// All letters a town sent, in order.
#[derive(Debug, Default)]
pub struct Mailbox {
    letters: Mutex<Vec<Letter>>,
    is_down: AtomicBool,
}

impl Mailbox {
    /// All letters so far.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the mail server refuses everything.
    pub fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::SeqCst);
    }

    /// The newest letter to an address.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn newest_to(&self, address: &str) -> Letter {
        self.letters().into_iter().rev().find(|l| l.to == address).expect("a letter to this address")
    }

    /// The token of the link in the newest letter to an address.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn token_to(&self, address: &str) -> String {
        let text = self.newest_to(address).text;
        let (_, rest) = text.split_once("token=").expect("a link in the letter");
        rest.split_whitespace().next().expect("a token").to_owned()
    }
}

#[async_trait]
impl Mail for Mailbox {
    async fn send(&self, letter: Letter) -> Result<()> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(Error::internal("the mail server is down"));
        }
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        Ok(())
    }
}
