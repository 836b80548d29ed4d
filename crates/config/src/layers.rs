//! Where settings come from: the defaults, then `parvis.toml`, then the environment. Later layers win; an unknown name in any of them is an error.
//!
//! [`Settings::load`] (and `program`, which looks into `PATH`) is the only reader of the process environment in Parvis; [`Settings::from_layers`] is the same without it, for tests.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use crate::domain::{Domain, Scheme};
use crate::problem::Problem;
use crate::settings::Settings;
use crate::values::{Secret, Switch};

/// The address of an instance nobody has configured.
pub const TOWN_WITHOUT_CONFIGURATION: &str = "http://localhost:8080/";

const PREFIX: &str = "PARVIS_";
/// Names with our prefix that are no settings: the configuration file itself, and what the test suite is told.
const OTHERS: [&str; 2] = ["PARVIS_CONFIG", "PARVIS_TEST_"];
/// Settings that may come from a file named by `…_FILE`.
const SECRETS: [&str; 4] = [
    "PARVIS_DATABASE__URL",
    "PARVIS_MAIL__SMTP_URL",
    "PARVIS_S3__SECRET_ACCESS_KEY",
    "PARVIS_TRANSLATION__API_KEY",
];

impl Settings {
    /// Reads the settings: `config_path`, else the file named by `PARVIS_CONFIG`, else `parvis.toml` in the working directory if there is one; then the
    /// environment.
    ///
    /// # Errors
    /// An unreadable file, an unknown name or a value of the wrong kind.
    pub fn load(config_path: Option<&Path>) -> Result<Self, Problem> {
        let environment = text_variables(std::env::vars_os())?;
        let named =
            config_path.map(Path::to_owned).or_else(|| environment.get("PARVIS_CONFIG").map(PathBuf::from));
        let path = named.or_else(|| Some(PathBuf::from("parvis.toml")).filter(|path| path.is_file()));
        let file = match path {
            None => None,
            Some(path) => match std::fs::read_to_string(&path) {
                Ok(text) => Some((path, text)),
                Err(source) => return Err(Problem::Unreadable { path, source }),
            },
        };
        Self::from_layers(file.as_ref().map(|(path, text)| (path.as_path(), text.as_str())), environment)
    }

    /// Reads the settings from a file's text and a set of environment variables.
    ///
    /// # Errors
    /// An unreadable secret file, an unknown name or a value of the wrong kind.
    pub fn from_layers(
        file: Option<(&Path, &str)>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Problem> {
        let environment = Environment::new(environment.into_iter().collect())?;
        let mut given = Figment::new();
        if let Some((path, text)) = file {
            let name = path.display().to_string();
            let data = Toml::string(text).data().map_err(|error| Problem::in_file(&name, &error))?;
            given = given.merge(Named { name, data });
        }
        given = given.merge(environment);
        let defaults = defaults_for(&given)?;
        let mut settings: Self = Figment::from(Serialized::defaults(defaults)).merge(given).extract()?;
        settings.domain = settings.domain.without_default_port(settings.scheme);
        settings.check()?;
        Ok(settings)
    }

    /// What no single value can know.
    fn check(&self) -> Result<(), Problem> {
        let mut lines = Vec::new();
        let database = self.database_url();
        if !["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| database.starts_with(scheme)) {
            lines.push("`database.url` must begin with sqlite:// or postgres://".to_owned());
        }
        let smtp = self.mail.smtp_url.as_ref().map(Secret::expose);
        if smtp.is_some_and(|url| !url.starts_with("smtp://") && !url.starts_with("smtps://")) {
            lines.push("`mail.smtp_url` must begin with smtp:// or smtps://".to_owned());
        }
        let s3 = &self.s3;
        let is_incomplete =
            s3.endpoint.is_none() || s3.access_key_id.is_empty() || s3.secret_access_key.is_none();
        if s3.bucket.is_some() && is_incomplete {
            lines.push(
                "`s3.bucket` needs `s3.endpoint`, `s3.access_key_id` and `s3.secret_access_key`".to_owned(),
            );
        }
        let is_web = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.host().is_some();
        if [&s3.endpoint, &s3.public_url].into_iter().flatten().any(|url| !is_web(url)) {
            lines.push("`s3.endpoint` and `s3.public_url` must begin with https:// (or http://)".to_owned());
        }
        if self.federation.first_retry_seconds == 0 {
            lines.push("`federation.first_retry_seconds` must be at least 1".to_owned());
        }
        if self.town.name.trim().is_empty() {
            lines.push("`town.name` must not be empty".to_owned());
        }
        if self.town.languages.is_empty() {
            lines.push("`town.languages` needs at least one language, such as [\"fr\"]".to_owned());
        }
        if lines.is_empty() { Ok(()) } else { Err(Problem::Invalid { lines }) }
    }
}

/// A program of the system by its name.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_absolute() && file.is_file())
}

