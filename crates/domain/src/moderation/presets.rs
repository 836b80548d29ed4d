//! Texts that staff choose from when they write to somebody about a decision. Made on the command line.

use parvis_model::moderation::STRIKE_TEXT_MAX;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_store::strikes as rows;

use crate::audit::{self, Target};
use crate::error::{Error, Result};
use crate::staff::{self, By};
use crate::{Conn, Tx};

pub use parvis_store::strikes::Preset;

const TITLE_MAX: usize = 100;

/// A new text.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `Invalid`.
pub fn add(tx: &mut Tx<'_>, by: impl Into<By>, title: &str, text: &str) -> Result<i64> {
    let staff = staff::require(tx, by, Permission::ManageRules)?;
    let (title, text) = (title.trim(), text.trim());
    if text.is_empty() || text.contains('\0') || title.contains('\0') {
        return Err(Error::field("text", Refusal::EmptyPost));
    }
    if text.chars().count() > STRIKE_TEXT_MAX || title.chars().count() > TITLE_MAX {
        return Err(Error::field("text", Refusal::TextTooLong));
    }
    let id = tx.new_id();
    rows::insert_preset(tx, &rows::Preset { id, title: title.to_owned(), text: text.to_owned() })?;
    audit::record(tx, &staff, "create", &Target::new("warning_preset", id, title), "")?;
    Ok(id)
}

/// Removes one.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn remove(tx: &mut Tx<'_>, by: impl Into<By>, id: i64) -> Result<()> {
    let staff = staff::require(tx, by, Permission::ManageRules)?;
    if !rows::remove_preset(tx, id)? {
        return Err(Error::NotFound);
    }
    audit::record(tx, &staff, "destroy", &Target::new("warning_preset", id, ""), "")
}

/// All of them.
///
/// # Errors
/// Internal.
pub fn list(c: &mut Conn) -> Result<Vec<Preset>> {
    Ok(rows::presets(c)?)
}
