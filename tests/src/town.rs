//! One whole town: database, server on a free port of loopback, everything real but clock, keys, randomness and the price of passwords.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use parvis_config::Settings;
use parvis_domain::accounts::{NewAccount, create_by_command, find};
use parvis_domain::oauth::tokens::issue_by_command;
use parvis_domain::passwords::Passwords;
use parvis_domain::testing::{FixedKeys, PASSWORD, Place, START};
use parvis_federation::Inbox;
use parvis_federation::client::Limits;
use parvis_model::account::Role;
use parvis_model::random::SeededRandom;
use parvis_model::scope::Scopes;
use parvis_model::time::{Clock as _, ManualClock, Moment};
use parvis_server::instance::{Instance, Machine};
use tokio::net::TcpListener;

use crate::answer::Answer;
use crate::person::Person;

/// What a town is made of.
pub struct Setup {
    /// The name without the port: `a.localhost`.
    pub host: &'static str,
    pub place: Place,
    pub clock: Arc<ManualClock>,
    /// Other than the other town's.
    pub seed: u64,
    /// Times and sizes of requests to other servers.
    pub limits: Limits,
    /// Changes the settings before the start.
    pub settings: Box<dyn FnOnce(&mut Settings) + Send>,
}

impl Setup {
    /// A town of this name on SQLite.
    #[must_use]
    pub fn named(host: &'static str) -> Self {
        Self {
            host,
            place: Place::sqlite(),
            clock: ManualClock::starting_at(START),
            seed: 1,
            limits: Limits::default(),
            settings: Box::new(|_| {}),
        }
    }
}

/// A town that serves. Nothing happens in it between requests unless [`Town::step`] is called.
pub struct Town {
    instance: Option<Instance>,
    settings: Settings,
    machine: Machine,
    /// The clock of this town, perhaps also of others.
    pub clock: Arc<ManualClock>,
    /// Asks any town or peer of the test.
    pub http: reqwest::Client,
    _folder: tempfile::TempDir,
    // Last, so that the town is closed before its database is removed.
    _place: Place,
}

impl Town {
    /// Starts a town.
    pub async fn start(setup: Setup) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let mut settings = Settings::for_tests(&format!("{}:{port}", setup.host));
        settings.http.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        settings.data_dir = folder.path().to_owned();
        settings.database.url = Some(parvis_config::Secret::new(setup.place.url()));
        (setup.settings)(&mut settings);
        let machine = Machine {
            clock: setup.clock.clone(),
            random: SeededRandom::new(setup.seed),
            keys: Arc::new(FixedKeys::default()),
            passwords: Passwords::minimal().expect("parameters"),
            decoder: None,
            limits: setup.limits,
        };
        let instance =
            Instance::standing_still(&settings, &machine, Some(listener)).await.expect("the town starts");
        Self {
            instance: Some(instance),
            settings,
            machine,
            clock: setup.clock,
            http: client(),
            _folder: folder,
            _place: setup.place,
        }
    }

    /// The town as the use cases see it.
    #[must_use]
    pub fn town(&self) -> &parvis_domain::Town {
        &self.instance().town
    }

    /// The running instance.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        self.instance.as_ref().expect("the town runs")
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.instance().address
    }

    /// `a.localhost:4001`
    #[must_use]
    pub fn domain(&self) -> String {
        self.settings.domain.to_string()
    }

    /// The address of a path of this town.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http://") { path.to_owned() } else { format!("http://{}{path}", self.domain()) }
    }

    /// Where the town keeps its files.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.settings.data_dir
    }

    /// Opens an account for somebody and signs a client program in.
    pub async fn resident(&self, name: &str) -> Person<'_> {
        self.account(name, Role::Resident).await
    }

    /// As [`Town::resident`], with a role.
    pub async fn account(&self, name: &str, role: Role) -> Person<'_> {
        let new = NewAccount {
            username: name.to_owned(),
            email: format!("{name}@mail.example"),
            password: PASSWORD.to_owned(),
            role,
        };
        create_by_command(self.town(), new).await.expect("an account");
        self.sign_in(name, "read write follow push").await
    }

    /// A client program of somebody who lives here, with these scopes.
    pub async fn sign_in(&self, name: &str, scopes: &str) -> Person<'_> {
        let token = self.token(name, scopes).await;
        Person::new(self, name, token).await
    }

    /// A bearer token, as the command line makes it.
    pub async fn token(&self, name: &str, scopes: &str) -> String {
        let (name, scopes) = (name.to_owned(), Scopes::parse(scopes).expect("scopes"));
        let write = move |tx: &mut parvis_domain::Tx<'_>| {
            let account = find::local(tx, &name)?;
            issue_by_command(tx, account.id, &scopes)
        };
        self.town().db().write(write).await.expect("a token").token
    }

    /// What the town's clock shows.
    #[must_use]
    pub fn clock_now(&self) -> Moment {
        self.clock.now()
    }

    /// Asks for a page or document without being anybody.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::to(self.http.get(self.url(path))).await
    }

    /// Asks for the ActivityPub document of an address.
    pub async fn document(&self, path: &str) -> Answer {
        Answer::to(self.http.get(self.url(path)).header("accept", crate::ACTIVITY)).await
    }

    /// Does what is due now, once, and says how much that was.
    pub async fn step(&self) -> usize {
        let instance = self.instance();
        let jobs = instance.jobs.run_due().await.expect("the jobs run");
        let taken =
            Inbox::new(instance.federation.clone()).process_due().await.expect("the inbox is worked through");
        let delivered = instance.delivery.deliver_due().await.expect("the outbox is delivered");
        jobs + taken + delivered
    }

    /// Stops in order, as on SIGTERM.
    pub async fn stop(&mut self) {
        if let Some(instance) = self.instance.take() {
            crate::within("a town stops", instance.stop()).await;
        }
    }

    /// Starts again on the same port and database.
    pub async fn start_again(&mut self) {
        assert!(self.instance.is_none(), "stop it first");
        let listener = TcpListener::bind(self.settings.http.listen).await.expect("the port is free again");
        let instance = Instance::standing_still(&self.settings, &self.machine, Some(listener)).await;
        self.instance = Some(instance.expect("the town starts again"));
    }
}

/// A client that finds every name under `localhost` on this machine, follows no redirect and waits long.
#[expect(clippy::disallowed_methods, reason = "tests speak to towns from outside")]
pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .dns_resolver(Arc::new(Loopback))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(crate::PATIENCE)
        .no_proxy()
        .build()
        .expect("a client")
}

struct Loopback;

impl reqwest::dns::Resolve for Loopback {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let is_ours = name.as_str() == "localhost" || name.as_str().ends_with(".localhost");
        Box::pin(async move {
            if !is_ours {
                return Err("tests ask this machine only".into());
            }
            let here: Vec<SocketAddr> = vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))];
            Ok::<reqwest::dns::Addrs, _>(Box::new(here.into_iter()))
        })
    }
}
