//! What those who look after a group see on their page: what stands there, what was taken out and why, who is kept out.

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::groups::{self as rows, Ban, GroupPost};
use parvis_store::timelines::Range;
use parvis_store::{Conn, reactions};

use super::facilitator;
use crate::error::Result;
use crate::groups;
use crate::staff::By;
use crate::views::{self, AccountView, Place, StatusView};

/// People who are kept out that are shown.
const BANS: i64 = 200;

/// A post of a group, as those see it who look after it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The post.
    pub post: StatusView,
    /// Where it stands, and since when it does not.
    pub place: GroupPost,
    /// Whether the group shows it first.
    pub is_pinned: bool,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The group.
    pub group: AccountView,
    /// A page of what stands there, answers too, the last first.
    pub posts: Vec<Standing>,
    /// Where the next page begins, if the page is full.
    pub next: Option<StatusId>,
    /// Those who look after it.
    pub moderators: Vec<AccountView>,
    /// Those who are kept out, the last first.
    pub bans: Vec<(Ban, AccountView)>,
}

/// The page of a group for one of those who look after it.
///
/// # Errors
/// `Forbidden(NotModerator)`; [`crate::Error::NotFound`].
pub fn desk(c: &mut Conn, by: By, group: AccountId, range: Range) -> Result<Desk> {
    let viewer = facilitator(c, by, group)?;
    let account = groups::by_id(c, group)?;
    let places = rows::posts_of(c, group, range)?;
    let ids: Vec<StatusId> = places.iter().map(|p| p.status_id).collect();
    let pinned = reactions::pinned(c, group)?;
    let shown = views::of_statuses(c, Some(viewer), &ids, Place::Elsewhere)?;
    let place = |id: StatusId| places.iter().find(|p| p.status_id == id).cloned();
    let posts = shown
        .into_iter()
        .filter_map(|post| {
            let place = place(post.status.id)?;
            Some(Standing { is_pinned: pinned.contains(&post.status.id), place, post })
        })
        .collect();
    let is_full = i64::try_from(places.len()).unwrap_or(0) == range.limit;
    let moderators: Vec<AccountId> = groups::moderators(c, group)?.iter().map(|a| a.id).collect();
    let bans = rows::bans(c, group, BANS)?;
    let banned: Vec<AccountId> = bans.iter().map(|ban| ban.account_id).collect();
    let banned = views::of_accounts(c, &banned)?;
    let with_view = |ban: Ban| {
        let view = banned.iter().find(|view| view.account.id == ban.account_id)?.clone();
        Some((ban, view))
    };
    Ok(Desk {
        group: views::of_account(c, &account)?,
        posts,
        next: places.last().map(|p| p.status_id).filter(|_| is_full),
        moderators: views::of_accounts(c, &moderators)?,
        bans: bans.into_iter().filter_map(with_view).collect(),
    })
}
