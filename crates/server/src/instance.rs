//! One town, put together from its settings and started: database, secrets, keys, mail, pictures, federation, jobs, listener. `tests/` starts several
//! in one process with parts of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use parvis_config::Settings;
use parvis_domain::accounts::instance_actor;
use parvis_domain::keys::{Generated, KeySource};
use parvis_domain::passwords::Passwords;
use parvis_domain::secrets::Secrets;
use parvis_domain::town::Parts;
use parvis_domain::{Town, outbox};
use parvis_federation::client::Limits;
use parvis_federation::delivery::Delivery;
use parvis_federation::{Federation, Inbox};
use parvis_jobs::Runner;
use parvis_media::{Bucket, BucketSettings, Files, Folder, Processor, Recordings};
use parvis_model::random::{SharedRandom, SystemRandom};
use parvis_model::time::{SharedClock, SystemClock};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{http, wire};

/// Pictures decoded at once.
const PICTURES_AT_ONCE: usize = 2;

/// What a town takes from the machine. Tests bring their own.
#[derive(Debug, Clone)]
pub struct Machine {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub keys: Arc<dyn KeySource>,
    pub passwords: Passwords,
    /// The program to start for decoding pictures; `None` decodes in this process.
    pub decoder: Option<PathBuf>,
    /// Times and sizes of requests to other servers.
    pub limits: Limits,
}

impl Machine {
    /// The real one.
    ///
    /// # Errors
    /// The program's own path is unknown.
    pub fn real() -> anyhow::Result<Self> {
        Ok(Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys: Arc::new(Generated),
            passwords: Passwords::production()?,
            decoder: Some(std::env::current_exe().context("the path of this program")?),
            limits: Limits::default(),
        })
    }
}

/// Opens a town's database and parts, with migrations done; nothing runs yet. Enough for commands beside a serving town.
///
/// # Errors
/// In words for the operator.
pub async fn open(settings: &Settings, machine: &Machine) -> anyhow::Result<Town> {
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("cannot make the data folder {}", settings.data_dir.display()))?;
    let (secrets, is_new) =
        Secrets::load_or_create(&settings.secret_file(), &*machine.random).context("the town's secret")?;
    let context = wire::context(settings, &secrets);
    let db = parvis_domain::Database::open(parvis_domain::DatabaseSettings {
        url: settings.database_url(),
        readers: 4,
        extra: Some(context.clone()),
        clock: Arc::clone(&machine.clock),
        random: Arc::clone(&machine.random),
        extra_ca_file: None,
    })
    .await
    .context("the database cannot be opened")?;
    let done = db.migrate().await.context("the database cannot be migrated")?;
    if !done.is_empty() {
        tracing::info!(count = done.len(), "migrations done");
    }
    let mail = crate::mail::Post::new(settings, Arc::clone(&machine.clock), Arc::clone(&machine.random))?;
    let pictures = match &machine.decoder {
        Some(program) => Processor::confined(program.clone(), PICTURES_AT_ONCE),
        None => Processor::in_process(),
    };
    let parts = Parts {
        settings: settings.clone(),
        db,
        clock: Arc::clone(&machine.clock),
        random: Arc::clone(&machine.random),
        secrets,
        keys: Arc::clone(&machine.keys),
        mail: Arc::new(mail),
        pictures,
        recordings: recordings(settings, machine),
        files: files(settings)?,
        passwords: machine.passwords.clone(),
    };
    let town = Town::new(parts, context);
    if !has_its_secret(&town).await? {
        town.db().close().await;
        let file = settings.secret_file();
        if is_new {
            // Made a moment ago, and of no use to a database that is older.
            std::fs::remove_file(&file)?;
        }
        anyhow::bail!(
            "{} {}: the town's private keys are sealed with another one; put back the secret key that belongs to this database",
            file.display(),
            if is_new { "is missing" } else { "does not fit the database" }
        );
    }
    Ok(town)
}

/// Where files are kept.
fn files(settings: &Settings) -> anyhow::Result<Files> {
    let s3 = &settings.s3;
    let (Some(bucket), Some(endpoint)) = (&s3.bucket, &s3.endpoint) else {
        let folder =
            Folder::open(settings.data_dir.join("media")).context("the folder of stored pictures")?;
        return Ok(folder.into());
    };
    let bucket = Bucket::open(&BucketSettings {
        endpoint: endpoint.to_string(),
        region: s3.region.clone(),
        bucket: bucket.clone(),
        access_key_id: s3.access_key_id.clone(),
        secret_access_key: s3
            .secret_access_key
            .as_ref()
            .map(|key| key.expose().to_owned())
            .unwrap_or_default(),
        is_virtual_hosted: s3.virtual_hosted,
    });
    Ok(Files::Bucket(bucket.context("the bucket of stored pictures")?))
}

