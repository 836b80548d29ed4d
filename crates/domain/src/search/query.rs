//! What people type to find posts: words, "words in a row", `-without`, and Mastodon's operators (`from:`, `has:`, `is:`, `in:`, `language:`,
//! `before:`, `after:`, `during:`). Source: <https://docs.joinmastodon.org/user/network/#search>.

use parvis_model::handle::Address;
use parvis_model::ids::floor_at;
use parvis_model::time::{DAY, Moment};
use parvis_store::status_words::{Phrase, Wanted};
use parvis_text::words::folded;

/// Things that are looked for at once.
const TERMS: usize = 16;
/// Words of one thing.
const WORDS: usize = 16;

/// Whose posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Author {
    /// One's own.
    Me,
    /// Somebody's; `None` of nobody.
    At(Option<Address>),
}

/// Where it is looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Everywhere,
    /// What concerns the viewer.
    Library,
    /// What everybody may find.
    Public,
}

/// A question that was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Without who may find them.
    pub wanted: Wanted,
    pub place: Place,
    /// Whose posts, or (`true`) whose not.
    pub authors: Vec<(Author, bool)>,
    /// Ids above this.
    pub above: Option<i64>,
    /// Ids below this.
    pub below: Option<i64>,
}

impl Asked {
    /// Reads what somebody typed; `None` when there is nothing to look for.
    pub(super) fn read(text: &str, our_domain: &str) -> Option<Self> {
        let mut asked = Self::default();
        for term in terms(text).into_iter().take(TERMS) {
            asked.add(&term, our_domain);
        }
        let says_something =
            !asked.wanted.all.is_empty() || !asked.wanted.marks.is_empty() || !asked.authors.is_empty();
        let has_bounds = asked.above.is_some() || asked.below.is_some() || asked.place != Place::Everywhere;
        (says_something || has_bounds).then_some(asked)
    }

    fn add(&mut self, term: &Term, our_domain: &str) {
        if self.add_operator(term, our_domain) {
            return;
        }
        let text = match &term.name {
            Some(name) => format!("{name}:{}", term.value),
            None => term.value.clone(),
        };
        let words = folded(&text, WORDS);
        let is_one = words.len() == 1 && !term.is_quoted;
        match (words.first().filter(|_| is_one), term.is_not) {
            _ if words.is_empty() => {}
            (_, true) => self.wanted.none.push(words),
            (Some(word), false) => self.wanted.all.push(forms(word)),
            (None, false) => self.wanted.all.push(vec![words]),
        }
    }

    /// `false` when it is none that is known.
    fn add_operator(&mut self, term: &Term, our_domain: &str) -> bool {
        let Some(name) = &term.name else { return false };
        let value = term.value.to_lowercase();
        let mark = match (name.as_str(), value.as_str()) {
            ("has", "media" | "image" | "video" | "audio" | "poll" | "link" | "quote") => {
                format!("has{value}")
            }
            ("has", "embed") => "haslink".to_owned(),
            ("is", "reply" | "sensitive") => format!("is{value}"),
            ("language", _) => language_mark(&value),
            ("from", "me") => return self.add_author(Author::Me, term.is_not),
            ("from", _) => {
                return self
                    .add_author(Author::At(Address::parse(term.value.trim(), our_domain)), term.is_not);
            }
            ("in", "library") => return self.look_in(Place::Library),
            ("in", "public") => return self.look_in(Place::Public),
            ("in", "all") => return true,
            ("before" | "after" | "during", _) => return self.bound(name, &value),
            _ => return false,
        };
        if term.is_not {
            self.wanted.no_marks.push(mark);
        } else {
            self.wanted.marks.push(vec![mark]);
        }
        true
    }

    fn add_author(&mut self, author: Author, is_not: bool) -> bool {
        self.authors.push((author, is_not));
        true
    }

    const fn look_in(&mut self, place: Place) -> bool {
        self.place = place;
        true
    }

    /// A day in UTC; what is no day is a word.
    fn bound(&mut self, name: &str, day: &str) -> bool {
        let Some(begin) = Moment::parse_rfc3339(&format!("{day}T00:00:00Z")) else { return false };
        let (begin, end) = (floor_at(begin), floor_at(begin.plus(DAY)));
        if name != "before" {
            let first = if name == "after" { end } else { begin };
            self.above = self.above.max(Some(first.saturating_sub(1)));
        }
        if name != "after" {
            let first = if name == "before" { begin } else { end };
            self.below = Some(self.below.map_or(first, |b| b.min(first)));
        }
        true
    }
}

/// The mark of a language: its first part, letters only.
pub(super) fn language_mark(tag: &str) -> String {
    let primary = tag.split('-').next().unwrap_or_default();
    let letters: String = primary.chars().filter(char::is_ascii_alphabetic).take(8).collect();
    format!("language{}", letters.to_ascii_lowercase())
}

