//! What the first link of a post leads to, as a card: title, description, a picture that we made anew. One card per address, shared by all posts
//! with that link; fetched once by a job, some time after the post, so that a post seen on many servers is no stampede (threats F11).
//!
//! Only posts for everybody, without pictures, have cards: a link that was sent to few is nobody else's business. The page is read by
//! `parvis_text::page`; nothing of its markup is kept (X2), its picture is decoded and encoded in the confined process (M5) and served by us.

use parvis_model::event::Event;
use parvis_model::handle::Address;
use parvis_model::ids::{AccountId, CardId, StatusId};
use parvis_model::preview_card::{
    DESCRIPTION_MAX, FRESH_FOR, JITTER, NAME_MAX, PICTURES_FOR, TITLE_MAX, URL_MAX, WAITING_MAX,
};
use parvis_model::status;
use parvis_model::time::{DAY, Moment};
use parvis_model::urls::authority;
use parvis_model::visibility::Visibility;
use parvis_store::preview_cards::{self as rows, PreviewCard};
use parvis_store::statuses::Status;
use parvis_store::{Conn, Tx, jobs, media as pictures};
use parvis_text::first_link::first_link;
use parvis_text::page::{self, Page};
use parvis_text::sanitise::one_line;
use url::Url;

use crate::access::{self, Viewer};
use crate::error::{Error, Result};
use crate::events::urls_of;
use crate::news;
use crate::outside::WebPage;
use crate::statuses::compose::known_accounts;
use crate::town::Town;
use crate::views::{self, CardView};
use crate::{leftovers, media, policy, quotes};

/// The job that looks at a link: `[card]`.
pub const FETCH: &str = "preview_cards.fetch";
/// Bytes of a picture that we fetch for a card.
const PICTURE_MAX: usize = 8 * 1024 * 1024;
/// Cards that are thrown away in one transaction.
const BATCH: i64 = 200;

/// Finds the link of a post that came or changed, and leaves looking at it to the job. A listener of `server::wire`.
///
/// # Errors
/// Internal.
pub fn on_event(tx: &mut Tx<'_>, event: &Event) -> Result<()> {
    match event {
        Event::StatusPublished { id, .. } | Event::StatusEdited { id, .. } => settle(tx, *id),
        _ => Ok(()),
    }
}

fn settle(tx: &mut Tx<'_>, id: StatusId) -> Result<()> {
    let Some(status) = news::status(tx, id)? else { return Ok(()) };
    let before = if news::just_written(tx, id).is_some() { None } else { rows::of_status(tx, id)? };
    let Some(url) = link_of(tx, &status)? else {
        if before.is_some() {
            rows::detach(tx, id)?;
        }
        return Ok(());
    };
    if before.as_ref().is_some_and(|card| card.url == url) {
        return Ok(());
    }
    if before.is_some() {
        rows::detach(tx, id)?;
    }
    let Some(card) = card_of(tx, url)? else { return Ok(()) };
    rows::attach(tx, id, card.id)?;
    let now = tx.now();
    if is_due(&card, now) {
        let wait = if status.is_local { 0 } else { tx.random().below(JITTER.unsigned_abs()) };
        let (payload, key) = (format!("[{}]", card.id), format!("{FETCH}/{}", card.id));
        jobs::enqueue(tx, FETCH, &payload, Some(&key), now.plus(i64::try_from(wait).unwrap_or(JITTER)))?;
        tx.notify("jobs", 0);
    }
    Ok(())
}

/// The card of an address, made if it is new and not too many wait already.
fn card_of(tx: &mut Tx<'_>, url: String) -> Result<Option<PreviewCard>> {
    if let Some(card) = rows::by_url(tx, &url)? {
        return Ok(Some(card));
    }
    if rows::count_waiting(tx, WAITING_MAX)? >= WAITING_MAX {
        return Ok(None);
    }
    let new = empty(CardId(tx.new_id()), url.clone(), tx.now());
    rows::insert(tx, &new)?;
    Ok(rows::by_url(tx, &url)?)
}

fn empty(id: CardId, url: String, now: Moment) -> PreviewCard {
    PreviewCard {
        id,
        url,
        title: String::new(),
        description: String::new(),
        author_name: String::new(),
        author_url: String::new(),
        provider_name: String::new(),
        provider_url: String::new(),
        language: None,
        image_key: None,
        image_description: String::new(),
        width: 0,
        height: 0,
        blurhash: None,
        published_at: None,
        fetched_at: None,
        created_at: now,
        author_account_id: None,
    }
}

