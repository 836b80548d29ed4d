//! What lists show and keep, on both databases.

use parvis_model::ids::{AccountId, ListId, StatusId};
use parvis_model::list::{LISTS_MAX, RepliesPolicy, TITLE_MAX};
use parvis_model::refusal::Refusal;
use parvis_model::visibility::Visibility;
use parvis_store::timelines::Range;

use super::{Wanted, all, create, delete, feed, members, one, update};
use crate::context::Listener;
use crate::follows::{self, Wishes};
use crate::statuses::{self, Draft};
use crate::testing::{Town, both, both_with, cost_of};
use crate::{Error, timelines};

const HEARD: [Listener; 2] = [timelines::on_event, feed::on_event];

fn called(title: &str) -> Wanted {
    Wanted { title: Some(title.to_owned()), ..Wanted::default() }
}

async fn say(town: &Town, who: AccountId, draft: Draft) -> StatusId {
    let id = town.write(move |tx| statuses::publish(tx, who, &draft)).await;
    town.write(move |tx| timelines::fan_out(tx, id, AccountId(0))).await;
    town.write(move |tx| feed::fan_out(tx, id, ListId(0))).await;
    id
}

fn draft(text: &str) -> Draft {
    Draft { text: text.to_owned(), ..Draft::default() }
}

fn answer(to: StatusId) -> Draft {
    Draft { in_reply_to: Some(to), ..draft("an answer") }
}

async fn follow(town: &Town, who: AccountId, whom: AccountId) {
    town.write(move |tx| follows::follow(tx, who, whom, &Wishes::default(), None)).await;
}

async fn shown(town: &Town, owner: AccountId, list: ListId) -> Vec<StatusId> {
    let page = town.read(move |c| feed::timeline(c, owner, list, Range::newest(40))).await;
    page.into_iter().map(|v| v.status.id).collect()
}

async fn home(town: &Town, who: AccountId) -> Vec<StatusId> {
    let page = town.read(move |c| timelines::home(c, who, Range::newest(40))).await;
    page.into_iter().map(|v| v.status.id).collect()
}

async fn list_of(town: &Town, owner: AccountId, wanted: Wanted, some: &[AccountId]) -> ListId {
    let some = some.to_vec();
    town.write(move |tx| {
        let list = create(tx, owner, &wanted)?;
        members::add(tx, owner, list.id, &some)?;
        Ok(list.id)
    })
    .await
}

#[tokio::test]
async fn a_list_shows_what_its_members_write_and_no_more_than_its_owner_may_see() {
    both_with(&HEARD, |town| async move {
        let (ana, ben, cleo) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cleo").await);
        follow(&town, ana, ben).await;
        let before = say(&town, ben, draft("before")).await;
        let list = list_of(&town, ana, called("Market"), &[ben, ana]).await;
        let private = say(&town, ben, Draft { visibility: Visibility::Private, ..draft("followers") }).await;
        say(&town, ben, Draft { visibility: Visibility::Direct, ..draft("to @cleo") }).await;
        let own = say(&town, ana, draft("mine")).await;
        say(&town, cleo, draft("not in the list")).await;
        assert_eq!(shown(&town, ana, list).await, [own, private, before]);
        for stranger in [ben, cleo] {
            let found = town.db().read(move |c| feed::timeline(c, stranger, list, Range::newest(40))).await;
            assert!(matches!(found, Err(Error::NotFound)));
        }
        town.write(move |tx| follows::unfollow(tx, ana, ben)).await;
        assert_eq!(shown(&town, ana, list).await, [own], "who is not followed any more leaves the list");
    })
    .await;
}

#[tokio::test]
async fn the_policy_of_a_list_decides_which_answers_it_shows() {
    both_with(&HEARD, |town| async move {
        let mut people = Vec::new();
        for name in ["ana", "ben", "cleo", "dan", "eve"] {
            people.push(town.resident(name).await);
        }
        let [ana, ben, cleo, dan, eve] = people.try_into().unwrap();
        for other in [ben, cleo, dan] {
            follow(&town, ana, other).await;
        }
        let list = list_of(&town, ana, called("Market"), &[ben, cleo]).await;
        let mut posts = Vec::new();
        for author in [ana, ben, cleo, dan, eve] {
            posts.push(say(&town, author, draft("a post")).await);
        }
        let mut answers = Vec::new();
        for post in &posts {
            answers.push(say(&town, ben, answer(*post)).await);
        }
        let to = async |policy: RepliesPolicy| {
            town.write(move |tx| {
                update(tx, ana, list, &Wanted { replies: Some(policy), ..Wanted::default() })?;
                feed::fill(tx, list, 0)
            })
            .await;
            let page = shown(&town, ana, list).await;
            answers.iter().map(|a| page.contains(a)).collect::<Vec<_>>()
        };
        // To the owner, to oneself, to a member, to somebody followed, to a stranger.
        assert_eq!(to(RepliesPolicy::List).await, [true, true, true, false, false]);
        assert_eq!(to(RepliesPolicy::Followed).await, [true, true, true, true, false]);
        assert_eq!(to(RepliesPolicy::None).await, [true, true, false, false, false]);
        let again = say(&town, ben, answer(posts[2])).await;
        assert!(!shown(&town, ana, list).await.contains(&again), "posts that come are held to it, too");
    })
    .await;
}