/// A word and how it is written of several: with an s behind it, and in French with an x.
fn forms(word: &str) -> Vec<Phrase> {
    let mut all = vec![vec![word.to_owned()]];
    if word.chars().count() < 3 {
        return all;
    }
    let ends_in = |end: &str| word.strip_suffix(end).filter(|rest| rest.chars().count() > 2);
    match (ends_in("s"), ends_in("ux")) {
        (Some(one), _) => all.push(vec![one.to_owned()]),
        (None, Some(stem)) => all.push(vec![format!("{stem}u")]),
        (None, None) => {
            all.push(vec![format!("{word}s")]);
            if word.ends_with('u') {
                all.push(vec![format!("{word}x")]);
            }
        }
    }
    all
}

/// A piece of what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Term {
    /// In front of a colon, in lower case.
    name: Option<String>,
    value: String,
    is_quoted: bool,
    is_not: bool,
}

/// Pieces between blanks; blanks between quotation marks count as text.
fn terms(text: &str) -> Vec<Term> {
    let mut all = Vec::new();
    let mut term = Term::default();
    let mut is_open = false;
    for character in text.chars() {
        match character {
            '"' | '“' | '”' | '„' | '«' | '»' => {
                is_open = !is_open;
                term.is_quoted = true;
            }
            ' ' | '\t' | '\n' | '\u{3000}' if !is_open => keep(&mut term, &mut all),
            '-' if !is_open && term == Term::default() => term.is_not = true,
            ':' if !is_open && term.name.is_none() && !term.is_quoted && is_name(&term.value) => {
                term.name = Some(std::mem::take(&mut term.value).to_lowercase());
            }
            other => term.value.push(other),
        }
    }
    keep(&mut term, &mut all);
    all
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic())
}

fn keep(term: &mut Term, all: &mut Vec<Term>) {
    let done = std::mem::take(term);
    if !done.value.is_empty() || done.name.is_some() {
        all.push(done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Asked {
        Asked::read(text, "town.example").unwrap_or_else(|| panic!("nothing in {text}"))
    }

    fn phrases(all: &[&[&str]]) -> Vec<Phrase> {
        all.iter().map(|p| p.iter().map(|w| (*w).to_owned()).collect()).collect()
    }

    #[test]
    fn words_are_found_of_one_and_of_several_and_phrases_as_they_stand() {
        let asked = read("Marché \"Plan Local\" l'école -travaux x");
        assert_eq!(
            asked.wanted.all,
            [
                phrases(&[&["marche"], &["marches"]]),
                phrases(&[&["plan", "local"]]),
                phrases(&[&["l", "ecole"]]),
                phrases(&[&["x"]]),
            ]
        );
        assert_eq!(asked.wanted.none, phrases(&[&["travaux"]]));
        assert_eq!(read("bureaux").wanted.all, [phrases(&[&["bureaux"], &["bureau"]])]);
        assert_eq!(read("bureau").wanted.all, [phrases(&[&["bureau"], &["bureaus"], &["bureaux"]])]);
        assert_eq!(read("選挙").wanted.all, [phrases(&[&["選", "挙"]])]);
    }

    #[test]
    fn operators_say_whose_what_and_when() {
        let asked = read("from:me -from:@Ben@away.example has:image -is:reply language:fr-CA in:library");
        let ben = Address::parse("ben@away.example", "town.example");
        assert_eq!(asked.authors, [(Author::Me, false), (Author::At(ben), true)]);
        assert_eq!(asked.wanted.marks, [["hasimage"], ["languagefr"]]);
        assert_eq!(asked.wanted.no_marks, ["isreply"]);
        assert_eq!(asked.place, Place::Library);
        let day = |text: &str| floor_at(Moment::parse_rfc3339(&format!("{text}T00:00:00Z")).unwrap());
        let asked = read("x after:2026-01-31 before:2026-03-01");
        assert_eq!((asked.above, asked.below), (Some(day("2026-02-01") - 1), Some(day("2026-03-01"))));
        let asked = read("during:2026-01-31");
        assert_eq!((asked.above, asked.below), (Some(day("2026-01-31") - 1), Some(day("2026-02-01"))));
    }

    #[test]
    fn what_is_no_operator_is_text() {
        assert_eq!(read("note:well").wanted.all, [phrases(&[&["note", "well"]])]);
        assert_eq!(read("before:lunch").wanted.all, [phrases(&[&["before", "lunch"]])]);
        assert_eq!(read("from:a+b").authors, [(Author::At(None), false)], "and finds nothing");
        for nothing in ["", " ", "\"\"", "-", "🎉 !", "in:all", "-:"] {
            assert_eq!(Asked::read(nothing, "town.example"), None, "{nothing}");
        }
    }

    #[test]
    fn f12_a_question_without_end_is_short() {
        let asked = read(&"word ".repeat(100_000));
        assert_eq!(asked.wanted.all.len(), TERMS);
        assert_eq!(read(&format!("\"{}\"", "word ".repeat(100_000))).wanted.all[0][0].len(), WORDS);
    }
}
