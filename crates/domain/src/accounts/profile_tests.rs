//! Changing a profile.

use super::*;
use crate::testing::Town;

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
