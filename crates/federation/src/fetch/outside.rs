//! `domain::outside::Remote` for [`Federation`]: what use cases ask of other servers, in the words of the domain.
//!
//! Neighbours: everything else in `fetch` does the asking. Deliberately not here: what may be believed (`domain::remote`).

use std::sync::Arc;

use activitypub_federation::fetch::fetch_object_http;
use async_trait::async_trait;
use parvis_domain::outside::{Found, PushAnswer, PushRequest, Remote, Upload, WebPage};
use parvis_domain::quotes::Authorization;
use parvis_domain::rows::Account;
use parvis_domain::{Error, Town, accounts, actors, policy};
use parvis_model::handle::Address;
use parvis_model::ids::{AccountId, StatusId};
use url::Url;

use super::{Federation, Problem, Wire, again, files};
use crate::client::Accepted;
use crate::wire::{ActorDocument, web_url};

#[async_trait]
impl Remote for Federation {
    async fn account_by_address(&self, address: &Address) -> parvis_domain::Result<Option<AccountId>> {
        let Some(host) = address.host.clone().filter(|h| h != self.town().urls().domain()) else {
            return Ok(None);
        };
        let asked = host.clone();
        if self.town().db().read(move |c| policy::is_suspended(c, &asked)).await? {
            return Ok(None);
        }
        not_found_is_none(self.by_address(&address.username, &host).await)
    }

    async fn by_url(&self, url: &str) -> parvis_domain::Result<Option<Found>> {
        let Some(mut url) = web_url(url) else { return Ok(None) };
        url.set_fragment(None);
        let (text, urls) = (url.to_string(), self.town().urls().clone());
        let name = self.town().urls().username_of_actor(url.as_str()).map(str::to_owned);
        let is_ours = self.town().urls().is_ours(&url);
        let known = self
            .town()
            .db()
            .read(move |c| {
                if let Some(account) = actors::by_uri(c, &text)?.filter(Account::is_active) {
                    return Ok::<_, Error>(Some(Found::Account(account.id)));
                }
                if let Some(status) = actors::post_by_any_address(c, &urls, &text)? {
                    return Ok(Some(Found::Status(status.id)));
                }
                if let Some(name) = name {
                    return Ok(accounts::find::local(c, &name).ok().map(|a| Found::Account(a.id)));
                }
                Ok(actors::by_page(c, &text)?.filter(Account::is_active).map(|a| Found::Account(a.id)))
            })
            .await?;
        if known.is_some() || is_ours {
            return Ok(known);
        }
        not_found_is_none(self.whatever(&url).await.map_err(Arc::new))
    }

    async fn thread_above(&self, uri: &str) -> parvis_domain::Result<()> {
        match self.fetch_ancestors(uri).await {
            Ok(fetched) => {
                tracing::debug!(uri, fetched, "fetched what was answered");
                Ok(())
            }
            Err(problem) if problem.is_passing() => Err(problem.into_domain()),
            Err(problem) => {
                tracing::debug!(uri, %problem, "what was answered is not for us");
                Ok(())
            }
        }
    }

    async fn thread_below(&self, uri: &str) -> parvis_domain::Result<()> {
        match self.fetch_answers(uri).await {
            Ok(here) => tracing::debug!(uri, here, "fetched answers"),
            Err(problem) => tracing::debug!(uri, %problem, "the answers to a post could not be read"),
        }
        Ok(())
    }

    async fn past_of(&self, group_uri: &str) -> parvis_domain::Result<()> {
        match self.fetch_past(group_uri).await {
            Ok(here) => tracing::debug!(group_uri, here, "fetched what a group showed"),
            Err(Problem::Domain(Error::Internal(error))) => return Err(Error::Internal(error)),
            Err(problem) => tracing::debug!(group_uri, %problem, "the outbox of a group could not be read"),
        }
        Ok(())
    }

    fn is_thread_due(&self, post: StatusId) -> bool {
        let is_due = !self.0.threads.contains_key(&post);
        self.0.threads.insert(post, ());
        is_due
    }

    async fn featured_of(&self, account: AccountId) -> parvis_domain::Result<()> {
        match self.read_featured(account).await {
            Ok(listed) => tracing::debug!(account = account.0, listed, "read what somebody pins"),
            Err(problem) => tracing::debug!(account = account.0, %problem, "pins could not be read"),
        }
        Ok(())
    }

    async fn refresh_stale(&self) -> parvis_domain::Result<()> {
        self.refresh_some().await.map(|_| ())
    }

    async fn quote_authorization(&self, url: &str) -> parvis_domain::Result<Authorization> {
        let url = web_url(url).ok_or(Error::NotFound)?;
        self.authorization(&url).await.map_err(Problem::into_domain)
    }

    async fn page(&self, url: &str) -> parvis_domain::Result<WebPage> {
        let url = web_url(url).ok_or(Error::NotFound)?;
        let fetched = self
            .client()
            .get(&url, Accepted::Html)
            .await
            .map_err(|failure| Error::Remote(failure.to_string()))?;
        Ok(WebPage {
            url: fetched.final_url.into(),
            content_type: fetched.content_type,
            bytes: fetched.bytes.to_vec(),
        })
    }

    async fn aliases_of(&self, account_uri: &str) -> parvis_domain::Result<Vec<String>> {
        let url = web_url(account_uri).ok_or(Error::NotFound)?;
        let data = self.data();
        let reading = async {
            let fetched = fetch_object_http::<Town, Wire>(&url, &data).await?;
            let document = ActorDocument::read(&fetched.object.0, data.now())?;
            if document.id != url {
                return Err(Problem::Dropped("another actor"));
            }
            Ok(document.also_known_as.iter().map(Url::to_string).collect())
        };
        reading.await.map_err(Problem::into_domain)
    }

    async fn push(&self, message: PushRequest) -> parvis_domain::Result<PushAnswer> {
        Ok(self.client().push(message).await)
    }

    async fn service(&self, url: &Url, body: Option<String>) -> parvis_domain::Result<Vec<u8>> {
        self.client().ask_service(url, body).await.map_err(|failure| Error::Remote(failure.to_string()))
    }

    async fn followers_here(&self, url: &str) -> parvis_domain::Result<Option<Vec<String>>> {
        crate::synchrony::list(self, url).await.map_err(Problem::into_domain)
    }

    async fn poll_anew(&self, uri: &str) -> parvis_domain::Result<()> {
        again::poll(self, uri).await
    }

    async fn recording(&self, url: &str, limit: u64) -> parvis_domain::Result<Upload> {
        files::recording(self.client(), url, limit, self.town().settings().work_folder()).await
    }

    async fn picture(&self, url: &str, limit: usize) -> parvis_domain::Result<Vec<u8>> {
        files::picture(self.client(), url, limit).await
    }
}

fn not_found_is_none<T>(outcome: Result<Option<T>, Arc<Problem>>) -> parvis_domain::Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(found),
        Err(problem) => match &*problem {
            Problem::Domain(Error::Internal(inner)) => Err(Error::Internal(inner.clone())),
            other => {
                tracing::debug!(problem = %other, "nothing was found on another server");
                Ok(None)
            }
        },
    }
}
