//! What many viewers of one post get is what each of them would get alone, on both databases.

use parvis_model::filter::Contexts;
use parvis_model::ids::{AccountId, PollId, StatusId};
use parvis_model::quote::{Permission, QuotePolicy, QuoteState};
use parvis_model::time::HOUR;
use parvis_model::visibility::Visibility;
use parvis_store::reactions::Flags;
use parvis_store::{accounts as account_rows, quotes as quote_rows};

use super::*;
use crate::filters::matching::Filtered;
use crate::filters::{self, KeywordChange, Wanted};
use crate::follows::{self, Wishes};
use crate::oauth::apps::{NewApp, register};
use crate::polls::{PollDraft, vote};
use crate::remote::{RemoteNote, RemotePolicy, tests as away};
use crate::statuses::{self as posts, Draft};
use crate::testing::{Town, both, cost_of};
use crate::views::{Application, QuoteView, Shown};
use crate::{blocks, host_blocks, reactions};

fn draft(text: &str, visibility: Visibility) -> Draft {
    Draft { text: text.to_owned(), visibility, ..Draft::default() }
}

async fn people<const N: usize>(town: &Town, names: [&str; N]) -> [AccountId; N] {
    let mut all = [AccountId(0); N];
    for (id, name) in all.iter_mut().zip(names) {
        *id = town.resident(name).await;
    }
    all
}

async fn crowd(town: &Town, id: StatusId, viewers: &[AccountId]) -> Crowd {
    let viewers = viewers.to_vec();
    town.read(move |c| on_timelines(c, id, &viewers)).await.unwrap()
}

async fn alone(town: &Town, id: StatusId, viewer: AccountId, place: Place) -> Option<StatusView> {
    town.read(move |c| views::of_statuses(c, Some(viewer), &[id], place)).await.pop()
}

/// Everything of a post that depends on who looks.
#[derive(Debug, PartialEq)]
struct Told {
    id: StatusId,
    flags: Option<Flags>,
    poll: Option<(bool, Vec<i16>, Vec<Option<i64>>)>,
    application: Option<Application>,
    may_quote: Permission,
    is_muted: bool,
    filtered: Vec<Filtered>,
    quote: Option<(Shown, String, Option<Box<Told>>)>,
    boost_of: Option<Box<Told>>,
}

fn told(view: &StatusView) -> Told {
    let quoted = |q: &QuoteView| (q.shown, q.url.clone(), q.post.as_deref().map(|p| Box::new(told(p))));
    Told {
        id: view.status.id,
        flags: view.flags,
        poll: view.poll.as_ref().map(|p| {
            (p.has_voted, p.own.clone(), p.options.iter().map(|option| p.votes_shown(option)).collect())
        }),
        application: view.application.clone(),
        may_quote: view.may_quote,
        is_muted: view.is_muted,
        filtered: view.filtered.clone(),
        quote: view.quote.as_ref().map(quoted),
        boost_of: view.boost_of.as_deref().map(|original| Box::new(told(original))),
    }
}

/// Of each viewer who sees it, what they are told, after comparing it with what they would load alone, and the marks with each other.
async fn compared(town: &Town, id: StatusId, viewers: &[AccountId]) -> HashMap<AccountId, StatusView> {
    let crowd = crowd(town, id, viewers).await;
    let mut seen = HashMap::new();
    for viewer in viewers {
        for place in [Place::Timeline, Place::Public] {
            let alone = alone(town, id, *viewer, place).await;
            assert_eq!(crowd.is_for(*viewer, place), alone.is_some(), "{viewer} and {id} {place:?}");
        }
        let alone = alone(town, id, *viewer, Place::Timeline).await;
        let copy = crowd.seen_by(*viewer);
        assert_eq!(copy.as_ref().map(told), alone.as_ref().map(told), "{viewer} and {id}");
        seen.extend(copy.map(|copy| (*viewer, copy)));
    }
    for (one, copy) in &seen {
        for (other, theirs) in &seen {
            if crowd.mark(*one) == crowd.mark(*other) {
                assert_eq!(told(copy), told(theirs), "{one} and {other} get one copy of {id}");
            }
        }
    }
    seen
}

fn quoted(view: &StatusView) -> &QuoteView {
    view.quote.as_ref().expect("it quotes")
}

