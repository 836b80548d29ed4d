//! Keys of actors, several per actor, and the pool of pairs made ahead. Private keys are sealed before they come here (`domain::secrets`).

use diesel::prelude::*;
use parvis_model::ids::{AccountId, KeyId};
use parvis_model::time::Moment;

use crate::conn::db::each;
use crate::schema::{accounts, actor_keys, key_pool};
use crate::{Conn, Result};

/// A row of `actor_keys`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = actor_keys, treat_none_as_default_value = false)]
pub struct ActorKey {
    pub id: KeyId,
    pub account_id: AccountId,
    /// The key's own id, such as `…/users/ana#main-key`.
    pub uri: String,
    /// `rsa` or `ed25519`.
    pub algorithm: String,
    /// SubjectPublicKeyInfo, DER.
    pub public_der: Vec<u8>,
    /// PKCS#8, sealed for the purpose `key <uri>`; local actors only.
    pub private_sealed: Option<Vec<u8>>,
    pub created_at: Moment,
}

/// A new key.
///
/// # Errors
/// `Conflict` when the key id is taken.
pub fn insert(c: &mut Conn, key: &ActorKey) -> Result<()> {
    each!(c, |db| diesel::insert_into(actor_keys::table).values(key.clone()).execute(db))?;
    Ok(())
}

/// The keys of an actor, oldest first.
///
/// # Errors
/// As the database's.
pub fn of_account(c: &mut Conn, account: AccountId) -> Result<Vec<ActorKey>> {
    Ok(each!(c, |db| actor_keys::table
        .filter(actor_keys::account_id.eq(account))
        .order(actor_keys::id.asc())
        .select(ActorKey::as_select())
        .load(db))?)
}

/// A key by its id.
///
/// # Errors
/// As the database's.
pub fn by_uri(c: &mut Conn, uri: &str) -> Result<Option<ActorKey>> {
    Ok(each!(c, |db| actor_keys::table
        .filter(actor_keys::uri.eq(uri))
        .select(ActorKey::as_select())
        .first(db))
    .optional()?)
}

/// Forgets the keys of an actor, before its new ones are written.
///
/// # Errors
/// As the database's.
pub fn delete_of_account(c: &mut Conn, account: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(actor_keys::table.filter(actor_keys::account_id.eq(account))).execute(db))?;
    Ok(())
}

/// Accounts of this town that are still here and have no key of this algorithm, oldest first: (account, actor id).
///
/// # Errors
/// As the database's.
pub fn lacking(c: &mut Conn, algorithm: &str, limit: i64) -> Result<Vec<(AccountId, String)>> {
    let has_one = actor_keys::table
        .filter(actor_keys::account_id.eq(accounts::id))
        .filter(actor_keys::algorithm.eq(algorithm));
    Ok(each!(c, |db| accounts::table
        .filter(accounts::host.eq(""))
        .filter(accounts::gone_at.is_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(has_one)))
        .order(accounts::id.asc())
        .limit(limit)
        .select((accounts::id, accounts::uri))
        .load(db))?)
}

/// A pair made ahead.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = key_pool, treat_none_as_default_value = false)]
pub struct PooledKey {
    pub id: KeyId,
    pub public_der: Vec<u8>,
    /// Sealed for the purpose `key pool <id>`.
    pub private_sealed: Vec<u8>,
    pub created_at: Moment,
    /// The Ed25519 pair beside it; none in rows from before there were any.
    pub proof_public_der: Option<Vec<u8>>,
    /// Sealed like the other one.
    pub proof_private_sealed: Option<Vec<u8>>,
}

/// Puts a pair into the pool.
///
/// # Errors
/// As the database's.
pub fn put_into_pool(c: &mut Conn, key: &PooledKey) -> Result<()> {
    each!(c, |db| diesel::insert_into(key_pool::table).values(key.clone()).execute(db))?;
    Ok(())
}

/// Takes the oldest pair out of the pool.
///
/// # Errors
/// As the database's.
pub fn take_from_pool(c: &mut Conn) -> Result<Option<PooledKey>> {
    let found: Option<PooledKey> =
        each!(c, |db| key_pool::table.order(key_pool::id.asc()).select(PooledKey::as_select()).first(db))
            .optional()?;
    if let Some(key) = &found {
        each!(c, |db| diesel::delete(key_pool::table.find(key.id)).execute(db))?;
    }
    Ok(found)
}

/// How many pairs are ready.
///
/// # Errors
/// As the database's.
pub fn pool_size(c: &mut Conn) -> Result<i64> {
    Ok(each!(c, |db| key_pool::table.count().get_result(db))?)
}
