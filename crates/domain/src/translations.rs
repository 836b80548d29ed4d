//! Posts in other languages, by the LibreTranslate service that the settings name (`translation.service_url`); without one, there are none. Only posts
//! for everybody leave the town that way, as in Mastodon. What comes back is foreign: it is sanitised like every other HTML (threats X3), and
//! kept for a day, so that a post that many read is translated once.

mod libre;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use parvis_model::ids::{MediaId, PollId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::time::DAY;
use parvis_store::Tx;
use parvis_store::translations::{self as rows, Translation as Kept};
use parvis_text::sanitise;

use crate::access::{self, Viewer};
use crate::error::{Error, OrNotFound, Result};
use crate::known_languages::Pairs;
use crate::secrets;
use crate::town::Town;
use crate::views::{self, StatusView};

/// How long a translation is kept.
const KEPT_FOR: i64 = DAY;
/// Bytes that are sent to the service, at most.
const SENT_MAX: usize = 65_536;
/// Bytes of a translation that are kept, at most.
const ANSWER_MAX: usize = 200_000;
/// The language of texts of which nobody said it: the service finds out.
pub const UNKNOWN: &str = "und";

/// A post in another language. `content` is clean HTML, everything else is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    pub content: String,
    pub warning: String,
    /// Descriptions of the media that have one.
    pub media: Vec<(MediaId, String)>,
    /// The options of the poll.
    pub poll: Option<(PollId, Vec<String>)>,
    /// The language it is in now.
    pub language: String,
    /// The language it was in.
    pub source_language: String,
    /// Who translated.
    pub provider: &'static str,
}

/// Whether posts can be translated at all.
#[must_use]
pub fn is_on(town: &Town) -> bool {
    town.settings().translation.service_url.is_some()
}

/// From which language into which others; empty when nothing is translated here.
///
/// # Errors
/// [`Error::Remote`] when the service does not answer.
pub async fn languages(town: &Town) -> Result<Arc<Pairs>> {
    if !is_on(town) {
        return Ok(Arc::default());
    }
    let now = town.now();
    match town.languages().ask(now) {
        Some(pairs) => Ok(pairs),
        None => Ok(town.languages().keep(now, libre::languages(town).await?)),
    }
}

/// A post that the viewer may see, in the language `to`.
///
/// # Errors
/// [`Error::NotFound`] for a post that is not there, and when nothing is translated here; `Forbidden(NotTranslatable)` for posts that are for few and for languages
/// that the service does not know; [`Error::Remote`] when it does not answer.
pub async fn translate(town: &Town, viewer: Viewer, id: StatusId, to: &str) -> Result<Translation> {
    let mut view = town
        .db()
        .read(move |c| {
            access::status(c, viewer, id)?;
            views::of_status(c, viewer, id)?.or_not_found()
        })
        .await?;
    if let Some(original) = view.boost_of.take() {
        view = *original;
    }
    if !is_on(town) {
        return Err(Error::NotFound);
    }
    let not_permitted = || Error::Forbidden(Refusal::NotTranslatable);
    let pairs = languages(town).await?;
    let to = known(to, |l| pairs.values().any(|all| all.iter().any(|t| t == l))).ok_or_else(not_permitted)?;
    let from = match view.status.language.as_deref() {
        Some(tag) => known(tag, |l| pairs.contains_key(l)).ok_or_else(not_permitted)?,
        None => UNKNOWN.to_owned(),
    };
    let is_paired = pairs.get(&from).is_some_and(|targets| targets.contains(&to));
    if !view.visibility.is_for_everybody() || !is_paired {
        return Err(not_permitted());
    }
    let sent = texts(&view);
    if sent.iter().map(String::len).sum::<usize>() > SENT_MAX {
        return Err(not_permitted());
    }
    let (source_language, answer) = answered(town, view.status.id, &from, &to, sent).await?;
    put_together(&view, &answer, source_language, to)
}

/// A language as the service names it: exactly, or without the region.
fn known(tag: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    let plain = tag.split('-').next().unwrap_or_default();
    [tag, plain].into_iter().find(|l| is_known(l)).map(str::to_owned)
}

/// Everything of a post that is translated, as HTML, in the order in which [`put_together`] reads it.
fn texts(view: &StatusView) -> Vec<String> {
    let options = view.poll.iter().flat_map(|poll| &poll.options).map(|option| &option.title);
    let descriptions = view.media.iter().map(|m| &m.description).filter(|text| !text.is_empty());
    let plain = std::iter::once(&view.status.warning).chain(options).chain(descriptions);
    std::iter::once(view.status.html.clone()).chain(plain.map(|text| sanitise::escaped(text))).collect()
}

/// The texts in the other language and the one they were in: kept from before, or asked for now.
async fn answered(
    town: &Town,
    id: StatusId,
    from: &str,
    to: &str,
    sent: Vec<String>,
) -> Result<(String, Vec<String>)> {
    let hash = secrets::hash(&sent.join("\u{0}"));
    let language = to.to_owned();
    let kept = town.db().read(move |c| Ok::<_, Error>(rows::of_status(c, id, &language)?)).await?;
    let now = town.now();
    if let Some(kept) = kept.filter(|k| k.source_hash == hash && k.created_at > now.minus(KEPT_FOR)) {
        let texts = serde_json::from_str(&kept.answer).map_err(|e| Error::internal(e.to_string()))?;
        return Ok((kept.source_language, texts));
    }
    let (source_language, texts) = libre::translate(town, from, to, &sent).await?;
    let answer = serde_json::to_string(&texts).map_err(|e| Error::internal(e.to_string()))?;
    if answer.len() <= ANSWER_MAX {
        let row = Kept {
            status_id: id,
            language: to.to_owned(),
            source_hash: hash,
            source_language: source_language.clone(),
            answer,
            created_at: now,
        };
        town.db().write(move |tx| keep(tx, &row)).await?;
    }
    Ok((source_language, texts))
}

/// Keeps a translation in place of what was; of a post that went meanwhile, nothing.
fn keep(tx: &mut Tx<'_>, row: &Kept) -> Result<()> {
    if parvis_store::statuses::by_id(tx, row.status_id)?.is_none() {
        return Ok(());
    }
    rows::remove(tx, row.status_id, &row.language)?;
    Ok(rows::insert(tx, row)?)
}

/// Puts what came back where it belongs. Nothing of it is trusted.
fn put_together(
    view: &StatusView,
    answer: &[String],
    source_language: String,
    language: String,
) -> Result<Translation> {
    let mut texts = answer.iter();
    let mut next = || texts.next().ok_or_else(|| Error::Remote("a translation lacks texts".to_owned()));
    let content = sanitise::html(next()?);
    let mut plain = || Ok::<_, Error>(sanitise::plain_text(next()?));
    let warning = plain()?;
    let poll = match &view.poll {
        Some(poll) => {
            let options: Result<Vec<String>> = poll.options.iter().map(|_| plain()).collect();
            Some((poll.poll.id, options?))
        }
        None => None,
    };
    let described = view.media.iter().filter(|m| !m.description.is_empty());
    let media: Result<Vec<(MediaId, String)>> = described.map(|m| Ok((m.id, plain()?))).collect();
    Ok(Translation {
        content,
        warning,
        media: media?,
        poll,
        language,
        source_language,
        provider: libre::NAME,
    })
}

/// Forgets old translations.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize> {
    let before = tx.now().minus(KEPT_FOR);
    Ok(rows::forget(tx, before)?)
}
