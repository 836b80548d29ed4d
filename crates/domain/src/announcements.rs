//! What the town says to everybody who is signed in: published on the command line, put away and reacted to by people. Streams hear of it by notices
//! of the topics below; the id is the announcement's. Whom and what a text names is found when it is shown, the posts it links to when it is published.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::permission::Permission;
use parvis_model::refusal::Refusal;
use parvis_model::time::Moment;
use parvis_model::urls::Urls;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::announcements::{self as rows, Announcement};
use parvis_store::policy::Emoji;
use parvis_store::{Conn, Tx, policy};
use parvis_text::Hashtag;
use parvis_text::compose;

use crate::audit::{self, Target};
use crate::error::{Error, OrNotFound, Result};
use crate::events::urls_of;
use crate::shortcodes::{self, is_emoji};
use crate::staff::{self, By};
use crate::statuses;
use crate::views::{self, Place, StatusView};
use crate::{access, addresses};

/// An announcement came into being. A topic of [`Tx::notify`].
pub const PUBLISHED: &str = "announcement";
/// Somebody reacted, or took it back; the emoji stands behind it, see [`reacted`].
const REACTED: &str = "announcement.reaction/";
/// An announcement is gone.
pub const REMOVED: &str = "announcement.delete";

/// Links and mentions of an announcement that are looked up, of each kind.
const LINKS_MAX: usize = 20;
/// Characters of an announcement.
const TEXT_MAX: usize = 5_000;
/// Announcements that clients are shown.
const SHOWN: i64 = 50;
/// Different emojis under one announcement (as Mastodon).
const REACTIONS_MAX: usize = 8;

/// One emoji under an announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// An emoji or a short code.
    pub name: String,
    pub count: i64,
    /// Whether the viewer is among them; `None` without a viewer.
    pub is_mine: Option<bool>,
    /// The picture, when it is one of the town's own.
    pub custom: Option<Emoji>,
}

/// An announcement with what shows with it.
#[derive(Clone, Debug)]
pub struct AnnouncementView {
    pub row: Announcement,
    /// The viewer has put it away; `None` without a viewer.
    pub is_read: Option<bool>,
    /// Whom the text mentions.
    pub mentions: Vec<Account>,
    /// The hashtags in the text.
    pub hashtags: Vec<Hashtag>,
    /// The posts it links to: (id, address).
    pub statuses: Vec<(StatusId, String)>,
    pub reactions: Vec<Reaction>,
    /// The town's own emojis in the text.
    pub emojis: Vec<Emoji>,
}

/// What is to be announced.
#[derive(Clone, Debug, Default)]
pub struct NewAnnouncement {
    pub text: String,
    pub starts_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    pub is_all_day: bool,
}

/// Publishes an announcement.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `Invalid` for the text and for an end before the start.
pub fn publish(tx: &mut Tx<'_>, by: impl Into<By>, new: &NewAnnouncement) -> Result<i64> {
    let staff = staff::require(tx, by, Permission::ManageAnnouncements)?;
    let text = parvis_text::sanitise::lines(&new.text, usize::MAX);
    if text.is_empty() {
        return Err(Error::field("text", Refusal::EmptyPost));
    }
    if text.chars().count() > TEXT_MAX {
        return Err(Error::field("text", Refusal::TextTooLong));
    }
    if new.ends_at.is_some_and(|end| end <= new.starts_at.unwrap_or(tx.now())) {
        return Err(Error::field("ends_at", Refusal::DatesTurned));
    }
    let urls = urls_of(tx)?;
    let html = statuses::compose::compose(tx, &urls, &text)?.html;
    let (id, now) = (tx.new_id(), tx.now());
    let row = Announcement {
        id,
        source: text.clone(),
        html,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        is_all_day: new.is_all_day,
        published_at: now,
        updated_at: now,
    };
    rows::insert(tx, &row)?;
    let linked = linked(tx, &urls, &text)?;
    if !linked.is_empty() {
        rows::set_statuses(tx, id, &linked)?;
    }
    let title: String = text.lines().next().unwrap_or_default().chars().take(100).collect();
    audit::record(tx, &staff, "publish", &Target::new("announcement", id, title), "")?;
    tx.notify(PUBLISHED, id);
    Ok(id)
}

/// The posts for everybody to which a text links.
fn linked(tx: &mut Tx<'_>, urls: &Urls, text: &str) -> Result<Vec<StatusId>> {
    let links: Vec<String> =
        compose::scan(text).links.into_iter().take(LINKS_MAX).map(|link| link.as_str().to_owned()).collect();
    let mut found = addresses::statuses(tx, urls, &links)?;
    found.retain(|s| Visibility::from_code(s.visibility).is_for_everybody());
    Ok(found.into_iter().map(|s| s.id).collect())
}

