//! What is remembered of a post that was written just now is what everybody reads of it later.

use parvis_model::ids::{AccountId, MediaId, StatusId};
use parvis_model::quote::QuotePolicy;
use parvis_model::visibility::Visibility;
use parvis_store::media::{self, Media};

use super::{of_published, of_status, of_told};
use crate::events::context_of;
use crate::polls::PollDraft;
use crate::statuses::{Draft, publish, publish_whole};
use crate::testing::{Town, both};
use crate::{news, views};

/// Posts of all kinds.
async fn drafts(town: &Town, ana: AccountId) -> Vec<Draft> {
    let draft = |text: &str| Draft { text: text.to_owned(), ..Draft::default() };
    let first = draft("first");
    let first = town.write(move |tx| publish(tx, ana, &first)).await;
    let picture = town
        .write(move |tx| {
            let row = Media::new(MediaId(tx.new_id()), ana, "image", tx.now());
            media::insert(tx, &row)?;
            Ok(row.id)
        })
        .await;
    let poll = PollDraft {
        options: vec!["yes".to_owned(), "no".to_owned()],
        seconds: Some(3600),
        ..PollDraft::default()
    };
    vec![
        draft("plain"),
        draft("@bea and @BEA, #square #Market #square https://paper.example/a :blob:"),
        Draft { warning: "long".to_owned(), language: Some("fr".to_owned()), ..draft("bonjour") },
        Draft { visibility: Visibility::Private, ..draft("for few") },
        Draft { visibility: Visibility::Direct, ..draft("@bea only") },
        Draft { in_reply_to: Some(first), ..draft("an answer") },
        Draft { media: vec![picture], ..draft("") },
        Draft { poll: Some(poll), ..draft("which?") },
        Draft { quoted: Some(first), quote_policy: Some(QuotePolicy::PUBLIC), ..draft("look") },
    ]
}

fn words(view: &views::StatusView) -> String {
    format!("{view:#?}")
}

#[tokio::test]
async fn what_was_written_is_what_is_read() {
    both(|town: Town| async move {
        let (ana, _) = (town.resident("ana").await, town.resident("bea").await);
        for draft in drafts(&town, ana).await {
            let text = draft.text.clone();
            let (id, parts) = town.write(move |tx| publish_whole(tx, ana, &draft)).await;
            assert!(parts.is_some(), "it is new");
            let given = town.read(move |c| of_published(c, ana, id, parts)).await.unwrap();
            town.read(|c| context_of(c).map(|context| context.kept.clear())).await;
            let read = town.read(move |c| of_status(c, Some(ana), id)).await.unwrap();
            assert_eq!(words(&given), words(&read), "{text:?}");
            let told = town.write(move |tx| of_told(tx, id)).await.unwrap();
            assert_eq!((told.html(), &told.mentions), (read.html(), &read.mentions), "{text:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_remembered_outside_of_an_event_and_nothing_of_another_post() {
    both(|town: Town| async move {
        let ana = town.resident("ana").await;
        let nobody = StatusId(1);
        town.write(move |tx| {
            let (id, parts) = publish_whole(tx, ana, &Draft { text: "one".to_owned(), ..Draft::default() })?;
            assert!(news::just_written(tx, id).is_none(), "the event is over");
            news::written(tx, &parts.expect("it is new"), false);
            assert!(news::stands_alone(tx, id));
            assert!(news::just_written(tx, id).is_some());
            assert!(news::just_written(tx, nobody).is_none());
            assert!(news::status(tx, nobody)?.is_none());
            news::begin(tx);
            assert!(news::just_written(tx, id).is_some(), "told now");
            news::begin(tx);
            assert!(news::just_written(tx, id).is_none(), "an event within may be about a change");
            news::end(tx);
            news::end(tx);
            assert_eq!(news::status(tx, id)?.unwrap().source, "one", "read from the database");
            Ok(())
        })
        .await;
    })
    .await;
}
