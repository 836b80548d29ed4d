//! What many people use at the moment: hashtags, posts, links. Off unless the town turns it on (`trends.enabled`), and then only what staff allowed
//! shows: a town has no machinery that pushes what is loud. Counted by a job from what is there, with different people and not with clicks; one day
//! later it weighs half (`model::trend`).

mod review;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use parvis_model::ids::{CardId, StatusId, TagId, late_at};
use parvis_model::time::{DAY, MINUTE, Moment};
use parvis_model::trend::{DAYS, KEPT, TrendKind, day_of, score};
use parvis_model::urls::authority;
use parvis_store::preview_cards::PreviewCard;
use parvis_store::status_parts::Tag;
use parvis_store::timelines::Range;
use parvis_store::trends::{self as rows, Publisher, Use};
use parvis_store::{Conn, Tx, preview_cards, status_parts};
use url::Url;

pub use review::{
    Reviewed, publishers, review_link, review_publisher, review_status, review_tag, tags_for_staff,
};

use crate::access::Viewer;
use crate::error::{OrNotFound, Result};
use crate::events::Record;
use crate::views::{self, CardView, Place, StatusView};

/// How often it is counted.
pub const EVERY: i64 = 15 * MINUTE;
/// Lines of uses that are looked at, of each kind.
const LINES: i64 = 5_000;
/// What staff thought of posts and links is forgotten after this.
const REVIEWS_FOR: i64 = 90 * DAY;

/// How something was used: (start of the day, different accounts, uses), the latest day first.
pub type History = Vec<(Moment, i64, i64)>;

/// Something that trends, with how it was used and what staff think of it.
#[derive(Clone, Debug)]
pub struct Trend<T> {
    pub subject: T,
    pub history: History,
    /// `None` when nobody has looked at it.
    pub is_allowed: Option<bool>,
}

/// Counts what trends anew; where the town wants no trends, there are none.
///
/// # Errors
/// Internal.
pub fn count(tx: &mut Tx<'_>) -> Result<()> {
    let is_on = tx.context()?.settings.trends.enabled;
    let now = tx.now();
    for kind in TrendKind::ALL {
        rows::clear(tx, kind)?;
        rows::clear_days(tx, kind)?;
        if is_on {
            keep(tx, kind, now)?;
        }
    }
    rows::forget_reviews(tx, now.minus(REVIEWS_FOR))?;
    Ok(())
}

fn keep(tx: &mut Tx<'_>, kind: TrendKind, now: Moment) -> Result<()> {
    let since = StatusId(late_at(now.minus((DAYS - 1) * DAY), 0));
    let uses = rows::uses(tx, kind, since, LINES)?;
    let today = day_of(now.0);
    let mut by_subject: HashMap<i64, Vec<Use>> = HashMap::new();
    for used in uses.into_iter().filter(|u| (0..DAYS).contains(&(today - u.day))) {
        by_subject.entry(used.subject).or_default().push(used);
    }
    let mut found: Vec<(i64, f64)> = by_subject
        .iter()
        .filter_map(|(subject, days)| {
            let days: Vec<(i64, i64)> = days.iter().map(|d| (today - d.day, d.accounts)).collect();
            Some((*subject, score(&days)?))
        })
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    found.truncate(KEPT);
    let days: Vec<Use> =
        found.iter().filter_map(|(subject, _)| by_subject.remove(subject)).flatten().collect();
    rows::write(tx, kind, &found)?;
    rows::write_days(tx, kind, &days)?;
    if kind == TrendKind::Link {
        let ids: Vec<CardId> = found.iter().map(|(subject, _)| CardId(*subject)).collect();
        know_publishers(tx, &ids)?;
    }
    Ok(())
}

fn know_publishers(tx: &mut Tx<'_>, cards: &[CardId]) -> Result<()> {
    for card in preview_cards::by_ids(tx, cards)? {
        if let Some(host) = host_of(&card) {
            let row = Publisher { id: tx.new_id(), host, is_allowed: None, created_at: tx.now() };
            rows::add_publisher(tx, &row)?;
        }
    }
    Ok(())
}

fn host_of(card: &PreviewCard) -> Option<String> {
    authority(&Url::parse(&card.url).ok()?).filter(|host| host.len() <= 253)
}

/// Part of a list: so many after so many. There are at most a hundred, so that they are counted in memory.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub offset: usize,
    pub limit: usize,
    /// Also what staff did not allow, for staff.
    pub is_whole: bool,
}

impl Part {
    fn of<T: Copy>(self, all: &[(T, Option<bool>)]) -> Vec<(T, Option<bool>)> {
        let shown = all.iter().filter(|(_, allowed)| self.is_whole || *allowed == Some(true));
        shown.skip(self.offset).take(self.limit).copied().collect()
    }
}

