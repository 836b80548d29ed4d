//! Links on profiles that are really their owner's: the page behind one links back to the profile with `rel="me"`. Looked up by a job after a change
//! and again every week, through the guarded client (threats F4), https only. What is verified stands in the profile line itself.

use parvis_model::account::ProfileField;
use parvis_model::ids::AccountId;
use parvis_model::time::{DAY, Moment};
use parvis_store::accounts::{self as rows, Account};
use parvis_store::{Conn, Tx, jobs};
use url::Url;

use crate::Town;
use crate::error::{Error, Result};

/// The job that looks.
pub const VERIFY: &str = "accounts.verify_links";
/// After so long a link is looked at again.
pub const AGAIN: i64 = 7 * DAY;

/// The address in a profile line that can be verified: https, a name, no login, and nothing else in the line.
#[must_use]
pub fn verifiable(source: &str) -> Option<Url> {
    let url = Url::parse(source.trim()).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && is_plain && matches!(url.host(), Some(url::Host::Domain(_)))).then_some(url)
}

/// Whether a link on a page points to a profile of ours: its page or its id, with or without a slash at the end.
fn is_ours(link: &str, page: &Url, own: &[String]) -> bool {
    let Ok(url) = page.join(link) else { return false };
    let plain = |text: &str| text.trim_end_matches('/').to_owned();
    own.iter().any(|address| plain(url.as_str()) == plain(address))
}

/// What was seen behind a link.
#[derive(Clone, Debug)]
struct Seen {
    source: String,
    /// `None`: the page did not answer, which says nothing.
    is_verified: Option<bool>,
}

/// Leaves it to the job to look at the links of an account, soon. A listener of `server::wire`, through `jobs::on_event`.
///
/// # Errors
/// Internal.
pub fn later(tx: &mut Tx<'_>, id: AccountId) -> Result<()> {
    let Some(account) = rows::by_id(tx, id)?.filter(|a| a.is_local() && a.is_active()) else { return Ok(()) };
    if sources(&account).is_empty() {
        return Ok(());
    }
    // A look that is planned for next week is made now instead.
    let (now, key) = (tx.now(), format!("{VERIFY}/{id}"));
    jobs::finish_by_key(tx, &key)?;
    jobs::enqueue(tx, VERIFY, &format!("[{id}]"), Some(&key), now)?;
    tx.notify("jobs", 0);
    Ok(())
}

fn fields(account: &Account) -> Vec<ProfileField> {
    serde_json::from_str(&account.fields).unwrap_or_default()
}

/// The lines of an account that can be verified, as typed.
fn sources(account: &Account) -> Vec<String> {
    let typed = fields(account).into_iter().filter_map(|f| f.value_source);
    typed.filter(|source| verifiable(source).is_some()).collect()
}

/// Looks at all links of an account; when to look again, if there is anything to look at.
///
/// # Errors
/// Internal.
pub async fn verify(town: &Town, id: AccountId) -> Result<Option<Moment>> {
    let found = town.db().read(move |c| active(c, id)).await?;
    let Some(account) = found else { return Ok(None) };
    let own = [account.url.clone(), account.uri.clone()];
    let mut seen = Vec::new();
    for source in sources(&account) {
        let Some(url) = verifiable(&source).filter(|url| !town.urls().is_ours(url)) else { continue };
        let is_verified = match town.remote().page(url.as_str()).await {
            // A page that came by plain http in the end proves nothing.
            Ok(page) => Url::parse(&page.url).ok().map(|at| {
                let html = String::from_utf8_lossy(&page.bytes);
                at.scheme() == "https"
                    && parvis_text::rel_me::links(&html).iter().any(|link| is_ours(link, &at, &own))
            }),
            Err(Error::Internal(inner)) => return Err(Error::Internal(inner)),
            Err(problem) => {
                tracing::debug!(%url, %problem, "a page that somebody names as theirs did not answer");
                None
            }
        };
        seen.push(Seen { source, is_verified });
    }
    if seen.is_empty() {
        return Ok(None);
    }
    town.db().write(move |tx| note(tx, id, &seen)).await?;
    Ok(Some(town.now().plus(AGAIN)))
}

fn active(c: &mut Conn, id: AccountId) -> Result<Option<Account>> {
    Ok(rows::by_id(c, id)?.filter(|a| a.is_local() && a.is_active()))
}

