//! `parvis serve`.

use parvis_config::Settings;

use super::out;
use crate::instance::{Instance, Machine};

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// In words for the operator.
pub async fn run(settings: &Settings, machine: &Machine) -> anyhow::Result<()> {
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    let instance = Instance::start(settings, machine, None).await?;
    out::say(format_args!("Parvis serves {} on {}", instance.town.urls().base(), instance.address));
    until_told().await?;
    out::say("stopping");
    instance.stop().await;
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
///
/// # Errors
/// The machine has no signals.
pub async fn until_told() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
