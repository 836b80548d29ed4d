//! How long a post is, counted as Mastodon and its clients count, so that the number beside the composer and
//! the server's refusal agree. The limits themselves are the instance's settings; they are not here.

use unicode_normalization::UnicodeNormalization;

use crate::tokens::{Token, tokens};

/// What every address costs, whatever its length (`characters_reserved_per_url` of the instance entity).
pub const CHARACTERS_PER_URL: usize = 23;

/// The number of characters of a text: code points after NFC; an address counts
/// [`CHARACTERS_PER_URL`], a mention only its `@user` part.
pub fn characters(source: &str) -> usize {
    let source: String = source.nfc().filter(|character| *character != '\r').collect();
    let mut count = source.matches('\n').count();
    for token in source.split('\n').flat_map(tokens) {
        count += match token {
            Token::Text(raw) | Token::Hashtag { raw, .. } => raw.chars().count(),
            Token::Link { .. } => CHARACTERS_PER_URL,
            Token::Mention { username, .. } => username.chars().count() + 1,
        };
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_23_and_a_mention_without_its_host() {
        assert_eq!(characters("https://town.example/a/very/long/address/indeed?with=a&query=too"), 23);
        assert_eq!(characters("http://a.example"), 23);
        assert_eq!(characters("@ana@a-very-long-name.example:8080 hi"), "@ana hi".len());
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(characters("žluť\nkůň"), 8);
        assert_eq!(characters("e\u{301}"), 1, "composed first");
        assert_eq!(characters("a\r\nb"), 3);
        assert_eq!(characters("#Tag!"), 5);
        assert_eq!(characters(""), 0);
    }
}
