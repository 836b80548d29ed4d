//! What readers have: written home timelines, favourites, bookmarks, filters, notifications.

use std::collections::HashMap;

use parvis_model::ids::{FilterId, FilterKeywordId, NotificationId};
use parvis_store::filters::{self, Filter, FilterKeyword};
use parvis_store::notifications::{self, Notification};
use parvis_store::reactions::{self, Favourite};
use parvis_store::timelines::{self, Entry};

use super::{DEPARTMENTS, FIRST_VIEWER, Plan, SPEAKER, mixed, people, posts};
use crate::Tx;
use crate::error::Result;

/// Posts of a written home timeline.
const HOME: usize = 200;
/// Posts of one author that can stand there.
const OF_ONE: usize = 100;
const NOTIFICATIONS: i64 = 40;

/// The newest posts of each author, the newest first.
pub(super) struct Homes(HashMap<i64, Vec<i64>>);

impl Homes {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut all: HashMap<i64, Vec<i64>> = HashMap::new();
        for n in (plan.statuses / 2..plan.statuses).rev() {
            let author = posts::author(plan, n);
            let newest = all.entry(author).or_default();
            if author >= DEPARTMENTS && newest.len() < OF_ONE {
                newest.push(n);
            }
        }
        Self(all)
    }

    /// The newest posts of those whom somebody follows. Departments stand in a list of their own.
    fn home(&self, plan: &Plan, n: i64) -> Vec<i64> {
        let (start, count) = people::followed(plan, n);
        let authors = (0..count).map(|step| plan.first_person() + (start + step) % plan.persons());
        let mut found: Vec<i64> = authors.filter_map(|a| self.0.get(&a)).flatten().copied().collect();
        found.sort_unstable_by_key(|n| std::cmp::Reverse(*n));
        found.truncate(HOME);
        found
    }
}

/// Everything of one reader; departments and the speaker read nothing.
pub(super) fn reader(tx: &mut Tx<'_>, plan: &Plan, homes: &Homes, n: i64) -> Result<()> {
    if n < DEPARTMENTS || n == SPEAKER {
        return Ok(());
    }
    let home = homes.home(plan, n);
    let entry = |p: &i64| Entry { status: plan.status(*p), author: plan.account(posts::author(plan, *p)) };
    let entries: Vec<Entry> = home.iter().map(entry).collect();
    timelines::backfill_home(tx, plan.account(n), &entries)?;
    for post in home.iter().filter(|p| **p % 10 != 7).step_by(5).take(20) {
        favourite(tx, plan, *post, n)?;
    }
    for post in home.iter().step_by(40) {
        reactions::bookmark(tx, plan.account(n), plan.status(*post), plan.status(*post).0)?;
    }
    if (n - FIRST_VIEWER) % 4 == 0 {
        filter(tx, plan, n)?;
    }
    (0..NOTIFICATIONS).try_for_each(|step| notification(tx, plan, n, step))
}

fn filter(tx: &mut Tx<'_>, plan: &Plan, n: i64) -> Result<()> {
    let filter = Filter {
        id: FilterId(n),
        account_id: plan.account(n),
        title: "No trams".to_owned(),
        contexts: 1,
        action: 0,
        expires_at: None,
        created_at: plan.until,
    };
    filters::insert(tx, &filter)?;
    let keyword = FilterKeyword {
        id: FilterKeywordId(n),
        filter_id: filter.id,
        keyword: "tramway".to_owned(),
        is_whole_word: true,
    };
    Ok(filters::insert_keyword(tx, &keyword)?)
}

fn notification(tx: &mut Tx<'_>, plan: &Plan, n: i64, step: i64) -> Result<()> {
    // Numbers that end in 0 are public and no boosts.
    let post = (plan.statuses - 1 - mixed(n, 20) % (plan.statuses / 2) - step * 10) / 10 * 10;
    let from = plan.account(plan.first_person() + mixed(n * NOTIFICATIONS + step, 21) % plan.persons());
    let (kind, status) = match step % 4 {
        0 => ("follow", None),
        1 => ("favourite", Some(post)),
        2 => ("reblog", Some(post)),
        _ => ("mention", Some(post)),
    };
    let row = Notification {
        id: NotificationId(plan.status(post).0 + n * NOTIFICATIONS + step),
        account_id: plan.account(n),
        kind: kind.to_owned(),
        from_account_id: from,
        status_id: status.map(|s| plan.status(s)),
        unique_key: format!("bench/{n}/{step}"),
        created_at: plan.until,
        report_id: None,
        strike_id: None,
        severance_id: None,
        group_key: String::new(),
        is_filtered: false,
    };
    notifications::insert(tx, &row)?;
    Ok(())
}

/// Two favourites of one of the newest posts.
pub(super) fn favourites(tx: &mut Tx<'_>, plan: &Plan, n: i64) -> Result<()> {
    let post = plan.statuses - 1 - n;
    if post % 10 == 7 {
        return Ok(());
    }
    for salt in [30, 31] {
        favourite(tx, plan, post, plan.first_person() + mixed(n, salt) % plan.persons())?;
    }
    Ok(())
}

fn favourite(tx: &mut Tx<'_>, plan: &Plan, post: i64, by: i64) -> Result<()> {
    let row = Favourite {
        account_id: plan.account(by),
        status_id: plan.status(post),
        id: plan.status(post).0,
        uri: None,
        created_at: plan.until,
        emoji: None,
    };
    reactions::favourite(tx, &row)?;
    Ok(())
}