fn is_due(card: &PreviewCard, now: Moment) -> bool {
    card.fetched_at.is_none_or(|at| at < now.minus(FRESH_FOR))
}

/// The link whose card a post shows; `None` when it shows none.
fn link_of(tx: &mut Tx<'_>, status: &Status) -> Result<Option<String>> {
    let is_open = Visibility::from_code(status.visibility).is_for_everybody();
    if !is_open || status.boost_of_id.is_some() || !status.html.contains("<a ") {
        return Ok(None);
    }
    let mentions = news::mentions(tx, status.id)?;
    let people: Vec<&str> = mentions.iter().flat_map(|m| [m.uri.as_str(), m.url.as_str()]).collect();
    let Some(mut url) = first_link(&status.html, &people) else { return Ok(None) };
    url.set_fragment(None);
    // The quoted post shows itself.
    let is_quoted = quotes::of_quoting(tx, status.id)?.is_some_and(|quote| quote.quoted_uri == url.as_str());
    if is_quoted || !is_foreign(tx, &url)? || !pictures::of_statuses(tx, &[status.id])?.is_empty() {
        return Ok(None);
    }
    Ok(Some(url.into()).filter(|text: &String| text.len() <= URL_MAX))
}

/// Whether an address is one of the web elsewhere, by name, of a server that the town talks to (threats F1, O14).
fn is_foreign(tx: &mut Tx<'_>, url: &Url) -> Result<bool> {
    let is_named = matches!(url.host(), Some(url::Host::Domain(_)));
    let is_plain = url.username().is_empty() && url.password().is_none();
    Ok(is_named && is_plain && !urls_of(tx)?.is_ours(url) && !is_barred(tx, url)?)
}

fn is_barred(c: &mut Conn, url: &Url) -> Result<bool> {
    policy::is_suspended(c, &authority(url).unwrap_or_default())
}

/// Looks at a link, once. A page that does not answer, is no page, or says nothing leaves an empty card, which is not shown.
///
/// # Errors
/// Internal.
pub async fn fetch(town: &Town, id: CardId) -> Result<()> {
    let found = town.db().read(move |c| Ok::<_, Error>(rows::by_id(c, id)?)).await?;
    let Some(card) = found.filter(|card| is_due(card, town.now())) else { return Ok(()) };
    let old_picture: Vec<String> = card.image_key.iter().cloned().collect();
    // What does not answer today may have answered before: then that stays.
    let seen = looked_at(town, &card).await?.unwrap_or(card);
    let replaced: Vec<String> =
        old_picture.into_iter().filter(|old| Some(old) != seen.image_key.as_ref()).collect();
    let files = replaced.clone();
    town.db()
        .write(move |tx| {
            let fetched_at = Some(tx.now());
            rows::save(tx, &PreviewCard { fetched_at, ..seen.clone() })?;
            leftovers::delete(tx, &files)
        })
        .await?;
    media::discard(town, replaced).await;
    Ok(())
}

/// What the page says now; `None` when it does not answer.
async fn looked_at(town: &Town, card: &PreviewCard) -> Result<Option<PreviewCard>> {
    let blank = empty(card.id, card.url.clone(), card.created_at);
    let Ok(link) = Url::parse(&card.url) else { return Ok(None) };
    if town.db().read(move |c| is_barred(c, &link)).await? {
        return Ok(Some(blank));
    }
    let fetched = match town.remote().page(&card.url).await {
        Ok(fetched) => fetched,
        Err(error @ Error::Internal(_)) => return Err(error),
        Err(error) => {
            tracing::debug!(%error, "a link has no preview");
            return Ok(None);
        }
    };
    let Some((url, page)) = read(fetched).await? else { return Ok(None) };
    let mut made = filled(blank, &url, &page);
    made.author_account_id = author(town, &page.creator).await?;
    if !made.title.is_empty()
        && let Some(picture) = page.picture
    {
        hang(town, &mut made, picture, &page.picture_description).await?;
    }
    Ok(Some(made))
}

/// Parsing half a megabyte takes a while: on a thread for that.
async fn read(fetched: WebPage) -> Result<Option<(Url, Page)>> {
    let Ok(url) = Url::parse(&fetched.url) else { return Ok(None) };
    let base = url.clone();
    let reading = tokio::task::spawn_blocking(move || {
        page::read(&fetched.bytes, fetched.content_type.as_deref(), &base)
    });
    Ok(Some((url, reading.await.map_err(|e| Error::internal(e.to_string()))?)))
}

