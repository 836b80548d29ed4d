//! Collections and their pages: pinned posts, followers, answers. Whoever walks them has a budget of pages (threats F10).

use url::Url;

use super::limits::ITEMS;
use super::members::IdOrObject;
use super::parse::{Document, WireError};

/// A collection or one page of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionDocument {
    /// Its id; embedded first pages often have none.
    pub id: Option<Url>,
    /// How many there are, as its server counted.
    pub total: Option<u32>,
    /// The items here, at most 200.
    pub items: Vec<IdOrObject>,
    /// The first page, or where it is.
    pub first: Option<IdOrObject>,
    /// Where the next page is.
    pub next: Option<Url>,
    /// What this is a page of.
    pub part_of: Option<Url>,
}

impl CollectionDocument {
    /// Reads a collection or a page.
    ///
    /// # Errors
    /// [`WireError::Kind`] when it is none.
    pub fn read(document: &Document) -> Result<Self, WireError> {
        let members = document.members();
        let kinds = ["Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"];
        if !kinds.iter().any(|kind| members.is(kind)) {
            return Err(WireError::Kind);
        }
        let listed = members.many("orderedItems").iter().chain(members.many("items").iter());
        Ok(Self {
            id: members.id(),
            total: members.count("totalItems"),
            items: listed.filter_map(IdOrObject::of).take(ITEMS).collect(),
            first: members.thing("first"),
            next: members.url("next"),
            part_of: members.url("partOf"),
        })
    }
}
