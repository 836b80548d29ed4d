//! The words of Parvis in every language, and the choice of a language for a visitor.
//!
//! - [`Language`]: the languages we have words in, and which one a visitor gets.
//! - [`Words`]: a sentence by its key. The sentences are in `locales/<language>/{common,web,mail,errors}.ftl`
//!   (Fluent, <https://projectfluent.org>) and are compiled into the program.
//!
//! Adding a sentence: the same key with the same arguments in every language; a test says what is missing. Adding a
//! language: a folder in `locales` and a case of [`Language`]. Not here: dates and numbers for people (the doors), texts that the town itself writes (settings).

mod language;
mod words;

pub use fluent_bundle::FluentValue as Value;
pub use language::Language;
pub use words::{Arguments, Words};
