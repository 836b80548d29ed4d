//! Who asks. A GET may be signed; a signature that holds makes its signer the viewer, one that does not makes nobody: then there is only what is
//! for everybody. The keys of those who may see more are known here, so nothing is fetched to answer a GET.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use parvis_domain::access::Viewer;
use parvis_domain::{Conn, Result, Town, actors, policy};
use url::Url;

use super::accept;
use super::answer::{Answer, failed};
use crate::signature::{self, Claim, Origin, PublicKey, Received, key_belongs_to};

/// A request for a document.
#[derive(Debug)]
pub(super) struct Asking {
    /// What it says of its signer; not believed yet.
    claim: Option<Claim>,
    /// It comes from a browser.
    pub(super) wants_page: bool,
}

impl FromRequestParts<Town> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, town: &Town) -> std::result::Result<Self, Infallible> {
        // The address that was signed, before `negotiate` led the request here.
        let signed = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let wants_page = accept::wants_page(&parts.headers);
        if !parts.headers.contains_key("signature") {
            return Ok(Self { claim: None, wants_page });
        }
        let headers = crate::inbox::with_host(parts.headers.clone(), signed);
        let scheme = town.settings().origin();
        let received = Received {
            method: &parts.method,
            path_and_query: signed.path_and_query().map_or("/", |path| path.as_str()),
            headers: &headers,
            body: &[],
            authority: town.urls().domain(),
            scheme: scheme.scheme(),
        };
        let claim = signature::parse(&received, town.now())
            .inspect_err(|error| tracing::debug!(%error, "a GET without a usable signature"))
            .ok();
        Ok(Self { claim, wants_page })
    }
}

impl Asking {
    /// Finds out who asks and makes the answer, in one snapshot of the database.
    pub(super) async fn answer(
        self,
        town: &Town,
        make: impl FnOnce(&mut Conn, Viewer) -> Result<Answer> + Send + 'static,
    ) -> Response {
        let made = town.db().read(move |c| match signer(c, self.claim.as_ref())? {
            Signer::Barred => Ok(Answer::Barred),
            Signer::Nobody => make(c, None),
            Signer::Known(viewer) => make(c, viewer),
        });
        match made.await {
            Ok(answer) => answer.into_response(),
            Err(error) => failed(&error),
        }
    }
}

/// Who signed.
enum Signer {
    Nobody,
    Known(Viewer),
    Barred,
}

fn signer(c: &mut Conn, claim: Option<&Claim>) -> Result<Signer> {
    let Some(claim) = claim else { return Ok(Signer::Nobody) };
    // Who only says that they are of a blocked server is believed that much.
    let host = Url::parse(claim.key_id()).ok().as_ref().and_then(Origin::of).map(|origin| origin.authority());
    let Some(host) = host else { return Ok(Signer::Nobody) };
    if policy::is_suspended(c, &host)? {
        return Ok(Signer::Barred);
    }
    let Some((account, key)) = actors::by_key(c, claim.key_id())? else { return Ok(Signer::Nobody) };
    if account.is_local() || account.gone_at.is_some() {
        return Ok(Signer::Nobody);
    }
    if account.suspended_at.is_some() || policy::is_suspended(c, &account.host)? {
        return Ok(Signer::Barred);
    }
    let is_theirs = Url::parse(&account.uri).is_ok_and(|actor| key_belongs_to(&key.uri, &actor));
    let has_signed = PublicKey::from_spki_der(&key.public_der).is_ok_and(|key| claim.check(&key).is_ok());
    Ok(if is_theirs && has_signed { Signer::Known(Some(account.id)) } else { Signer::Nobody })
}