/// Takes an announcement away.
///
/// # Errors
/// `Forbidden(RoleTooLow)`; `NotFound`.
pub fn remove(tx: &mut Tx<'_>, by: impl Into<By>, id: i64) -> Result<()> {
    let staff = staff::require(tx, by, Permission::ManageAnnouncements)?;
    if !rows::remove(tx, id)? {
        return Err(Error::NotFound);
    }
    audit::record(tx, &staff, "destroy", &Target::new("announcement", id, ""), "")?;
    tx.notify(REMOVED, id);
    Ok(())
}

/// All of them, newest first, at most 500: for the command line.
///
/// # Errors
/// Internal.
pub fn all(c: &mut Conn) -> Result<Vec<Announcement>> {
    Ok(rows::all(c, 500)?)
}

/// Those that are not over, newest first; put-away ones only when asked for. A fixed number of statements.
///
/// # Errors
/// Internal.
pub fn current(c: &mut Conn, viewer: AccountId, with_dismissed: bool) -> Result<Vec<AnnouncementView>> {
    let now = c.now();
    let found = rows::current(c, now, SHOWN)?;
    let mut views = with_views(c, Some(viewer), found)?;
    views.retain(|v| with_dismissed || v.is_read != Some(true));
    Ok(views)
}

/// One that is not over, for whoever may see it; for the streams too.
///
/// # Errors
/// `NotFound`.
pub fn one(c: &mut Conn, viewer: Option<AccountId>, id: i64) -> Result<AnnouncementView> {
    let row = in_force(c, id)?;
    with_views(c, viewer, vec![row])?.pop().or_not_found()
}

fn in_force(c: &mut Conn, id: i64) -> Result<Announcement> {
    let now = c.now();
    rows::by_id(c, id)?.filter(|a| a.ends_at.is_none_or(|end| end > now)).or_not_found()
}

