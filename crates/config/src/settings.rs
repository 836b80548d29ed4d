//! Every setting, with its documentation and its default. Adding one: a field here with a doc comment, then `cargo xtask generate`.
//!
//! The defaults written here are those of a town without any configuration: `http://localhost:8080`, everything in `./parvis-data`, development mode.
//! [`crate::layers`] replaces `scheme`, `development` and `federation.allow_loopback` by strict ones as soon as a domain is configured.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::described::settings;
use crate::domain::{Domain, Scheme};
use crate::values::{Secret, lines, list, networks, switch};

settings! {
    /// Settings of a Parvis instance. Every line can also be given by the environment: `PARVIS_`, then the name in capitals, with `__` between
    /// the levels; the environment wins over this file.
    Settings {
        /// The name of this instance in handles and addresses (`@ana@parvis.example`), never an IP address; it may carry a port. It cannot be changed once others
        /// know the instance. Without it the instance is a trial on this machine, in development mode.
        domain: Domain = Domain::trial();
        /// `https`, or `http` for trials and tests. Default: `https` as soon as `domain` is set. With `https` a reverse proxy (Caddy, nginx) holds the certificate.
        scheme: Scheme = Scheme::Http;
        /// Development mode: loopback addresses may be federated with and mail is written to a folder of `data_dir` instead of sent. On without a `domain`, off
        /// with one.
        #[serde(deserialize_with = "switch")]
        development: bool = true;
        /// Where the embedded database, uploaded pictures, the secret key and (in development) mail are kept.
        data_dir: PathBuf = PathBuf::from("parvis-data");
        /// The file of the 32-byte key that encrypts private keys in the database. Made at the first start; all nodes of an instance share it. Default: `secret.key` in
        /// `data_dir`.
        secret_file: Option<PathBuf> = None, shown as "\"/run/secrets/parvis.key\"";
        /// Where data is kept.
        database: DatabaseSettings = DatabaseSettings::default();
        /// The web server.
        http: Http = Http::default();
        /// Figures for Prometheus.
        metrics: Metrics = Metrics::default();
        /// How the instance meets others.
        federation: FederationSettings = FederationSettings::default();
        /// Video and sound.
        media: Media = Media::default();
        /// Stored files in a bucket instead of on the disk.
        s3: S3 = S3::default();
        /// Protection against overload.
        limits: Limits = Limits::default();
        /// What is kept in memory.
        cache: Cache = Cache::default();
        /// What many people use at the moment.
        trends: Trends = Trends::default();
        /// Posts in other languages.
        translation: Translation = Translation::default();
        /// Who may have an account.
        accounts: Accounts = Accounts::default();
        /// What is logged, to the standard error stream.
        log: Log = Log::default();
        /// Outgoing mail.
        mail: Mail = Mail::default();
        /// How the municipality presents itself.
        town: Town = Town::default();
    }

    /// Where data is kept.
    DatabaseSettings {
        /// `sqlite://PATH` (embedded, nothing to install) or `postgres://USER:PASSWORD@HOST/NAME`. Default: `parvis.sqlite` in `data_dir`. It may come from a
        /// file: `PARVIS_DATABASE__URL_FILE`.
        url: Option<Secret> = None, shown as "\"postgres://parvis:secret@localhost/parvis\"";
    }

    /// The web server.
    Http {
        /// Address and port to listen on. `0.0.0.0:8080` inside a container.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080));
        /// Addresses or networks of reverse proxies whose `X-Forwarded-For` is believed. Others are taken to be the visitor themselves.
        #[serde(deserialize_with = "networks")]
        trusted_proxies: Vec<IpNet> = Vec::new(), shown as "[\"127.0.0.1\", \"10.0.0.0/8\"]";
    }

    /// Figures for Prometheus.
    Metrics {
        /// Address and port of a listener of its own for `/metrics`. Off by default; never make it public.
        listen: Option<SocketAddr> = None, shown as "\"127.0.0.1:9090\"";
    }

    /// How the instance meets others.
    FederationSettings {
        /// Whether addresses of this machine may be contacted. Default: the same as `development`.
        #[serde(deserialize_with = "switch")]
        allow_loopback: bool = true;
        /// Exact exceptions (address and port) to the rule that private and local addresses are never contacted, such as a neighbouring town in the same data
        /// centre.
        #[serde(deserialize_with = "list")]
        allowed_private_addresses: Vec<SocketAddr> = Vec::new(), shown as "[\"10.1.2.3:443\"]";
        /// A file of certificates (PEM) to trust besides those of the system, such as the authority of a test network.
        extra_ca_file: Option<PathBuf> = None, shown as "\"/etc/parvis/extra-ca.pem\"";
        /// Seconds until a failed delivery is tried again for the first time; the pause doubles from there up to twelve hours.
        first_retry_seconds: u32 = 60;
        /// Secure mode: other servers must sign their requests for people and posts, so that blocked ones get nothing. Some small servers cannot read the town then.
        #[serde(deserialize_with = "switch")]
        secure_mode: bool = false;
        /// Who sees which servers the town blocks, and why: `everybody`, `residents` (whoever is signed in) or `nobody`.
        show_domain_blocks: ShownTo = ShownTo::Everybody;
    }

    /// Video and sound.
    Media {
        /// Whether video and sound are taken, where ffmpeg is there to process them. Pictures need nothing.
        #[serde(deserialize_with = "switch")]
        recordings: bool = true;
        /// The program ffmpeg; ffprobe must lie beside it. Default: found in `PATH`. It runs confined and needs a kernel with Landlock (Linux 5.13).
        ffmpeg: Option<PathBuf> = None, shown as "\"/usr/bin/ffmpeg\"";
    }

    /// Stored files (pictures, video, sound) in a bucket of a store that speaks S3, instead of in `data_dir`. The town asks it directly, wherever it is.
    S3 {
        /// The bucket. Without one, files are kept in `data_dir`.
        bucket: Option<String> = None, shown as "\"parvis-clairval\"";
        /// Where the store is.
        endpoint: Option<Url> = None, shown as "\"https://s3.fr-par.scw.cloud\"";
        /// The store's name of the place.
        region: String = "us-east-1".to_owned();
        /// Who the town is to the store.
        access_key_id: String = String::new(), shown as "\"parvis-clairval\"";
        /// What it proves that with. It may come from a file: `PARVIS_S3__SECRET_ACCESS_KEY_FILE`.
        secret_access_key: Option<Secret> = None, shown as "\"…\"";
        /// Whether the bucket is part of the host's name (`https://BUCKET.ENDPOINT/`) and not of the path.
        #[serde(deserialize_with = "switch")]
        virtual_hosted: bool = false;
        /// Where everybody can read the bucket, if they can: browsers are sent there instead of reading through the town. Without it the town
        /// serves the files itself.
        public_url: Option<Url> = None, shown as "\"https://media.clairval.example\"";
    }

    /// Protection against overload.
    Limits {
        /// Whether requests are counted and slowed down per visitor and account. Turn it off only behind something that does the same.
        #[serde(deserialize_with = "switch")]
        rate_limits: bool = true;
        /// Seconds that a poll must be open at least. Mastodon has 300; others may be shorter.
        poll_min_seconds: u32 = 300;
    }

    /// What is kept in memory.
    Cache {
        /// Megabytes for posts and accounts, so that they need not be put together for every page. Each process has its own.
        size_mb: u32 = 64;
    }

    /// What many people use at the moment.
    Trends {
        /// Whether hashtags, posts and links that many people use are counted and, once staff allowed them, shown to client programs. Off: a town has
        /// no need of what is loud.
        #[serde(deserialize_with = "switch")]
        enabled: bool = false;
    }

    /// Posts in other languages.
    Translation {
        /// The address of a LibreTranslate service (https) that the municipality runs or rents. Public posts are sent to it when somebody asks for a
        /// translation. A private address must stand in `federation.allowed_private_addresses`. Without one nothing is translated.
        service_url: Option<Url> = None, shown as "\"https://translate.clairval.example\"";
        /// The key that the service wants, if it does. It may come from a file: `PARVIS_TRANSLATION__API_KEY_FILE`.
        api_key: Option<Secret> = None, shown as "\"…\"";
    }

    /// Who may have an account.
    Accounts {
        /// `open`: everybody, after confirming the address; `approval`: staff decide on each; `closed`: accounts are made on the command line.
        registration: Registration = Registration::Open;
    }

    /// What is logged, to the standard error stream.
    Log {
        /// `text` for people, `json` for log collectors.
        format: LogFormat = LogFormat::Text;
        /// `error`, `warn`, `info`, `debug` or `trace`; also per part, such as `info,parvis_federation=debug`. With `info`, requests that change something, fail
        /// or take a second have a line; with `info,parvis_server=debug` all have one.
        level: String = "info".to_owned();
    }

    /// Outgoing mail.
    Mail {
        /// The mail server: `smtp://USER:PASSWORD@HOST:PORT?tls=required` or `smtps://USER:PASSWORD@HOST`. Without it nothing can be sent. It may come from a
        /// file: `PARVIS_MAIL__SMTP_URL_FILE`.
        smtp_url: Option<Secret> = None, shown as "\"smtps://parvis:secret@mail.example\"";
        /// The sender of our mail. Default: `no-reply@` the domain.
        from: Option<String> = None, shown as "\"Town of Clairval <no-reply@clairval.example>\"";
    }

    /// How the municipality presents itself.
    Town {
        /// Its name, as the pages and client programs show it.
        name: String = "Parvis".to_owned();
        /// A sentence or two about the instance.
        description: String = "The social network of our municipality.".to_owned();
        /// Where residents reach those responsible; shown publicly.
        contact_email: Option<String> = None, shown as "\"townhall@clairval.example\"";
        /// The account here to which residents can write about the instance; client programs show it beside the address.
        contact_account: Option<String> = None, shown as "\"townhall\"";
        /// The rules of the house, which everybody accepts at sign-up. In the environment: one per line.
        #[serde(deserialize_with = "lines")]
        rules: Vec<String> = vec![
            "Be respectful: no insults, threats or hatred.".to_owned(),
            "Do not publish private details of others.".to_owned(),
            "No advertising and no impersonation.".to_owned(),
        ];
        /// The legal notice the law asks for: publisher, person responsible, host. Plain text; blank lines separate paragraphs.
        legal_notice: String = String::new();
        /// How the town treats what it knows of people. Plain text; blank lines separate paragraphs.
        privacy_policy: String = String::new();
        /// The terms of use, if there are any besides the rules. Plain text; blank lines separate paragraphs.
        terms_of_service: String = String::new();
        /// The day from which the terms of use are in force, such as `2026-12-01`.
        terms_of_service_date: String = String::new();
        /// The languages of the town, the first being the one of pages when a visitor's browser names none that we have.
        #[serde(deserialize_with = "list")]
        languages: Vec<String> = vec!["en".to_owned(), "fr".to_owned()];
    }
}

