//! `cargo xtask tidy`: the rules of docs/STYLE.md that neither Cargo nor clippy know. Each rule is a function from the [`Tree`] to complaints.
//!
//! - [`edges`]: which crate may import which, and which library has one home.
//! - [`files`]: module docs, sizes, names, forbidden markers.
//! - [`topics`]: the reading order of `domain`.
//! - [`companions`]: migrations in pairs, documents that must mention things.

mod companions;
mod edges;
mod files;
mod topics;
mod tree;

use anyhow::Result;

use crate::command::{Reported, root};
use tree::Tree;

/// Checks all rules and prints every complaint.
pub fn run() -> Result<()> {
    let tree = Tree::read(&root())?;
    let complaints: Vec<String> =
        [edges::check(&tree), files::check(&tree), topics::check(&tree), companions::check(&tree)].concat();
    let long = files::worth_another_look(&tree);
    if !long.is_empty() {
        println!("look again, over {} lines: {}", files::LOOK_AGAIN, long.join(", "));
    }
    if complaints.is_empty() {
        println!("tidy: {} files, nothing to complain about", tree.len());
        return Ok(());
    }
    complaints.iter().for_each(|complaint| println!("{complaint}"));
    println!("tidy: {} complaints (docs/STYLE.md says why)", complaints.len());
    Err(Reported.into())
}