/// The defaults depend on two answers: with a domain the instance is strict unless `development` says otherwise.
fn defaults_for(given: &Figment) -> Result<Settings, Problem> {
    let mut defaults = Settings::default();
    if given.contains("domain") {
        defaults.domain = given.extract_inner::<Domain>("domain")?;
        defaults.scheme = Scheme::Https;
        defaults.development = false;
    }
    if given.contains("development") {
        defaults.development = given.extract_inner::<Switch>("development")?.0;
    }
    defaults.federation.allow_loopback = defaults.development;
    Ok(defaults)
}

/// Our variables as text.
fn text_variables(
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>, Problem> {
    let mut ours = BTreeMap::new();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        let value = value.into_string().map_err(|_| Problem::NotText { variable: name.to_owned() })?;
        ours.insert(name.to_owned(), value);
    }
    Ok(ours)
}

/// A layer whose values are already parsed, with the name to show in error messages.
struct Named {
    name: String,
    data: Map<Profile, Dict>,
}

impl Provider for Named {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(self.data.clone())
    }
}

/// The environment as a layer. Unlike figment's own it can be given in a test, and it leaves text alone where a setting is text.
struct Environment(Dict);

impl Environment {
    fn new(mut variables: BTreeMap<String, String>) -> Result<Self, Problem> {
        for variable in SECRETS {
            let Some(path) = variables.remove(&format!("{variable}_FILE")).map(PathBuf::from) else {
                continue;
            };
            if variables.contains_key(variable) {
                return Err(Problem::GivenTwice { variable: variable.to_owned() });
            }
            let text = std::fs::read_to_string(&path).map_err(|source| Problem::SecretUnreadable {
                variable: format!("{variable}_FILE"),
                path,
                source,
            })?;
            variables.insert(variable.to_owned(), text.trim_end_matches(['\r', '\n']).to_owned());
        }
        let defaults = Value::serialize(Settings::default()).map_err(Problem::from)?;
        let mut dict = Dict::new();
        for (name, text) in variables {
            let Some(key) =
                name.strip_prefix(PREFIX).filter(|_| !OTHERS.iter().any(|other| name.starts_with(other)))
            else {
                continue;
            };
            let path = key.to_lowercase().replace("__", ".");
            let value = match defaults.find_ref(&path) {
                Some(Value::Bool(..) | Value::Num(..) | Value::Array(..)) => {
                    text.parse().unwrap_or_else(|never| match never {})
                }
                _ => Value::from(text),
            };
            insert(&mut dict, &path, value);
        }
        Ok(Self(dict))
    }
}

/// Puts a value at a dotted path, making the tables on the way.
fn insert(dict: &mut Dict, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            dict.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = dict.entry(first.to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
            .interpolater(|_, path| format!("{PREFIX}{}", path.join("__").to_uppercase()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.0.clone()))
    }
}

#[cfg(test)]
mod tests;
