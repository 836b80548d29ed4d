//! What shows as one, what is held back, and who waits.

use parvis_model::notification_policy::Verdict;
use parvis_model::time::{DAY, HOUR};
use parvis_model::visibility::Visibility;

use super::*;
use crate::follows::{self, Wishes};
use crate::reactions;
use crate::remote::{self, statuses::Wanted};
use crate::statuses::{self as posts, Draft};
use crate::testing::{Town, both_with, somebody};

const LISTENERS: &[crate::context::Listener] = &[on_event];

async fn says(
    town: &Town,
    who: AccountId,
    text: &str,
    visibility: Visibility,
    to: Option<StatusId>,
) -> StatusId {
    let draft = Draft { text: text.to_owned(), visibility, in_reply_to: to, ..Draft::default() };
    town.write(move |tx| posts::publish(tx, who, &draft)).await
}

/// The texts of kinds and groups of what somebody was told.
async fn told(town: &Town, who: AccountId, includes_filtered: bool) -> Vec<(NotificationKind, bool)> {
    let filter = Filter { includes_filtered, ..Filter::default() };
    let page = town.read(move |c| page(c, who, &filter, Range::newest(40))).await;
    page.iter().map(|n| (n.kind, n.row.is_filtered)).collect()
}

async fn grouped(town: &Town, who: AccountId, range: Range) -> Vec<(NotificationKind, usize)> {
    let page = town.read(move |c| groups::page(c, who, &Filter::default(), None, range)).await;
    page.groups.iter().map(|g| (g.kind, g.count)).collect()
}

async fn changed(town: &Town, who: AccountId, change: policy::Change) -> policy::Summary {
    town.write(move |tx| policy::change(tx, who, change)).await
}

#[tokio::test]
async fn what_people_do_with_a_post_shows_as_one_and_once() {
    both_with(LISTENERS, |town| async move {
        let ana = town.resident("ana").await;
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(town.resident(&format!("p{n}")).await);
        }
        let (one, two) = (
            says(&town, ana, "one", Visibility::Public, None).await,
            says(&town, ana, "two", Visibility::Public, None).await,
        );
        for (n, who) in people.clone().into_iter().enumerate() {
            town.clock.advance(HOUR);
            town.write(move |tx| {
                reactions::favourite(tx, who, one, None)?;
                if n < 2 {
                    posts::boost(tx, who, one, None)?;
                    reactions::favourite(tx, who, two, None)?;
                    follows::follow(tx, who, ana, &Wishes::default(), None)?;
                }
                Ok(())
            })
            .await;
        }
        use NotificationKind::{Favourite, Follow, Mention, Reblog};
        let all = grouped(&town, ana, Range::newest(40)).await;
        assert_eq!(all, [(Favourite, 5), (Follow, 2), (Favourite, 2), (Reblog, 2)]);
        // However it is paged, each group comes once.
        let first =
            town.read(move |c| groups::page(c, ana, &Filter::default(), None, Range::newest(2))).await;
        let rest = Range { max: first.ends.map(|e| e.1), ..Range::newest(40) };
        assert_eq!(grouped(&town, ana, rest).await, all[2..]);
        let some = town
            .read(move |c| groups::page(c, ana, &Filter::default(), Some(&[Follow]), Range::newest(40)))
            .await;
        assert_eq!(some.groups.len(), 5 + 2 + 2 + 1, "only follows show as one");
        assert_eq!(first.accounts.len(), 5, "each account once");
        assert_eq!(first.statuses.len(), 1);

        let key = first.groups[0].key.clone();
        let asked = key.clone();
        assert_eq!(town.read(move |c| groups::accounts(c, ana, &asked, Range::newest(40))).await.len(), 5);
        let (asked, bea) = (key.clone(), people[0]);
        assert!(town.db().read(move |c| groups::one(c, bea, &asked)).await.is_err(), "somebody else's");
        assert_eq!(town.read(move |c| groups::count_unread(c, ana, &Filter::default(), None, 100)).await, 4);
        // Taken back by its latest: the group stays, with one less.
        let last = people[4];
        town.write(move |tx| reactions::unfavourite(tx, last, one)).await;
        assert_eq!(grouped(&town, ana, Range::newest(40)).await[0], (Favourite, 4));
        town.clock.advance(12 * HOUR);
        town.write(move |tx| reactions::favourite(tx, last, one, None)).await;
        assert_eq!(
            grouped(&town, ana, Range::newest(1)).await,
            [(Favourite, 1)],
            "the day after is another group"
        );
        let asked = key.clone();
        town.write(move |tx| groups::dismiss(tx, ana, &asked)).await;
        assert!(town.db().read(move |c| groups::one(c, ana, &key)).await.is_err());
        says(&town, bea, "@ana", Visibility::Public, None).await;
        let alone =
            town.read(move |c| groups::page(c, ana, &Filter::default(), None, Range::newest(1))).await;
        assert_eq!((alone.groups[0].kind, alone.groups[0].count), (Mention, 1));
        let key = alone.groups[0].key.clone();
        assert!(key.starts_with("ungrouped-"));
        let asked = key.clone();
        assert_eq!(town.read(move |c| groups::one(c, ana, &asked)).await.groups.len(), 1);
        town.write(move |tx| groups::dismiss(tx, ana, &key)).await;
        assert_eq!(grouped(&town, ana, Range::newest(1)).await, [(Favourite, 1)]);
    })
    .await;
}

