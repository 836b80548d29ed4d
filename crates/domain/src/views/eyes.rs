//! What viewers have to do with a page of posts: loaded for one viewer or for many at once, in the same number of statements. Whatever of a
//! [`super::StatusView`] depends on the viewer comes from here, so that it can neither be forgotten in streams nor differ there (threats I1, I5).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::Conn;
use parvis_store::crowds::Did;
use parvis_store::pages::{Bond, Reader};
use parvis_store::reactions::Flags;

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

    /// Of some viewers. Nothing is asked, but up to three statements where somebody has filters.
    pub(super) fn of_readers(
        c: &mut Conn,
        readers: HashMap<AccountId, Reader>,
        standing: &Arc<Standing>,
        posts: &[StatusId],
    ) -> Result<HashMap<AccountId, Self>> {
        let with_filters: Vec<AccountId> =
            readers.iter().filter(|(_, reader)| reader.has_filters).map(|(viewer, _)| *viewer).collect();
        let mut filters = match with_filters.as_slice() {
            [] => HashMap::new(),
            some => Active::load_many(c, some, posts)?,
        };
        let eyes = |(viewer, reader): (AccountId, Reader)| {
            let those = |is: fn(&Bond) -> bool| -> BTreeSet<AccountId> {
                reader.authors.iter().filter(|(_, bond)| is(bond)).map(|(id, _)| *id).collect()
            };
            let own = Bonds {
                followed: those(|b| b.is_followed),
                following: those(|b| b.is_following),
                without_boosts: those(|b| b.is_without_boosts),
                blocked: those(|b| b.is_blocked),
            };
            let one = Self {
                viewer: Some(viewer),
                ties: Ties { standing: Arc::clone(standing), own },
                muted: those(|b| b.is_muted),
                avoided: those(|b| b.is_avoided),
                did: reader.did,
                filters: filters.remove(&viewer),
            };
            (viewer, one)
        };
        Ok(readers.into_iter().map(eyes).collect())
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
