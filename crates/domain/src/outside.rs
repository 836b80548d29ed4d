//! What use cases need of the world outside the database, as traits: other servers and mail. Implemented in `federation` and `mail`, handed over
//! by `server::wire`; tests hand over their own. Never called inside a transaction.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
pub use parvis_media::Upload;
use parvis_model::handle::Address;
use parvis_model::ids::{AccountId, StatusId};
use url::Url;

use crate::error::Result;

/// Other servers. Every request goes through the one guarded client (threats rule 0.2).
#[async_trait]
pub trait Remote: Send + Sync + fmt::Debug {
    /// Finds an account on another server by its address (WebFinger, then its actor document) and keeps it.
    async fn account_by_address(&self, address: &Address) -> Result<Option<AccountId>>;

    /// Finds whatever stands at a URL: an account or a post, fetched and kept.
    async fn by_url(&self, url: &str) -> Result<Option<Found>>;

    /// Fetches what a post answers, and what that answers, within a budget (threats F10). What is not for us is no error.
    async fn thread_above(&self, _uri: &str) -> Result<()> {
        Ok(())
    }

    /// Fetches the answers to a post that its own server knows of, within a budget. What is not for us is no error.
    async fn thread_below(&self, _uri: &str) -> Result<()> {
        Ok(())
    }

    /// Fetches what a group elsewhere showed lately, within a budget. What is not for us is no error.
    async fn past_of(&self, _group_uri: &str) -> Result<()> {
        Ok(())
    }

    /// Whether the answers to a post may be asked for (again); from now on they were.
    fn is_thread_due(&self, _post: StatusId) -> bool {
        false
    }

    /// Reads what an account of another server pins (`featured`), within a budget. What cannot be read is no error.
    async fn featured_of(&self, _account: AccountId) -> Result<()> {
        Ok(())
    }

    /// Reads some actor documents again that are old.
    async fn refresh_stale(&self) -> Result<()> {
        Ok(())
    }

    /// A page of the web, for its preview: text/html only, with the limits of a document (threats F3, F8, F9).
    async fn page(&self, _url: &str) -> Result<WebPage> {
        Err(crate::Error::NotFound)
    }

    /// The other ids that an account on another server names as its own (`alsoKnownAs`), read anew from there.
    async fn aliases_of(&self, _account_uri: &str) -> Result<Vec<String>> {
        Err(crate::Error::NotFound)
    }

    /// A QuoteAuthorization from the server of its author (FEP-044f).
    async fn quote_authorization(&self, _url: &str) -> Result<Authorization> {
        Err(crate::Error::NotFound)
    }

    /// Reads a post with a poll again, for its numbers. What is not there any more is no error.
    async fn poll_anew(&self, _uri: &str) -> Result<()> {
        Ok(())
    }

    /// Who here follows somebody elsewhere, as their server believes (FEP-8fcf): ids. `None` when it cannot be told.
    async fn followers_here(&self, _url: &str) -> Result<Option<Vec<String>>> {
        Ok(None)
    }

    /// The bytes of a remote picture, at most `limit` of them.
    async fn picture(&self, url: &str, limit: usize) -> Result<Vec<u8>>;

    /// A remote video or sound, at most `limit` bytes of it; it is not kept in memory.
    async fn recording(&self, _url: &str, _limit: u64) -> Result<Upload> {
        Err(crate::Error::NotFound)
    }

    /// Asks a service that the settings name (translation): with a body of JSON, or with none. The bytes of its JSON.
    async fn service(&self, _url: &Url, _body: Option<String>) -> Result<Vec<u8>> {
        Err(crate::Error::Remote("there is no way out".to_owned()))
    }

    /// Hands a message for a device to its push service.
    async fn push(&self, _message: PushRequest) -> Result<PushAnswer> {
        Ok(PushAnswer::Later(None))
    }
}

/// That an author allows a quote: what a QuoteAuthorization says, ours or somebody else's. Everything is an ActivityPub id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    pub id: String,
    /// The quoted author.
    pub author: String,
    /// The post that quotes.
    pub quoting: String,
    pub quoted: String,
    /// Whether the quoted post is for everybody.
    pub is_public: bool,
}

/// A page that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebPage {
    /// Where it came from in the end.
    pub url: String,
    /// The header, with its charset.
    pub content_type: Option<String>,
    pub bytes: Vec<u8>,
}

/// What a URL turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// An actor.
    Account(AccountId),
    /// A post.
    Status(StatusId),
}

/// A town without a way out: every look-up finds nothing. For commands that run beside a serving town, and for tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

#[async_trait]
impl Remote for Nowhere {
    async fn account_by_address(&self, _: &Address) -> Result<Option<AccountId>> {
        Ok(None)
    }

    async fn by_url(&self, _: &str) -> Result<Option<Found>> {
        Ok(None)
    }

    async fn picture(&self, _: &str, _: usize) -> Result<Vec<u8>> {
        Err(crate::Error::NotFound)
    }
}

/// A request to a push service (RFC 8030): an encrypted message for one device.
#[derive(Clone, Debug)]
pub struct PushRequest {
    /// Where.
    pub endpoint: Url,
    /// Its headers beside what HTTP needs; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The encrypted message.
    pub body: Bytes,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushAnswer {
    /// The push service has it.
    Delivered,
    /// It does not know the device any more.
    Gone,
    /// It does not take this message, or we do not call this address.
    Refused,
    /// Not now; after so many milliseconds at least, if it said so.
    Later(Option<i64>),
}

/// A letter to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// One address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// The way letters leave.
#[async_trait]
pub trait Mail: Send + Sync + fmt::Debug {
    /// Hands a letter to the mail server (or the development folder).
    async fn send(&self, letter: Letter) -> Result<()>;
}

/// The address that a request came from, as far as it can be trusted. Set by `server::http::client_ip`, read by the doors for their limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientIp(pub std::net::IpAddr);

/// The number of a request in the log, for error answers. Set by `server::http::request_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);
