//! Activities on their way to other servers: writing them in the transaction of what they tell ([`write()`]), who hears whom ([`on_event`]), and
//! what the engine in `federation::delivery` needs: batches, keys, and how each server fares.
//!
//! Not here: how an activity looks (`federation::outbox` renders it from an event), HTTP, signatures. SQL is in `store::{outbox, peers}`.

mod audience;
mod batch;
mod peers;
mod write;

pub use audience::{close_without_follower, everybody_who_heard, on_event, without_follower};
pub use batch::{Batch, SigningKey, ToDeliver, batch_for, hosts_between, proof_key, signing_key};
pub use parvis_store::peers::Peer;
pub use peers::{
    DEAD_AFTER, Trouble, advance, behind, forget_old, head, inbox_is_gone, lately_reached, leave_lead, lift,
    next_try, number, peer, record_failure, record_success, revive, set_signature, take_lead,
};
pub use write::{Audience, Outgoing, write};

#[cfg(test)]
mod tests;
