//! The streams there are: their names as Mastodon has them, what a token needs for each, which posts each carries.
//! Source: <https://docs.joinmastodon.org/methods/streaming/>.

use std::sync::Arc;

use parvis_domain::rows::Scope;
use parvis_domain::streams::Places;
use parvis_model::ids::ListId;
use parvis_model::scope::Scopes;

/// What can be listened to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Home timeline and, with the scope for them, notifications.
    User,
    /// Notifications only.
    Notifications,
    /// Public posts.
    Public(Written, bool),
    /// Public posts with a hashtag (normalised).
    Tag(String, Written),
    /// The timeline of a list of its listener.
    List(ListId),
    /// Exchanges of direct posts.
    Direct,
}

/// Where a post was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// Anywhere.
    Anywhere,
    /// Here.
    Here,
    /// Elsewhere.
    Elsewhere,
}

impl From<Written> for Scope {
    fn from(written: Written) -> Self {
        match written {
            Written::Anywhere => Self::Federated,
            Written::Here => Self::Local,
            Written::Elsewhere => Self::Remote,
        }
    }
}

/// A stream as somebody asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Which.
    pub stream: Stream,
    /// How every message of it is marked: its name, and the hashtag or list as it was asked for.
    pub name: Arc<[String]>,
}

/// What a client says of the stream that it wants.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Mastodon's name.
    pub name: &'a str,
    /// Of hashtag streams: which.
    pub tag: Option<&'a str>,
    /// Of list streams: which.
    pub list: Option<&'a str>,
    /// Of public streams: only posts with pictures.
    pub only_media: bool,
}

/// Why there is no such stream, as Mastodon says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// No stream has that name.
    Name,
    /// A hashtag stream without hashtag, or with what is none.
    Tag,
    /// A list stream without list, or with what is none.
    List,
}

impl Unknown {
    /// What a client is told.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Name => "Unknown stream type",
            Self::Tag => "Missing tag name parameter",
            Self::List => "Missing list name parameter",
        }
    }
}

impl Subscription {
    /// From what a client says.
    ///
    /// # Errors
    /// [`Unknown`].
    pub fn parse(asked: Asked<'_>) -> Result<Self, Unknown> {
        let Asked { name, tag, list, only_media } = asked;
        let mut marks = vec![name.to_owned()];
        let stream = match name {
            "user" => Stream::User,
            "user:notification" => Stream::Notifications,
            "direct" => Stream::Direct,
            "hashtag" | "hashtag:local" => {
                let tag = tag.ok_or(Unknown::Tag)?;
                let name_of = |t: &str| parvis_text::hashtag_name(t.trim().trim_start_matches('#'));
                let normal = name_of(tag).ok_or(Unknown::Tag)?;
                // As it was said: clients find by it whom an event is for.
                marks.push(tag.to_owned());
                Stream::Tag(normal, if name == "hashtag" { Written::Anywhere } else { Written::Here })
            }
            "list" => {
                let list = list.map(str::trim).ok_or(Unknown::List)?;
                let id = list.parse().map_err(|_| Unknown::List)?;
                marks.push(list.to_owned());
                Stream::List(id)
            }
            _ => {
                let (rest, is_media) =
                    name.strip_suffix(":media").map_or((name, only_media), |rest| (rest, true));
                if is_media && !name.ends_with(":media") {
                    marks = vec![format!("{name}:media")];
                }
                match rest {
                    "public" => Stream::Public(Written::Anywhere, is_media),
                    "public:local" => Stream::Public(Written::Here, is_media),
                    "public:remote" => Stream::Public(Written::Elsewhere, is_media),
                    _ => return Err(Unknown::Name),
                }
            }
        };
        Ok(Self { stream, name: marks.into() })
    }
}

impl Stream {
    /// Whether a token may listen (threats A4): as for reading the same by request. Mastodon once let any token in (CVE-2025-62176).
    #[must_use]
    pub fn is_allowed(&self, scopes: &Scopes) -> bool {
        match self {
            Self::Notifications => scopes.allow("read:notifications"),
            Self::User | Self::Public(..) | Self::Tag(..) | Self::List(_) | Self::Direct => {
                scopes.allow("read:statuses")
            }
        }
    }

    /// Whether it is fed from the home timeline of its listener.
    #[must_use]
    pub const fn is_home(&self) -> bool {
        matches!(self, Self::User)
    }

    /// Which list it shows.
    #[must_use]
    pub const fn list(&self) -> Option<ListId> {
        match self {
            Self::List(id) => Some(*id),
            _ => None,
        }
    }

