//! What is the same for everybody of the posts of a page and their authors: from memory, and of what is not kept there, from the database.

use std::sync::{Arc, OnceLock};

use foldhash::{HashMap as IdMap, HashMapExt as _};
use parvis_model::account::{ActorKind, Role};
use parvis_model::ids::{AccountId, AppId, StatusId};
use parvis_model::quote::QuotePolicy;
use parvis_model::time::Moment;
use parvis_store::accounts::Account;
use parvis_store::heads::{self, AuthorHead, Head};
use parvis_store::media::Media;
use parvis_store::profiles::{self, Profile};
use parvis_store::status_parts::{Mention, Tag};
use parvis_store::statuses::Status;
use parvis_store::{Conn, accounts, logins, media, oauth, quotes, status_parts, statuses};

use crate::access::Viewer;
use crate::error::Result;
use crate::events::context_of;
use crate::kept::{AccountParts, Application, PostParts, Rendered};
use crate::shortcodes;

/// An account and when it wrote last.
pub(super) type Author = (Arc<AccountParts>, Option<Moment>);

/// Posts and authors.
#[derive(Default)]
pub(super) struct Parts {
    pub viewer: Viewer,
    pub posts: IdMap<StatusId, Arc<PostParts>>,
    pub authors: IdMap<AccountId, Author>,
    /// Of the posts.
    pub heads: IdMap<StatusId, Head>,
    /// The viewer's.
    pub ties: Option<i64>,
    /// A post that was written just now, so that it is not read again.
    pub given: Option<Arc<PostParts>>,
    /// Takes authors from memory in a transaction that writes, too. What is kept was committed under the revision that it is asked for, so it is true
    /// there as well; nothing that such a transaction reads is ever kept, since it may be taken back and its revision given to something else.
    pub trusts: bool,
}

impl Parts {
    /// Adds posts, those that they boost, and all authors.
    pub(super) fn add(&mut self, c: &mut Conn, ids: &[StatusId]) -> Result<()> {
        let heads = heads::of_statuses(c, self.viewer, ids)?;
        self.ties = self.ties.or(heads.ties);
        let mut found: Vec<Head> = heads.posts;
        found.sort_unstable_by_key(|h| h.id);
        found.dedup_by_key(|h| h.id);
        found.retain(|h| !self.posts.contains_key(&h.id));
        let posts = posts(c, &found, self.given.as_ref())?;
        let mut authors: Vec<AuthorHead> = found.iter().map(|h| h.author).collect();
        authors.sort_unstable_by_key(|h| h.id);
        authors.dedup_by_key(|h| h.id);
        authors.retain(|h| !self.authors.contains_key(&h.id));
        self.authors.extend(self::authors(c, &authors, self.trusts)?);
        self.heads.extend(found.into_iter().map(|head| (head.id, head)));
        self.posts.extend(posts);
        Ok(())
    }

    /// Those posts of which something is so.
    pub(super) fn those(&self, which: fn(&PostParts) -> bool) -> Vec<StatusId> {
        self.posts.iter().filter(|(_, parts)| which(parts)).map(|(id, _)| *id).collect()
    }
}

fn posts(
    c: &mut Conn,
    heads: &[Head],
    given: Option<&Arc<PostParts>>,
) -> Result<IdMap<StatusId, Arc<PostParts>>> {
    let context = context_of(c)?;
    let keeps = !c.is_writing();
    let mut all = if keeps { context.kept.posts(heads) } else { IdMap::new() };
    if let Some(given) = given.filter(|given| heads.iter().any(|h| h.id == given.status.id)) {
        all.insert(given.status.id, Arc::clone(given));
    }
    let missing: Vec<&Head> = heads.iter().filter(|h| !all.contains_key(&h.id)).collect();
    let ids: Vec<StatusId> = missing.iter().map(|h| h.id).collect();
    let mut read = read_posts(c, &ids)?;
    for head in missing {
        if let Some(parts) = read.remove(&head.id).map(Arc::new) {
            if keeps {
                context.kept.keep_post(head, &parts);
            }
            all.insert(head.id, parts);
        }
    }
    Ok(all)
}

/// A post that was written just now, from what was written. It must be what [`read_posts`] would read; a test compares.
pub(crate) fn written(
    status: Status,
    quote_policy: QuotePolicy,
    mentions: Vec<Mention>,
    tags: Vec<Tag>,
    media: Vec<Media>,
) -> PostParts {
    PostParts {
        has_shortcodes: has_shortcodes(&[&status.warning, &status.html]),
        has_card: false,
        has_poll: false,
        has_quote: false,
        media: media.into(),
        mentions: mentions.into(),
        tags: tags.into(),
        application: None,
        quote_policy,
        searchable: OnceLock::new(),
        rendered: Rendered::default(),
        status: Arc::new(status),
    }
}

/// A list for each post, in the order of the rows.
fn grouped<T>(rows: impl IntoIterator<Item = (StatusId, T)>) -> IdMap<StatusId, Vec<T>> {
    let mut all: IdMap<StatusId, Vec<T>> = IdMap::new();
    for (status, row) in rows {
        all.entry(status).or_default().push(row);
    }
    all
}

