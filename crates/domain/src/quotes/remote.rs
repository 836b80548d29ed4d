//! Quotes in posts that come from elsewhere: what they claim, and finding out whether the quoted author allowed it.

use parvis_model::ids::StatusId;
use parvis_model::quote::{Groups, QuotePolicy, QuoteState};
use parvis_model::time::MINUTE;
use parvis_model::urls::is_same_origin;
use parvis_model::visibility::Visibility;
use parvis_store::accounts::Account;
use parvis_store::quotes::{self as rows, Quote};
use parvis_store::statuses::Status;
use parvis_store::{Tx, accounts, jobs};
use url::Url;

use super::Authorization;
use crate::addresses;
use crate::error::{Error, Result};
use crate::events::urls_of;
use crate::outside::Found;
use crate::town::Town;

/// The job that finds out about a quote: `[quoting post, tries that failed]`.
pub const VERIFY: &str = "quotes.verify";
/// The address of everybody (ActivityPub §5.6).
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";
/// Within this, a quote from elsewhere is looked at: not all servers ask the quoted author's at once (threats F11).
const JITTER: i64 = MINUTE / 2;
/// Bytes of an address.
const URL_MAX: usize = 2_048;

/// What a post from elsewhere says that it quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteQuote {
    pub uri: String,
    /// The QuoteAuthorization that it names.
    pub authorization: Option<String>,
    /// It said so in an old way (`quoteUrl`, `_misskey_quote`) that knows no consent.
    pub is_legacy: bool,
}

/// Who may quote a post from elsewhere, as ids of actors and collections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemotePolicy {
    pub automatic: Vec<String>,
    pub manual: Vec<String>,
}

/// Keeps who may quote a post from elsewhere.
///
/// # Errors
/// Internal.
pub fn set_remote_policy(
    tx: &mut Tx<'_>,
    post: &Status,
    author: &Account,
    policy: &RemotePolicy,
) -> Result<()> {
    let groups = |uris: &[String]| {
        uris.iter().fold(Groups::NOBODY, |all, uri| {
            let group = match uri.as_str() {
                PUBLIC | "as:Public" | "Public" => Groups::PUBLIC,
                // The author themselves always may.
                uri if uri == author.uri => Groups::NOBODY,
                uri if !author.followers_uri.is_empty() && uri == author.followers_uri => Groups::FOLLOWERS,
                _ => Groups::UNKNOWN,
            };
            all.and(group)
        })
    };
    let read = QuotePolicy { automatic: groups(&policy.automatic), manual: groups(&policy.manual) };
    let policy = read.of_post(Visibility::from_code(post.visibility));
    if super::policy_of(tx, post.id)? != policy {
        rows::set_policy(tx, post.id, policy)?;
    }
    Ok(())
}

/// Keeps what a post from elsewhere says that it quotes; `None` when it quotes nothing. Nothing of it is believed but what its author can say
/// alone: that they quote themselves.
///
/// # Errors
/// Internal.
pub fn told(tx: &mut Tx<'_>, quoting: &Status, quote: Option<&RemoteQuote>) -> Result<()> {
    let before = rows::of_status(tx, quoting.id)?;
    let Some(quote) = quote.filter(|q| q.uri.len() <= URL_MAX && q.uri != quoting.uri) else {
        if before.is_some() {
            rows::delete(tx, quoting.id)?;
        }
        return Ok(());
    };
    let named = quote.authorization.clone().filter(|uri| uri.len() <= URL_MAX);
    if let Some(known) = before.filter(|b| b.quoted_uri == quote.uri) {
        let is_new = known.state() == QuoteState::Pending && named.is_some() && known.approval_uri != named;
        return if is_new { ask_about(tx, &Quote { approval_uri: named, ..known }) } else { Ok(()) };
    }
    rows::delete(tx, quoting.id)?;
    let quoted = find(tx, &quote.uri)?;
    let is_own = quoted.as_ref().is_some_and(|q| q.account_id == quoting.account_id);
    let row = Quote {
        status_id: quoting.id,
        account_id: quoting.account_id,
        quoted_id: quoted.as_ref().map(|q| q.id),
        quoted_uri: quote.uri.clone(),
        quoted_account_id: quoted.as_ref().map(|q| q.account_id),
        state: if is_own { QuoteState::Accepted } else { QuoteState::Pending }.code(),
        request_uri: None,
        approval_uri: named,
        created_at: tx.now(),
    };
    rows::insert(tx, &row)?;
    // Of ours we know whom we allowed what; without a word of the author there is nothing to find out, unless it may be their own.
    let is_ours = quoted.as_ref().is_some_and(|q| q.is_local);
    let may_be_own = quoted.is_none() && is_same_server(&quote.uri, &quoting.uri);
    if !is_own && !is_ours && (row.approval_uri.is_some() || may_be_own) {
        ask_about(tx, &row)?;
    }
    Ok(())
}

