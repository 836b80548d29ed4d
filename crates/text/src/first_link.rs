//! The link that a post is about: the first one in its HTML that leads neither to a person nor to a hashtag. For preview cards
//! (`domain::preview_cards`); works on our own posts and on sanitised foreign ones alike.

use url::Url;

use crate::tags::{Piece, Step, attribute, walk};

/// Classes of links to people and hashtags, as Mastodon marks them up.
const NOT_LINKS: [&str; 3] = ["mention", "hashtag", "u-url"];

/// The first http(s) link. Links to `people` (pages or ids of those mentioned) do not count, and neither does what stands in a paragraph of the
/// class `quote-inline`, which is there for programs that know no quotes.
#[must_use]
pub fn first_link(html: &str, people: &[&str]) -> Option<Url> {
    let mut found = None;
    let mut is_in_quote = false;
    walk(html, &mut |piece| {
        match piece {
            Piece::Open(tag) if &*tag.name == "p" => {
                is_in_quote = attribute(tag, "class")
                    .is_some_and(|c| c.split_whitespace().any(|c| c == "quote-inline"));
            }
            Piece::Close("p") => is_in_quote = false,
            Piece::Open(tag) if &*tag.name == "a" && !is_in_quote => {
                let classes = attribute(tag, "class").unwrap_or_default();
                let is_tag = attribute(tag, "rel").is_some_and(|r| r.split_whitespace().any(|r| r == "tag"));
                let href = attribute(tag, "href").unwrap_or_default();
                let is_plain = !is_tag && !classes.split_whitespace().any(|c| NOT_LINKS.contains(&c));
                found = Url::parse(href).ok().filter(|url| {
                    is_plain && matches!(url.scheme(), "http" | "https") && !people.contains(&href)
                });
                if found.is_some() {
                    return Step::Stop;
                }
            }
            _ => {}
        }
        Step::On
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(html: &str) -> Option<String> {
        first_link(html, &["https://away.example/users/bea"]).map(|url| url.to_string())
    }

    #[test]
    fn the_first_link_is_neither_a_person_nor_a_hashtag() {
        let html = concat!(
            r#"<p class="quote-inline">RE: <a href="https://away.example/1">x</a></p>"#,
            r#"<p><a class="u-url mention" href="https://a.example/@ana">@ana</a> <a href="https://away.example/users/bea">@bea</a>"#,
            r##" <a rel="tag" href="https://a.example/tags/x">#x</a> <a href="mailto:a@b.example">m</a>"##,
            r#" <a href="https://news.example/a?b=1&amp;c=2">news</a> <a href="https://other.example/">other</a></p>"#,
        );
        assert_eq!(first(html).as_deref(), Some("https://news.example/a?b=1&c=2"));
        assert_eq!(first("<p>nothing</p>"), None);
        assert_eq!(first(r#"<a href="javascript:alert(1)">x</a>"#), None);
    }
}
