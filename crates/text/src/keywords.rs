//! Finding somebody's keywords in posts: all of them in one pass, whatever characters they are made of (a keyword is text, never a pattern).
//! Letters match in either case; a "whole word" begins and ends where a word does, as far as the keyword itself begins and ends with one.
//!
//! Who filters what is in `domain`; here are only texts.

use aho_corasick::{AhoCorasick, MatchKind};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a post that are looked at.
const CHARACTERS_MAX: usize = 10_000;
/// Finds in one post that are looked at: keywords that are all parts of one another would otherwise cost their number times the text's length.
const FINDS_MAX: usize = 20_000;

/// One keyword of a group (a filter).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword {
    pub text: String,
    pub is_whole_word: bool,
    /// Which group it belongs to: the first find in each is told.
    pub group: usize,
}

/// A text made ready for looking in it, for whoever looks: as it is in NFC, and with letters of either case the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Searchable {
    normal: String,
    folded: String,
}

impl Searchable {
    /// The beginning of a text, as far as it is looked at.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let end = text.char_indices().nth(CHARACTERS_MAX).map_or(text.len(), |(at, _)| at);
        let normal: String = text.get(..end).unwrap_or_default().nfc().collect();
        let folded = folded(&normal).0;
        Self { normal, folded }
    }

    /// How long it is in memory.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.normal.len() + self.folded.len()
    }
}

/// Keywords made ready to be found.
#[derive(Debug)]
pub struct Matcher {
    keywords: Vec<Keyword>,
    /// Whether the keyword must begin, and end, at the edge of a word.
    edges: Vec<(bool, bool)>,
    automaton: Option<AhoCorasick>,
}

impl Matcher {
    /// Makes keywords ready. Empty ones are never found.
    #[must_use]
    pub fn new(keywords: Vec<Keyword>) -> Self {
        let keywords: Vec<Keyword> = keywords.into_iter().filter(|k| !k.text.trim().is_empty()).collect();
        let folded: Vec<String> =
            keywords.iter().map(|k| folded(&k.text.nfc().collect::<String>()).0).collect();
        let edges = keywords
            .iter()
            .zip(&folded)
            .map(|(keyword, text)| {
                let begins = text.chars().next().is_some_and(is_word);
                let ends = text.chars().next_back().is_some_and(is_word);
                (keyword.is_whole_word && begins, keyword.is_whole_word && ends)
            })
            .collect();
        // Too many or too long keywords for the automaton would be none at all; `domain` keeps them far below that.
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&folded).ok();
        Self { keywords, edges, automaton }
    }

    /// Whether it was made of these.
    #[must_use]
    pub fn is_of(&self, keywords: &[Keyword]) -> bool {
        self.keywords == keywords
    }

    /// The first find of each group: (group, as the text has it), in the order in which they are found.
    #[must_use]
    pub fn find(&self, text: &Searchable) -> Vec<(usize, String)> {
        let Some(automaton) = self.automaton.as_ref().filter(|_| !self.keywords.is_empty()) else {
            return Vec::new();
        };
        let Searchable { normal, folded } = text;
        // Most texts hold none of the keywords: where the letters of a find stand is asked only when there is one.
        let mut places = None;
        let mut found: Vec<(usize, String)> = Vec::new();
        for hit in automaton.find_overlapping_iter(folded).take(FINDS_MAX) {
            let number = hit.pattern().as_usize();
            let (Some(keyword), Some(edges)) = (self.keywords.get(number), self.edges.get(number)) else {
                continue;
            };
            if found.iter().any(|(group, _)| *group == keyword.group)
                || !stands_alone(folded, hit.start(), hit.end(), *edges)
            {
                continue;
            }
            let places = places.get_or_insert_with(|| self::folded(normal).1);
            found.push((keyword.group, as_written(normal, places, hit.start(), hit.end())));
        }
        found
    }
}

/// Whether a find has the edges that it needs.
fn stands_alone(text: &str, start: usize, end: usize, (begins, ends): (bool, bool)) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    let goes_on = begins && before.is_some_and(is_word) || ends && after.is_some_and(is_word);
    !goes_on
}

