//! Reading a tree of parameters into a struct, forgiving what clients do: numbers and booleans as text, a single value for a list, a list as an object
//! with numbered keys, `null` for "not given".

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::Value;

/// Reads a tree.
pub(super) fn read<T: DeserializeOwned>(tree: Value) -> Result<T, Error> {
    T::deserialize(Lenient(tree))
}

/// For optional fields that are no texts: an empty one is none. `#[serde(default, deserialize_with = "blank")]`.
///
/// # Errors
/// When it is neither empty nor readable.
pub fn blank<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Result<Option<T>, D::Error> {
    match Option::<Value>::deserialize(d)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(value) => T::deserialize(Lenient(value)).map(Some).map_err(D::Error::custom),
    }
}

struct Lenient(Value);

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn wrong(value: &Value, wanted: &str) -> Error {
    Error::custom(format!("expected {wanted}, got {}", kind(value)))
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let number = match &self.0 {
                Value::Number(number) => number.to_string().parse::<$type>().ok(),
                Value::String(text) => text.trim().parse::<$type>().ok(),
                _ => None,
            };
            visitor.$visit(number.ok_or_else(|| wrong(&self.0, "a number"))?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Lenient {
    type Error = Error;

    numbers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64, deserialize_f32 visit_f32 f32,
        deserialize_f64 visit_f64 f64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => visitor.visit_i64(integer),
                (None, Some(float)) => visitor.visit_f64(float),
                (None, None) => Err(Error::custom("a number out of range")),
            },
            Value::String(text) => visitor.visit_string(text),
            list @ Value::Array(_) => Lenient(list).deserialize_seq(visitor),
            map @ Value::Object(_) => Lenient(map).deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let answer = match &self.0 {
            Value::Bool(value) => Some(*value),
            Value::Number(number) => number.as_i64().map(|n| n != 0),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "1" | "true" | "t" | "on" | "yes" => Some(true),
                "0" | "false" | "f" | "off" | "no" | "" => Some(false),
                _ => None,
            },
            _ => None,
        };
        visitor.visit_bool(answer.ok_or_else(|| wrong(&self.0, "true or false"))?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            Value::Number(number) => visitor.visit_string(number.to_string()),
            Value::Bool(value) => visitor.visit_string(value.to_string()),
            other => Err(wrong(&other, "a text")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let list = match self.0 {
            Value::Null => Vec::new(),
            Value::Array(list) => list,
            Value::Object(map) => numbered(map)?,
            single => vec![single],
        };
        let given = list.into_iter().filter(|v| !v.is_null()).map(Lenient);
        let mut access = SeqDeserializer::new(given);
        let value = visitor.visit_seq(&mut access)?;
        access.end()?;
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Object(map) = self.0 else { return Err(wrong(&self.0, "an object")) };
        let given = map.into_iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k, Lenient(v)));
        visitor.visit_map(MapDeserializer::new(given))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.into_deserializer()),
            other => Err(wrong(&other, "one of the known words")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

impl IntoDeserializer<'_, Error> for Lenient {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

/// `{"0": a, "1": b}` as a list, in the order of its numbers.
fn numbered(map: serde_json::Map<String, Value>) -> Result<Vec<Value>, Error> {
    let mut list = Vec::new();
    for (key, value) in map {
        let number: u32 = key.parse().map_err(|_| Error::custom("expected a list, got an object"))?;
        list.push((number, value));
    }
    list.sort_by_key(|(number, _)| *number);
    Ok(list.into_iter().map(|(_, value)| value).collect())
}
