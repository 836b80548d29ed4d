//! Who gets what, on both databases. How servers fare: [`peers`]; the order of rows: [`numbering`].

mod numbering;
mod peers;

use parvis_model::event::Event;
use parvis_model::ids::{AccountId, OutboxId};
use parvis_store::accounts::{self, Account};
use parvis_store::testing::Place;
use parvis_store::{outbox as rows, peers as peer_rows};

use super::*;
use crate::error::Result;
use crate::events::Record;
use crate::policy::{self, Severity};
use crate::testing::{Town, both};
use crate::{Conn, Tx, follows};

async fn town_on(place: Place) -> Town {
    Town::builder().listeners(vec![on_event]).place(place).build().await
}

/// Both databases, with the listener that keeps the ranges.
async fn heard<F, Fut>(test: F)
where
    F: Fn(Town) -> Fut,
    Fut: Future<Output = ()>,
{
    test(town_on(Place::sqlite()).await).await;
    if let Some(place) = Place::postgres() {
        test(town_on(place).await).await;
    }
}

/// Somebody elsewhere.
fn stranger(tx: &mut Tx<'_>, name: &str, host: &str, shared: Option<&str>) -> Result<AccountId> {
    let id = AccountId(tx.new_id());
    let at = format!("https://{host}/users/{name}");
    let account = Account {
        id,
        username: name.to_owned(),
        username_key: name.to_owned(),
        skeleton: None,
        host: host.to_owned(),
        uri: at.clone(),
        url: at.clone(),
        kind: "Person".to_owned(),
        display_name: String::new(),
        bio_html: String::new(),
        bio_source: String::new(),
        fields: "[]".to_owned(),
        avatar: None,
        header: None,
        is_locked: false,
        is_discoverable: true,
        inbox: format!("{at}/inbox"),
        shared_inbox: shared.map(str::to_owned),
        outbox: format!("{at}/outbox"),
        followers_uri: format!("{at}/followers"),
        featured_uri: None,
        created_at: tx.now(),
        fetched_at: None,
        suspended_at: None,
        gone_at: None,
        last_status_at: None,
        version: 1,
        silenced_at: None,
        sensitized_at: None,
    };
    accounts::insert(tx, &account)?;
    Ok(id)
}

fn follow(tx: &mut Tx<'_>, who: AccountId, whom: AccountId) -> Result<()> {
    let uri = format!("https://elsewhere.example/follows/{}", tx.new_id());
    follows::follow(tx, who, whom, &follows::Wishes::default(), Some(&uri)).map(|_| ())
}

fn activity(kind: &str, n: u32, actor: AccountId, audience: Audience) -> Outgoing {
    Outgoing {
        uri: format!("http://town.example/{kind}/{n}"),
        actor,
        object_uri: Some(format!("http://town.example/notes/{n}")),
        body: format!("{{\"type\":\"{kind}\",\"id\":\"http://town.example/{kind}/{n}\"}}"),
        audience,
    }
}

fn create(tx: &mut Tx<'_>, actor: AccountId, n: u32) -> Result<OutboxId> {
    let audience = Audience { followers_of: Some(actor), ..Audience::default() };
    write(tx, activity("Create", n, actor, audience))
}

fn end(tx: &mut Tx<'_>, actor: AccountId, n: u32) -> Result<OutboxId> {
    let audience = Audience {
        followers_of: Some(actor),
        as_of_object: Some(format!("http://town.example/notes/{n}")),
        explicit: Vec::new(),
    };
    write(tx, activity("Delete", n, actor, audience))
}

/// An audience of one inbox.
fn only(host: &str) -> Audience {
    Audience { explicit: vec![(host.to_owned(), format!("https://{host}/inbox"))], ..Audience::default() }
}

async fn numbered(town: &Town) {
    while town.db().claim(|tx| number(tx, 100)).await.unwrap() > 0 {}
}

/// The ends of the ids of what a host gets.
async fn gets(town: &Town, host: &'static str) -> Vec<String> {
    numbered(town).await;
    let batch = town.read(move |c| batch_for(c, host, 100)).await;
    let rows = batch.map_or_else(Vec::new, |b| b.rows);
    rows.iter().filter(|r| !r.inboxes.is_empty()).map(|r| r.uri.replace("http://town.example/", "")).collect()
}

