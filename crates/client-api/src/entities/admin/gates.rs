//! Blocks and allows: of servers, mail, networks.

use parvis_domain::barriers::{CanonicalEmailBlock, EmailDomainBlock, IpBlock};
use parvis_domain::rows::{DomainAllow, DomainBlock};
use parvis_model::time::Moment;
use serde_json::{Value, json};

use crate::entities::domain_block::digest;

/// Admin::DomainBlock.
#[must_use]
pub fn domain_block(row: &DomainBlock) -> Value {
    json!({
        "id": row.id.to_string(),
        "domain": row.host,
        "digest": digest(&row.host),
        "created_at": row.created_at.to_rfc3339(),
        "severity": row.severity,
        "reject_media": row.reject_media,
        "reject_reports": row.reject_reports,
        "private_comment": text(&row.private_comment),
        "public_comment": text(&row.public_comment),
        "obfuscate": row.obfuscate,
    })
}

fn text(comment: &str) -> Option<&str> {
    Some(comment).filter(|c| !c.is_empty())
}

/// Admin::DomainAllow.
#[must_use]
pub fn domain_allow(row: &DomainAllow) -> Value {
    json!({ "id": row.id.to_string(), "domain": row.host, "created_at": row.created_at.to_rfc3339() })
}

/// Admin::EmailDomainBlock. Attempts are not counted, so the history is empty.
#[must_use]
pub fn email_domain_block(row: &EmailDomainBlock) -> Value {
    json!({
        "id": row.id.to_string(),
        "domain": row.domain,
        "created_at": row.created_at.to_rfc3339(),
        "history": [],
        "allow_with_approval": row.allow_with_approval,
    })
}

/// Admin::CanonicalEmailBlock.
#[must_use]
pub fn canonical_email_block(row: &CanonicalEmailBlock) -> Value {
    json!({ "id": row.id.to_string(), "canonical_email_hash": row.hash })
}

/// Admin::IpBlock.
#[must_use]
pub fn ip_block(row: &IpBlock) -> Value {
    json!({
        "id": row.id.to_string(),
        "ip": row.network,
        "severity": row.severity,
        "comment": row.comment,
        "created_at": row.created_at.to_rfc3339(),
        "expires_at": row.expires_at.map(Moment::to_rfc3339),
    })
}
