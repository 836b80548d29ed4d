//! The layers as an operator meets them.

use super::*;
use crate::settings::{LogFormat, Registration};

fn load(toml: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
    let file = Some((Path::new("parvis.toml"), toml)).filter(|(_, text)| !text.is_empty());
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::from_layers(file, environment).map_err(|problem| problem.to_string())
}

#[test]
fn nothing_configured_gives_the_trial_town() {
    let settings = load("", &[]).unwrap();
    assert_eq!(settings, Settings::default());
    assert_eq!(settings.origin().as_str(), TOWN_WITHOUT_CONFIGURATION);
}

#[test]
fn a_domain_makes_the_town_strict() {
    let settings = load("domain = \"parvis.example\"", &[]).unwrap();
    assert!(!settings.development);
    assert!(!settings.federation.allow_loopback);
    assert_eq!(settings.origin().as_str(), "https://parvis.example/");
}

#[test]
fn development_can_be_kept_with_a_domain() {
    let settings =
        load("", &[("PARVIS_DOMAIN", "town-a.localhost:4001"), ("PARVIS_DEVELOPMENT", "true")]).unwrap();
    assert!(settings.development);
    assert!(settings.federation.allow_loopback);
    assert_eq!(settings.scheme, Scheme::Https);
}

#[test]
fn development_can_be_turned_off_without_a_domain() {
    let settings = load("development = false", &[]).unwrap();
    assert!(!settings.federation.allow_loopback);
    assert_eq!(settings.scheme, Scheme::Http);
}

#[test]
fn a_strict_town_can_be_tried_over_http() {
    let settings = load(
        "",
        &[
            ("PARVIS_DOMAIN", "localhost:4001"),
            ("PARVIS_SCHEME", "http"),
            ("PARVIS_FEDERATION__ALLOWED_PRIVATE_ADDRESSES", "127.0.0.1:4002, [::1]:4002"),
        ],
    )
    .unwrap();
    assert_eq!(settings.origin().as_str(), "http://localhost:4001/");
    assert!(!settings.federation.allow_loopback);
    let allowed: Vec<String> =
        settings.federation.allowed_private_addresses.iter().map(ToString::to_string).collect();
    assert_eq!(allowed, ["127.0.0.1:4002", "[::1]:4002"]);
}

#[test]
fn the_environment_wins_over_the_file() {
    let toml = "[accounts]\nregistration = \"closed\"\n[log]\nlevel = \"warn\"";
    let settings =
        load(toml, &[("PARVIS_ACCOUNTS__REGISTRATION", "approval"), ("PARVIS_LOG__FORMAT", "json")]).unwrap();
    assert_eq!(settings.accounts.registration, Registration::Approval);
    assert_eq!(settings.log.level, "warn");
    assert_eq!(settings.log.format, LogFormat::Json);
}

#[test]
fn lists_in_the_environment_may_be_toml_or_separated_by_commas() {
    for text in ["[\"10.0.0.0/8\", \"127.0.0.1\"]", "[10.0.0.0/8, 127.0.0.1]", "10.0.0.0/8,127.0.0.1"] {
        let settings = load("", &[("PARVIS_HTTP__TRUSTED_PROXIES", text)]).unwrap();
        let networks: Vec<String> = settings.http.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(networks, ["10.0.0.0/8", "127.0.0.1/32"], "{text}");
    }
    let settings = load("", &[("PARVIS_TOWN__RULES", "Be kind, please.\nNo spam.")]).unwrap();
    assert_eq!(settings.town.rules, ["Be kind, please.", "No spam."]);
    let settings =
        load("", &[("PARVIS_FEDERATION__ALLOWED_PRIVATE_ADDRESSES", "[\"127.0.0.1:4002\"]")]).unwrap();
    assert_eq!(settings.federation.allowed_private_addresses.len(), 1);
}

#[test]
fn a_switch_may_be_on_or_off() {
    for (text, on) in [("on", true), ("off", false), ("true", true), ("false", false)] {
        assert_eq!(
            load("", &[("PARVIS_LIMITS__RATE_LIMITS", text)]).unwrap().limits.rate_limits,
            on,
            "{text}"
        );
    }
    let problem = load("", &[("PARVIS_LIMITS__RATE_LIMITS", "perhaps")]).unwrap_err();
    assert!(problem.contains("limits.rate_limits") && problem.contains("perhaps"), "{problem}");
}

