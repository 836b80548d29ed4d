//! Who writes in a group, what its followers see of it, and what those who look after it may do, on both databases.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::visibility::Visibility;
use parvis_store::timelines::Range;

use crate::communities::{self, NewCommunity};
use crate::follows::{self, Wishes};
use crate::remote::statuses::Wanted;
use crate::remote::{Outcome, RemoteNote};
use crate::staff::By;
use crate::statuses::{self, Draft, publish, thread};
use crate::testing::{Town, both_with, somebody};
use crate::{Error, Result, facilitation, groups, notifications, remote, timelines};

const HEARING: [crate::context::Listener; 3] =
    [facilitation::on_event, notifications::on_event, timelines::on_event];

/// A community that Fay looks after and Ana follows; Bo and Cy live here too.
struct Scene {
    town: Town,
    garden: AccountId,
    fay: AccountId,
    ana: AccountId,
    bo: AccountId,
}

impl Scene {
    async fn new(town: Town) -> Self {
        let (fay, ana, bo) =
            (town.resident("fay").await, town.resident("ana").await, town.resident("bo").await);
        let new = NewCommunity {
            username: "garden".to_owned(),
            title: "Garden".to_owned(),
            facilitators: vec!["fay".to_owned()],
            ..NewCommunity::default()
        };
        let garden = communities::create(&town, By::Operator, new).await.unwrap();
        town.write(move |tx| follows::follow(tx, ana, garden, &Wishes::default(), None)).await;
        Self { town, garden, fay, ana, bo }
    }

    async fn try_say(&self, who: AccountId, text: &str, to: Option<StatusId>) -> Result<StatusId> {
        let draft = Draft { text: text.to_owned(), in_reply_to: to, ..Draft::default() };
        self.town.db().write(move |tx| publish(tx, who, &draft)).await
    }

    async fn say(&self, who: AccountId, text: &str, to: Option<StatusId>) -> StatusId {
        self.try_say(who, text, to).await.unwrap()
    }

    /// What Bea says, who lives elsewhere.
    async fn bea_says(&self, id: &str, to: Option<StatusId>, names_garden: bool) -> Outcome<StatusId> {
        let bea = somebody("away.example", "bea");
        let urls = self.town.urls();
        let parent = match to {
            Some(id) => self.town.read(move |c| crate::actors::post(c, id)).await.map(|p| p.uri),
            None => None,
        };
        let note = RemoteNote {
            uri: format!("https://away.example/notes/{id}"),
            author: bea.uri.clone(),
            html: "<p>from away</p>".to_owned(),
            is_public: true,
            in_reply_to: parent,
            recipients: if names_garden { vec![urls.actor("garden")] } else { Vec::new() },
            ..RemoteNote::default()
        };
        self.town
            .write(move |tx| {
                remote::accounts::upsert(tx, &bea)?;
                remote::statuses::create(tx, &note, Wanted::IfRelevant)
            })
            .await
    }

    async fn place(&self, id: StatusId) -> Option<groups::GroupPost> {
        self.town.read(move |c| groups::place_of(c, id)).await
    }

    /// What stands on the group's page.
    async fn shown(&self) -> Vec<StatusId> {
        let garden = self.garden;
        let page = self
            .town
            .read(move |c| timelines::of_account(c, None, garden, &Default::default(), Range::newest(20)))
            .await;
        page.into_iter().filter_map(|view| view.boost_of.map(|post| post.status.id)).collect()
    }

    async fn ban(&self, who: AccountId) {
        let (garden, fay) = (self.garden, self.fay);
        self.town.write(move |tx| facilitation::ban(tx, By::Account(fay), garden, who, "spam")).await;
    }

    async fn lock(&self, id: StatusId, is_locked: bool) {
        let (garden, fay) = (self.garden, self.fay);
        self.town.write(move |tx| facilitation::lock(tx, By::Account(fay), garden, id, is_locked)).await;
    }
}

fn refusal<T>(result: Result<T>) -> Option<Refusal> {
    match result {
        Err(Error::Forbidden(refusal) | Error::Refused(refusal)) => Some(refusal),
        _ => None,
    }
}

