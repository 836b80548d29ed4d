//! What stands on which timeline, on both databases. What reaches home in batches: `statuses::tests`; lists: `lists::tests`.

use parvis_store::statuses::by_id;

use super::*;
use crate::follows::{Wishes, follow};
use crate::remote::{self, RemoteNote, statuses::Wanted as Keep};
use crate::statuses::{Draft, boost, publish};
use crate::testing::{Town, both_with, somebody};

async fn say(town: &Town, who: AccountId, text: &str, to: Option<StatusId>) -> StatusId {
    let draft = Draft { text: text.to_owned(), in_reply_to: to, ..Draft::default() };
    town.write(move |tx| publish(tx, who, &draft)).await
}

fn ids(page: &[StatusView]) -> Vec<StatusId> {
    page.iter().map(|view| view.status.id).collect()
}

#[tokio::test]
async fn answers_to_others_stand_on_no_public_timeline_but_on_those_of_their_hashtags() {
    both_with(&[on_event], |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let bea = somebody("away.example", "bea");
        town.write(move |tx| remote::accounts::upsert(tx, &bea)).await;
        let question = say(&town, ana, "#Bridge when?", None).await;
        let answer = say(&town, ben, "@ana #Bridge on Monday", Some(question)).await;
        let thread = say(&town, ana, "#Bridge and the road?", Some(question)).await;
        let boosted = town.write(move |tx| boost(tx, ben, question, None)).await;
        // What it answers never came here.
        let note = RemoteNote {
            uri: "https://away.example/notes/1".to_owned(),
            author: "https://away.example/users/bea".to_owned(),
            html: "<p>yes</p>".to_owned(),
            is_public: true,
            in_reply_to: Some("https://away.example/notes/0".to_owned()),
            hashtags: vec!["bridge".to_owned()],
            ..RemoteNote::default()
        };
        let away = town.write(move |tx| remote::statuses::create(tx, &note, Keep::Yes)).await.kept().unwrap();
        let newest = Range::newest(20);
        let all = town.read(move |c| public(c, None, Scope::Federated, false, newest)).await;
        assert_eq!(ids(&all), [thread, question]);
        let local = town.read(move |c| public(c, None, Scope::Local, false, newest)).await;
        assert_eq!(ids(&local), [thread, question]);
        let wanted = Tags { any: vec!["bridge".to_owned()], ..Tags::default() };
        let tagged = town.read(move |c| tagged(c, None, &wanted, Scope::Federated, false, newest)).await;
        let mut with_tag = ids(&tagged);
        with_tag.sort_unstable();
        let mut open = vec![question, answer, thread, away];
        open.sort_unstable();
        assert_eq!(with_tag, open);
        // The rule for one post, which streams follow, says the same as the query.
        for id in [question, answer, thread, boosted, away] {
            let status = town.read(move |c| Ok(by_id(c, id)?)).await.unwrap();
            assert_eq!(is_on_public(&status), ids(&all).contains(&id));
            assert_eq!(is_open(&status), open.contains(&id));
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_said_to_somebody_is_not_at_home_with_who_blocks_or_mutes_them() {
    both_with(&[on_event], |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let (cem, dia, eve) =
            (town.resident("cem").await, town.resident("dia").await, town.resident("eve").await);
        for who in [cem, dia, eve] {
            town.write(move |tx| follow(tx, who, ana, &Wishes::default(), None).map(|_| ())).await;
        }
        town.write(move |tx| crate::blocks::block(tx, cem, ben, None)).await;
        town.write(move |tx| crate::blocks::mute(tx, dia, ben, false, None)).await;
        let plain = say(&town, ana, "hello all", None).await;
        let named = say(&town, ana, "@ben hello", None).await;
        for id in [plain, named] {
            town.write(move |tx| fan_out(tx, id, AccountId(0))).await;
        }
        let at_home = async |who| ids(&town.read(move |c| home(c, who, Range::newest(20))).await);
        let boosted = town.write(move |tx| boost(tx, ana, named, None)).await;
        town.write(move |tx| fan_out(tx, boosted, AccountId(0))).await;
        assert_eq!(at_home(eve).await, [boosted, named, plain]);
        assert_eq!(at_home(cem).await, [plain]);
        assert_eq!(at_home(dia).await, [plain]);
        // Nor when it is filled anew, or after a new follow.
        for who in [cem, dia, eve] {
            town.write(move |tx| rebuild(tx, who)).await;
        }
        assert_eq!(at_home(eve).await, [boosted, named, plain]);
        assert_eq!(at_home(cem).await, [plain]);
        assert_eq!(at_home(dia).await, [plain]);
        town.write(move |tx| crate::follows::unfollow(tx, cem, ana)).await;
        town.write(move |tx| follow(tx, cem, ana, &Wishes::default(), None).map(|_| ())).await;
        assert_eq!(at_home(cem).await, [plain]);
        // Nor of an author whose posts are read from one place for all.
        town.write(move |tx| Ok(rows::make_big(tx, ana)?)).await;
        let (calm, loud) = (say(&town, ana, "to all", None).await, say(&town, ana, "@ben again", None).await);
        let again = town.write(move |tx| boost(tx, ana, loud, None)).await;
        for id in [calm, loud, again] {
            town.write(move |tx| fan_out(tx, id, AccountId(0))).await;
        }
        assert_eq!(at_home(eve).await, [again, loud, calm, boosted, named, plain]);
        assert_eq!(at_home(cem).await, [calm, plain]);
        assert_eq!(at_home(dia).await, [calm, plain]);
        for (post, told) in [(calm, vec![cem, dia, eve]), (loud, vec![eve]), (again, vec![eve])] {
            let mut found = town.read(move |c| who_has_home(c, post, &[cem, dia, eve])).await;
            found.sort_unstable();
            assert_eq!(found, told, "and the stream says the same");
        }
    })
    .await;
}
