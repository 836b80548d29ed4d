//! Hashtags: what is known of them, who follows them ([`follow`]), who shows them on a profile ([`featured`]), and what
//! staff decide about them ([`desk`]). Rows: `store::tags`.

pub mod desk;
pub mod featured;
pub mod follow;
#[cfg(test)]
mod tests;

use parvis_model::ids::{StatusId, TagId, floor_at};
use parvis_model::tag::HISTORY_DAYS;
use parvis_model::time::{DAY, Moment};
use parvis_store::status_parts::{self, Tag};
use parvis_store::tags as rows;
use parvis_store::{Conn, Tx};

use crate::access::Viewer;
use crate::error::{OrNotFound, Result};

/// How much a tag was used on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayOfUse {
    /// When it began (UTC).
    pub day: Moment,
    /// Public posts.
    pub uses: i64,
    /// Their authors.
    pub accounts: i64,
}

/// A tag with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagView {
    /// Its id is 0 while nobody used it.
    pub tag: Tag,
    /// The last days, today first.
    pub history: Vec<DayOfUse>,
    /// Whether the viewer follows it; `None` without a viewer.
    pub is_followed: Option<bool>,
    /// Whether the viewer shows it on their profile.
    pub is_featured: Option<bool>,
}

/// A tag by its name. One that nobody used is known, with nothing to tell of it.
///
/// # Errors
/// [`crate::Error::NotFound`] for what cannot be a tag.
pub fn named(c: &mut Conn, viewer: Viewer, name: &str) -> Result<TagView> {
    let tag = found(c, name)?;
    views(c, viewer, vec![tag])?.pop().or_not_found()
}

/// What is known of tags, in their order. Three statements at most.
///
/// # Errors
/// Internal.
pub fn views(c: &mut Conn, viewer: Viewer, tags: Vec<Tag>) -> Result<Vec<TagView>> {
    let ids: Vec<TagId> = tags.iter().map(|t| t.id).collect();
    let today = c.now().0.div_euclid(DAY);
    let first = StatusId(floor_at(Moment((today - HISTORY_DAYS + 1) * DAY)));
    let uses = rows::uses(c, &ids, first)?;
    let (followed, featured) = match viewer {
        Some(v) => (rows::followed_among(c, v, &ids)?, rows::featured_among(c, v, &ids)?),
        None => (Vec::new(), Vec::new()),
    };
    let history_of = |tag: TagId| {
        let on = |day: i64| {
            let found = uses.iter().find(|u| u.tag_id == tag.0 && u.day == day);
            let (uses, accounts) = found.map_or((0, 0), |u| (u.uses, u.accounts));
            DayOfUse { day: Moment(day * DAY), uses, accounts }
        };
        (0..HISTORY_DAYS).map(|back| on(today - back)).collect()
    };
    Ok(tags
        .into_iter()
        .map(|tag| TagView {
            history: history_of(tag.id),
            is_followed: viewer.map(|_| followed.contains(&tag.id)),
            is_featured: viewer.map(|_| featured.contains(&tag.id)),
            tag,
        })
        .collect())
}

/// A tag as it is, or as it would be.
fn found(c: &mut Conn, display: &str) -> Result<Tag> {
    let name = parvis_text::hashtag_name(display).or_not_found()?;
    let known = status_parts::tags_by_name(c, std::slice::from_ref(&name))?.pop();
    let display = display.trim_start_matches(['#', '＃']).to_owned();
    Ok(known.unwrap_or(Tag { id: TagId(0), name, display }))
}

/// A tag, made when it is new.
fn made(tx: &mut Tx<'_>, display: &str) -> Result<Tag> {
    let mut tag = found(tx, display)?;
    if tag.id == TagId(0) {
        tag.id = TagId(tx.new_id());
        status_parts::add_tag(tx, &tag)?;
    }
    Ok(tag)
}
