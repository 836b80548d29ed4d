//! The few members of an activity that the inbox needs before it believes anything: read without building the rest.
//!
//! Neighbours: the inbox checks hosts, key and signature by it; [`super::activity`] reads the whole thing afterwards.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use url::Url;

use super::limits::MEMBERS;
use super::members::web_url;
use super::parse::{WireError, shallow};

/// Who does what to what, as somebody claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The activity's id.
    pub id: Url,
    /// Its types; nearly always one.
    pub types: Vec<Cow<'a, str>>,
    /// Who is said to act: `actor`, or the id of the object that is there.
    pub actor: Url,
    /// The id of the object, when it is a URL or has one. Lists have none.
    pub object: Option<Url>,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope of an activity.
    ///
    /// # Errors
    /// [`WireError`] when it is no object with id, type and one actor, has a member twice, or is nested too deeply.
    pub fn read(bytes: &'a [u8]) -> Result<Self, WireError> {
        shallow(bytes)?;
        let raw: Raw<'_> = serde_json::from_slice(bytes).map_err(|error| {
            // Data errors are shapes that we do not take, the others are not JSON at all.
            if error.is_data() && bytes.trim_ascii_start().first() != Some(&b'{') {
                WireError::NotAnObject
            } else {
                WireError::Unreadable
            }
        })?;
        let url = |reference: &Reference<'_>| reference.one().and_then(web_url);
        Ok(Self {
            id: url(&raw.id).ok_or(WireError::Bad("id"))?,
            actor: url(&raw.actor).ok_or(WireError::Bad("actor"))?,
            object: url(&raw.object),
            types: match raw.types {
                Reference::One(kind) => vec![kind],
                Reference::Many(kinds) => kinds,
                Reference::Unusable => return Err(WireError::Bad("type")),
            },
        })
    }

    /// Whether the activity is of this type.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        self.types.iter().any(|one| one == kind)
    }

    /// Whether somebody says that they deleted themselves. From actors that we never heard of this is dropped without a
    /// fetch (threats S10): there is nothing to delete and their key is gone.
    #[must_use]
    pub fn deletes_its_own_actor(&self) -> bool {
        self.is("Delete") && self.object.as_ref() == Some(&self.actor)
    }
}

#[derive(Default)]
struct Raw<'a> {
    id: Reference<'a>,
    types: Reference<'a>,
    actor: Reference<'a>,
    object: Reference<'a>,
}

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Activity;
        impl<'de> Visitor<'de> for Activity {
            type Value = Raw<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an activity")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
                let mut raw = Raw::default();
                let mut seen = HashSet::new();
                while let Some(Text(name)) = map.next_key()? {
                    match name.as_ref() {
                        "id" => raw.id = map.next_value()?,
                        "type" => raw.types = map.next_value()?,
                        "actor" => raw.actor = map.next_value()?,
                        "object" => raw.object = map.next_value()?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                    if !seen.insert(name) || seen.len() > MEMBERS {
                        return Err(A::Error::custom("a member came twice, or there are too many"));
                    }
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_map(Activity)
    }
}

/// A text that is borrowed where it has no escapes.
#[derive(PartialEq, Eq, Hash)]
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

/// A member that names something: a text, an object with an id, or a list. One of a list only where lists may be.
#[derive(Default)]
enum Reference<'a> {
    #[default]
    Unusable,
    One(Cow<'a, str>),
    Many(Vec<Cow<'a, str>>),
}

impl Reference<'_> {
    /// The one thing that is named. A list never names one thing (threats S12).
    fn one(&self) -> Option<&str> {
        match self {
            Self::One(name) => Some(name),
            Self::Many(_) | Self::Unusable => None,
        }
    }
}

impl<'de> Deserialize<'de> for Reference<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Reference<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Reference::One(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Reference::One(Cow::Owned(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut names = Vec::new();
                while let Some(item) = list.next_element::<Reference<'de>>()? {
                    if let Reference::One(name) = item
                        && names.len() < MEMBERS
                    {
                        names.push(name);
                    }
                }
                Ok(Reference::Many(names))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = None;
                while let Some(Text(name)) = map.next_key()? {
                    if name == "id" {
                        if found.is_some() {
                            return Err(A::Error::custom("an id came twice"));
                        }
                        found = Some(map.next_value::<Reference<'de>>()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(match found {
                    Some(Reference::One(name)) => Reference::One(name),
                    _ => Reference::Unusable,
                })
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Reference::Unusable)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Reference::Unusable)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Reference::Unusable)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Reference::Unusable)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Reference::Unusable)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
