//! Addresses that cannot sign up, or not even come near: domains of mail, mail addresses (as hashes), networks. Use cases: `domain::barriers`.

use diesel::prelude::*;
use parvis_model::ids::AccountId;
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{canonical_email_blocks, email_domain_blocks, ip_blocks};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `email_domain_blocks`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = email_domain_blocks)]
pub struct EmailDomainBlock {
    pub id: i64,
    pub domain: String,
    /// Staff look at each instead.
    pub allow_with_approval: bool,
    pub created_at: Moment,
}

/// A row of `canonical_email_blocks`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = canonical_email_blocks, treat_none_as_default_value = false)]
pub struct CanonicalEmailBlock {
    pub id: i64,
    /// SHA-256, hexadecimal.
    pub hash: String,
    /// Whose suspension made it.
    pub account_id: Option<AccountId>,
    pub created_at: Moment,
}

/// A row of `ip_blocks`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = ip_blocks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct IpBlock {
    pub id: i64,
    /// `192.0.2.0/24`.
    pub network: String,
    pub severity: String,
    pub comment: String,
    pub expires_at: Option<Moment>,
    pub created_at: Moment,
}

/// Blocks a mail domain; `false` when it is blocked already.
///
/// # Errors
/// As the database's.
pub fn insert_email_domain_block(c: &mut Conn, row: &EmailDomainBlock) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(email_domain_blocks::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// One blocked mail domain.
///
/// # Errors
/// As the database's.
pub fn email_domain_block(c: &mut Conn, id: i64) -> Result<Option<EmailDomainBlock>> {
    Ok(each!(c, |db| email_domain_blocks::table.find(id).select(EmailDomainBlock::as_select()).first(db))
        .optional()?)
}

/// A page of blocks, newest first.
///
/// # Errors
/// As the database's.
pub fn email_domain_blocks(c: &mut Conn, range: Range) -> Result<Vec<EmailDomainBlock>> {
    let mut query =
        email_domain_blocks::table.select(EmailDomainBlock::as_select()).limit(range.limit).into_boxed();
    keyset!(query, email_domain_blocks::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Removes a block.
///
/// # Errors
/// As the database's.
pub fn remove_email_domain_block(c: &mut Conn, id: i64) -> Result<()> {
    each!(c, |db| diesel::delete(email_domain_blocks::table.find(id)).execute(db))?;
    Ok(())
}

/// Blocks a mail address; `false` when it is blocked already.
///
/// # Errors
/// As the database's.
pub fn insert_canonical_email_block(c: &mut Conn, row: &CanonicalEmailBlock) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(canonical_email_blocks::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// One blocked mail address.
///
/// # Errors
/// As the database's.
pub fn canonical_email_block(c: &mut Conn, id: i64) -> Result<Option<CanonicalEmailBlock>> {
    Ok(each!(c, |db| canonical_email_blocks::table
        .find(id)
        .select(CanonicalEmailBlock::as_select())
        .first(db))
    .optional()?)
}

/// A page of blocks, newest first.
///
/// # Errors
/// As the database's.
pub fn canonical_email_blocks(c: &mut Conn, range: Range) -> Result<Vec<CanonicalEmailBlock>> {
    let mut query = canonical_email_blocks::table
        .select(CanonicalEmailBlock::as_select())
        .limit(range.limit)
        .into_boxed();
    keyset!(query, canonical_email_blocks::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Removes a block.
///
/// # Errors
/// As the database's.
pub fn remove_canonical_email_block(c: &mut Conn, id: i64) -> Result<()> {
    each!(c, |db| diesel::delete(canonical_email_blocks::table.find(id)).execute(db))?;
    Ok(())
}

/// Blocks a network; `false` when it is blocked already.
///
/// # Errors
/// As the database's.
pub fn insert_ip_block(c: &mut Conn, row: &IpBlock) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(ip_blocks::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// One blocked network.
///
/// # Errors
/// As the database's.
pub fn ip_block(c: &mut Conn, id: i64) -> Result<Option<IpBlock>> {
    Ok(each!(c, |db| ip_blocks::table.find(id).select(IpBlock::as_select()).first(db)).optional()?)
}

/// A page of blocks, newest first.
///
/// # Errors
/// As the database's.
pub fn ip_blocks(c: &mut Conn, range: Range) -> Result<Vec<IpBlock>> {
    let mut query = ip_blocks::table.select(IpBlock::as_select()).limit(range.limit).into_boxed();
    keyset!(query, ip_blocks::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// Removes a block.
///
/// # Errors
/// As the database's.
pub fn remove_ip_block(c: &mut Conn, id: i64) -> Result<()> {
    each!(c, |db| diesel::delete(ip_blocks::table.find(id)).execute(db))?;
    Ok(())
}

/// The blocks of any of these domains (a domain and those above it).
///
/// # Errors
/// As the database's.
pub fn email_domains_among(c: &mut Conn, names: &[String]) -> Result<Vec<EmailDomainBlock>> {
    Ok(each!(c, |db| email_domain_blocks::table
        .filter(email_domain_blocks::domain.among_texts(names))
        .limit(100)
        .select(EmailDomainBlock::as_select())
        .load(db))?)
}

/// The block of a mail address, by its hash.
///
/// # Errors
/// As the database's.
pub fn canonical_by_hash(c: &mut Conn, hash: &str) -> Result<Option<CanonicalEmailBlock>> {
    Ok(each!(c, |db| canonical_email_blocks::table
        .filter(canonical_email_blocks::hash.eq(hash))
        .select(CanonicalEmailBlock::as_select())
        .first(db))
    .optional()?)
}

/// Removes the blocks that an account's suspension made.
///
/// # Errors
/// As the database's.
pub fn remove_canonical_of(c: &mut Conn, account: AccountId) -> Result<()> {
    each!(c, |db| diesel::delete(
        canonical_email_blocks::table.filter(canonical_email_blocks::account_id.eq(account))
    )
    .execute(db))?;
    Ok(())
}

/// Changes the block of a network.
///
/// # Errors
/// `Conflict` when another block has this network.
pub fn save_ip_block(c: &mut Conn, row: &IpBlock) -> Result<()> {
    each!(c, |db| diesel::update(ip_blocks::table.find(row.id)).set(row.clone()).execute(db))?;
    Ok(())
}

/// The networks whose block is in force at `now`, at most 10,000.
///
/// # Errors
/// As the database's.
pub fn networks_in_force(c: &mut Conn, now: Moment) -> Result<Vec<IpBlock>> {
    Ok(each!(c, |db| ip_blocks::table
        .filter(ip_blocks::expires_at.is_null().or(ip_blocks::expires_at.gt(now)))
        .order(ip_blocks::id.asc())
        .limit(10_000)
        .select(IpBlock::as_select())
        .load(db))?)
}

/// Forgets blocks of networks that are over; how many.
///
/// # Errors
/// As the database's.
pub fn forget_networks(c: &mut Conn, now: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(ip_blocks::table.filter(ip_blocks::expires_at.le(now))).execute(db))?)
}
