//! `config.example.toml`, written from the structs: every setting commented out with its default, its documentation above it and its environment variable.
//!
//! A test compares the committed file with [`text`]; `cargo xtask generate` writes it anew.

use std::fmt::Write;

use figment::value::Value;

use crate::described::{Described, Field};
use crate::settings::{
    Accounts, Cache, DatabaseSettings, FederationSettings, Http, Limits, Log, Mail, Media, Metrics, S3,
    Settings, Town, Translation, Trends,
};

/// The width at which comments are broken.
const WIDTH: usize = 100;

/// The whole file.
#[must_use]
pub fn text() -> String {
    let mut out = String::new();
    comment(&mut out, Settings::ABOUT);
    out.push_str("#\n# Written by `cargo xtask generate`; change crates/config/src/settings.rs instead of this file.\n");
    fields::<Settings>(&mut out, "");
    section::<DatabaseSettings>(&mut out, "database");
    section::<Http>(&mut out, "http");
    section::<Metrics>(&mut out, "metrics");
    section::<FederationSettings>(&mut out, "federation");
    section::<Media>(&mut out, "media");
    section::<S3>(&mut out, "s3");
    section::<Limits>(&mut out, "limits");
    section::<Cache>(&mut out, "cache");
    section::<Trends>(&mut out, "trends");
    section::<Translation>(&mut out, "translation");
    section::<Accounts>(&mut out, "accounts");
    section::<Log>(&mut out, "log");
    section::<Mail>(&mut out, "mail");
    section::<Town>(&mut out, "town");
    out
}

fn section<S: Described>(out: &mut String, name: &str) {
    out.push('\n');
    comment(out, S::ABOUT);
    let _ = writeln!(out, "[{name}]");
    fields::<S>(out, name);
}

fn fields<S: Described>(out: &mut String, section: &str) {
    let defaults = Value::serialize(Settings::default()).ok();
    for field in S::FIELDS {
        let path =
            if section.is_empty() { field.name.to_owned() } else { format!("{section}.{}", field.name) };
        let default = defaults.as_ref().and_then(|defaults| defaults.find_ref(&path));
        if matches!(default, Some(Value::Dict(..))) {
            continue;
        }
        out.push('\n');
        comment(out, field.docs);
        let _ = writeln!(out, "# Environment: PARVIS_{}", path.replace('.', "__").to_uppercase());
        let _ = writeln!(out, "#{} = {}", field.name, shown(field, default));
    }
}

/// The value to show: the default, or an example where there is none.
fn shown(field: &Field, default: Option<&Value>) -> String {
    if !field.example.is_empty() {
        return field.example.to_owned();
    }
    match default {
        Some(value) => toml(value),
        None => String::new(),
    }
}

fn toml(value: &Value) -> String {
    match value {
        Value::Array(_, values) => {
            let parts: Vec<String> = values.iter().map(toml).collect();
            if parts.iter().map(String::len).sum::<usize>() > 60 {
                parts.iter().fold("[\n".to_owned(), |all, part| format!("{all}#    {part},\n")) + "#]"
            } else {
                format!("[{}]", parts.join(", "))
            }
        }
        Value::String(_, text) => toml::Value::String(text.clone()).to_string(),
        Value::Bool(_, on) => on.to_string(),
        Value::Num(..) => value.to_u128().map_or_else(String::new, |number| number.to_string()),
        _ => String::new(),
    }
}

/// Documentation as a comment, broken anew.
fn comment(out: &mut String, docs: &[&str]) {
    let mut line = String::from("#");
    for word in docs.iter().flat_map(|doc| doc.split_whitespace()) {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config.example.toml");

    #[test]
    fn the_committed_example_is_the_generated_one() {
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(PATH, text()).unwrap();
        }
        let committed = std::fs::read_to_string(PATH).unwrap_or_default();
        assert!(committed == text(), "config.example.toml is out of date: run `cargo xtask generate`");
    }

    #[test]
    fn every_line_of_the_example_can_be_used() {
        let used: Vec<String> = text()
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.is_empty() && !rest.starts_with(' ') || rest.starts_with("    \"") => {
                    rest.to_owned()
                }
                _ => line.to_owned(),
            })
            .collect();
        let used = used.join("\n");
        let settings = Settings::from_layers(Some((std::path::Path::new("example"), &used)), []).unwrap();
        assert_eq!(
            settings.town,
            Town {
                contact_email: settings.town.contact_email.clone(),
                contact_account: settings.town.contact_account.clone(),
                ..Town::default()
            }
        );
        assert_eq!(settings.domain, Settings::default().domain);
        assert!(
            settings.metrics.listen.is_some()
                && settings.mail.from.is_some()
                && settings.secret_file.is_some()
        );
    }

    #[test]
    fn no_group_of_settings_is_forgotten() {
        let Ok(Value::Dict(_, all)) = Value::serialize(Settings::default()) else { unreachable!() };
        let text = text();
        for (name, value) in all {
            let is_there = !matches!(value, Value::Dict(..)) || text.contains(&format!("\n[{name}]\n"));
            assert!(is_there, "[{name}] is missing: add it to `text`");
        }
    }

    #[test]
    fn every_setting_is_in_the_example_with_words() {
        let text = text();
        for name in [
            "PARVIS_DOMAIN",
            "PARVIS_DATABASE__URL",
            "PARVIS_S3__SECRET_ACCESS_KEY",
            "PARVIS_FEDERATION__FIRST_RETRY_SECONDS",
            "PARVIS_TOWN__RULES",
        ] {
            assert!(text.contains(&format!("Environment: {name}\n")), "{name}");
        }
    }
}
