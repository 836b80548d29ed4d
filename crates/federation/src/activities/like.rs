//! Like: somebody elsewhere favourites a post that is here. Likes of posts that we do not have are nobody's business here. A reaction with an emoji (Misskey's
//! Like with content, Pleroma's EmojiReact) is a favourite with that emoji.

use parvis_domain::remote::{gone, reactions};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx};

use super::{Incoming, post};
use crate::fetch::reading;

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    let Some(object) = incoming.object_id() else { return Ok(()) };
    let Some(status) = post(tx, &object)? else { return Ok(()) };
    if gone::is_gone(tx, &sender.uri, incoming.id.as_str())? {
        return Ok(());
    }
    reactions::react(tx, sender.id, status, &reading::reaction(&incoming.activity, Some(&incoming.id)))?;
    Ok(())
}
