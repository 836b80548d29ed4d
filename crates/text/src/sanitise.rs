//! Makes foreign HTML harmless (threats X1, X3): posts, bios and every other HTML field from another server.
//!
//! The parsing and the allow-list are ammonia's; the policy is ours and is Mastodon's, a little narrower. Our
//! own posts are written by `compose` and obey the same policy. Preview cards and oEmbed HTML are not
//! sanitised anywhere: they are not accepted at all (X2).
//!
//! An HTML parser takes quadratic time and space for some inputs, so size and number of tags are capped before
//! it is called, and the depth of the result after; what exceeds them becomes plain paragraphs.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};
use regex::Regex;

use crate::markup::{cut, escape_into, paragraphs};

/// Stored beside sanitised HTML; HTML that was stored under an older number is sanitised again when it is shown.
pub const POLICY_VERSION: i32 = 1;
/// Foreign HTML beyond this many bytes is cut off.
pub const MAX_INPUT_BYTES: usize = 131_072;
/// HTML that opens more tags than this becomes plain text.
pub const MAX_TAGS: usize = 600;
/// HTML whose elements nest deeper than this becomes plain text.
pub const MAX_DEPTH: usize = 24;

/// A result that is still not the same after so many parses becomes plain text.
const MAX_ROUNDS: usize = 4;
/// A result may be longer than its input (entities, `rel`), but not without measure.
const MAX_OUTPUT_BYTES: usize = 2 * MAX_INPUT_BYTES;

/// On every link: other sites learn nothing from us and gain nothing.
const LINK_REL: &str = "nofollow noopener noreferrer";

const TAGS: [&str; 20] = [
    "p",
    "br",
    "span",
    "a",
    "del",
    "s",
    "pre",
    "blockquote",
    "code",
    "b",
    "strong",
    "u",
    "i",
    "em",
    "ul",
    "ol",
    "li",
    "ruby",
    "rt",
    "rp",
];
/// Headings would disturb the outline of our pages; they become a paragraph in bold letters.
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
/// Elements that vanish with all they contain: code, other document types, and everything whose content is raw
/// text to some parsers and markup to others, which is how mutation XSS works.
const REMOVED_WITH_CONTENT: [&str; 24] = [
    "script",
    "style",
    "svg",
    "math",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "iframe",
    "frameset",
    "xmp",
    "plaintext",
    "textarea",
    "title",
    "select",
    "option",
    "object",
    "embed",
    "applet",
    "audio",
    "video",
    "canvas",
    "head",
    "listing",
];

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test of this module")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

static TAG_START: LazyLock<Regex> = LazyLock::new(|| pattern("<[A-Za-z]"));
/// A tag in the output of [`policy`], where quotes and angle brackets in attributes are always escaped.
static CLEAN_TAG: LazyLock<Regex> = LazyLock::new(|| pattern("<(/?)([a-z0-9]+)[^>]*>"));
/// What is left of a tag in HTML that is not going to be parsed.
static ANY_TAG: LazyLock<Regex> = LazyLock::new(|| pattern("<[A-Za-z/!?][^>]*>?"));
static BLANK_LINES: LazyLock<Regex> = LazyLock::new(|| pattern("\n{3,}"));

static POLICY: LazyLock<Builder<'static>> = LazyLock::new(|| policy(&[]));
static WITH_HEADINGS: LazyLock<Builder<'static>> = LazyLock::new(|| policy(&HEADINGS));

fn policy(headings: &[&'static str]) -> Builder<'static> {
    let set = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let mut tags = set(&TAGS);
    tags.extend(headings);
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .clean_content_tags(set(&REMOVED_WITH_CONTENT))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", set(&["href"])),
            ("ol", set(&["start", "reversed"])),
            ("li", set(&["value"])),
        ]))
        .tag_attribute_values(HashMap::from([
            ("a", HashMap::from([("translate", set(&["no"]))])),
            ("span", HashMap::from([("translate", set(&["no"]))])),
        ]))
        .allowed_classes(HashMap::from([
            ("a", set(&["u-url", "mention", "hashtag"])),
            ("span", set(&["h-card", "mention", "hashtag", "invisible", "ellipsis"])),
            ("p", set(&["quote-inline"])),
        ]))
        .attribute_filter(attribute)
        .url_schemes(set(&["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some(LINK_REL))
        .strip_comments(true);
    builder
}

/// `start` and `value` are small numbers, `reversed` has no value.
fn attribute<'v>(_element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    match name {
        "start" | "value" => value.trim().parse::<i32>().ok().map(|number| number.to_string().into()),
        "reversed" => Some("".into()),
        _ => Some(value.into()),
    }
}

