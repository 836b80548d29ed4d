//! One file per topic: what the page shows, its template's fields, its handler, its tests. Forms of staff are in `desk`.

pub mod ask_letter;
pub mod consent;
pub mod data;
pub mod facilitate;
pub mod front;
pub mod leaving;
pub mod machine;
pub mod moving;
pub mod notice;
pub mod password;
pub mod post;
pub mod profile;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod sign_up;
pub mod strikes;
pub mod timelines;
pub mod town;
