//! Posts, boosts and pins of local accounts → Create, Update, Delete, Announce, Undo, Add, Remove, and who gets them.

use parvis_domain::outbox::Audience;
use parvis_domain::rows::{Account, Status};
use parvis_domain::views::{self, StatusView};
use parvis_domain::{Record, Result, Tx, actors, groups as standing, news};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;

use super::{groups, inbox_of, local, new_id, remote, say, send};
use crate::objects::activity::{self, Boost};
use crate::objects::note;

pub(super) fn published(tx: &mut Tx<'_>, id: StatusId, author: AccountId) -> Result<()> {
    let Some(account) = local(tx, author)? else { return Ok(()) };
    let Some(status) = news::status(tx, id)? else { return Ok(()) };
    if let Some(original) = status.boost_of_id {
        return boosted(tx, &account, &status, original);
    }
    let Some(view) = views::of_told(tx, id)? else { return Ok(()) };
    let create = activity::create(&account.uri, &status.uri, status.created_at, document(tx, &view)?);
    let audience = Audience {
        followers_of: followers(&account, view.visibility),
        as_of_object: None,
        explicit: named(tx, &view)?,
    };
    let said = say(tx, &account, Some(status.uri.clone()), create, audience)?;
    groups::created(tx, id, &said)
}

/// A post as others get it: where it stands in a group, for that group.
fn document(tx: &mut Tx<'_>, view: &StatusView) -> Result<serde_json::Value> {
    let urls = tx.context()?.urls.clone();
    let document = note::document(&urls, view);
    if !view.visibility.is_for_everybody() {
        return Ok(document);
    }
    Ok(match standing::of_post(tx, view.status.id)? {
        Some((group, _)) => note::in_group(document, &group.uri),
        None => document,
    })
}

pub(super) fn edited(tx: &mut Tx<'_>, id: StatusId, author: AccountId) -> Result<()> {
    let Some(account) = local(tx, author)? else { return Ok(()) };
    let Some(view) = actors::own_post(tx, author, id)? else { return Ok(()) };
    let said = changed(tx, &account, &view, Vec::new())?;
    groups::changed(tx, &view.status, &said)
}

/// Sends a post as it is now to everybody who has it, and to some more.
fn changed(
    tx: &mut Tx<'_>,
    account: &Account,
    view: &StatusView,
    more: Vec<(String, String)>,
) -> Result<String> {
    let now = tx.now();
    let update_id = format!("{}#updates/{}", view.status.uri, tx.new_id());
    let update = activity::update(&update_id, &account.uri, now, document(tx, view)?);
    let mut explicit = named(tx, view)?;
    explicit.extend(involved(tx, &view.status)?);
    explicit.extend(more);
    let audience = Audience {
        followers_of: followers(account, view.visibility),
        as_of_object: Some(view.status.uri.clone()),
        explicit,
    };
    say(tx, account, Some(view.status.uri.clone()), update, audience)
}

/// The present numbers of a poll: the same post with the same dates, so that nobody takes it for an edit.
pub(super) fn poll_counted(tx: &mut Tx<'_>, id: StatusId, author: AccountId) -> Result<()> {
    let Some(account) = local(tx, author)? else { return Ok(()) };
    let Some(view) = actors::own_post(tx, author, id)?.filter(|v| v.poll.is_some()) else { return Ok(()) };
    let voters: Vec<_> = actors::voters_elsewhere(tx, &view)?.iter().map(inbox_of).collect();
    changed(tx, &account, &view, voters).map(drop)
}

pub(super) fn deleted(tx: &mut Tx<'_>, id: StatusId, author: AccountId, uri: &str) -> Result<()> {
    let Some(account) = local(tx, author)? else { return Ok(()) };
    let Some(status) = actors::post(tx, id)? else { return Ok(()) };
    let visibility = Visibility::from_code(status.visibility);
    let named_uris = match actors::own_post(tx, author, id)? {
        Some(view) => view.mentions.iter().map(|m| m.uri.clone()).collect(),
        None => Vec::new(),
    };
    let to = note::addresses(visibility, &account.followers_uri, named_uris);
    let delete = activity::delete(&account.uri, uri, &to);
    let audience = Audience {
        followers_of: followers(&account, visibility),
        as_of_object: Some(uri.to_owned()),
        explicit: involved(tx, &status)?,
    };
    let said = say(tx, &account, Some(uri.to_owned()), delete, audience)?;
    groups::changed(tx, &status, &said)
}

