//! Actors: people, groups, organisations and programs, as their servers describe them.
//!
//! The document must have been fetched from its own id (`client::fetch`); nothing here makes it true. Not here: WebFinger,
//! which decides what an actor is called.

use parvis_model::time::Moment;
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use super::limits::{ALIASES, FIELDS, KEYS, SITES};
use super::members::Members;
use super::parse::{Document, WireError};
use super::tag::{EmojiTag, Tags};
use crate::signature::{PublicKey, key_belongs_to, same_origin};

/// What kind of actor it is (ActivityStreams vocabulary §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A human being.
    Person,
    /// A debate, community or neighbourhood (FEP-1b12).
    Group,
    /// A department, club or company.
    Organization,
    /// A program that does something.
    Service,
    /// A server.
    Application,
}

const KINDS: [(&str, ActorKind); 5] = [
    ("Person", ActorKind::Person),
    ("Group", ActorKind::Group),
    ("Organization", ActorKind::Organization),
    ("Service", ActorKind::Service),
    ("Application", ActorKind::Application),
];

/// A key that the actor's document lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorKey {
    /// The key's id, by which signatures name it.
    pub id: Url,
    /// The key.
    pub key: PublicKey,
}

/// A row of the table on a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Left.
    pub name: String,
    /// Right, HTML.
    pub value: String,
}

/// An actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorDocument {
    /// Who it is.
    pub id: Url,
    /// What it is.
    pub kind: ActorKind,
    /// The handle's first part: `[A-Za-z0-9_.-]{1,64}` (threats O12).
    pub username: String,
    /// The name for people, plain text.
    pub name: Option<String>,
    /// What it says about itself, HTML.
    pub summary: Option<String>,
    /// The page for people, on the actor's own origin.
    pub url: Option<Url>,
    /// Where deliveries go: on the actor's own origin (threats F5).
    pub inbox: Url,
    /// Where deliveries for several go, on the same origin.
    pub shared_inbox: Option<Url>,
    /// What it published.
    pub outbox: Option<Url>,
    /// Who follows it.
    pub followers: Option<Url>,
    /// Whom it follows.
    pub following: Option<Url>,
    /// What it pinned.
    pub featured: Option<Url>,
    /// Who moderates a group (Lemmy's `attributedTo`).
    pub moderators: Option<Url>,
    /// The portrait.
    pub icon: Option<Url>,
    /// The banner.
    pub image: Option<Url>,
    /// The table on the profile.
    pub fields: Vec<Field>,
    /// Emoji in name and texts.
    pub emoji: Vec<EmojiTag>,
    /// All keys that are its own and that we can use.
    pub keys: Vec<ActorKey>,
    /// Other ids of the same somebody.
    pub also_known_as: Vec<Url>,
    /// Where it has moved.
    pub moved_to: Option<Url>,
    /// Whether it wants to be found; absent is no answer.
    pub discoverable: Option<bool>,
    /// Whether its posts may be searched; absent is no answer.
    pub indexable: Option<bool>,
    /// Sites that may name it as an author.
    pub attribution_domains: Vec<String>,
    /// Whether follow requests wait for an answer.
    pub manually_approves_followers: bool,
    /// Whether only moderators post in the group.
    pub posting_restricted_to_mods: bool,
    /// Whether its server suspended it.
    pub suspended: bool,
    /// Whether the account remembers somebody who died.
    pub memorial: bool,
    /// When it was made.
    pub published: Option<Moment>,
}

