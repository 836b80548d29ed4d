//! Flag: another server, or somebody on it, reports an account of this town. Mastodon names the account and its posts, Lemmy only the post, with the
//! reason in `summary`. What counts is decided in `domain::moderation::reports`.

use parvis_domain::moderation::reports::{self, Flag};
use parvis_domain::rows::Account;
use parvis_domain::{Result, Tx};

use super::Incoming;

pub(super) fn apply(tx: &mut Tx<'_>, incoming: &Incoming, sender: &Account) -> Result<()> {
    let objects = incoming.activity.objects.iter().filter_map(|o| o.id().map(|id| id.to_string())).collect();
    let content = incoming.activity.content.as_deref().filter(|c| !c.is_empty());
    let comment = content.or(incoming.activity.summary.as_deref()).unwrap_or_default();
    reports::receive(tx, sender, &Flag { uri: incoming.id.as_str(), objects, comment })?;
    Ok(())
}
