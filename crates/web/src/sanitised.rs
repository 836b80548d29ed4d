//! The one place where HTML that people wrote enters a page unescaped (threats X1, X4). It was sanitised when it was stored; templates have no `|safe`
//! (a test says so), they can only print a [`Sanitised`].

use std::fmt;

use askama::filters::HtmlSafe;

/// HTML from the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sanitised(String);

impl Sanitised {
    /// Takes a column that `domain` filled from `text::sanitise` or `text::compose`: a post's text, a profile's text, a profile field.
    #[must_use]
    pub fn from_database(html: &str) -> Self {
        Self(html.to_owned())
    }
}

impl fmt::Display for Sanitised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Sanitised {}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn x4_no_template_switches_escaping_off() {
        let mut seen = 0;
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()) {
                if entry.is_dir() {
                    folders.push(entry);
                    continue;
                }
                let text = std::fs::read_to_string(&entry).expect("a template");
                let squeezed: String = text.split_whitespace().collect();
                for word in
                    ["|safe", "|escape(\"", "escape\"none\"", "<script", "style=\"", "onclick", "javascript:"]
                {
                    assert!(!squeezed.contains(word), "{word} in {}", entry.display());
                }
                seen += 1;
            }
        }
        assert!(seen > 20, "the templates were found");
    }
}
