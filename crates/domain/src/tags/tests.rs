//! What hashtags bring and show, on both databases.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::tag::{FEATURED_MAX, FOLLOWED_MAX};
use parvis_model::time::DAY;
use parvis_model::visibility::Visibility;
use parvis_store::timelines::{Range, Scope};

use super::{featured, follow, named};
use crate::context::Listener;
use crate::follows::{self, Wishes};
use crate::lists;
use crate::statuses::{self, Draft};
use crate::testing::{Town, both, both_with};
use crate::timelines::{self, Tags};
use crate::{Error, blocks};

const HEARD: [Listener; 2] = [timelines::on_event, follow::on_event];

async fn say(town: &Town, who: AccountId, text: &str, visibility: Visibility) -> StatusId {
    let draft = Draft { text: text.to_owned(), visibility, ..Draft::default() };
    let id = town.write(move |tx| statuses::publish(tx, who, &draft)).await;
    town.write(move |tx| timelines::fan_out(tx, id, AccountId(0))).await;
    town.write(move |tx| follow::fan_out(tx, id, AccountId(0))).await;
    id
}

async fn home(town: &Town, who: AccountId) -> Vec<StatusId> {
    let page = town.read(move |c| timelines::home(c, who, Range::newest(40))).await;
    page.into_iter().map(|v| v.status.id).collect()
}

#[tokio::test]
async fn a_followed_tag_brings_public_posts_home() {
    both_with(&HEARD, |town| async move {
        let (ana, ben, cleo) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cleo").await);
        assert_eq!(town.write(move |tx| follow::follow(tx, ana, "#Marché")).await.is_followed, Some(true));
        town.write(move |tx| follow::follow(tx, ana, "square")).await;
        let tagged = say(&town, ben, "au #MARCHÉ et la #square", Visibility::Public).await;
        say(&town, ben, "#marché", Visibility::Unlisted).await;
        say(&town, ben, "#marché", Visibility::Private).await;
        say(&town, ben, "nothing", Visibility::Public).await;
        let of_cleo = say(&town, cleo, "#square", Visibility::Public).await;
        assert_eq!(home(&town, ana).await, [of_cleo, tagged], "each once");
        assert_eq!(home(&town, ben).await.len(), 4, "others see what they saw");
        town.write(move |tx| timelines::rebuild(tx, ana)).await;
        assert_eq!(home(&town, ana).await, [of_cleo, tagged]);
        town.write(move |tx| blocks::mute(tx, ana, cleo, true, None)).await;
        assert_eq!(home(&town, ana).await, [tagged], "not of those whom one mutes");
    })
    .await;
}

#[tokio::test]
async fn what_came_home_for_a_tag_alone_goes_with_it() {
    both_with(&HEARD, |town| async move {
        let (ana, ben, cleo) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cleo").await);
        town.write(move |tx| follows::follow(tx, ana, ben, &Wishes::default(), None)).await;
        for tag in ["one", "two"] {
            town.write(move |tx| follow::follow(tx, ana, tag)).await;
        }
        let of_friend = say(&town, ben, "#one", Visibility::Public).await;
        let own = say(&town, ana, "#one", Visibility::Public).await;
        let both_tags = say(&town, cleo, "#one #two", Visibility::Public).await;
        let one = say(&town, cleo, "#one", Visibility::Public).await;
        assert_eq!(home(&town, ana).await, [one, both_tags, own, of_friend]);
        assert_eq!(town.write(move |tx| follow::unfollow(tx, ana, "one")).await.is_followed, Some(false));
        assert_eq!(home(&town, ana).await, [both_tags, own, of_friend]);
        town.write(move |tx| follow::unfollow(tx, ana, "one")).await;
    })
    .await;
}

#[tokio::test]
async fn a_tag_brings_nothing_home_of_those_who_are_read_apart() {
    both_with(&HEARD, |town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        town.write(move |tx| follows::follow(tx, ana, ben, &Wishes::default(), None)).await;
        town.write(move |tx| follow::follow(tx, ana, "one")).await;
        town.write(move |tx| {
            let wanted = lists::Wanted {
                title: Some("Apart".to_owned()),
                is_exclusive: Some(true),
                ..lists::Wanted::default()
            };
            let list = lists::create(tx, ana, &wanted)?;
            lists::members::add(tx, ana, list.id, &[ben])
        })
        .await;
        say(&town, ben, "#one", Visibility::Public).await;
        assert_eq!(home(&town, ana).await, []);
    })
    .await;
}

