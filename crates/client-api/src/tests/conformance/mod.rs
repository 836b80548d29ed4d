//! A square full of people and posts, for `cargo xtask conformance`: each list with two elements or more, each optional part of an entity at least once. What
//! the routes *do* is tested by topic beside this folder; here it is looked at with rich data, as a client meets it in a town that is lived in.

mod cards;
mod desk;
mod discovery;
mod lists;
mod people;
mod posts;
mod square;
mod told;
mod town;
mod translations;
mod trends;

use serde_json::Value;

pub use square::Square;

/// A list with at least two elements: a list of one proves neither order nor that it is one.
#[track_caller]
pub fn several(list: Value) -> Vec<Value> {
    match list {
        Value::Array(all) if all.len() >= 2 => all,
        other => panic!("not several: {other}"),
    }
}
