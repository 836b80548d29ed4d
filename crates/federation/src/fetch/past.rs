//! What a group elsewhere showed before somebody here followed it: the first page of its outbox, 20 posts at most, within the budget of one activity
//! (threats F10). As with what it passes on later, only addresses are taken from it; each post is read at its own origin (O4).

use activitypub_federation::config::Data;
use activitypub_federation::fetch::fetch_object_http;
use parvis_domain::remote::boosts::{self, RemoteBoost};
use parvis_domain::remote::past;
use parvis_domain::rows::Account;
use parvis_domain::{Error, Town};
use parvis_model::time::Moment;
use url::Url;

use super::{Federation, Problem, Wire, note};
use crate::signature::same_origin;
use crate::wire::{ActivityDocument, ActivityKind, CollectionDocument, Document, IdOrObject, web_url};

/// Posts that are fetched.
const POSTS: usize = 20;

/// A boost as the outbox has it.
struct Listed {
    id: Url,
    post: Url,
    is_public: bool,
    published: Option<Moment>,
}

impl Federation {
    /// Fetches what a group showed lately; returns how many of its posts are here now.
    ///
    /// # Errors
    /// [`Problem`] when its outbox cannot be read.
    pub async fn fetch_past(&self, uri: &str) -> Result<usize, Problem> {
        let data = self.data();
        let asked = uri.to_owned();
        let group = data.db().read(move |c| past::wanted(c, &asked)).await?;
        let Some(group) = group else { return Ok(0) };
        let mut here = 0;
        for boost in listed(&group, &data).await?.into_iter().take(POSTS) {
            let post = match note(&boost.post, &data).await {
                Ok(post) => post,
                Err(Problem::Budget) => break,
                Err(problem) => {
                    tracing::debug!(post = %boost.post, %problem, "a post of a group could not be fetched");
                    continue;
                }
            };
            let boost = RemoteBoost {
                uri: boost.id.to_string(),
                who: group.id,
                original: post.id,
                is_public: boost.is_public,
                published: boost.published,
            };
            match data.db().write(move |tx| boosts::pass_on(tx, &boost)).await {
                Ok(_) => here += 1,
                Err(Error::Internal(error)) => return Err(Problem::Domain(Error::Internal(error))),
                Err(error) => tracing::debug!(%error, "a post that a group cannot show here"),
            }
        }
        Ok(here)
    }
}

/// The boosts on the first page of a group's outbox, the last first.
async fn listed(group: &Account, data: &Data<Town>) -> Result<Vec<Listed>, Problem> {
    let bad = || Problem::Dropped("no outbox");
    let actor = web_url(&group.uri).ok_or_else(bad)?;
    let outbox = web_url(&group.outbox).filter(|url| same_origin(url, &actor)).ok_or_else(bad)?;
    let fetched = fetch_object_http::<Town, Wire>(&outbox, data).await?;
    let mut page = CollectionDocument::read(&fetched.object.0)?;
    if page.items.is_empty()
        && let Some(first) = page.first.take()
    {
        page = CollectionDocument::read(&read(first, &actor, data).await?)?;
    }
    Ok(page.items.iter().filter_map(|item| boost(item.object()?, &actor, data.now())).collect())
}

async fn read(first: IdOrObject, actor: &Url, data: &Data<Town>) -> Result<Document, Problem> {
    match first {
        IdOrObject::Object(inside) => Ok(*inside),
        IdOrObject::Id(url) if same_origin(&url, actor) => {
            Ok(fetch_object_http::<Town, Wire>(&url, data).await?.object.0)
        }
        IdOrObject::Id(_) => Err(Problem::Dropped("a page on another server")),
    }
}

/// An Announce of the group's: of a post, or of the Create of one (Lemmy).
fn boost(document: &Document, actor: &Url, now: Moment) -> Option<Listed> {
    let announce = ActivityDocument::read(document, now).ok()?;
    let is_its = announce.kind == Some(ActivityKind::Announce) && announce.actor == *actor;
    let id = announce.id.clone().filter(|id| is_its && same_origin(id, actor))?;
    let object = announce.object()?;
    let inner = object.object().and_then(|inside| ActivityDocument::read(inside, now).ok());
    let post = match inner.filter(|inner| inner.kind.is_some()) {
        Some(inner) if inner.kind == Some(ActivityKind::Create) => inner.object()?.id()?,
        Some(_) => return None,
        None => object.id()?,
    };
    Some(Listed { id, post, is_public: announce.audience.public_in_to, published: announce.published })
}
