//! What is shown of posts and accounts: everything a page needs, loaded at once in a fixed number of statements. Doors render these with pure
//! functions (client API entities, ActivityPub objects, templates); none of them asks the database again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parvis_model::account::{ActorKind, ProfileField};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::follows::ProfileCounts;
use parvis_store::media::Media;
use parvis_store::policy::Emoji;
use parvis_store::reactions::{Counts, Flags};
use parvis_store::status_parts::{Mention, Tag};
use parvis_store::statuses::Status;
use parvis_store::{
    Conn, accounts, blocks, follows, media, policy as policy_rows, reactions, status_parts, statuses,
};

use crate::access::{Ties, Viewer};
use crate::error::Result;
use crate::shortcodes;

/// An account with what its profile shows.
#[derive(Clone, Debug)]
pub struct AccountView {
    pub account: Account,
    pub kind: ActorKind,
    pub fields: Vec<ProfileField>,
    pub counts: ProfileCounts,
    /// Custom emojis of the name, the text and the fields.
    pub emojis: Vec<Emoji>,
}

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

/// Accounts with these ids, in this order; gone ones are left out.
///
/// # Errors
/// Internal.
pub fn of_accounts(c: &mut Conn, ids: &[AccountId]) -> Result<Vec<AccountView>> {
    let rows = accounts::by_ids(c, ids)?.into_iter().map(|a| (a.id, a)).collect();
    let views = account_views(c, rows)?;
    Ok(ids
        .iter()
        .filter_map(|id| views.get(id))
        .filter(|v| v.account.gone_at.is_none())
        .map(|v| (**v).clone())
        .collect())
}

/// One account.
///
/// # Errors
/// Internal.
pub fn of_account(c: &mut Conn, account: &Account) -> Result<AccountView> {
    let views = account_views(c, HashMap::from([(account.id, account.clone())]))?;
    views
        .into_values()
        .next()
        .map(|v| (*v).clone())
        .ok_or_else(|| crate::Error::internal("a view of an account was not made"))
}

fn account_views(
    c: &mut Conn,
    rows: HashMap<AccountId, Account>,
) -> Result<HashMap<AccountId, Arc<AccountView>>> {
    let ids: Vec<AccountId> = rows.keys().copied().collect();
    let counts = follows::profile_counts(c, &ids)?;
    let texts: Vec<(String, String)> = rows
        .values()
        .map(|a| (a.host.clone(), format!("{} {} {}", a.display_name, a.bio_html, a.fields)))
        .collect();
    let emojis = shortcodes::load(c, &texts)?;
    Ok(rows
        .into_iter()
        .map(|(id, account)| {
            let fields: Vec<ProfileField> = serde_json::from_str(&account.fields).unwrap_or_default();
            let text = format!("{} {} {}", account.display_name, account.bio_html, account.fields);
            let view = AccountView {
                kind: ActorKind::parse(&account.kind).unwrap_or(ActorKind::Person),
                fields,
                counts: counts.get(&id).copied().unwrap_or_default(),
                emojis: shortcodes::used(&emojis, &account.host, &text),
                account,
            };
            (id, Arc::new(view))
        })
        .collect())
}

/// All rows of a page.
struct Page {
    posts: HashMap<StatusId, Status>,
    authors: HashMap<AccountId, Arc<AccountView>>,
    ties: Ties,
    muted: HashSet<AccountId>,
    media: HashMap<StatusId, Vec<Media>>,
    tags: HashMap<StatusId, Vec<Tag>>,
    counts: HashMap<StatusId, Counts>,
    flags: Option<HashMap<StatusId, Flags>>,
    emojis: Vec<Emoji>,
}

