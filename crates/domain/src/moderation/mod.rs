//! Looking after the rules: reports, decisions about accounts, appeals against them. Who may is `staff`, what was done is `audit`; words and limits
//! are in `model::moderation`.

pub mod actions;
pub mod appeals;
pub mod desk;
pub mod lifting;
pub mod measures;
pub mod presets;
pub mod reports;
pub mod roster;
pub mod servers;

pub use parvis_store::reports::Filter as ReportFilter;
pub use parvis_store::roster::{Filter as AccountFilter, State};

#[cfg(test)]
mod tests;
