//! Keeping actors of other servers: who may say what about whom, and what of it is stored.

use parvis_model::account::{
    ATTRIBUTION_DOMAINS_MAX, FIELDS_MAX, ProfileField, REMOTE_BIO_MAX, REMOTE_NAME_MAX,
};
use parvis_model::event::Event;
use parvis_model::handle::is_acceptable_remote;
use parvis_model::ids::{AccountId, KeyId};
use parvis_model::refusal::Refusal;
use parvis_model::status::believable;
use parvis_model::urls::{host_key, is_same_origin};
use parvis_store::Tx;
use parvis_store::accounts::{self as rows, Account};
use parvis_store::keys::{self, ActorKey};
use parvis_store::profiles::{self, Profile};
use url::Url;

use super::{RemoteActor, foreign, gone, host_of, on_origin, parts, picture};
use crate::accounts::names;
use crate::error::{Error, OrNotFound, Result};
use crate::events::{Record, urls_of};
use crate::{moves, policy};

/// Profile lines of a remote actor that are kept.
const LINES: usize = 4 * FIELDS_MAX;
/// Characters of all profile lines together, as JSON.
const LINES_LENGTH: usize = 18_000;
/// Keys of one actor that are kept.
const KEYS: usize = 8;

/// Keeps an actor, new or known, and returns our id of it.
///
/// # Errors
/// [`Error::Remote`] when the document cannot be believed: an id of ours (threats O6), a hostile name (O12), an inbox elsewhere (F5), a handle
/// that another actor has. [`Refusal::ServerBlocked`] (O14). [`Error::NotFound`] when the actor is gone.
pub fn upsert(tx: &mut Tx<'_>, actor: &RemoteActor) -> Result<AccountId> {
    let urls = urls_of(tx)?;
    let uri = foreign(&urls, &actor.uri)?;
    let own_host = host_of(&uri)?;
    if policy::is_suspended(tx, &own_host)? {
        return Err(Error::Refused(Refusal::ServerBlocked));
    }
    if !is_acceptable_remote(&actor.username) {
        return Err(Error::Remote("a username that cannot be kept".to_owned()));
    }
    let inbox = on_origin(&uri, Some(&actor.inbox))
        .ok_or_else(|| Error::Remote("an inbox on another server".to_owned()))?;
    if gone::is_gone(tx, uri.as_str(), uri.as_str())? {
        return Err(Error::NotFound);
    }
    let known = rows::by_uri(tx, uri.as_str())?;
    if known.as_ref().is_some_and(|a| a.gone_at.is_some()) {
        return Err(Error::NotFound);
    }
    // A handle that WebFinger confirmed stays where it is: see `settle_handle`.
    let host = known.as_ref().map_or_else(|| own_host.clone(), |k| k.host.clone());
    if policy::is_suspended(tx, &host)? {
        return Err(Error::Refused(Refusal::ServerBlocked));
    }
    let key = actor.username.to_ascii_lowercase();
    if rows::by_handle(tx, &key, &host)?.is_some_and(|a| a.uri != uri.as_str()) {
        return Err(Error::Remote("another actor has this handle".to_owned()));
    }
    let media_is_wanted = !policy::rejects_media(tx, &own_host)?;
    let row = filled(tx, actor, &uri, (key, host.clone(), inbox), known.as_ref(), media_is_wanted)?;
    let is_changed = known.as_ref().is_some_and(|k| shows_differently(k, &row));
    let mut row = row;
    match &known {
        Some(_) => {
            if is_changed {
                row.version += 1;
            }
            rows::save(tx, &row)?;
        }
        None => rows::insert(tx, &row)?,
    }
    let called = |a: &Account| (a.username.clone(), a.display_name.clone());
    if known.as_ref().map(called) != Some(called(&row)) {
        names::keep(tx, &row)?;
    }
    replace_keys(tx, &row, &uri, actor)?;
    keep_choices(tx, &row, actor)?;
    parts::keep_emojis(tx, &host, &actor.emojis)?;
    moves::theirs::heard(tx, row.id, actor.moved_to.as_deref())?;
    if is_changed {
        tx.record(Event::ProfileChanged { account: row.id })?;
    }
    super::pins::want(tx, &row, known.and_then(|k| k.fetched_at))?;
    Ok(row.id)
}

/// Puts an actor's handle on another host than its id's: WebFinger said so, both ways (threats O11). The door asked both hosts.
///
/// # Errors
/// [`Error::Remote`] when the host is none, or ours, or another actor has the handle there; [`Refusal::ServerBlocked`].
pub fn settle_handle(tx: &mut Tx<'_>, id: AccountId, host: &str) -> Result<()> {
    let mut row = rows::by_id(tx, id)?.filter(|a| !a.is_local()).or_not_found()?;
    let own = urls_of(tx)?.domain().to_owned();
    let host = host_key(host)
        .filter(|h| *h != own)
        .ok_or_else(|| Error::Remote("a handle on a host that cannot be".to_owned()))?;
    if row.host == host {
        return Ok(());
    }
    if policy::is_suspended(tx, &host)? {
        return Err(Error::Refused(Refusal::ServerBlocked));
    }
    if rows::by_handle(tx, &row.username_key, &host)?.is_some() {
        return Err(Error::Remote("another actor has this handle".to_owned()));
    }
    row.host = host;
    row.version += 1;
    Ok(rows::save(tx, &row)?)
}

