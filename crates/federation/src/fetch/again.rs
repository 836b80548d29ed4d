//! Reading a post again from its origin: for the numbers of its poll, and when a group says that it changed.

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use activitypub_federation::traits::Object;
use parvis_domain::remote::{RemoteNote, statuses};
use parvis_domain::{Town, actors};
use url::Url;

use super::{Federation, KnownNote, Problem, Wire, reading};
use crate::wire::{NoteDocument, web_url};

/// Reads the post again if it is there. Only what may go away by itself is an error.
pub(super) async fn poll(federation: &Federation, uri: &str) -> parvis_domain::Result<()> {
    let Some(url) = web_url(uri) else { return Ok(()) };
    match federation.read_again(&url).await {
        Ok(()) => Ok(()),
        Err(problem) if problem.is_passing() => Err(problem.into_domain()),
        Err(problem) => {
            tracing::debug!(%url, %problem, "a post could not be read again");
            Ok(())
        }
    }
}

/// A post as its origin has it now; `None` for a vote.
pub(crate) async fn read_anew(url: &Url, data: &Data<Town>) -> Result<Option<RemoteNote>, Problem> {
    let fetched = fetch_object_http::<Town, Wire>(url, data).await?;
    KnownNote::verify(&fetched.object, url, data).await?;
    let document = NoteDocument::read(&fetched.object.0, data.now())?;
    if document.id != *url {
        return Err(Problem::Dropped("another post than the one that was asked for"));
    }
    Ok(reading::note(&document))
}

impl Federation {
    /// Reads a post that is here once more, as an Update of its author would tell it.
    async fn read_again(&self, url: &Url) -> Result<(), Problem> {
        let data = self.data();
        let note = read_anew(url, &data).await?.ok_or(Problem::Dropped("a vote"))?;
        self.town()
            .db()
            .write(move |tx| {
                // What is gone meanwhile must not come back this way.
                match actors::post_by_uri(tx, &note.uri)? {
                    Some(_) => statuses::update(tx, &note).map(|_| ()),
                    None => Ok(()),
                }
            })
            .await?;
        Ok(())
    }
}
