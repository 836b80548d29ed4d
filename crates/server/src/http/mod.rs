//! The web server around the doors: connections and their limits, who the client is, headers for everybody, health, stored files.
//!
//! What happens around every request is in `front`, in one place and one order; the other files each hold one concern of it.

pub mod barred;
pub mod client_ip;
pub mod files;
mod front;
pub mod headers;
pub mod health;
pub mod limits;
pub mod listen;
pub mod metrics;
pub mod negotiate;
pub mod request_id;

pub use front::around;
