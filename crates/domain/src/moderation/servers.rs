//! Servers that the town has nothing or little to do with, and those it allows where it shut everybody else out (`policy::EVERYBODY`). What follows
//! from it is `policy`'s.

use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_model::urls::host_key;
use parvis_store::policy::{self as rows, DomainAllow, DomainBlock};
use parvis_store::timelines::Range;

use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::events::Record;
use crate::policy::{self, Severity, Terms};
use crate::staff::{self, By, Staff};
use crate::{Conn, Tx};

/// What came of blocking a server.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is blocked.
    Blocked(DomainBlock),
    /// It, or a server above it, is blocked already, and at least as hard.
    Already(DomainBlock),
}

/// Blocks a server.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `Refused(DomainShape)`.
pub fn block(tx: &mut Tx<'_>, by: impl Into<By>, host: &str, terms: &Terms) -> Result<Outcome> {
    let staff = staff::require(tx, by, Permission::ManageFederation)?;
    let host = policy::name(host)?;
    let names = policy::with_parents(&host);
    let known = rows::domain_blocks_among(tx, &names)?;
    let nearest = names.iter().find_map(|name| known.iter().find(|b| b.host == *name));
    if let Some(known) = nearest {
        let is_stricter = Severity::parse(&known.severity).is_some_and(|s| terms.severity > s);
        if known.host == host || !is_stricter {
            return Ok(Outcome::Already(known.clone()));
        }
    }
    let row = policy::set(tx, &host, terms)?;
    audit::record(tx, &staff, "create", &target(&row), &row.private_comment)?;
    Ok(Outcome::Blocked(row))
}

/// Changes the block with this id.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn change(
    tx: &mut Tx<'_>,
    by: impl Into<By>,
    id: i64,
    change: impl FnOnce(&mut Terms),
) -> Result<DomainBlock> {
    let staff = staff::require(tx, by, Permission::ManageFederation)?;
    let row = rows::domain_block(tx, id)?.or_not_found()?;
    let mut terms = Terms::of(&row);
    change(&mut terms);
    let row = policy::set(tx, &row.host, &terms)?;
    audit::record(tx, &staff, "update", &target(&row), &row.private_comment)?;
    Ok(row)
}

/// Blocks a server on these terms, in place of what was: for the command line, where nobody knows an id.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `Refused`: `DomainShape`, `OwnDomain`.
pub fn set(tx: &mut Tx<'_>, by: impl Into<By>, host: &str, terms: &Terms) -> Result<DomainBlock> {
    let staff = staff::require(tx, by, Permission::ManageFederation)?;
    let row = policy::set(tx, host, terms)?;
    audit::record(tx, &staff, "update", &target(&row), &row.private_comment)?;
    Ok(row)
}

/// Lifts a block; what it was.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn unblock(tx: &mut Tx<'_>, by: impl Into<By>, id: i64) -> Result<DomainBlock> {
    let staff = staff::require(tx, by, Permission::ManageFederation)?;
    let row = rows::domain_block(tx, id)?.or_not_found()?;
    lift(tx, &staff, &row)?;
    Ok(row)
}

/// Lifts the block of exactly this server.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`; `Refused(DomainShape)`.
pub fn unblock_host(tx: &mut Tx<'_>, by: impl Into<By>, host: &str) -> Result<()> {
    let staff = staff::require(tx, by, Permission::ManageFederation)?;
    let row = rows::domain_blocks_among(tx, &[policy::name(host)?])?.pop().or_not_found()?;
    lift(tx, &staff, &row)
}

fn lift(tx: &mut Tx<'_>, staff: &Staff, row: &DomainBlock) -> Result<()> {
    policy::unblock(tx, &row.host)?;
    audit::record(tx, staff, "destroy", &target(row), "")
}

fn target(row: &DomainBlock) -> Target {
    Target::new("domain_block", row.id, row.host.as_str())
}

/// A page of blocks, newest first.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn blocks(c: &mut Conn, by: impl Into<By>, range: Range) -> Result<Vec<DomainBlock>> {
    staff::require(c, by, Permission::ManageFederation)?;
    Ok(rows::domain_blocks_page(c, range)?)
}

/// One block.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn one(c: &mut Conn, by: impl Into<By>, id: i64) -> Result<DomainBlock> {
    staff::require(c, by, Permission::ManageFederation)?;
    rows::domain_block(c, id)?.or_not_found()
}

/// Allows a server; one that is allowed stays so.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `Refused(DomainShape)`.
pub fn allow(tx: &mut Tx<'_>, by: impl Into<By>, host: &str) -> Result<DomainAllow> {
    let staff = staff::require(tx, by, Permission::ManageFederation)?;
    let host = host_key(host).ok_or(Error::Refused(Refusal::DomainShape))?;
    let row = DomainAllow { id: tx.new_id(), host, created_at: tx.now() };
    if !rows::insert_domain_allow(tx, &row)? {
        return rows::domain_allow_of(tx, &row.host)?.or_not_found();
    }
    changed(tx)?;
    audit::record(tx, &staff, "create", &Target::new("domain_allow", row.id, row.host.as_str()), "")?;
    Ok(row)
}

/// No longer allows a server; what it was.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn disallow(tx: &mut Tx<'_>, by: impl Into<By>, id: i64) -> Result<DomainAllow> {
    let staff = staff::require(tx, by, Permission::ManageFederation)?;
    let row = rows::domain_allow(tx, id)?.or_not_found()?;
    rows::remove_domain_allow(tx, id)?;
    changed(tx)?;
    audit::record(tx, &staff, "destroy", &Target::new("domain_allow", id, row.host.as_str()), "")?;
    Ok(row)
}

fn changed(tx: &mut Tx<'_>) -> Result<()> {
    tx.record(parvis_model::event::Event::DomainPolicyChanged)?;
    tx.notify("policy", 0);
    Ok(())
}

/// A page of allowed servers, newest first.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn allows(c: &mut Conn, by: impl Into<By>, range: Range) -> Result<Vec<DomainAllow>> {
    staff::require(c, by, Permission::ManageFederation)?;
    Ok(rows::domain_allows_page(c, range)?)
}

/// One allowed server.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn allowed(c: &mut Conn, by: impl Into<By>, id: i64) -> Result<DomainAllow> {
    staff::require(c, by, Permission::ManageFederation)?;
    rows::domain_allow(c, id)?.or_not_found()
}