/// The characters of the text from which this part of the folded text came.
fn as_written(normal: &str, places: &[usize], start: usize, end: usize) -> String {
    let first = places.get(start).copied().unwrap_or_default();
    let last = places.get(end.saturating_sub(1)).copied().unwrap_or_default();
    let rest = normal.get(first..).unwrap_or_default();
    rest.char_indices().take_while(|(at, _)| first + at <= last).map(|(_, character)| character).collect()
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || is_combining_mark(character)
}

/// A text in NFC in which letters of either case are the same, and where the character of each of its bytes begins there.
fn folded(normal: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(normal.len());
    let mut places = Vec::with_capacity(normal.len());
    for (at, character) in normal.char_indices() {
        // The two small sigmas are one letter.
        let character = if character == 'ς' { 'σ' } else { character };
        for lower in character.to_lowercase() {
            out.push(lower);
        }
        places.resize(out.len(), at);
    }
    (out, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyword(text: &str, is_whole_word: bool) -> Keyword {
        Keyword { text: text.to_owned(), is_whole_word, group: 0 }
    }

    fn found(word: &str, is_whole_word: bool, text: &str) -> Option<String> {
        Matcher::new(vec![keyword(word, is_whole_word)]).find(&Searchable::of(text)).pop().map(|(_, t)| t)
    }

    #[test]
    fn letters_match_in_either_case_and_are_told_as_written() {
        assert_eq!(found("marché", false, "Au MARCHÉ !").as_deref(), Some("MARCHÉ"));
        assert_eq!(found("ΟΔΟΣ", true, "η οδός της, οδος").as_deref(), Some("οδος"));
        assert_eq!(found("i", false, "xİx").as_deref(), Some("İ"), "a letter that grows when it is folded");
        assert_eq!(found("e\u{301}t", true, "un été ét").as_deref(), Some("ét"), "composed or not");
    }

    #[test]
    fn a_whole_word_is_no_part_of_another() {
        assert_eq!(found("cat", true, "concatenate cats cat_ 2cat"), None);
        assert_eq!(found("cat", true, "a (cat)").as_deref(), Some("cat"));
        assert_eq!(found("cat", false, "concatenate").as_deref(), Some("cat"));
        // An edge that is no word needs none.
        assert_eq!(found("#cat", true, "x#cat").as_deref(), Some("#cat"));
        assert_eq!(found("c++", true, "c++11").as_deref(), Some("c++"));
        assert_eq!(found("c++", true, "abc++"), None);
        assert_eq!(found("選挙", true, "選挙").as_deref(), Some("選挙"));
    }

    #[test]
    fn f12_a_keyword_is_text_and_never_a_pattern() {
        for hostile in [".*", "(a+)+$", "[", "\\", "(?i)", "\\b", "a{1000}", "$", "^", "|", "\u{202e}x", "\0"]
        {
            assert_eq!(found(hostile, false, "nothing aaaa of this kind"), None, "{hostile:?}");
            assert_eq!(found(hostile, true, &format!("here: {hostile} !")).as_deref(), Some(hostile));
        }
        assert_eq!(found("", false, "anything"), None);
        assert_eq!(found("  ", false, "any  thing"), None);
    }

    #[test]
    fn f12_keywords_made_of_one_another_end() {
        let many =
            (1..=500).map(|n| Keyword { text: "a".repeat(n), is_whole_word: true, group: n }).collect();
        assert_eq!(Matcher::new(many).find(&Searchable::of(&"a".repeat(200_000))), []);
    }

    #[test]
    fn each_group_is_told_once() {
        let group = |text: &str, group| Keyword { group, ..keyword(text, false) };
        let matcher = Matcher::new(vec![group("two", 2), group("one", 1), group("on", 1)]);
        assert_eq!(
            matcher.find(&Searchable::of("one two one")),
            [(1, "on".to_owned()), (2, "two".to_owned())]
        );
        assert_eq!(Matcher::new(Vec::new()).find(&Searchable::of("x")), []);
    }
}