/// Writes what was seen into the lines that are still there. It is no change of the profile: nothing is told to other servers.
fn note(tx: &mut Tx<'_>, id: AccountId, seen: &[Seen]) -> Result<()> {
    let Some(mut account) = active(tx, id)? else { return Ok(()) };
    let now = tx.now();
    let mut lines = fields(&account);
    for line in &mut lines {
        let looked = seen.iter().find(|s| line.value_source.as_ref() == Some(&s.source));
        line.verified_at = match looked.and_then(|s| s.is_verified) {
            Some(true) => line.verified_at.or(Some(now)),
            Some(false) => None,
            None => line.verified_at,
        };
    }
    let json = serde_json::to_string(&lines).map_err(|e| Error::internal(format!("profile fields: {e}")))?;
    if json == account.fields {
        return Ok(());
    }
    account.fields = json;
    account.version += 1;
    Ok(rows::save(tx, &account)?)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;
    use parvis_model::handle::Address;

    use super::*;
    use crate::accounts::profile::{self, Change};
    use crate::outside::{Found, Remote, WebPage};
    use crate::testing::{Town, both};

    /// Pages by their address: where they came from in the end, and what stands there.
    #[derive(Debug, Default)]
    struct Web {
        pages: Mutex<HashMap<String, WebPage>>,
        asked: Mutex<Vec<String>>,
    }

    #[async_trait]
    impl Remote for Web {
        async fn account_by_address(&self, _: &Address) -> Result<Option<AccountId>> {
            Ok(None)
        }

        async fn by_url(&self, _: &str) -> Result<Option<Found>> {
            Ok(None)
        }

        async fn page(&self, url: &str) -> Result<WebPage> {
            self.asked.lock().unwrap().push(url.to_owned());
            self.pages.lock().unwrap().get(url).cloned().ok_or(Error::Remote("nothing".to_owned()))
        }

        async fn picture(&self, _: &str, _: usize) -> Result<Vec<u8>> {
            Err(Error::NotFound)
        }
    }

    impl Web {
        fn says(&self, url: &str, address: &str, html: &str) {
            let page =
                WebPage { url: address.to_owned(), content_type: None, bytes: html.as_bytes().to_vec() };
            self.pages.lock().unwrap().insert(url.to_owned(), page);
        }
    }

    async fn lines(town: &Town, id: AccountId, values: &[&str]) {
        let fields = values.iter().map(|v| ("Page".to_owned(), (*v).to_owned())).collect();
        let change = Change { fields: Some(fields), ..Change::default() };
        town.write(move |tx| profile::update(tx, id, &change)).await;
    }

    async fn verified(town: &Town, id: AccountId) -> Vec<bool> {
        let account = town.read(move |c| crate::accounts::find::by_id(c, id)).await;
        fields(&account).iter().map(|f| f.verified_at.is_some()).collect()
    }

    #[tokio::test]
    async fn a_link_is_verified_when_its_page_links_back_and_no_longer_than_that() {
        both(|town| async move {
            let web = Arc::new(Web::default());
            town.connect(web.clone());
            let ana = town.resident("ana").await;
            lines(&town, ana, &["https://ana.example/", "https://other.example/", "https://silent.example/"])
                .await;
            let back = r#"<a rel="me" href="http://town.example/@ana">me</a>"#;
            web.says("https://ana.example/", "https://ana.example/", back);
            web.says(
                "https://other.example/",
                "https://other.example/",
                r#"<a href="http://town.example/@ana">her</a>"#,
            );
            let next = verify(&town, ana).await.unwrap();
            assert_eq!(next, Some(town.now().plus(AGAIN)));
            assert_eq!(verified(&town, ana).await, [true, false, false]);
            lines(&town, ana, &["https://ana.example/", "https://silent.example/"]).await;
            assert_eq!(verified(&town, ana).await, [true, false], "a line that stays keeps what was seen");
            web.pages.lock().unwrap().clear();
            verify(&town, ana).await.unwrap();
            assert_eq!(verified(&town, ana).await, [true, false], "a page that does not answer says nothing");
            web.says("https://ana.example/", "https://ana.example/", "sold");
            verify(&town, ana).await.unwrap();
            assert_eq!(verified(&town, ana).await, [false, false]);
            lines(&town, ana, &["no link"]).await;
            assert_eq!(verify(&town, ana).await.unwrap(), None);
        })
        .await;
    }

    #[tokio::test]
    async fn f4_only_https_pages_of_others_are_asked_and_only_https_proves_something() {
        let town = Town::new().await;
        let web = Arc::new(Web::default());
        town.connect(web.clone());
        let ana = town.resident("ana").await;
        let back = r#"<link href="http://town.example/users/ana/" rel="me">"#;
        web.says("https://down.example/", "http://down.example/", back);
        for (value, is_asked) in [
            ("http://ana.example/", false),
            ("https://127.0.0.1/", false),
            ("https://[::1]/", false),
            ("https://u:p@ana.example/", false),
            ("javascript:alert(1)", false),
            ("see https://ana.example/", false),
            ("https://down.example/", true),
        ] {
            web.asked.lock().unwrap().clear();
            lines(&town, ana, &[value]).await;
            verify(&town, ana).await.unwrap();
            assert_eq!(!web.asked.lock().unwrap().is_empty(), is_asked, "{value}");
            assert_eq!(verified(&town, ana).await, [false], "{value}");
        }
    }
}