fn with_views(
    c: &mut Conn,
    viewer: Option<AccountId>,
    found: Vec<Announcement>,
) -> Result<Vec<AnnouncementView>> {
    let ids: Vec<i64> = found.iter().map(|a| a.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (read, mine) = match viewer {
        Some(viewer) => (rows::dismissed(c, viewer, &ids)?, rows::reactions_of(c, viewer, &ids)?),
        None => (Vec::new(), Vec::new()),
    };
    let reactions = rows::reactions(c, &ids)?;
    let names: Vec<String> = reactions.iter().map(|r| r.name.clone()).collect();
    let customs = policy::emojis(c, &names, &[String::new()])?;
    let texts: Vec<(String, String)> = found.iter().map(|a| (String::new(), a.html.clone())).collect();
    let emojis = shortcodes::load(c, &texts)?;
    let named = Named::of(c, &found)?;
    Ok(found
        .into_iter()
        .map(|row| AnnouncementView {
            is_read: viewer.map(|_| read.contains(&row.id)),
            mentions: named.mentions(&row),
            hashtags: compose::scan(&row.source).hashtags,
            statuses: named.statuses(&row),
            reactions: reactions
                .iter()
                .filter(|r| r.announcement == row.id)
                .map(|r| Reaction {
                    is_mine: viewer.map(|_| mine.iter().any(|(id, name)| *id == row.id && *name == r.name)),
                    custom: customs.iter().find(|e| e.shortcode == r.name).cloned(),
                    name: r.name.clone(),
                    count: r.count,
                })
                .collect(),
            emojis: shortcodes::used(&emojis, "", &row.html),
            row,
        })
        .collect())
}

/// Whom and what a page of announcements names.
struct Named {
    domain: String,
    accounts: Vec<Account>,
    links: Vec<(i64, StatusId)>,
    shown: Vec<StatusView>,
}

impl Named {
    fn of(c: &mut Conn, found: &[Announcement]) -> Result<Self> {
        let domain = urls_of(c)?.domain().to_owned();
        let wanted: Vec<(String, String)> = found.iter().flat_map(|row| handles(row, &domain)).collect();
        let accounts = statuses::compose::known_accounts(c, &wanted)?;
        let links = rows::statuses(c, &found.iter().map(|row| row.id).collect::<Vec<_>>())?;
        let ids: Vec<StatusId> = links.iter().map(|(_, status)| *status).collect();
        Ok(Self {
            domain,
            accounts: access::unbarred(c, accounts)?,
            shown: views::of_statuses(c, None, &ids, Place::Elsewhere)?,
            links,
        })
    }

    fn mentions(&self, row: &Announcement) -> Vec<Account> {
        let of = |(name, host): (String, String)| {
            self.accounts.iter().find(|a| a.username_key == name && a.host == host).cloned()
        };
        handles(row, &self.domain).into_iter().filter_map(of).collect()
    }

    fn statuses(&self, row: &Announcement) -> Vec<(StatusId, String)> {
        let linked = self.links.iter().filter(|(id, _)| *id == row.id);
        linked
            .filter_map(|(_, id)| self.shown.iter().find(|v| v.status.id == *id))
            .map(|v| (v.status.id, v.status.url.clone()))
            .collect()
    }
}

/// Name and host (`''`: here) of those whom a text mentions.
fn handles(row: &Announcement, domain: &str) -> Vec<(String, String)> {
    let host = |host: Option<String>| host.filter(|h| h != domain).unwrap_or_default();
    let mentions = compose::scan(&row.source).mentions.into_iter().take(LINKS_MAX);
    mentions.map(|m| (m.username.to_ascii_lowercase(), host(m.host))).collect()
}

/// Puts an announcement away; twice is once.
///
/// # Errors
/// `NotFound`.
pub fn dismiss(tx: &mut Tx<'_>, who: AccountId, id: i64) -> Result<()> {
    in_force(tx, id)?;
    Ok(rows::dismiss(tx, who, id)?)
}

/// Reacts with an emoji or one of the town's own; twice is once.
///
/// # Errors
/// `NotFound`; `Invalid` for what is no emoji, or one kind too many.
pub fn react(tx: &mut Tx<'_>, who: AccountId, id: i64, name: &str) -> Result<()> {
    in_force(tx, id)?;
    let is_custom = shortcodes::is_shortcode(name)
        && policy::emojis(tx, &[name.to_owned()], &[String::new()])?.iter().any(|e| e.shortcode == name);
    if !is_custom && !is_emoji(name) {
        return Err(Error::field("name", Refusal::NoEmoji));
    }
    let known = rows::reactions(tx, &[id])?;
    if known.len() >= REACTIONS_MAX && !known.iter().any(|r| r.name == name) {
        return Err(Error::field("name", Refusal::TooManyReactions));
    }
    let now = tx.now();
    if rows::react(tx, id, who, name, now)? {
        tx.notify(&format!("{REACTED}{name}"), id);
    }
    Ok(())
}

/// Takes a reaction back; twice is once.
///
/// # Errors
/// `NotFound`.
pub fn unreact(tx: &mut Tx<'_>, who: AccountId, id: i64, name: &str) -> Result<()> {
    in_force(tx, id)?;
    if rows::unreact(tx, id, who, name)? {
        tx.notify(&format!("{REACTED}{name}"), id);
    }
    Ok(())
}

/// Of which emoji a notice says that somebody reacted with it, or took it back.
#[must_use]
pub fn reacted(topic: &str) -> Option<&str> {
    topic.strip_prefix(REACTED)
}

/// An emoji under an announcement that is not over, nobody's in particular; nought of it when there is none any more.
///
/// # Errors
/// `NotFound`.
pub fn reaction(c: &mut Conn, id: i64, name: &str) -> Result<Reaction> {
    let none = || Reaction { name: name.to_owned(), count: 0, is_mine: None, custom: None };
    Ok(one(c, None, id)?.reactions.into_iter().find(|r| r.name == name).unwrap_or_else(none))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statuses::Draft;
    use crate::testing::both;

    #[tokio::test]
    async fn publishing_costs_the_same_however_many_posts_are_linked() {
        both(|town| async move {
            let ana = town.resident("ana").await;
            let mut links = Vec::new();
            for n in 0..6 {
                let draft = Draft { text: format!("post {n}"), ..Draft::default() };
                let id = town.write(move |tx| statuses::publish(tx, ana, &draft)).await;
                let post = town.read(move |c| access::status(c, None, id)).await;
                // By its page or by its ActivityPub id.
                links.push(if n % 2 == 0 { post.url } else { post.uri });
            }
            let mut costs = Vec::new();
            for text in [links[..1].join(" "), links.join(" ")] {
                let new = NewAnnouncement { text, ..NewAnnouncement::default() };
                let published = town.db().counted_write(move |tx| publish(tx, By::Operator, &new)).await;
                costs.push(published.unwrap());
            }
            assert_eq!(costs[0].1, costs[1].1);
            let last = costs[1].0;
            let shown = town.read(move |c| one(c, Some(ana), last)).await;
            assert_eq!(shown.statuses.len(), 6);
        })
        .await;
    }

    #[test]
    fn an_emoji_is_a_picture_and_not_a_letter() {
        for good in ["👍", "❤️", "👩‍💻", "🇫🇷", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👋🏽"]
        {
            assert!(is_emoji(good), "{good}");
        }
        for bad in ["", "a", "1", "thumbsup", "👍a", "<b>", "\u{200D}", &"👍".repeat(20)] {
            assert!(!is_emoji(bad), "{bad}");
        }
    }
}
