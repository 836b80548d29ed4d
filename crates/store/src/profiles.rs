//! What an account of this town shows beside its row in `accounts`, once its owner chose something. Use cases: `domain::accounts::profile`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;

use crate::accounts::Account;
use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::profiles;
use crate::{Conn, Result};

/// A row of `profiles`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = profiles)]
pub struct Profile {
    pub account_id: AccountId,
    /// What is to be seen on the portrait.
    pub avatar_description: String,
    /// What is to be seen on the banner.
    pub header_description: String,
    /// Whether posts may be found by their text.
    pub is_indexable: bool,
    /// Whether nobody else sees who follows and whom one follows.
    pub hides_collections: bool,
    /// Whether the profile has a page of pictures.
    pub shows_media: bool,
    /// Whether that page shows pictures of answers too.
    pub shows_media_replies: bool,
    /// Whether the profile has a page of recommendations.
    pub shows_featured: bool,
    /// Host names with blanks between: sites that may name the owner as an author.
    pub attribution_domains: String,
}

impl Profile {
    /// What holds until the owner chooses.
    #[must_use]
    pub const fn usual(account: &Account) -> Self {
        Self {
            account_id: account.id,
            avatar_description: String::new(),
            header_description: String::new(),
            // That strangers find one's posts by their words is a consent (FEP-5feb), which nobody has given who was not asked.
            is_indexable: false,
            hides_collections: false,
            shows_media: true,
            shows_media_replies: true,
            shows_featured: true,
            attribution_domains: String::new(),
        }
    }
}

/// What these accounts chose; those that chose nothing have no row.
///
/// # Errors
/// As the database's.
pub fn of_accounts(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<Profile>> {
    Ok(each!(c, |db| profiles::table
        .filter(profiles::account_id.among(ids))
        .select(Profile::as_select())
        .load(db))?)
}

/// Writes what an account chose.
///
/// # Errors
/// As the database's.
pub fn save(c: &mut Conn, row: &Profile) -> Result<()> {
    each!(c, |db| diesel::insert_into(profiles::table)
        .values(row.clone())
        .on_conflict(profiles::account_id)
        .do_update()
        .set(row.clone())
        .execute(db))?;
    Ok(())
}