fn filled(blank: PreviewCard, url: &Url, page: &Page) -> PreviewCard {
    let host = authority(url).unwrap_or_default();
    let site = one_line(&page.site, NAME_MAX);
    let fits = |url: &Url| url.as_str().len() <= URL_MAX;
    PreviewCard {
        title: one_line(&page.title, TITLE_MAX),
        description: one_line(&page.description, DESCRIPTION_MAX),
        author_name: one_line(&page.author, NAME_MAX),
        author_url: page.author_url.as_ref().filter(|u| fits(u)).map(Url::to_string).unwrap_or_default(),
        provider_name: if site.is_empty() { one_line(&host, NAME_MAX) } else { site },
        provider_url: format!("{}://{host}/", url.scheme()),
        language: status::language_tag(&page.language),
        published_at: Moment::parse_rfc3339(&page.published),
        ..blank
    }
}

/// The account that a page names as its author, looked up where it is not known. Whether it agrees is asked when the card is shown (`views::cards`).
async fn author(town: &Town, creator: &str) -> Result<Option<AccountId>> {
    let Some(address) = Address::parse(creator, town.urls().domain()) else { return Ok(None) };
    let wanted = (address.username.clone(), address.host.clone().unwrap_or_default());
    let known = town.db().read(move |c| known_accounts(c, &[wanted])).await?.pop();
    if known.is_some() || address.host.is_none() {
        return Ok(known.map(|account| account.id));
    }
    match town.remote().account_by_address(&address).await {
        Err(error @ Error::Internal(_)) => Err(error),
        found => Ok(found.unwrap_or_default()),
    }
}

/// Fetches the picture, makes it anew and puts it on the card. Without one the card is as good.
async fn hang(town: &Town, card: &mut PreviewCard, url: Url, description: &str) -> Result<()> {
    let host = url.clone();
    if town.db().read(move |c| is_barred(c, &host)).await? {
        return Ok(());
    }
    let bytes = match town.remote().picture(url.as_str(), PICTURE_MAX).await {
        Ok(bytes) => bytes,
        Err(error @ Error::Internal(_)) => return Err(error),
        Err(_) => return Ok(()),
    };
    let Ok(kept) = media::keep_card(town, card.id, bytes.into()).await else { return Ok(()) };
    card.image_key = Some(kept.key);
    card.blurhash = Some(kept.blurhash).filter(|hash| hash.len() <= 200);
    (card.width, card.height) = (kept.width, kept.height);
    card.image_description = one_line(description, status::DESCRIPTION_MAX);
    Ok(())
}

/// The card of a post that the viewer may see, if it has one.
///
/// # Errors
/// [`Error::NotFound`] when the post is not there for the viewer.
pub fn of_status(c: &mut Conn, viewer: Viewer, id: StatusId) -> Result<Option<CardView>> {
    let found = access::status(c, viewer, id)?;
    let card =
        rows::of_status(c, found.boost_of_id.unwrap_or(found.id))?.filter(|card| !card.title.is_empty());
    Ok(views::of_cards(c, card.map(|card| ((), card)).into_iter().collect())?.pop().map(|(_, card)| card))
}

/// Throws away cards that no post has any more, and pictures of links that nobody posted for long.
///
/// # Errors
/// Internal.
pub async fn clean(town: &Town) -> Result<()> {
    // The rows first: a file without a row is waste, a row without a file is a broken picture.
    for forget in [unused, old_pictures] {
        while let Some(files) = town.db().write(forget).await? {
            media::discard(town, files).await;
        }
    }
    Ok(())
}

/// Files of cards that went; `None` when none did.
fn unused(tx: &mut Tx<'_>) -> Result<Option<Vec<String>>> {
    let before = tx.now().minus(DAY);
    let gone = rows::unused(tx, before, BATCH)?;
    let ids: Vec<CardId> = gone.iter().map(|card| card.id).collect();
    rows::delete(tx, &ids)?;
    let files: Vec<String> = gone.into_iter().filter_map(|card| card.image_key).collect();
    leftovers::delete(tx, &files)?;
    Ok((!ids.is_empty()).then_some(files))
}

fn old_pictures(tx: &mut Tx<'_>) -> Result<Option<Vec<String>>> {
    let before = tx.now().minus(PICTURES_FOR);
    let gone = rows::old_pictures(tx, before, BATCH)?;
    let ids: Vec<CardId> = gone.iter().map(|(id, _)| *id).collect();
    rows::forget_pictures(tx, &ids)?;
    let files: Vec<String> = gone.into_iter().filter_map(|(_, key)| key).collect();
    leftovers::delete(tx, &files)?;
    Ok((!ids.is_empty()).then_some(files))
}

#[cfg(test)]
mod tests;
