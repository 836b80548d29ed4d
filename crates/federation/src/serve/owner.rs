//! Whose documents are asked for: the town's own or a local account's, and whether there are any.

use parvis_domain::accounts::find;
use parvis_domain::rows::Account;
use parvis_domain::{Conn, Result, actors};
use parvis_model::handle::Username;
use parvis_model::urls::Urls;

use super::answer::Answer;

/// An owner as an address names it.
#[derive(Debug, Clone)]
pub(super) enum Owner {
    /// The instance actor.
    Town,
    /// A person, a department, a group.
    Person(Username),
}

impl Owner {
    /// The one named in `/users/{name}`, in any case; `None` when nobody can be called that.
    pub(super) fn named(name: &str) -> Option<Self> {
        Username::parse(name).ok().map(Self::Person)
    }

    /// The account. `None`: there is none, or its owner is not let in yet.
    pub(super) fn find(&self, c: &mut Conn, urls: &Urls) -> Result<Option<Account>> {
        match self {
            Self::Town => actors::by_uri(c, &urls.instance_actor()),
            Self::Person(name) => match find::local(c, name.as_str()) {
                // The instance actor has one address only.
                Ok(account) => Ok(Some(account).filter(|a| a.uri == urls.actor(&a.username))),
                Err(parvis_domain::Error::NotFound) => Ok(None),
                Err(error) => Err(error),
            },
        }
    }

    /// The account if it is active, else what to answer.
    pub(super) fn active(&self, c: &mut Conn, urls: &Urls) -> Result<std::result::Result<Account, Answer>> {
        Ok(match self.find(c, urls)? {
            None => Err(Answer::NotFound),
            Some(account) if account.gone_at.is_some() => Err(Answer::Gone(account.uri, account.gone_at)),
            Some(account) if account.suspended_at.is_some() => Err(Answer::Suspended),
            Some(account) => Ok(account),
        })
    }
}
