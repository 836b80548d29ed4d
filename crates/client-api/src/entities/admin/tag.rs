//! Admin::Tag: a hashtag as staff see it. Source: <https://docs.joinmastodon.org/entities/Admin_Tag/>.

use parvis_domain::tags::desk::RuledTag;
use parvis_model::urls::Urls;
use serde::Serialize;

use crate::entities::Tag;

/// See the module.
#[derive(Clone, Debug, Serialize)]
pub struct AdminTag {
    #[serde(flatten)]
    tag: Tag,
    trendable: bool,
    usable: bool,
    listable: bool,
    requires_review: bool,
}

impl AdminTag {
    /// Renders one.
    #[must_use]
    pub fn of(seen: &RuledTag, urls: &Urls) -> Self {
        Self {
            tag: Tag::of(&seen.view, urls),
            trendable: seen.may_trend == Some(true),
            usable: seen.rule.is_usable,
            listable: seen.rule.is_listable,
            requires_review: seen.may_trend.is_none(),
        }
    }
}
