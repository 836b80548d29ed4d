//! What filters find and keep, on both databases.

use parvis_model::filter::{Contexts, FILTERS_MAX, FilterAction, KEYWORD_MAX};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::time::{DAY, HOUR};
use parvis_model::visibility::Visibility;

use super::{FilterView, KeywordChange, Wanted, all, create, delete, old, one, parts, update};
use crate::polls::PollDraft;
use crate::statuses::{self, Draft};
use crate::testing::{Town, both, cost_of};
use crate::views::{self, Place};
use crate::{Error, Result, Tx, crowd};

fn keyword(text: &str) -> KeywordChange {
    KeywordChange { text: Some(text.to_owned()), ..KeywordChange::default() }
}

fn against(texts: &[&str]) -> Wanted {
    Wanted {
        title: Some(texts.concat()),
        contexts: Contexts::parse(&["home".to_owned()]),
        keywords: texts.iter().map(|t| keyword(t)).collect(),
        ..Wanted::default()
    }
}

async fn filter(town: &Town, owner: AccountId, wanted: Wanted) -> FilterView {
    town.write(move |tx| create(tx, owner, &wanted)).await
}

async fn say(town: &Town, who: AccountId, text: &str) -> StatusId {
    let draft = Draft { text: text.to_owned(), ..Draft::default() };
    town.write(move |tx| statuses::publish(tx, who, &draft)).await
}

/// What the viewer's filters find: the title of each, and the keyword.
async fn found(town: &Town, viewer: AccountId, post: StatusId) -> Vec<(String, Option<String>)> {
    let view = town.read(move |c| views::of_status(c, Some(viewer), post)).await.expect("seen");
    view.filtered.into_iter().map(|f| (f.filter.title.clone(), f.keyword)).collect()
}

fn hit(title: &str, keyword: &str) -> (String, Option<String>) {
    (title.to_owned(), Some(keyword.to_owned()))
}

#[tokio::test]
async fn a_post_says_which_filters_of_its_reader_it_matches() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        filter(&town, ana, against(&["football"])).await;
        filter(&town, ana, against(&["#match", "goal"])).await;
        filter(&town, ben, against(&["theatre"])).await;
        let draft = Draft {
            text: "FOOTBALL: a <b>goal</b> & more, theatre".to_owned(),
            warning: "the #Match".to_owned(),
            ..Draft::default()
        };
        let post = town.write(move |tx| statuses::publish(tx, ben, &draft)).await;
        assert_eq!(found(&town, ana, post).await, [hit("football", "FOOTBALL"), hit("#matchgoal", "#Match")]);
        assert_eq!(found(&town, ben, post).await, [hit("theatre", "theatre")], "one's own filters only");
        let nobody = town.read(move |c| views::of_status(c, None, post)).await.expect("seen");
        assert!(nobody.filtered.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_filter_looks_at_what_a_poll_asks_too() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        filter(&town, ana, against(&["football"])).await;
        let options = ["More football", "More theatre"].map(str::to_owned).to_vec();
        let poll = PollDraft { options, seconds: Some(3_600), ..PollDraft::default() };
        let draft = Draft { text: "What do we need?".to_owned(), poll: Some(poll), ..Draft::default() };
        let asked = town.write(move |tx| statuses::publish(tx, ben, &draft)).await;
        assert_eq!(found(&town, ana, asked).await, [hit("football", "football")]);
        let crowd = town.read(move |c| crowd::on_timelines(c, asked, &[ana])).await.unwrap();
        assert_eq!(crowd.seen_by(ana).unwrap().filtered.len(), 1, "in streams too");
    })
    .await;
}

#[tokio::test]
async fn a_filter_ends_when_it_is_to_end() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let wanted = Wanted { expires_in: Some(Some(3_600)), ..against(&["rain"]) };
        let made = filter(&town, ana, wanted).await;
        let post = say(&town, ben, "rain again").await;
        assert_eq!(found(&town, ana, post).await.len(), 1);
        town.clock.advance(HOUR);
        assert_eq!(found(&town, ana, post).await, []);
        assert_eq!(town.read(move |c| all(c, ana)).await.len(), 1, "it is still there to be renewed");
        let for_ever = Wanted { expires_in: Some(None), ..Wanted::default() };
        town.write(move |tx| update(tx, ana, made.filter.id, &for_ever)).await;
        town.clock.advance(365 * DAY);
        assert_eq!(found(&town, ana, post).await.len(), 1);
        let longest = Wanted { expires_in: Some(Some(i64::MAX)), ..Wanted::default() };
        let ends = town.write(move |tx| update(tx, ana, made.filter.id, &longest)).await.filter.expires_at;
        assert!(ends.is_some_and(|at| at > town.handle().now()));
    })
    .await;
}