/// Hashtags.
///
/// # Errors
/// Internal.
pub fn tags(c: &mut Conn, part: Part) -> Result<Vec<Trend<Tag>>> {
    let found = part.of(&rows::of_kind(c, TrendKind::Tag)?);
    let ids: Vec<TagId> = found.iter().map(|(id, _)| TagId(*id)).collect();
    let known: HashMap<i64, Tag> =
        status_parts::tags_by_id(c, &ids)?.into_iter().map(|t| (t.id.0, t)).collect();
    with_history(c, TrendKind::Tag, found, |id| known.get(&id).cloned())
}

/// Posts, as far as the viewer may see them.
///
/// # Errors
/// Internal.
pub fn statuses(c: &mut Conn, viewer: Viewer, part: Part) -> Result<Vec<Trend<StatusView>>> {
    let found = part.of(&rows::of_kind(c, TrendKind::Status)?);
    let ids: Vec<StatusId> = found.iter().map(|(id, _)| StatusId(*id)).collect();
    let shown = views::of_statuses(c, viewer, &ids, Place::Timeline)?;
    with_history(c, TrendKind::Status, found, |id| shown.iter().find(|v| v.status.id.0 == id).cloned())
}

/// Links.
///
/// # Errors
/// Internal.
pub fn links(c: &mut Conn, part: Part) -> Result<Vec<Trend<CardView>>> {
    let all = rows::of_kind(c, TrendKind::Link)?;
    let ids: Vec<CardId> = all.iter().map(|(id, _)| CardId(*id)).collect();
    let mut cards: HashMap<i64, PreviewCard> = preview_cards::by_ids(c, &ids)?
        .into_iter()
        .filter(|card| !card.title.is_empty())
        .map(|card| (card.id.0, card))
        .collect();
    let sites: HashMap<String, Option<bool>> =
        rows::publishers(c)?.into_iter().map(|site| (site.host, site.is_allowed)).collect();
    // A word on the link itself counts before one on its site.
    let judged: Vec<(i64, Option<bool>)> = all
        .into_iter()
        .filter_map(|(id, own)| {
            let of_site =
                cards.get(&id).and_then(host_of).and_then(|host| sites.get(&host).copied().flatten());
            cards.contains_key(&id).then_some((id, own.or(of_site)))
        })
        .collect();
    let found = part.of(&judged);
    let shown = found.iter().filter_map(|(id, _)| Some((*id, cards.remove(id)?))).collect();
    let shown: HashMap<i64, CardView> = views::of_cards(c, shown)?.into_iter().collect();
    with_history(c, TrendKind::Link, found, |id| shown.get(&id).cloned())
}

fn with_history<T>(
    c: &mut Conn,
    kind: TrendKind,
    found: Vec<(i64, Option<bool>)>,
    subject: impl Fn(i64) -> Option<T>,
) -> Result<Vec<Trend<T>>> {
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let days = rows::days_of(c, kind, &ids)?;
    let now = c.now();
    let made = found.into_iter().filter_map(|(id, is_allowed)| {
        let used: Vec<Use> = days.iter().filter(|d| d.subject == id).copied().collect();
        Some(Trend { subject: subject(id)?, history: week(&used, now), is_allowed })
    });
    Ok(made.collect())
}

/// Each day of the last week, also those without a use.
fn week(used: &[Use], now: Moment) -> History {
    let today = day_of(now.0);
    (0..DAYS)
        .map(|ago| {
            let day = today - ago;
            let (accounts, uses) =
                used.iter().find(|d| d.day == day).map_or((0, 0), |d| (d.accounts, d.uses));
            (Moment(day * DAY), accounts, uses)
        })
        .collect()
}

/// Public posts with a link that trends and that staff allowed (Mastodon's rule: a link is no way to find whoever spoke of it).
///
/// # Errors
/// [`crate::Error::NotFound`].
pub fn posts_with_link(c: &mut Conn, viewer: Viewer, url: &str, range: Range) -> Result<Vec<StatusView>> {
    let mut url = Url::parse(url).map_err(|_| crate::Error::NotFound)?;
    url.set_fragment(None);
    let everything = Part { offset: 0, limit: KEPT, is_whole: false };
    let trend =
        links(c, everything)?.into_iter().find(|t| t.subject.row.url == url.as_str()).or_not_found()?;
    let ids = preview_cards::posts_with(c, trend.subject.row.id, range)?;
    views::of_statuses(c, viewer, &ids, Place::Timeline)
}
