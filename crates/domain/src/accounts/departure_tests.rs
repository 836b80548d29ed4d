//! Suspending and deleting, on both databases.

use parvis_model::account::Role;
use parvis_model::refusal::Refusal;
use parvis_store::{follows, keys, logins};

use super::delete::{Batch, delete, delete_some};
use super::suspend::{restore, suspend};
use super::*;
use crate::error::Error;
use crate::testing::{Town, both};

#[tokio::test]
async fn only_moderators_suspend_and_nobody_above_them() {
    let town = Town::new().await;
    let (ana, chief) = (town.resident("ana").await, town.account("chief", Role::Admin).await);
    for (by, whom) in [(Role::Elected, ana), (Role::Resident, ana), (Role::Moderator, chief)] {
        let refused = town.db().write(move |tx| suspend(tx, by, whom)).await;
        assert!(matches!(refused, Err(Error::Forbidden(Refusal::RoleTooLow))), "{by:?}");
    }
    let _before = town.events();
    for _ in 0..2 {
        town.write(move |tx| suspend(tx, Role::Moderator, ana)).await;
    }
    assert_eq!(town.events(), ["TokensRevoked", "AccountSuspended"], "twice is once");
    assert!(!town.read(move |c| find::by_id(c, ana)).await.is_active());
    town.write(move |tx| restore(tx, Role::Moderator, ana)).await;
    assert_eq!(town.events(), ["AccountRestored"]);
    assert!(town.read(move |c| find::by_id(c, ana)).await.is_active());
}

#[tokio::test]
async fn a_deleted_account_is_gone_at_once_and_its_rows_follow() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let token = town.token(ana, "read").await;
        town.write(move |tx| {
            let follow = follows::Follow {
                id: tx.new_id().into(),
                follower_id: ben,
                followee_id: ana,
                uri: "http://town.example/follows/1".into(),
                state: 1,
                shows_boosts: true,
                notifies: false,
                languages: String::new(),
                created_at: tx.now(),
            };
            follows::insert(tx, &follow)?;
            let change = profile::Change {
                display_name: Some("Ana".into()),
                avatar: Some(Some("picture".into())),
                ..profile::Change::default()
            };
            profile::update(tx, ana, &change)?;
            Ok(())
        })
        .await;
        assert_eq!(town.write(move |tx| delete_some(tx, ana, 10)).await.files.len(), 0, "not gone yet");
        assert!(town.read(move |c| find::login(c, ana)).await.is_open());

        town.write(move |tx| delete(tx, ana)).await;
        assert_eq!(town.grant_of(&token).await, None);
        let mut files = Vec::new();
        for round in 0.. {
            assert!(round < 10, "it ends");
            let Batch { is_done, files: more } = town.write(move |tx| delete_some(tx, ana, 1)).await;
            files.extend(more);
            if is_done {
                break;
            }
        }
        assert_eq!(files, ["picture"]);
        let (account, login, keys, follow) = town
            .read(move |c| {
                Ok((
                    find::by_id(c, ana)?,
                    logins::of_account(c, ana)?,
                    keys::of_account(c, ana)?,
                    follows::between(c, ben, ana)?,
                ))
            })
            .await;
        assert!(account.gone_at.is_some() && account.display_name.is_empty() && account.avatar.is_none());
        assert!(login.is_none() && follow.is_none());
        assert_eq!(keys.len(), 2, "the deletion itself is signed with them");
        let again = SignUp {
            username: "ana".into(),
            email: "ana@mail.example".into(),
            password: crate::testing::PASSWORD.into(),
            accepts_rules: true,
            ..SignUp::default()
        };
        assert!(
            matches!(sign_up(&town, again).await, Err(Error::Invalid(_))),
            "the handle is never given again"
        );
    })
    .await;
}
