//! People of other servers, as a door would have fetched them. Tests change what matters to them.

use parvis_model::account::ActorKind;

use crate::remote::RemoteActor;

/// `name@host`, of whom nothing is known but what must be.
#[must_use]
pub fn somebody(host: &str, name: &str) -> RemoteActor {
    somebody_at(&format!("https://{host}/users/{name}"), name)
}

/// The actor with this id.
#[must_use]
pub fn somebody_at(uri: &str, name: &str) -> RemoteActor {
    RemoteActor {
        uri: uri.to_owned(),
        url: None,
        kind: ActorKind::Person,
        username: name.to_owned(),
        name: name.to_owned(),
        bio: String::new(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        is_locked: false,
        is_discoverable: true,
        is_indexable: false,
        attribution_domains: Vec::new(),
        inbox: format!("{uri}/inbox"),
        shared_inbox: None,
        outbox: None,
        followers: None,
        featured: None,
        emojis: Vec::new(),
        keys: Vec::new(),
        moved_to: None,
        aliases: Vec::new(),
        published: None,
    }
}
