//! The text files of the workspace, read once, by their path from the root.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

/// Folders in the root that are ours.
const FOLDERS: [&str; 5] = ["crates", "docs", "migrations", "tests", "xtask"];
/// What is read; pictures and the like are not.
const KINDS: [&str; 5] = ["rs", "toml", "sql", "md", "html"];

/// All files, or in a test some.
#[derive(Debug, Default)]
pub struct Tree(BTreeMap<String, String>);

impl Tree {
    /// Reads the files under the root of the workspace.
    pub fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        for folder in FOLDERS {
            tree.add(root, folder)?;
        }
        tree.0.insert("Cargo.toml".to_owned(), std::fs::read_to_string(root.join("Cargo.toml"))?);
        Ok(tree)
    }

    fn add(&mut self, root: &Path, folder: &str) -> Result<()> {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Ok(()) };
        for entry in entries {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.add(root, &path)?;
            } else if KINDS.iter().any(|kind| path.ends_with(&format!(".{kind}"))) {
                self.0.insert(path, std::fs::read_to_string(entry.path())?);
            }
        }
        Ok(())
    }

    /// A tree of the given files.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// All files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust files below a folder.
    pub fn rust(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let folder = folder.to_owned();
        self.files().filter(move |(path, _)| path.starts_with(&folder) && path.ends_with(".rs"))
    }

    /// The manifests of our packages: (folder, text).
    pub fn packages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter_map(|(path, text)| Some((path.strip_suffix("/Cargo.toml")?, text)))
    }
}

/// The part of a source line that is code: without a comment at its end and without what stands in quotation marks.
pub fn code(line: &str) -> String {
    let mut code = String::new();
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if quoted => {
                characters.next();
            }
            '"' => quoted = !quoted,
            '/' if !quoted && characters.peek() == Some(&'/') => break,
            _ if quoted => {}
            _ => code.push(character),
        }
    }
    code
}

/// The lines of a file before its tests, numbered from 1.
pub fn production(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index.saturating_add(1), line))
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_is_neither_comment_nor_quoted() {
        assert_eq!(code(r#"let a = "crate::b // \" x"; // crate::c"#), "let a = ; ");
        assert_eq!(code("//! crate::x"), "");
    }

    #[test]
    fn production_lines_end_where_the_tests_begin() {
        let lines: Vec<_> = production("a\nb\n#[cfg(test)]\nmod tests {}").collect();
        assert_eq!(lines, [(1, "a"), (2, "b")]);
    }
}
