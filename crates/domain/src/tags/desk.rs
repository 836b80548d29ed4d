//! What staff decide about hashtags: whether people here may write one, whether search shows it, whether it may trend, and how it is written.

use parvis_model::ids::{AccountId, TagId};
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_model::trend::TrendKind;
use parvis_store::tag_rules::{self as rows, TagRule};
use parvis_store::timelines::Range;
use parvis_store::{Conn, Tx, status_parts, trends};

use super::{TagView, views};
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::staff;

/// A hashtag as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuledTag {
    pub view: TagView,
    pub rule: TagRule,
    /// `None` when nobody looked at it.
    pub may_trend: Option<bool>,
}

/// What changes; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagChange {
    /// Other capitals, and nothing else.
    pub display: Option<String>,
    pub may_trend: Option<bool>,
    pub is_usable: Option<bool>,
    pub is_listable: Option<bool>,
}

/// A page of all hashtags, newest first. A fixed number of statements.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn all(c: &mut Conn, who: AccountId, range: Range) -> Result<Vec<RuledTag>> {
    staff::require(c, who, Permission::ManageTaxonomies)?;
    let found = rows::page(c, range)?;
    ruled(c, found)
}

/// One hashtag.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn one(c: &mut Conn, who: AccountId, id: TagId) -> Result<RuledTag> {
    staff::require(c, who, Permission::ManageTaxonomies)?;
    let found = status_parts::tags_by_id(c, &[id])?;
    ruled(c, found)?.pop().or_not_found()
}

/// These hashtags, in their order; those that are gone are left out. A fixed number of statements.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn some(c: &mut Conn, who: AccountId, ids: &[TagId]) -> Result<Vec<RuledTag>> {
    staff::require(c, who, Permission::ManageTaxonomies)?;
    let mut found = status_parts::tags_by_id(c, ids)?;
    found.sort_by_key(|tag| ids.iter().position(|id| *id == tag.id));
    ruled(c, found)
}

fn ruled(c: &mut Conn, found: Vec<status_parts::Tag>) -> Result<Vec<RuledTag>> {
    let ids: Vec<TagId> = found.iter().map(|t| t.id).collect();
    let rules = rows::of_tags(c, &ids)?;
    let reviews = trends::reviews_of(c, TrendKind::Tag, &ids.iter().map(|id| id.0).collect::<Vec<_>>())?;
    let seen = views(c, None, found)?;
    Ok(seen
        .into_iter()
        .map(|view| RuledTag {
            rule: rules
                .iter()
                .find(|r| r.tag_id == view.tag.id)
                .copied()
                .unwrap_or_else(|| TagRule::usual(view.tag.id)),
            may_trend: reviews.iter().find(|(id, _)| *id == view.tag.id.0).map(|(_, allowed)| *allowed),
            view,
        })
        .collect())
}

/// Decides about a hashtag.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`; `Invalid` for another name.
pub fn change(tx: &mut Tx<'_>, who: AccountId, id: TagId, change: &TagChange) -> Result<RuledTag> {
    let staff = staff::require(tx, who, Permission::ManageTaxonomies)?;
    let before = one(tx, who, id)?;
    let tag = &before.view.tag;
    if let Some(display) = change.display.as_deref().filter(|d| *d != tag.display) {
        if parvis_text::hashtag_name(display).as_ref() != Some(&tag.name) || display.starts_with(['#', '＃'])
        {
            return Err(Error::field("display_name", Refusal::TagSpelling));
        }
        rows::set_display(tx, id, display)?;
    }
    let rule = TagRule {
        tag_id: id,
        is_usable: change.is_usable.unwrap_or(before.rule.is_usable),
        is_listable: change.is_listable.unwrap_or(before.rule.is_listable),
    };
    if rule != before.rule {
        rows::remove(tx, id)?;
        rows::insert(tx, rule)?;
    }
    if let Some(may_trend) = change.may_trend {
        let now = tx.now();
        trends::review(tx, TrendKind::Tag, id.0, may_trend, now)?;
    }
    audit::record(tx, &staff, "update", &Target::new("tag", id.0, tag.name.as_str()), "")?;
    one(tx, who, id)
}
