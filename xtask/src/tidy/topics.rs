//! The topics of `domain` stand in its `lib.rs` in reading order: one that stands lower may import those above it, never the other way round.

use super::tree::{Tree, code, production};

const LIB: &str = "crates/domain/src/lib.rs";

/// Checks every topic's imports.
pub fn check(tree: &Tree) -> Vec<String> {
    let topics: Vec<String> = tree.text(LIB).map(topics).unwrap_or_default();
    let mut complaints = Vec::new();
    for (place, topic) in topics.iter().enumerate() {
        let below = topics.get(place.saturating_add(1)..).unwrap_or_default();
        let file = format!("crates/domain/src/{topic}.rs");
        let folder = format!("crates/domain/src/{topic}/");
        for (path, text) in
            tree.rust("crates/domain/src/").filter(|(path, _)| *path == file || path.starts_with(&folder))
        {
            if path.ends_with("/tests.rs") || path.ends_with("_tests.rs") {
                continue;
            }
            for (number, name) in imports(text) {
                if below.contains(&name) {
                    complaints.push(format!(
                        "{path}:{number}: {topic} may not import {name}, which stands below it in {LIB}"
                    ));
                }
            }
        }
    }
    complaints
}

/// `mod x;` and `pub mod x;` in order, without the modules of tests.
fn topics(lib: &str) -> Vec<String> {
    let mut for_tests = false;
    let mut topics = Vec::new();
    for line in lib.lines() {
        if line.trim().starts_with("#[cfg(") {
            for_tests = true;
            continue;
        }
        let code = code(line);
        let name =
            code.trim().trim_start_matches("pub ").trim_start_matches("pub(crate) ").strip_prefix("mod ");
        if let Some(name) = name.and_then(|rest| rest.strip_suffix(';')).filter(|_| !for_tests) {
            topics.push(name.to_owned());
        }
        for_tests = false;
    }
    topics
}

/// The first name after each `crate::`, also inside `crate::{…}`, with its line.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut group: Option<(usize, usize)> = None;
    for (number, line) in production(text) {
        let code = code(line);
        let mut rest = code.as_str();
        if let Some((depth, start)) = group.take() {
            let (names, left) = group_names(rest, depth);
            found.extend(names.into_iter().map(|name| (number, name)));
            match left {
                Left::Open(depth) => {
                    group = Some((depth, start));
                    continue;
                }
                Left::Closed(after) => rest = after,
            }
        }
        while let Some((_, after)) = rest.split_once("crate::") {
            if let Some(inside) = after.strip_prefix('{') {
                let (names, left) = group_names(inside, 1);
                found.extend(names.into_iter().map(|name| (number, name)));
                match left {
                    Left::Open(depth) => {
                        group = Some((depth, number));
                        break;
                    }
                    Left::Closed(after) => rest = after,
                }
            } else {
                found.push((number, identifier(after)));
                rest = after;
            }
        }
    }
    found
}

enum Left<'a> {
    Open(usize),
    Closed(&'a str),
}

/// The names at the outermost depth of a group, up to its closing brace.
fn group_names(text: &str, mut depth: usize) -> (Vec<String>, Left<'_>) {
    let mut names = Vec::new();
    let mut expecting = depth == 1;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth = depth.saturating_add(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return (names, Left::Closed(text.get(at..).unwrap_or_default()));
                }
            }
            ',' if depth == 1 => expecting = true,
            _ if expecting && (character.is_alphanumeric() || character == '_') => {
                names.push(identifier(text.get(at..).unwrap_or_default()));
                expecting = false;
            }
            _ => {}
        }
    }
    (names, Left::Open(depth))
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(follows: &str) -> Vec<String> {
        let lib =
            "//! X.\npub mod access;\npub mod follows;\npub mod statuses;\n#[cfg(test)]\npub mod testing;\n";
        check(&Tree::of(&[
            (LIB, lib),
            ("crates/domain/src/follows.rs", follows),
            ("crates/domain/src/statuses/post.rs", ""),
        ]))
    }

    #[test]
    fn a_topic_imports_what_stands_above_it() {
        assert!(complaints("//! X.\nuse crate::access::may;\nuse crate::{Error, access};").is_empty());
    }

    #[test]
    fn a_topic_may_not_import_what_stands_below_it() {
        for text in [
            "use crate::statuses::post;",
            "use crate::{access, statuses::post};",
            "use crate::{\n    access::{a, b},\n    statuses,\n};",
            "fn f() { crate::access::x(); crate::statuses::post() }",
        ] {
            assert_eq!(complaints(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn tests_and_comments_may_name_anything() {
        assert!(
            complaints("// see crate::statuses\n#[cfg(test)]\nmod tests { use crate::statuses::post; }")
                .is_empty()
        );
        assert!(complaints("use crate::{access::{statuses}};").is_empty());
    }
}