    /// Whether it shows public posts, whoever its listener follows.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Public(..) | Self::Tag(..))
    }

    /// Whether a post in these places stands in this public stream.
    #[must_use]
    pub fn carries(&self, places: &Places) -> bool {
        let (written, fits) = match self {
            Self::User | Self::Notifications | Self::List(_) | Self::Direct => return false,
            Self::Public(written, only_media) => {
                (*written, !places.is_answer && (!only_media || places.has_media))
            }
            Self::Tag(tag, written) => (*written, places.tags.contains(tag)),
        };
        let is_there = match written {
            Written::Anywhere => true,
            Written::Here => places.is_local,
            Written::Elsewhere => !places.is_local,
        };
        places.is_public && fits && is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(name: &str, tag: Option<&str>, only_media: bool) -> Result<Subscription, Unknown> {
        Subscription::parse(Asked { name, tag, only_media, list: Some("7") })
    }

    fn parsed(name: &str, tag: Option<&str>) -> Stream {
        wish(name, tag, false).unwrap().stream
    }

    #[test]
    fn every_stream_of_mastodon_has_its_name() {
        for name in [
            "user",
            "user:notification",
            "direct",
            "public",
            "public:media",
            "public:local",
            "public:local:media",
            "public:remote",
            "public:remote:media",
        ] {
            assert_eq!(wish(name, None, false).unwrap().name.to_vec(), [name]);
        }
        let tagged = wish("hashtag:local", Some("#Place"), false).unwrap();
        assert_eq!(tagged.name.to_vec(), ["hashtag:local", "#Place"]);
        assert_eq!(wish("public", None, true).unwrap().name.to_vec(), ["public:media"]);
        for wrong in ["", "firehose", "user:media", "public:", "public:media:media", "hashtag:remote"] {
            assert_eq!(wish(wrong, Some("x"), false), Err(Unknown::Name), "{wrong}");
        }
        assert_eq!(wish("list", None, false).unwrap().name.to_vec(), ["list", "7"]);
        for list in [None, Some(""), Some("mine")] {
            let asked = Asked { name: "list", list, ..Asked::default() };
            assert_eq!(Subscription::parse(asked), Err(Unknown::List));
        }
        for wrong in [None, Some(""), Some("#"), Some("two words")] {
            assert_eq!(wish("hashtag", wrong, false), Err(Unknown::Tag));
        }
    }

    #[test]
    fn a4_a_stream_needs_the_scope_of_what_it_shows() {
        let [posts, told, other] =
            ["read:statuses", "read:notifications", "profile push write"].map(|s| Scopes::parse(s).unwrap());
        for name in ["user", "public", "public:local:media", "hashtag", "list", "direct"] {
            let stream = parsed(name, Some("x"));
            assert!(stream.is_allowed(&posts) && !stream.is_allowed(&told) && !stream.is_allowed(&other));
        }
        let stream = parsed("user:notification", None);
        assert!(stream.is_allowed(&told) && !stream.is_allowed(&posts) && !stream.is_allowed(&other));
    }

    #[test]
    fn a_public_stream_carries_what_its_timeline_shows() {
        let places = |is_local, has_media| Places {
            is_public: true,
            is_answer: false,
            is_local,
            has_media,
            tags: vec!["square".to_owned()],
        };
        let carried = |name: &str, places: &Places| parsed(name, Some("Square")).carries(places);
        for (name, expected) in [
            ("public", [true, true, true]),
            ("public:local", [true, true, false]),
            ("public:remote", [false, false, true]),
            ("public:media", [false, true, false]),
            ("public:remote:media", [false, false, false]),
            ("hashtag", [true, true, true]),
            ("hashtag:local", [true, true, false]),
            ("user", [false, false, false]),
            ("list", [false, false, false]),
            ("direct", [false, false, false]),
        ] {
            let all = [places(true, false), places(true, true), places(false, false)];
            assert_eq!(all.each_ref().map(|p| carried(name, p)), expected, "{name}");
        }
        assert!(!parsed("hashtag", Some("park")).carries(&places(true, true)));
        let answer = Places { is_answer: true, ..places(true, true) };
        assert!(!carried("public", &answer) && !carried("public:local", &answer));
        assert!(carried("hashtag", &answer));
        let private = Places { is_public: false, ..places(true, true) };
        assert!(!carried("public", &private) && !carried("hashtag", &private));
    }
}
