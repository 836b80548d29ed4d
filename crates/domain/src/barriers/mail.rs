//! Mail that cannot sign up: whole domains, and single addresses, which are kept as hashes of what matters in them.

use parvis_model::ids::AccountId;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_model::urls::host_key;
use parvis_store::barriers::{self as rows, CanonicalEmailBlock, EmailDomainBlock};
use parvis_store::timelines::Range;

use super::Standing;
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::policy::with_parents;
use crate::staff::{self, By};
use crate::{Conn, Tx, secrets};

/// What stands before an address, by its domain and by itself. Two statements.
///
/// # Errors
/// Internal.
pub fn standing(c: &mut Conn, email_key: &str) -> Result<Standing> {
    let domain = email_key.rsplit('@').next().unwrap_or_default();
    let by_domain = rows::email_domains_among(c, &with_parents(domain))?
        .iter()
        .map(|b| if b.allow_with_approval { Standing::NeedsApproval } else { Standing::Barred })
        .fold(Standing::Free, Standing::and);
    let is_known = rows::canonical_by_hash(c, &canonical_hash(email_key))?.is_some();
    Ok(if is_known { Standing::Barred } else { by_domain })
}

/// The SHA-256 of an address without case, dots and what follows a plus sign (as Mastodon).
#[must_use]
pub fn canonical_hash(email: &str) -> String {
    let email = email.trim().to_lowercase();
    let (name, domain) = email.rsplit_once('@').unwrap_or((&email, ""));
    let name = name.split('+').next().unwrap_or_default().replace('.', "");
    secrets::hash(&format!("{name}@{domain}"))
}

/// Blocks a domain of mail and those below it.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `Invalid` for what is no domain, or blocked already.
pub fn block_domain(
    tx: &mut Tx<'_>,
    by: impl Into<By>,
    domain: &str,
    with_approval: bool,
) -> Result<EmailDomainBlock> {
    let staff = staff::require(tx, by, Permission::ManageBlocks)?;
    let shape = || Error::field("domain", Refusal::DomainShape);
    let domain = host_key(domain).ok_or_else(shape)?;
    let row = EmailDomainBlock {
        id: tx.new_id(),
        domain,
        allow_with_approval: with_approval,
        created_at: tx.now(),
    };
    if !rows::insert_email_domain_block(tx, &row)? {
        return Err(Error::field("domain", Refusal::BlockedAlready));
    }
    audit::record(tx, &staff, "create", &Target::new("email_domain_block", row.id, row.domain.as_str()), "")?;
    Ok(row)
}

/// A page of blocked domains.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn domains(c: &mut Conn, by: impl Into<By>, range: Range) -> Result<Vec<EmailDomainBlock>> {
    staff::require(c, by, Permission::ManageBlocks)?;
    Ok(rows::email_domain_blocks(c, range)?)
}

/// One of them.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn domain(c: &mut Conn, by: impl Into<By>, id: i64) -> Result<EmailDomainBlock> {
    staff::require(c, by, Permission::ManageBlocks)?;
    rows::email_domain_block(c, id)?.or_not_found()
}

/// Lifts the block of a domain; what it was.
///
/// # Errors
/// As [`domain`].
pub fn unblock_domain(tx: &mut Tx<'_>, by: impl Into<By>, id: i64) -> Result<EmailDomainBlock> {
    let staff = staff::require(tx, by, Permission::ManageBlocks)?;
    let row = rows::email_domain_block(tx, id)?.or_not_found()?;
    rows::remove_email_domain_block(tx, id)?;
    audit::record(tx, &staff, "destroy", &Target::new("email_domain_block", id, row.domain.as_str()), "")?;
    Ok(row)
}

/// Blocks an address, or the hash of one that another town tells us.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `Invalid` for what is neither, or blocked already.
pub fn block_address(
    tx: &mut Tx<'_>,
    by: impl Into<By>,
    email: Option<&str>,
    hash: Option<&str>,
) -> Result<CanonicalEmailBlock> {
    let staff = staff::require(tx, by, Permission::ManageBlocks)?;
    let hash = match (email, hash) {
        (Some(email), _) if parvis_mail::address(email.trim()).is_ok() => canonical_hash(email),
        (None, Some(hash)) if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            hash.to_lowercase()
        }
        _ => return Err(Error::field("canonical_email_hash", Refusal::EmailUnusable)),
    };
    let row = CanonicalEmailBlock { id: tx.new_id(), hash, account_id: None, created_at: tx.now() };
    if !rows::insert_canonical_email_block(tx, &row)? {
        return Err(Error::field("canonical_email_hash", Refusal::BlockedAlready));
    }
    audit::record(
        tx,
        &staff,
        "create",
        &Target::new("canonical_email_block", row.id, row.hash.as_str()),
        "",
    )?;
    Ok(row)
}

/// A page of blocked addresses.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn addresses(c: &mut Conn, by: impl Into<By>, range: Range) -> Result<Vec<CanonicalEmailBlock>> {
    staff::require(c, by, Permission::ManageBlocks)?;
    Ok(rows::canonical_email_blocks(c, range)?)
}

/// One of them.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn address(c: &mut Conn, by: impl Into<By>, id: i64) -> Result<CanonicalEmailBlock> {
    staff::require(c, by, Permission::ManageBlocks)?;
    rows::canonical_email_block(c, id)?.or_not_found()
}

/// The block that stands before an address, if there is one.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn test(c: &mut Conn, by: impl Into<By>, email: &str) -> Result<Option<CanonicalEmailBlock>> {
    staff::require(c, by, Permission::ManageBlocks)?;
    Ok(rows::canonical_by_hash(c, &canonical_hash(email))?)
}

/// Lifts the block of an address.
///
/// # Errors
/// As [`address`].
pub fn unblock_address(tx: &mut Tx<'_>, by: impl Into<By>, id: i64) -> Result<CanonicalEmailBlock> {
    let staff = staff::require(tx, by, Permission::ManageBlocks)?;
    let row = rows::canonical_email_block(tx, id)?.or_not_found()?;
    rows::remove_canonical_email_block(tx, id)?;
    audit::record(tx, &staff, "destroy", &Target::new("canonical_email_block", id, row.hash.as_str()), "")?;
    Ok(row)
}

/// Whoever is suspended does not come back with the same address.
pub(crate) fn follow_suspension(tx: &mut Tx<'_>, account: AccountId, email_key: &str) -> Result<()> {
    let row = CanonicalEmailBlock {
        id: tx.new_id(),
        hash: canonical_hash(email_key),
        account_id: Some(account),
        created_at: tx.now(),
    };
    rows::insert_canonical_email_block(tx, &row)?;
    Ok(())
}

/// Takes back what the suspension did.
pub(crate) fn follow_restoration(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    Ok(rows::remove_canonical_of(tx, account)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_case_and_tags_make_no_other_address() {
        assert_eq!(canonical_hash("A.na+x@Mail.example"), canonical_hash("ana@mail.example"));
        assert_ne!(canonical_hash("ana@mail.example"), canonical_hash("anna@mail.example"));
    }
}
