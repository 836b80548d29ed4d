//! Reports that are forwarded → Flag, from the town's own actor: who wrote the report stays here.

use parvis_domain::moderation::reports;
use parvis_domain::outbox::Audience;
use parvis_domain::{Record, Result, Tx, actors};
use parvis_model::ids::ReportId;

use super::{inbox_of, send};
use crate::objects::activity;

pub(super) fn forwarded(tx: &mut Tx<'_>, id: ReportId) -> Result<()> {
    let Some(report) = reports::forwarded(tx, id)? else { return Ok(()) };
    let town = tx.context()?.urls.instance_actor();
    // Made at the first start of the town.
    let Some(town) = actors::by_uri(tx, &town)? else { return Ok(()) };
    let objects: Vec<&str> =
        std::iter::once(&report.target.uri).chain(&report.posts).map(String::as_str).collect();
    let flag = activity::flag(&report.uri, &town.uri, &report.target.uri, &objects, &report.comment);
    let explicit = vec![inbox_of(&report.target)];
    send(tx, &town, None, flag, Audience { explicit, ..Audience::default() })
}
