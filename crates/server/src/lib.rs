//! The binary's inside: how a town is put together ([`wire`]), started ([`instance`]), listened to ([`http`]) and operated ([`cli`]).
//!
//! Deliberately not here: rules (domain), pages and APIs (the doors). `tests/` starts whole towns with [`instance::Instance`].

pub mod cli;
mod ffmpeg;
pub mod http;
pub mod instance;
pub mod logging;
pub mod mail;
pub mod wire;
