//! What one server gets next, with everything needed to send it.

use std::collections::{HashMap, HashSet};

use parvis_model::ids::{AccountId, OutboxId};
use parvis_model::time::Moment;
use parvis_model::urls::authority;
use parvis_store::outbox::{self as rows, ForHost};
use parvis_store::peers::Peer;
use parvis_store::{Conn, keys, peers};
use url::Url;

use crate::error::Result;
use crate::policy;
use crate::secrets::Secrets;

/// Numbers looked at in one batch, so that a server that was away for long costs no more at a time than another.
const WINDOW: i64 = 5_000;

/// Inboxes of one server that one activity goes to, when that server has none for everybody.
const MOST_INBOXES: usize = 1_000;

/// One activity for one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToDeliver {
    /// Its place in the order.
    pub seq: i64,
    pub id: OutboxId,
    /// The activity's id.
    pub uri: String,
    /// Who signs.
    pub actor: AccountId,
    /// See [`super::Outgoing::object_uri`].
    pub object_uri: Option<String>,
    /// The exact bytes, but for the proof that delivery adds to what is for everybody.
    pub body: String,
    /// When it was written.
    pub created_at: Moment,
    /// Where on that server; none when whoever followed is gone.
    pub inboxes: Vec<String>,
    /// It brings its object into being.
    pub is_begin: bool,
    /// Delete or Undo.
    pub is_end: bool,
    /// A later row ends the object, so this one need not be sent any more.
    pub is_outdated: bool,
    /// Inboxes were named, beside or instead of followers.
    pub is_explicit: bool,
}

/// What a server gets next.
#[derive(Clone, Debug)]
pub struct Batch {
    /// How the server fares.
    pub peer: Peer,
    /// In order; empty when nothing up to `through` is for it.
    pub rows: Vec<ToDeliver>,
    /// The cursor after these rows.
    pub through: i64,
    /// The highest number there is.
    pub head: i64,
}

/// The servers that rows after `after` up to `through` go to and that may be tried now. One statement.
///
/// # Errors
/// Internal.
pub fn hosts_between(c: &mut Conn, after: i64, through: i64) -> Result<Vec<String>> {
    let now = c.now();
    Ok(rows::hosts_between(c, after, through, now)?)
}

/// The next rows for a server, at most `limit`; one only when it failed last time, so that little is repeated until it shows that it is back.
/// Nothing for a blocked server: its rows are passed over. `None` for an unknown server.
///
/// # Errors
/// Internal.
pub fn batch_for(c: &mut Conn, host: &str, limit: i64) -> Result<Option<Batch>> {
    let Some(peer) = peers::by_host(c, host)? else { return Ok(None) };
    let head = rows::highest_seq(c)?;
    let limit = if peer.failures > 0 { 1 } else { limit };
    if policy::is_suspended(c, host)? {
        return Ok(Some(Batch { peer, rows: Vec::new(), through: head, head }));
    }
    let end = peer.cursor_seq.saturating_add(WINDOW).min(head);
    let found = rows::for_host(c, host, peer.cursor_seq, end, limit)?;
    let is_full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= limit;
    let through = found.last().filter(|_| is_full).map_or(end, |r| r.seq);
    let mut inboxes = inboxes_of(c, host, &peer, &found)?;
    let endings: HashMap<String, i64> = {
        let objects: Vec<String> = found.iter().filter_map(|r| r.object_uri.clone()).collect();
        rows::endings_of(c, &objects)?.into_iter().collect()
    };
    let rows = found
        .into_iter()
        .map(|row| {
            let is_end = matches!(row.kind.as_str(), "Delete" | "Undo");
            let end = row.object_uri.as_ref().and_then(|o| endings.get(o));
            ToDeliver {
                inboxes: inboxes.remove(&row.id).unwrap_or_default(),
                is_begin: !is_end && row.as_of.is_none() && row.kind != "Update",
                is_end,
                is_outdated: !is_end && end.is_some_and(|seq| *seq > row.seq),
                is_explicit: row.is_explicit,
                seq: row.seq,
                id: row.id,
                uri: row.uri,
                actor: row.actor_id,
                object_uri: row.object_uri,
                body: row.body,
                created_at: row.created_at,
            }
        })
        .collect();
    Ok(Some(Batch { peer, rows, through, head }))
}

