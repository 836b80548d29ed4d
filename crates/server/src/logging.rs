//! What is logged, and how: one line per thing, to the standard error stream, as text or JSON (`log.format`).

use std::io::IsTerminal as _;

use parvis_config::{LogFormat, Settings};
use tracing_subscriber::EnvFilter;

/// Turns logging on for this process. A second call changes nothing (towns of one process share their log).
pub fn start(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Colours are for people at a terminal; in a file they hide what one searches for.
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(true);
    let _already = match settings.log.format {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Text => lines.try_init(),
    };
}