#[tokio::test]
async fn a_single_post_is_filtered_also_where_it_is_boosted() {
    both(|town| async move {
        let (ana, ben, cleo) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cleo").await);
        let made = filter(&town, ana, against(&["unused"])).await.filter;
        let (post, other) = (say(&town, ben, "one").await, say(&town, ben, "two").await);
        let boost = town.write(move |tx| statuses::boost(tx, cleo, post, None)).await;
        let row = town.write(move |tx| parts::add_status(tx, ana, made.id, post)).await;
        let page = town
            .read(move |c| views::of_statuses(c, Some(ana), &[boost, post, other], Place::Timeline))
            .await;
        let named: Vec<Vec<StatusId>> =
            page.iter().map(|v| v.filtered.iter().flat_map(|f| f.statuses.clone()).collect()).collect();
        assert_eq!(named, [vec![post], vec![post], vec![]]);
        let as_ben = town.read(move |c| views::of_status(c, Some(ben), boost)).await.unwrap();
        assert!(as_ben.filtered.is_empty());
        let crowd = town.read(move |c| crowd::on_timelines(c, boost, &[ana, ben])).await.unwrap();
        let as_ana = crowd.seen_by(ana).unwrap();
        assert_eq!(as_ana.filtered, page[0].filtered, "a stream says what a page says");
        assert_eq!(as_ana.boost_of.unwrap().filtered, page[1].filtered);
        let as_ben = crowd.seen_by(ben).unwrap();
        assert!(as_ben.filtered.is_empty() && as_ben.boost_of.unwrap().filtered.is_empty());
        let twice = town.db().write(move |tx| parts::add_status(tx, ana, made.id, post)).await;
        assert!(matches!(twice, Err(Error::Invalid(p)) if p[0].refusal == Refusal::AlreadyThere));
        let secret = Draft { text: "@cleo".to_owned(), visibility: Visibility::Direct, ..Draft::default() };
        let secret = town.write(move |tx| statuses::publish(tx, ben, &secret)).await;
        let unseen = town.db().write(move |tx| parts::add_status(tx, ana, made.id, secret)).await;
        assert!(matches!(unseen, Err(Error::NotFound)), "a filter tells nothing of what one may not see");
        town.write(move |tx| parts::remove_status(tx, ana, row.id)).await;
        assert_eq!(found(&town, ana, post).await, []);
    })
    .await;
}

#[tokio::test]
async fn keywords_change_with_their_filter_all_or_none() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let made = filter(&town, ana, against(&["one", "two"])).await;
        let other = filter(&town, ana, against(&["three"])).await;
        let (first, second, foreign) = (made.keywords[0].id, made.keywords[1].id, other.keywords[0].id);
        let wanted = Wanted {
            action: Some(FilterAction::Blur),
            keywords: vec![
                KeywordChange { id: Some(first), is_whole_word: Some(false), ..KeywordChange::default() },
                KeywordChange { id: Some(second), removes: true, ..KeywordChange::default() },
                keyword("four"),
            ],
            ..Wanted::default()
        };
        let id = made.filter.id;
        let changed = town.write(move |tx| update(tx, ana, id, &wanted)).await;
        let words: Vec<(&str, bool)> =
            changed.keywords.iter().map(|k| (k.keyword.as_str(), k.is_whole_word)).collect();
        assert_eq!(words, [("one", false), ("four", true)]);
        let steals = Wanted {
            title: Some("stolen".to_owned()),
            keywords: vec![KeywordChange { id: Some(foreign), removes: true, ..KeywordChange::default() }],
            ..Wanted::default()
        };
        let refused = town.db().write(move |tx| update(tx, ana, id, &steals)).await;
        assert!(matches!(refused, Err(Error::NotFound)));
        assert_eq!(town.read(move |c| one(c, ana, id)).await, changed);
        assert_eq!(town.read(move |c| one(c, ana, other.filter.id)).await.keywords.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn j1_filters_have_lengths_and_an_end() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let long = "é".repeat(KEYWORD_MAX + 1);
        for (wanted, refusal) in [
            (Wanted { title: None, ..against(&["x"]) }, Refusal::TitleMissing),
            (Wanted { contexts: None, ..against(&["x"]) }, Refusal::ContextMissing),
            (Wanted { title: Some("t".to_owned()), ..against(&[&long]) }, Refusal::TextTooLong),
            (Wanted { title: Some("t".to_owned()), ..against(&[" "]) }, Refusal::KeywordMissing),
        ] {
            let made = town.db().write(move |tx| create(tx, ana, &wanted)).await;
            assert!(matches!(&made, Err(Error::Invalid(p)) if p[0].refusal == refusal), "{made:?}");
        }
        assert_eq!(town.read(move |c| all(c, ana)).await, [], "nothing half made");
        let longest = "é".repeat(KEYWORD_MAX);
        filter(&town, ana, Wanted { title: Some("long".to_owned()), ..against(&[&longest]) }).await;
        for n in 1..FILTERS_MAX {
            filter(&town, ana, Wanted { title: Some(n.to_string()), ..against(&[]) }).await;
        }
        let more = town.db().write(move |tx| create(tx, ana, &against(&["more"]))).await;
        assert!(matches!(more, Err(Error::Refused(Refusal::TooManyKept))));
    })
    .await;
}