/// Keeps which sites may name it as an author, and whether its posts may be found by their words; who chose neither has no row.
fn keep_choices(tx: &mut Tx<'_>, row: &Account, actor: &RemoteActor) -> Result<()> {
    let sites = actor.attribution_domains.iter().take(ATTRIBUTION_DOMAINS_MAX);
    let sites: Vec<String> = sites.filter_map(|site| host_key(site)).collect();
    let known = profiles::of_accounts(tx, &[row.id])?.pop();
    let new = Profile {
        attribution_domains: sites.join(" "),
        is_indexable: actor.is_indexable,
        ..Profile::usual(row)
    };
    let before = known.clone().unwrap_or_else(|| Profile::usual(row));
    if new != before {
        profiles::save(tx, &new)?;
    }
    if new.is_indexable != before.is_indexable {
        tx.record(Event::IndexingChosen { account: row.id })?;
    }
    Ok(())
}

/// The row as the document has it, on top of what is known.
fn filled(
    tx: &mut Tx<'_>,
    actor: &RemoteActor,
    uri: &Url,
    (username_key, host, inbox): (String, String, String),
    known: Option<&Account>,
    media_is_wanted: bool,
) -> Result<Account> {
    let now = tx.now();
    let part = |text: &Option<String>| on_origin(uri, text.as_ref());
    Ok(Account {
        id: known.map_or_else(|| AccountId(tx.new_id()), |k| k.id),
        username: actor.username.clone(),
        username_key,
        skeleton: None,
        host,
        uri: uri.to_string(),
        url: part(&actor.url).unwrap_or_else(|| uri.to_string()),
        kind: actor.kind.as_str().to_owned(),
        display_name: parvis_text::names::display_name(&actor.name, REMOTE_NAME_MAX),
        bio_html: parts::fitting_html(&actor.bio, REMOTE_BIO_MAX, 20_000),
        bio_source: String::new(),
        fields: lines(actor)?,
        avatar: picture(actor.avatar.as_ref()).filter(|_| media_is_wanted),
        header: picture(actor.header.as_ref()).filter(|_| media_is_wanted),
        is_locked: actor.is_locked,
        is_discoverable: actor.is_discoverable,
        inbox,
        shared_inbox: part(&actor.shared_inbox),
        outbox: part(&actor.outbox).unwrap_or_default(),
        followers_uri: part(&actor.followers).unwrap_or_default(),
        featured_uri: part(&actor.featured),
        created_at: known
            .map_or_else(|| actor.published.map_or(now, |p| believable(p, now)), |k| k.created_at),
        fetched_at: Some(now),
        suspended_at: known.and_then(|k| k.suspended_at),
        gone_at: None,
        last_status_at: known.and_then(|k| k.last_status_at),
        version: known.map_or(1, |k| k.version),
        silenced_at: known.and_then(|k| k.silenced_at),
        sensitized_at: known.and_then(|k| k.sensitized_at),
    })
}

fn lines(actor: &RemoteActor) -> Result<String> {
    let mut kept: Vec<ProfileField> = actor
        .fields
        .iter()
        .take(LINES)
        .map(|(name, value)| ProfileField {
            name: parvis_text::sanitise::one_line(&parvis_text::sanitise::plain_text(name), REMOTE_NAME_MAX),
            value: parts::fitting_html(value, 2_000, 4_000),
            value_source: None,
            verified_at: None,
        })
        .collect();
    loop {
        let json = serde_json::to_string(&kept).map_err(|e| Error::internal(e.to_string()))?;
        if json.chars().count() <= LINES_LENGTH || kept.pop().is_none() {
            return Ok(json);
        }
    }
}

fn shows_differently(before: &Account, after: &Account) -> bool {
    let shown = |a: &Account| {
        (
            (a.username.clone(), a.host.clone(), a.url.clone(), a.kind.clone(), a.display_name.clone()),
            (a.bio_html.clone(), a.fields.clone(), a.avatar.clone(), a.header.clone()),
            (a.is_locked, a.is_discoverable),
        )
    };
    shown(before) != shown(after)
}

/// The actor's keys, all of them, and no others. A key id of another origin, or one that another actor has, is not kept (threats S8).
fn replace_keys(tx: &mut Tx<'_>, account: &Account, uri: &Url, actor: &RemoteActor) -> Result<()> {
    keys::delete_of_account(tx, account.id)?;
    for key in actor.keys.iter().take(KEYS) {
        let is_of_origin = Url::parse(&key.uri).is_ok_and(|k| is_same_origin(&k, uri));
        if !is_of_origin || key.uri.len() > super::URL_MAX || keys::by_uri(tx, &key.uri)?.is_some() {
            continue;
        }
        let row = ActorKey {
            id: KeyId(tx.new_id()),
            account_id: account.id,
            uri: key.uri.clone(),
            algorithm: key.algorithm.clone(),
            public_der: key.public_der.clone(),
            private_sealed: None,
            created_at: tx.now(),
        };
        keys::insert(tx, &row)?;
    }
    Ok(())
}