#[tokio::test]
async fn private_mentions_of_strangers_wait_until_they_are_let_through_or_sent_away() {
    both_with(LISTENERS, |town| async move {
        use NotificationKind::Mention;
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let (cem, dia) = (town.resident("cem").await, town.moderator("dia").await);
        let eli = town.resident("eli").await;
        says(&town, bea, "@ana hello", Visibility::Direct, None).await;
        let second = says(&town, bea, "@ana again", Visibility::Direct, None).await;
        assert_eq!(told(&town, ana, false).await, []);
        assert_eq!(told(&town, ana, true).await, [(Mention, true), (Mention, true)]);
        assert!(
            !town.heard().iter().any(|(topic, _)| topic == "notification"),
            "no stream and no device hears it"
        );
        let waiting = town.read(move |c| requests::page(c, ana, Range::newest(40))).await;
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[0].notifications, waiting[0].from.account.id), (2, bea));
        assert_eq!(waiting[0].last_status.as_ref().map(|s| s.status.id), Some(second));
        let summary = town.read(move |c| policy::summary(c, ana)).await;
        assert_eq!((summary.requests, summary.notifications), (1, 2));

        // Who looks after the rules is heard, and so is an answer.
        says(&town, dia, "@ana a word", Visibility::Direct, None).await;
        assert_eq!(told(&town, ana, false).await, [(Mention, false)]);
        let question = says(&town, ana, "@eli where?", Visibility::Direct, None).await;
        says(&town, eli, "@ana here", Visibility::Direct, Some(question)).await;
        assert_eq!(told(&town, ana, false).await.len(), 2);

        let id = waiting[0].row.id;
        town.write(move |tx| requests::accept(tx, cem, &[id])).await;
        assert_eq!(told(&town, ana, false).await.len(), 2, "nobody answers for somebody else (threats I1)");
        town.write(move |tx| requests::accept(tx, ana, &[id])).await;
        assert_eq!(told(&town, ana, false).await.len(), 4);
        assert!(town.db().read(move |c| requests::one(c, ana, id)).await.is_err());
        says(&town, bea, "@ana and now", Visibility::Direct, None).await;
        assert_eq!(told(&town, ana, false).await.len(), 5, "let through from now on");

        says(&town, bea, "@cem hello", Visibility::Direct, None).await;
        let waiting = town.read(move |c| requests::page(c, cem, Range::newest(40))).await;
        let id = waiting[0].row.id;
        town.write(move |tx| requests::dismiss(tx, cem, &[id])).await;
        assert_eq!(told(&town, cem, true).await.iter().filter(|t| t.1).count(), 0);
        says(&town, bea, "@cem once more", Visibility::Direct, None).await;
        assert_eq!(town.read(move |c| requests::page(c, cem, Range::newest(40))).await.len(), 1);
        town.write(move |tx| crate::blocks::block(tx, cem, bea, None)).await;
        assert_eq!(town.read(move |c| requests::page(c, cem, Range::newest(40))).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_policy_holds_back_or_drops_what_its_owner_does_not_want() {
    both_with(LISTENERS, |town| async move {
        use NotificationKind::{Follow, Mention};
        let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
        let quiet = policy::Change { for_not_following: Some(Verdict::Drop), ..policy::Change::default() };
        let summary = changed(&town, ana, quiet).await;
        assert_eq!(summary.policy.for_not_following, Verdict::Drop);
        assert_eq!(summary.policy.for_private_mentions, Verdict::Filter, "what is not named stays");
        says(&town, bea, "@ana one", Visibility::Public, None).await;
        assert_eq!(told(&town, ana, true).await, []);
        let open = policy::Change { for_not_following: Some(Verdict::Accept), ..policy::Change::default() };
        let strict = policy::Change {
            for_not_followers: Some(Verdict::Filter),
            for_new_accounts: Some(Verdict::Drop),
            ..open
        };
        changed(&town, ana, strict).await;
        says(&town, bea, "@ana two", Visibility::Public, None).await;
        assert_eq!(told(&town, ana, true).await, [], "a new account");
        town.clock.advance(31 * DAY);
        town.write(move |tx| follows::follow(tx, bea, ana, &Wishes::default(), None)).await;
        assert_eq!(told(&town, ana, true).await, [(Follow, true)], "not a follower for long");
        town.clock.advance(4 * DAY);
        says(&town, bea, "@ana three", Visibility::Public, None).await;
        assert_eq!(told(&town, ana, false).await, [(Mention, false)]);
        town.write(move |tx| follows::follow(tx, ana, bea, &Wishes::default(), None)).await;
        says(&town, bea, "@ana four", Visibility::Direct, None).await;
        assert_eq!(told(&town, ana, false).await.len(), 2, "whom she follows may write to her");
    })
    .await;
}

async fn edits(town: &Town, who: AccountId, id: StatusId, text: &str) {
    let edit = posts::edit::Edit { text: Some(text.to_owned()), ..posts::edit::Edit::default() };
    town.write(move |tx| posts::edit::edit(tx, who, id, &edit)).await;
    town.run_jobs().await;
}

#[tokio::test]
async fn who_boosted_a_post_is_told_that_it_changed() {
    both_with(LISTENERS, |town| async move {
        use NotificationKind::Update;
        let ana = town.resident("ana").await;
        let post = says(&town, ana, "one", Visibility::Public, None).await;
        let mut people = vec![ana];
        for name in ["bea", "cem", "dia"] {
            people.push(town.resident(name).await);
        }
        for who in people.clone() {
            town.write(move |tx| posts::boost(tx, who, post, None)).await;
        }
        let (bea, cem, dia) = (people[1], people[2], people[3]);
        town.write(move |tx| crate::blocks::mute(tx, cem, ana, true, None)).await;
        edits(&town, ana, post, "two").await;
        assert_eq!(told(&town, bea, false).await, [(Update, false)]);
        assert_eq!(told(&town, dia, false).await, [(Update, false)]);
        assert_eq!(told(&town, cem, true).await, [], "who mutes the author is told nothing");
        assert!(
            told(&town, ana, true).await.iter().all(|(kind, _)| *kind != Update),
            "nobody of their own edit"
        );
        town.write(move |tx| crate::blocks::block(tx, dia, ana, None)).await;
        let first = town.read(move |c| page(c, bea, &Filter::default(), Range::newest(1))).await.remove(0);
        edits(&town, ana, post, "three").await;
        assert_eq!(told(&town, bea, false).await, [(Update, false)], "the latest change is the news");
        let second = town.read(move |c| page(c, bea, &Filter::default(), Range::newest(1))).await.remove(0);
        assert!(second.row.id > first.row.id && second.from.account.id == ana);
        assert_eq!(told(&town, dia, true).await, [], "a block ends it");

        // Many are told some at a time; of a change that is not the last, nobody.
        let mut after = AccountId(0);
        let mut rounds = 0;
        while let Some(last) = town.write(move |tx| boosters::some(tx, post, 3, after, 1)).await {
            (after, rounds) = (last, rounds + 1);
        }
        assert_eq!(rounds, 4);
        assert!(town.write(move |tx| boosters::some(tx, post, 2, AccountId(0), 1)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn who_boosted_a_post_of_another_server_is_told_that_it_changed() {
    both_with(LISTENERS, |town| async move {
        let ana = town.resident("ana").await;
        let bea = somebody("away.example", "bea");
        town.write(move |tx| remote::accounts::upsert(tx, &bea)).await;
        let note = remote::RemoteNote {
            uri: "https://away.example/notes/1".to_owned(),
            author: "https://away.example/users/bea".to_owned(),
            html: "<p>one</p>".to_owned(),
            is_public: true,
            ..remote::RemoteNote::default()
        };
        let created = note.clone();
        let post =
            town.write(move |tx| remote::statuses::create(tx, &created, Wanted::Yes)).await.kept().unwrap();
        town.write(move |tx| posts::boost(tx, ana, post, None)).await;
        town.clock.advance(HOUR);
        let changed = remote::RemoteNote { html: "<p>two</p>".to_owned(), ..note };
        town.write(move |tx| remote::statuses::update(tx, &changed)).await;
        town.run_jobs().await;
        assert_eq!(told(&town, ana, false).await, [(NotificationKind::Update, false)]);
    })
    .await;
}
