//! A page's one statement says of everybody what the single questions say, and the figures of profiles are those of their rows.

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::HOUR;
use parvis_model::visibility::Visibility;
use parvis_store::{
    blocks as block_rows, follows as follow_rows, heads, host_blocks as host_rows, pages, reactions as rows,
};

use parvis_store::pages::Bond;

use crate::follows::{self, Wishes};
use crate::statuses::{self as posts, Draft, Edit, boost, pin, unboost};
use crate::testing::{Town, both};
use crate::{Conn, Result, Tx, access, accounts, blocks, filters, host_blocks, reactions};

fn say(tx: &mut Tx<'_>, who: AccountId, text: &str, visibility: Visibility) -> Result<StatusId> {
    posts::publish(tx, who, &Draft { text: text.to_owned(), visibility, ..Draft::default() })
}

fn follow(tx: &mut Tx<'_>, who: AccountId, whom: AccountId) -> Result<()> {
    follows::follow(tx, who, whom, &Wishes::default(), None).map(|_| ())
}

/// Five people who have to do with each other in every way, and their posts.
async fn lively(town: &Town) -> (Vec<AccountId>, Vec<StatusId>) {
    let mut people = Vec::new();
    for name in ["ana", "bea", "cem", "dia", "eli"] {
        people.push(town.resident(name).await);
    }
    let [ana, bea, cem, dia, eli] = people[..] else { unreachable!() };
    let posts = town
        .write(move |tx| {
            let first = say(tx, ana, "first", Visibility::Public)?;
            let second = say(tx, bea, "second", Visibility::Public)?;
            let private = say(tx, ana, "for few", Visibility::Private)?;
            let reply = Draft { text: "and?".to_owned(), in_reply_to: Some(first), ..Draft::default() };
            let answer = posts::publish(tx, dia, &reply)?;
            for (who, whom) in [(ana, bea), (bea, ana), (cem, ana), (dia, eli), (eli, dia), (eli, ana)] {
                follow(tx, who, whom)?;
            }
            let wishes = Wishes { shows_boosts: Some(false), ..Wishes::default() };
            follows::follow(tx, bea, cem, &wishes, None)?;
            for who in [ana, bea, cem, eli] {
                reactions::favourite(tx, who, first, None)?;
            }
            reactions::favourite(tx, ana, second, None)?;
            let boosted = boost(tx, bea, first, None)?;
            boost(tx, cem, first, None)?;
            reactions::bookmark(tx, cem, second)?;
            pin(tx, ana, first)?;
            posts::mute(tx, ana, answer, true)?;
            blocks::block(tx, ana, dia, None)?;
            blocks::block(tx, dia, bea, None)?;
            blocks::mute(tx, eli, bea, true, None)?;
            blocks::mute(tx, cem, bea, true, Some(1))?;
            Ok(vec![first, second, private, answer, boosted])
        })
        .await;
    (people, posts)
}

/// What the single questions say of an author.
fn bond(c: &mut Conn, viewer: AccountId, of: AccountId) -> Result<Bond> {
    let (now, host) = (c.now(), access::account(c, of)?.host);
    let follow = follow_rows::between(c, viewer, of)?.filter(|f| f.state == 1);
    Ok(Bond {
        is_followed: follow.is_some(),
        is_without_boosts: follow.is_some_and(|f| !f.shows_boosts),
        is_following: follow_rows::between(c, of, viewer)?.is_some_and(|f| f.state == 1),
        is_blocked: block_rows::is_between(c, viewer, of)?,
        is_muted: !block_rows::mutes_of(c, viewer, &[of], now)?.is_empty(),
        is_avoided: !host_rows::among(c, viewer, &[host])?.is_empty(),
    })
}

#[tokio::test]
async fn a_page_says_of_everybody_what_the_single_questions_say() {
    both(|town| async move {
        let (people, posts) = lively(&town).await;
        // A mute that ended.
        town.clock.advance(HOUR);
        let (all, ids) = (people.clone(), posts.clone());
        town.read(move |c| {
            let together = pages::readers(c, &all, &ids, &all, &[])?;
            for viewer in &all {
                let alone = pages::readers(c, &[*viewer], &ids, &all, &[])?.remove(viewer);
                let reader = &together[viewer];
                assert_eq!(alone.as_ref(), Some(reader), "{viewer} alone and among others");
                for of in &all {
                    let known = reader.authors.get(of).copied().unwrap_or_default();
                    assert_eq!(known, bond(c, *viewer, *of)?, "{viewer} of {of}");
                }
                for id in &ids {
                    let flags = reader.did.get(id).map(|did| did.flags).unwrap_or_default();
                    let favourite = rows::favourite_of(c, *viewer, *id)?;
                    assert_eq!(flags.favourited, favourite.is_some(), "{viewer} of {id}");
                    let boost = parvis_store::statuses::boost_by(c, *viewer, *id)?;
                    assert_eq!(flags.reblogged, boost.is_some(), "{viewer} of {id}");
                    assert_eq!(flags.pinned, rows::pinned(c, *viewer)?.contains(id), "{viewer} of {id}");
                }
            }
            Ok(())
        })
        .await;
        let ([ana, _, cem, ..], [first, second, _, answer, boosted]) = (&people[..], &posts[..]) else {
            unreachable!()
        };
        let (ana, cem, first, second, answer, boosted) = (*ana, *cem, *first, *second, *answer, *boosted);
        let (mut readers, heads) = town
            .read(move |c| {
                let all = [first, second, answer, boosted, first];
                Ok((pages::readers(c, &[ana, cem], &all, &[], &[])?, heads::of_statuses(c, Some(cem), &all)?))
            })
            .await;
        let head = |id: StatusId| heads.posts.iter().find(|head| head.id == id).copied().unwrap();
        let (hers, his) = (readers.remove(&ana).unwrap(), readers.remove(&cem).unwrap());
        assert!(hers.did[&answer].flags.muted && hers.did[&first].flags.muted, "the whole conversation");
        assert!(his.did[&second].flags.bookmarked && !his.did[&first].flags.bookmarked);
        assert!(!hers.has_filters);
        let counts = head(first).counts;
        // The answer is by somebody whom the author blocks.
        assert_eq!((counts.replies, counts.reblogs, counts.favourites, counts.quotes), (0, 2, 4, 0));
        assert_eq!(head(boosted).counts, rows::Counts::default());
        assert_eq!(head(first).author.counts, hers_counts(&town, ana).await);
        assert!(heads.ties.is_some());
    })
    .await;
}