fn boosted(tx: &mut Tx<'_>, account: &Account, boost: &Status, original: StatusId) -> Result<()> {
    let Some((announce, author)) = announce(tx, account, boost, original)? else { return Ok(()) };
    let audience = Audience {
        followers_of: Some(account.id),
        as_of_object: None,
        explicit: author.filter(|a| !a.is_local()).as_ref().map(inbox_of).into_iter().collect(),
    };
    send(tx, account, Some(boost.uri.clone()), announce, audience)
}

pub(super) fn unboosted(tx: &mut Tx<'_>, id: StatusId, author: AccountId, original: StatusId) -> Result<()> {
    let Some(account) = local(tx, author)? else { return Ok(()) };
    let Some(boost) = actors::post(tx, id)? else { return Ok(()) };
    let Some((announce, _)) = announce(tx, &account, &boost, original)? else { return Ok(()) };
    let undo_id = new_id(tx, &account, "undos")?;
    let undo = activity::about("Undo", &undo_id, &account.uri, announce);
    let audience = Audience {
        followers_of: Some(account.id),
        as_of_object: Some(boost.uri.clone()),
        explicit: Vec::new(),
    };
    send(tx, &account, Some(boost.uri), undo, audience)
}

/// The Announce of a boost, and the author of what is boosted.
fn announce(
    tx: &mut Tx<'_>,
    account: &Account,
    boost: &Status,
    original: StatusId,
) -> Result<Option<(serde_json::Value, Option<Account>)>> {
    let Some(original) = actors::post(tx, original)? else { return Ok(None) };
    let author = actors::by_id(tx, original.account_id)?;
    let announce = activity::announce(&Boost {
        uri: &boost.uri,
        actor: &account.uri,
        followers: &account.followers_uri,
        original: &original.uri,
        author: author.as_ref().map_or("", |a| a.uri.as_str()),
        visibility: Visibility::from_code(boost.visibility),
        published: boost.created_at,
    });
    Ok(Some((announce, author)))
}

pub(super) fn pinned(tx: &mut Tx<'_>, id: AccountId, status: StatusId, is_pinned: bool) -> Result<()> {
    let Some(account) = local(tx, id)? else { return Ok(()) };
    let (Some(target), Some(status)) = (account.featured_uri.clone(), actors::post(tx, status)?) else {
        return Ok(());
    };
    if !Visibility::from_code(status.visibility).is_for_everybody() {
        return Ok(());
    }
    let kind = if is_pinned { "Add" } else { "Remove" };
    let pin_id = new_id(tx, &account, "pins")?;
    let change = activity::collected(kind, &pin_id, &account.uri, &status.uri, &target);
    send(tx, &account, None, change, Audience { followers_of: Some(id), ..Audience::default() })
}

/// Whether an author's followers get a post: all but direct ones.
fn followers(account: &Account, visibility: Visibility) -> Option<AccountId> {
    (visibility != Visibility::Direct).then_some(account.id)
}

/// Those elsewhere who are mentioned in a post; of posts for everybody also who wrote what it answers.
fn named(tx: &mut Tx<'_>, view: &StatusView) -> Result<Vec<(String, String)>> {
    let mut ids: Vec<AccountId> =
        view.mentions.iter().filter(|m| !m.host.is_empty()).map(|m| m.account_id).collect();
    if view.visibility.is_for_everybody()
        && let Some(answered) = view.status.in_reply_to_account_id
        && remote(tx, answered)?.is_some()
    {
        ids.push(answered);
    }
    Ok(actors::by_ids(tx, &ids)?.iter().filter(|a| !a.is_local()).map(inbox_of).collect())
}

/// Those elsewhere who boosted or answered a post: their servers have it too.
fn involved(tx: &mut Tx<'_>, status: &Status) -> Result<Vec<(String, String)>> {
    Ok(actors::involved_in(tx, status)?.iter().filter(|a| !a.is_local()).map(inbox_of).collect())
}