/// Who may sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Everybody, after confirming their mail address.
    Open,
    /// Everybody may ask; staff decide.
    Approval,
    /// Nobody; accounts are made on the command line.
    Closed,
}

/// Who sees something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShownTo {
    /// Everybody.
    Everybody,
    /// Whoever is signed in.
    Residents,
    /// Nobody.
    Nobody,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Cache {
    /// The size in bytes; a gigabyte at most.
    #[must_use]
    pub fn bytes(&self) -> usize {
        usize::try_from(self.size_mb.min(1_024)).unwrap_or(0) * 1_048_576
    }
}

impl Settings {
    /// The settings of a town in a test: http, development mode, no rate limits. The caller sets `data_dir` and `database.url`.
    ///
    /// # Panics
    /// When `domain` is not a valid domain.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that names an invalid domain must stop")]
    pub fn for_tests(domain: &str) -> Self {
        Self {
            domain: domain.parse().expect("tests name valid domains"),
            limits: Limits { rate_limits: false, ..Limits::default() },
            // Not what happens to be installed decides what a test sees.
            media: Media { recordings: false, ..Media::default() },
            ..Self::default()
        }
    }

    /// Where this instance is reached and what its ids begin with: `https://parvis.example/`. A port that is the scheme's own is left out.
    #[must_use]
    pub fn origin(&self) -> Url {
        self.domain.origin(self.scheme)
    }