async fn hers_counts(town: &Town, who: AccountId) -> follow_rows::ProfileCounts {
    town.read(move |c| Ok(follow_rows::profile_counts(c, &[who])?.remove(&who).unwrap_or_default())).await
}

#[tokio::test]
async fn a_page_knows_of_filters_in_force_and_of_avoided_servers() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let actor = crate::testing::somebody("b.example", "bo");
        let there = town.write(move |tx| crate::remote::accounts::upsert(tx, &actor)).await;
        town.write(move |tx| host_blocks::block(tx, ana, "b.example")).await;
        let wanted = filters::Wanted {
            title: Some("tram".to_owned()),
            contexts: parvis_model::filter::Contexts::parse(&["home".to_owned()]),
            expires_in: Some(Some(60)),
            ..filters::Wanted::default()
        };
        town.write(move |tx| filters::create(tx, ana, &wanted).map(|_| ())).await;
        let reader = move |c: &mut Conn| {
            Ok(pages::readers(c, &[ana], &[], &[there], &[])?.remove(&ana).unwrap_or_default())
        };
        let now = town.read(reader).await;
        assert!(now.has_filters && now.authors[&there].is_avoided);
        town.clock.advance(HOUR);
        assert!(!town.read(reader).await.has_filters, "it is over");
    })
    .await;
}

#[tokio::test]
async fn r10_the_figures_of_profiles_are_always_those_of_their_rows() {
    both(|town| async move {
        let (people, posts) = lively(&town).await;
        let [ana, bea, cem, dia, eli] = people[..] else { unreachable!() };
        let [first, second, private, ..] = posts[..] else { unreachable!() };
        let right = |what: &'static str| {
            let town = &town;
            async move {
                let wrong = town.read(|c| Ok(heads::miscounted(c)?)).await;
                assert_eq!(wrong, (Vec::new(), Vec::new()), "{what}");
            }
        };
        right("a lively town").await;
        assert_eq!(hers_counts(&town, ana).await.followers, 3);
        // One public post; the one for few does not count.
        assert_eq!(hers_counts(&town, ana).await.statuses, 1);
        town.write(move |tx| follows::unfollow(tx, eli, ana)).await;
        town.write(move |tx| follows::unfollow(tx, eli, ana)).await;
        right("an unfollow, twice").await;
        town.write(move |tx| {
            let mut locked = access::account(tx, bea)?;
            locked.is_locked = true;
            parvis_store::accounts::save(tx, &locked)?;
            follow(tx, cem, bea)?;
            follow(tx, eli, bea)
        })
        .await;
        assert_eq!(hers_counts(&town, bea).await.followers, 1, "requests do not count");
        town.write(move |tx| follows::accept(tx, bea, cem)).await;
        town.write(move |tx| follows::reject(tx, bea, eli)).await;
        assert_eq!(hers_counts(&town, bea).await.followers, 2);
        right("a request accepted, another refused").await;
        town.write(move |tx| unboost(tx, cem, first).map(|_| ())).await;
        let changed = Edit { text: Some("other words".to_owned()), ..Edit::default() };
        town.write(move |tx| posts::edit(tx, ana, first, &changed)).await;
        town.write(move |tx| posts::delete(tx, bea, second)).await;
        town.write(move |tx| posts::delete(tx, ana, private)).await;
        right("boosts undone, posts changed and deleted").await;
        town.write(move |tx| blocks::block(tx, bea, ana, None)).await;
        right("a block").await;
        // The answer of dia, whom ana blocked, stands below her post again.
        town.write(move |tx| blocks::unblock(tx, ana, dia)).await;
        right("the end of a block").await;
        town.write(move |tx| reactions::unfavourite(tx, cem, first).map(|_| ())).await;
        let more = Draft { text: "and mine".to_owned(), in_reply_to: Some(first), ..Draft::default() };
        let more = town.write(move |tx| posts::publish(tx, cem, &more)).await;
        let quoting = Draft { text: "look".to_owned(), quoted: Some(first), ..Draft::default() };
        let quoting = town.write(move |tx| posts::publish(tx, ana, &quoting)).await;
        right("an answer and a quote").await;
        town.write(move |tx| posts::delete(tx, cem, more)).await;
        town.write(move |tx| posts::delete(tx, ana, quoting)).await;
        right("an answer and a quote that are gone").await;
        town.write(move |tx| accounts::delete::delete(tx, dia)).await;
        town.run_jobs().await;
        right("an account that is gone").await;
        town.write(move |tx| Ok(parvis_store::accounts::delete(tx, ana)?)).await;
        right("an account with all that hangs on it").await;
    })
    .await;
}