#[tokio::test]
async fn what_names_a_group_begins_a_thread_there_and_reaches_its_followers_once() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let post = s.say(s.bo, "@garden who has a rake?", None).await;
        let answer = s.say(s.ana, "@bo I have", Some(post)).await;
        let deeper = s.say(s.bo, "thanks", Some(answer)).await;
        for id in [post, answer, deeper] {
            let place = s.place(id).await.unwrap();
            assert_eq!((place.group_id, place.root_id), (s.garden, post));
        }
        assert_eq!(s.shown().await, [post], "answers stand below");
        s.town.run_jobs().await;
        let ana = s.ana;
        let home = s.town.read(move |c| timelines::home(c, ana, Range::newest(20))).await;
        let boosts: Vec<_> = home.iter().filter_map(|v| v.boost_of.as_ref().map(|b| b.status.id)).collect();
        assert_eq!(boosts, [post]);
        assert_eq!(home.iter().find(|v| v.boost_of.is_some()).unwrap().author.account.id, s.garden);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_for_everybody_or_answers_something_else_is_the_affair_of_no_group() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let elsewhere = s.say(s.bo, "good morning", None).await;
        let answer = s.say(s.ana, "@garden look at this", Some(elsewhere)).await;
        assert_eq!(s.place(answer).await, None);
        for visibility in [Visibility::Private, Visibility::Direct] {
            let draft = Draft { text: "@garden psst".to_owned(), visibility, ..Draft::default() };
            let bo = s.bo;
            let id = s.town.write(move |tx| publish(tx, bo, &draft)).await;
            assert_eq!(s.place(id).await, None);
        }
        assert!(s.shown().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_post_from_elsewhere_stands_in_the_group_that_it_is_addressed_to() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let post = s.bea_says("1", None, true).await.kept().unwrap();
        assert_eq!(s.shown().await, [post]);
        // An answer to a post of another server, by somebody whom nobody here knows: the thread is ours.
        let answer = s.bea_says("2", Some(post), false).await.kept().unwrap();
        assert_eq!(s.place(answer).await.unwrap().root_id, post);
        assert!(matches!(s.bea_says("3", None, false).await, Outcome::Dropped(_)));
    })
    .await;
}

#[tokio::test]
async fn o8_nobody_answers_in_a_closed_thread_but_those_who_look_after_it() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let post = s.say(s.bo, "@garden who has a rake?", None).await;
        let answer = s.say(s.ana, "I have", Some(post)).await;
        s.lock(answer, true).await;
        assert_eq!(refusal(s.try_say(s.bo, "thanks", Some(answer)).await), Some(Refusal::ThreadLocked));
        assert!(matches!(s.bea_says("1", Some(post), true).await, Outcome::Dropped(_)));
        s.say(s.fay, "closed, it was found", Some(answer)).await;
        s.lock(post, false).await;
        s.say(s.bo, "thanks", Some(answer)).await;
        s.bea_says("2", Some(post), false).await.kept().unwrap();
    })
    .await;
}

#[tokio::test]
async fn o8_who_is_kept_out_of_a_group_writes_there_no_more_wherever_they_live() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let post = s.say(s.fay, "@garden welcome", None).await;
        let bea = s.bea_says("1", Some(post), true).await.kept().unwrap();
        let bea = s.town.read(move |c| crate::actors::post(c, bea)).await.unwrap().account_id;
        s.ban(s.ana).await;
        s.ban(bea).await;
        for to in [Some(post), None] {
            let said = s.try_say(s.ana, "@garden hear me", to).await;
            assert_eq!(refusal(said), Some(Refusal::BannedFromGroup));
        }
        for (id, to) in [("2", Some(post)), ("3", None)] {
            assert!(matches!(s.bea_says(id, to, true).await, Outcome::Dropped(_)));
        }
        let (ana, garden, fay) = (s.ana, s.garden, s.fay);
        let is_following = s.town.read(move |c| Ok(parvis_store::follows::between(c, ana, garden)?)).await;
        assert!(is_following.is_none(), "nor follow it");
        s.say(s.ana, "elsewhere I may speak", None).await;
        s.town.write(move |tx| facilitation::unban(tx, By::Account(fay), garden, ana)).await;
        s.say(s.ana, "@garden back again", Some(post)).await;
    })
    .await;
}

#[tokio::test]
async fn o8_only_those_who_look_after_a_group_decide_there() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let (garden, bo, ana, fay) = (s.garden, s.bo, s.ana, s.fay);
        let post = s.say(s.bo, "@garden who has a rake?", None).await;
        let by = By::Account(bo);
        let db = s.town.db();
        let all = [
            refusal(db.write(move |tx| facilitation::remove(tx, by, garden, post, "")).await),
            refusal(db.write(move |tx| facilitation::lock(tx, by, garden, post, true)).await),
            refusal(db.write(move |tx| facilitation::pin(tx, by, garden, post, true)).await),
            refusal(db.write(move |tx| facilitation::ban(tx, by, garden, ana, "")).await),
            refusal(db.write(move |tx| facilitation::unban(tx, by, garden, ana)).await),
            refusal(db.write(move |tx| facilitation::add_moderator(tx, by, garden, bo)).await),
            refusal(db.write(move |tx| facilitation::remove_moderator(tx, by, garden, fay)).await),
        ];
        assert!(all.iter().all(|r| *r == Some(Refusal::NotModerator)), "{all:?}");
        // Nor one of them about another, about themselves, or about what stands somewhere else.
        let by = By::Account(fay);
        let own = db.write(move |tx| facilitation::ban(tx, by, garden, fay, "")).await;
        assert_eq!(refusal(own), Some(Refusal::NotOneself));
        let elsewhere = s.say(s.bo, "good morning", None).await;
        let strange = db.write(move |tx| facilitation::remove(tx, by, garden, elsewhere, "")).await;
        assert!(matches!(strange, Err(Error::NotFound)));
        s.town.write(move |tx| facilitation::add_moderator(tx, by, garden, bo)).await;
        let other = db.write(move |tx| facilitation::ban(tx, by, garden, bo, "")).await;
        assert_eq!(refusal(other), Some(Refusal::RoleTooLow));
    })
    .await;
}

