//! What is logged, and how: one line per thing, to the standard error stream, as text or JSON (`log.format`).

use std::io::IsTerminal as _;

use parvis_config::{LogFormat, Settings};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Turns logging on for this process. A second call changes nothing (towns of one process share their log).
///
/// # Errors
/// `log.level` says nothing that we know.
pub fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter = filter(&settings.log.level)?;
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
    Ok(())
}

/// The filter. A word that is no level would be read as the name of a part, and then nothing at all is logged.
fn filter(level: &str) -> anyhow::Result<EnvFilter> {
    for part in level.split(',').map(str::trim).filter(|part| !part.contains('=')) {
        anyhow::ensure!(
            !part.is_empty() && part.parse::<LevelFilter>().is_ok(),
            "log.level: \"{part}\" is not one of error, warn, info, debug, trace, off"
        );
    }
    EnvFilter::try_new(level).map_err(|error| anyhow::anyhow!("log.level: {error}"))
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_level_that_nobody_knows_is_refused_instead_of_silencing_everything() {
        for good in ["info", "WARN", "info,parvis_federation=debug", "off"] {
            assert!(filter(good).is_ok(), "{good}");
        }
        for bad in ["blah", "", "info,loud", "parvis=loud"] {
            assert!(filter(bad).is_err(), "{bad}");
        }
    }
}
