//! Networks from which nobody signs up, or nobody comes at all. What was read last is `known_networks`.

use std::net::IpAddr;

use ipnet::IpNet;
use parvis_model::barrier::NetworkSeverity as Severity;
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_model::time::SECOND;
use parvis_store::barriers::{self as rows, IpBlock};
use parvis_store::timelines::Range;

use super::Standing;
use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::staff::{self, By};
use crate::{Conn, Town, Tx};

/// Comments are cut here.
const COMMENT_MAX: usize = 1_000;
/// Blocks end within ten years, so that no number runs over.
const LONGEST: i64 = 10 * 365 * 24 * 3_600;

/// The hardest block that an address is under.
///
/// # Errors
/// Internal.
pub async fn of(town: &Town, ip: IpAddr) -> Result<Option<Severity>> {
    let now = town.now();
    if let Some(found) = town.networks().ask(ip, now) {
        return Ok(found);
    }
    let read = town.db().read(move |c| Ok::<_, Error>(rows::networks_in_force(c, now)?)).await?;
    let list = read
        .into_iter()
        .filter_map(|b| Some((b.network.parse().ok()?, Severity::parse(&b.severity)?)))
        .collect();
    Ok(town.networks().keep(ip, now, list))
}

/// What stands before somebody who signs up from an address.
///
/// # Errors
/// Internal.
pub async fn standing(town: &Town, ip: Option<IpAddr>) -> Result<Standing> {
    let Some(ip) = ip else { return Ok(Standing::Free) };
    Ok(match of(town, ip).await? {
        None => Standing::Free,
        Some(Severity::SignUpRequiresApproval) => Standing::NeedsApproval,
        Some(Severity::SignUpBlock | Severity::NoAccess) => Standing::Barred,
    })
}

/// What is decided about a network; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// An address or a network.
    pub network: Option<String>,
    pub severity: Option<Severity>,
    pub comment: Option<String>,
    /// Seconds from now; 0 is for ever.
    pub expires_in: Option<i64>,
}

/// Blocks a network, or changes the block with this id.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`; `Invalid` for what is no network, is blocked already, or is so wide that it would shut everybody out.
pub fn set(tx: &mut Tx<'_>, by: impl Into<By>, id: Option<i64>, terms: &Terms) -> Result<IpBlock> {
    let staff = staff::require(tx, by, Permission::ManageBlocks)?;
    let now = tx.now();
    let known = match id {
        Some(id) => Some(rows::ip_block(tx, id)?.or_not_found()?),
        None => None,
    };
    let bad = |refusal| Error::field("ip", refusal);
    let network = match (&terms.network, &known) {
        (Some(text), _) => network(text).ok_or_else(|| bad(Refusal::NetworkShape))?,
        (None, Some(known)) => known.network.clone(),
        (None, None) => return Err(bad(Refusal::NetworkShape)),
    };
    let severity = match (terms.severity, &known) {
        (Some(severity), _) => severity.as_str().to_owned(),
        (None, Some(known)) => known.severity.clone(),
        (None, None) => return Err(Error::field("severity", Refusal::NetworkShape)),
    };
    let comment = terms.comment.as_deref().map(|c| parvis_text::sanitise::one_line(c, COMMENT_MAX));
    let row = IpBlock {
        id: known.as_ref().map_or_else(|| tx.new_id(), |k| k.id),
        network,
        severity,
        comment: comment.or_else(|| known.as_ref().map(|k| k.comment.clone())).unwrap_or_default(),
        expires_at: match terms.expires_in {
            Some(seconds) if seconds > 0 => Some(now.plus(seconds.min(LONGEST) * SECOND)),
            Some(_) => None,
            None => known.as_ref().and_then(|k| k.expires_at),
        },
        created_at: known.as_ref().map_or(now, |k| k.created_at),
    };
    let verb = if known.is_some() { "update" } else { "create" };
    let written = match &known {
        Some(_) => tx.attempt(|tx| rows::save_ip_block(tx, &row).map(|()| true)),
        None => rows::insert_ip_block(tx, &row),
    };
    match written {
        Ok(true) => {}
        Ok(false) | Err(parvis_store::Error::Conflict(_)) => return Err(bad(Refusal::BlockedAlready)),
        Err(error) => return Err(error.into()),
    }
    audit::record(tx, &staff, verb, &Target::new("ip_block", row.id, row.network.as_str()), &row.comment)?;
    Ok(row)
}

/// `192.0.2.9` → `192.0.2.9/32`; networks without the bits of a host. Wider than /8 (IPv4) or /16 (IPv6) is a slip of the hand.
fn network(text: &str) -> Option<String> {
    let text = text.trim();
    let net: IpNet = match text.parse::<IpAddr>() {
        Ok(ip) => ip.to_canonical().into(),
        Err(_) => text.parse().ok()?,
    };
    let narrowest = if net.addr().is_ipv4() { 8 } else { 16 };
    (net.prefix_len() >= narrowest).then(|| net.trunc().to_string())
}

/// A page of blocked networks.
///
/// # Errors
/// `Forbidden(RoleTooLow)`.
pub fn page(c: &mut Conn, by: impl Into<By>, range: Range) -> Result<Vec<IpBlock>> {
    staff::require(c, by, Permission::ManageBlocks)?;
    Ok(rows::ip_blocks(c, range)?)
}

/// One of them.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn one(c: &mut Conn, by: impl Into<By>, id: i64) -> Result<IpBlock> {
    staff::require(c, by, Permission::ManageBlocks)?;
    rows::ip_block(c, id)?.or_not_found()
}

/// Lifts the block of a network; what it was.
///
/// # Errors
/// As [`one`].
pub fn remove(tx: &mut Tx<'_>, by: impl Into<By>, id: i64) -> Result<IpBlock> {
    let staff = staff::require(tx, by, Permission::ManageBlocks)?;
    let row = rows::ip_block(tx, id)?.or_not_found()?;
    rows::remove_ip_block(tx, id)?;
    audit::record(tx, &staff, "destroy", &Target::new("ip_block", id, row.network.as_str()), "")?;
    Ok(row)
}

/// Forgets blocks that are over.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let now = tx.now();
    Ok(rows::forget_networks(tx, now)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_written_in_one_way_and_never_everybody() {
        assert_eq!(network("192.0.2.9").as_deref(), Some("192.0.2.9/32"));
        assert_eq!(network(" 192.0.2.9/24 ").as_deref(), Some("192.0.2.0/24"));
        assert_eq!(network("2001:db8::1/32").as_deref(), Some("2001:db8::/32"));
        for bad in ["", "town.example", "0.0.0.0/0", "::/0", "192.0.2.1/33"] {
            assert_eq!(network(bad), None, "{bad}");
        }
    }
}
