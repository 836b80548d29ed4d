//! `parvis serve`.

use parvis_config::Settings;
use tokio::signal::unix::{Signal, SignalKind, signal};

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
    // Before anything answers: whoever sees the town ready may stop it at once.
    let mut end = End::listen()?;
    let instance = Instance::start(settings, machine, None).await?;
    out::say(format_args!("Parvis serves {} on {}", instance.town.urls().base(), instance.address));
    end.told().await;
    out::say("stopping");
    instance.stop().await;
    Ok(())
}

/// Ctrl-C and SIGTERM, which from now on no longer end the process but are heard here.
#[derive(Debug)]
pub struct End {
    interrupt: Signal,
    terminate: Signal,
}

impl End {
    /// Begins to listen.
    ///
    /// # Errors
    /// The machine has no signals.
    pub fn listen() -> anyhow::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns when the program is told to end.
    pub async fn told(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