#[tokio::test]
async fn a_post_that_is_taken_out_leaves_the_page_and_the_thread_and_stays_its_authors() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let post = s.say(s.bo, "@garden who has a rake?", None).await;
        let answer = s.say(s.ana, "buy my pills", Some(post)).await;
        let (garden, fay, ana) = (s.garden, s.fay, s.ana);
        s.town.write(move |tx| facilitation::pin(tx, By::Account(fay), garden, post, true)).await;
        s.town.write(move |tx| facilitation::remove(tx, By::Account(fay), garden, answer, "spam")).await;
        let below = async |viewer| {
            let around = s.town.read(move |c| thread::around(c, viewer, post)).await;
            around.descendants.into_iter().map(|v| v.status.id).collect::<Vec<_>>()
        };
        assert!(below(None).await.is_empty());
        assert_eq!(below(Some(ana)).await, [answer]);
        let listed = s
            .town
            .read(move |c| {
                let post = crate::actors::post(c, post)?.unwrap();
                crate::actors::replies_of(c, &post, Range::newest(9))
            })
            .await;
        assert!(listed.is_empty(), "nor does its collection of answers name it");
        let late = s.say(s.bo, "which pills?", Some(answer)).await;
        assert_eq!(s.place(late).await, None, "what answers it stands outside");
        s.town.write(move |tx| facilitation::remove(tx, By::Operator, garden, post, "")).await;
        assert!(s.shown().await.is_empty());
        assert!(s.town.read(move |c| timelines::pinned(c, None, garden)).await.is_empty());
        assert!(s.town.read(move |c| crate::actors::post(c, post)).await.is_some());
        let again =
            s.town.db().write(move |tx| facilitation::remove(tx, By::Operator, garden, post, "")).await;
        assert!(matches!(again, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_group_pins_what_begins_a_thread_and_not_too_much() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let (garden, by) = (s.garden, By::Account(s.fay));
        let mut posts = Vec::new();
        for n in 0..=parvis_model::group::GROUP_PINS_MAX {
            posts.push(s.say(s.bo, &format!("@garden number {n}"), None).await);
        }
        let answer = s.say(s.ana, "yes", posts.first().copied()).await;
        let pin = async |id| s.town.db().write(move |tx| facilitation::pin(tx, by, garden, id, true)).await;
        assert_eq!(refusal(pin(answer).await), Some(Refusal::CannotPin));
        let last = posts.pop().unwrap();
        for id in &posts {
            pin(*id).await.unwrap();
        }
        assert_eq!(refusal(pin(last).await), Some(Refusal::TooManyPins));
        assert_eq!(s.town.read(move |c| timelines::pinned(c, None, garden)).await.len(), posts.len());
    })
    .await;
}

#[tokio::test]
async fn answers_that_came_before_what_they_answer_stand_in_its_thread_too() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let bea = somebody("away.example", "bea");
        let note = |id: &str, to: Option<&str>| RemoteNote {
            uri: format!("https://away.example/notes/{id}"),
            author: bea.uri.clone(),
            html: "<p>from away</p>".to_owned(),
            is_public: true,
            in_reply_to: to.map(|id| format!("https://away.example/notes/{id}")),
            recipients: vec![s.town.urls().actor("garden")],
            ..RemoteNote::default()
        };
        let (known, answer, post) = (bea.clone(), note("2", Some("1")), note("1", None));
        let answer = s
            .town
            .write(move |tx| {
                remote::accounts::upsert(tx, &known)?;
                remote::statuses::create(tx, &answer, Wanted::Yes)
            })
            .await
            .kept()
            .unwrap();
        assert_eq!(s.place(answer).await, None, "nobody knows yet what it answers");
        let post =
            s.town.write(move |tx| remote::statuses::create(tx, &post, Wanted::Yes)).await.kept().unwrap();
        assert_eq!(s.place(answer).await.unwrap().root_id, post);
    })
    .await;
}

#[tokio::test]
async fn a_group_that_an_author_blocks_shows_nothing_of_theirs() {
    both_with(&HEARING, |town| async move {
        let s = Scene::new(town).await;
        let (bo, garden) = (s.bo, s.garden);
        s.town.write(move |tx| crate::blocks::block(tx, bo, garden, None)).await;
        let post = s.say(s.bo, "@garden never", None).await;
        assert_eq!(s.place(post).await, None);
        assert!(s.shown().await.is_empty());
        s.town.write(move |tx| crate::blocks::unblock(tx, bo, garden)).await;
        let post = s.say(s.bo, "@garden again", None).await;
        assert_eq!(s.shown().await, [post]);
        s.town.write(move |tx| statuses::delete(tx, bo, post)).await;
        assert!(s.shown().await.is_empty(), "with the post its boost goes");
    })
    .await;
}
