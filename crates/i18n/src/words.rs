//! Sentences by key, from the Fluent files that are compiled into the program.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::language::Language;

/// The arguments of a sentence, by name.
pub type Arguments<'a> = [(&'a str, FluentValue<'a>)];

type Bundle = FluentBundle<FluentResource>;

macro_rules! locale {
    ($code:literal) => {
        [
            (concat!($code, "/common.ftl"), include_str!(concat!("../locales/", $code, "/common.ftl"))),
            (concat!($code, "/web.ftl"), include_str!(concat!("../locales/", $code, "/web.ftl"))),
            (concat!($code, "/mail.ftl"), include_str!(concat!("../locales/", $code, "/mail.ftl"))),
            (concat!($code, "/errors.ftl"), include_str!(concat!("../locales/", $code, "/errors.ftl"))),
        ]
    };
}

/// The files of a language, with their names for messages.
pub(crate) const fn files(language: Language) -> [(&'static str, &'static str); 4] {
    match language {
        Language::En => locale!("en"),
        Language::Fr => locale!("fr"),
    }
}

static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::En));
static FR: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Fr));

/// Looks up sentences. It has no state: the files never change while the program runs.
#[derive(Debug, Clone, Copy)]
pub struct Words;

impl Words {
    /// The sentence of `key` in `language`, with `arguments` put in. The result is plain text: escape it for HTML.
    ///
    /// A sentence that is missing in `language` is taken from English; one that is missing there too gives the key itself
    /// and a line in the log, so a page always has something to show.
    #[must_use]
    pub fn text(language: Language, key: &str, arguments: &Arguments<'_>) -> String {
        let found = format(of(language), key, arguments).or_else(|| format(of(Language::En), key, arguments));
        found.unwrap_or_else(|| {
            tracing::error!(key, language = language.code(), "there are no words for this key");
            key.to_owned()
        })
    }

    /// Whether `language` itself has a sentence for `key`.
    #[must_use]
    pub fn has(language: Language, key: &str) -> bool {
        of(language).get_message(key).is_some_and(|message| message.value().is_some())
    }
}

fn of(language: Language) -> &'static Bundle {
    match language {
        Language::En => &EN,
        Language::Fr => &FR,
    }
}

fn format(bundle: &Bundle, key: &str, arguments: &Arguments<'_>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let arguments: FluentArgs<'_> = arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut problems = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut problems).into_owned();
    if !problems.is_empty() {
        tracing::error!(key, ?problems, "an argument is missing or of the wrong kind");
    }
    Some(text)
}

/// All sentences of a language. A file that cannot be read in full still gives the sentences that can; the tests see to it
/// that there is none.
fn bundle(language: Language) -> Bundle {
    let id: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    for (name, text) in files(language) {
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) => resource,
            Err((resource, problems)) => {
                report(name, &problems);
                resource
            }
        };
        if let Err(problems) = bundle.add_resource(resource) {
            report(name, &problems);
        }
    }
    bundle
}

fn report(name: &str, problems: &[impl fmt::Debug]) {
    tracing::error!(name, ?problems, "a file of words has mistakes");
}

#[cfg(test)]
mod tests;