fn ask_about(tx: &mut Tx<'_>, row: &Quote) -> Result<()> {
    rows::save(tx, row)?;
    let wait = i64::try_from(tx.random().below(JITTER.unsigned_abs())).unwrap_or(JITTER);
    let (at, key) = (tx.now().plus(wait), format!("{VERIFY}/{}", row.status_id));
    jobs::enqueue(tx, VERIFY, &format!("[{},0]", row.status_id), Some(&key), at)?;
    tx.notify("jobs", 0);
    Ok(())
}

fn is_same_server(a: &str, b: &str) -> bool {
    matches!((Url::parse(a), Url::parse(b)), (Ok(a), Ok(b)) if is_same_origin(&a, &b))
}

/// A post by its id or, of ours, by its page. Boosts are quoted by nobody.
fn find(tx: &mut Tx<'_>, uri: &str) -> Result<Option<Status>> {
    let urls = urls_of(tx)?;
    Ok(addresses::status(tx, &urls, uri)?.filter(|s| s.boost_of_id.is_none()))
}

/// Finds out about a quote that is pending: fetches the quoted post if it is not here, and the QuoteAuthorization that the quoting post names.
/// `true` when that did not work and may work later.
///
/// # Errors
/// Internal.
pub async fn verify(town: &Town, quoting: StatusId) -> Result<bool> {
    let Some(row) = town.db().read(move |c| pending(c, quoting)).await? else { return Ok(false) };
    if row.quoted_id.is_none() {
        match town.remote().by_url(&row.quoted_uri).await {
            Ok(Some(Found::Status(_))) => {}
            Ok(_) => return Ok(true),
            Err(error @ Error::Internal(_)) => return Err(error),
            Err(_) => return Ok(true),
        }
    }
    let row = town.db().write(move |tx| linked(tx, quoting)).await?;
    let Some((row, author_uri)) = row else { return Ok(false) };
    let Some(approval) = row.approval_uri.clone() else { return Ok(false) };
    // Only the quoted author's own server speaks for them (threats O1).
    if !is_same_server(&approval, &author_uri) {
        return Ok(false);
    }
    match town.remote().quote_authorization(&approval).await {
        Ok(said) => town.db().write(move |tx| believe(tx, quoting, &said)).await.map(|()| false),
        Err(error @ Error::Internal(_)) => Err(error),
        Err(error) => {
            tracing::debug!(%error, %approval, "a quote could not be verified");
            Ok(true)
        }
    }
}

fn pending(c: &mut crate::Conn, quoting: StatusId) -> Result<Option<Quote>> {
    Ok(rows::of_status(c, quoting)?.filter(|q| q.state() == QuoteState::Pending))
}

/// The quote with its quoted post, and the id of its author; what somebody quotes of themselves is accepted on the way.
fn linked(tx: &mut Tx<'_>, quoting: StatusId) -> Result<Option<(Quote, String)>> {
    let Some(mut row) = pending(tx, quoting)? else { return Ok(None) };
    let Some(quoted) = find(tx, &row.quoted_uri)? else { return Ok(None) };
    if row.quoted_id.is_none() {
        row.quoted_id = Some(quoted.id);
        row.quoted_account_id = Some(quoted.account_id);
        rows::save(tx, &row)?;
    }
    if quoted.is_local {
        return Ok(None);
    }
    if quoted.account_id == row.account_id {
        row.state = QuoteState::Accepted.code();
        rows::save(tx, &row)?;
        super::answer::changed(tx, quoting)?;
        return Ok(None);
    }
    Ok(accounts::by_id(tx, quoted.account_id)?.map(|author| (row, author.uri)))
}

/// Accepts a quote if the authorization is of the quoted author, for these two posts and no others.
fn believe(tx: &mut Tx<'_>, quoting: StatusId, said: &Authorization) -> Result<()> {
    let Some(mut row) = pending(tx, quoting)?.filter(|q| q.approval_uri.as_deref() == Some(said.id.as_str()))
    else {
        return Ok(());
    };
    let Some(quoted_id) = row.quoted_id else { return Ok(()) };
    let posts = super::by_id(tx, &[quoting, quoted_id])?;
    let (Some(post), Some(quoted)) = (posts.get(&quoting), posts.get(&quoted_id)) else { return Ok(()) };
    let Some(author) = accounts::by_id(tx, quoted.account_id)? else { return Ok(()) };
    if said.author != author.uri || said.quoting != post.uri || said.quoted != quoted.uri {
        return Ok(());
    }
    row.state = QuoteState::Accepted.code();
    rows::save(tx, &row)?;
    super::answer::changed(tx, quoting)
}