/// Where on a server each row goes: the inboxes of present followers, those named, and for what ends or changes something old the inbox for
/// everybody, where that something went. Inboxes on blocked servers are left out.
fn inboxes_of(
    c: &mut Conn,
    host: &str,
    peer: &Peer,
    found: &[ForHost],
) -> Result<HashMap<OutboxId, Vec<String>>> {
    let authors: HashSet<AccountId> =
        found.iter().filter(|r| r.is_followed).filter_map(|r| r.followers_of).collect();
    let mut of_author: HashMap<AccountId, Vec<String>> = HashMap::new();
    if !authors.is_empty() {
        for (author, inbox) in peers::inboxes_on(c, &authors.into_iter().collect::<Vec<_>>(), host)? {
            let list = of_author.entry(author).or_default();
            if !inbox.is_empty() && list.len() < MOST_INBOXES {
                list.push(inbox);
            }
        }
    }
    let ids: Vec<OutboxId> = found.iter().filter(|r| r.is_explicit).map(|r| r.id).collect();
    let mut named: HashMap<OutboxId, Vec<String>> = HashMap::new();
    for (id, inbox) in rows::inboxes_on_host(c, host, &ids)? {
        named.entry(id).or_default().push(inbox);
    }
    let mut out = HashMap::new();
    for row in found {
        let mut list: Vec<String> = named.remove(&row.id).unwrap_or_default();
        if row.is_followed {
            let followers = row.followers_of.and_then(|a| of_author.get(&a));
            list.extend(followers.into_iter().flatten().cloned());
            if list.is_empty() && row.as_of.is_some() {
                list.extend(peer.shared_inbox.clone());
            }
        }
        list.sort_unstable();
        list.dedup();
        list.truncate(MOST_INBOXES);
        out.insert(row.id, list);
    }
    without_blocked(c, host, &mut out)?;
    Ok(out)
}

/// An account's inbox may be on another host than its handle; that one may be blocked too.
fn without_blocked(c: &mut Conn, host: &str, inboxes: &mut HashMap<OutboxId, Vec<String>>) -> Result<()> {
    let host_of = |inbox: &str| Url::parse(inbox).ok().and_then(|url| authority(&url));
    let elsewhere: HashSet<String> =
        inboxes.values().flatten().filter_map(|i| host_of(i)).filter(|h| h != host).collect();
    if elsewhere.is_empty() {
        return Ok(());
    }
    let (suspended, _) = policy::barred(c, &elsewhere)?;
    for list in inboxes.values_mut() {
        list.retain(|inbox| host_of(inbox).is_some_and(|h| !suspended.contains(&h)));
    }
    Ok(())
}

/// A private key as the database has it.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// The key's id, `…#main-key`.
    pub uri: String,
    sealed: Vec<u8>,
}

impl SigningKey {
    /// The private key, PKCS#8 in DER. For a signature and nothing else.
    ///
    /// # Errors
    /// Internal: the secret file does not belong to this database.
    pub fn open(&self, secrets: &Secrets) -> Result<Vec<u8>> {
        secrets.open(&format!("key {}", self.uri), &self.sealed)
    }
}

/// The key that an account signs with: its oldest RSA key, which everybody can check. `None` when it has none (it is not from here).
///
/// # Errors
/// Internal.
pub fn signing_key(c: &mut Conn, actor: AccountId) -> Result<Option<SigningKey>> {
    let mut all = keys::of_account(c, actor)?;
    all.sort_by_key(|k| k.algorithm != "rsa");
    Ok(all.into_iter().find_map(|k| Some(SigningKey { uri: k.uri, sealed: k.private_sealed? })))
}

/// The Ed25519 key with which an account proves what it says (FEP-8b32). `None` when it has none (yet).
///
/// # Errors
/// Internal.
pub fn proof_key(c: &mut Conn, actor: AccountId) -> Result<Option<SigningKey>> {
    let all = keys::of_account(c, actor)?.into_iter().filter(|k| k.algorithm == "ed25519");
    Ok(all.into_iter().find_map(|k| Some(SigningKey { uri: k.uri, sealed: k.private_sealed? })))
}