#[tokio::test]
async fn what_filters_cost_does_not_depend_on_the_page() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        filter(&town, ana, against(&["rain"])).await;
        let mut posts = Vec::new();
        for text in ["rain", "sun", "rain and sun", "snow"] {
            posts.push(say(&town, ben, text).await);
        }
        let mut costs = Vec::new();
        for some in [posts[..1].to_vec(), posts] {
            let read = cost_of(&town, move |c| views::of_statuses(c, Some(ana), &some, Place::Timeline));
            costs.push(read.await.1);
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}

#[tokio::test]
async fn an_old_client_sees_keywords_and_may_change_a_filter_of_one() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let try_old = async |f: fn(&mut Tx<'_>, AccountId, &old::OldFilter) -> Result<()>,
                             k: old::OldFilter| {
            town.db().write(move |tx| f(tx, ana, &k)).await
        };
        let wanted = Wanted { action: Some(FilterAction::Hide), ..against(&[]) };
        let alone = town.write(move |tx| old::create(tx, ana, "alone", true, &wanted)).await;
        assert_eq!((alone.1.title.as_str(), alone.0.keyword.as_str()), ("alone", "alone"));
        filter(&town, ana, against(&["one", "two"])).await;
        let seen = town.read(move |c| old::all(c, ana)).await;
        assert_eq!(seen.iter().map(|(k, _)| k.keyword.as_str()).collect::<Vec<_>>(), ["alone", "one", "two"]);
        let shows = |tx: &mut Tx<'_>, ana, k: &old::OldFilter| {
            let wanted = Wanted { action: Some(FilterAction::Warn), ..Wanted::default() };
            old::update(tx, ana, k.0.id, None, None, &wanted).map(|_| ())
        };
        let renames = |tx: &mut Tx<'_>, ana, k: &old::OldFilter| {
            let changed = old::update(tx, ana, k.0.id, Some("renamed"), Some(false), &Wanted::default())?;
            assert_eq!(changed.1.title, if k.0.keyword == "alone" { "renamed" } else { "onetwo" });
            Ok(())
        };
        try_old(renames, seen[0].clone()).await.unwrap();
        let with_another = Wanted { action: Some(FilterAction::Hide), ..Wanted::default() };
        let shared = seen[1].0.id;
        let refused =
            town.db().write(move |tx| old::update(tx, ana, shared, Some("x"), None, &with_another)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::FilterShared))));
        try_old(shows, seen[0].clone()).await.unwrap();
        try_old(renames, seen[1].clone()).await.unwrap();
        let removes = |tx: &mut Tx<'_>, ana, k: &old::OldFilter| old::delete(tx, ana, k.0.id);
        try_old(removes, seen[1].clone()).await.unwrap();
        assert_eq!(town.read(move |c| all(c, ana)).await.len(), 2, "a keyword is left in it");
        try_old(removes, seen[2].clone()).await.unwrap();
        assert_eq!(town.read(move |c| all(c, ana)).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn i2_filters_of_others_are_not_there() {
    both(|town| async move {
        let (ana, eve) = (town.resident("ana").await, town.resident("eve").await);
        let made = filter(&town, ana, against(&["mine"])).await;
        let (id, word) = (made.filter.id, made.keywords[0].id);
        type Try = fn(&mut Tx<'_>, AccountId, &FilterView) -> Result<()>;
        let tries: Vec<Try> = vec![
            |tx, eve, f| one(tx, eve, f.filter.id).map(|_| ()),
            |tx, eve, f| update(tx, eve, f.filter.id, &Wanted::default()).map(|_| ()),
            |tx, eve, f| delete(tx, eve, f.filter.id),
            |tx, eve, f| parts::add_keyword(tx, eve, f.filter.id, "x", true).map(|_| ()),
            |tx, eve, f| parts::keyword(tx, eve, f.keywords[0].id).map(|_| ()),
            |tx, eve, f| parts::remove_keyword(tx, eve, f.keywords[0].id),
            |tx, eve, f| old::delete(tx, eve, f.keywords[0].id),
        ];
        for attempt in tries {
            let made = made.clone();
            let result = town.db().write(move |tx| attempt(tx, eve, &made)).await;
            assert!(matches!(result, Err(Error::NotFound)));
        }
        assert_eq!(town.read(move |c| parts::keyword(c, ana, word)).await.filter_id, id);
    })
    .await;
}
