//! The files: Mastodon's columns, with or without a first line of names. Reading believes nothing: what a row cannot be is left for the result to
//! say, what a file cannot be is refused.

use parvis_model::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What a file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whom one follows.
    Following,
    /// Whom one blocks.
    Blocking,
    /// Whom one mutes.
    Muting,
    /// Servers that one avoids.
    Domains,
    /// Posts that one bookmarked.
    Bookmarks,
    /// Lists, one row for each account in one.
    Lists,
}

impl Kind {
    /// All kinds, in the order in which pages show them.
    pub const ALL: [Self; 6] =
        [Self::Following, Self::Lists, Self::Blocking, Self::Muting, Self::Domains, Self::Bookmarks];

    /// Mastodon's word, also the text in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Following => "following",
            Self::Blocking => "blocking",
            Self::Muting => "muting",
            Self::Domains => "domain_blocking",
            Self::Bookmarks => "bookmarks",
            Self::Lists => "lists",
        }
    }

    /// From Mastodon's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }

    /// The name of the file, as Mastodon gives it.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Following => "following_accounts.csv",
            Self::Blocking => "blocked_accounts.csv",
            Self::Muting => "muted_accounts.csv",
            Self::Domains => "blocked_domains.csv",
            Self::Bookmarks => "bookmarks.csv",
            Self::Lists => "lists.csv",
        }
    }

    /// The first line that Mastodon writes; some files have none.
    #[must_use]
    pub const fn header(self) -> &'static [&'static str] {
        match self {
            Self::Following => &["Account address", "Show boosts", "Notify on new posts", "Languages"],
            Self::Muting => &["Account address", "Hide notifications"],
            Self::Blocking | Self::Domains | Self::Bookmarks | Self::Lists => &[],
        }
    }

    /// Names of the first column by which a first line is known as one of names.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Following | Self::Blocking | Self::Muting => {
                &["account address", "account_address", "acct"]
            }
            Self::Domains => &["#domain", "domain"],
            Self::Bookmarks => &["#uri", "uri"],
            Self::Lists => &["list name", "list_name"],
        }
    }
}

/// What stands beside the target of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Of a follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows_boosts: Option<bool>,
    /// Of a follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifies: Option<bool>,
    /// Of a follow, with blanks between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub languages: Option<String>,
    /// Of an account in a list: the list's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Of a mute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hides_notifications: Option<bool>,
}

/// A row of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// A handle without `@` in front, a host, or the address of a post.
    pub target: String,
    pub options: Options,
}

/// Reads a file.
///
/// # Errors
/// [`Refusal::FileUnreadable`] when it is no text or has no rows, [`Refusal::FileTooLong`] when it has more than `most`.
pub fn read(kind: Kind, file: &[u8], most: usize) -> Result<Vec<Line>, Refusal> {
    let text = std::str::from_utf8(file).map_err(|_| Refusal::FileUnreadable)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\0') {
        return Err(Refusal::FileUnreadable);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<String>> = None;
    let mut lines: Vec<Line> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (record, place) in reader.records().zip(0_u32..) {
        let record = record.map_err(|_| Refusal::FileUnreadable)?;
        let first = record.get(0).unwrap_or_default();
        if place == 0 && kind.names().contains(&first.to_lowercase().as_str()) {
            columns = Some(record.iter().map(str::to_lowercase).collect());
            continue;
        }
        // A list's row begins with its title.
        let (named, about) = match kind {
            Kind::Lists => (record.get(1).unwrap_or_default(), first),
            _ => (first, ""),
        };
        let target: String = named.trim_start_matches('@').chars().take(2_048).collect();
        let is_incomplete = target.is_empty() || (kind == Kind::Lists && about.is_empty());
        if is_incomplete || !seen.insert((about.to_owned(), target.to_lowercase())) {
            continue;
        }
        if lines.len() >= most {
            return Err(Refusal::FileTooLong);
        }
        lines.push(Line { target, options: options(kind, columns.as_deref(), &record) });
    }
    if lines.is_empty() { Err(Refusal::FileUnreadable) } else { Ok(lines) }
}