#[tokio::test]
async fn i5_of_many_viewers_those_see_a_post_who_would_see_it_alone() {
    both(|town| async move {
        let all = people(&town, ["ana", "bea", "cem", "dia", "eli", "fay"]).await;
        let [ana, bea, cem, dia, eli, fay] = all;
        let (public, private, direct, boost) = town
            .write(move |tx| {
                follows::follow(tx, bea, ana, &Wishes::default(), None)?;
                let wishes = Wishes { shows_boosts: Some(false), ..Wishes::default() };
                follows::follow(tx, cem, ana, &wishes, None)?;
                blocks::block(tx, ana, dia, None)?;
                blocks::mute(tx, eli, ana, true, None)?;
                let public = posts::publish(tx, ana, &draft("all", Visibility::Public))?;
                let private = posts::publish(tx, ana, &draft("followers", Visibility::Private))?;
                let direct = posts::publish(tx, ana, &draft("@fay you", Visibility::Direct))?;
                let other = posts::publish(tx, fay, &draft("by fay", Visibility::Public))?;
                blocks::block(tx, bea, fay, None)?;
                let boost = posts::boost::boost(tx, ana, other, None)?;
                reactions::favourite(tx, cem, public, None)?;
                posts::mute::mute(tx, cem, public, true)?;
                Ok((public, private, direct, boost))
            })
            .await;
        for (id, expected) in [
            (public, vec![ana, bea, cem, fay]),
            (private, vec![ana, bea, cem]),
            (direct, vec![ana, fay]),
            (boost, vec![ana, fay]),
        ] {
            let mut seen: Vec<AccountId> = compared(&town, id, &all).await.into_keys().collect();
            seen.sort_unstable();
            assert_eq!(seen, expected, "post {id}");
        }
        let marked = crowd(&town, public, &all).await;
        assert!(marked.seen_by(cem).unwrap().flags.unwrap().muted, "the conversation");
        assert_ne!(marked.mark(bea), marked.mark(fay), "one follows");
        let open = crowd(&town, direct, &[dia, eli]).await;
        assert!(open.mark(dia).is_none() && open.seen_by(eli).is_none());
    })
    .await;
}

#[tokio::test]
async fn i1_i5_a_quoted_post_reaches_only_those_who_may_see_it() {
    both(|town| async move {
        let all = people(&town, ["ana", "bea", "fay", "gus", "hal", "ivo", "jon", "kim"]).await;
        let [ana, bea, fay, gus, hal, ivo, jon, kim] = all;
        away::keep(&town, away::actor("away.example", "bea")).await.unwrap();
        let everybody = vec!["https://www.w3.org/ns/activitystreams#Public".to_owned()];
        let quote_policy = Some(RemotePolicy { automatic: everybody, ..RemotePolicy::default() });
        let note = RemoteNote { quote_policy, ..away::note("1") };
        let far = away::create(&town, note).await.kept().unwrap();
        let (secret, by_gus, nested, of_far) = town
            .write(move |tx| {
                follows::follow(tx, bea, ana, &Wishes::default(), None)?;
                let secret = posts::publish(tx, ana, &draft("secret", Visibility::Private))?;
                let quoting = |text: &str, id| Draft { quoted: Some(id), ..draft(text, Visibility::Public) };
                let secret = posts::publish(tx, ana, &quoting("@fay look", secret))?;
                let gus_says = posts::publish(tx, gus, &draft("says gus", Visibility::Public))?;
                let by_gus = posts::publish(tx, ana, &quoting("gus says", gus_says))?;
                let nested = posts::publish(tx, jon, &quoting("ana says", by_gus))?;
                let of_far = posts::publish(tx, ana, &quoting("far away", far))?;
                // As their server would answer.
                let row = quote_rows::of_status(tx, of_far)?.unwrap();
                quote_rows::save(tx, &quote_rows::Quote { state: QuoteState::Accepted.code(), ..row })?;
                blocks::block(tx, gus, hal, None)?;
                blocks::mute(tx, ivo, gus, true, None)?;
                host_blocks::block(tx, kim, "away.example")?;
                Ok((secret, by_gus, nested, of_far))
            })
            .await;
        let seen = compared(&town, secret, &all).await;
        assert_eq!(seen.len(), 3, "its author, a follower, who is mentioned");
        let fays = quoted(&seen[&fay]);
        assert_eq!((fays.shown, fays.post.is_some()), (Shown::Unauthorized, false));
        assert_eq!(quoted(&seen[&bea]).shown, Shown::Accepted);

        let seen = compared(&town, by_gus, &all).await;
        let hals = quoted(&seen[&hal]);
        assert_eq!((hals.shown, hals.post.is_some()), (Shown::Unauthorized, false));
        assert_eq!(quoted(&seen[&ivo]).shown, Shown::Muted);
        assert_eq!(quoted(&seen[&fay]).shown, Shown::Accepted);

        let seen = compared(&town, nested, &all).await;
        let inner = |viewer| quoted(quoted(&seen[&viewer]).post.as_deref().unwrap()).shown;
        assert_eq!([hal, ivo, fay].map(inner), [Shown::Unauthorized, Shown::Muted, Shown::Accepted]);

        let seen = compared(&town, of_far, &all).await;
        assert_eq!([kim, fay].map(|v| quoted(&seen[&v]).shown), [Shown::BlockedDomain, Shown::Accepted]);
    })
    .await;
}

