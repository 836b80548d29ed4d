//! From what a resident typed to the HTML that is stored and federated: posts, bios and profile fields alike.
//!
//! Two steps, because a mention exists only if the database says so: [`scan`] lists what was found, the domain
//! looks the handles up, then [`render`] writes the HTML. The markup is Mastodon's, which is what clients and
//! other servers recognise. Markdown is deliberately not read. Foreign HTML goes through `sanitise`.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use url::Url;

pub use crate::tokens::hashtag_name;
use crate::{
    markup::{cut, escape_into, paragraphs},
    tokens::{Token, tokens},
};

/// Text beyond this many bytes is not read. Far above every limit that the doors enforce with a 422.
pub const MAX_SOURCE_BYTES: usize = 65_536;

/// Characters of an address, after the scheme and `www.`, that a reader sees.
const SHOWN_ADDRESS_CHARS: usize = 30;

/// Somebody's handle as it was typed: `@ana` has no host, `@ana@town.example:8080` has one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle {
    /// As typed; compare without regard to case.
    pub username: String,
    /// Lower case, in its ASCII (punycode) form, with the port if one was given.
    pub host: Option<String>,
}

/// A hashtag that was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hashtag {
    /// As typed, without `#`.
    pub display: String,
    /// As stored and compared: NFKC and lower case.
    pub name: String,
}

/// What a text contains, each thing once, in the order of first appearance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub mentions: Vec<Handle>,
    pub hashtags: Vec<Hashtag>,
    pub links: Vec<Url>,
}

/// The HTML and what was found on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed {
    pub html: String,
    /// Every handle in the text, also those that [`Links::profile`] did not know.
    pub mentions: Vec<Handle>,
    pub hashtags: Vec<Hashtag>,
    pub links: Vec<Url>,
}

/// Where mentions and hashtags lead; answered by the domain.
pub trait Links {
    /// The address of the profile page; `None` leaves the mention as text.
    fn profile(&self, mention: &Handle) -> Option<String>;
    /// The address of the page of a hashtag, given its normalised name.
    fn hashtag(&self, name: &str) -> String;
}

/// Lists the mentions, hashtags and links of a text.
pub fn scan(source: &str) -> Found {
    let source = normalised(source);
    let mut found = Found::default();
    for token in source.lines().flat_map(tokens) {
        match token {
            Token::Text(_) => {}
            Token::Link { url, .. } => push_new(&mut found.links, url),
            Token::Mention { username, host, .. } => {
                let same =
                    |known: &Handle| known.host == host && known.username.eq_ignore_ascii_case(username);
                if !found.mentions.iter().any(same) {
                    found.mentions.push(Handle { username: username.to_owned(), host });
                }
            }
            Token::Hashtag { display, name, .. } => {
                if !found.hashtags.iter().any(|known| known.name == name) {
                    found.hashtags.push(Hashtag { display: display.to_owned(), name });
                }
            }
        }
    }
    found
}

/// Writes the HTML of a text: paragraphs, line breaks, links, and the mentions that `links` knows.
pub fn render(source: &str, links: &dyn Links) -> String {
    paragraphs(&normalised(source), |html, line| {
        for token in tokens(line) {
            write(html, token, links);
        }
    })
}

/// The same for what stands on one line, such as the value of a profile field: no paragraphs, line ends become
/// spaces.
pub fn render_line(source: &str, links: &dyn Links) -> String {
    let mut html = String::new();
    for (number, line) in
        normalised(source).split('\n').map(str::trim).filter(|line| !line.is_empty()).enumerate()
    {
        if number > 0 {
            html.push(' ');
        }
        for token in tokens(line) {
            write(&mut html, token, links);
        }
    }
    html
}

/// [`scan`] and [`render`] in one call, for callers that can answer at once.
pub fn to_html(source: &str, links: &dyn Links) -> Composed {
    let Found { mentions, hashtags, links: urls } = scan(source);
    Composed { html: render(source, links), mentions, hashtags, links: urls }
}

/// The markup of one link, all of the address being its text, the less interesting parts in spans that clients
/// shorten. For a profile field that shall show the link that was verified and nothing else.
pub fn link_html(url: &Url) -> String {
    let mut html = String::new();
    write_link(&mut html, url.as_str(), url);
    html
}