impl Page {
    fn load(c: &mut Conn, viewer: Viewer, posts: HashMap<StatusId, Status>) -> Result<Self> {
        let ids: Vec<StatusId> = posts.keys().copied().collect();
        let author_ids: Vec<AccountId> =
            posts.values().map(|s| s.account_id).collect::<HashSet<_>>().into_iter().collect();
        let rows: HashMap<AccountId, Account> =
            accounts::by_ids(c, &author_ids)?.into_iter().map(|a| (a.id, a)).collect();
        let ties = Ties::load(c, viewer, &rows, &ids)?;
        let now = c.now();
        let muted = match viewer {
            Some(v) => blocks::mutes_of(c, v, &author_ids, now)?.into_iter().map(|m| m.target_id).collect(),
            None => HashSet::new(),
        };
        let texts: Vec<(String, String)> = posts
            .values()
            .filter_map(|s| {
                rows.get(&s.account_id).map(|a| (a.host.clone(), format!("{} {}", s.warning, s.html)))
            })
            .collect();
        let mut grouped_media: HashMap<StatusId, Vec<Media>> = HashMap::new();
        for row in media::of_statuses(c, &ids)? {
            if let Some(status) = row.status_id {
                grouped_media.entry(status).or_default().push(row);
            }
        }
        let mut grouped_tags: HashMap<StatusId, Vec<Tag>> = HashMap::new();
        for (status, tag) in status_parts::tags_of(c, &ids)? {
            grouped_tags.entry(status).or_default().push(tag);
        }
        Ok(Self {
            authors: account_views(c, rows)?,
            ties,
            muted,
            media: grouped_media,
            tags: grouped_tags,
            counts: reactions::counts(c, &ids)?.into_iter().collect(),
            flags: match viewer {
                Some(v) => Some(reactions::flags(c, v, &ids)?.into_iter().collect()),
                None => None,
            },
            emojis: shortcodes::load(c, &texts)?,
            posts,
        })
    }

    fn view(&self, id: StatusId, viewer: Viewer, place: Place) -> Option<StatusView> {
        let status = self.posts.get(&id)?;
        let boost_of = match status.boost_of_id {
            Some(original) => Some(Box::new(self.plain_view(self.posts.get(&original)?, viewer, place)?)),
            None => None,
        };
        let mut view = self.plain_view(status, viewer, place)?;
        let is_unwanted_boost = place == Place::Timeline
            && boost_of.is_some()
            && self.ties.without_boosts.contains(&status.account_id);
        if is_unwanted_boost {
            return None;
        }
        view.boost_of = boost_of;
        Some(view)
    }

    fn plain_view(&self, status: &Status, viewer: Viewer, place: Place) -> Option<StatusView> {
        let is_muted = self.muted.contains(&status.account_id);
        if !self.ties.let_see(viewer, status) || (is_muted && place == Place::Timeline) {
            return None;
        }
        let author = Arc::clone(self.authors.get(&status.account_id)?);
        let text = format!("{} {}", status.warning, status.html);
        Some(StatusView {
            visibility: Visibility::from_code(status.visibility),
            media: self.media.get(&status.id).cloned().unwrap_or_default(),
            mentions: self.ties.mentions.iter().filter(|m| m.status_id == status.id).cloned().collect(),
            tags: self.tags.get(&status.id).cloned().unwrap_or_default(),
            emojis: shortcodes::used(&self.emojis, &author.account.host, &text),
            counts: self.counts.get(&status.id).copied().unwrap_or_default(),
            flags: self.flags.as_ref().map(|f| f.get(&status.id).copied().unwrap_or_default()),
            is_muted,
            boost_of: None,
            author,
            status: status.clone(),
        })
    }
}

/// People of the town who want to be found, those who wrote last first: for the front page.
///
/// # Errors
/// Internal.
pub fn lately_active(c: &mut Conn, limit: i64) -> Result<Vec<AccountView>> {
    let ids: Vec<AccountId> = accounts::lately_active(c, limit)?.into_iter().map(|a| a.id).collect();
    of_accounts(c, &ids)
}

/// Emojis of the town, for clients' pickers.
///
/// # Errors
/// Internal.
pub fn town_emojis(c: &mut Conn) -> Result<Vec<Emoji>> {
    Ok(policy_rows::local_emojis(c)?)
}
