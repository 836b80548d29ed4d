//! Where the town of a run is: a copy of one that was seeded before, or a database on a PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use parvis_config::{Secret, Settings};
use parvis_domain::testing::FixedKeys;
use parvis_domain::testing::crowded::{self, Plan};
use parvis_model::time::Moment;
use parvis_server::instance::{self, Machine};

use crate::Outcome;

/// The name of the town.
pub const DOMAIN: &str = "bench.example";

/// A seeded town.
pub struct Place {
    data_dir: PathBuf,
    postgres: Option<String>,
    pub plan: Plan,
}

impl Place {
    /// Finds the town, or makes it.
    pub fn prepare(dir: &Path, postgres: Option<&str>, plan: Plan) -> Outcome<Self> {
        let size = format!("{}-{}", plan.accounts, plan.statuses);
        let home = match postgres {
            None => dir.join(format!("sqlite-{size}")),
            Some(url) => dir.join(format!("postgres-{}-{size}", digits(url))),
        };
        let (seeded, done) = (home.join("seeded"), home.join("until"));
        if !done.exists() {
            if seeded.exists() {
                fs::remove_dir_all(&seeded)?;
            }
            fs::create_dir_all(&seeded)?;
            seed(&seeded, postgres, plan)?;
            fs::write(&done, plan.until.0.to_string())?;
        }
        let until = Moment(fs::read_to_string(&done)?.trim().parse()?);
        let data_dir = if postgres.is_some() { seeded } else { copied(&seeded, &home.join("run"))? };
        Ok(Self { data_dir, postgres: postgres.map(str::to_owned), plan: Plan { until, ..plan } })
    }

    /// The folder of the server.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Of a PostgreSQL.
    pub fn url(&self) -> Option<&str> {
        self.postgres.as_deref()
    }

    /// What is measured.
    pub fn describe(&self) -> String {
        let engine = if self.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
        format!(
            "{engine}, {} accounts, {} posts, {} readers",
            self.plan.accounts, self.plan.statuses, self.plan.viewers
        )
    }
}

/// A run writes, and the next one shall find what this one found.
fn copied(seeded: &Path, run: &Path) -> Outcome<PathBuf> {
    if run.exists() {
        fs::remove_dir_all(run)?;
    }
    fs::create_dir_all(run)?;
    for entry in fs::read_dir(seeded)?.flatten().filter(|e| e.path().is_file()) {
        fs::copy(entry.path(), run.join(entry.file_name()))?;
    }
    Ok(run.to_owned())
}

fn seed(data_dir: &Path, postgres: Option<&str>, plan: Plan) -> Outcome<()> {
    let mut settings = Settings::for_tests(DOMAIN);
    data_dir.clone_into(&mut settings.data_dir);
    settings.database.url = postgres.map(Secret::new);
    let machine = Machine { keys: Arc::new(FixedKeys::default()), ..Machine::real()? };
    let bar = ProgressBar::new(0)
        .with_style(ProgressStyle::with_template("{msg:12} {wide_bar} {pos}/{len} {elapsed}")?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let town = instance::open(&settings, &machine).await?;
        crowded::seed(&town, plan, |what, done, all| {
            bar.set_message(what);
            bar.set_length(u64::try_from(all).unwrap_or(0));
            bar.set_position(u64::try_from(done).unwrap_or(0));
        })
        .await?;
        town.db().close().await;
        bar.finish_and_clear();
        Ok(())
    })
}

/// A short number for an address, so that two databases are two folders.
fn digits(url: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    url.hash(&mut hasher);
    hasher.finish() % 100_000_000
}