#[test]
fn text_stays_text_even_if_it_looks_like_a_number() {
    assert_eq!(load("", &[("PARVIS_TOWN__NAME", "1984")]).unwrap().town.name, "1984");
    assert_eq!(load("", &[("PARVIS_TOWN__LEGAL_NOTICE", "[draft]")]).unwrap().town.legal_notice, "[draft]");
}

#[test]
fn an_unknown_name_is_an_error_that_says_which() {
    let problem = load("[acounts]\nregistration = \"open\"", &[]).unwrap_err();
    assert!(problem.contains("unknown setting `acounts`") && problem.contains("parvis.toml"), "{problem}");
    let problem = load("[town]\nnmae = \"x\"", &[]).unwrap_err();
    assert!(problem.contains("`town.nmae`"), "{problem}");
    let problem = load("", &[("PARVIS_DATABASE__ULR", "sqlite://x")]).unwrap_err();
    assert!(problem.contains("`database.ulr`") && problem.contains("environment"), "{problem}");
}

#[test]
fn a_wrong_value_is_an_error_that_names_the_setting() {
    for (name, value, part) in [
        ("PARVIS_ACCOUNTS__REGISTRATION", "maybe", "accounts.registration"),
        ("PARVIS_HTTP__LISTEN", "8080", "http.listen"),
        ("PARVIS_DOMAIN", "127.0.0.1:8080", "never an IP address"),
        ("PARVIS_DATABASE__URL", "mysql://x", "database.url"),
        ("PARVIS_FEDERATION__FIRST_RETRY_SECONDS", "0", "first_retry_seconds"),
        ("PARVIS_HTTP__TRUSTED_PROXIES", "proxy", "trusted_proxies"),
        ("PARVIS_MAIL__SMTP_URL", "mail.example", "mail.smtp_url"),
        ("PARVIS_TOWN__LANGUAGES", "[]", "town.languages"),
    ] {
        let problem = load("", &[(name, value)]).unwrap_err();
        assert!(problem.contains(part), "{name}: {problem}");
    }
}

#[test]
fn a_file_that_is_no_toml_is_an_error_with_its_name() {
    let problem = load("domain = ", &[]).unwrap_err();
    assert!(problem.contains("parvis.toml"), "{problem}");
}

#[test]
fn secrets_may_come_from_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("url");
    std::fs::write(&path, "postgres://u:p@h/d\n").unwrap();
    let path = path.to_str().unwrap();
    let settings =
        load("", &[("PARVIS_DATABASE__URL_FILE", path), ("PARVIS_SECRET_FILE", "/run/key")]).unwrap();
    assert_eq!(settings.database_url(), "postgres://u:p@h/d");
    assert_eq!(settings.secret_file(), PathBuf::from("/run/key"));

    let both = [("PARVIS_DATABASE__URL_FILE", path), ("PARVIS_DATABASE__URL", "sqlite://x")];
    assert!(load("", &both).unwrap_err().contains("keep one of them"));
    let absent = load("", &[("PARVIS_MAIL__SMTP_URL_FILE", "/nowhere/at/all")]).unwrap_err();
    assert!(absent.contains("PARVIS_MAIL__SMTP_URL_FILE") && absent.contains("/nowhere/at/all"), "{absent}");
}

#[test]
fn a_secret_is_not_repeated_in_an_error() {
    let problem = load("", &[("PARVIS_DATABASE__URL", "mysql://u:hunter2@h/d")]).unwrap_err();
    assert!(!problem.contains("hunter2"), "{problem}");
}

#[test]
fn names_that_are_no_settings_are_left_alone() {
    assert!(load("", &[("PARVIS_CONFIG", "x.toml"), ("PARVIS_TEST_POSTGRES", "postgres://x")]).is_ok());
}

#[test]
fn the_port_of_the_scheme_is_left_out_of_the_domain() {
    assert_eq!(load("domain = \"parvis.example:443\"", &[]).unwrap().domain.to_string(), "parvis.example");
}

#[test]
fn a_named_file_must_exist() {
    let problem = Settings::load(Some(Path::new("/nowhere/parvis.toml"))).unwrap_err().to_string();
    assert!(problem.contains("/nowhere/parvis.toml"), "{problem}");
}
