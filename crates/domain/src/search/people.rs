//! Finding accounts by the beginnings of their words: those of what they are called and of their user names (`accounts::names`).

use std::collections::HashMap;

use parvis_model::ids::AccountId;
use parvis_store::account_words::{self as rows, Among};
use parvis_store::accounts::Account;
use parvis_store::{Conn, accounts};
use parvis_text::words::folded;

use super::Query;
use crate::access::{self, Viewer};
use crate::accounts::find;
use crate::error::Result;
use crate::views::{self, AccountView};

/// Words of a question that are looked for.
const WORDS: usize = 4;
/// Accounts of one page.
const PAGE_MAX: i64 = 80;
/// Accounts that can be leafed through.
const LEAFED_MAX: i64 = 400;

/// Those first whom the viewer follows, then people of this town, then others; among them by the word that fits. A fixed number of statements.
pub(super) fn find(c: &mut Conn, viewer: Viewer, text: &str, query: &Query) -> Result<Vec<AccountView>> {
    let words = folded(text, WORDS);
    let (limit, offset) = (query.limit.clamp(1, PAGE_MAX), query.offset.max(0));
    if words.is_empty() || offset >= LEAFED_MAX {
        return Ok(Vec::new());
    }
    let followed = viewer.map(Among::FollowedBy);
    let others = [Among::Local, Among::Remote].into_iter().filter(|_| !query.only_followed);
    let mut ids: Vec<AccountId> = Vec::new();
    for among in followed.into_iter().chain(others) {
        // Somebody may have two words that fit.
        for id in rows::find(c, &words, among, 2 * (limit + offset))? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    let mut known: HashMap<AccountId, Account> =
        accounts::by_ids(c, &ids)?.into_iter().map(|a| (a.id, a)).collect();
    let found = ids.iter().filter_map(|id| known.remove(id)).collect();
    let open = find::open_among(c, found)?;
    let open = access::unbarred(c, open)?;
    let shown = access::without_quiet(c, viewer, open)?;
    let place = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    let page: Vec<AccountId> =
        shown.into_iter().skip(place(offset)).take(place(limit)).map(|a| a.id).collect();
    views::of_accounts(c, &page)
}