#[tokio::test]
async fn the_history_of_a_tag_is_counted_from_posts() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        say(&town, ana, "#market long ago", Visibility::Public).await;
        town.clock.advance(7 * DAY);
        say(&town, ana, "#market", Visibility::Public).await;
        town.clock.advance(DAY);
        for who in [ana, ana, ben] {
            say(&town, who, "#Market", Visibility::Public).await;
        }
        say(&town, ben, "#market", Visibility::Unlisted).await;
        let tag = town.read(|c| named(c, None, "market")).await;
        let used: Vec<(i64, i64)> = tag.history.iter().map(|d| (d.uses, d.accounts)).collect();
        assert_eq!(used, [(3, 2), (1, 1), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]);
        assert_eq!(tag.history[0].day.0 % DAY, 0);
        assert_eq!((tag.is_followed, tag.is_featured), (None, None));
        let unused = town.read(|c| named(c, None, "#Fête")).await;
        assert_eq!((unused.tag.id.0, unused.tag.name.as_str()), (0, "fête"));
        assert!(unused.history.iter().all(|d| d.uses == 0));
        for bad in ["", "a b", "123", "a-b", &"x".repeat(500)] {
            let name = bad.to_owned();
            let found = town.db().read(move |c| named(c, None, &name)).await;
            assert!(matches!(found, Err(Error::NotFound)), "{bad}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_profile_shows_a_few_tags_with_their_use() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        say(&town, ana, "#market", Visibility::Public).await;
        say(&town, ana, "#market #square", Visibility::Unlisted).await;
        say(&town, ana, "#market", Visibility::Private).await;
        say(&town, ben, "#market", Visibility::Public).await;
        let suggested = town.read(move |c| featured::suggestions(c, ana)).await;
        let names: Vec<&str> = suggested.iter().map(|t| t.tag.name.as_str()).collect();
        assert_eq!(names, ["market", "square"]);
        let shown = town.write(move |tx| featured::add(tx, ana, "#Market")).await;
        assert_eq!((shown.statuses, shown.last_at.is_some()), (2, true), "of one's own posts for everybody");
        let suggested = town.read(move |c| featured::suggestions(c, ana)).await;
        assert_eq!(suggested.len(), 1);
        let twice = town.db().write(move |tx| featured::add(tx, ana, "market")).await;
        assert!(matches!(twice, Err(Error::Invalid(p)) if p[0].refusal == Refusal::AlreadyThere));
        let shape = town.db().write(move |tx| featured::add(tx, ana, "no tag")).await;
        assert!(matches!(shape, Err(Error::Invalid(p)) if p[0].refusal == Refusal::HashtagShape));
        let foreign = town.db().write(move |tx| featured::remove(tx, ben, shown.id)).await;
        assert!(matches!(foreign, Err(Error::NotFound)));
        for n in 1..FEATURED_MAX {
            town.write(move |tx| featured::feature(tx, ana, &format!("tag{n}"))).await;
        }
        let more = town.db().write(move |tx| featured::feature(tx, ana, "more")).await;
        assert!(matches!(more, Err(Error::Refused(Refusal::TooManyKept))));
        town.write(move |tx| featured::feature(tx, ana, "market")).await;
        town.write(move |tx| featured::remove(tx, ana, shown.id)).await;
        let off = town.write(move |tx| featured::unfeature(tx, ana, "tag1")).await;
        assert_eq!(off.is_featured, Some(false));
        let left = town.read(move |c| featured::of_account(c, ana)).await;
        assert_eq!(left.len(), 8);
    })
    .await;
}

#[tokio::test]
async fn following_tags_has_an_end() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        town.write(move |tx| {
            for n in 0..FOLLOWED_MAX {
                follow::follow(tx, ana, &format!("tag{n}"))?;
            }
            Ok(())
        })
        .await;
        let more = town.db().write(move |tx| follow::follow(tx, ana, "more")).await;
        assert!(matches!(more, Err(Error::Refused(Refusal::TooManyKept))));
        town.write(move |tx| follow::follow(tx, ana, "tag1")).await;
        let mut costs = Vec::new();
        for limit in [1, 100] {
            let read = town.db().counted_read(move |c| follow::followed(c, ana, Range::newest(limit)));
            let (page, cost) = read.await.unwrap();
            assert_eq!(page.len(), usize::try_from(limit).unwrap());
            costs.push(cost);
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}

#[tokio::test]
async fn a_tag_timeline_takes_and_leaves_out_other_tags() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let mut posts = Vec::new();
        for text in ["#one", "#two", "#one #two", "#one #three", "#two #three", "#one #two #three"] {
            posts.push(say(&town, ana, text, Visibility::Public).await);
        }
        let shown = async |any: &[&str], all: &[&str], none: &[&str]| {
            let own = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
            let wanted = Tags { any: own(any), all: own(all), none: own(none) };
            let page = town
                .read(move |c| {
                    timelines::tagged(c, None, &wanted, Scope::Federated, false, Range::newest(20))
                })
                .await;
            let mut found: Vec<usize> =
                page.iter().map(|v| posts.iter().position(|p| *p == v.status.id).unwrap()).collect();
            assert!(found.is_sorted_by(|a, b| a > b), "newest first, each once: {found:?}");
            found.reverse();
            found
        };
        assert_eq!(shown(&["one"], &[], &[]).await, [0, 2, 3, 5]);
        assert_eq!(shown(&["one", "two"], &[], &[]).await, [0, 1, 2, 3, 4, 5]);
        assert_eq!(shown(&["one", "nobody"], &["TWO"], &[]).await, [2, 5]);
        assert_eq!(shown(&["one"], &["two", "three"], &[]).await, [5]);
        assert_eq!(shown(&["one"], &["nobody"], &[]).await, Vec::<usize>::new());
        assert_eq!(shown(&["one"], &[], &["two", "nobody"]).await, [0, 3]);
        assert_eq!(shown(&["one", "two"], &["three"], &["one"]).await, [4]);
        assert_eq!(shown(&["no tag"], &[], &[]).await, Vec::<usize>::new());
    })
    .await;
}
