//! What staff think of what trends. Whoever asks must have the permission `ManageTaxonomies`, in the same transaction.

use parvis_model::ids::{AccountId, CardId, StatusId, TagId};
use parvis_model::permission::Permission;
use parvis_model::trend::TrendKind;
use parvis_store::trends::{self as rows, Publisher};
use parvis_store::{Conn, Tx, preview_cards};

use super::Part;
use crate::error::{OrNotFound, Result};
use crate::staff;
use crate::tags::desk::{self, RuledTag};
use crate::views::{self, CardView, StatusView};

/// Something with what staff think of it.
pub type Reviewed<T> = (T, bool);

fn keep(tx: &mut Tx<'_>, who: AccountId, kind: TrendKind, subject: i64, is_allowed: bool) -> Result<()> {
    staff::require(tx, who, Permission::ManageTaxonomies)?;
    let now = tx.now();
    Ok(rows::review(tx, kind, subject, is_allowed, now)?)
}

/// Allows a hashtag to trend, or not.
///
/// # Errors
/// [`crate::Error::NotFound`]; `Forbidden`.
pub fn review_tag(tx: &mut Tx<'_>, who: AccountId, id: TagId, is_allowed: bool) -> Result<RuledTag> {
    keep(tx, who, TrendKind::Tag, id.0, is_allowed)?;
    desk::one(tx, who, id)
}

/// The hashtags that are used most, as staff see them, allowed or not.
///
/// # Errors
/// `Forbidden`.
pub fn tags_for_staff(c: &mut Conn, who: AccountId, part: Part) -> Result<Vec<RuledTag>> {
    let ids: Vec<TagId> =
        part.of(&rows::of_kind(c, TrendKind::Tag)?).into_iter().map(|(id, _)| TagId(id)).collect();
    desk::some(c, who, &ids)
}

/// Allows a post to trend, or not.
///
/// # Errors
/// [`crate::Error::NotFound`]; `Forbidden`.
pub fn review_status(
    tx: &mut Tx<'_>,
    who: AccountId,
    id: StatusId,
    is_allowed: bool,
) -> Result<Reviewed<StatusView>> {
    keep(tx, who, TrendKind::Status, id.0, is_allowed)?;
    // As everybody sees it: staff do not read what is for few on this way.
    Ok((views::of_status(tx, None, id)?.or_not_found()?, is_allowed))
}

/// Allows a link to trend, or not.
///
/// # Errors
/// [`crate::Error::NotFound`]; `Forbidden`.
pub fn review_link(
    tx: &mut Tx<'_>,
    who: AccountId,
    id: CardId,
    is_allowed: bool,
) -> Result<Reviewed<CardView>> {
    keep(tx, who, TrendKind::Link, id.0, is_allowed)?;
    let card = preview_cards::by_id(tx, id)?.or_not_found()?;
    let (_, card) = views::of_cards(tx, vec![((), card)])?.pop().or_not_found()?;
    Ok((card, is_allowed))
}

/// The sites whose links trend or did.
///
/// # Errors
/// `Forbidden`.
pub fn publishers(c: &mut Conn, who: AccountId) -> Result<Vec<Publisher>> {
    staff::require(c, who, Permission::ManageTaxonomies)?;
    Ok(rows::publishers(c)?)
}

/// Allows all links of a site to trend, or not.
///
/// # Errors
/// [`crate::Error::NotFound`]; `Forbidden`.
pub fn review_publisher(tx: &mut Tx<'_>, who: AccountId, id: i64, is_allowed: bool) -> Result<Publisher> {
    staff::require(tx, who, Permission::ManageTaxonomies)?;
    rows::review_publisher(tx, id, is_allowed)?.or_not_found()
}