fn read_posts(c: &mut Conn, ids: &[StatusId]) -> Result<IdMap<StatusId, PostParts>> {
    if ids.is_empty() {
        return Ok(IdMap::new());
    }
    let rows: Vec<Status> = statuses::by_ids(c, ids)?;
    let pictures = media::of_statuses(c, ids)?.into_iter().filter_map(|m| Some((m.status_id?, m)));
    let mut pictures: IdMap<StatusId, Vec<Media>> = grouped(pictures);
    let mut tags: IdMap<StatusId, Vec<Tag>> = grouped(status_parts::tags_of(c, ids)?);
    let mentions = status_parts::mentions_of(c, ids)?.into_iter().map(|m| (m.status_id, m));
    let mut mentions: IdMap<StatusId, Vec<Mention>> = grouped(mentions);
    let mut policies: IdMap<StatusId, QuotePolicy> = quotes::policies_of(c, ids)?.into_iter().collect();
    let attached: IdMap<StatusId, heads::Attached> = heads::attached(c, ids)?.into_iter().collect();
    let mut apps: Vec<AppId> = rows.iter().filter_map(|s| s.app_id).collect();
    apps.sort_unstable();
    apps.dedup();
    let apps: IdMap<AppId, Application> = oauth::names_of_apps(c, &apps)?
        .into_iter()
        .map(|(id, name, website)| (id, Application { name, website }))
        .collect();
    Ok(rows
        .into_iter()
        .map(|status| {
            let id = status.id;
            let attached = attached.get(&id).copied().unwrap_or_default();
            let parts = PostParts {
                media: pictures.remove(&id).unwrap_or_default().into(),
                mentions: mentions.remove(&id).unwrap_or_default().into(),
                tags: tags.remove(&id).unwrap_or_default().into(),
                application: status.app_id.and_then(|app| apps.get(&app).cloned()),
                quote_policy: policies.remove(&id).unwrap_or_default(),
                has_card: attached.has_card,
                has_poll: attached.has_poll,
                has_quote: attached.has_quote,
                has_shortcodes: has_shortcodes(&[&status.warning, &status.html]),
                searchable: OnceLock::new(),
                rendered: Rendered::default(),
                status: Arc::new(status),
            };
            (id, parts)
        })
        .collect())
}

/// Whether texts may hold custom emojis.
fn has_shortcodes(texts: &[&String]) -> bool {
    texts.iter().any(|text| !shortcodes::in_text(text).is_empty())
}

fn authors(c: &mut Conn, heads: &[AuthorHead], trusts: bool) -> Result<IdMap<AccountId, Author>> {
    let context = context_of(c)?;
    let keeps = !c.is_writing();
    let mut all = if keeps || trusts { context.kept.accounts(heads) } else { IdMap::new() };
    let missing: Vec<AccountId> = heads.iter().map(|h| h.id).filter(|id| !all.contains_key(id)).collect();
    let rows = accounts::by_ids(c, &missing)?;
    let read = account_parts(c, rows)?;
    for head in heads {
        if let Some((parts, _)) = read.get(&head.id) {
            if keeps {
                context.kept.keep_account(head, parts);
            }
            all.insert(head.id, Arc::clone(parts));
        }
    }
    Ok(heads.iter().filter_map(|h| Some((h.id, (all.remove(&h.id)?, h.last_status_at)))).collect())
}

/// The parts of accounts whose rows are loaded; when somebody wrote last stands beside them, since it changes without their revision. Nothing is kept.
pub(super) fn account_parts(c: &mut Conn, rows: Vec<Account>) -> Result<IdMap<AccountId, Author>> {
    if rows.is_empty() {
        return Ok(IdMap::new());
    }
    let ids: Vec<AccountId> = rows.iter().map(|a| a.id).collect();
    let mut chosen: IdMap<AccountId, Profile> =
        profiles::of_accounts(c, &ids)?.into_iter().map(|p| (p.account_id, p)).collect();
    let roles: IdMap<AccountId, Role> = logins::roles_of(c, &ids)?
        .into_iter()
        .filter_map(|(id, role)| Some((id, Role::parse(&role)?)))
        .collect();
    let moved = heads::moved_among(c, &ids)?;
    Ok(rows
        .into_iter()
        .map(|mut account| {
            let (id, last_status_at) = (account.id, account.last_status_at.take());
            let chosen = chosen.remove(&id).unwrap_or_else(|| Profile::usual(&account));
            let parts = AccountParts {
                kind: ActorKind::parse(&account.kind).unwrap_or(ActorKind::Person),
                fields: serde_json::from_str::<Vec<_>>(&account.fields).unwrap_or_default().into(),
                role: roles.get(&id).copied().unwrap_or_default(),
                chosen: Arc::new(chosen),
                has_moved: moved.contains(&id),
                has_shortcodes: has_shortcodes(&[&account.display_name, &account.bio_html, &account.fields]),
                rendered: Rendered::default(),
                account: Arc::new(account),
            };
            (id, (Arc::new(parts), last_status_at))
        })
        .collect())
}
