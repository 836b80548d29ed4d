//! Pictures: what residents and other servers send is decoded, reduced and encoded anew, in a process that can
//! do nothing else (threats M1–M5), and stored under names that we chose.
//!
//! A leaf: it knows no other Parvis crate. Who may upload, what a file belongs to and when it is deleted is in
//! `domain::media`; addresses and headers of delivered files are in `client-api` and `web`. Video, sound, AVIF
//! and HEIC are refused by name; object storage is not here yet.

pub mod child;
pub mod limits;
pub mod process;
pub mod sniff;
pub mod store;
pub mod worker;

mod animation;
mod encode;
mod refused;
mod wanted;
mod wire;

pub use child::{Error, Processor};
pub use process::{Encoded, Processed};
pub use refused::Refused;
pub use sniff::FileType;
pub use store::{Folder, Key};
pub use wanted::{Kind, Wanted};