#[tokio::test]
async fn one_row_serves_a_thousand_followers_on_two_hundred_servers() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            for n in 0..1_000 {
                let host = format!("town-{}.example", n % 200);
                let who = stranger(tx, &format!("p{n}"), &host, Some(&format!("https://{host}/inbox")))?;
                follow(tx, who, ana)?;
            }
            Ok(())
        })
        .await;
        town.write(move |tx| create(tx, ana, 1)).await;
        numbered(&town).await;
        assert_eq!(town.read(|c| Ok(rows::count(c)?)).await, 1);
        let (hosts, statements) = town.db().counted_read(|c| hosts_between(c, 0, i64::MAX)).await.unwrap();
        assert_eq!((hosts.len(), statements), (200, 1));
        let (batch, statements) =
            town.db().counted_read(|c| batch_for(c, "town-7.example", 50)).await.unwrap();
        let batch = batch.unwrap();
        assert_eq!(batch.rows[0].inboxes, ["https://town-7.example/inbox"], "five followers, one delivery");
        assert!(statements <= 8, "{statements} statements for a batch");
    })
    .await;
}

#[tokio::test]
async fn posts_go_where_somebody_follows_and_deletes_go_where_the_post_went() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| create(tx, ana, 1)).await;
        let follow_ana = move |tx: &mut Tx<'_>| {
            let bea = stranger(tx, "bea", "b.example", Some("https://b.example/inbox"))?;
            follow(tx, bea, ana).map(|()| bea)
        };
        let bea = town.write(follow_ana).await;
        town.write(move |tx| create(tx, ana, 2)).await;
        assert_eq!(gets(&town, "b.example").await, ["Create/2"], "nothing from before the follow");

        town.write(move |tx| follows::unfollow(tx, bea, ana)).await;
        town.write(move |tx| create(tx, ana, 3)).await;
        town.write(move |tx| end(tx, ana, 1)).await;
        town.write(move |tx| end(tx, ana, 2)).await;
        assert_eq!(
            gets(&town, "b.example").await,
            ["Delete/2"],
            "post 2 has nobody to go to any more, but whoever has it must hear that it is gone"
        );
    })
    .await;
}

#[tokio::test]
async fn a_server_without_followers_gets_no_new_post_through_its_common_inbox() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        // The row of the follow goes without an event, as when an account is purged.
        town.write(move |tx| {
            let bea = stranger(tx, "bea", "b.example", Some("https://b.example/inbox"))?;
            follow(tx, bea, ana)?;
            let row = parvis_store::follows::between(tx, bea, ana)?.unwrap();
            Ok(parvis_store::follows::delete(tx, row.id)?)
        })
        .await;
        town.write(move |tx| create(tx, ana, 1)).await;
        numbered(&town).await;
        let batch = town.read(|c| batch_for(c, "b.example", 10)).await.unwrap();
        assert_eq!(batch.rows.len(), 1);
        assert!(batch.rows[0].inboxes.is_empty());

        // The next cleaning notices.
        let left = town.read(without_follower).await;
        assert_eq!(left, [("b.example".to_owned(), ana)]);
        town.write(move |tx| {
            let cleo = stranger(tx, "cleo", "c.example", None)?;
            follow(tx, cleo, ana)
        })
        .await;
        town.write(move |tx| {
            close_without_follower(tx, "b.example", ana)?;
            close_without_follower(tx, "c.example", ana)
        })
        .await;
        town.write(move |tx| create(tx, ana, 2)).await;
        numbered(&town).await;
        assert_eq!(town.read(|c| hosts_between(c, 1, i64::MAX)).await, ["c.example"]);
        assert!(town.read(without_follower).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn named_inboxes_are_fixed_when_written_and_heard_again_when_the_object_ends() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            let mut audience = only("c.example");
            audience.explicit.extend(only("").explicit);
            audience.explicit.extend(only("town.example").explicit);
            write(tx, activity("Create", 1, ana, audience))
        })
        .await;
        town.write(move |tx| end(tx, ana, 1)).await;
        numbered(&town).await;
        let hosts = town.read(|c| hosts_between(c, 0, i64::MAX)).await;
        assert_eq!(hosts, ["c.example"], "neither nobody nor ourselves");
        let batch = town.read(|c| batch_for(c, "c.example", 10)).await.unwrap();
        let shapes: Vec<(bool, bool, usize)> =
            batch.rows.iter().map(|r| (r.is_end, r.is_outdated, r.inboxes.len())).collect();
        assert_eq!(shapes, [(false, true, 1), (true, false, 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_blocked_server_gets_nothing_and_no_backlog_afterwards() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            let bea = stranger(tx, "bea", "b.example", None)?;
            // Her handle is on one name, her inbox on another.
            let cleo = stranger(tx, "cleo", "c.example", Some("https://web.b.example/inbox"))?;
            follow(tx, bea, ana)?;
            follow(tx, cleo, ana)?;
            create(tx, ana, 1)
        })
        .await;
        assert_eq!(gets(&town, "b.example").await, ["Create/1"]);
        assert_eq!(gets(&town, "c.example").await, ["Create/1"]);
        town.write(|tx| policy::block(tx, "b.example", Severity::Suspend, false, "")).await;
        let batch = town.read(|c| batch_for(c, "b.example", 10)).await.unwrap();
        assert!(batch.rows.is_empty());
        assert_eq!((batch.through, batch.head), (1, 1));
        assert!(gets(&town, "c.example").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn r3_whoever_had_an_inbox_that_is_gone_follows_no_more() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            let bea = stranger(tx, "bea", "b.example", None)?;
            let cleo = stranger(tx, "cleo", "c.example", Some("https://c.example/inbox"))?;
            follow(tx, bea, ana)?;
            follow(tx, cleo, ana)
        })
        .await;
        let gone = |tx: &mut Tx<'_>| {
            let own = inbox_is_gone(tx, "b.example", "https://b.example/users/bea/inbox")?;
            Ok((own, inbox_is_gone(tx, "c.example", "https://c.example/inbox")?))
        };
        assert_eq!(town.write(gone).await, (false, true));
        town.write(move |tx| create(tx, ana, 1)).await;
        assert!(gets(&town, "b.example").await.is_empty());
        assert_eq!(gets(&town, "c.example").await, ["Create/1"]);
    })
    .await;
}

