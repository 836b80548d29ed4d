//! What viewers have to do with the authors of a page: loaded for one viewer or for many, in the same number of statements, so that a post is let
//! through by one rule however many look at once (`crowd`).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::{Relation, Visibility, may_see};
use parvis_store::accounts::Account;
use parvis_store::statuses::Status;
use parvis_store::{Conn, crowds, status_parts};

use super::Viewer;
use crate::error::Result;
use crate::policy;

/// How the authors of a page stand with the town, and who is mentioned on it: the same whoever looks.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Suspended, gone, or of a blocked server.
    pub barred: HashSet<AccountId>,
    /// Silenced themselves, or of a silenced server.
    pub silenced: HashSet<AccountId>,
    /// Who is mentioned where.
    pub mentions: HashSet<(StatusId, AccountId)>,
}

impl Standing {
    /// Of these authors, where it is known who is mentioned. One statement.
    ///
    /// # Errors
    /// Internal.
    pub fn load(
        c: &mut Conn,
        authors: &[&Account],
        mentions: HashSet<(StatusId, AccountId)>,
    ) -> Result<Self> {
        let hosts: HashSet<String> = authors.iter().map(|a| a.host.clone()).collect();
        let (suspended, silenced) = policy::barred(c, &hosts)?;
        let those = |is: &dyn Fn(&Account) -> bool| authors.iter().filter(|a| is(a)).map(|a| a.id).collect();
        Ok(Self {
            barred: those(&|a| !a.is_active() || suspended.contains(&a.host)),
            silenced: those(&|a| a.silenced_at.is_some() || silenced.contains(&a.host)),
            mentions,
        })
    }
}

/// What ties a viewer to the authors of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bonds {
    /// Authors that the viewer follows.
    pub followed: BTreeSet<AccountId>,
    /// Authors who follow the viewer.
    pub following: BTreeSet<AccountId>,
    /// Authors whose boosts the viewer does not want.
    pub without_boosts: BTreeSet<AccountId>,
    /// Blocked either way.
    pub blocked: BTreeSet<AccountId>,
}

impl Bonds {
    /// Of each of these viewers, at most [`crowds::SOME`], whether there is anything or not. Two statements.
    ///
    /// # Errors
    /// Internal.
    pub fn load(
        c: &mut Conn,
        viewers: &[AccountId],
        authors: &[AccountId],
    ) -> Result<HashMap<AccountId, Self>> {
        let mut all: HashMap<AccountId, Self> = viewers.iter().map(|v| (*v, Self::default())).collect();
        // A viewer may be among the authors, so that a row may say something of both its ends.
        for (follower, followee, shows_boosts) in crowds::follows(c, viewers, authors)? {
            if let Some(bonds) = all.get_mut(&follower) {
                bonds.followed.insert(followee);
                if !shows_boosts {
                    bonds.without_boosts.insert(followee);
                }
            }
            if let Some(bonds) = all.get_mut(&followee) {
                bonds.following.insert(follower);
            }
        }
        for (viewer, other) in crowds::blocks(c, viewers, authors)? {
            if let Some(bonds) = all.get_mut(&viewer) {
                bonds.blocked.insert(other);
            }
        }
        Ok(all)
    }
}

/// What decides whether a viewer may see the posts of a page.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// Whoever looks.
    pub standing: Arc<Standing>,
    /// The viewer's own; nothing of nobody in particular.
    pub own: Bonds,
}

impl Ties {
    /// Loads the ties between a viewer and these authors and posts. Four statements at most, whatever the page.
    ///
    /// # Errors
    /// Internal.
    pub fn load(
        c: &mut Conn,
        viewer: Viewer,
        authors: &HashMap<AccountId, Account>,
        posts: &[StatusId],
    ) -> Result<Self> {
        let mentions =
            status_parts::mentions_of(c, posts)?.into_iter().map(|m| (m.status_id, m.account_id)).collect();
        let standing = Arc::new(Standing::load(c, &authors.values().collect::<Vec<_>>(), mentions)?);
        let ids: Vec<AccountId> = authors.keys().copied().collect();
        let own = match viewer {
            Some(viewer) => Bonds::load(c, &[viewer], &ids)?.remove(&viewer).unwrap_or_default(),
            None => Bonds::default(),
        };
        Ok(Self { standing, own })
    }

    /// Whether somebody's posts stay out of public places for this viewer: silenced, and neither followed nor the viewer themselves.
    #[must_use]
    pub fn is_quiet(&self, viewer: Viewer, author: AccountId) -> bool {
        self.standing.silenced.contains(&author)
            && viewer != Some(author)
            && !self.own.followed.contains(&author)
    }

    /// What the viewer has to do with one post.
    #[must_use]
    pub fn relation(&self, viewer: AccountId, status: &Status) -> Relation {
        Relation {
            is_author: status.account_id == viewer,
            is_mentioned: self.standing.mentions.contains(&(status.id, viewer)),
            is_follower: self.own.followed.contains(&status.account_id),
            is_blocked: self.own.blocked.contains(&status.account_id),
            is_author_barred: self.standing.barred.contains(&status.account_id),
        }
    }

    /// Whether the viewer may see one post.
    #[must_use]
    pub fn let_see(&self, viewer: Viewer, status: &Status) -> bool {
        let visibility = Visibility::from_code(status.visibility);
        match viewer {
            Some(v) => may_see(visibility, Some(self.relation(v, status))),
            None => !self.standing.barred.contains(&status.account_id) && may_see(visibility, None),
        }
    }
}
