//! What things are: plain types and pure rules. No I/O, no async, no database; every other crate may import this one and it imports none.
//!
//! Neighbours: the same topic names stand in `store` (rows), `domain` (use cases) and the doors.

pub mod ids;
pub mod random;
pub mod time;