/// Foreign HTML reduced to what may be stored and shown.
///
/// The result is parsed until a parse changes nothing: HTML that a browser reads otherwise than we did is how
/// mutation XSS works, and what is a fixed point cannot mutate.
pub fn html(input: &str) -> String {
    let input = visible(cut(input, MAX_INPUT_BYTES));
    if TAG_START.find_iter(&input).nth(MAX_TAGS).is_some() {
        let mut text = String::new();
        unescape_into(&mut text, &ANY_TAG.replace_all(&input, "\n"));
        return as_paragraphs(&text);
    }
    let mut clean = if HEADINGS.iter().any(|heading| contains_tag(&input, heading)) {
        let mut headed = WITH_HEADINGS.clean(&input).to_string();
        for heading in HEADINGS {
            headed = headed.replace(&format!("<{heading}>"), "<p><strong>");
            headed = headed.replace(&format!("</{heading}>"), "</strong></p>");
        }
        headed
    } else {
        POLICY.clean(&input).to_string()
    };
    for _ in 0..MAX_ROUNDS {
        if depth(&clean) > MAX_DEPTH || clean.len() > MAX_OUTPUT_BYTES {
            break;
        }
        let again = POLICY.clean(&clean).to_string();
        if again == clean {
            return clean;
        }
        clean = again;
    }
    as_paragraphs(cut(&text_of(&clean), MAX_INPUT_BYTES))
}

/// The text of foreign HTML without markup, for titles, previews, notifications and OpenGraph. Paragraphs are
/// parted by an empty line. It is text: escape it before it becomes part of a page.
pub fn plain_text(input: &str) -> String {
    text_of(&html(input))
}

/// A text as HTML that shows it.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_into(&mut html, text);
    html
}

/// Text for one line: white space of every kind becomes one space, control characters, NUL and marks that turn
/// the direction of what follows are removed; at most `max` characters.
pub fn one_line(input: &str, max: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    let mut space = false;
    for character in input.chars() {
        if character.is_whitespace() {
            space = length > 0;
        } else if character.is_control() || is_direction_mark(character) {
        } else {
            let needed = if space { 2 } else { 1 };
            if length + needed > max {
                break;
            }
            if space {
                line.push(' ');
            }
            line.push(character);
            length += needed;
            space = false;
        }
    }
    line
}

/// Text of several lines: control characters, NUL and marks that turn the direction of what follows are removed, line ends are `\n`, white space at
/// both ends goes; at most `max` characters.
#[must_use]
pub fn lines(input: &str, max: usize) -> String {
    let text = input.replace("\r\n", "\n").replace('\r', "\n");
    let keep = |c: &char| !is_direction_mark(*c) && (!c.is_control() || matches!(c, '\n' | '\t'));
    text.trim().chars().filter(keep).take(max).collect()
}

/// Embeddings, overrides and isolates (the "Trojan Source" set), and the marks without a width of their own.
pub(crate) fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// Without control characters: PostgreSQL refuses NUL, and parsers disagree about the others.
fn visible(input: &str) -> Cow<'_, str> {
    let keep = |character: char| !character.is_control() || matches!(character, '\n' | '\t');
    if input.chars().all(keep) { input.into() } else { input.chars().filter(|c| keep(*c)).collect() }
}

fn contains_tag(input: &str, name: &str) -> bool {
    let opening =
        |at: usize| input.get(at + 1..at + 1 + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name));
    input.match_indices('<').any(|(at, _)| opening(at))
}

/// How deep the elements of sanitised HTML nest.
fn depth(clean: &str) -> usize {
    let mut now = 0_usize;
    let mut deepest = 0;
    for tag in CLEAN_TAG.captures_iter(clean) {
        match (tag.get(1).map(|slash| slash.as_str()), tag.get(2).map(|name| name.as_str())) {
            (Some("/"), _) => now = now.saturating_sub(1),
            (_, Some("br")) => {}
            _ => now += 1,
        }
        deepest = deepest.max(now);
    }
    deepest
}

/// The text of HTML that came out of [`html`].
pub fn text_of(clean: &str) -> String {
    let mut text = String::with_capacity(clean.len());
    let mut done = 0;
    for tag in CLEAN_TAG.captures_iter(clean) {
        let Some(whole) = tag.get(0) else { continue };
        unescape_into(&mut text, clean.get(done..whole.start()).unwrap_or_default());
        done = whole.end();
        let closing = tag.get(1).is_some_and(|slash| !slash.is_empty());
        match (closing, tag.get(2).map_or("", |name| name.as_str())) {
            (false, "br") | (true, "li") => text.push('\n'),
            (true, "p" | "blockquote" | "pre" | "ul" | "ol") => text.push_str("\n\n"),
            _ => {}
        }
    }
    unescape_into(&mut text, clean.get(done..).unwrap_or_default());
    BLANK_LINES.replace_all(text.trim(), "\n\n").into_owned()
}

/// Resolves the five entities that the serializer writes; it writes no others.
fn unescape_into(text: &mut String, html: &str) {
    let mut rest = html;
    while let Some((before, entity)) = rest.split_once('&') {
        text.push_str(before);
        let known = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("nbsp;", ' ')];
        let found = known.iter().find_map(|(name, character)| Some((entity.strip_prefix(name)?, *character)));
        let (after, character) = found.unwrap_or((entity, '&'));
        text.push(character);
        rest = after;
    }
    text.push_str(rest);
}

fn as_paragraphs(text: &str) -> String {
    paragraphs(text, escape_into)
}

#[cfg(test)]
#[path = "sanitise_tests.rs"]
mod tests;