fn options(kind: Kind, columns: Option<&[String]>, record: &csv::StringRecord) -> Options {
    let value = |name: &str, place: usize| {
        let place = match columns {
            Some(columns) => columns.iter().position(|column| column == name)?,
            None => place,
        };
        record.get(place).map(str::to_lowercase).filter(|text| !text.is_empty())
    };
    let flag = |name: &str, place: usize| {
        value(name, place).map(|text| !matches!(text.as_str(), "false" | "0" | "no" | "f"))
    };
    match kind {
        Kind::Following => Options {
            shows_boosts: flag("show boosts", 1),
            notifies: flag("notify on new posts", 2),
            languages: value("languages", 3)
                .map(|text| text.replace(',', " ").chars().take(200).collect::<String>()),
            ..Options::default()
        },
        Kind::Muting => Options { hides_notifications: flag("hide notifications", 1), ..Options::default() },
        // Longer titles than a list can have fail with their rows.
        Kind::Lists => Options {
            list: record.get(0).map(|title| title.chars().take(300).collect::<String>()),
            ..Options::default()
        },
        Kind::Blocking | Kind::Domains | Kind::Bookmarks => Options::default(),
    }
}

/// Writes rows as text; a field with quotes, commas or line ends is quoted.
#[must_use]
pub fn write(rows: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        // Writing to memory does not fail.
        let _written = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_with_and_without_names_and_in_any_order_of_columns() {
        let with = "Account address,Show boosts,Notify on new posts,Languages\n@ana@old.example,false,true,\"fr, de\"\nben@old.example,true,false,\n";
        let lines = read(Kind::Following, with.as_bytes(), 10).unwrap();
        assert_eq!(lines[0].target, "ana@old.example");
        assert_eq!(lines[0].options.shows_boosts, Some(false));
        assert_eq!(lines[0].options.notifies, Some(true));
        assert_eq!(lines[0].options.languages.as_deref(), Some("fr  de"));
        assert_eq!(lines[1].options.languages, None);
        let turned = "\u{feff}account_address,languages,show boosts\r\nana@old.example,fr,true\r\nANA@old.example,,\r\n\r\n";
        let lines = read(Kind::Following, turned.as_bytes(), 10).unwrap();
        assert_eq!((lines.len(), lines[0].options.shows_boosts), (1, Some(true)), "each once");
        let lists =
            read(Kind::Lists, b"Friends,@a@x.example\nFriends,b@x.example\nClub,a@x.example\nClub,\n", 10)
                .unwrap();
        assert_eq!((lists.len(), lists[2].options.list.as_deref()), (3, Some("Club")));
        assert_eq!(read(Kind::Domains, b"evil.example\nbad.example", 10).unwrap().len(), 2);
        assert_eq!(read(Kind::Domains, b"#domain,#severity\nevil.example,suspend", 10).unwrap().len(), 1);
        assert_eq!(
            read(Kind::Muting, b"ana@old.example,0", 10).unwrap()[0].options.hides_notifications,
            Some(false)
        );
    }

    #[test]
    fn j1_what_is_no_such_file_is_refused_and_nothing_panics() {
        for bad in [&b""[..], b"\xff\xfe\x00", b"a\0b", b",,,\n,,,", b"Account address\n", b"\xef\xbb\xbf"] {
            assert_eq!(read(Kind::Following, bad, 10), Err(Refusal::FileUnreadable), "{bad:?}");
        }
        assert_eq!(read(Kind::Blocking, b"a@x\nb@x\nc@x", 2), Err(Refusal::FileTooLong));
        for odd in [
            "\"".repeat(10_000),
            "\"a\nb\",c".to_owned(),
            ",".repeat(100_000),
            "=1+1@x.example".to_owned(),
            "x".repeat(9_000),
        ] {
            for kind in Kind::ALL {
                if let Ok(lines) = read(kind, odd.as_bytes(), 10) {
                    assert!(lines.iter().all(|l| l.target.chars().count() <= 2_048));
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let rows = vec![vec!["a \"b\", c".to_owned()], vec!["x\ny".to_owned(), "z".to_owned()]];
        assert_eq!(write(&rows), "\"a \"\"b\"\", c\"\n\"x\ny\",z\n");
    }
}