/// The paragraph in front of a post that quotes another, for programs that know no quotes. Those that do leave out what has this class.
pub fn quote_line(url: &Url) -> String {
    let mut html = String::from(r#"<p class="quote-inline">RE: "#);
    write_link(&mut html, url.as_str(), url);
    html.push_str("</p>");
    html
}

fn push_new(links: &mut Vec<Url>, url: Url) {
    if !links.contains(&url) {
        links.push(url);
    }
}

/// NFC, `\n` line ends, without control characters (PostgreSQL refuses NUL), cut to [`MAX_SOURCE_BYTES`].
fn normalised(source: &str) -> Cow<'_, str> {
    let source = cut(source, MAX_SOURCE_BYTES);
    let plain = |character: char| !character.is_control() || character == '\n' || character == '\t';
    if source.is_ascii() && source.chars().all(plain) {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| plain(*c)).nfc().collect())
}

fn write(html: &mut String, token: Token<'_>, links: &dyn Links) {
    match token {
        Token::Text(text) => escape_into(html, text),
        Token::Link { raw, url } => write_link(html, raw, &url),
        Token::Mention { raw, username, host } => {
            let handle = Handle { username: username.to_owned(), host };
            match links.profile(&handle) {
                None => escape_into(html, raw),
                Some(address) => {
                    html.push_str(r#"<span class="h-card" translate="no"><a href=""#);
                    escape_into(html, &address);
                    html.push_str(r#"" class="u-url mention">@<span>"#);
                    escape_into(html, username);
                    html.push_str("</span></a></span>");
                }
            }
        }
        Token::Hashtag { display, name, .. } => {
            html.push_str(r#"<a href=""#);
            escape_into(html, &links.hashtag(&name));
            html.push_str(r#"" class="mention hashtag" rel="tag">#<span>"#);
            escape_into(html, display);
            html.push_str("</span></a>");
        }
    }
}

fn write_link(html: &mut String, raw: &str, url: &Url) {
    let scheme_end = raw.find("://").map_or(0, |at| at + 3);
    let (scheme, after) = raw.split_at_checked(scheme_end).unwrap_or(("", raw));
    let www = after.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let (www, after) = after.split_at_checked(if www { 4 } else { 0 }).unwrap_or(("", after));
    let shown_end = after.char_indices().nth(SHOWN_ADDRESS_CHARS).map_or(after.len(), |(at, _)| at);
    let (shown, hidden) = after.split_at_checked(shown_end).unwrap_or((after, ""));

    html.push_str(r#"<a href=""#);
    escape_into(html, url.as_str());
    html.push_str(r#"" rel="nofollow noopener noreferrer" translate="no"><span class="invisible">"#);
    escape_into(html, scheme);
    escape_into(html, www);
    html.push_str(if hidden.is_empty() { r#"</span><span>"# } else { r#"</span><span class="ellipsis">"# });
    escape_into(html, shown);
    html.push_str(r#"</span><span class="invisible">"#);
    escape_into(html, hidden);
    html.push_str("</span></a>");
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Town;

    impl Links for Town {
        fn profile(&self, mention: &Handle) -> Option<String> {
            let host = mention.host.as_deref().unwrap_or("town.example");
            (mention.username != "nobody").then(|| format!("https://{host}/@{}", mention.username))
        }
        fn hashtag(&self, name: &str) -> String {
            format!("https://town.example/tags/{name}")
        }
    }

    fn html(source: &str) -> String {
        render(source, &Town)
    }

    #[test]
    fn empty_lines_part_paragraphs_and_line_ends_are_kept() {
        insta::assert_snapshot!(html("One\r\ntwo\n\n \n\nthree\n"), @"<p>One<br />two</p><p>three</p>");
        assert_eq!(html(" \n "), "");
    }

    #[test]
    fn a_field_is_one_line_without_paragraphs() {
        insta::assert_snapshot!(render_line(" a & b\n\n<c> @ana ", &Town), @r#"a &amp; b &lt;c&gt; <span class="h-card" translate="no"><a href="https://town.example/@ana" class="u-url mention">@<span>ana</span></a></span>"#);
        assert_eq!(render_line(" \n", &Town), "");
    }

    #[test]
    fn what_looks_like_html_is_text() {
        insta::assert_snapshot!(
            html(r#"<script>alert("x")</script> & 'y'"#),
            @"<p>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</p>"
        );
    }

    #[test]
    fn a_link_shows_its_middle_and_keeps_all_of_its_text() {
        insta::assert_snapshot!(
            html("https://www.town.example/minutes/2026/11/council?a=1&b=2"),
            @r#"<p><a href="https://www.town.example/minutes/2026/11/council?a=1&amp;b=2" rel="nofollow noopener noreferrer" translate="no"><span class="invisible">https://www.</span><span class="ellipsis">town.example/minutes/2026/11/c</span><span class="invisible">ouncil?a=1&amp;b=2</span></a></p>"#
        );
        insta::assert_snapshot!(
            html("http://a.example"),
            @r#"<p><a href="http://a.example/" rel="nofollow noopener noreferrer" translate="no"><span class="invisible">http://</span><span>a.example</span><span class="invisible"></span></a></p>"#
        );
    }

    #[test]
    fn mentions_and_hashtags_have_the_markup_that_clients_know() {
        insta::assert_snapshot!(
            html("@ana and @bo@other.example:8080 on #Parking"),
            @r#"<p><span class="h-card" translate="no"><a href="https://town.example/@ana" class="u-url mention">@<span>ana</span></a></span> and <span class="h-card" translate="no"><a href="https://other.example:8080/@bo" class="u-url mention">@<span>bo</span></a></span> on <a href="https://town.example/tags/parking" class="mention hashtag" rel="tag">#<span>Parking</span></a></p>"#
        );
    }

    #[test]
    fn a_mention_of_nobody_stays_text() {
        insta::assert_snapshot!(html("@nobody@x.example hi"), @"<p>@nobody@x.example hi</p>");
    }

    #[test]
    fn everything_is_found_once() {
        let found =
            scan("@ana @Ana @bo@x.example #Tag #tag https://a.example/ https://a.example https://b.example");
        let handle =
            |name: &str, host: Option<&str>| Handle { username: name.into(), host: host.map(Into::into) };
        assert_eq!(found.mentions, [handle("ana", None), handle("bo", Some("x.example"))]);
        assert_eq!(found.hashtags, [Hashtag { display: "Tag".into(), name: "tag".into() }]);
        let links: Vec<&str> = found.links.iter().map(Url::as_str).collect();
        assert_eq!(links, ["https://a.example/", "https://b.example/"]);
    }

    #[test]
    fn x3_the_answer_about_a_mention_is_escaped_too() {
        struct Hostile;
        impl Links for Hostile {
            fn profile(&self, _: &Handle) -> Option<String> {
                Some(r#"https://x.example/"><script>"#.into())
            }
            fn hashtag(&self, _: &str) -> String {
                r#"https://x.example/"onclick=""#.into()
            }
        }
        let html = render("@ana #tag", &Hostile);
        assert!(html.contains(r#"href="https://x.example/&quot;&gt;&lt;script&gt;""#), "{html}");
        assert!(html.contains(r#"href="https://x.example/&quot;onclick=&quot;""#), "{html}");
    }

    #[test]
    fn x3_control_characters_do_not_reach_the_database() {
        assert_eq!(html("a\0b\u{7}c\u{9b}d\te"), "<p>abcd\te</p>");
    }

    #[test]
    fn f12_a_hostile_text_is_cut_before_it_is_read() {
        for piece in
            ["http://", "@a@b", "#", "@a.", "https://a.example/(", "x@", "#a·", "\n", "😀", "@a@b:12"]
        {
            let source = piece.repeat(500_000 / piece.len());
            let composed = to_html(&source, &Town);
            // The longest markup for the fewest bytes is that of a hashtag: under 110 bytes for 2.
            assert!(composed.html.len() <= MAX_SOURCE_BYTES * 55, "{piece}: {}", composed.html.len());
            let read: usize = normalised(&source).len();
            assert!(read <= MAX_SOURCE_BYTES, "{piece}: {read}");
        }
    }
}
