//! Exchanges of direct posts, on both databases.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::Visibility;
use parvis_store::timelines::Range;

use super::{ConversationView, direct, mark, on_event, one, page, remove};
use crate::context::Listener;
use crate::statuses::{self, Draft};
use crate::testing::{Town, both_with, cost_of};
use crate::{Error, blocks};

const HEARD: [Listener; 1] = [on_event];

async fn say(town: &Town, who: AccountId, text: &str, to: Option<StatusId>) -> StatusId {
    let draft =
        Draft { text: text.to_owned(), visibility: Visibility::Direct, in_reply_to: to, ..Draft::default() };
    town.write(move |tx| statuses::publish(tx, who, &draft)).await
}

async fn all(town: &Town, who: AccountId) -> Vec<ConversationView> {
    town.read(move |c| page(c, who, Range::newest(20))).await
}

/// With whom, the last post, unread.
fn told(view: &ConversationView) -> (Vec<&str>, Option<StatusId>, bool) {
    let names = view.people.iter().map(|p| p.account.username.as_str()).collect();
    (names, view.last.as_ref().map(|s| s.status.id), view.row.is_unread)
}

#[tokio::test]
async fn a_conversation_is_kept_for_everybody_in_it() {
    both_with(&HEARD, |town| async move {
        let (ana, ben, eve) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("eve").await);
        let first = say(&town, ana, "@ben hello", None).await;
        assert_eq!(told(&all(&town, ana).await[0]), (vec!["ben"], Some(first), false));
        assert_eq!(told(&all(&town, ben).await[0]), (vec!["ana"], Some(first), true));
        let second = say(&town, ben, "@ana hello yourself", Some(first)).await;
        assert_eq!(told(&all(&town, ana).await[0]), (vec!["ben"], Some(second), true));
        assert_eq!(told(&all(&town, ben).await[0]), (vec!["ana"], Some(second), false));
        let alone = say(&town, ana, "a note to myself", None).await;
        let of_ana = all(&town, ana).await;
        assert_eq!(of_ana.len(), 2);
        assert_eq!(told(&of_ana[0]), (vec!["ana"], Some(alone), false));
        let third = say(&town, ana, "@ben @eve now three of us", Some(second)).await;
        assert_eq!(told(&all(&town, eve).await[0]), (vec!["ana", "ben"], Some(third), true));
        assert_eq!(all(&town, ben).await.len(), 2, "other people are another conversation");
        let page = town.read(move |c| direct(c, ana, Range::newest(20))).await;
        let ids: Vec<StatusId> = page.iter().map(|s| s.status.id).collect();
        assert_eq!(ids, [third, alone, second, first]);
        let public = Draft { text: "@ben in public".to_owned(), ..Draft::default() };
        town.write(move |tx| statuses::publish(tx, ana, &public)).await;
        assert_eq!(all(&town, ana).await.len(), 3, "only direct posts");
    })
    .await;
}

