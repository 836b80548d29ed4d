//! What viewers have to do with a page of posts: loaded for one viewer or for many at once, in the same number of statements. Whatever of a
//! [`super::StatusView`] depends on the viewer comes from here, so that it can neither be forgotten in streams nor differ there (threats I1, I5).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::crowds::{self, Did};
use parvis_store::reactions::Flags;
use parvis_store::{Conn, accounts::Account};

use crate::access::{Bonds, Standing, Ties, Viewer};
use crate::error::Result;
use crate::filters::matching::Active;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Eyes {
    pub(super) viewer: Viewer,
    pub(super) ties: Ties,
    /// Authors that the viewer mutes.
    pub(super) muted: BTreeSet<AccountId>,
    /// Authors of servers that the viewer wants nothing to do with.
    pub(super) avoided: BTreeSet<AccountId>,
    did: BTreeMap<StatusId, Did>,
    pub(super) filters: Option<Active>,
}

/// What distinguishes a viewer's copy of a page from others': equal marks are equal copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark<'a> {
    /// Who wrote or is mentioned in what shows, or has filters, has a copy of their own.
    own: Option<AccountId>,
    bonds: &'a Bonds,
    muted: &'a BTreeSet<AccountId>,
    avoided: &'a BTreeSet<AccountId>,
    did: &'a BTreeMap<StatusId, Did>,
}

impl Eyes {
    /// Of nobody in particular.
    pub(super) fn of_nobody(standing: &Arc<Standing>) -> Self {
        let ties = Ties { standing: Arc::clone(standing), own: Bonds::default() };
        Self { ties, ..Self::default() }
    }

    /// Of each of these viewers, at most [`crowds::SOME`]. Eight statements at most.
    pub(super) fn load(
        c: &mut Conn,
        viewers: &[AccountId],
        standing: &Arc<Standing>,
        authors: &[&Account],
        posts: &[StatusId],
    ) -> Result<HashMap<AccountId, Self>> {
        let now = c.now();
        let ids: Vec<AccountId> = authors.iter().map(|a| a.id).collect();
        let hosts: BTreeSet<String> = authors.iter().map(|a| a.host.clone()).collect();
        let bonds = Bonds::load(c, viewers, &ids)?;
        let muted = crowds::mutes(c, viewers, &ids, now)?;
        let avoided = crowds::host_blocks(c, viewers, &hosts.into_iter().collect::<Vec<_>>())?;
        let mut did = crowds::did(c, viewers, posts)?;
        let mut filters = Active::load_many(c, viewers, posts)?;
        let those = |is: &dyn Fn(&Account) -> bool| -> BTreeSet<AccountId> {
            authors.iter().filter(|a| is(a)).map(|a| a.id).collect()
        };
        let eyes = |(viewer, own): (AccountId, Bonds)| {
            let one = Self {
                viewer: Some(viewer),
                ties: Ties { standing: Arc::clone(standing), own },
                muted: those(&|a| muted.contains(&(viewer, a.id))),
                avoided: those(&|a| avoided.contains(&(viewer, a.host.clone()))),
                did: did.remove(&viewer).unwrap_or_default(),
                filters: filters.remove(&viewer),
            };
            (viewer, one)
        };
        Ok(bonds.into_iter().map(eyes).collect())
    }

    /// What the viewer did with a post; `None` without a viewer.
    pub(super) fn flags(&self, post: StatusId) -> Option<Flags> {
        self.viewer.map(|_| self.did.get(&post).map(|did| did.flags).unwrap_or_default())
    }

    /// What the viewer voted for in the poll of a post.
    pub(super) fn votes(&self, post: StatusId) -> Option<&Vec<i16>> {
        self.did.get(&post)?.votes.as_ref()
    }

    /// `is_named`: whether the viewer wrote or is mentioned in what shows.
    pub(super) fn mark(&self, is_named: impl FnOnce(AccountId) -> bool) -> Mark<'_> {
        Mark {
            own: self.viewer.filter(|viewer| self.filters.is_some() || is_named(*viewer)),
            bonds: &self.ties.own,
            muted: &self.muted,
            avoided: &self.avoided,
            did: &self.did,
        }
    }
}
