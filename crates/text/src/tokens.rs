//! Finds links, mentions and hashtags in one line of plain text.
//!
//! The only place that decides where such a thing begins and ends: `compose` turns the pieces into HTML and
//! `length` counts them, so the composer and the character counter cannot disagree. HTML is not read here.
//!
//! The `regex` crate never backtracks; every piece is looked at once, so the work is linear in the line.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use url::{Host, Url};

/// The longest address that is made into a link, in bytes; longer ones stay text.
const MAX_URL_BYTES: usize = 2_048;
/// The longest hashtag, in characters, that is treated as one.
const MAX_HASHTAG_CHARS: usize = 100;
/// The longest user name in a mention, in bytes.
const MAX_USERNAME_BYTES: usize = 64;

/// One piece of a line. The `raw` slices, put together, are the line again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    Text(&'a str),
    Link { raw: &'a str, url: Url },
    Mention { raw: &'a str, username: &'a str, host: Option<String> },
    Hashtag { raw: &'a str, display: &'a str, name: String },
}

#[expect(clippy::expect_used, reason = "constant patterns, compiled by every test of this module")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

static START: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)https?://|[@＠]|[#＃]"));
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\A(?i:https?)://[^\s<>"`\\^{}|\p{Cc}]+"#));
static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\A[@＠](?P<username>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?:[@＠](?P<host>[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}.-]*[\p{L}\p{M}\p{N}])?))?",
    )
});
static PORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\A:(?P<port>[0-9]{2,5})(?:[^\p{L}\p{N}_]|\z)"));
static HASHTAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\A[#＃](?P<name>[\p{L}\p{M}\p{N}_]+(?:[\u{B7}\u{30FB}\u{200C}][\p{L}\p{M}\p{N}_]+)*)")
});

/// Splits one line. Never fails: what is not recognised is text.
pub(crate) fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut text_from = 0;
    let mut at = 0;
    while let Some(start) = START.find_at(line, at) {
        let rest = line.get(start.start()..).unwrap_or_default();
        let before = line.get(..start.start()).and_then(|head| head.chars().next_back());
        let step = match start.as_str() {
            "@" | "＠" => mention(rest, before),
            "#" | "＃" => hashtag(rest, before),
            _ => link(rest, before),
        };
        match step {
            Step::Found(token, length) => {
                push_text(&mut found, line.get(text_from..start.start()));
                found.push(token);
                at = start.start() + length;
                text_from = at;
            }
            Step::Skip(length) => at = start.start() + length,
        }
    }
    push_text(&mut found, line.get(text_from..));
    found
}

/// What a place in the line turned out to be; the number is how many bytes were looked at and are done with.
enum Step<'a> {
    Found(Token<'a>, usize),
    Skip(usize),
}

fn push_text<'a>(found: &mut Vec<Token<'a>>, text: Option<&'a str>) {
    match text {
        Some(text) if !text.is_empty() => found.push(Token::Text(text)),
        _ => {}
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn link(rest: &str, before: Option<char>) -> Step<'_> {
    let scheme_length = rest.find("//").map_or(1, |at| at + 2);
    if before.is_some_and(is_word) {
        return Step::Skip(scheme_length);
    }
    let Some(run) = ADDRESS.find(rest).map(|found| found.as_str()) else { return Step::Skip(scheme_length) };
    let raw = without_closing_punctuation(run);
    if raw.len() > MAX_URL_BYTES {
        return Step::Skip(run.len());
    }
    match Url::parse(raw) {
        Ok(url) if url.has_host() => Step::Found(Token::Link { raw, url }, raw.len()),
        _ => Step::Skip(run.len()),
    }
}

/// The sentence's full stop and a bracket that was opened before the link do not belong to it.
fn without_closing_punctuation(run: &str) -> &str {
    let count = |mark: char| run.chars().filter(|character| *character == mark).count();
    let pairs = [('(', ')'), ('[', ']')];
    let mut unmatched = pairs.map(|(open, close)| count(close).saturating_sub(count(open)));
    let mut kept = run;
    while let Some(last) = kept.chars().next_back() {
        let surplus = pairs.iter().zip(unmatched.iter_mut()).find(|((_, close), _)| *close == last);
        let drop = match surplus {
            Some((_, surplus)) if *surplus > 0 => {
                *surplus -= 1;
                true
            }
            Some(_) => false,
            None => matches!(
                last,
                '.' | ','
                    | ';'
                    | ':'
                    | '!'
                    | '?'
                    | '\''
                    | '*'
                    | '»'
                    | '”'
                    | '’'
                    | '…'
                    | '。'
                    | '、'
                    | '）'
                    | '」'
            ),
        };
        if !drop {
            break;
        }
        kept = kept.get(..kept.len() - last.len_utf8()).unwrap_or_default();
    }
    kept
}

fn mention(rest: &str, before: Option<char>) -> Step<'_> {
    let marker = rest.chars().next().map_or(1, char::len_utf8);
    if before.is_some_and(|character| is_word(character) || matches!(character, '/' | '=')) {
        return Step::Skip(marker);
    }
    let Some(found) = MENTION.captures(rest) else { return Step::Skip(marker) };
    let (Some(whole), Some(username)) = (found.get(0), found.name("username")) else {
        return Step::Skip(marker);
    };
    if username.len() > MAX_USERNAME_BYTES {
        return Step::Skip(whole.len());
    }
    let username = username.as_str();
    let Some(host) = found.name("host") else {
        let raw = whole.as_str();
        return Step::Found(Token::Mention { raw, username, host: None }, raw.len());
    };
    let port =
        rest.get(whole.end()..).and_then(|after| PORT.captures(after)).and_then(|port| port.name("port"));
    let Ok(Host::Domain(domain)) = Host::parse(host.as_str()) else { return Step::Skip(whole.len()) };
    let (length, host) = match port {
        Some(port) => (whole.len() + 1 + port.len(), format!("{domain}:{}", port.as_str())),
        None => (whole.len(), domain),
    };
    let raw = rest.get(..length).unwrap_or(whole.as_str());
    Step::Found(Token::Mention { raw, username, host: Some(host) }, raw.len())
}

