//! What links lead to, with the account that the page names as its author. Anybody may write a name into a page, so it shows only while its owner names the
//! site as one that may (Mastodon's `attributionDomains`); that is asked each time, so that taking it back works at once.

use std::collections::HashMap;

use parvis_model::ids::AccountId;
use parvis_model::urls::authority;
use parvis_store::Conn;
use parvis_store::preview_cards::PreviewCard;
use url::Url;

use super::accounts::{AccountView, of_accounts};
use crate::error::Result;

/// See the module.
#[derive(Clone, Debug)]
pub struct CardView {
    pub row: PreviewCard,
    /// Who wrote the page, and says so too.
    pub author: Option<Box<AccountView>>,
}

/// Cards with their authors. No statement more where no page names one.
pub(crate) fn of_cards<K>(c: &mut Conn, cards: Vec<(K, PreviewCard)>) -> Result<Vec<(K, CardView)>> {
    let mut ids: Vec<AccountId> = cards.iter().filter_map(|(_, card)| card.author_account_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let authors: HashMap<AccountId, AccountView> = if ids.is_empty() {
        HashMap::new()
    } else {
        of_accounts(c, &ids)?.into_iter().map(|view| (view.account.id, view)).collect()
    };
    let author = |card: &PreviewCard| {
        let view = authors.get(&card.author_account_id?)?;
        let host = authority(&Url::parse(&card.provider_url).ok()?)?;
        may_name(&view.chosen.attribution_domains, &host).then(|| Box::new(view.clone()))
    };
    Ok(cards.into_iter().map(|(key, row)| (key, CardView { author: author(&row), row })).collect())
}

/// Whether one of these sites (with blanks between) is the host, or above it.
fn may_name(sites: &str, host: &str) -> bool {
    let is_under =
        |site: &str| host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    sites.split_whitespace().any(is_under)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_speaks_for_what_is_under_it_and_for_nothing_else() {
        let sites = "news.example blog.example";
        for good in ["news.example", "www.news.example", "a.b.blog.example"] {
            assert!(may_name(sites, good), "{good}");
        }
        for bad in ["example", "badnews.example", "news.example.evil", "news.example:8443", ""] {
            assert!(!may_name(sites, bad), "{bad}");
        }
        assert!(!may_name("", "news.example"));
    }
}