/// What processes video and sound, while ffmpeg is there. Whether it really works is tried while the town serves (`crate::ffmpeg`).
fn recordings(settings: &Settings, machine: &Machine) -> Recordings {
    if !settings.media.recordings {
        return Recordings::none();
    }
    let asked = settings.clone();
    Recordings::with(move || asked.ffmpeg(), machine.decoder.clone(), settings.work_folder())
}

/// Whether the secret is the one that the town's private keys were sealed with. True where there are none yet.
async fn has_its_secret(town: &Town) -> anyhow::Result<bool> {
    let uri = town.urls().instance_actor();
    let key = town.db().read(move |c| match instance_actor::find(c, &uri)? {
        Some(actor) => outbox::signing_key(c, actor),
        None => Ok(None),
    });
    Ok(key.await?.is_none_or(|key| key.open(town.secrets()).is_ok()))
}

/// A town that serves.
pub struct Instance {
    pub town: Town,
    pub federation: Federation,
    /// What goes out.
    pub delivery: Delivery,
    /// What transactions leave for later.
    pub jobs: Runner<Town>,
    /// Where it listens.
    pub address: SocketAddr,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Instance {
    /// Opens and starts a town. It listens on `listener`, or on `http.listen` of the settings.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn start(
        settings: &Settings,
        machine: &Machine,
        listener: Option<TcpListener>,
    ) -> anyhow::Result<Self> {
        let instance = Self::standing_still(settings, machine, listener).await?;
        instance.take_over().await;
        instance.delivery.spawn(&instance.tasks, instance.stop.clone());
        instance.jobs.spawn(&instance.tasks, instance.stop.clone());
        Inbox::spawn(instance.federation.clone(), &instance.tasks, instance.stop.clone());
        instance.tasks.spawn(crate::ffmpeg::watch(instance.town.clone(), instance.stop.clone()));
        Ok(instance)
    }

    /// Goes on at once with what a killed process had in hand, if no other process can be at it. Its connections to PostgreSQL may live for a
    /// moment longer than it did; where other nodes serve, the leases run out by themselves.
    async fn take_over(&self) {
        const LOOKS: u32 = 5;
        const PAUSE: Duration = Duration::from_millis(200);
        let db = self.town.db();
        for look in 1..=LOOKS {
            let done = match db.is_alone().await {
                Ok(true) => db.write(parvis_domain::jobs::take_over).await.map(|()| true),
                Ok(false) => Ok(false),
                Err(error) => Err(error.into()),
            };
            match done {
                Ok(true) => return,
                Ok(false) if look < LOOKS => tokio::time::sleep(PAUSE).await,
                Ok(false) => tracing::debug!("other processes work on this database"),
                Err(error) => {
                    tracing::warn!(%error, "what a killed process held waits for the end of its lease");
                    return;
                }
            }
        }
    }

    /// As [`Instance::start`], but nothing happens between requests: no job runs, nothing is delivered and nothing that came in is worked on until
    /// the caller says so. For tests, where the order of things must not be chance.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn standing_still(
        settings: &Settings,
        machine: &Machine,
        listener: Option<TcpListener>,
    ) -> anyhow::Result<Self> {
        let town = open(settings, machine).await?;
        instance_actor::ensure(&town).await.context("the instance actor")?;
        crate::ffmpeg::look(&town).await;
        let client = wire::client(&town, machine.limits.clone())?;
        let federation = Federation::connect(&town, client).await.context("federation")?;
        let listener = match listener {
            Some(listener) => listener,
            None => TcpListener::bind(settings.http.listen).await.with_context(|| {
                format!("cannot listen on {}; is another server running there?", settings.http.listen)
            })?,
        };
        let address = listener.local_addr()?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let figures = http::metrics::Figures::new()?;
        let routes = http::around(wire::routes(&federation), settings, &figures, Some(town.clone()));
        tasks.spawn(http::listen::serve(listener, routes, stop.clone()));
        tasks.spawn(figures.clone().keep_small(stop.clone()));
        if let Some(at) = settings.metrics.listen {
            let listener =
                TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at} for metrics"))?;
            tasks.spawn(http::listen::serve(listener, figures.router(town.clone()), stop.clone()));
        }
        let jobs = wire::jobs(&town);
        let delivery = Delivery::new(town.clone(), federation.client().clone());
        Ok(Self { town, federation, delivery, jobs, address, stop, tasks })
    }

    /// Stops taking requests, lets those under way and the work in hand end, and closes the database (threats R17).
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.town.db().close().await;
    }
}