fn hashtag(rest: &str, before: Option<char>) -> Step<'_> {
    let marker = rest.chars().next().map_or(1, char::len_utf8);
    if before.is_some_and(|character| is_word(character) || matches!(character, '/' | '=' | ')' | '&')) {
        return Step::Skip(marker);
    }
    let Some(found) = HASHTAG.captures(rest) else { return Step::Skip(marker) };
    let (Some(whole), Some(display)) = (found.get(0), found.name("name")) else { return Step::Skip(marker) };
    let (raw, display) = (whole.as_str(), display.as_str());
    match hashtag_name(display) {
        Some(name) => Step::Found(Token::Hashtag { raw, display, name }, raw.len()),
        None => Step::Skip(raw.len()),
    }
}

/// The form under which a hashtag is stored and compared: NFKC, lower case, without `#`.
///
/// `None` when it is not a hashtag: no letter in it, a character that hashtags cannot have, or too long.
pub fn hashtag_name(display: &str) -> Option<String> {
    let display = display.strip_prefix(['#', '＃']).unwrap_or(display);
    if display.chars().nth(MAX_HASHTAG_CHARS).is_some() || !display.chars().any(char::is_alphabetic) {
        return None;
    }
    let marked = format!("#{display}");
    let whole = HASHTAG.find(&marked).is_some_and(|found| found.len() == marked.len());
    whole.then(|| display.nfkc().flat_map(char::to_lowercase).nfkc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(line: &str) -> Vec<String> {
        tokens(line)
            .into_iter()
            .map(|token| match token {
                Token::Text(text) => format!("text {text}"),
                Token::Link { raw, .. } => format!("link {raw}"),
                Token::Mention { username, host, .. } => {
                    format!("mention {username} {}", host.unwrap_or_default())
                }
                Token::Hashtag { name, .. } => format!("tag {name}"),
            })
            .collect()
    }

    #[test]
    fn punctuation_after_a_link_is_not_part_of_it() {
        assert_eq!(kinds("See https://a.example/x."), ["text See ", "link https://a.example/x", "text ."]);
        assert_eq!(
            kinds("(https://a.example/b_(c))"),
            ["text (", "link https://a.example/b_(c)", "text )"],
            "a bracket that the link itself opened stays"
        );
        assert_eq!(kinds("HTTPS://A.example!?"), ["link HTTPS://A.example", "text !?"]);
    }

    #[test]
    fn an_address_without_a_host_or_with_another_scheme_is_text() {
        for line in ["http://", "https:// x", "javascript:alert(1)", "ftp://a.example", "https://[::::]/"] {
            assert_eq!(kinds(line), [format!("text {line}")]);
        }
    }

    #[test]
    fn mentions_may_name_a_host_and_a_port() {
        assert_eq!(kinds("@ana"), ["mention ana "]);
        assert_eq!(kinds("@ana.b-c@Town.example."), ["mention ana.b-c town.example", "text ."]);
        assert_eq!(
            kinds("@ana@town-a.localhost:4001: hello"),
            ["mention ana town-a.localhost:4001", "text : hello"]
        );
        assert_eq!(kinds("@bob@town.example:10am"), ["mention bob town.example", "text :10am"]);
        assert_eq!(kinds("@rat@münchen.example"), ["mention rat xn--mnchen-3ya.example"]);
    }

    #[test]
    fn an_email_address_is_not_a_mention() {
        assert_eq!(kinds("ana@town.example"), ["text ana@town.example"]);
        assert_eq!(kinds("@ana@127.0.0.1"), ["text @ana@127.0.0.1"], "a domain is a name, never an address");
    }

    #[test]
    fn hashtags_have_a_letter_and_are_compared_in_lower_case() {
        assert_eq!(kinds("#ParkingNord, #2026 #Straße"), ["tag parkingnord", "text , #2026 ", "tag straße"]);
        assert_eq!(kinds("#Paral·lel"), ["tag paral·lel"], "the Catalan middle dot is part of a word");
        assert_eq!(
            kinds("a#b &#39;x https://a.example/#frag"),
            ["text a#b &#39;x ", "link https://a.example/#frag"]
        );
        assert_eq!(hashtag_name("#Ａｂ").as_deref(), Some("ab"));
        assert_eq!(hashtag_name("a b"), None);
        assert_eq!(hashtag_name(""), None);
    }

    #[test]
    fn the_pieces_put_together_are_the_line() {
        for line in [
            "a @ana@b.example:80 #x https://c.example/)) é@é #1 ＠ana ＃tag @",
            "@@@ana ##x http://http://a b",
        ] {
            let again: String = tokens(line)
                .into_iter()
                .map(|token| match token {
                    Token::Text(raw) => raw,
                    Token::Link { raw, .. } | Token::Mention { raw, .. } | Token::Hashtag { raw, .. } => raw,
                })
                .collect();
            assert_eq!(again, line);
        }
    }
}