#[tokio::test]
async fn what_is_said_to_somebody_is_in_no_list_of_who_blocks_or_mutes_them() {
    both_with(&HEARD, |town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        follow(&town, ana, ben).await;
        let list = list_of(&town, ana, called("Few"), &[ana, ben]).await;
        let before = say(&town, ben, draft("@cem hello")).await;
        assert_eq!(shown(&town, ana, list).await, [before]);
        town.write(move |tx| crate::blocks::mute(tx, ana, cem, false, None)).await;
        say(&town, ben, draft("@cem hello again")).await;
        let own = say(&town, ana, draft("@cem one's own stays")).await;
        let plain = say(&town, ben, draft("hello all")).await;
        assert_eq!(shown(&town, ana, list).await, [plain, own, before], "what stood there before stays");
        let other = list_of(&town, ana, called("Filled"), &[ana, ben]).await;
        assert_eq!(shown(&town, ana, other).await, [plain, own], "and a new one begins without it");
    })
    .await;
}

#[tokio::test]
async fn boosts_and_languages_are_those_that_the_owner_wants_of_the_member() {
    both_with(&HEARD, |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let wishes = Wishes {
            shows_boosts: Some(false),
            languages: Some(vec!["fr".to_owned(), "en-gb".to_owned()]),
            ..Wishes::default()
        };
        town.write(move |tx| follows::follow(tx, ana, ben, &wishes, None)).await;
        let list = list_of(&town, ana, called("Market"), &[ben]).await;
        let mut expected = Vec::new();
        for (language, fits) in
            [("fr", true), ("fr-ca", true), ("en", false), ("en-gb", true), ("de", false), ("", true)]
        {
            let id = say(&town, ben, Draft { language: Some(language.to_owned()), ..draft("x") }).await;
            if fits {
                expected.insert(0, id);
            }
        }
        let post = say(&town, ana, draft("mine")).await;
        let boost = town.write(move |tx| statuses::boost(tx, ben, post, None)).await;
        town.write(move |tx| feed::fan_out(tx, boost, ListId(0))).await;
        assert_eq!(shown(&town, ana, list).await, expected);
    })
    .await;
}

#[tokio::test]
async fn members_of_an_exclusive_list_are_read_there_and_not_at_home() {
    both_with(&HEARD, |town| async move {
        let (ana, ben, cleo) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cleo").await);
        follow(&town, ana, ben).await;
        follow(&town, cleo, ben).await;
        let first = say(&town, ben, draft("first")).await;
        assert_eq!(home(&town, ana).await, [first]);
        let exclusive = Wanted { is_exclusive: Some(true), ..called("Apart") };
        let list = list_of(&town, ana, exclusive, &[ben]).await;
        let second = say(&town, ben, draft("second")).await;
        assert_eq!(home(&town, ana).await, []);
        assert_eq!(home(&town, cleo).await, [second, first], "others read at home as before");
        assert_eq!(shown(&town, ana, list).await, [second, first]);
        town.write(move |tx| timelines::rebuild(tx, ana)).await;
        assert_eq!(home(&town, ana).await, []);
        town.write(move |tx| members::remove(tx, ana, list, &[ben])).await;
        assert_eq!(home(&town, ana).await, [second, first]);
        assert_eq!(shown(&town, ana, list).await, []);
        town.write(move |tx| members::add(tx, ana, list, &[ben])).await;
        assert_eq!(home(&town, ana).await, []);
        // What a list kept away comes back by a job.
        town.write(move |tx| delete(tx, ana, list)).await;
        town.write(move |tx| timelines::rebuild(tx, ana)).await;
        assert_eq!(home(&town, ana).await, [second, first]);
    })
    .await;
}

