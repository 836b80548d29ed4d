//! Words by which people and posts are found: a text cut into words that are alike however they are written, with or without accents and capitals.
//! The same function makes the words that are kept and those that are looked for, so that one finds the other.
//!
//! Who may find what is in `domain::search`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that are kept; of longer ones the beginning.
pub const WORD_MAX: usize = 40;
/// Characters of a text that are looked at.
const TEXT_MAX: usize = 20_000;

/// Raise it when the words of the same text become others: then all are made anew.
pub const VERSION: i32 = 1;

/// The first `most` words of a text in their order, folded. Words of scripts that are written without blanks come as single characters.
#[must_use]
pub fn folded(text: &str, most: usize) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars().take(TEXT_MAX).nfkd().filter(|c| !is_accent(*c)) {
        for lower in character.to_lowercase() {
            spell(lower, &mut plain);
        }
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for character in plain.nfc() {
        if words.len() >= most {
            return words;
        }
        if is_word_alone(character) {
            keep(&mut word, &mut words);
            words.push(character.to_string());
        } else if character.is_alphanumeric() || is_combining_mark(character) {
            word.push(character);
        } else {
            keep(&mut word, &mut words);
        }
    }
    keep(&mut word, &mut words);
    words.truncate(most);
    words
}

fn keep(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(word.chars().take(WORD_MAX).collect());
        word.clear();
    }
}

/// The marks of Latin, Greek and Cyrillic letters. Those of other scripts are letters of theirs.
const fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}')
}

/// Letters that are no letter with a mark for Unicode, and are for people.
fn spell(letter: char, plain: &mut String) {
    match letter {
        'ß' => plain.push_str("ss"),
        'æ' => plain.push_str("ae"),
        'œ' => plain.push_str("oe"),
        'þ' => plain.push_str("th"),
        'ø' => plain.push('o'),
        'ł' => plain.push('l'),
        'đ' | 'ð' => plain.push('d'),
        'ı' => plain.push('i'),
        'ς' => plain.push('σ'),
        // Small letters that fold into a letter and a mark.
        other if is_accent(other) => {}
        other => plain.push(other),
    }
}

/// Ideographs, kana, Thai and its neighbours: no blanks stand between words.
const fn is_word_alone(character: char) -> bool {
    matches!(character,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}'
        | '\u{E01}'..='\u{E2E}' | '\u{E40}'..='\u{E44}' | '\u{E81}'..='\u{EAE}' | '\u{1000}'..='\u{102A}' | '\u{1780}'..='\u{17A2}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_alike_with_and_without_accents_and_capitals() {
        assert_eq!(folded("Léa MARTIN-Łoś, l'Œuvre", 9), ["lea", "martin", "los", "l", "oeuvre"]);
        assert_eq!(folded("Straße İstanbul ΟΔΟΣ œ", 9), ["strasse", "istanbul", "οδοσ", "oe"]);
        assert_eq!(folded("e\u{301}te\u{301} été Ｅté ﬁn", 9), ["ete", "ete", "ete", "fin"]);
        assert_eq!(folded("ана_b2 … 🎉 12:30", 9), ["ана", "b2", "12", "30"]);
        assert_eq!(folded("हिन्दी がく", 9), ["हिन्दी", "が", "く"], "marks of other scripts are letters");
    }

    #[test]
    fn scripts_without_blanks_are_found_by_their_characters() {
        assert_eq!(folded("2026年の選挙", 9), ["2026", "年", "の", "選", "挙"]);
    }

    #[test]
    fn f12_no_text_has_more_or_longer_words_than_are_wanted() {
        assert_eq!(folded("one two three", 2), ["one", "two"]);
        assert_eq!(folded(&"x".repeat(1_000_000), 5), ["x".repeat(WORD_MAX)]);
        assert_eq!(folded(&"選".repeat(1_000_000), 5).len(), 5);
        assert_eq!(folded(&"\u{FDFA}".repeat(1_000_000), 50).len(), 50);
        assert!(folded("\0 \u{200B} -- ''", 5).is_empty());
    }
}