impl ActorDocument {
    /// Reads an actor.
    ///
    /// # Errors
    /// [`WireError`] when it is none, or lacks what nothing works without: id, name and inbox.
    pub fn read(document: &Document, now: Moment) -> Result<Self, WireError> {
        let members = document.members();
        let kind = members.kind(&KINDS).ok_or(WireError::Kind)?;
        let id = members.id().ok_or(WireError::Bad("id"))?;
        let own = |url: &Url| same_origin(url, &id);
        let username = members.text("preferredUsername").ok_or(WireError::Bad("preferredUsername"))?;
        let username: String = username.nfc().collect();
        if !is_username(&username) {
            return Err(WireError::Bad("preferredUsername"));
        }
        let inbox = members.url("inbox").filter(own).ok_or(WireError::Bad("inbox"))?;
        let shared = members.object("endpoints").and_then(|ends| ends.url("sharedInbox"));
        // Discourse has it beside the inbox.
        let shared_inbox = shared.or_else(|| members.url("sharedInbox")).filter(own);
        let collection = |name: &str| members.url(name).filter(own);
        Ok(Self {
            kind,
            username,
            inbox,
            shared_inbox,
            name: members.translated("name", "nameMap"),
            summary: members.translated("summary", "summaryMap"),
            url: members.page("url").filter(own),
            outbox: collection("outbox"),
            followers: collection("followers"),
            following: collection("following"),
            featured: collection("featured"),
            moderators: collection("attributedTo").filter(|_| kind == ActorKind::Group),
            icon: members.media("icon").map(|(url, _)| url),
            image: members.media("image").map(|(url, _)| url),
            fields: fields(members),
            emoji: Tags::read(members).emoji,
            keys: keys(members, &id),
            also_known_as: members.many("alsoKnownAs").urls().take(ALIASES).collect(),
            moved_to: members.url("movedTo"),
            discoverable: members.flag("discoverable"),
            indexable: members.flag("indexable"),
            attribution_domains: members.many("attributionDomains").texts().take(SITES).collect(),
            manually_approves_followers: members.flag("manuallyApprovesFollowers").unwrap_or_default(),
            posting_restricted_to_mods: members.flag("postingRestrictedToMods").unwrap_or_default(),
            suspended: members.flag("suspended").unwrap_or_default(),
            memorial: members.flag("memorial").unwrap_or_default(),
            published: members.past("published", now),
            id,
        })
    }

    /// The key of this id, if the actor lists it.
    #[must_use]
    pub fn key(&self, id: &Url) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.id == *id).map(|key| &key.key)
    }

    /// The inbox that serves most people at once.
    #[must_use]
    pub fn best_inbox(&self) -> &Url {
        self.shared_inbox.as_ref().unwrap_or(&self.inbox)
    }
}

/// Whether this can be the first part of a handle (threats O12).
#[must_use]
pub fn is_username(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

fn fields(members: Members<'_>) -> Vec<Field> {
    members
        .many("attachment")
        .objects()
        .filter(|row| row.is("PropertyValue"))
        .filter_map(|row| Some(Field { name: row.text("name")?, value: row.text("value")? }))
        .take(FIELDS)
        .collect()
}

/// The keys in `publicKey` (one or many) and in `assertionMethod` (FEP-521a). A key counts only when its id can be this
/// actor's and its owner, if it names one, is the actor (threats S7, S8).
fn keys(members: Members<'_>, actor: &Url) -> Vec<ActorKey> {
    let of = |object: Members<'_>, owner: &str, key: Option<PublicKey>| {
        let id = object.id().filter(|id| key_belongs_to(id.as_str(), actor))?;
        let named = object.many(owner).iter().next().is_some();
        let ours = !named || object.url(owner).as_ref() == Some(actor);
        key.filter(|_| ours).map(|key| ActorKey { id, key })
    };
    let classic = members.many("publicKey").objects().filter_map(|object| {
        of(object, "owner", object.text("publicKeyPem").and_then(|pem| PublicKey::from_pem(&pem).ok()))
    });
    let multikey = members.many("assertionMethod").objects().filter_map(|object| {
        let key = object.text("publicKeyMultibase").and_then(|text| PublicKey::from_multibase(&text).ok());
        of(object, "controller", key)
    });
    let mut keys: Vec<ActorKey> = Vec::new();
    for key in classic.chain(multikey).take(KEYS) {
        if !keys.iter().any(|known| known.id == key.id) {
            keys.push(key);
        }
    }
    keys
}
