//! The languages that have words, and the choice among them for one visitor.

/// A language Parvis has words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, the language that stands in when another one lacks a sentence.
    #[default]
    En,
    /// French.
    Fr,
}

/// More entries than this in an `Accept-Language` header are not read.
const MOST_ENTRIES: usize = 20;

impl Language {
    /// All languages, in the order in which a chooser shows them.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The code of BCP 47, as in `<html lang>` and in the `lang` cookie.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// What its speakers call it.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }

    /// The language of a code such as `fr`, `FR` or `fr-CH`; only the first part counts.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language for a visitor: their explicit choice (cookie or parameter), else the best of their browser's
    /// `Accept-Language` (RFC 9110 §12.5.4), else the town's own.
    #[must_use]
    pub fn negotiate(choice: Option<&str>, accept_language: Option<&str>, town: Self) -> Self {
        choice.and_then(Self::from_code).or_else(|| accept_language.and_then(best)).unwrap_or(town)
    }
}

/// The accepted language with the greatest weight; the earlier one among equals.
fn best(header: &str) -> Option<Language> {
    let mut best: Option<(u16, Language)> = None;
    for entry in header.split(',').take(MOST_ENTRIES) {
        let (code, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let weight = weight(parameters);
        let Some(language) = Language::from_code(code) else { continue };
        if weight > best.map_or(0, |(weight, _)| weight) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// `q=0.8` in thousandths; 1000 without one, 0 for one that cannot be read.
fn weight(parameters: &str) -> u16 {
    let Some(text) = parameters.trim().strip_prefix("q=") else { return 1000 };
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let thousandths = format!("{fraction:0<3}");
    match (whole, thousandths.get(..3).and_then(|digits| digits.parse::<u16>().ok())) {
        ("1", _) => 1000,
        ("0", Some(weight)) => weight,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(header: &str) -> Language {
        Language::negotiate(None, Some(header), Language::En)
    }

    #[test]
    fn the_visitors_own_choice_comes_first() {
        assert_eq!(Language::negotiate(Some("fr"), Some("en"), Language::En), Language::Fr);
        assert_eq!(Language::negotiate(Some("tlh"), Some("fr"), Language::En), Language::Fr);
    }

    #[test]
    fn the_browser_is_asked_by_weight_then_by_order() {
        assert_eq!(from("fr-CH, fr;q=0.9, en;q=0.8"), Language::Fr);
        assert_eq!(from("de, en;q=0.5, fr;q=0.7"), Language::Fr);
        assert_eq!(from("en;q=0.7, fr;q=0.7"), Language::En);
        assert_eq!(from("fr;q=0, en;q=0.1"), Language::En);
    }

    #[test]
    fn the_town_decides_when_the_browser_names_nothing_we_have() {
        assert_eq!(Language::negotiate(None, Some("de, *;q=0.5"), Language::Fr), Language::Fr);
        assert_eq!(Language::negotiate(None, None, Language::Fr), Language::Fr);
    }

    #[test]
    fn nonsense_in_the_header_does_no_harm() {
        for header in
            ["", ";;;", "fr;q=", "fr;q=é", "fr;q=0.9999999999", ",,,,", "fr;q=-1", &"x,".repeat(5000)]
        {
            let _ = from(header);
        }
        assert_eq!(from("fr;q=abc"), Language::En);
    }
}
