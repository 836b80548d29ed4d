//! Posts of all kinds, with mentions, hashtags, pictures, previews and polls.

use parvis_model::ids::{CardId, MediaId, PollId, StatusId, TagId, ThreadId};
use parvis_model::quote::QuotePolicy;
use parvis_model::time::DAY;
use parvis_store::media::{self, Media};
use parvis_store::polls::{self, Poll, PollOption};
use parvis_store::preview_cards::{self, PreviewCard};
use parvis_store::status_parts::{self, Tag};
use parvis_store::statuses::{self, Status};
use parvis_store::{quotes, timelines};

use super::{ANSWERS, DEPARTMENTS, FIRST_VIEWER, Plan, SPEAKER, THREADS, mixed, people};
use crate::Tx;
use crate::error::Result;
use crate::events::context_of;

const TAGS: i64 = 500;
const CARDS: i64 = 500;
const WORDS: [&str; 16] = [
    "market",
    "mairie",
    "place",
    "concert",
    "school",
    "bridge",
    "tram",
    "river",
    "garden",
    "library",
    "été",
    "council",
    "bread",
    "Saturday",
    "street",
    "neighbours",
];

/// What a post is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Answer(i64),
    Boost(i64),
}

/// The first post of the speaker's conversation in which a post stands.
fn conversation(plan: &Plan, n: i64) -> Option<i64> {
    let (number, place) = (n / plan.stride(), n % plan.stride());
    (number < THREADS && place <= ANSWERS).then_some(n - place)
}

fn kind(plan: &Plan, n: i64) -> Kind {
    match (conversation(plan, n), n % 10) {
        (Some(first), _) if first == n => Kind::Plain,
        (Some(first), _) => Kind::Answer(if n % 2 == 0 { n - 1 } else { first }),
        (None, 7) => Kind::Boost(n - 7),
        (None, 3) => Kind::Answer(n - 3),
        (None, _) => Kind::Plain,
    }
}

/// Who wrote a post.
pub(super) fn author(plan: &Plan, n: i64) -> i64 {
    if conversation(plan, n) == Some(n) {
        return SPEAKER;
    }
    match mixed(n, 10) % 1_000 {
        r if r < DEPARTMENTS => r,
        r if r < 50 => FIRST_VIEWER + mixed(n, 11) % plan.viewers,
        _ => plan.first_person() + mixed(n, 12) % plan.persons(),
    }
}

/// Mastodon's order: 0 public, 1 unlisted, 2 private.
fn visibility(plan: &Plan, n: i64) -> i16 {
    match mixed(n, 13) % 20 {
        _ if n % 10 == 0 || kind(plan, n) != Kind::Plain => 0,
        0 => 2,
        1..=3 => 1,
        _ => 0,
    }
}

/// Hashtags and link previews that many posts share.
pub(super) fn shared(tx: &mut Tx<'_>, plan: &Plan) -> Result<()> {
    for n in 0..TAGS {
        let name = format!("tag{n}");
        status_parts::add_tag(tx, &Tag { id: TagId(n + 1), display: name.clone(), name })?;
    }
    for n in 0..CARDS {
        let card = PreviewCard {
            id: CardId(n + 1),
            url: format!("https://news.example/{n}"),
            title: format!("The town decides on matter {n}"),
            description: "What was said in the council, who voted for what, and when work on it begins."
                .to_owned(),
            author_name: String::new(),
            author_url: String::new(),
            provider_name: "News".to_owned(),
            provider_url: String::new(),
            language: Some("en".to_owned()),
            image_key: None,
            image_description: String::new(),
            width: 0,
            height: 0,
            blurhash: None,
            published_at: None,
            fetched_at: Some(plan.until),
            created_at: plan.until,
            author_account_id: None,
        };
        preview_cards::insert(tx, &card)?;
    }
    for n in 0..DEPARTMENTS {
        timelines::make_big(tx, plan.account(n))?;
    }
    Ok(())
}

