//! The one place where HTML that people wrote enters a page unescaped (threats X1, X4). It was sanitised when it was stored; templates have no `|safe`
//! (a test says so), they can only print a [`Sanitised`].

use std::fmt;

use askama::filters::HtmlSafe;
use parvis_domain::rows::Emoji;
use parvis_model::urls::Urls;

/// Custom emojis of the town: shortcode and address of a picture of ours. Those of other servers stay text, since a page asks nobody else.
#[derive(Clone, Debug, Default)]
pub struct Emojis(Vec<(String, String)>);

impl Emojis {
    /// From what `domain` loaded beside a text.
    #[must_use]
    pub fn new(rows: &[Emoji], urls: &Urls) -> Self {
        let is_plain = |text: &str| !text.contains(['"', '<', '>', '&', '\'']);
        let own = rows.iter().filter(|row| row.host.is_empty()).filter_map(|row| {
            let address =
                if row.image.contains("://") { row.image.clone() } else { urls.media_file(&row.image) };
            (urls.is_our_text(&address) && is_plain(&address)).then(|| (row.shortcode.clone(), address))
        });
        Self(own.collect())
    }

    /// Puts pictures in place of shortcodes, in a piece of HTML that has no tags.
    fn draw(&self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(':') {
            out.push_str(before);
            let named = after
                .split_once(':')
                .filter(|(code, _)| code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
            let found = named.and_then(|(code, tail)| {
                self.0.iter().find(|(own, _)| own == code).map(|(_, address)| (code, address, tail))
            });
            rest = match found {
                Some((code, address, tail)) => {
                    out.push_str(&format!(
                        r#"<img class="emoji" src="{address}" alt=":{code}:" title=":{code}:" width="20" height="20" loading="lazy">"#
                    ));
                    tail
                }
                None => {
                    out.push(':');
                    after
                }
            };
        }
        out.push_str(rest);
    }
}

/// HTML from the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sanitised(String);

impl Sanitised {
    /// Takes a column that `domain` filled from `text::sanitise` or `text::compose`: a post's text, a profile's text, a profile field.
    #[must_use]
    pub fn from_database(html: &str, emojis: &Emojis) -> Self {
        if emojis.0.is_empty() {
            return Self(html.to_owned());
        }
        let mut out = String::with_capacity(html.len() + 256);
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            let (text, tag) = rest.split_at(start);
            emojis.draw(text, &mut out);
            let (tag, after) = tag.split_at(tag_length(tag));
            out.push_str(tag);
            rest = after;
        }
        emojis.draw(rest, &mut out);
        Self(out)
    }

    /// Takes plain text, such as a display name: everything in it is escaped.
    #[must_use]
    pub fn from_text(text: &str, emojis: &Emojis) -> Self {
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                other => escaped.push(other),
            }
        }
        let mut out = String::with_capacity(escaped.len());
        emojis.draw(&escaped, &mut out);
        Self(out)
    }
}

/// How long the tag is that this text begins with; a `>` within quotes does not end it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    text.len()
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

    use super::*;

    fn emojis() -> Emojis {
        let row = |shortcode: &str, host: &str, image: &str| Emoji {
            shortcode: shortcode.to_owned(),
            host: host.to_owned(),
            image: image.to_owned(),
            id: parvis_model::ids::EmojiId(1),
            category: None,
            created_at: parvis_model::time::Moment(0),
        };
        let urls = Urls::new("https", "town.example");
        let rows = [
            row("arch", "", "emojis/a.png"),
            row("spy", "evil.example", "https://evil.example/spy.png"),
            row("odd", "", "a\"onload=x"),
        ];
        Emojis::new(&rows, &urls)
    }

    #[test]
    fn shortcodes_of_the_town_become_pictures_and_those_of_others_stay_text() {
        let shown =
            Sanitised::from_database("<p>12:30 :arch::arch: :spy: :odd: :</p>", &emojis()).to_string();
        assert_eq!(
            shown
                .matches(
                    "<img class=\"emoji\" src=\"https://town.example/media/emojis/a.png\" alt=\":arch:\""
                )
                .count(),
            2
        );
        assert!(shown.starts_with("<p>12:30 <img") && shown.ends_with(" :spy: :odd: :</p>"), "{shown}");
    }

    #[test]
    fn x3_a_shortcode_within_a_tag_or_a_hostile_name_makes_no_markup() {
        let link = r#"<a href="https://a.example/:arch:?x=>:arch:">x</a>"#;
        assert_eq!(Sanitised::from_database(link, &emojis()).to_string(), link);
        let name = Sanitised::from_text("<img src=x onerror=\"a\">'&:arch:", &emojis()).to_string();
        assert!(
            name.starts_with("&lt;img src=x onerror=&quot;a&quot;&gt;&#39;&amp;<img class=\"emoji\""),
            "{name}"
        );
        for broken in ["<", "<a", "<a href=\"", ":", "::", ":é:", "<p>:arch"] {
            let _ = Sanitised::from_database(broken, &emojis());
        }
    }

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
