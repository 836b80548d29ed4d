//! Polls of people here, on both databases. Those of other servers: `remote::tests` and `federation::activities`.

use parvis_jobs::{Registry, Runner};
use parvis_model::ids::{AccountId, PollId, StatusId};
use parvis_model::refusal::Refusal;
use parvis_model::time::{HOUR, MINUTE};
use parvis_model::visibility::Visibility;
use parvis_store::jobs::{self, PARKED};
use parvis_store::timelines::Range;

use super::*;
use crate::notifications;
use crate::rows::NotificationFilter;
use crate::statuses::{self, Draft, Edit};
use crate::testing::{Town as TestTown, both};
use crate::{access, views};

fn draft(options: &[&str]) -> PollDraft {
    PollDraft {
        options: options.iter().map(|o| (*o).to_owned()).collect(),
        seconds: Some(3_600),
        ..PollDraft::default()
    }
}

async fn ask(town: &TestTown, who: AccountId, poll: PollDraft) -> (StatusId, PollId) {
    let post = Draft { text: "Which day?".to_owned(), poll: Some(poll), ..Draft::default() };
    let id = town.write(move |tx| statuses::publish(tx, who, &post)).await;
    (id, seen(town, Some(who), id).await.poll.id)
}

async fn seen(town: &TestTown, viewer: access::Viewer, id: StatusId) -> PollView {
    town.read(move |c| views::of_status(c, viewer, id)).await.unwrap().poll.unwrap()
}

async fn votes(
    town: &TestTown,
    who: AccountId,
    poll: PollId,
    choices: &'static [i64],
) -> std::result::Result<StatusId, Error> {
    town.db().write(move |tx| vote(tx, who, poll, choices)).await
}

fn numbers(view: &PollView) -> (Vec<i64>, i64, Option<i64>) {
    (view.options.iter().map(|o| o.votes).collect(), view.votes, view.voters)
}

#[tokio::test]
async fn v1_a_vote_counts_once_whatever_is_sent() {
    both(|town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let (post, poll) = ask(&town, ana, draft(&["Friday", "Saturday"])).await;
        for (who, choices, refusal) in [
            (ben, &[][..], Refusal::PollChoices),
            (ben, &[0, 1], Refusal::PollChoices),
            (ben, &[2], Refusal::PollChoices),
            (ben, &[-1], Refusal::PollChoices),
            (ana, &[0], Refusal::OwnPoll),
        ] {
            let refused = votes(&town, who, poll, choices).await;
            assert!(matches!(refused, Err(Error::Refused(r)) if r == refusal), "{choices:?}: {refused:?}");
        }
        votes(&town, ben, poll, &[1]).await.unwrap();
        for again in [&[1][..], &[0]] {
            let refused = votes(&town, ben, poll, again).await;
            assert!(matches!(refused, Err(Error::Refused(Refusal::AlreadyVoted))));
        }
        let view = seen(&town, Some(ben), post).await;
        assert_eq!((numbers(&view), view.own.as_slice()), ((vec![0, 1], 1, Some(1)), &[1_i16][..]));
        assert!(!seen(&town, Some(cem), post).await.has_voted);

        let several = PollDraft { is_multiple: true, ..draft(&["a", "b", "c"]) };
        let (post, poll) = ask(&town, ana, several).await;
        let refused = votes(&town, ben, poll, &[0, 0]).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::PollChoices))), "each once");
        votes(&town, ben, poll, &[2, 0]).await.unwrap();
        votes(&town, cem, poll, &[2]).await.unwrap();
        let view = seen(&town, Some(ben), post).await;
        assert_eq!((numbers(&view), view.own), ((vec![1, 0, 2], 3, Some(2)), vec![0, 2]));
    })
    .await;
}

