//! What a page of somebody else says of itself: OpenGraph, Twitter's names, and plain HTML. For preview cards (`domain::preview_cards`). Everything
//! that comes out is text or a web address; nothing of the page's markup does (threats X2).
//!
//! Sources: <https://ogp.me/>, <https://html.spec.whatwg.org/#determining-the-character-encoding>. Only the head is read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use regex::bytes::Regex;
use url::Url;

use crate::sanitise::one_line;
use crate::tags::{Piece, Step, attribute, walk};

/// Bytes of a page that are looked at.
pub const MAX_BYTES: usize = 524_288;
/// Bytes among which a page must name its encoding.
const PRESCAN: usize = 1_024;
/// Characters of one value, before the caller cuts it.
const VALUE_MAX: usize = 2_048;
/// Names that a page may give.
const VALUES: usize = 200;

/// See the module. Texts are one line and may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub title: String,
    pub description: String,
    pub author: String,
    /// http(s).
    pub author_url: Option<Url>,
    /// Their address in the Fediverse, as written (`@ana@town.example`).
    pub creator: String,
    /// What the site calls itself.
    pub site: String,
    /// http(s).
    pub picture: Option<Url>,
    pub picture_description: String,
    /// As written; RFC 3339 if the site keeps to the rules.
    pub published: String,
    /// A language tag, as written.
    pub language: String,
}

/// Reads a page. `content_type` is the header, `base` the address from which it came in the end.
#[must_use]
pub fn read(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Page {
    let bytes = bytes.get(..MAX_BYTES).unwrap_or(bytes);
    let mut head = Head::default();
    walk(&decoded(bytes, content_type), &mut |piece| head.take(piece));
    head.page(base)
}

/// What the head has, by name; the first of each counts.
#[derive(Default)]
struct Head {
    values: HashMap<String, String>,
    title: String,
    language: String,
    author_link: String,
    is_in_title: bool,
}

impl Head {
    fn take(&mut self, piece: Piece<'_>) -> Step {
        match piece {
            Piece::Open(tag) => match &*tag.name {
                "body" => return Step::Stop,
                "html" => self.language = attribute(tag, "lang").unwrap_or_default().to_owned(),
                "title" => self.is_in_title = self.title.is_empty(),
                "meta" => {
                    let name = attribute(tag, "property").or_else(|| attribute(tag, "name"));
                    self.keep(name, attribute(tag, "content"));
                }
                "link" if attribute(tag, "rel") == Some("author") && self.author_link.is_empty() => {
                    self.author_link = attribute(tag, "href").unwrap_or_default().to_owned();
                }
                _ => {}
            },
            Piece::Close("title") => self.is_in_title = false,
            Piece::Text(text) if self.is_in_title && self.title.len() < VALUE_MAX => {
                self.title.push_str(text)
            }
            Piece::Close(_) | Piece::Text(_) => {}
        }
        Step::On
    }

    fn keep(&mut self, name: Option<&str>, content: Option<&str>) {
        let (Some(name), Some(content)) = (name, content) else { return };
        let name = name.trim().to_ascii_lowercase();
        if name.len() <= 100 && self.values.len() < VALUES && !content.trim().is_empty() {
            self.values.entry(name).or_insert_with(|| one_line(content, VALUE_MAX));
        }
    }

    fn first(&self, names: &[&str]) -> String {
        names.iter().find_map(|name| self.values.get(*name)).cloned().unwrap_or_default()
    }

    fn page(&self, base: &Url) -> Page {
        let title = self.first(&["og:title", "twitter:title"]);
        // Facebook's profiles and plain names both stand in `article:author`.
        let article_author = self.first(&["article:author"]);
        let author_url = web(base, &article_author).filter(|_| article_author.contains("://"));
        let author = self.first(&["author", "dc.creator", "twitter:creator"]);
        Page {
            title: if title.is_empty() { one_line(&self.title, VALUE_MAX) } else { title },
            description: self.first(&["og:description", "twitter:description", "description"]),
            author: match (author.is_empty(), author_url.is_some()) {
                (true, false) => article_author,
                _ => author,
            },
            author_url: author_url.or_else(|| web(base, &self.author_link)),
            creator: self.first(&["fediverse:creator"]),
            site: self.first(&["og:site_name", "application-name"]),
            picture: web(
                base,
                &self.first(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image"]),
            ),
            picture_description: self.first(&["og:image:alt", "twitter:image:alt"]),
            published: self.first(&["article:published_time", "og:published_time", "date"]),
            language: if self.language.is_empty() {
                self.first(&["og:locale"])
            } else {
                self.language.clone()
            },
        }
    }
}

/// An address as the page means it; only http(s), without a login, not endless.
fn web(base: &Url, text: &str) -> Option<Url> {
    if text.is_empty() {
        return None;
    }
    let url = base.join(text).ok()?;
    let is_usable = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.as_str().len() <= VALUE_MAX;
    is_usable.then_some(url)
}

#[expect(clippy::expect_used, reason = "a constant pattern, compiled by the tests of this module")]
static META_CHARSET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([a-z0-9_.:-]{1,40})"#)
        .expect("a constant pattern")
});

