//! What staff decided about hashtags. Use cases: `domain::tags::desk`.

use diesel::prelude::*;
use parvis_model::ids::TagId;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{tag_rules, tags};
use crate::status_parts::Tag;
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `tag_rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = tag_rules)]
pub struct TagRule {
    pub tag_id: TagId,
    /// People here may write it.
    pub is_usable: bool,
    /// Search and suggestions show it.
    pub is_listable: bool,
}

impl TagRule {
    /// What holds of a tag of which nobody decided anything.
    #[must_use]
    pub const fn usual(tag_id: TagId) -> Self {
        Self { tag_id, is_usable: true, is_listable: true }
    }
}

/// A page of all tags, newest first.
///
/// # Errors
/// As the database's.
pub fn page(c: &mut Conn, range: Range) -> Result<Vec<Tag>> {
    let mut query = tags::table.select(Tag::as_select()).limit(range.limit).into_boxed();
    keyset!(query, tags::id, range, TagId);
    Ok(range.in_order(query.load(c.db())?))
}

/// What was decided about these.
///
/// # Errors
/// As the database's.
pub fn of_tags(c: &mut Conn, ids: &[TagId]) -> Result<Vec<TagRule>> {
    Ok(each!(c, |db| tag_rules::table
        .filter(tag_rules::tag_id.among(ids))
        .select(TagRule::as_select())
        .load(db))?)
}

/// Whether nobody here may write one of these names.
///
/// # Errors
/// As the database's.
pub fn has_unusable(c: &mut Conn, names: &[String]) -> Result<bool> {
    Ok(each!(c, |db| diesel::select(diesel::dsl::exists(
        tag_rules::table
            .inner_join(tags::table.on(tags::id.eq(tag_rules::tag_id)))
            .filter(tags::name.among_texts(names).and(tag_rules::is_usable.eq(false))),
    ))
    .get_result(db))?)
}

/// Forgets what was decided about one.
///
/// # Errors
/// As the database's.
pub fn remove(c: &mut Conn, tag: TagId) -> Result<()> {
    each!(c, |db| diesel::delete(tag_rules::table.find(tag)).execute(db))?;
    Ok(())
}

/// Keeps what is decided about one of which nothing is kept.
///
/// # Errors
/// As the database's.
pub fn insert(c: &mut Conn, rule: TagRule) -> Result<()> {
    each!(c, |db| diesel::insert_into(tag_rules::table).values(rule).on_conflict_do_nothing().execute(db))?;
    Ok(())
}

/// Changes how a tag is written.
///
/// # Errors
/// As the database's.
pub fn set_display(c: &mut Conn, tag: TagId, display: &str) -> Result<()> {
    each!(c, |db| diesel::update(tags::table.find(tag)).set(tags::display.eq(display)).execute(db))?;
    Ok(())
}