#[tokio::test]
async fn a_conversation_follows_its_posts_when_they_go() {
    both_with(&HEARD, |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let first = say(&town, ana, "@ben one", None).await;
        let second = say(&town, ana, "@ben two", Some(first)).await;
        town.write(move |tx| statuses::delete(tx, ana, second)).await;
        for who in [ana, ben] {
            assert_eq!(told(&all(&town, who).await[0]).1, Some(first));
        }
        town.write(move |tx| statuses::delete(tx, ana, first)).await;
        for who in [ana, ben] {
            assert!(all(&town, who).await.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn i2_a_conversation_is_marked_and_removed_by_its_owner_alone() {
    both_with(&HEARD, |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let first = say(&town, ana, "@ben one", None).await;
        let id = all(&town, ben).await[0].row.id;
        assert!(matches!(town.db().read(move |c| one(c, ana, id)).await, Err(Error::NotFound)));
        assert!(matches!(town.db().write(move |tx| mark(tx, ana, id, false)).await, Err(Error::NotFound)));
        assert!(matches!(town.db().write(move |tx| remove(tx, ana, id)).await, Err(Error::NotFound)));
        assert!(!town.write(move |tx| mark(tx, ben, id, false)).await.row.is_unread);
        assert!(town.write(move |tx| mark(tx, ben, id, true)).await.row.is_unread);
        town.write(move |tx| remove(tx, ben, id)).await;
        assert!(all(&town, ben).await.is_empty());
        assert_eq!(all(&town, ana).await.len(), 1, "others keep it");
        let second = say(&town, ana, "@ben two", Some(first)).await;
        assert_eq!(told(&all(&town, ben).await[0]), (vec!["ana"], Some(second), true));
    })
    .await;
}

#[tokio::test]
async fn who_blocks_somebody_has_no_conversation_with_them() {
    both_with(&HEARD, |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        town.write(move |tx| blocks::block(tx, ben, ana, None)).await;
        say(&town, ana, "@ben hello?", None).await;
        assert!(all(&town, ben).await.is_empty());
        assert_eq!(all(&town, ana).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_conversations_costs_the_same_whatever_is_in_them() {
    both_with(&HEARD, |town| async move {
        let ana = town.resident("ana").await;
        let mut costs = Vec::new();
        for round in 0..2 {
            for n in 0..3 {
                let name = format!("friend{round}{n}");
                town.resident(&name).await;
                say(&town, ana, &format!("@{name} @friend00 hello"), None).await;
            }
            costs.push(cost_of(&town, move |c| page(c, ana, Range::newest(20))).await.1);
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}

async fn edit(town: &Town, who: AccountId, id: StatusId, text: &str) {
    let edit = statuses::Edit { text: Some(text.to_owned()), ..statuses::Edit::default() };
    town.write(move |tx| statuses::edit(tx, who, id, &edit)).await;
}

#[tokio::test]
async fn a_direct_post_that_changes_is_in_the_conversation_of_those_it_is_for_now() {
    both_with(&HEARD, |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let (cem, dia) = (town.resident("cem").await, town.resident("dia").await);
        let first = say(&town, ana, "@ben @dia hello", None).await;
        let of_ben = all(&town, ben).await[0].row.id;
        town.write(move |tx| mark(tx, ben, of_ben, false)).await;
        edit(&town, ana, first, "@ben @cem hello").await;
        assert_eq!(told(&all(&town, cem).await[0]), (vec!["ana", "ben"], Some(first), true));
        let seen = all(&town, ben).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(told(&seen[0]), (vec!["ana", "cem"], Some(first), false), "read is read");
        assert_eq!(told(&all(&town, ana).await[0]), (vec!["ben", "cem"], Some(first), false));
        assert!(all(&town, dia).await.is_empty(), "who is left out keeps no empty conversation");

        let second = say(&town, ana, "@ben @cem again", Some(first)).await;
        edit(&town, ana, second, "@ben again").await;
        assert_eq!(told(&all(&town, cem).await[0]).1, Some(first), "the post before it is the last");
        let seen = all(&town, ben).await;
        let seen: Vec<_> = seen.iter().map(told).collect();
        assert_eq!(seen, [(vec!["ana"], Some(second), true), (vec!["ana", "cem"], Some(first), true)]);
        edit(&town, ana, second, "@ben and again").await;
        assert_eq!(all(&town, ben).await.len(), 2, "the same people stay in the same conversation");
    })
    .await;
}

#[tokio::test]
async fn nobody_keeps_a_conversation_without_a_post_when_its_writer_is_gone() {
    both_with(&[on_event, crate::jobs::on_event], |town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        say(&town, ana, "@ben one", None).await;
        say(&town, ana, "@ben another thread", None).await;
        let asked = say(&town, ana, "@cem where?", None).await;
        let answer = say(&town, cem, "@ana here", Some(asked)).await;
        say(&town, ana, "@cem thanks", Some(answer)).await;
        town.write(move |tx| crate::accounts::delete::delete(tx, ana)).await;
        town.run_jobs().await;
        assert!(all(&town, ben).await.is_empty());
        let of_cem = all(&town, cem).await;
        assert_eq!(of_cem.iter().map(|c| told(c).1).collect::<Vec<_>>(), [Some(answer)]);
    })
    .await;
}
