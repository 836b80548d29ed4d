//! Pictures, video and sound: what residents and other servers send is decoded, reduced and encoded anew, in a process that can
//! do nothing else (threats M1–M5), and stored under names that we chose. Pictures by the image crate, the rest by ffmpeg.
//!
//! A leaf: it knows no other Parvis crate. Who may upload, what a file belongs to and when it is deleted is in
//! `domain::media`; addresses and headers of delivered files are in `client-api` and `web`. HEIC is
//! refused by name, and so is AVIF where there is no ffmpeg to read it.

mod bucket;
pub mod child;
pub mod limits;
pub mod process;
pub mod recording;
pub mod sniff;
pub mod store;
pub mod worker;

mod animation;
mod container;
mod files;
mod part;
mod encode;
mod refused;
mod upload;
mod wanted;
mod wire;

pub use bucket::{Bucket, BucketSettings};
pub use child::{Error, Processor};
pub use container::Container;
pub use files::Files;
pub use part::{Found, Opened, Part};
pub use process::{Encoded, Processed};
pub use recording::{Effort, Recording, Recordings, Turn};
pub use refused::Refused;
pub use sniff::FileType;
pub use store::{Folder, Key};
pub use upload::Upload;
pub use wanted::{Kind, Wanted};

/// What a stored file is served as, by the end of its name. The names are ours and made after looking inside; what has another end is not served.
#[must_use]
pub fn mime_of(key: &str) -> Option<&'static str> {
    let (_, extension) = key.rsplit_once('.')?;
    let picture = FileType::ALL.iter().find(|kind| kind.extension() == extension).map(|kind| kind.mime());
    picture
        .or_else(|| Container::ALL.iter().find(|kind| kind.extension() == extension).map(|kind| kind.mime()))
}
