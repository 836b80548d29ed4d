//! Accounts that somebody puts together under a name, for others to find ("our clubs"). People of this town who want to be found can be put in, and may
//! take themselves out for good. Accounts of other servers would have to be asked first (FEP-7aa9), which is not spoken here yet.

use std::collections::{HashMap, HashSet};

use parvis_model::ids::AccountId;
use parvis_model::refusal::Refusal;
use parvis_store::collections::{self as rows, ACCEPTED, Collection, Item};
use parvis_store::{Conn, Tx, blocks};

pub use parvis_store::collections::Item as CollectionItem;

use crate::access::{self, Viewer};
use crate::error::{Error, OrNotFound, Result};
use crate::views::{self, AccountView};

/// Characters of a name.
pub const NAME_MAX: usize = 40;
/// Characters of a description.
pub const DESCRIPTION_MAX: usize = 100;
/// Collections of one account.
pub const MOST: i64 = 10;
/// Accounts of one collection.
pub const ITEMS_MAX: usize = 25;

/// What changes; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub description: Option<String>,
    /// A hashtag that the collection is about.
    pub tag_name: Option<Option<String>>,
    pub language: Option<Option<String>>,
    pub is_sensitive: Option<bool>,
    pub is_discoverable: Option<bool>,
}

/// A collection with what it shows.
#[derive(Clone, Debug)]
pub struct Shown {
    pub collection: Collection,
    /// The username of its owner.
    pub owner: String,
    pub items: Vec<Item>,
}

/// Makes a collection with these accounts in it.
///
/// # Errors
/// `Invalid` for texts; [`Refusal::TooManyKept`]; as [`add`] for the accounts.
pub fn create(tx: &mut Tx<'_>, who: AccountId, change: &Change, accounts: &[AccountId]) -> Result<i64> {
    if rows::count(tx, who)? >= MOST {
        return Err(Error::Refused(Refusal::TooManyKept));
    }
    let (id, now) = (tx.new_id(), tx.now());
    let mut row = Collection {
        id,
        account_id: who,
        name: String::new(),
        description: String::new(),
        tag_name: None,
        language: None,
        is_sensitive: false,
        is_discoverable: true,
        created_at: now,
        updated_at: now,
    };
    apply(&mut row, change)?;
    rows::insert(tx, &row)?;
    let mut once = HashSet::new();
    for account in accounts.iter().filter(|a| once.insert(**a)) {
        add(tx, who, id, *account)?;
    }
    Ok(id)
}

/// Changes a collection of one's own.
///
/// # Errors
/// `NotFound`, also for somebody else's (threats I2); `Invalid`.
pub fn update(tx: &mut Tx<'_>, who: AccountId, id: i64, change: &Change) -> Result<()> {
    let mut row = own(tx, who, id)?;
    apply(&mut row, change)?;
    row.updated_at = tx.now();
    Ok(rows::save(tx, &row)?)
}

fn apply(row: &mut Collection, change: &Change) -> Result<()> {
    let fits = |text: &String, most: usize, field: &'static str| {
        let text = text.trim().replace('\0', "");
        if text.chars().count() > most { Err(Error::field(field, Refusal::TextTooLong)) } else { Ok(text) }
    };
    if let Some(name) = &change.name {
        row.name = fits(name, NAME_MAX, "name")?;
    }
    if row.name.is_empty() {
        return Err(Error::field("name", Refusal::TitleMissing));
    }
    if let Some(text) = &change.description {
        row.description = fits(text, DESCRIPTION_MAX, "description")?;
    }
    if let Some(tag) = &change.tag_name {
        let tag = tag.as_ref().map(|t| t.trim().trim_start_matches('#').to_owned()).filter(|t| !t.is_empty());
        row.tag_name = match tag {
            Some(tag) => Some(
                parvis_text::hashtag_name(&tag)
                    .filter(|t| t.chars().count() <= 200)
                    .ok_or_else(|| Error::field("tag_name", Refusal::TextTooLong))?,
            ),
            None => None,
        };
    }
    if let Some(language) = &change.language {
        row.language = language.as_deref().and_then(parvis_model::status::language_tag);
    }
    row.is_sensitive = change.is_sensitive.unwrap_or(row.is_sensitive);
    row.is_discoverable = change.is_discoverable.unwrap_or(row.is_discoverable);
    Ok(())
}

/// Removes a collection of one's own.
///
/// # Errors
/// `NotFound`.
pub fn delete(tx: &mut Tx<'_>, who: AccountId, id: i64) -> Result<()> {
    own(tx, who, id)?;
    Ok(rows::delete(tx, id)?)
}

fn own(c: &mut Conn, who: AccountId, id: i64) -> Result<Collection> {
    rows::by_id(c, id)?.filter(|row| row.account_id == who).or_not_found()
}

