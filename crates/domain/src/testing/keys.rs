//! A few key pairs made once per process: making one takes longer than most tests.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Result;
use crate::keys::{Generated, KeyMaterial, KeySource};

const PAIRS: usize = 4;

/// Gives out the same few pairs in turn, so that neighbouring actors have different ones.
#[derive(Debug, Default)]
pub struct FixedKeys {
    next: AtomicUsize,
}

impl KeySource for FixedKeys {
    fn new_rsa(&self) -> Result<KeyMaterial> {
        static MADE: [OnceLock<KeyMaterial>; PAIRS] = [const { OnceLock::new() }; PAIRS];
        let turn = self.next.fetch_add(1, Ordering::SeqCst) % PAIRS;
        let slot = MADE.get(turn).expect("a turn is below the number of pairs");
        Ok(slot.get_or_init(|| Generated.new_rsa().expect("a key pair")).clone())
    }
}
