//! Single values that need more than a type: secrets, and lists and switches as people write them.

use std::fmt;

use ipnet::IpNet;
use serde::de::{self, DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that never shows in logs or error messages.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who opens the connection with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str("(secret)")
    }
}

/// A list, or (as the environment gives it) one text.
#[derive(Deserialize)]
#[serde(untagged)]
enum ListOrText {
    List(Vec<String>),
    Text(String),
}

impl ListOrText {
    fn split(self, separator: char) -> Vec<String> {
        match self {
            Self::List(list) => list,
            Self::Text(text) => text
                .split(separator)
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
        }
    }
}

/// A list; as one text its members are separated by commas.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Result<Vec<T>, D::Error> {
    let texts = ListOrText::deserialize(d)?.split(',');
    texts
        .into_iter()
        .map(|text| {
            T::deserialize(text.clone().into_deserializer())
                .map_err(|e: de::value::Error| de::Error::custom(format!("{text:?}: {e}")))
        })
        .collect()
}

/// A list of sentences; as one text they are separated by line ends.
pub(crate) fn lines<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    Ok(ListOrText::deserialize(d)?.split('\n'))
}

/// A list of networks, in which a plain address stands for itself alone.
pub(crate) fn networks<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = ListOrText::deserialize(d)?.split(',');
    texts
        .into_iter()
        .map(|text| {
            let address = text.parse::<std::net::IpAddr>().map(IpNet::from);
            address.or_else(|_| text.parse::<IpNet>().map(|net| net.trunc())).map_err(|_| {
                de::Error::custom(format!(
                    "{text:?} is neither an address (10.0.0.1) nor a network (10.0.0.0/8)"
                ))
            })
        })
        .collect()
}

/// A switch: `true`, `false`, `on` or `off`.
pub(crate) struct Switch(pub(crate) bool);

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Bool(bool),
            Text(String),
        }
        match Written::deserialize(d)? {
            Written::Bool(on) => Ok(Self(on)),
            Written::Text(text) => match text.to_ascii_lowercase().as_str() {
                "on" | "true" => Ok(Self(true)),
                "off" | "false" => Ok(Self(false)),
                _ => Err(de::Error::custom(format!("{text:?} is neither on nor off"))),
            },
        }
    }
}

/// See [`Switch`].
pub(crate) fn switch<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    Switch::deserialize(d).map(|switch| switch.0)
}
