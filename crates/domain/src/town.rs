//! A town: everything a use case may need, in one cheap clone. It is axum's state and activitypub_federation's `app_data`. Two towns can live in
//! one process, so nothing of it is global.

use std::sync::Arc;

use parvis_config::Settings;
use parvis_model::random::SharedRandom;
use parvis_model::time::{Moment, SharedClock};
use parvis_model::urls::Urls;
use parvis_store::Database;

use crate::attempts::Attempts;
use crate::context::Context;
use crate::keys::KeySource;
use crate::known_languages::KnownLanguages;
use crate::known_networks::KnownNetworks;
use crate::outside::{Mail, Remote};
use crate::secrets::Secrets;
use crate::turns::Turns;

/// What a running town is made of. Filled by `server::wire` (or `testing::Town`).
pub struct Parts {
    /// The settings.
    pub settings: Settings,
    /// The database, opened with the [`Context`] as its `extra`.
    pub db: Database,
    /// The clock.
    pub clock: SharedClock,
    /// Randomness.
    pub random: SharedRandom,
    /// The town's secret.
    pub secrets: Secrets,
    /// New key pairs.
    pub keys: Arc<dyn KeySource>,
    /// Mail.
    pub mail: Arc<dyn Mail>,

    /// Pictures are decoded here, in a confined child process.
    pub pictures: parvis_media::Processor,
    /// Video and sound are processed here, in confined child processes, if ffmpeg is there.
    pub recordings: parvis_media::Recordings,
    /// Files are kept here.
    pub files: parvis_media::Files,
    /// How costly a password hash is.
    pub passwords: crate::passwords::Passwords,
}

struct Inner {
    parts: Parts,
    context: Arc<Context>,
    remote: std::sync::OnceLock<Arc<dyn Remote>>,
    attempts: Attempts,
    networks: KnownNetworks,
    turns: Turns,
    languages: KnownLanguages,
}

/// How many logins and networks are watched at once for passwords tried.
const WATCHED: usize = 20_000;

/// See the module.
#[derive(Clone)]
pub struct Town(Arc<Inner>);

impl std::fmt::Debug for Town {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Town").field(&self.urls().domain()).finish()
    }
}

impl Town {
    /// A town of these parts. `context` is the one that the database was opened with.
    #[must_use]
    pub fn new(parts: Parts, context: Arc<Context>) -> Self {
        Self(Arc::new(Inner {
            parts,
            context,
            remote: std::sync::OnceLock::new(),
            attempts: Attempts::new(WATCHED),
            networks: KnownNetworks::default(),
            turns: Turns::default(),
            languages: KnownLanguages::default(),
        }))
    }

    /// Gives the town its way to other servers; once, because that way is built from the town itself.
    pub fn connect(&self, remote: Arc<dyn Remote>) {
        let _already = self.0.remote.set(remote);
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Database {
        &self.0.parts.db
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.0.parts.clock.now()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &SharedClock {
        &self.0.parts.clock
    }

    /// Randomness.
    #[must_use]
    pub fn random(&self) -> &SharedRandom {
        &self.0.parts.random
    }

    /// Our addresses.
    #[must_use]
    pub fn urls(&self) -> &Urls {
        &self.0.context.urls
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// The town's secret.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.0.parts.secrets
    }

    /// New key pairs.
    #[must_use]
    pub fn keys(&self) -> &Arc<dyn KeySource> {
        &self.0.parts.keys
    }

    /// Other servers; before [`Town::connect`], nowhere.
    #[must_use]
    pub fn remote(&self) -> Arc<dyn Remote> {
        self.0.remote.get().cloned().unwrap_or_else(|| Arc::new(crate::outside::Nowhere))
    }

    /// What the translation service can.
    #[must_use]
    pub fn languages(&self) -> &KnownLanguages {
        &self.0.languages
    }

    /// Mail.
    #[must_use]
    pub fn mail(&self) -> &Arc<dyn Mail> {
        &self.0.parts.mail
    }

    /// The picture decoder.
    #[must_use]
    pub fn pictures(&self) -> &parvis_media::Processor {
        &self.0.parts.pictures
    }

    /// What processes video and sound.
    #[must_use]
    pub fn recordings(&self) -> &parvis_media::Recordings {
        &self.0.parts.recordings
    }

    /// Turns at files that are fetched.
    #[must_use]
    pub fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// Stored files.
    #[must_use]
    pub fn files(&self) -> &parvis_media::Files {
        &self.0.parts.files
    }

    /// Attempts to sign in, by login and by network.
    #[must_use]
    pub fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    /// The blocked networks, as they were read last.
    #[must_use]
    pub fn networks(&self) -> &KnownNetworks {
        &self.0.networks
    }

    /// Password hashing.
    #[must_use]
    pub fn passwords(&self) -> &crate::passwords::Passwords {
        &self.0.parts.passwords
    }
}
