//! Posts and the activities that published them. A boost has no document of its own, only its Announce.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use parvis_domain::access::Viewer;
use parvis_domain::rows::Account;
use parvis_domain::views::StatusView;
use parvis_domain::{Conn, Error, Result, Town, actors, groups};
use parvis_model::ids::StatusId;
use parvis_model::urls::Urls;
use serde_json::Value;

use super::answer::{Answer, to_page};
use super::asking::Asking;
use super::owner::Owner;
use crate::objects::activity::{self, Boost, create};
use crate::objects::note as notes;
use crate::proofs;

/// The group in which a post stands, and where.
type InGroup = (Account, groups::GroupPost);

/// The two parts of a post's address.
pub(super) struct Place {
    owner: Owner,
    id: StatusId,
}

impl Place {
    /// `None` for an address that no post of ours has.
    pub(super) fn read(name: &str, id: &str) -> Option<Self> {
        let number: StatusId = id.parse().ok()?;
        // One post, one address: no leading zeros.
        (number.to_string() == id).then_some(Self { owner: Owner::named(name)?, id: number })
    }

    /// The post behind the address as far as this viewer may see it, else what to answer.
    pub(super) fn find(
        &self,
        c: &mut Conn,
        urls: &Urls,
        viewer: Viewer,
    ) -> Result<std::result::Result<StatusView, Answer>> {
        let account = match self.owner.active(c, urls)? {
            Ok(account) => account,
            Err(answer) => return Ok(Err(answer)),
        };
        match actors::post(c, self.id)? {
            Some(post) if post.account_id == account.id => {}
            Some(_) => return Ok(Err(Answer::NotFound)),
            None => return Ok(Err(self.buried(c, urls, &account)?)),
        }
        match actors::post_for(c, viewer, self.id) {
            Ok(view) => Ok(Ok(view)),
            Err(Error::NotFound) => Ok(Err(Answer::NotFound)),
            Err(error) => Err(error),
        }
    }

    fn buried(&self, c: &mut Conn, urls: &Urls, account: &Account) -> Result<Answer> {
        let uri = urls.status(&account.username, self.id);
        Ok(match actors::deleted_at(c, &uri)? {
            Some(at) => Answer::Gone(uri, Some(at)),
            None => Answer::NotFound,
        })
    }
}

/// `GET /users/{name}/statuses/{id}`.
pub(super) async fn note(
    State(town): State<Town>,
    Path((name, id)): Path<(String, String)>,
    asking: Asking,
) -> Response {
    answered(&town, &name, &id, asking, |urls, view, place| {
        let document = view.boost_of.is_none().then(|| notes::document(urls, view))?;
        Some(match place {
            Some((group, _)) => notes::in_group(document, &group.uri),
            None => document,
        })
    })
    .await
}

/// `GET /users/{name}/statuses/{id}/activity`: the Create of a post, the Announce of a boost.
pub(super) async fn activity(
    State(town): State<Town>,
    Path((name, id)): Path<(String, String)>,
    asking: Asking,
) -> Response {
    answered(&town, &name, &id, asking, |urls, view, place| match place {
        None => Some(said(urls, view)),
        Some((group, place)) if groups::begins_thread(place) => {
            let document = notes::in_group(notes::document(urls, view), &group.uri);
            let status = &view.status;
            Some(create(&view.author.account.uri, &status.uri, status.created_at, document))
        }
        // Programs that do not know groups would take the group's Announce of this Create for a boost of an answer.
        Some(_) => None,
    })
    .await
}

async fn answered(
    town: &Town,
    name: &str,
    id: &str,
    asking: Asking,
    render: impl FnOnce(&Urls, &StatusView, Option<&InGroup>) -> Option<Value> + Send + 'static,
) -> Response {
    let Some(place) = Place::read(name, id) else { return Answer::NotFound.into_response() };
    if asking.wants_page {
        return to_page(&town.urls().status_page(&name.to_ascii_lowercase(), place.id));
    }
    let (urls, secrets) = (town.urls().clone(), town.secrets().clone());
    asking
        .answer(town, move |c, viewer| {
            let view = match place.find(c, &urls, viewer)? {
                Ok(view) => view,
                Err(answer) => return Ok(answer),
            };
            let place = match view.visibility.is_for_everybody() && view.boost_of.is_none() {
                true => groups::of_post(c, view.status.id)?,
                false => None,
            };
            Ok(match render(&urls, &view, place.as_ref()) {
                Some(document) if view.visibility.is_for_everybody() => {
                    let now = c.now();
                    match proofs::signer(c, &secrets, view.author.account.id)? {
                        Some(signer) => Answer::Proven(proofs::proven(document, &signer, now)),
                        None => Answer::Public(document),
                    }
                }
                Some(document) => Answer::Private(document),
                None => Answer::NotFound,
            })
        })
        .await
}

/// The activity that published a post or is a boost.
pub(super) fn said(urls: &Urls, view: &StatusView) -> Value {
    let (author, status) = (&view.author.account, &view.status);
    match &view.boost_of {
        None => activity::create(&author.uri, &status.uri, status.created_at, notes::document(urls, view)),
        Some(original) => activity::announce(&Boost {
            uri: &status.uri,
            actor: &author.uri,
            followers: &author.followers_uri,
            original: &original.status.uri,
            author: &original.author.account.uri,
            visibility: view.visibility,
            published: status.created_at,
        }),
    }
}