#[tokio::test]
async fn posts_of_an_author_with_very_many_followers_are_read_apart_too() {
    both_with(&HEARD, |town| async move {
        let (ana, hall) = (town.resident("ana").await, town.resident("hall").await);
        follow(&town, ana, hall).await;
        town.write(move |tx| Ok(parvis_store::timelines::make_big(tx, hall)?)).await;
        let post = say(&town, hall, draft("to all")).await;
        assert_eq!(home(&town, ana).await, [post]);
        let exclusive = Wanted { is_exclusive: Some(true), ..called("Town hall") };
        let list = list_of(&town, ana, exclusive, &[hall]).await;
        let another = say(&town, hall, draft("again")).await;
        assert_eq!(home(&town, ana).await, []);
        assert_eq!(shown(&town, ana, list).await, [another, post]);
        let told = town.read(move |c| timelines::who_has_home(c, another, &[ana])).await;
        assert_eq!(told, [], "nor does the stream of home tell of it");
        let told = town.read(move |c| feed::who_has(c, another, &[list])).await;
        assert_eq!(told, [(list, ana)]);
    })
    .await;
}

#[tokio::test]
async fn who_is_asked_may_be_in_a_list_before_the_answer() {
    both_with(&HEARD, |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        town.write(move |tx| {
            let mut account = parvis_store::accounts::by_id(tx, ben)?.unwrap();
            account.is_locked = true;
            Ok(parvis_store::accounts::save(tx, &account)?)
        })
        .await;
        follow(&town, ana, ben).await;
        let list = list_of(&town, ana, called("Soon"), &[ben]).await;
        let post = say(&town, ben, draft("hello")).await;
        assert_eq!(shown(&town, ana, list).await, []);
        town.write(move |tx| follows::accept(tx, ben, ana)).await;
        assert_eq!(shown(&town, ana, list).await, [post]);
        town.write(move |tx| follows::reject(tx, ben, ana)).await;
        assert_eq!(shown(&town, ana, list).await, []);
        let left = town.read(move |c| members::page(c, ana, list, Range::newest(9))).await;
        assert!(left.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_list_costs_the_same_however_many_are_in_it() {
    both_with(&HEARD, |town| async move {
        let ana = town.resident("ana").await;
        let mut friends = Vec::new();
        for n in 0..12 {
            let friend = town.resident(&format!("friend{n}")).await;
            follow(&town, ana, friend).await;
            friends.push(friend);
        }
        let small = list_of(&town, ana, called("Small"), &friends[..1]).await;
        let large = list_of(&town, ana, called("Large"), &friends).await;
        for friend in &friends {
            say(&town, *friend, draft("a post")).await;
        }
        let mut costs = Vec::new();
        for (list, posts) in [(small, 1), (large, 12)] {
            let (page, cost) = cost_of(&town, move |c| feed::timeline(c, ana, list, Range::newest(20))).await;
            assert_eq!(page.len(), posts);
            costs.push(cost);
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}

#[tokio::test]
async fn lists_have_titles_owners_and_an_end() {
    both(|town| async move {
        let (ana, ben, cleo) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cleo").await);
        for (title, refusal) in [
            ("", Refusal::TitleMissing),
            (" \u{202e} ", Refusal::TitleMissing),
            (&"x".repeat(TITLE_MAX + 1), Refusal::TextTooLong),
        ] {
            let wanted = called(title);
            let made = town.db().write(move |tx| create(tx, ana, &wanted)).await;
            assert!(matches!(made, Err(Error::Invalid(p)) if p[0].refusal == refusal), "{title:?}");
        }
        let list = town.write(move |tx| create(tx, ana, &called("Mine"))).await.id;
        assert!(matches!(town.db().read(move |c| one(c, ben, list)).await, Err(Error::NotFound)));
        assert!(matches!(town.db().write(move |tx| delete(tx, ben, list)).await, Err(Error::NotFound)));
        let stranger = town.db().write(move |tx| members::add(tx, ana, list, &[cleo])).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "only who is followed");
        follow(&town, ana, ben).await;
        town.write(move |tx| members::add(tx, ana, list, &[ben])).await;
        let twice = town.db().write(move |tx| members::add(tx, ana, list, &[ben])).await;
        assert!(matches!(twice, Err(Error::Invalid(p)) if p[0].refusal == Refusal::AlreadyThere));
        for n in 1..LISTS_MAX {
            town.write(move |tx| create(tx, ana, &called(&n.to_string()))).await;
        }
        let more = town.db().write(move |tx| create(tx, ana, &called("more"))).await;
        assert!(matches!(more, Err(Error::Refused(Refusal::TooManyKept))));
        assert_eq!(town.read(move |c| all(c, ana)).await.len(), 50);
    })
    .await;
}

#[tokio::test]
async fn two_programs_that_add_the_same_account_at_once_add_it_once() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        follow(&town, ana, ben).await;
        let list = town.write(move |tx| create(tx, ana, &called("Mine"))).await.id;
        let add = || town.db().write(move |tx| members::add(tx, ana, list, &[ben]));
        let (one, other) = tokio::join!(add(), add());
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let found = town.read(move |c| members::page(c, ana, list, Range::newest(9))).await;
        assert_eq!(found.len(), 1);
    })
    .await;
}
