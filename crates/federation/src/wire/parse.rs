//! From bytes to a JSON object: not too deep, no member twice, nothing else than an object.
//!
//! Neighbour: [`super::envelope`] does the same for the few members that the inbox needs, without building the rest.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::limits::DEPTH;
use super::members::Members;

/// Why a document is not used. As an answer it is 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not JSON, not UTF-8, a number beyond all bounds, or the same member twice.
    #[error("this is not JSON that has one meaning")]
    Unreadable,
    /// Nested more than 64 deep.
    #[error("this is nested too deeply")]
    TooDeep,
    /// JSON, but no object.
    #[error("this is not an object")]
    NotAnObject,
    /// A member that is needed is missing or cannot be used.
    #[error("{0} is missing or cannot be used")]
    Bad(&'static str),
    /// The type is not one that belongs here.
    #[error("the type is not one that belongs here")]
    Kind,
}

/// A JSON object that was sent to us.
#[derive(Debug, Clone, PartialEq)]
pub struct Document(Map<String, Value>);

impl Document {
    /// Reads the bytes of one object.
    ///
    /// # Errors
    /// [`WireError`] when they are anything else, nested too deeply, or have a member twice anywhere (threats S12).
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        shallow(bytes)?;
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let value = Unambiguous.deserialize(&mut reader).map_err(|_| WireError::Unreadable)?;
        reader.end().map_err(|_| WireError::Unreadable)?;
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(WireError::NotAnObject),
        }
    }

    /// The members, for reading.
    #[must_use]
    pub fn members(&self) -> Members<'_> {
        Members::new(&self.0)
    }

    /// All members as they came, for proofs: these cover every one.
    #[must_use]
    pub const fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// An object that was found inside another.
    pub(super) fn embedded(members: &Map<String, Value>) -> Self {
        Self(members.clone())
    }
}

/// Refuses what is nested more than [`DEPTH`] deep, before anything recurses into it (threats J2).
pub(super) fn shallow(bytes: &[u8]) -> Result<(), WireError> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'[' | b'{') => {
                depth += 1;
                if depth > DEPTH {
                    return Err(WireError::TooDeep);
                }
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Builds a [`Value`] and refuses objects that have a member twice. It recurses no deeper than [`shallow`] allowed.
struct Unambiguous;

impl<'de> DeserializeSeed<'de> for Unambiguous {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<Name>()? {
            let value = map.next_value_seed(Self)?;
            if members.insert(name.0, value).is_some() {
                return Err(A::Error::custom("a member came twice"));
            }
        }
        Ok(Value::Object(members))
    }
}

/// The name of a member.
#[derive(Deserialize)]
struct Name(String);
