//! Which crate may import which. A new edge needs a decision in docs/adr and a line here; a door can never import another door, or the store.

use toml::{Table, Value};

use super::tree::Tree;

/// Package → the packages of ours it may import.
const EDGES: [(&str, &[&str]); 15] = [
    ("model", &[]),
    ("text", &[]),
    ("media", &[]),
    ("i18n", &[]),
    ("mail", &[]),
    ("config", &[]),
    ("store", &["model"]),
    ("jobs", &["model", "store"]),
    ("domain", &["model", "store", "jobs", "text", "media", "i18n", "mail", "config"]),
    ("federation", &["domain", "jobs", "model", "text", "config"]),
    ("client-api", &["domain", "model", "text", "media", "config"]),
    ("web", &["domain", "model", "text", "i18n", "config"]),
    (
        "server",
        &["web", "client-api", "federation", "domain", "jobs", "model", "media", "mail", "i18n", "config"],
    ),
    ("system-tests", &["server", "domain", "federation", "model", "media", "config"]),
    ("xtask", &[]),
];

/// Edges that only tests have.
const TEST_EDGES: [(&str, &str); 1] = [("i18n", "model")];

/// Library → the only packages that may name it.
const HOMES: [(&str, &[&str]); 11] = [
    ("diesel", &["store", "model"]),
    ("diesel_migrations", &["store"]),
    ("diesel-async", &["store"]),
    ("tokio-postgres", &["store"]),
    ("activitypub_federation", &["federation"]),
    ("reqwest", &["federation", "media", "system-tests"]),
    ("askama", &["web"]),
    ("lettre", &["mail"]),
    ("image", &["media"]),
    ("object_store", &["media"]),
    ("figment", &["config"]),
];

/// Checks the manifests.
pub fn check(tree: &Tree) -> Vec<String> {
    tree.packages().flat_map(|(folder, text)| manifest(tree, folder, text)).collect()
}

fn manifest(tree: &Tree, folder: &str, text: &str) -> Vec<String> {
    let path = format!("{folder}/Cargo.toml");
    let Ok(manifest) = text.parse::<Table>() else { return vec![format!("{path}: is no TOML")] };
    let Some(name) = manifest.get("package").and_then(|package| package.get("name")).and_then(Value::as_str)
    else {
        return vec![format!("{path}: names no package")];
    };
    let name = short(name);
    let Some((_, allowed)) = EDGES.iter().find(|(package, _)| *package == name) else {
        return vec![format!("{path}: {name} is not in xtask/src/tidy/edges.rs")];
    };
    let mut complaints = Vec::new();
    if manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool) != Some(true) {
        complaints.push(format!("{path}: lacks `[lints] workspace = true`"));
    }
    for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
        for (dependency, how) in manifest.get(kind).and_then(Value::as_table).into_iter().flatten() {
            let tests = kind == "dev-dependencies";
            let other = short(dependency);
            // A crate's own tests turn on its feature `testing` by importing itself.
            if tests && other == name {
                continue;
            }
            let ours =
                EDGES.iter().any(|(package, _)| *package == other) && dependency.starts_with("parvis-");
            let tested = tests && TEST_EDGES.contains(&(name, other));
            if ours && !allowed.contains(&other) && !tested {
                complaints.push(format!("{path}: {name} may not import {other}"));
            }
            let homes = HOMES.iter().find(|(library, _)| library == dependency).map(|(_, homes)| *homes);
            if homes.is_some_and(|homes| !homes.contains(&name)) {
                complaints.push(format!(
                    "{path}: {dependency} may only be used in {}",
                    homes.unwrap_or_default().join(", ")
                ));
            }
            if how.get("workspace").and_then(Value::as_bool) != Some(true) {
                complaints
                    .push(format!("{path}: the version of {dependency} belongs in the root Cargo.toml"));
            }
            if !named(tree, folder, dependency) {
                complaints.push(format!("{path}: {dependency} is not used"));
            }
        }
    }
    complaints
}

/// Dependencies that are there for a feature or for their code in C, and named nowhere.
const UNNAMED: [&str; 1] = ["libsqlite3-sys"];

/// Whether the sources of a package name a dependency.
fn named(tree: &Tree, folder: &str, dependency: &str) -> bool {
    let identifier = dependency.replace('-', "_");
    let forms = [format!("{identifier}::"), format!("use {identifier};"), format!("use {identifier} as ")];
    let in_text = |text: &str| forms.iter().any(|form| text.contains(form.as_str()));
    UNNAMED.contains(&dependency) || tree.rust(&format!("{folder}/")).any(|(_, text)| in_text(text))
}

fn short(package: &str) -> &str {
    package.strip_prefix("parvis-").unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(package: &str, dependencies: &str, source: &str) -> Vec<String> {
        let manifest =
            format!("[package]\nname = \"parvis-{package}\"\n[lints]\nworkspace = true\n{dependencies}");
        let folder = format!("crates/{package}");
        check(&Tree::of(&[
            (&format!("{folder}/Cargo.toml"), &manifest),
            (&format!("{folder}/src/lib.rs"), source),
        ]))
    }

    #[test]
    fn a_door_may_not_import_the_store_or_another_door() {
        for other in ["store", "client-api"] {
            let dependencies = format!("[dependencies]\nparvis-{other}.workspace = true");
            let source = format!("use parvis_{};", other.replace('-', "_"));
            let found = complaints("web", &dependencies, &source);
            assert_eq!(found, [format!("crates/web/Cargo.toml: web may not import {other}")]);
        }
    }

    #[test]
    fn an_allowed_edge_is_no_complaint() {
        let found = complaints(
            "web",
            "[dependencies]\nparvis-domain = { workspace = true }",
            "use parvis_domain::Town;",
        );
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_library_has_one_home_and_its_version_in_the_root() {
        let found = complaints("domain", "[dependencies]\ndiesel = \"2\"", "use diesel::prelude;");
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn a_dependency_nobody_names_is_a_complaint() {
        let found = complaints("text", "[dependencies]\nammonia.workspace = true", "//! Nothing.");
        assert_eq!(found, ["crates/text/Cargo.toml: ammonia is not used"]);
    }

    #[test]
    fn edges_of_tests_are_not_edges_of_the_program() {
        let source = "use parvis_model::refusal;";
        assert!(complaints("i18n", "[dev-dependencies]\nparvis-model.workspace = true", source).is_empty());
        assert_eq!(complaints("i18n", "[dependencies]\nparvis-model.workspace = true", source).len(), 1);
    }
}
