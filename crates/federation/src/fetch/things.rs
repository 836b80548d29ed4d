//! Actors and posts as activitypub_federation sees them: found in the database by id, or fetched from their origin, checked and kept.
//!
//! `ObjectId::<KnownActor>::dereference` is how everything here comes by an actor. Neighbours: [`super::reading`] (wire → domain), `domain::remote`
//! (what is kept). Deliberately not here: budgets and single flight ([`super::Federation`]).

use activitypub_federation::config::Data;
use activitypub_federation::fetch::object_id::ObjectId;
use activitypub_federation::traits::{Actor, Object};
use async_trait::async_trait;
use parvis_domain::remote::statuses::Wanted;
use parvis_domain::remote::{self, Outcome, RemoteNote};
use parvis_domain::rows::{Account, Status};
use parvis_domain::{Town, actors, keys};
use serde::{Deserialize, Deserializer};
use url::Url;

use super::Problem;
use super::reading;
use crate::objects;
use crate::signature::same_origin;
use crate::wire::{ActorDocument, Document, NoteDocument};

/// A document as it came: read once, members that come twice refused (threats S12).
#[derive(Debug, Clone)]
pub struct Wire(pub Document);

impl<'de> Deserialize<'de> for Wire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?;
        Document::parse(raw.get().as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

impl Wire {
    fn of(document: serde_json::Value) -> Result<Self, Problem> {
        Ok(Self(Document::parse(document.to_string().as_bytes())?))
    }
}

/// An actor that is in the database.
#[derive(Debug, Clone)]
pub struct KnownActor {
    id: Url,
    pem: String,
    /// The row.
    pub account: Account,
}

impl KnownActor {
    async fn of(account: Account, data: &Data<Town>) -> Result<Self, Problem> {
        let id = Url::parse(&account.uri).map_err(|_| Problem::Dropped("an id that is none"))?;
        let account_id = account.id;
        let keys = data.db().read(move |c| actors::keys_of(c, account_id)).await?;
        let pem = keys
            .iter()
            .find(|k| k.algorithm == "rsa")
            .map_or_else(String::new, |k| keys::public_pem(&k.public_der));
        Ok(Self { id, pem, account })
    }
}

#[async_trait]
impl Object for KnownActor {
    type DataType = Town;
    type Kind = Wire;
    type Error = Problem;

    fn id(&self) -> &Url {
        &self.id
    }

    async fn read_from_id(id: Url, data: &Data<Town>) -> Result<Option<Self>, Problem> {
        let found = data.db().read(move |c| actors::by_uri(c, id.as_str())).await?;
        match found {
            Some(account) => Ok(Some(Self::of(account, data).await?)),
            None => Ok(None),
        }
    }

    async fn delete(&self, data: &Data<Town>) -> Result<(), Problem> {
        let (id, uri) = (self.account.id, self.account.uri.clone());
        data.db().write(move |tx| remote::gone::delete(tx, id, &uri)).await?;
        Ok(())
    }

    fn is_deleted(&self) -> bool {
        self.account.gone_at.is_some()
    }

    async fn into_json(self, data: &Data<Town>) -> Result<Wire, Problem> {
        if !self.account.is_local() {
            return Err(Problem::Dropped("only our own actors are described by us"));
        }
        let urls = data.urls().clone();
        let account = self.account;
        let document = data
            .db()
            .read(move |c| {
                let keys = actors::keys_of(c, account.id)?;
                let view = actors::view(c, &account)?;
                let aliases = actors::aliases_of(c, account.id)?;
                Ok::<_, parvis_domain::Error>(objects::actor::document(&urls, &view, &keys, &aliases))
            })
            .await?;
        Wire::of(document)
    }

    async fn verify(json: &Wire, expected: &Url, data: &Data<Town>) -> Result<(), Problem> {
        let document = ActorDocument::read(&json.0, data.now())?;
        // The crate compares names only; ports are part of who somebody is (threats O1, S9).
        if same_origin(&document.id, expected) {
            Ok(())
        } else {
            Err(Problem::Dropped("an id of another server"))
        }
    }

    async fn from_json(json: Wire, data: &Data<Town>) -> Result<Self, Problem> {
        let actor = reading::actor(&ActorDocument::read(&json.0, data.now())?);
        let account = data
            .db()
            .write(move |tx| {
                let id = remote::accounts::upsert(tx, &actor)?;
                actors::by_id(tx, id)
            })
            .await?;
        Self::of(account.ok_or(Problem::Dropped("it went while it came"))?, data).await
    }
}

impl Actor for KnownActor {
    fn public_key_pem(&self) -> &str {
        &self.pem
    }

    fn private_key_pem(&self) -> Option<String> {
        // Private keys stay in `domain::secrets`; signing is `crate::signature`.
        None
    }

    #[expect(
        clippy::expect_used,
        reason = "the id was parsed before; an inbox that is none falls back on it"
    )]
    fn inbox(&self) -> Url {
        Url::parse(&self.account.inbox).unwrap_or_else(|_| self.id.join("inbox").expect("a path joins"))
    }

    fn shared_inbox(&self) -> Option<Url> {
        self.account.shared_inbox.as_deref().and_then(|inbox| Url::parse(inbox).ok())
    }
}