/// Puts an account of this town in that wants to be found.
///
/// # Errors
/// `NotFound`; [`Refusal::CannotCollect`] for everybody else, and for who took themselves out; [`Refusal::TooManyKept`]; [`Refusal::AlreadyThere`].
pub fn add(tx: &mut Tx<'_>, who: AccountId, id: i64, account: AccountId) -> Result<Item> {
    own(tx, who, id)?;
    let target = access::active_account(tx, account)?;
    if !target.is_local() || !target.is_discoverable || blocks::is_between(tx, who, account)? {
        return Err(Error::Refused(Refusal::CannotCollect));
    }
    let items = rows::items_of(tx, &[id])?;
    match items.iter().find(|item| item.account_id == account) {
        Some(known) if known.state == ACCEPTED => return Err(Error::Refused(Refusal::AlreadyThere)),
        Some(_) => return Err(Error::Refused(Refusal::CannotCollect)),
        None => {}
    }
    if items.iter().filter(|item| item.state == ACCEPTED).count() >= ITEMS_MAX {
        return Err(Error::Refused(Refusal::TooManyKept));
    }
    let item = Item {
        id: tx.new_id(),
        collection_id: id,
        account_id: account,
        state: ACCEPTED,
        created_at: tx.now(),
    };
    rows::insert_item(tx, &item)?;
    Ok(item)
}

/// Takes an account out of a collection of one's own.
///
/// # Errors
/// `NotFound`.
pub fn take_out(tx: &mut Tx<'_>, who: AccountId, id: i64, item: i64) -> Result<()> {
    own(tx, who, id)?;
    // Who took themselves out stays remembered.
    let found =
        rows::item(tx, item)?.filter(|i| i.collection_id == id && i.state == ACCEPTED).or_not_found()?;
    Ok(rows::delete_item(tx, found.id)?)
}

/// Somebody takes themselves out of somebody's collection, for good.
///
/// # Errors
/// `NotFound` for items that are not theirs.
pub fn revoke(tx: &mut Tx<'_>, who: AccountId, id: i64, item: i64) -> Result<()> {
    let found =
        rows::item(tx, item)?.filter(|i| i.collection_id == id && i.account_id == who).or_not_found()?;
    Ok(rows::revoke_item(tx, found.id)?)
}

/// A collection and the accounts in it, as a viewer sees them.
///
/// # Errors
/// `NotFound`, also when a block stands between viewer and owner.
pub fn one(c: &mut Conn, viewer: Viewer, id: i64) -> Result<(Shown, Vec<AccountView>)> {
    let row = rows::by_id(c, id)?.or_not_found()?;
    visible_owner(c, viewer, row.account_id)?;
    let shown = with_items(c, vec![row])?.pop().or_not_found()?;
    let ids: Vec<AccountId> = shown.items.iter().map(|item| item.account_id).collect();
    let accounts = views::of_accounts(c, &ids)?.into_iter().filter(|v| v.account.is_active()).collect();
    Ok((shown, accounts))
}

/// The collections of an account.
///
/// # Errors
/// `NotFound`.
pub fn of_account(
    c: &mut Conn,
    viewer: Viewer,
    account: AccountId,
    offset: i64,
    limit: i64,
) -> Result<Vec<Shown>> {
    visible_owner(c, viewer, account)?;
    let found = rows::of_account(c, account, offset.max(0), limit)?;
    with_items(c, found)
}

/// The collections that somebody is in: for themselves only.
///
/// # Errors
/// `NotFound` for anybody else.
pub fn with_account(
    c: &mut Conn,
    who: AccountId,
    account: AccountId,
    offset: i64,
    limit: i64,
) -> Result<Vec<Shown>> {
    if who != account {
        return Err(Error::NotFound);
    }
    let found = rows::with_account(c, account, offset.max(0), limit)?;
    with_items(c, found)
}

fn visible_owner(c: &mut Conn, viewer: Viewer, owner: AccountId) -> Result<()> {
    access::active_account(c, owner)?;
    match viewer {
        Some(viewer) if viewer != owner && blocks::is_between(c, viewer, owner)? => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Gives collections their items; who took themselves out does not show. Two statements.
fn with_items(c: &mut Conn, found: Vec<Collection>) -> Result<Vec<Shown>> {
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    let mut items: HashMap<i64, Vec<Item>> = HashMap::new();
    for item in rows::items_of(c, &ids)?.into_iter().filter(|item| item.state == ACCEPTED) {
        items.entry(item.collection_id).or_default().push(item);
    }
    let owners: Vec<AccountId> = found.iter().map(|row| row.account_id).collect();
    let owners = parvis_store::accounts::by_ids(c, &owners)?;
    let name =
        |id: AccountId| owners.iter().find(|a| a.id == id).map_or_else(String::new, |a| a.username.clone());
    Ok(found
        .into_iter()
        .map(|collection| Shown {
            items: items.remove(&collection.id).unwrap_or_default(),
            owner: name(collection.account_id),
            collection,
        })
        .collect())
}
