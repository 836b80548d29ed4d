//! Fetching the answers to a post that its own server lists (`replies`), so that threads are whole here too: the first two pages, within the budget of one
//! activity (threats F10), and as far as that is not enough those that the server of the conversation lists (`context`). Answers to answers come when somebody looks at those.
//!
//! What the collection has inside is a hint: each answer is read at its own origin (O4), and stands below the post only if it says so itself.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use parvis_domain::Town;
use url::Url;

use super::{Federation, Problem, Wire, note};
use crate::signature::same_origin;
use crate::wire::{CollectionDocument, Document, IdOrObject, NoteDocument, web_url};

/// Pages of a collection.
const PAGES: usize = 2;
/// Answers fetched at once.
const ANSWERS: usize = 15;

impl Federation {
    /// Fetches answers; returns how many are here now that are listed there.
    ///
    /// # Errors
    /// [`Problem`] when the post or its collection cannot be read.
    pub async fn fetch_answers(&self, uri: &str) -> Result<usize, Problem> {
        let data = self.data();
        let url =
            web_url(uri).filter(|url| !data.urls().is_ours(url)).ok_or(Problem::Dropped("no address"))?;
        let fetched = fetch_object_http::<Town, Wire>(&url, &data).await?;
        let post = NoteDocument::read(&fetched.object.0, data.now())?;
        if post.id != url {
            return Err(Problem::Dropped("another post than the one that was asked for"));
        }
        let mut answers = match fetched.object.0.members().thing("replies") {
            Some(replies) => listed(replies, &url, &data).await?,
            None => Vec::new(),
        };
        for other in conversation(&post, answers.len(), &data).await {
            if !answers.contains(&other) && other != url {
                answers.push(other);
            }
        }
        let mut here = 0;
        for answer in answers.iter().take(ANSWERS) {
            match note(answer, &data).await {
                Ok(_) => here += 1,
                Err(Problem::Budget) => break,
                Err(problem) => tracing::debug!(%answer, %problem, "an answer could not be fetched"),
            }
        }
        Ok(here)
    }
}

/// The rest of the conversation, as the server where it began lists it (FEP-7888), if there is room for more. Most `context`s are no collection: that is no error.
async fn conversation(post: &NoteDocument, known: usize, data: &Data<Town>) -> Vec<Url> {
    let address = post.context.as_deref().and_then(web_url);
    let Some(address) = address.filter(|url| known < ANSWERS && !data.urls().is_ours(url)) else {
        return Vec::new();
    };
    match listed(IdOrObject::Id(address.clone()), &address, data).await {
        Ok(found) => found,
        Err(problem) => {
            tracing::debug!(%address, %problem, "a conversation is not listed");
            Vec::new()
        }
    }
}

/// The addresses in a collection of answers, from its pages on one server.
async fn listed(replies: IdOrObject, post: &Url, data: &Data<Town>) -> Result<Vec<Url>, Problem> {
    let mut found: Vec<Url> = Vec::new();
    let mut next = Some(replies);
    // The collection itself, and its pages.
    for _ in 0..=PAGES {
        let Some(thing) = next.take() else { break };
        let page = CollectionDocument::read(&read(thing, post, data).await?)?;
        for item in page.items.iter().filter_map(IdOrObject::id) {
            if !data.urls().is_ours(&item) && item != *post && !found.contains(&item) {
                found.push(item);
            }
        }
        next = page.first.or_else(|| page.next.map(IdOrObject::Id));
    }
    Ok(found)
}

async fn read(thing: IdOrObject, post: &Url, data: &Data<Town>) -> Result<Document, Problem> {
    match thing {
        IdOrObject::Object(inside) => Ok(*inside),
        IdOrObject::Id(url) if same_origin(&url, post) => {
            Ok(fetch_object_http::<Town, Wire>(&url, data).await?.object.0)
        }
        IdOrObject::Id(_) => Err(Problem::Dropped("a collection on another server")),
    }
}
