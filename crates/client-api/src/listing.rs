//! The whole way of a route that answers with a page of a list: bounds in, one read, entities and `Link` header out. Handlers say what is
//! particular: how many, from where, by which ids the list is paged, and how an entry looks.

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::response::Response;
use http::Uri;
use parvis_domain::rows::Range;
use parvis_domain::views::{AccountView, StatusView};
use parvis_domain::{Conn, Town};
use parvis_model::ids::AccountId;
use parvis_model::urls::Urls;
use serde::Serialize;

use crate::body::Params;
use crate::entities::Account;
use crate::error::{ApiError, Result};
use crate::extract::Here;
use crate::page::{Links, range};

/// How many entries a page has when nothing is said, and at most; Mastodon's for each list.
pub type Limits = (i64, i64);

/// A request for a page of a list.
#[derive(Debug)]
pub struct Listing {
    town: Town,
    here: Uri,
    /// What else the request says.
    pub params: Params,
}

impl<S> FromRequest<S> for Listing
where
    S: Send + Sync,
    Town: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let Here(here) = Here::from_request_parts(&mut parts, state).await?;
        let params = Params::from_request(Request::from_parts(parts, body), state).await?;
        Ok(Self { town: Town::from_ref(state), here, params })
    }
}

impl Listing {
    /// The town whose list it is.
    #[must_use]
    pub const fn town(&self) -> &Town {
        &self.town
    }

    /// Any list: `id` tells by which ids it is paged, `show` how an entry looks.
    ///
    /// # Errors
    /// 422 for bounds that are no numbers; those of `read`.
    pub async fn page<R, T>(
        &self,
        (default, most): Limits,
        read: impl FnOnce(&mut Conn, Range) -> parvis_domain::Result<Vec<R>> + Send + 'static,
        id: impl Fn(&R) -> i64,
        show: impl Fn(&R, &Urls) -> T,
    ) -> Result<Response>
    where
        R: Send + 'static,
        T: Serialize,
    {
        let range = range(&self.params, default, most)?;
        let found = self.town.db().read_page(move |c| read(c, range)).await?;
        let ends = found.first().zip(found.last()).map(|(first, last)| (id(first), id(last)));
        let urls = self.town.urls();
        let shown: Vec<T> = found.iter().map(|row| show(row, urls)).collect();
        Ok(Links::new(urls, &self.here).page(&shown, ends))
    }

    /// Accounts in an order of their own: each comes with the id by which the list is paged.
    ///
    /// # Errors
    /// As [`Listing::page`].
    pub async fn accounts(
        &self,
        limits: Limits,
        read: impl FnOnce(&mut Conn, Range) -> parvis_domain::Result<Vec<(i64, AccountView)>> + Send + 'static,
    ) -> Result<Response> {
        self.page(limits, read, |row| row.0, |(_, account), urls| Account::of(account, urls)).await
    }

    /// Posts in an order of their own: each comes with the id by which the list is paged.
    ///
    /// # Errors
    /// As [`Listing::page`].
    pub async fn marked_posts(
        &self,
        limits: Limits,
        viewer: AccountId,
        read: impl FnOnce(&mut Conn, Range) -> parvis_domain::Result<Vec<(i64, StatusView)>> + Send + 'static,
    ) -> Result<Response> {
        self.written(limits, Some(viewer), read, |(id, post)| (*id, post)).await
    }

    /// Posts, newest first.
    ///
    /// # Errors
    /// As [`Listing::page`].
    pub async fn posts(
        &self,
        limits: Limits,
        viewer: Option<AccountId>,
        read: impl FnOnce(&mut Conn, Range) -> parvis_domain::Result<Vec<StatusView>> + Send + 'static,
    ) -> Result<Response> {
        self.written(limits, viewer, read, |post| (post.status.id.0, post)).await
    }

    async fn written<R: Send + 'static>(
        &self,
        (default, most): Limits,
        viewer: Option<AccountId>,
        read: impl FnOnce(&mut Conn, Range) -> parvis_domain::Result<Vec<R>> + Send + 'static,
        parts: impl Fn(&R) -> (i64, &StatusView),
    ) -> Result<Response> {
        let range = range(&self.params, default, most)?;
        let found = self.town.db().read_page(move |c| read(c, range)).await?;
        let ends = found.first().zip(found.last()).map(|(first, last)| (parts(first).0, parts(last).0));
        let posts = found.iter().map(|row| parts(row).1);
        Ok(Links::new(self.town.urls(), &self.here).posts(posts, viewer, ends))
    }
}
