//! Display names that cannot pass for a verification (threats V10): check marks, badge emoji and invisible
//! characters are removed from local and remote names alike. That somebody is verified is said by a field of
//! the API and a mark that the page draws outside the name. Handles and their look-alikes are in `model`.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::sanitise::{is_direction_mark, one_line};

/// Names are cut to this many characters before anything else.
const MAX_INPUT_CHARS: usize = 500;

/// Custom emoji whose name claims a verification: `:verified:`, `:blue_check:`, `:official_badge:` …
#[expect(clippy::expect_used, reason = "a constant pattern, compiled by the tests")]
static BADGE_SHORTCODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i):[a-z0-9_+-]*(?:verif|check|tick|official|badge|certif)[a-z0-9_+-]*:")
        .expect("a constant pattern")
});

/// A display name as it may be stored and shown: one line, NFC, at most `max` characters, nothing invisible and
/// nothing that looks like a badge. May be empty; then the handle is shown.
pub fn display_name(input: &str, max: usize) -> String {
    let mut name: String = one_line(input, MAX_INPUT_CHARS).nfc().collect();
    // Removing one shortcode or sign may join the halves of another. Every round shortens the name.
    loop {
        let clean = one_line(&BADGE_SHORTCODE.replace_all(&without_signs(&name), ""), MAX_INPUT_CHARS);
        if clean == name {
            break;
        }
        name = clean;
    }
    one_line(&name, max)
}

fn without_signs(name: &str) -> String {
    let characters: Vec<char> = name.chars().filter(|c| !is_check_mark(*c) && !is_invisible(*c)).collect();
    let mut clean = String::with_capacity(name.len());
    let mut before = None;
    for (position, character) in characters.iter().copied().enumerate() {
        let after = characters.get(position + 1).copied();
        let keep = match character {
            '\u{FE0E}' | '\u{FE0F}' => before.is_some_and(is_pictograph),
            '\u{200D}' => joins_pictures(before, after) || before.is_some_and(needs_joiners),
            '\u{200C}' => before.is_some_and(needs_joiners),
            _ => true,
        };
        if keep {
            clean.push(character);
            before = Some(character);
        }
    }
    clean
}

/// The signs that stand for "checked" in some font, and those that imitate badges: shield, name badge, circled V.
fn is_check_mark(character: char) -> bool {
    matches!(
        character,
        '\u{2705}'
            | '\u{2611}'
            | '\u{2713}'
            | '\u{2714}'
            | '\u{1F5F8}'
            | '\u{1F5F9}'
            | '\u{237B}'
            | '\u{221A}'
            | '\u{10102}'
            | '\u{1FBB1}'
            | '\u{1F6E1}'
            | '\u{1F4DB}'
            | '\u{24CB}'
            | '\u{1F165}'
    )
}

/// Whether nothing of a text would be seen.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let is_joiner = |c| matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}');
    text.chars().all(|c| c.is_whitespace() || is_invisible(c) || is_joiner(c))
}

/// Characters without a width. Joiners and variation selectors are judged by their neighbours instead.
fn is_invisible(character: char) -> bool {
    is_direction_mark(character)
        || character.is_control()
        || matches!(
            character,
            '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
                | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
                | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFD}'
                | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}'
        )
}

fn is_pictograph(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{1F000}'..='\u{1FAFF}')
        || matches!(character, '#' | '*' | '0'..='9' | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '㊗' | '㊙')
}

fn joins_pictures(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|c| c == '\u{FE0F}' || is_pictograph(c)) && after.is_some_and(is_pictograph)
}

/// Arabic, Syriac, Thaana, N'Ko and the Indic scripts spell words with joiners.
fn needs_joiners(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{7FF}' | '\u{8A0}'..='\u{DFF}' | '\u{FB50}'..='\u{FDFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v10_check_marks_and_badges_are_removed() {
        for name in [
            "City Hall ✅",
            "City Hall ✔️",
            "☑️ City Hall",
            "City Hall ✓",
            "City Hall :verified:",
            "City Hall :Blue_Verified_2:",
            "City Hall :checkmark:",
            "City Hall :ver:verified:ified:",
            "City Hall :veri✓fied:",
            "City Hall :veri\u{200B}fied:",
            "City Hall :official::badge:",
        ] {
            assert_eq!(display_name(name, 30), "City Hall", "{name}");
        }
    }

    #[test]
    fn v10_invisible_and_turning_characters_are_removed() {
        let name = "\u{200B}A\u{AD}n\u{200D}a\u{202E} \u{3164}\u{2066}M\u{FEFF}.\u{E0041}\u{200F}\u{FE0F}";
        assert_eq!(display_name(name, 30), "Ana M.");
        assert_eq!(display_name("\u{200B}\u{3164}\n", 30), "");
    }

    #[test]
    fn ordinary_names_and_emoji_stay_as_they_are() {
        for name in
            ["Žofie O'Neil-López", "می‌خواهم", "क्‍ष", "Ana 👩‍🚒 ❤️", "李小龍", "a :cat: b: c", "1 < 2 & 3"]
        {
            assert_eq!(display_name(name, 30), name);
        }
    }

    #[test]
    fn names_are_one_line_in_nfc_and_not_longer_than_asked() {
        assert_eq!(display_name("e\u{301}  a\nb", 30), "é a b");
        assert_eq!(display_name(&"x".repeat(500_000), 30).chars().count(), 30);
    }

    #[test]
    fn f12_a_name_made_of_nested_shortcodes_ends() {
        let hostile = format!("{}{}", ":ver".repeat(50_000), ":verified:ified:".repeat(50_000));
        assert!(display_name(&hostile, 100).chars().count() <= 100);
    }
}