#[tokio::test]
async fn i1_i5_votes_programs_and_permissions_are_the_viewers_own() {
    both(|town| async move {
        let all = people(&town, ["ana", "bea", "cem", "fay", "gus"]).await;
        let [ana, bea, cem, fay, gus] = all;
        let ask = PollDraft {
            options: ["yes", "no"].map(str::to_owned).to_vec(),
            seconds: Some(3_600),
            hides_totals: true,
            ..PollDraft::default()
        };
        let (private, asked, boost) = town
            .write(move |tx| {
                follows::follow(tx, bea, ana, &Wishes::default(), None)?;
                follows::follow(tx, ana, gus, &Wishes::default(), None)?;
                let app = NewApp {
                    name: "Pen".to_owned(),
                    redirect_uris: vec!["https://pen.example/back".to_owned()],
                    ..NewApp::default()
                };
                let app = register(tx, &app)?.expect("a program").app.id;
                let private = Draft { app: Some(app), ..draft("for few", Visibility::Private) };
                let private = posts::publish(tx, ana, &private)?;
                let asked = Draft {
                    poll: Some(ask.clone()),
                    quote_policy: Some(QuotePolicy::FOLLOWERS),
                    app: Some(app),
                    ..draft("the budget?", Visibility::Public)
                };
                let asked = posts::publish(tx, ana, &asked)?;
                let poll: PollId = parvis_store::polls::of_status(tx, asked)?.unwrap().id;
                vote(tx, fay, poll, &[1])?;
                vote(tx, bea, poll, &[0])?;
                reactions::bookmark(tx, fay, asked)?;
                let boost = posts::boost::boost(tx, bea, asked, None)?;
                let word = KeywordChange { text: Some("budget".to_owned()), ..KeywordChange::default() };
                let filter = Wanted {
                    title: Some("money".to_owned()),
                    contexts: Contexts::parse(&["home".to_owned()]),
                    keywords: vec![word],
                    ..Wanted::default()
                };
                filters::create(tx, cem, &filter)?;
                Ok((private, asked, boost))
            })
            .await;
        let seen = compared(&town, private, &all).await;
        let programs = [ana, bea].map(|v| seen[&v].application.is_some());
        assert_eq!((seen.len(), programs), (2, [true, false]));

        for id in [asked, boost] {
            let seen = compared(&town, id, &all).await;
            let shown = |viewer: AccountId| seen[&viewer].boost_of.as_deref().unwrap_or(&seen[&viewer]);
            let votes = |viewer| shown(viewer).poll.as_ref().map(|p| (p.has_voted, p.own.clone())).unwrap();
            assert_eq!(
                all.map(votes),
                [(false, vec![]), (true, vec![0]), (false, vec![]), (true, vec![1]), (false, vec![])]
            );
            for viewer in all {
                let poll = shown(viewer).poll.as_ref().unwrap();
                assert!(poll.options.iter().all(|o| poll.votes_shown(o).is_none()), "{viewer} sees numbers");
            }
            let expected = [Permission::Automatic, Permission::Automatic, Permission::Denied];
            assert_eq!([ana, bea, fay].map(|v| shown(v).may_quote), expected);
            assert_eq!(all.map(|v| seen[&v].filtered.len()), [0, 0, 1, 0, 0]);
            assert_eq!(all.map(|v| shown(v).flags.unwrap().bookmarked), [false, false, false, true, false]);
        }
        town.clock.advance(2 * HOUR);
        let seen = compared(&town, asked, &all).await;
        let poll = seen[&gus].poll.clone().unwrap();
        assert_eq!(poll.options.iter().map(|o| poll.votes_shown(o)).collect::<Vec<_>>(), [Some(1), Some(1)]);
    })
    .await;
}

#[tokio::test]
async fn a_silenced_author_shows_at_home_and_in_public_to_followers_only() {
    both(|town| async move {
        let all = people(&town, ["ana", "bea", "fay"]).await;
        let [ana, bea, fay] = all;
        let id = town
            .write(move |tx| {
                follows::follow(tx, bea, ana, &Wishes::default(), None)?;
                let mut row = account_rows::by_id(tx, ana)?.unwrap();
                row.silenced_at = Some(tx.now());
                account_rows::save(tx, &row)?;
                posts::publish(tx, ana, &draft("quietly", Visibility::Public))
            })
            .await;
        compared(&town, id, &all).await;
        let crowd = crowd(&town, id, &all).await;
        assert_eq!([ana, bea, fay].map(|v| crowd.is_for(v, Place::Timeline)), [true; 3]);
        assert_eq!([ana, bea, fay].map(|v| crowd.is_for(v, Place::Public)), [true, true, false]);
    })
    .await;
}

#[tokio::test]
async fn a_post_costs_as_many_statements_and_copies_for_many_viewers_as_for_one() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let mut people = Vec::new();
        for n in 0..12 {
            people.push(town.resident(&format!("p{n}")).await);
        }
        let id = town
            .write(move |tx| {
                let first = posts::publish(tx, ana, &draft("hi", Visibility::Public))?;
                posts::publish(tx, ana, &Draft { quoted: Some(first), ..draft("hello", Visibility::Public) })
            })
            .await;
        let mut costs = Vec::new();
        for viewers in [people[..1].to_vec(), people] {
            let asked = viewers.clone();
            let (crowd, cost) = cost_of(&town, move |c| on_timelines(c, id, &asked)).await;
            let crowd = crowd.unwrap();
            let marks: std::collections::HashSet<_> =
                viewers.iter().map(|v| crowd.mark(*v).unwrap()).collect();
            assert_eq!(marks.len(), 1, "strangers share one copy");
            costs.push(cost);
        }
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}