/// A post that is in the database.
#[derive(Debug, Clone)]
pub struct KnownNote {
    id: Url,
    /// The row.
    pub status: Status,
}

impl KnownNote {
    fn of(status: Status) -> Result<Self, Problem> {
        let id = Url::parse(&status.uri).map_err(|_| Problem::Dropped("an id that is none"))?;
        Ok(Self { id, status })
    }
}

#[async_trait]
impl Object for KnownNote {
    type DataType = Town;
    type Kind = Wire;
    type Error = Problem;

    fn id(&self) -> &Url {
        &self.id
    }

    async fn read_from_id(id: Url, data: &Data<Town>) -> Result<Option<Self>, Problem> {
        let found = data.db().read(move |c| actors::post_by_uri(c, id.as_str())).await?;
        found.map(Self::of).transpose()
    }

    async fn into_json(self, data: &Data<Town>) -> Result<Wire, Problem> {
        let urls = data.urls().clone();
        let status = self.status;
        let document = data
            .db()
            .read(move |c| {
                let view = actors::post_for(c, None, status.id)?;
                Ok::<_, parvis_domain::Error>(objects::note::document(&urls, &view))
            })
            .await?;
        Wire::of(document)
    }

    async fn verify(json: &Wire, expected: &Url, data: &Data<Town>) -> Result<(), Problem> {
        let document = NoteDocument::read(&json.0, data.now())?;
        let is_of_origin = same_origin(&document.id, expected) && same_origin(&document.id, &document.author);
        if is_of_origin { Ok(()) } else { Err(Problem::Dropped("an id of another server")) }
    }

    /// Keeps a post that we asked for, after its author.
    async fn from_json(json: Wire, data: &Data<Town>) -> Result<Self, Problem> {
        let document = NoteDocument::read(&json.0, data.now())?;
        let note = reading::note(&document).ok_or(Problem::Dropped("a vote"))?;
        Self::of(keep(note, &document.author, data).await?)
    }
}

/// Keeps a post that was asked for or proven, after its author.
pub(crate) async fn keep(note: RemoteNote, author: &Url, data: &Data<Town>) -> Result<Status, Problem> {
    ObjectId::<KnownActor>::from(author.clone()).dereference(data).await?;
    let (outcome, status) = data
        .db()
        .write(move |tx| {
            let outcome = remote::statuses::create(tx, &note, Wanted::Yes)?;
            let status = match outcome {
                Outcome::Kept(id) => actors::post(tx, id)?,
                Outcome::Dropped(_) => None,
            };
            Ok::<_, parvis_domain::Error>((outcome, status))
        })
        .await?;
    match (outcome, status) {
        (Outcome::Kept(_), Some(status)) => Ok(status),
        (Outcome::Dropped(why), _) => Err(Problem::Dropped(why)),
        (Outcome::Kept(_), None) => Err(Problem::Dropped("it went while it came")),
    }
}
