//! Single source files: how they begin, how long they are, what they are called and what must not be in them.

use super::tree::{Tree, code};

/// The end.
const LONGEST: usize = 500;
/// Worth asking whether there are two things in one file.
pub const LOOK_AGAIN: usize = 300;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 7] = ["utils", "util", "helpers", "helper", "common", "misc", "manager"];

/// What must not be in code: unfinished work and tests that do not run. Written apart so that this file does not complain of itself.
const MARKERS: [&str; 3] = [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("#[ign", "ore")];

/// Queries of lists: diesel's words for them make each length a statement of its own on SQLite, which is parsed and planned anew.
const OF_LISTS: [&str; 2] = ["eq_any(", "ne_all("];
/// How a list is handed to them. A query within the query, or a list written out, is always the same statement.
const LISTS: [&str; 3] = ["to_vec()", ".clone()", "ids)"];

/// Checks every Rust file.
pub fn check(tree: &Tree) -> Vec<String> {
    tree.rust("").flat_map(|(path, text)| file(path, text)).collect()
}

/// Files over [`LOOK_AGAIN`] lines.
pub fn worth_another_look(tree: &Tree) -> Vec<String> {
    let long = tree
        .rust("")
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LOOK_AGAIN);
    long.map(|(path, lines)| format!("{path} ({lines})")).collect()
}

fn file(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    match text.lines().next() {
        Some(first) if first.starts_with("//!") && !first.contains("Placeholder") => {}
        _ => complaints.push(format!("{path}:1: begins without `//!` that says what this is")),
    }
    let lines = text.lines().count();
    if lines > LONGEST {
        complaints.push(format!("{path}: {lines} lines, {LONGEST} is the end"));
    }
    let names = path.trim_end_matches(".rs").split('/');
    if let Some(name) = names.into_iter().find(|name| EMPTY_NAMES.contains(name)) {
        complaints.push(format!("{path}: `{name}` says nothing about what is inside"));
    }
    for (index, line) in text.lines().enumerate() {
        let number = index.saturating_add(1);
        let code = code(line);
        let module =
            code.trim().trim_start_matches("pub ").trim_start_matches("pub(crate) ").strip_prefix("mod ");
        let inline = module.and_then(|rest| rest.strip_suffix('{')).map(str::trim);
        if let Some(name) = inline.filter(|name| EMPTY_NAMES.contains(name)) {
            complaints.push(format!("{path}:{number}: `{name}` says nothing about what is inside"));
        }
        if let Some(marker) = MARKERS.iter().find(|marker| code.contains(**marker)) {
            complaints.push(format!("{path}:{number}: `{marker}` is not for the tree"));
        }
        let rest = OF_LISTS.iter().find_map(|word| code.split_once(word)).map(|(_, rest)| rest);
        if rest.is_some_and(|rest| LISTS.iter().any(|list| rest.contains(list))) {
            complaints
                .push(format!("{path}:{number}: a list is asked for with `among` (store::conn::among)"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_with_its_purpose() {
        assert_eq!(file("crates/x/src/a.rs", "//! What it is.\nfn a() {}"), Vec::<String>::new());
        assert_eq!(file("crates/x/src/a.rs", "fn a() {}").len(), 1);
        assert_eq!(file("crates/x/src/a.rs", "").len(), 1);
        assert_eq!(file("crates/x/src/a.rs", "//! Placeholder.").len(), 1);
    }

    #[test]
    fn a_name_says_what_is_inside() {
        assert_eq!(file("crates/x/src/utils.rs", "//! X.").len(), 1);
        assert_eq!(file("crates/x/src/helpers/a.rs", "//! X.").len(), 1);
        assert_eq!(file("crates/x/src/a.rs", "//! X.\nmod misc {\n}").len(), 1);
        assert_eq!(file("crates/x/src/commonplace.rs", "//! X."), Vec::<String>::new());
    }

    #[test]
    fn unfinished_work_stays_out() {
        for marker in MARKERS {
            assert_eq!(file("a.rs", &format!("//! X.\n    {marker}()]")).len(), 1, "{marker}");
            assert!(file("a.rs", &format!("//! X.\n// {marker} would be wrong here")).is_empty());
        }
    }

    #[test]
    fn five_hundred_lines_are_the_end() {
        let text = |lines| format!("//! X.\n{}", "\n".repeat(lines));
        assert!(file("a.rs", &text(499)).is_empty());
        assert_eq!(file("a.rs", &text(500)).len(), 1);
    }

    #[test]
    fn lists_are_asked_for_with_one_text() {
        let store = |line: &str| file("crates/store/src/a.rs", &format!("//! A.\n{line}")).len();
        assert_eq!(store("x.filter(a::id.eq_any(ids.to_vec()))"), 1);
        assert_eq!(store("x.filter(a::id.ne_all(filter.kinds.clone()))"), 1);
        assert_eq!(store("x.filter(a::id.eq_any(ids))"), 1);
        assert_eq!(store("x.filter(a::id.among(ids))"), 0);
        assert_eq!(store("x.filter(a::id.eq_any(followed))"), 0);
        assert_eq!(store("x.filter(a::kind.eq_any([1, 2]))"), 0);
    }
}
