//! Followers synchronisation (FEP-8fcf): the header `Collection-Synchronization`, written on what is for followers only and read on what comes in, and the list
//! that is asked for when two digests differ. What follows from it is decided in `domain::follower_digests`.

use activitypub_federation::fetch::fetch_object_http;
use http::{HeaderMap, HeaderName, HeaderValue};
use parvis_domain::rows::Account;
use parvis_domain::{Town, follower_digests};
use parvis_model::ids::AccountId;
use url::Url;

use crate::fetch::{Federation, Problem, Wire};
use crate::signature::{Origin, same_origin};
use crate::wire::{CollectionDocument, PUBLIC, web_url};

pub(crate) const HEADER: HeaderName = HeaderName::from_static("collection-synchronization");
/// Bytes of a header that are read.
const LONGEST: usize = 6_000;
/// The list's path below an actor.
pub(crate) const PATH: &str = "/followers_synchronization";

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    collection: String,
    url: Url,
    digest: String,
}

fn read(text: &str) -> Option<Said> {
    let (mut collection, mut url, mut digest) = (None, None, None);
    for part in text.get(..text.len().min(LONGEST))?.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        let value = value.trim().trim_matches('"').to_owned();
        match name.trim() {
            "collectionId" => collection = Some(value),
            "url" => url = web_url(&value),
            "digest" => digest = Some(value),
            _ => {}
        }
    }
    let digest = digest.filter(|d| d.len() == 64 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some(Said { collection: collection?, url: url?, digest })
}

/// The server of an address, as ids on it begin.
pub(crate) fn server_of(url: &Url) -> Option<String> {
    Origin::of(url).map(|origin| format!("{}://{}/", url.scheme(), origin.authority()))
}

/// Compares what came with a delivery, and has the list asked for when it differs. Failing to is no reason to refuse what was delivered.
pub(crate) async fn heed(town: &Town, headers: &HeaderMap, sender: &Account) {
    let Some(said) = headers.get(HEADER).and_then(|v| read(v.to_str().ok()?)) else { return };
    let is_theirs = said.collection == sender.followers_uri
        && Url::parse(&sender.uri).is_ok_and(|actor| same_origin(&actor, &said.url));
    if !is_theirs {
        return;
    }
    let (whom, base) = (sender.id, town.urls().base().to_owned());
    let differs = town
        .db()
        .read(move |c| follower_digests::differs(c, whom, &base, &said.digest))
        .await
        .unwrap_or(false);
    if differs
        && let Err(error) =
            town.db().write(move |tx| follower_digests::ask(tx, whom, said.url.as_str())).await
    {
        tracing::debug!(%error, "the list of followers is not asked for");
    }
}

/// The header of a delivery that is for followers only; `None` of everything else.
pub(crate) async fn header(
    town: &Town,
    actor: AccountId,
    key: &Url,
    body: &str,
    inbox: &Url,
) -> Option<HeaderValue> {
    let mut uri = key.clone();
    uri.set_fragment(None);
    let followers = format!("{uri}/followers");
    if body.contains(PUBLIC) || !body.contains(&format!("\"{followers}\"")) {
        return None;
    }
    let server = server_of(inbox)?;
    let digest = town.db().read(move |c| follower_digests::digest_under(c, actor, &server)).await.ok()??;
    HeaderValue::from_str(&format!("collectionId=\"{followers}\", url=\"{uri}{PATH}\", digest=\"{digest}\""))
        .ok()
}

/// The list behind a header. `None` when it is in pieces: half a list ends no follows.
pub(crate) async fn list(federation: &Federation, url: &str) -> Result<Option<Vec<String>>, Problem> {
    let url = web_url(url).ok_or(Problem::Dropped("no address"))?;
    let fetched = fetch_object_http::<Town, Wire>(&url, &federation.data()).await?;
    let listed = CollectionDocument::read(&fetched.object.0)?;
    let is_whole =
        listed.first.is_none() && listed.next.is_none() && listed.items.len() < crate::wire::limits::ITEMS;
    Ok(is_whole.then(|| listed.items.iter().filter_map(|item| item.id()).map(|id| id.to_string()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fep_8fcf_the_header_is_read_as_others_write_it() {
        let digest = "0".repeat(64);
        let text = format!(
            "collectionId=\"https://a.example/users/bea/followers\", url=\"https://a.example/users/bea/followers_synchronization\", digest=\"{digest}\""
        );
        let said = read(&text).unwrap();
        assert_eq!(
            (said.collection.as_str(), said.digest),
            ("https://a.example/users/bea/followers", digest)
        );
        for bad in ["", "digest=\"12\"", "x", "collectionId=\"a\", url=\"javascript:1\", digest=\"00\""] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
