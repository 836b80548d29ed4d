//! Whole towns under test: real servers on loopback, driven over their own APIs, with a clock that moves when told to.
//!
//! [`TwoTowns`] are two towns in this process; [`TwoTowns::settle`] lets everything that is due happen (jobs, deliveries, inboxes) and returns when
//! nothing is left, so no test waits for time. [`Person`] does what a client program does. [`Peers`] are servers of somebody else, well-behaved and not.
//! [`Program`] is the real `parvis` in a process of its own, which can be killed. The tests are in `tests/all`.
//!
//! Deliberately not here: what a single crate can show by itself; that is tested beside its code.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose towns do not stand has failed"
)]

mod answer;
mod bucket;
mod deadline;
mod letters;
mod mixes;
mod peers;
mod person;
mod pictures;
mod program;
mod raw;
mod socket;
mod town;
mod towns;

pub use answer::Answer;
pub use bucket::Bucket;
pub use deadline::{PATIENCE, within};
pub use letters::{Letter, Sender};
pub use mixes::{each, mixed};
pub use peers::{Actor, Arrived, Behaviour, Peers};
pub use person::{Person, list, text, upload_form, words};
pub use pictures::{SECRET_OF_THE_CAMERA, camera_picture, tells};
pub use program::Program;
pub use raw::raw;
pub use socket::Stream;
pub use town::{Setup, Town};
pub use towns::{TwoTowns, settle};

pub use parvis_domain::testing::Place;
pub use serde_json::{Value, json};

/// The media type of ActivityPub.
pub const ACTIVITY: &str = "application/activity+json";
/// Everybody, as a recipient (ActivityPub §5.6).
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
