//! What the town decided about other servers, its emojis, things that are gone, and answers to repeated requests.

use diesel::prelude::*;
use parvis_model::ids::{AccountId, EmojiId, StatusId};
use parvis_model::time::Moment;

use crate::conn::among::AmongExt;
use crate::conn::db::each;
use crate::schema::{custom_emojis, domain_allows, domain_blocks, idempotency_keys, tombstones};
use crate::timelines::{Range, keyset};
use crate::{Conn, Result};

/// A row of `domain_blocks`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = domain_blocks)]
pub struct DomainBlock {
    /// A block of a host covers its subdomains.
    pub host: String,
    /// `suspend` or `silence`.
    pub severity: String,
    pub reject_media: bool,
    pub public_comment: String,
    pub private_comment: String,
    pub created_at: Moment,
    pub id: i64,
    /// What it says of people here is not heard.
    pub reject_reports: bool,
    /// The public list shows the name with stars in it.
    pub obfuscate: bool,
}

/// Adds or changes a block.
///
/// # Errors
/// As the database's.
pub fn set_domain_block(c: &mut Conn, row: &DomainBlock) -> Result<()> {
    each!(c, |db| diesel::insert_into(domain_blocks::table)
        .values(row.clone())
        .on_conflict(domain_blocks::host)
        .do_update()
        .set(row.clone())
        .execute(db))?;
    Ok(())
}

/// Removes a block; `false` when there was none.
///
/// # Errors
/// As the database's.
pub fn remove_domain_block(c: &mut Conn, host: &str) -> Result<bool> {
    Ok(each!(c, |db| diesel::delete(domain_blocks::table.find(host)).execute(db))? == 1)
}

/// One block.
///
/// # Errors
/// As the database's.
pub fn domain_block(c: &mut Conn, id: i64) -> Result<Option<DomainBlock>> {
    Ok(each!(c, |db| domain_blocks::table
        .filter(domain_blocks::id.eq(id))
        .select(DomainBlock::as_select())
        .first(db))
    .optional()?)
}

