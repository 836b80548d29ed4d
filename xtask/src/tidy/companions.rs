//! Things that belong together: migrations of both databases, and the code map that must mention every crate.

use std::collections::BTreeSet;

use super::tree::Tree;

const MAP: &str = "docs/ARCHITECTURE.md";

/// Checks that nothing stands alone.
pub fn check(tree: &Tree) -> Vec<String> {
    [migrations(tree), map(tree)].concat()
}

fn migrations(tree: &Tree) -> Vec<String> {
    let of = |database: &str| -> BTreeSet<String> {
        let folder = format!("migrations/{database}/");
        tree.files()
            .filter_map(|(path, _)| {
                path.strip_prefix(&folder)?.strip_suffix("/up.sql").map(ToOwned::to_owned)
            })
            .collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    let mut complaints: Vec<String> = sqlite
        .symmetric_difference(&postgres)
        .map(|name| format!("migrations: {name} is there for one database only"))
        .collect();
    for (database, names) in [("sqlite", &sqlite), ("postgres", &postgres)] {
        for name in names {
            let down = format!("migrations/{database}/{name}/down.sql");
            if tree.text(&down).is_none_or(|text| text.trim().is_empty()) {
                complaints.push(format!("{down}: is missing, so the migration cannot be undone"));
            }
        }
    }
    complaints
}

fn map(tree: &Tree) -> Vec<String> {
    let map = tree.text(MAP).unwrap_or_default();
    let crates = tree.packages().map(|(folder, _)| folder).filter(|folder| folder.starts_with("crates/"));
    crates
        .filter(|folder| !map.contains(*folder))
        .map(|folder| format!("{MAP}: does not mention {folder}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_exists_for_both_databases_and_can_be_undone() {
        let both = [
            ("migrations/sqlite/0001_a/up.sql", "create"),
            ("migrations/sqlite/0001_a/down.sql", "drop"),
            ("migrations/postgres/0001_a/up.sql", "create"),
            ("migrations/postgres/0001_a/down.sql", "drop"),
        ];
        assert!(migrations(&Tree::of(&both)).is_empty());
        assert_eq!(migrations(&Tree::of(&both[..2])).len(), 1);
        assert_eq!(migrations(&Tree::of(&both[..3])).len(), 1);
    }

    #[test]
    fn the_code_map_mentions_every_crate() {
        let manifest = ("crates/text/Cargo.toml", "");
        assert_eq!(map(&Tree::of(&[manifest])).len(), 1);
        assert!(map(&Tree::of(&[manifest, (MAP, "`crates/text` is …")])).is_empty());
    }
}
