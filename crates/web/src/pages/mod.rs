//! One file per topic: what the page shows, its template's fields, its handler, its tests. Forms of staff are in `desk`.

pub mod front;
pub mod machine;
pub mod post;
pub mod profile;
pub mod timelines;
pub mod town;
