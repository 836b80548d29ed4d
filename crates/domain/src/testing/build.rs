//! Building a town for a test.

use std::sync::{Arc, Mutex};

use parvis_config::Settings;
use parvis_model::random::SeededRandom;
use parvis_model::time::ManualClock;
use parvis_store::Database;
use parvis_store::testing::{Place, START};

use super::{FixedKeys, Mailbox, Town, tell};
use crate::context::{Context, Listener};
use crate::passwords::Passwords;
use crate::secrets::{LENGTH, Secrets};
use crate::town::Parts;

/// See [`Town::builder`].
pub struct Builder {
    domain: String,
    settings: Box<dyn FnOnce(&mut Settings) + Send>,
    listeners: Vec<Listener>,
    clock: Option<Arc<ManualClock>>,
    place: Option<Place>,
    seed: u64,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            domain: "town.example".to_owned(),
            settings: Box::new(|_| {}),
            listeners: Vec::new(),
            clock: None,
            place: None,
            seed: 1,
        }
    }
}

impl Builder {
    /// Another domain, such as `town-a.localhost:4001`. The scheme is http.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        domain.clone_into(&mut self.domain);
        self
    }

    /// Changes the settings.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings) + Send + 'static) -> Self {
        self.settings = Box::new(change);
        self
    }

    /// Who hears of events in the transaction.
    #[must_use]
    pub fn listeners(mut self, listeners: Vec<Listener>) -> Self {
        self.listeners = listeners;
        self
    }

    /// A clock shared with another town.
    #[must_use]
    pub fn clock(mut self, clock: Arc<ManualClock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The database; SQLite unless said otherwise.
    #[must_use]
    pub fn place(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Other random numbers than the first town of the test has.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Builds it.
    pub async fn build(self) -> Town {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = self.place.unwrap_or_else(Place::sqlite);
        let mut settings = Settings::for_tests(&self.domain);
        folder.path().clone_into(&mut settings.data_dir);
        (self.settings)(&mut settings);

        let clock = self.clock.unwrap_or_else(|| ManualClock::starting_at(START));
        let mail = Arc::new(Mailbox::default());
        let mut listeners = self.listeners;
        listeners.push(tell);
        let town = node(&place, settings, clock.clone(), mail.clone(), self.seed, listeners).await;
        let heard = Mutex::new(town.db().subscribe());
        Town { town, clock, mail, heard, place, _folder: folder }
    }
}

/// One server process of a town.
pub(super) async fn node(
    place: &Place,
    settings: Settings,
    clock: Arc<ManualClock>,
    mail: Arc<Mailbox>,
    seed: u64,
    listeners: Vec<Listener>,
) -> crate::Town {
    let random = SeededRandom::new(seed);
    let secrets = Secrets::from_bytes([7; LENGTH]);
    let context = Context::new(settings.clone(), secrets.clone(), listeners);
    let mut opening = place.settings(clock.clone(), random.clone());
    opening.extra = Some(context.clone());
    let db = Database::open(opening).await.expect("the database opens");
    let files = parvis_media::Folder::open(settings.data_dir.join("media")).expect("a folder for files");
    let recordings = match settings.ffmpeg() {
        Some(program) => {
            parvis_media::Recordings::with(move || Some(program.clone()), None, settings.work_folder())
        }
        None => parvis_media::Recordings::none(),
    };
    let parts = Parts {
        settings,
        recordings,
        db,
        clock,
        random,
        secrets,
        keys: Arc::new(FixedKeys::default()),
        mail,
        pictures: parvis_media::Processor::in_process(),
        files: files.into(),
        passwords: Passwords::minimal().expect("parameters"),
    };
    crate::Town::new(parts, context)
}
