//! The words that templates and handlers ask for are there, and none is there for nobody.

use std::path::{Path, PathBuf};

use parvis_i18n::{Language, Words};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            files(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

fn sources() -> String {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    files(&root.join("templates"), &mut found);
    files(&root.join("src"), &mut found);
    found.iter().map(|p| std::fs::read_to_string(p).expect("a text file")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_key_that_a_template_asks_for_has_words_in_every_language() {
    let text = sources();
    let mut seen = 0;
    for call in ["say(\"", "say_with(\"", "say_with_two(\"", "count(\""] {
        for (at, _) in text.match_indices(call) {
            let key = text[at + call.len()..].split('"').next().unwrap_or_default();
            if key.contains('-') {
                seen += 1;
                assert!(Language::ALL.iter().all(|l| Words::has(*l, key)), "{key}");
            }
        }
    }
    assert!(seen > 100, "the calls were found: {seen}");
}

#[test]
fn every_sentence_of_the_pages_is_used() {
    let text = sources();
    let own = include_str!("../../../i18n/locales/en/web.ftl");
    let keys = own
        .lines()
        .filter_map(|l| l.split_once(" ="))
        .map(|(key, _)| key)
        .filter(|k| !k.starts_with([' ', '#']));
    let unused: Vec<&str> =
        keys.filter(|k| !k.starts_with("month-") && !text.contains(&format!("\"{k}\""))).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
