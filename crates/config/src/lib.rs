//! Settings: what an operator can decide, where it is read from, and what is wrong with it in words an operator understands.
//!
//! - [`settings`]: the structs, one documented field per setting; the names are a contract with scripts (docs/operating/install.md).
//! - [`layers`]: defaults, then `parvis.toml`, then the environment (`PARVIS_`, `__` between levels, `…_FILE` for secrets).
//! - [`domain`] and [`values`]: single values that need checking (the name of the instance, a secret, a list).
//! - [`example`]: `config.example.toml`, written from the structs.
//!
//! The process environment is read here and nowhere else. Not here: opening the things that settings name (`server`).

pub mod domain;
pub mod example;
pub mod layers;
pub mod problem;
pub mod settings;
pub mod values;

#[cfg(test)]
mod deployment;
mod described;

pub use domain::{Domain, Scheme};
pub use layers::TOWN_WITHOUT_CONFIGURATION;
pub use problem::Problem;
pub use settings::{
    Accounts, Cache, DatabaseSettings, FederationSettings, Http, Limits, Log, LogFormat, Mail, Media,
    Metrics, Registration, S3, Settings, Town,
};
pub use values::Secret;
