//! What the rows of a local actor look like: its addresses and its first keys. Who may have one is decided in `register`.

use parvis_model::account::ActorKind;
use parvis_model::ids::AccountId;
use parvis_store::accounts::{self, Account};

use super::key_pool::{self, Pairs};
use crate::Tx;
use crate::error::Result;
use crate::events::context_of;

/// A row for somebody called `username` in this town. The caller checked the name.
pub(super) fn row(tx: &Tx<'_>, username: &str, skeleton: String, kind: ActorKind) -> Result<Account> {
    let urls = &context_of(tx)?.urls;
    let part = |name| urls.actor_part(username, name);
    Ok(Account {
        id: AccountId(tx.new_id()),
        username: username.to_owned(),
        username_key: username.to_lowercase(),
        skeleton: Some(skeleton),
        host: String::new(),
        uri: urls.actor(username),
        url: urls.profile(username),
        kind: kind.as_str().to_owned(),
        display_name: String::new(),
        bio_html: String::new(),
        bio_source: String::new(),
        fields: "[]".to_owned(),
        avatar: None,
        header: None,
        is_locked: false,
        is_discoverable: true,
        inbox: part("inbox"),
        shared_inbox: Some(urls.shared_inbox()),
        outbox: part("outbox"),
        followers_uri: part("followers"),
        featured_uri: Some(part("collections/featured")),
        created_at: tx.now(),
        fetched_at: None,
        suspended_at: None,
        gone_at: None,
        last_status_at: None,
        version: 1,
        silenced_at: None,
        sensitized_at: None,
    })
}

/// Writes an actor with its keys: those from the pool, else `made`. `false` when there are neither; then nothing is written.
pub(super) fn insert(tx: &mut Tx<'_>, account: &Account, made: Option<&Pairs>) -> Result<bool> {
    let context = context_of(tx)?;
    let Some(pairs) = key_pool::take(tx, &context.secrets)?.or_else(|| made.cloned()) else {
        return Ok(false);
    };
    accounts::insert(tx, account)?;
    super::names::keep(tx, account)?;
    key_pool::give(tx, account.id, &account.uri, "rsa", &pairs.rsa)?;
    if let Some(pair) = &pairs.ed25519 {
        key_pool::give(tx, account.id, &account.uri, "ed25519", pair)?;
    }
    Ok(true)
}
