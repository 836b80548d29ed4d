//! What is wrong with the configuration, said so that an operator can mend it.

use std::path::PathBuf;

/// Why the settings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file named by `--config` or `PARVIS_CONFIG` could not be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that holds a secret could not be read.
    #[error("cannot read {}, which {variable} names: {source}", path.display())]
    SecretUnreadable {
        /// The environment variable.
        variable: String,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The same secret is given twice.
    #[error("both {variable} and {variable}_FILE are set; keep one of them")]
    GivenTwice {
        /// The environment variable without `_FILE`.
        variable: String,
    },
    /// An environment variable is not text.
    #[error("the environment variable {variable} is not valid UTF-8")]
    NotText {
        /// The environment variable.
        variable: String,
    },
    /// Unknown names or values of the wrong kind, one line each.
    #[error("{}", lines.join("\n"))]
    Invalid {
        /// One sentence per problem.
        lines: Vec<String>,
    },
}

impl Problem {
    /// A file that is not even TOML.
    pub(crate) fn in_file(name: &str, error: &figment::Error) -> Self {
        Self::Invalid { lines: vec![format!("{name}: {}", error.kind)] }
    }
}

impl From<figment::Error> for Problem {
    fn from(errors: figment::Error) -> Self {
        Self::Invalid { lines: errors.into_iter().map(sentence).collect() }
    }
}

/// One problem with the name of the setting and where it was given.
fn sentence(error: figment::Error) -> String {
    use figment::error::Kind;
    let place = error.metadata.as_ref().map(|metadata| match &metadata.source {
        Some(source) => format!("{}: ", source),
        None => format!("{}: ", metadata.name),
    });
    let place = place.unwrap_or_default();
    let path = error.path.join(".");
    match &error.kind {
        Kind::UnknownField(name, known) => {
            let inside = path.strip_suffix(name.as_str()).unwrap_or(&path);
            format!("{place}unknown setting `{inside}{name}`; known here: {}", known.join(", "))
        }
        kind if path.is_empty() => format!("{place}{kind}"),
        kind => format!("{place}`{path}`: {kind}"),
    }
}
