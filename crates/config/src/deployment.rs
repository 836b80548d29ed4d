//! The files in `deploy/` and docker-compose.yml only use settings that exist, and both ways to install two towns set the same ones.

use std::collections::BTreeMap;

use crate::settings::Settings;

/// What may differ between a container and a Debian machine: where things are.
const PLACES: [&str; 6] = [
    "PARVIS_DATA_DIR",
    "PARVIS_DATABASE__URL",
    "PARVIS_HTTP__LISTEN",
    "PARVIS_HTTP__TRUSTED_PROXIES",
    "PARVIS_FEDERATION__ALLOWED_PRIVATE_ADDRESSES",
    "PARVIS_FEDERATION__EXTRA_CA_FILE",
];

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// `KEY=VALUE` lines, as systemd reads them.
fn env_file(path: &str) -> BTreeMap<String, String> {
    let text = read(path);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The variables of one service with our prefix (or `prefix`), with `${NAME:-default}` replaced by the default.
fn service(name: &str, prefix: &str) -> BTreeMap<String, String> {
    let text = read("docker-compose.yml");
    let (_, services) = text.split_once("\nservices:\n").unwrap();
    let (_, after) = services.split_once(&format!("\n  {name}:\n")).unwrap();
    let lines = after.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
    let pairs =
        lines.filter_map(|line| line.trim().split_once(": ")).filter(|(name, _)| name.starts_with(prefix));
    pairs.map(|(name, value)| (name.to_owned(), defaulted(value))).collect()
}

fn defaulted(value: &str) -> String {
    match value.split_once("${") {
        Some((before, rest)) => {
            let (inside, after) = rest.split_once('}').unwrap();
            let default = inside.split_once(":-").unwrap().1;
            format!("{before}{default}{}", defaulted(after))
        }
        None => value.to_owned(),
    }
}

#[test]
fn both_ways_to_install_a_town_make_the_same_town() {
    for town in ["clairval", "aubepine"] {
        let debian = env_file(&format!("deploy/{town}.env"));
        let docker = service(town, "PARVIS_");
        assert_eq!(debian.keys().collect::<Vec<_>>(), docker.keys().collect::<Vec<_>>(), "{town}");
        for (name, value) in debian.iter().filter(|(name, _)| !PLACES.contains(&name.as_str())) {
            assert_eq!(Some(value), docker.get(name), "{town}: {name}");
        }
        for environment in [debian, docker] {
            let settings = Settings::from_layers(None, environment).unwrap();
            assert_eq!(settings.origin().as_str(), format!("https://{town}.test/"));
            assert!(!settings.development);
        }
    }
}

#[test]
fn both_ways_give_caddy_the_same_names() {
    let debian = env_file("deploy/caddy.env");
    let mut docker = service("caddy", "C");
    docker.append(&mut service("caddy", "A"));
    assert_eq!(debian.keys().collect::<Vec<_>>(), docker.keys().collect::<Vec<_>>());
    let caddyfile = read("deploy/Caddyfile");
    for name in debian.keys() {
        assert!(caddyfile.contains(&format!("{{${name}")), "deploy/Caddyfile does not use {name}");
    }
}
