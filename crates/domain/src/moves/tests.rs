//! Moving, on both databases: what a move needs, and what comes along.

use async_trait::async_trait;
use parvis_model::ids::AccountId;
use parvis_model::time::DAY;
use std::sync::{Arc, Mutex};

use super::carry::{self, Trip};
use super::theirs::{self, Proof};
use super::{aliases, away};
use crate::error::{Error, Result};
use crate::follows::Wishes;
use crate::outside::{Found, Remote};
use crate::remote::{RemoteActor, accounts as remote};
use crate::statuses::{self, Draft};
use crate::testing::{Town, both, somebody};
use crate::{blocks, follows, views};
use parvis_model::handle::Address;
use parvis_model::refusal::Refusal;

const HERE: &str = "http://town.example/users/ana";

fn elsewhere(name: &str, moved_to: Option<&str>, aliases: &[&str]) -> RemoteActor {
    RemoteActor {
        moved_to: moved_to.map(str::to_owned),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        ..somebody("away.example", name)
    }
}

async fn known(town: &Town, name: &str) -> AccountId {
    let actor = elsewhere(name, None, &[]);
    town.write(move |tx| remote::upsert(tx, &actor)).await
}

fn uri(name: &str) -> String {
    format!("https://away.example/users/{name}")
}

fn proof(target: &str, moved_to: Option<&str>, aliases: &[&str]) -> Proof {
    Proof {
        moved_to: moved_to.map(str::to_owned),
        target: target.to_owned(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
    }
}

async fn try_move(town: &Town, who: AccountId, proof: Proof) -> Result<()> {
    town.db().write(move |tx| theirs::moved(tx, who, &proof)).await
}

async fn carried(town: &Town, origin: AccountId, target: AccountId) {
    let mut next = Some(Trip::new(origin, target));
    while let Some(trip) = next {
        next = town.write(move |tx| carry::some(tx, trip, 1)).await;
    }
}

/// (follows, blocks, mutes, note)
async fn tie(town: &Town, who: AccountId, whom: AccountId) -> (bool, bool, bool, String) {
    let mut all = town.read(move |c| blocks::relationships(c, who, &[whom])).await;
    let tie = all.remove(0).1;
    (tie.following || tie.requested, tie.blocking, tie.muting, tie.note)
}

async fn follow(town: &Town, who: AccountId, whom: AccountId) {
    let wishes = Wishes { shows_boosts: Some(false), notifies: Some(true), languages: None };
    town.write(move |tx| follows::follow(tx, who, whom, &wishes, None)).await;
}

#[tokio::test]
async fn o10_a_move_that_one_side_does_not_confirm_has_no_effect() {
    both(|town| async move {
        let (old, _) = (known(&town, "old").await, known(&town, "new").await);
        let ana = town.resident("ana").await;
        let (o, n) = (uri("old"), uri("new"));
        for forged in [
            proof(&n, None, &[]),
            proof(&n, Some(HERE), &[&o]),
            proof(&n, Some(&n), &[]),
            proof(&n, Some(&n), &["https://away.example/users/other"]),
            // Ours name what is entered here, whatever the activity brings.
            proof(HERE, Some(HERE), &[&o]),
        ] {
            let refused = try_move(&town, old, forged.clone()).await;
            assert!(matches!(refused, Err(Error::Refused(Refusal::MoveUnproven))), "{forged:?}");
        }
        assert!(matches!(try_move(&town, old, proof(&o, Some(&o), &[&o])).await, Err(Error::Refused(_))));
        let of_ours = try_move(&town, ana, proof(&n, Some(&n), &[HERE])).await;
        assert!(matches!(of_ours, Err(Error::Refused(Refusal::MoveUnproven))), "ours say so themselves");
        let unknown = try_move(&town, old, proof(&uri("nobody"), Some(&uri("nobody")), &[&o])).await;
        assert!(matches!(unknown, Err(Error::NotFound)));
        let view = town.read(move |c| Ok(views::of_accounts(c, &[old])?.remove(0))).await;
        assert!(view.moved.is_none());
        try_move(&town, old, proof(&n, Some(&n), &[&o])).await.unwrap();
        let view = town.read(move |c| Ok(views::of_accounts(c, &[old])?.remove(0))).await;
        assert_eq!(view.moved.map(|m| m.account.uri.clone()), Some(n));
    })
    .await;
}

#[tokio::test]
async fn o10_a_second_move_within_a_week_and_a_chain_have_no_effect() {
    both(|town| async move {
        let old = known(&town, "old").await;
        let new = known(&town, "new").await;
        known(&town, "third").await;
        let (o, n, t) = (uri("old"), uri("new"), uri("third"));
        try_move(&town, old, proof(&n, Some(&n), &[&o])).await.unwrap();
        let again = || try_move(&town, old, proof(&t, Some(&t), &[&o]));
        assert!(matches!(again().await, Err(Error::Refused(Refusal::MoveTooSoon))));
        town.clock.advance(7 * DAY - 1);
        assert!(matches!(again().await, Err(Error::Refused(Refusal::MoveTooSoon))));
        town.clock.advance(1);
        let back = try_move(&town, new, proof(&o, Some(&o), &[&n])).await;
        assert!(matches!(back, Err(Error::Refused(Refusal::AccountMoved))), "there it would go on");
        again().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_people_here_had_to_do_with_the_old_account_comes_along() {
    both(|town| async move {
        let (old, new) = (known(&town, "old").await, known(&town, "new").await);
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let (dora, eli) = (town.resident("dora").await, town.resident("eli").await);
        for who in [ana, ben, cem, dora] {
            follow(&town, who, old).await;
        }
        follow(&town, ben, new).await;
        town.write(move |tx| {
            blocks::block(tx, cem, new, None)?;
            blocks::mute(tx, dora, new, true, None)?;
            blocks::mute(tx, ana, old, false, Some(DAY))?;
            blocks::set_note(tx, ana, old, "from school")?;
            blocks::set_note(tx, ben, old, "old note")?;
            blocks::set_note(tx, ben, new, "new note")?;
            blocks::block(tx, eli, old, None)
        })
        .await;
        try_move(&town, old, proof(&uri("new"), Some(&uri("new")), &[&uri("old")])).await.unwrap();
        carried(&town, old, new).await;
        carried(&town, old, new).await;
        assert_eq!(
            tie(&town, ana, new).await,
            (true, false, false, "from school".to_owned()),
            "follows, so not muted"
        );
        assert_eq!(tie(&town, ana, old).await, (false, false, true, "from school".to_owned()));
        assert_eq!(tie(&town, ben, new).await, (true, false, false, "new note".to_owned()));
        assert!(!tie(&town, ben, old).await.0);
        assert_eq!(tie(&town, cem, new).await, (false, true, false, String::new()));
        assert!(tie(&town, cem, old).await.0, "who blocks the new account keeps the old one");
        assert_eq!(tie(&town, dora, new).await, (false, false, true, String::new()));
        assert!(tie(&town, dora, old).await.0);
        assert_eq!(tie(&town, eli, new).await, (false, true, false, String::new()));
        let wishes = town.read(move |c| Ok(parvis_store::follows::between(c, ana, new)?)).await.unwrap();
        assert!(!wishes.shows_boosts && wishes.notifies, "with what they wanted to see");
        let late = town.db().write(move |tx| follows::follow(tx, eli, old, &Wishes::default(), None)).await;
        assert!(matches!(late, Err(Error::Forbidden(_))), "nobody follows an account that moved");
    })
    .await;
}

#[tokio::test]
async fn a_move_that_was_taken_back_carries_nothing_more() {
    both(|town| async move {
        let (old, new) = (known(&town, "old").await, known(&town, "new").await);
        let ana = town.resident("ana").await;
        follow(&town, ana, old).await;
        let (o, n) = (uri("old"), uri("new"));
        try_move(&town, old, proof(&n, Some(&n), &[&o])).await.unwrap();
        let back = elsewhere("old", None, &[]);
        town.write(move |tx| remote::upsert(tx, &back)).await;
        carried(&town, old, new).await;
        assert!(tie(&town, ana, old).await.0 && !tie(&town, ana, new).await.0);
        let view = town.read(move |c| Ok(views::of_accounts(c, &[old])?.remove(0))).await;
        assert!(view.moved.is_none());
        // The document alone makes no move to somebody else.
        let forged = elsewhere("old", Some(HERE), &[]);
        town.write(move |tx| remote::upsert(tx, &forged)).await;
        let view = town.read(move |c| Ok(views::of_accounts(c, &[old])?.remove(0))).await;
        assert!(view.moved.is_none());
    })
    .await;
}

/// Another server with two accounts, of which one may name ours.
#[derive(Debug, Default)]
struct Away {
    names: Mutex<Vec<String>>,
    new: Mutex<Option<AccountId>>,
}

#[async_trait]
impl Remote for Away {
    async fn account_by_address(&self, address: &Address) -> Result<Option<AccountId>> {
        Ok(self.new.lock().unwrap().filter(|_| address.username == "new"))
    }

    async fn by_url(&self, _: &str) -> Result<Option<Found>> {
        Ok(None)
    }

    async fn aliases_of(&self, _: &str) -> Result<Vec<String>> {
        Ok(self.names.lock().unwrap().clone())
    }

    async fn picture(&self, _: &str, _: usize) -> Result<Vec<u8>> {
        Err(Error::NotFound)
    }
}

#[tokio::test]
async fn o10_a_resident_moves_away_only_to_an_account_that_names_them_and_once_a_month() {
    both(|town| async move {
        let away_server = Arc::new(Away::default());
        town.connect(away_server.clone());
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let new = known(&town, "new").await;
        *away_server.new.lock().unwrap() = Some(new);
        follow(&town, ben, ana).await;
        for nobody in ["", "@x@y@z", "@other@away.example", "@ana"] {
            let refused = away::go(&town, ana, nobody).await;
            let is_unusable = matches!(&refused, Err(Error::Invalid(p)) if p[0].refusal == Refusal::AliasUnusable)
                || matches!(refused, Err(Error::Refused(Refusal::MoveUnproven)));
            assert!(is_unusable, "{nobody}: {refused:?}");
        }
        let unnamed = away::go(&town, ana, "@new@away.example").await;
        assert!(matches!(unnamed, Err(Error::Refused(Refusal::MoveUnproven))));
        away_server.names.lock().unwrap().push(HERE.to_owned());
        away::go(&town, ana, "@new@away.example").await.unwrap();
        carried(&town, ana, new).await;
        assert_eq!((tie(&town, ben, new).await.0, tie(&town, ben, ana).await.0), (true, false));
        let standing = town.read(move |c| away::standing(c, ana)).await;
        assert_eq!(standing.moved_to.map(|v| v.account.id), Some(new));
        assert_eq!(standing.not_before, Some(town.now().plus(30 * DAY)));
        let write = || {
            let draft = Draft { text: "still here".to_owned(), ..Draft::default() };
            town.db().write(move |tx| statuses::publish(tx, ana, &draft))
        };
        assert!(matches!(write().await, Err(Error::Forbidden(Refusal::HasMoved))));
        let follow = town.db().write(move |tx| follows::follow(tx, ana, ben, &Wishes::default(), None)).await;
        assert!(matches!(follow, Err(Error::Forbidden(Refusal::HasMoved))));
        town.write(move |tx| away::stay(tx, ana)).await;
        write().await.unwrap();
        let soon = away::go(&town, ana, "@new@away.example").await;
        assert!(matches!(soon, Err(Error::Refused(Refusal::MoveTooSoon))), "taking it back does not help");
        town.clock.advance(30 * DAY);
        away::go(&town, ana, "@new@away.example").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn former_addresses_are_named_once_and_are_few() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let _before = town.heard();
        for n in 0..11 {
            let other = known(&town, &format!("a{n}")).await;
            let named = town.db().write(move |tx| aliases::add_known(tx, ana, other)).await;
            assert_eq!(named.is_ok(), n < 10, "{n}: {named:?}");
        }
        let all = town.read(move |c| aliases::list(c, ana)).await;
        assert_eq!((all.len(), all[0].handle.as_deref()), (10, Some("@a0@away.example")));
        let itself = town.db().write(move |tx| aliases::add_known(tx, ana, ana)).await;
        assert!(matches!(itself, Err(Error::Invalid(_))));
        town.write(move |tx| aliases::remove(tx, ana, "https://away.example/users/a3")).await;
        town.write(move |tx| aliases::remove(tx, ana, "https://away.example/users/a3")).await;
        assert_eq!(town.read(move |c| aliases::list(c, ana)).await.len(), 9);
    })
    .await;
}
