//! Links on a page by which its owner says "this is me, too" (`rel="me"`, <https://microformats.org/wiki/rel-me>), for verified links on
//! profiles. Linear in the length of the page (threats F12); what a browser would read otherwise in the margins is no harm: a link is only a claim
//! of whoever writes the page.

use std::sync::LazyLock;

use regex::Regex;

/// Bytes of a page that are read.
const PAGE_MAX: usize = 1 << 20;
/// Links that are looked at.
const LINKS_MAX: usize = 200;

#[expect(clippy::expect_used, reason = "the patterns are constants, and a test reads them")]
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?is)<(?:a|link)\s((?:"[^"]*"|'[^']*'|[^>"'])*)>"#).expect("a pattern"));
#[expect(clippy::expect_used, reason = "the patterns are constants, and a test reads them")]
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?is)([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#).expect("a pattern")
});

/// The addresses of all `rel="me"` links, as they stand on the page.
#[must_use]
pub fn links(page: &str) -> Vec<String> {
    let mut end = page.len().min(PAGE_MAX);
    while !page.is_char_boundary(end) {
        end -= 1;
    }
    let page = page.get(..end).unwrap_or_default();
    TAG.captures_iter(page).filter_map(|tag| link(tag.get(1)?.as_str())).take(LINKS_MAX).collect()
}

fn link(attributes: &str) -> Option<String> {
    let (mut is_me, mut address) = (false, None);
    for found in ATTRIBUTE.captures_iter(attributes) {
        let name = found.get(1)?.as_str().to_ascii_lowercase();
        let value = found.get(2).or_else(|| found.get(3)).or_else(|| found.get(4)).map_or("", |m| m.as_str());
        match name.as_str() {
            "rel" => is_me |= value.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("me")),
            "href" if address.is_none() => address = Some(value.trim().replace("&amp;", "&")),
            _ => {}
        }
    }
    address.filter(|a| is_me && !a.is_empty() && a.len() <= 2_048)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_every_spelling_are_found_and_others_are_not() {
        let page = r#"<link rel="me" href="https://a.example/@x"><a class='u' href='https://b.example/?a=1&amp;b=2' rel='nofollow ME noopener'>x</a>
            <A REL=me HREF=https://c.example/>y</A><a href="https://d.example">no</a><a rel="home" href="https://e.example">no</a>
            <a rel="me">none</a><abbr rel="me" href="https://f.example">no</abbr><a data-rel="me" href="https://g.example">no</a>"#;
        assert_eq!(links(page), ["https://a.example/@x", "https://b.example/?a=1&b=2", "https://c.example/"]);
    }

    #[test]
    fn f12_a_hostile_page_is_read_in_no_time() {
        for page in [
            "<a ".repeat(400_000),
            format!("<a {}", "rel=\"".repeat(200_000)),
            "<a rel=me href=x>".repeat(60_000),
        ] {
            assert!(links(&page).len() <= LINKS_MAX);
        }
        assert_eq!(links(&format!("{}é", "x".repeat(PAGE_MAX - 1))), Vec::<String>::new());
    }
}
