//! Changing a profile.

use parvis_model::follow::FollowState;
use parvis_store::timelines::Range;

use super::*;
use crate::follows::{Wishes, count_requests, follow, followers, let_in, requests};
use crate::remote;
use crate::testing::{Town, both, somebody};

#[tokio::test]
async fn a_profile_changes_and_says_so_once() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    town.resident("ben").await;
    let change = Change {
        display_name: Some("Ana ✅".into()),
        bio: Some("Neighbour of @ben and @nobody, see https://ana.example #garden".into()),
        fields: Some(vec![("Web".into(), "https://ana.example".into()), (" ".into(), "left out".into())]),
        is_bot: Some(true),
        default_visibility: Some(Visibility::Unlisted),
        ..Change::default()
    };
    let _before = town.events();
    let same = change.clone();
    let changed = town.write(move |tx| update(tx, ana, &change)).await.account;
    assert_eq!(changed.display_name, "Ana");
    assert!(changed.bio_html.contains("href=\"http://town.example/@ben\""), "{}", changed.bio_html);
    assert!(changed.bio_html.contains("@nobody"), "{}", changed.bio_html);
    assert_eq!(changed.kind, "service");
    assert!(
        changed.fields.contains("ana.example") && !changed.fields.contains("left out"),
        "{}",
        changed.fields
    );
    assert!(!changed.fields.contains("<p>"), "{}", changed.fields);
    assert_eq!(changed.version, 2);
    town.write(move |tx| update(tx, ana, &same)).await;
    assert_eq!(town.events(), ["ProfileChanged"], "nothing new the second time");
}

#[tokio::test]
async fn j4_texts_that_are_too_long_are_refused() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let long = |n| "x".repeat(n);
    for change in [
        Change { display_name: Some(long(51)), ..Change::default() },
        Change { bio: Some(long(501)), ..Change::default() },
        Change { fields: Some(vec![("n".into(), long(256))]), ..Change::default() },
        Change { fields: Some(vec![("n".into(), "v".into()); 5]), ..Change::default() },
    ] {
        let refused = town.db().write(move |tx| update(tx, ana, &change)).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }
}

#[tokio::test]
async fn a_replaced_picture_is_given_back_for_removal() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let with = |key: Option<&str>| Change { avatar: Some(key.map(str::to_owned)), ..Change::default() };
    let (one, two) = (with(Some("one")), with(Some("two")));
    assert!(town.write(move |tx| update(tx, ana, &one)).await.files.is_empty());
    assert_eq!(town.write(move |tx| update(tx, ana, &two)).await.files, ["one"]);
    let none = with(None);
    assert_eq!(town.write(move |tx| update(tx, ana, &none)).await.files, ["two"]);
}

#[tokio::test]
async fn who_opens_an_account_lets_in_everybody_who_asked() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let locked = |is| Change { is_locked: Some(is), ..Change::default() };
        let (close, open) = (locked(true), locked(false));
        town.write(move |tx| update(tx, ana, &close)).await;
        let bea = somebody("away.example", "bea");
        let mut asking = vec![town.write(move |tx| remote::accounts::upsert(tx, &bea)).await];
        for name in ["ben", "cem", "dia"] {
            asking.push(town.resident(name).await);
        }
        for who in asking.clone() {
            let uri = (who == asking[0]).then_some("https://away.example/follows/1");
            let state = town.write(move |tx| follow(tx, who, ana, &Wishes::default(), uri)).await;
            assert_eq!(state, FollowState::Requested);
        }
        let dia = asking[3];
        town.write(move |tx| {
            let mut row = accounts::by_id(tx, dia)?.or_not_found()?;
            row.silenced_at = Some(tx.now());
            Ok(accounts::save(tx, &row)?)
        })
        .await;
        assert_eq!(town.write(move |tx| let_in(tx, ana, 0, 9)).await, None);
        assert_eq!(town.read(move |c| count_requests(c, ana)).await, 4, "a locked account lets nobody in");
        town.write(move |tx| update(tx, ana, &open)).await;
        // Some at a time, those who asked first before others.
        assert!(town.write(move |tx| let_in(tx, ana, 0, 1)).await.is_some());
        assert_eq!(town.read(move |c| count_requests(c, ana)).await, 3);
        town.run_jobs().await;
        let left = town.read(move |c| requests(c, ana, Range::newest(9))).await;
        let left: Vec<AccountId> = left.iter().map(|(_, view)| view.account.id).collect();
        assert_eq!(left, [dia], "whoever is limited goes on waiting");
        let mut let_in: Vec<AccountId> = town
            .read(move |c| followers(c, Some(ana), ana, Range::newest(9)))
            .await
            .iter()
            .map(|(_, view)| view.account.id)
            .collect();
        let_in.sort_unstable();
        asking.truncate(3);
        asking.sort_unstable();
        assert_eq!(let_in, asking);
    })
    .await;
}
