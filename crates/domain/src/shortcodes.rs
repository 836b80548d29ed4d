//! Custom emojis in texts: which `:short_codes:` a text uses, and their pictures on the text's own server. Shared by posts and profiles.

use std::collections::HashSet;

use parvis_store::Conn;
use parvis_store::policy::{self, Emoji};

use crate::error::Result;

/// Short codes of a text that is looked at, at most (threats J3).
const MOST: usize = 50;

/// The short codes in a text, without colons, each once.
#[must_use]
pub fn in_text(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut parts = text.split(':').skip(1).peekable();
    while let Some(part) = parts.next() {
        // The last part has no closing colon.
        if parts.peek().is_none() || found.len() >= MOST {
            break;
        }
        if is_shortcode(part) && !found.iter().any(|f| f == part) {
            found.push(part.to_owned());
        }
    }
    found
}

/// Whether a text can be a short code: 2 to 64 of `[A-Za-z0-9_]`.
#[must_use]
pub fn is_shortcode(text: &str) -> bool {
    (2..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether a text is one emoji: pictographs with what joins and colours them, a flag, or a key. Letters and digits alone are none. Newer emojis than
/// this program are let in by their block.
#[must_use]
pub fn is_emoji(text: &str) -> bool {
    let is_joiner = |c: char| matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}');
    let is_picture = |c: char| {
        matches!(c,
            '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}'
            | '\u{231A}'..='\u{23FF}' | '\u{24C2}' | '\u{25AA}'..='\u{27BF}' | '\u{2934}' | '\u{2935}'
            | '\u{2B05}'..='\u{2B55}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
    };
    let is_key = |c: char| matches!(c, '#' | '*' | '0'..='9');
    let count = text.chars().count();
    let has_picture = text.chars().any(is_picture) || text.contains('\u{20E3}');
    (1..=14).contains(&count)
        && has_picture
        && text.chars().all(|c| is_joiner(c) || is_picture(c) || (is_key(c) && text.contains('\u{20E3}')))
}

/// The emojis of many texts, each with the host it was written on; one statement.
///
/// # Errors
/// Internal.
pub fn load(c: &mut Conn, texts: &[(String, String)]) -> Result<Vec<Emoji>> {
    let hosts: HashSet<String> = texts.iter().map(|(host, _)| host.clone()).collect();
    let codes: HashSet<String> = texts.iter().flat_map(|(_, text)| in_text(text)).collect();
    let (codes, hosts): (Vec<_>, Vec<_>) = (codes.into_iter().collect(), hosts.into_iter().collect());
    Ok(policy::emojis(c, &codes, &hosts)?)
}

/// Of loaded emojis, those that a text of this host uses.
#[must_use]
pub fn used(emojis: &[Emoji], host: &str, text: &str) -> Vec<Emoji> {
    if emojis.is_empty() {
        return Vec::new();
    }
    let codes = in_text(text);
    emojis.iter().filter(|e| e.host == host && codes.contains(&e.shortcode)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_codes_are_found_between_colons() {
        assert_eq!(
            in_text("a :blob: b :x: c :parvis_heart::blob: at 10:30:45"),
            ["blob", "parvis_heart", "30"]
        );
        assert!(in_text("http://example").is_empty());
        assert!(in_text(":unclosed").is_empty());
    }
}