    /// The configured database, or the embedded one in `data_dir`.
    #[must_use]
    pub fn database_url(&self) -> String {
        match &self.database.url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite://{}", self.data_dir.join("parvis.sqlite").display()),
        }
    }

    /// The program for video and sound, if they are wanted: the configured one, or the first in `PATH`.
    #[must_use]
    pub fn ffmpeg(&self) -> Option<PathBuf> {
        if !self.media.recordings {
            return None;
        }
        self.media.ffmpeg.clone().or_else(|| crate::layers::program("ffmpeg"))
    }

    /// The origin of the public address of stored files, for the policy of pages.
    #[must_use]
    pub fn media_origin(&self) -> Option<String> {
        let url = self.s3.public_url.as_ref().filter(|_| self.s3.bucket.is_some())?;
        Some(url.origin().ascii_serialization())
    }

    /// The folder in which video and sound are worked on.
    #[must_use]
    pub fn work_folder(&self) -> PathBuf {
        self.data_dir.join("work")
    }

    /// The file of the secret key: the configured one, or `secret.key` in `data_dir`.
    #[must_use]
    pub fn secret_file(&self) -> PathBuf {
        self.secret_file.clone().unwrap_or_else(|| self.data_dir.join("secret.key"))
    }

    /// The folder mail is written to in development.
    #[must_use]
    pub fn mail_folder(&self) -> PathBuf {
        self.data_dir.join("mail")
    }

    /// The sender of mail: the configured one, or `no-reply@` the host of the domain.
    #[must_use]
    pub fn mail_from(&self) -> String {
        self.mail.from.clone().unwrap_or_else(|| format!("no-reply@{}", self.domain.host()))
    }

    /// Things an operator should hear about, though they are no errors.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.development {
            warnings.push(
                "Development mode: loopback addresses may be federated with and mail goes to a folder. Set `domain` for a real town."
                    .to_owned(),
            );
        } else {
            if self.scheme == Scheme::Http {
                warnings.push(
                    "`scheme` is http: nobody on the Internet will federate with this instance.".to_owned(),
                );
            }
            if self.mail.smtp_url.is_none() {
                warnings.push(
                    "`mail.smtp_url` is not set: nobody can confirm an address or reset a password."
                        .to_owned(),
                );
            }
        }
        if !self.limits.rate_limits {
            warnings.push(
                "`limits.rate_limits` is off: nothing slows down visitors who ask too much.".to_owned(),
            );
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_without_configuration_is_a_trial_on_this_machine() {
        let settings = Settings::default();
        assert_eq!(settings.origin().as_str(), "http://localhost:8080/");
        assert_eq!(settings.database_url(), "sqlite://parvis-data/parvis.sqlite");
        assert_eq!(settings.secret_file(), PathBuf::from("parvis-data/secret.key"));
        assert_eq!(settings.mail_from(), "no-reply@localhost");
        assert!(settings.development);
    }

    #[test]
    fn a_test_town_has_the_domain_it_asked_for() {
        let settings = Settings::for_tests("town-a.localhost:4001");
        assert_eq!(settings.origin().as_str(), "http://town-a.localhost:4001/");
        assert!(!settings.limits.rate_limits);
    }

    #[test]
    fn secrets_never_show_in_debug_output() {
        let mut settings = Settings::default();
        settings.database.url = Some(Secret::new("postgres://u:hunter2@h/d"));
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn an_operator_is_warned_of_what_will_not_work() {
        let strict = Settings { development: false, ..Settings::default() };
        let warnings = strict.warnings().join("\n");
        assert!(warnings.contains("scheme"), "{warnings}");
        assert!(warnings.contains("smtp_url"), "{warnings}");
        assert!(Settings::default().warnings().join("\n").contains("Development mode"));
    }
}