#[tokio::test]
async fn r4_following_and_unfollowing_in_a_loop_leaves_little() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        let bea = town.write(|tx| stranger(tx, "bea", "b.example", None)).await;
        for n in 0..20 {
            town.write(move |tx| follow(tx, bea, ana)).await;
            town.write(move |tx| create(tx, ana, n)).await;
            town.write(move |tx| follows::unfollow(tx, bea, ana)).await;
        }
        assert_eq!(town.read(|c| Ok(peer_rows::count_ranges(c, "b.example")?)).await, 8);
        // Without a post in between nothing is left at all.
        let cleo = town.write(|tx| stranger(tx, "cleo", "c.example", None)).await;
        for _ in 0..20 {
            town.write(move |tx| follow(tx, cleo, ana)).await;
            town.write(move |tx| follows::unfollow(tx, cleo, ana)).await;
        }
        assert_eq!(town.read(|c| Ok(peer_rows::count_ranges(c, "c.example")?)).await, 0);
    })
    .await;
}

#[tokio::test]
async fn whoever_ever_heard_an_account_hears_that_it_is_gone() {
    heard(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            let bea = stranger(tx, "bea", "b.example", Some("https://b.example/inbox"))?;
            let cleo = stranger(tx, "cleo", "c.example", None)?;
            follow(tx, bea, ana)?;
            follow(tx, cleo, ana)?;
            create(tx, ana, 1)?;
            follows::unfollow(tx, bea, ana)
        })
        .await;
        let all = town.read(move |c| everybody_who_heard(c, ana)).await;
        let inboxes: Vec<&str> = all.iter().map(|(_, inbox)| inbox.as_str()).collect();
        assert_eq!(inboxes, ["https://b.example/inbox", "https://c.example/users/cleo/inbox"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_activity_is_not_written_and_an_id_is_used_once() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let bad = move |tx: &mut Tx<'_>| {
        write(tx, Outgoing { body: "{}".into(), ..activity("Create", 1, ana, Audience::default()) })
    };
    assert!(town.db().write(bad).await.is_err());
    let twice = move |tx: &mut Tx<'_>| {
        create(tx, ana, 1)?;
        create(tx, ana, 1)
    };
    assert!(town.db().write(twice).await.is_err());
    town.write(move |tx| create(tx, ana, 1)).await;
}

#[tokio::test]
async fn a_residents_key_signs_and_a_stranger_has_none() {
    let town = Town::new().await;
    let ana = town.resident("ana").await;
    let bea = town.write(|tx| stranger(tx, "bea", "b.example", None)).await;
    let key = town.read(move |c: &mut Conn| signing_key(c, ana)).await.unwrap();
    assert!(key.uri.starts_with("http://town.example/users/ana"));
    assert!(!key.open(town.secrets()).unwrap().is_empty());
    assert!(town.read(move |c| signing_key(c, bea)).await.is_none());
}

#[tokio::test]
async fn a_follow_among_residents_opens_no_range() {
    let town = town_on(Place::sqlite()).await;
    let (ana, bea) = (town.resident("ana").await, town.resident("bea").await);
    town.write(move |tx| {
        follows::follow(tx, bea, ana, &follows::Wishes::default(), None)?;
        tx.record(Event::Unfollowed { follower: bea, followee: ana, uri: String::new() })
    })
    .await;
    assert_eq!(town.read(|c| Ok(peer_rows::count_ranges(c, "")?)).await, 0);
    assert!(town.read(|c| peer(c, "")).await.is_none());
}
