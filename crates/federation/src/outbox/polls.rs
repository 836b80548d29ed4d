//! Votes of local accounts in polls elsewhere → one Create per option, to the author's server and to nobody else.

use parvis_domain::outbox::Audience;
use parvis_domain::{Result, Tx, actors, polls};
use parvis_model::ids::{AccountId, PollId, StatusId};

use super::{local, new_id, remote, send};
use crate::objects::activity;

pub(super) fn voted(tx: &mut Tx<'_>, poll: PollId, status: StatusId, by: AccountId) -> Result<()> {
    let Some(voter) = local(tx, by)? else { return Ok(()) };
    let Some(status) = actors::post(tx, status)? else { return Ok(()) };
    let Some(author) = remote(tx, status.account_id)? else { return Ok(()) };
    for option in polls::vote::titles_chosen(tx, poll, by)? {
        let id = new_id(tx, &voter, "votes")?;
        let vote = activity::vote(&id, &voter.uri, &author.uri, &status.uri, &option);
        let explicit = vec![(author.host.clone(), author.inbox.clone())];
        send(tx, &voter, None, vote, Audience { explicit, ..Audience::default() })?;
    }
    Ok(())
}