/// The page's text: by byte order mark, header, its own word, and else UTF-8 if it is, Windows-1252 if not.
fn decoded<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    let encoding = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| Encoding::for_label(charset(content_type?)?.as_bytes()))
        .or_else(|| {
            let start = bytes.get(..PRESCAN).unwrap_or(bytes);
            let named = Encoding::for_label(META_CHARSET.captures(start)?.get(1)?.as_bytes())?;
            // The tag could be read as ASCII, so it is not what it says (HTML §13.2.3.2).
            Some(if [UTF_16BE, UTF_16LE].contains(&named) { UTF_8 } else { named })
        })
        .unwrap_or_else(|| match std::str::from_utf8(bytes) {
            // Cut in the middle of a character at the end: still UTF-8.
            Err(error) if error.error_len().is_some() => WINDOWS_1252,
            _ => UTF_8,
        });
    encoding.decode(bytes).0
}

fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://news.example/2026/bridge").unwrap()
    }

    fn page(html: &str) -> Page {
        read(html.as_bytes(), Some("text/html; charset=utf-8"), &base())
    }

    #[test]
    fn opengraph_comes_before_plain_html() {
        let seen = page(
            r#"<!DOCTYPE html><html lang="fr-FR"><head><title>Plain</title>
            <meta property="og:title" content="The bridge &amp; the river"><meta name="description" content="Plain">
            <meta property="og:description" content="It is
            open."><meta property="og:site_name" content="The News"><meta name="author" content="Ana">
            <meta name="fediverse:creator" content="@ana@town.example">
            <meta property="article:author" content="https://news.example/ana">
            <meta property="og:image" content="/pictures/1.jpg"><meta property="og:image:alt" content="A bridge">
            <meta property="article:published_time" content="2026-03-01T10:00:00+01:00"></head>
            <body><meta property="og:title" content="late"></body>"#,
        );
        assert_eq!(seen.title, "The bridge & the river");
        assert_eq!(seen.description, "It is open.");
        assert_eq!((seen.site.as_str(), seen.author.as_str()), ("The News", "Ana"));
        assert_eq!(seen.creator, "@ana@town.example");
        assert_eq!(seen.author_url.unwrap().as_str(), "https://news.example/ana");
        assert_eq!(seen.picture.unwrap().as_str(), "https://news.example/pictures/1.jpg");
        assert_eq!(seen.picture_description, "A bridge");
        assert_eq!(seen.published, "2026-03-01T10:00:00+01:00");
        assert_eq!(seen.language, "fr-FR");
    }

    #[test]
    fn a_page_that_says_little_has_its_title() {
        let seen = page("<title>\n Bridge  news </title><p>text");
        assert_eq!((seen.title.as_str(), seen.description.as_str()), ("Bridge news", ""));
        assert_eq!(page(""), Page::default());
    }

    #[test]
    fn x2_addresses_that_are_not_web_addresses_are_left_out() {
        for bad in [
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "file:///etc/passwd",
            "https://a:b@c.example/",
        ] {
            let seen = page(&format!(
                r#"<meta property="og:image" content="{bad}"><link rel="author" href="{bad}"><meta property="article:author" content="{bad}">"#
            ));
            assert_eq!((seen.picture, seen.author_url), (None, None), "{bad}");
        }
    }

    #[test]
    fn x2_markup_in_a_value_stays_text() {
        let seen =
            page(r#"<meta property="og:title" content="<script>alert(1)</script>"><title><b>x</title>"#);
        assert_eq!(seen.title, "<script>alert(1)</script>", "the caller escapes text");
    }

    #[test]
    fn every_encoding_is_read() {
        let title = |bytes: &[u8], kind: Option<&str>| read(bytes, kind, &base()).title;
        let latin = b"<title>Caf\xe9</title>";
        assert_eq!(title(latin, Some("text/html; charset=ISO-8859-1")), "Café");
        assert_eq!(title(latin, None), "Café");
        assert_eq!(title(b"<meta charset='windows-1251'><title>\xcf\xeb</title>", Some("text/html")), "Пл");
        assert_eq!(title("<title>Café</title>".as_bytes(), None), "Café");
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("<title>Né".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(title(&wide, Some("text/html; charset=utf-8")), "Né");
        assert_eq!(title(b"<title>\x8f\xfa", Some("text/html; charset=no-such")), "ú");
    }

    #[test]
    fn f9_a_page_without_measure_is_cut() {
        let long = format!("<title>{}</title>", "x".repeat(MAX_BYTES));
        assert!(page(&long).title.len() <= VALUE_MAX);
        let many: String = (0..50_000).map(|n| format!("<meta name=n{n} content=x>")).collect();
        assert_eq!(page(&format!("{many}<title>t</title>")).title, "");
    }
}
