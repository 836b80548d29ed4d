//! Secure mode (`federation.secure_mode`; Mastodon's "authorized fetch"): documents are only for servers that sign their GETs, so that a blocked one
//! gets nothing and everybody leaves a name. What must be readable to learn whose signature that is stays open: WebFinger, host-meta, NodeInfo and
//! the town's own actor. Pages and the client API are other doors.

use axum::Router;
use axum::extract::{OriginalUri, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use parvis_domain::{actors, policy};
use parvis_model::urls::authority;
use url::Url;

use super::accept;
use crate::fetch::Federation;
use crate::inbox::{self, Answer};
use crate::signature;

/// The same routes; in secure mode behind a signature, and what is for one server always: so that a signer whom we do not know yet is fetched.
pub fn guarded(routes: Router, fetcher: &Federation) -> Router {
    routes.layer(from_fn_with_state(fetcher.clone(), check))
}

async fn check(State(fetcher): State<Federation>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_secure = fetcher.town().settings().federation.secure_mode;
    let is_open = !path.starts_with("/users/") || accept::wants_page(request.headers());
    if path.ends_with(crate::synchrony::PATH) || (is_secure && !is_open) {
        // A body is not sent across threads, so only what is needed goes along.
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let signed = request.extensions().get::<OriginalUri>().map_or(request.uri(), |original| &original.0);
        if let Err(refused) = signer(&fetcher, &method, &signed.clone(), headers).await {
            return refused.into_response();
        }
    }
    next.run(request).await
}

/// Whoever signed, if their key is the one that their own server shows.
async fn signer(
    fetcher: &Federation,
    method: &http::Method,
    uri: &http::Uri,
    headers: http::HeaderMap,
) -> Result<(), Answer> {
    let town = fetcher.town();
    let headers = inbox::with_host(headers, uri);
    let claim = signature::parse(&inbox::received(town, method, uri, &headers, &[]), town.now())
        .map_err(|error| Answer::Unsigned(error.to_string()))?;
    let unsigned = || Answer::Unsigned("the key has no address".to_owned());
    let key = Url::parse(claim.key_id()).map_err(|_| unsigned())?;
    let host = authority(&key).ok_or_else(unsigned)?;
    if town.urls().is_ours(&key) {
        return Err(Answer::Unsigned("nobody else speaks for us".to_owned()));
    }
    if town.db().read(move |c| policy::is_suspended(c, &host)).await? {
        return Err(Answer::Blocked);
    }
    let id = claim.key_id().to_owned();
    let known = town.db().read(move |c| actors::by_key(c, &id)).await?;
    let actor = match known.and_then(|(account, _)| Url::parse(&account.uri).ok()) {
        Some(actor) => actor,
        None => owner(key),
    };
    inbox::check(fetcher, &claim, &actor).await.map(|_| ())
}

/// Whose key this is by its address: it is a fragment of the actor's, or with GoToSocial a path below it. That the actor lists it is checked.
fn owner(mut key: Url) -> Url {
    key.set_fragment(None);
    if let Some(actor) = key.path().strip_suffix("/main-key").map(str::to_owned) {
        key.set_path(&actor);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_to_its_owner() {
        let of = |key: &str| owner(Url::parse(key).unwrap()).to_string();
        assert_eq!(of("https://a.example/users/ana#main-key"), "https://a.example/users/ana");
        assert_eq!(of("https://a.example/users/ana/main-key"), "https://a.example/users/ana");
        assert_eq!(of("https://a.example/actor#k2"), "https://a.example/actor");
    }
}
