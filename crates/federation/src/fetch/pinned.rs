//! Reading what somebody pins (`featured`) at first contact and when their document is read again, since many servers never send an `Add`: the first
//! page, within the budget of one activity (threats F10).
//!
//! The collection is on the actor's own server, so posts of the actor that stand in it are believed as they are (snac2 lists whole `Create`s); everything
//! else is read at its origin (O4). What may stand there is decided in `domain::remote::pins`.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use parvis_domain::remote::pins;
use parvis_domain::{Town, actors};
use parvis_model::ids::AccountId;
use parvis_model::status::REMOTE_PINS_MAX;
use url::Url;

use super::{Federation, Problem, Wire, keep, note, reading};
use crate::signature::same_origin;
use crate::wire::{CollectionDocument, Document, IdOrObject, NoteDocument, web_url};

impl Federation {
    /// Reads the collection and pins what it lists; returns how many posts it lists.
    ///
    /// # Errors
    /// [`Problem`] when the collection cannot be read; then the pins stay as they are.
    pub async fn read_featured(&self, account: AccountId) -> Result<usize, Problem> {
        let data = self.data();
        let Some(owner) = data.db().read(move |c| actors::by_id(c, account)).await? else { return Ok(0) };
        let Some(text) = owner.featured_uri.clone().filter(|_| !owner.is_local() && owner.is_active()) else {
            return Ok(0);
        };
        let (Some(address), Some(actor)) = (web_url(&text), web_url(&owner.uri)) else { return Ok(0) };
        let mut listed = Vec::new();
        for item in items(&address, &data).await?.into_iter().take(REMOTE_PINS_MAX) {
            match post(item, &actor, &data).await {
                Ok(Some(uri)) => listed.push(uri),
                Ok(None) => {}
                // What was read so far is no reason to take the others off.
                Err(Problem::Budget) => return Err(Problem::Budget),
                Err(problem) => tracing::debug!(%address, %problem, "a pinned post could not be read"),
            }
        }
        let found = listed.len();
        data.db().write(move |tx| pins::replace(tx, account, &text, &listed)).await?;
        Ok(found)
    }
}

/// What stands in the collection, or on its first page.
async fn items(address: &Url, data: &Data<Town>) -> Result<Vec<IdOrObject>, Problem> {
    let whole = CollectionDocument::read(&document(address, data).await?)?;
    if !whole.items.is_empty() {
        return Ok(whole.items);
    }
    match whole.first {
        Some(IdOrObject::Object(page)) => Ok(CollectionDocument::read(&page)?.items),
        Some(IdOrObject::Id(page)) if same_origin(&page, address) => {
            Ok(CollectionDocument::read(&document(&page, data).await?)?.items)
        }
        Some(IdOrObject::Id(_)) => Err(Problem::Dropped("a page on another server")),
        None => Ok(Vec::new()),
    }
}

async fn document(url: &Url, data: &Data<Town>) -> Result<Document, Problem> {
    Ok(fetch_object_http::<Town, Wire>(url, data).await?.object.0)
}

/// Comes by one post of the collection; its id. Hashtags and the like are none.
async fn post(item: IdOrObject, actor: &Url, data: &Data<Town>) -> Result<Option<String>, Problem> {
    let inside = match item {
        IdOrObject::Id(id) => return Ok(Some(note(&id, data).await?.uri)),
        IdOrObject::Object(inside) => *inside,
    };
    let inside = match inside.members().thing("object").filter(|_| inside.members().is("Create")) {
        Some(IdOrObject::Object(created)) => *created,
        Some(IdOrObject::Id(id)) => return Ok(Some(note(&id, data).await?.uri)),
        None => inside,
    };
    let Ok(read) = NoteDocument::read(&inside, data.now()) else { return Ok(None) };
    if read.author != *actor || !same_origin(&read.id, actor) {
        return Ok(Some(note(&read.id, data).await?.uri));
    }
    match reading::note(&read) {
        Some(theirs) => Ok(Some(keep(theirs, actor, data).await?.uri)),
        None => Ok(None),
    }
}