/// A page of blocks, newest first.
///
/// # Errors
/// As the database's.
pub fn domain_blocks_page(c: &mut Conn, range: Range) -> Result<Vec<DomainBlock>> {
    let mut query = domain_blocks::table.select(DomainBlock::as_select()).limit(range.limit).into_boxed();
    keyset!(query, domain_blocks::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// A row of `domain_allows`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = domain_allows)]
pub struct DomainAllow {
    pub id: i64,
    pub host: String,
    pub created_at: Moment,
}

/// Allows a host; `false` when it was allowed already.
///
/// # Errors
/// As the database's.
pub fn insert_domain_allow(c: &mut Conn, row: &DomainAllow) -> Result<bool> {
    Ok(each!(c, |db| diesel::insert_into(domain_allows::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?
        == 1)
}

/// Which of these hosts are allowed.
///
/// # Errors
/// As the database's.
pub fn domain_allows_among(c: &mut Conn, names: &[String]) -> Result<Vec<String>> {
    Ok(each!(c, |db| domain_allows::table
        .filter(domain_allows::host.among_texts(names))
        .select(domain_allows::host)
        .limit(1_000)
        .load(db))?)
}

/// One allowed host.
///
/// # Errors
/// As the database's.
pub fn domain_allow(c: &mut Conn, id: i64) -> Result<Option<DomainAllow>> {
    Ok(each!(c, |db| domain_allows::table.find(id).select(DomainAllow::as_select()).first(db)).optional()?)
}

/// The same, by its name.
///
/// # Errors
/// As the database's.
pub fn domain_allow_of(c: &mut Conn, host: &str) -> Result<Option<DomainAllow>> {
    Ok(each!(c, |db| domain_allows::table
        .filter(domain_allows::host.eq(host))
        .select(DomainAllow::as_select())
        .first(db))
    .optional()?)
}

/// A page of allowed hosts, newest first.
///
/// # Errors
/// As the database's.
pub fn domain_allows_page(c: &mut Conn, range: Range) -> Result<Vec<DomainAllow>> {
    let mut query = domain_allows::table.select(DomainAllow::as_select()).limit(range.limit).into_boxed();
    keyset!(query, domain_allows::id, range);
    Ok(range.in_order(query.load(c.db())?))
}

/// No longer allows a host.
///
/// # Errors
/// As the database's.
pub fn remove_domain_allow(c: &mut Conn, id: i64) -> Result<()> {
    each!(c, |db| diesel::delete(domain_allows::table.find(id)).execute(db))?;
    Ok(())
}

/// All blocks, at most 50,000: for the command line.
///
/// # Errors
/// As the database's.
pub fn domain_blocks(c: &mut Conn) -> Result<Vec<DomainBlock>> {
    Ok(each!(c, |db| domain_blocks::table
        .order(domain_blocks::host.asc())
        .limit(50_000)
        .select(DomainBlock::as_select())
        .load(db))?)
}

/// The blocks of any of these names (hosts and their parents), suspensions first.
///
/// # Errors
/// As the database's.
pub fn domain_blocks_among(c: &mut Conn, names: &[String]) -> Result<Vec<DomainBlock>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let blocks = domain_blocks::table
        .filter(domain_blocks::host.among_texts(names))
        .order((domain_blocks::severity.desc(), domain_blocks::host.asc()))
        .limit(1_000);
    Ok(each!(c, |db| blocks.select(DomainBlock::as_select()).load(db))?)
}

/// A row of `custom_emojis`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = custom_emojis, treat_none_as_default_value = false)]
pub struct Emoji {
    pub id: EmojiId,
    pub shortcode: String,
    /// '' for the town's own.
    pub host: String,
    /// A file key (local) or a URL (remote).
    pub image: String,
    pub category: Option<String>,
    pub created_at: Moment,
}

/// A new emoji.
///
/// # Errors
/// `Conflict` when the short code is taken on that host.
pub fn insert_emoji(c: &mut Conn, row: &Emoji) -> Result<()> {
    each!(c, |db| diesel::insert_into(custom_emojis::table).values(row.clone()).execute(db))?;
    Ok(())
}

/// Adds or changes an emoji of a remote post.
///
/// # Errors
/// As the database's.
pub fn set_remote_emoji(c: &mut Conn, row: &Emoji) -> Result<()> {
    each!(c, |db| diesel::insert_into(custom_emojis::table)
        .values(row.clone())
        .on_conflict((custom_emojis::shortcode, custom_emojis::host))
        .do_update()
        .set(custom_emojis::image.eq(row.image.clone()))
        .execute(db))?;
    Ok(())
}

/// One emoji, of whichever server.
///
/// # Errors
/// As the database's.
pub fn emoji(c: &mut Conn, id: EmojiId) -> Result<Option<Emoji>> {
    Ok(each!(c, |db| custom_emojis::table.find(id).select(Emoji::as_select()).first(db)).optional()?)
}

/// Removes an emoji of the town and returns it.
///
/// # Errors
/// As the database's.
pub fn remove_emoji(c: &mut Conn, shortcode: &str) -> Result<Option<Emoji>> {
    let found: Option<Emoji> = each!(c, |db| custom_emojis::table
        .filter(custom_emojis::shortcode.eq(shortcode).and(custom_emojis::host.eq("")))
        .select(Emoji::as_select())
        .first(db))
    .optional()?;
    if let Some(emoji) = &found {
        each!(c, |db| diesel::delete(custom_emojis::table.find(emoji.id)).execute(db))?;
    }
    Ok(found)
}

/// The town's emojis.
///
/// # Errors
/// As the database's.
pub fn local_emojis(c: &mut Conn) -> Result<Vec<Emoji>> {
    Ok(each!(c, |db| custom_emojis::table
        .filter(custom_emojis::host.eq(""))
        .order(custom_emojis::shortcode.asc())
        .limit(2_000)
        .select(Emoji::as_select())
        .load(db))?)
}

/// Emojis with one of these short codes on one of these hosts; the caller picks the pairs.
///
/// # Errors
/// As the database's.
pub fn emojis(c: &mut Conn, shortcodes: &[String], hosts: &[String]) -> Result<Vec<Emoji>> {
    if shortcodes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(c, |db| custom_emojis::table
        .filter(custom_emojis::shortcode.among_texts(shortcodes).and(custom_emojis::host.among_texts(hosts)))
        .limit(1_000)
        .select(Emoji::as_select())
        .load(db))?)
}

/// Kind of the [`Tombstone`] of a post (or boost) that everybody could see.
pub const PUBLIC_STATUS: &str = "status";
/// Kind of the one of a post that was not for everybody: that it ever was is not told (threats I2).
pub const PRIVATE_STATUS: &str = "private_status";

/// Something that is gone for good, or an activity that was undone before it came.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = tombstones)]
pub struct Tombstone {
    pub uri: String,
    /// Who took it away; only they could have made it.
    pub actor_uri: String,
    /// [`PUBLIC_STATUS`], [`PRIVATE_STATUS`], `actor` or `undone`.
    pub kind: String,
    pub created_at: Moment,
}

/// Remembers that something is gone.
///
/// # Errors
/// As the database's.
pub fn bury(c: &mut Conn, row: &Tombstone) -> Result<()> {
    each!(c, |db| diesel::insert_into(tombstones::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(())
}

/// Whether something is gone.
///
/// # Errors
/// As the database's.
pub fn tombstone(c: &mut Conn, uri: &str) -> Result<Option<Tombstone>> {
    Ok(each!(c, |db| tombstones::table.find(uri).select(Tombstone::as_select()).first(db)).optional()?)
}

/// Forgets that something is gone.
///
/// # Errors
/// As the database's.
pub fn unbury(c: &mut Conn, uri: &str) -> Result<()> {
    each!(c, |db| diesel::delete(tombstones::table.find(uri)).execute(db))?;
    Ok(())
}

/// Forgets remote tombstones older than `before`; ours stay for ever, since our ids are never given again.
///
/// # Errors
/// As the database's.
pub fn forget_tombstones(c: &mut Conn, before: Moment, our_prefix: &str) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(tombstones::table.filter(tombstones::created_at.lt(before)).filter(
        // A range instead of LIKE: everything that does not begin with our own address.
        tombstones::uri.lt(our_prefix.to_owned()).or(tombstones::uri.gt(format!("{our_prefix}\u{7f}"))),
    ))
    .execute(db))?)
}

/// The post that a request with this key made.
///
/// # Errors
/// As the database's.
pub fn idempotent_status(c: &mut Conn, account: AccountId, key: &str) -> Result<Option<StatusId>> {
    Ok(each!(c, |db| idempotency_keys::table
        .find((account, key))
        .select(idempotency_keys::status_id)
        .first(db))
    .optional()?)
}

/// Remembers which post a request made.
///
/// # Errors
/// `Conflict` when another request with the key was faster.
pub fn remember_idempotent(
    c: &mut Conn,
    account: AccountId,
    key: &str,
    status: StatusId,
    at: Moment,
) -> Result<()> {
    each!(c, |db| diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::account_id.eq(account),
            idempotency_keys::key.eq(key),
            idempotency_keys::status_id.eq(status),
            idempotency_keys::created_at.eq(at),
        ))
        .execute(db))?;
    Ok(())
}

/// Forgets keys older than `before`.
///
/// # Errors
/// As the database's.
pub fn forget_idempotent(c: &mut Conn, before: Moment) -> Result<usize> {
    Ok(each!(c, |db| diesel::delete(
        idempotency_keys::table.filter(idempotency_keys::created_at.lt(before))
    )
    .execute(db))?)
}