/// One post with all that belongs to it.
pub(super) fn status(tx: &mut Tx<'_>, plan: &Plan, n: i64) -> Result<()> {
    let author = author(plan, n);
    let (is_local, kind, id) = (plan.is_local(author), kind(plan, n), plan.status(n));
    let at = plan.written_at(n);
    let name = people::username(plan, author);
    let uri = if is_local {
        context_of(tx)?.urls.status(&name, id)
    } else {
        format!("https://{}/users/{name}/statuses/{id}", people::host(plan, author))
    };
    let parent = match kind {
        Kind::Answer(parent) => Some(parent),
        Kind::Plain | Kind::Boost(_) => None,
    };
    let parent_uri = parent.map(|p| format!("https://bench.example/parents/{p}"));
    let tag = (n % 5 == 1).then(|| mixed(n, 14) % TAGS);
    let row = Status {
        id,
        url: if is_local { context_of(tx)?.urls.status_page(&name, id) } else { uri.clone() },
        account_id: plan.account(author),
        is_local,
        source: String::new(),
        html: if matches!(kind, Kind::Boost(_)) { String::new() } else { html(n, tag) },
        warning: if n % 40 == 2 { "A long story".to_owned() } else { String::new() },
        is_sensitive: n % 40 == 2,
        language: Some("en".to_owned()),
        visibility: visibility(plan, n),
        in_reply_to_id: parent.map(|p| plan.status(p)),
        in_reply_to_uri: parent_uri,
        in_reply_to_account_id: parent.map(|p| plan.account(self::author(plan, p))),
        thread_id: ThreadId(plan.status(conversation(plan, n).or(parent).unwrap_or(n)).0),
        boost_of_id: match kind {
            Kind::Boost(original) => Some(plan.status(original)),
            _ => None,
        },
        app_id: is_local.then_some(plan.app()),
        created_at: at,
        edited_at: None,
        context_uri: None,
        version: 1,
        uri,
    };
    statuses::insert(tx, &row)?;
    if author < DEPARTMENTS {
        timelines::add_big(tx, id, plan.account(author))?;
    }
    if matches!(kind, Kind::Boost(_)) { Ok(()) } else { parts(tx, plan, n, tag, parent) }
}

fn parts(tx: &mut Tx<'_>, plan: &Plan, n: i64, tag: Option<i64>, parent: Option<i64>) -> Result<()> {
    let (id, owner) = (plan.status(n), plan.account(author(plan, n)));
    if let Some(tag) = tag {
        status_parts::add_tags(tx, id, &[TagId(tag + 1)])?;
    }
    if let Some(parent) = parent {
        status_parts::add_mentions(tx, id, &[plan.account(author(plan, parent))])?;
    }
    if plan.is_local(author(plan, n)) && n % 2 == 0 {
        quotes::set_policy(tx, id, QuotePolicy::from_default(2))?;
    }
    match n % 20 {
        4 | 14 => media::insert(tx, &picture(plan, n, id, owner))?,
        5 => preview_cards::attach(tx, id, CardId(mixed(n, 15) % CARDS + 1))?,
        9 if n % 100 == 9 => poll(tx, plan, n, id)?,
        _ => {}
    }
    Ok(())
}

fn html(n: i64, tag: Option<i64>) -> String {
    let mut text = format!("<p>No. {n}:");
    for step in 0..(10 + mixed(n, 16) % 40) {
        let word = usize::try_from(mixed(n * 64 + step, 17) % 16).unwrap_or(0);
        text.push(' ');
        text.push_str(WORDS.get(word).copied().unwrap_or_default());
    }
    if let Some(tag) = tag {
        text.push_str(&format!(
            " <a href=\"http://bench.example/tags/tag{tag}\" class=\"mention hashtag\" rel=\"tag\">#<span>tag{tag}</span></a>"
        ));
    }
    text + ".</p>"
}

fn picture(plan: &Plan, n: i64, id: StatusId, owner: parvis_model::ids::AccountId) -> Media {
    Media {
        status_id: Some(id),
        mime: "image/jpeg".to_owned(),
        description: "The square in the evening, with people".to_owned(),
        blurhash: Some("LEHV6nWB2yk8pyo0adR*.7kCMdnj".to_owned()),
        width: 1200,
        height: 800,
        small_width: 640,
        small_height: 427,
        file_key: Some(format!("{n}.jpg")),
        small_key: Some(format!("{n}-small.jpg")),
        ..Media::new(MediaId(id.0), owner, "image", plan.written_at(n))
    }
}

fn poll(tx: &mut Tx<'_>, plan: &Plan, n: i64, status_id: StatusId) -> Result<()> {
    let id = PollId(status_id.0);
    let poll = Poll {
        id,
        status_id,
        is_multiple: false,
        hides_totals: false,
        expires_at: Some(plan.written_at(n).plus(7 * DAY)),
        remote_voters: None,
        fetched_at: None,
    };
    polls::insert(tx, &poll)?;
    let option = |position, title: &str| PollOption {
        poll_id: id,
        position,
        title: title.to_owned(),
        remote_votes: 0,
    };
    Ok(polls::insert_options(tx, &[option(0, "Yes"), option(1, "No"), option(2, "Later")])?)
}
