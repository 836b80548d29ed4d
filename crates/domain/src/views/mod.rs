//! What is shown of posts and accounts: everything a page needs, loaded at once in a fixed number of statements. Doors render these with pure
//! functions (client API entities, ActivityPub objects, templates); none of them asks the database again.

mod accounts;
mod page;

use std::collections::HashMap;
use std::sync::Arc;

use parvis_model::ids::StatusId;
use parvis_model::visibility::Visibility;
use parvis_store::media::Media;
use parvis_store::policy::Emoji;
use parvis_store::preview_cards::PreviewCard;
use parvis_store::reactions::{Counts, Flags};
use parvis_store::status_parts::{Mention, Tag};
use parvis_store::statuses::Status;
use parvis_store::{Conn, statuses};

pub use accounts::{AccountView, lately_active, of_account, of_accounts, town_emojis};

use crate::access::Viewer;
use crate::error::Result;
use page::Page;

/// A post with what it shows.
#[derive(Clone, Debug)]
pub struct StatusView {
    pub status: Status,
    pub visibility: Visibility,
    pub author: Arc<AccountView>,
    pub media: Vec<Media>,
    pub mentions: Vec<Mention>,
    pub tags: Vec<Tag>,
    pub emojis: Vec<Emoji>,
    /// What its first link leads to.
    pub card: Option<PreviewCard>,
    pub counts: Counts,
    /// What the viewer did with it; `None` without a viewer.
    pub flags: Option<Flags>,
    /// The viewer mutes its author.
    pub is_muted: bool,
    /// The post behind a boost.
    pub boost_of: Option<Box<StatusView>>,
}

/// Where a page stands: on a timeline those whom the viewer mutes are left out, elsewhere they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Home, public, tag.
    Timeline,
    /// A profile, a thread, a single post.
    Elsewhere,
}

/// The posts with these ids, in this order, as far as the viewer may see them.
///
/// # Errors
/// Internal.
pub fn of_statuses(c: &mut Conn, viewer: Viewer, ids: &[StatusId], place: Place) -> Result<Vec<StatusView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut posts: HashMap<StatusId, Status> =
        statuses::by_ids(c, ids)?.into_iter().map(|s| (s.id, s)).collect();
    let originals: Vec<StatusId> = posts.values().filter_map(|s| s.boost_of_id).collect();
    posts.extend(statuses::by_ids(c, &originals)?.into_iter().map(|s| (s.id, s)));
    let page = Page::load(c, viewer, posts)?;
    Ok(ids.iter().filter_map(|id| page.view(*id, viewer, place)).collect())
}

/// One post, if the viewer may see it.
///
/// # Errors
/// Internal.
pub fn of_status(c: &mut Conn, viewer: Viewer, id: StatusId) -> Result<Option<StatusView>> {
    Ok(of_statuses(c, viewer, &[id], Place::Elsewhere)?.pop())
}