#[tokio::test]
async fn v1_of_two_votes_of_one_person_at_once_one_counts_and_those_of_two_people_both() {
    both(|town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let (post, poll) = ask(&town, ana, draft(&["Friday", "Saturday"])).await;
        let (one, two, other) = tokio::join!(
            votes(&town, ben, poll, &[0]),
            votes(&town, ben, poll, &[1]),
            votes(&town, cem, poll, &[1]),
        );
        assert!(one.is_ok() ^ two.is_ok(), "{one:?} {two:?}");
        other.unwrap();
        let view = seen(&town, None, post).await;
        assert_eq!((view.votes, view.voters), (2, Some(2)));
    })
    .await;
}

#[tokio::test]
async fn who_cannot_see_a_post_cannot_find_or_vote_in_its_poll() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let post = Draft {
            text: "Which day?".to_owned(),
            visibility: Visibility::Private,
            poll: Some(draft(&["Friday", "Saturday"])),
            ..Draft::default()
        };
        let id = town.write(move |tx| statuses::publish(tx, ana, &post)).await;
        let poll = seen(&town, Some(ana), id).await.poll.id;
        assert!(matches!(votes(&town, ben, poll, &[0]).await, Err(Error::NotFound)));
        let looked = town.db().read(move |c| shown(c, Some(ben), poll)).await;
        assert!(matches!(looked, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn hidden_numbers_show_at_the_end_and_nobody_votes_after_it() {
    both(|town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let hidden = PollDraft { hides_totals: true, ..draft(&["Friday", "Saturday"]) };
        let (post, poll) = ask(&town, ana, hidden).await;
        votes(&town, ben, poll, &[0]).await.unwrap();
        let shown = |view: &PollView| view.votes_shown(&view.options[0]);
        let open = seen(&town, Some(ana), post).await;
        assert_eq!((open.is_expired, shown(&open)), (false, None), "hidden from everybody");
        town.clock.advance(HOUR);
        let closed = seen(&town, None, post).await;
        assert_eq!((closed.is_expired, shown(&closed)), (true, Some(1)));
        let late = votes(&town, cem, poll, &[0]).await;
        assert!(matches!(late, Err(Error::Refused(Refusal::PollClosed))));
        let opened = town.write(move |tx| {
            let now = tx.now();
            Ok(rows::open_to(tx, poll, cem, now)?)
        });
        assert!(!opened.await, "the statement that writes compares the end itself");
    })
    .await;
}

#[tokio::test]
async fn v6_other_options_make_another_poll_and_the_same_ones_keep_the_votes() {
    both(|town| async move {
        let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
        let (post, poll) = ask(&town, ana, draft(&["Friday", "Saturday"])).await;
        votes(&town, ben, poll, &[0]).await.unwrap();
        let edit = async |poll: Option<Option<PollDraft>>, text: &str| {
            let edit = Edit { text: Some(text.to_owned()), poll, ..Edit::default() };
            town.write(move |tx| statuses::edit(tx, ana, post, &edit)).await;
            town.read(move |c| views::of_status(c, Some(ben), post)).await.unwrap().poll
        };
        let kept = edit(None, "Which day, then?").await.unwrap();
        assert_eq!((kept.poll.id, numbers(&kept).0), (poll, vec![1, 0]), "a new text leaves the poll alone");
        let longer = PollDraft { seconds: Some(7_200), ..draft(&["Friday", "Saturday"]) };
        let kept = edit(Some(Some(longer)), "b").await.unwrap();
        assert_eq!((kept.poll.id, kept.votes), (poll, 1));
        assert_eq!(kept.poll.expires_at, Some(town.now().plus(2 * HOUR)));
        let same_end = PollDraft { seconds: None, ..draft(&["Friday", "Saturday"]) };
        assert_eq!(edit(Some(Some(same_end)), "c").await.unwrap().poll.expires_at, kept.poll.expires_at);
        let new = edit(Some(Some(draft(&["Friday", "Sunday"]))), "d").await.unwrap();
        assert_ne!(new.poll.id, poll);
        assert_eq!((numbers(&new).0, new.has_voted), (vec![0, 0], false));
        assert!(matches!(votes(&town, ben, poll, &[0]).await, Err(Error::NotFound)));
        assert!(edit(Some(None), "e").await.is_none());
        let (_, history) = town.read(move |c| statuses::history(c, None, post)).await;
        let options: Vec<Option<&str>> = history.iter().map(|e| e.poll_options.as_deref()).collect();
        let (old, new) = (Some(r#"["Friday","Saturday"]"#), Some(r#"["Friday","Sunday"]"#));
        assert_eq!(options, [old, old, old, old, new]);
    })
    .await;
}

async fn told(town: &TestTown, who: AccountId) -> Vec<(String, Option<StatusId>)> {
    let page = town
        .read(move |c| notifications::page(c, who, &NotificationFilter::default(), Range::newest(10)))
        .await;
    page.into_iter().map(|n| (n.kind.as_str().to_owned(), n.row.status_id)).collect()
}

#[tokio::test]
async fn at_the_end_author_and_voters_are_told_once_though_the_job_runs_again() {
    both_heard(|town| async move {
        let (ana, ben, cem) =
            (town.resident("ana").await, town.resident("ben").await, town.resident("cem").await);
        let (post, poll) = ask(&town, ana, draft(&["Friday", "Saturday"])).await;
        votes(&town, ben, poll, &[0]).await.unwrap();
        let runner = Runner::new(town.db().clone(), town.handle(), crate::jobs::add_to(Registry::default()));
        town.clock.advance(HOUR - MINUTE);
        runner.run_due().await.unwrap();
        assert!(told(&town, ana).await.is_empty());
        // The author gives everybody an hour more: the first end tells nobody.
        let edit = Edit { poll: Some(Some(draft(&["Friday", "Saturday"]))), ..Edit::default() };
        town.write(move |tx| statuses::edit(tx, ana, post, &edit)).await;
        town.clock.advance(2 * MINUTE);
        runner.run_due().await.unwrap();
        assert!(told(&town, ana).await.is_empty());
        town.clock.advance(HOUR);
        for _ in 0..2 {
            runner.run_due().await.unwrap();
            for who in [ana, ben] {
                assert_eq!(told(&town, who).await, [("poll".to_owned(), Some(post))]);
            }
            // As if the process had died before the job was done.
            town.write(move |tx| {
                let poll = rows::by_id(tx, poll)?.unwrap();
                later::end_at(tx, &poll)
            })
            .await;
        }
        assert!(told(&town, cem).await.is_empty());
        assert_eq!(town.read(|c| Ok(jobs::count(c, PARKED)?)).await, 0);
    })
    .await;
}

#[test]
fn a_remote_poll_is_read_again_once_a_minute_until_its_end_was_seen() {
    let heard = Moment(1_000_000_000);
    let poll = Poll {
        id: PollId(1),
        status_id: StatusId(1),
        is_multiple: false,
        hides_totals: false,
        expires_at: Some(heard.plus(HOUR)),
        remote_voters: Some(1),
        fetched_at: Some(heard),
    };
    let is_stale = |poll: &Poll, later: i64| later::is_stale(poll, heard.plus(later));
    assert!(!is_stale(&poll, MINUTE - 1) && is_stale(&poll, MINUTE) && is_stale(&poll, 2 * HOUR));
    let ended = Poll { expires_at: Some(heard), ..poll.clone() };
    assert!(!is_stale(&ended, HOUR));
    assert!(is_stale(&Poll { expires_at: None, ..poll.clone() }, HOUR), "open without end");
    assert!(!is_stale(&Poll { fetched_at: None, ..poll }, HOUR), "ours");
}

/// Both databases, with those who tell people.
async fn both_heard<F, Fut>(test: F)
where
    F: Fn(TestTown) -> Fut,
    Fut: Future<Output = ()>,
{
    use crate::testing::Place;
    for place in std::iter::once(Place::sqlite()).chain(Place::postgres()) {
        let town = TestTown::builder().listeners(vec![notifications::on_event]).place(place).build().await;
        test(town).await;
    }
}
