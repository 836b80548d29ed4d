//! Markers and preferences: what programs keep with the town so that they agree.
//! Sources: <https://docs.joinmastodon.org/entities/Marker/>, <https://docs.joinmastodon.org/entities/Preferences/>.

use parvis_domain::rows;
use parvis_model::quote::QuotePolicy;
use parvis_model::visibility::Visibility;
use serde::Serialize;
use serde_json::{Map, Value};

/// How far a timeline was read.
#[derive(Clone, Debug, Serialize)]
pub struct Marker {
    last_read_id: String,
    version: i64,
    updated_at: String,
}

impl Marker {
    /// Renders markers, keyed by timeline; those that were never set are left out.
    #[must_use]
    pub fn all(rows: &[rows::Marker]) -> Map<String, Value> {
        rows.iter()
            .filter_map(|row| {
                let marker = Self {
                    last_read_id: row.last_read_id.to_string(),
                    version: row.version,
                    updated_at: row.updated_at.to_rfc3339(),
                };
                Some((row.timeline.clone(), serde_json::to_value(marker).ok()?))
            })
            .collect()
    }
}

/// Somebody's defaults.
#[derive(Clone, Debug, Serialize)]
pub struct Preferences {
    #[serde(rename = "posting:default:visibility")]
    visibility: &'static str,
    #[serde(rename = "posting:default:sensitive")]
    sensitive: bool,
    #[serde(rename = "posting:default:language")]
    language: Option<String>,
    #[serde(rename = "posting:default:quote_policy")]
    quote_policy: &'static str,
    #[serde(rename = "reading:expand:media")]
    expand_media: &'static str,
    #[serde(rename = "reading:expand:spoilers")]
    expand_spoilers: bool,
    #[serde(rename = "reading:autoplay:gifs")]
    autoplay: bool,
}

impl Preferences {
    /// Renders defaults; how to read is left to the programs.
    #[must_use]
    pub const fn of(
        visibility: Visibility,
        sensitive: bool,
        language: Option<String>,
        quotes: QuotePolicy,
    ) -> Self {
        Self {
            visibility: visibility.as_str(),
            sensitive,
            language,
            quote_policy: quotes.as_str(),
            expand_media: "default",
            expand_spoilers: false,
            autoplay: false,
        }
    }
}
