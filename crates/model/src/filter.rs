//! Filters: where they work, what they ask clients to do, and how many somebody may have.

/// Filters of one person.
pub const FILTERS_MAX: i64 = 200;
/// Keywords of one person, over all filters.
pub const KEYWORDS_MAX: i64 = 1_000;
/// Single posts of one person, over all filters.
pub const STATUSES_MAX: i64 = 1_000;
/// Characters of a title.
pub const TITLE_MAX: usize = 256;
/// Characters of a keyword.
pub const KEYWORD_MAX: usize = 512;

/// Where a filter works, for clients to look at; Mastodon's five words. Stored as one number with a bit for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Contexts(i16);

impl Contexts {
    /// Mastodon's words, each with its bit.
    const WORDS: [(&'static str, i16); 5] =
        [("home", 1), ("notifications", 2), ("public", 4), ("thread", 8), ("account", 16)];

    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        self.0
    }

    /// From the number in the database.
    #[must_use]
    pub const fn from_code(code: i16) -> Self {
        Self(code)
    }

    /// From Mastodon's words. `None` when there is none, or one that is no context.
    #[must_use]
    pub fn parse(words: &[String]) -> Option<Self> {
        let mut bits = 0;
        for word in words.iter().map(|w| w.trim()).filter(|w| !w.is_empty()) {
            bits |= Self::WORDS.iter().find(|(name, _)| *name == word)?.1;
        }
        (bits != 0).then_some(Self(bits))
    }

    /// Mastodon's words.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        Self::WORDS.iter().filter(|(_, bit)| self.0 & bit != 0).map(|(name, _)| *name).collect()
    }
}

/// What a client is to do with a post that a filter matches. Stored as 0 to 2, as Mastodon does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum FilterAction {
    /// Show the filter's title, and the post when asked for it.
    #[default]
    Warn,
    /// Do not show it.
    Hide,
    /// Hide its pictures until asked for.
    Blur,
}

impl FilterAction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Warn, Self::Hide, Self::Blur];

    /// The number in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Warn => 0,
            Self::Hide => 1,
            Self::Blur => 2,
        }
    }

    /// From the number in the database.
    #[must_use]
    pub fn from_code(code: i16) -> Self {
        Self::ALL.into_iter().find(|a| a.code() == code).unwrap_or_default()
    }

    /// Mastodon's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Hide => "hide",
            Self::Blur => "blur",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_read_and_written_in_words() {
        let words =
            |list: &[&str]| Contexts::parse(&list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["account", " home", "home"]).unwrap().words(), ["home", "account"]);
        for bad in [&[][..], &[""], &["home", "everywhere"]] {
            assert_eq!(words(bad), None, "{bad:?}");
        }
    }
}
