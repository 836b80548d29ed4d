//! What is kept in memory is never shown of something that changed, and never to somebody else than it is for: after each kind of change, every reader
//! is shown exactly what they are shown when nothing is kept (in a transaction that writes, nothing is).

use parvis_model::account::Role;
use parvis_model::ids::{AccountId, CardId, EmojiId, MediaId, PollId, StatusId};
use parvis_model::quote::{QuotePolicy, QuoteState};
use parvis_model::time::{DAY, HOUR, Moment};
use parvis_model::visibility::Visibility;
use parvis_store::media::{self, Media};
use parvis_store::moves::{self, Move};
use parvis_store::policy::{self, Emoji};
use parvis_store::preview_cards::{self, PreviewCard};
use parvis_store::profiles::{self, Profile};
use parvis_store::{accounts as account_rows, logins, quotes as quote_rows, statuses as status_rows};

use super::{Place, of_statuses};
use crate::follows::{self, Wishes};
use crate::polls::{PollDraft, vote};
use crate::statuses::{self as posts, Draft, Edit};
use crate::testing::{Town, both};
use crate::{Error, Result, Tx, blocks, reactions};

/// Readers, the last of whom is nobody in particular, and posts.
pub(super) struct Scene {
    pub readers: Vec<Option<AccountId>>,
    pub posts: Vec<StatusId>,
}

/// What everybody is shown, in words: kept and not kept must be the same.
async fn shown(town: &Town, scene: &Scene, after: &str) -> Vec<String> {
    let mut all = Vec::new();
    // Twice, so that each reader also meets what another one left in memory.
    for reader in scene.readers.iter().chain(&scene.readers).copied() {
        for place in [Place::Timeline, Place::Elsewhere] {
            let (posts, again) = (scene.posts.clone(), scene.posts.clone());
            let kept = town.read(move |c| of_statuses(c, reader, &posts, place)).await;
            let fresh = town.write(move |tx| of_statuses(tx, reader, &again, place)).await;
            let (kept, fresh) = (format!("{kept:#?}"), format!("{fresh:#?}"));
            assert_eq!(kept, fresh, "after {after}, for {reader:?}");
            all.push(fresh);
        }
    }
    all
}

pub(super) async fn scene(town: &Town) -> (Scene, [AccountId; 3]) {
    let [ana, bea, cem] =
        [town.resident("ana").await, town.resident("bea").await, town.resident("cem").await];
    let posts = town
        .write(move |tx| {
            follows::follow(tx, bea, ana, &Wishes::default(), None)?;
            let public = Draft {
                text: "@cem hello :blob: #square".to_owned(),
                quote_policy: Some(QuotePolicy::from_default(2)),
                ..Draft::default()
            };
            let first = posts::publish(tx, ana, &public)?;
            let private =
                Draft { text: "for few".to_owned(), visibility: Visibility::Private, ..Draft::default() };
            let private = posts::publish(tx, ana, &private)?;
            let poll = PollDraft {
                options: vec!["yes".to_owned(), "no :blob:".to_owned()],
                seconds: Some(3_600),
                is_multiple: false,
                hides_totals: true,
            };
            let poll = Draft { text: "?".to_owned(), poll: Some(poll), ..Draft::default() };
            let poll = posts::publish(tx, ana, &poll)?;
            let quoting = Draft { text: "look".to_owned(), quoted: Some(first), ..Draft::default() };
            let quoting = posts::publish(tx, bea, &quoting)?;
            let boost = posts::boost(tx, cem, first, None)?;
            Ok(vec![first, private, poll, quoting, boost])
        })
        .await;
    (Scene { readers: vec![Some(ana), Some(bea), Some(cem), None], posts }, [ana, bea, cem])
}

/// Changes something and looks whether everybody is shown it, and that it shows to somebody.
pub(super) async fn change(
    town: &Town,
    scene: &Scene,
    what: &str,
    f: impl Fn(&mut Tx<'_>) -> Result<()> + Send + Sync + 'static,
) {
    let before = shown(town, scene, what).await;
    town.write(f).await;
    let after = shown(town, scene, what).await;
    assert!(before != after, "{what} changes nothing that shows");
}

fn account(tx: &mut Tx<'_>, id: AccountId, f: impl Fn(&mut account_rows::Account)) -> Result<()> {
    let mut row = account_rows::by_id(tx, id)?.expect("an account");
    f(&mut row);
    Ok(account_rows::save(tx, &row)?)
}

fn picture(owner: AccountId, description: &str) -> Media {
    Media {
        mime: "image/png".to_owned(),
        description: description.to_owned(),
        width: 1,
        height: 1,
        small_width: 1,
        small_height: 1,
        file_key: Some("a.png".to_owned()),
        ..Media::new(MediaId(7), owner, "image", Moment(1))
    }
}

fn card(title: &str) -> PreviewCard {
    PreviewCard {
        id: CardId(3),
        url: "https://news.example/".to_owned(),
        title: title.to_owned(),
        description: String::new(),
        author_name: String::new(),
        author_url: String::new(),
        provider_name: String::new(),
        provider_url: String::new(),
        language: None,
        image_key: None,
        image_description: String::new(),
        width: 0,
        height: 0,
        blurhash: None,
        published_at: None,
        fetched_at: None,
        created_at: Moment(1),
        author_account_id: None,
    }
}

#[tokio::test]
async fn a_changed_post_is_shown_as_it_is_now() {
    both(|town| async move {
        let (scene, [ana, bea, cem]) = scene(&town).await;
        let [first, private, poll, quoting, _] = scene.posts[..] else { unreachable!() };
        let all = &scene;
        change(&town, all, "an edit", move |tx| {
            let edit = Edit { text: Some("@bea other words #market".to_owned()), ..Edit::default() };
            posts::edit(tx, ana, first, &edit)
        })
        .await;
        change(&town, all, "a picture", move |tx| {
            media::insert(tx, &picture(ana, "the square"))?;
            Ok(media::attach(tx, MediaId(7), first, 0)?)
        })
        .await;
        change(&town, all, "a description", move |tx| {
            Ok(media::save(tx, &Media { status_id: Some(first), ..picture(ana, "the river") })?)
        })
        .await;
        change(&town, all, "a picture that is gone", move |tx| Ok(media::delete(tx, &[MediaId(7)])?)).await;
        town.write(|tx| Ok(preview_cards::insert(tx, &card(""))?)).await;
        town.write(move |tx| Ok(preview_cards::attach(tx, first, CardId(3))?)).await;
        change(&town, all, "a preview", |tx| Ok(preview_cards::save(tx, &card("News"))?)).await;
        change(&town, all, "a preview that is gone", move |tx| Ok(preview_cards::detach(tx, first)?)).await;
        change(&town, all, "a vote", move |tx| {
            let id: PollId = parvis_store::polls::of_status(tx, poll)?.expect("a poll").id;
            vote::vote(tx, bea, id, &[1]).map(|_| ())
        })
        .await;
        town.clock.advance(2 * HOUR);
        shown(&town, all, "the end of a poll").await;
        change(&town, all, "a quote that is taken back", move |tx| {
            let mut row = quote_rows::of_status(tx, quoting)?.expect("a quote");
            row.state = QuoteState::Revoked.code();
            Ok(quote_rows::save(tx, &row)?)
        })
        .await;
        change(&town, all, "a quote that is gone", move |tx| Ok(quote_rows::delete(tx, quoting)?)).await;
        change(&town, all, "who may quote", move |tx| {
            Ok(quote_rows::set_policy(tx, first, QuotePolicy::from_default(0))?)
        })
        .await;
        change(&town, all, "a visibility", move |tx| {
            let mut row = status_rows::by_id(tx, private)?.expect("a post");
            row.visibility = Visibility::Direct.code();
            Ok(status_rows::save(tx, &row)?)
        })
        .await;
        change(&town, all, "favourites, boosts and bookmarks", move |tx| {
            reactions::favourite(tx, cem, first, None)?;
            reactions::bookmark(tx, bea, first)?;
            posts::boost(tx, bea, first, None).map(|_| ())
        })
        .await;
        change(&town, all, "a reader's mute and block", move |tx| {
            blocks::mute(tx, bea, cem, true, None)?;
            blocks::block(tx, cem, ana, None)
        })
        .await;
        change(&town, all, "a parent that is gone", move |tx| posts::delete(tx, ana, first)).await;
    })
    .await;
}

#[tokio::test]
async fn a_changed_author_is_shown_as_they_are_now() {
    both(|town| async move {
        let (scene, [ana, bea, _]) = scene(&town).await;
        let all = &scene;
        change(&town, all, "a name", move |tx| {
            account(tx, ana, |a| a.display_name = "Ana :blob:".to_owned())
        })
        .await;
        change(&town, all, "a portrait", move |tx| account(tx, ana, |a| a.avatar = Some("a.png".to_owned())))
            .await;
        change(&town, all, "a role", move |tx| Ok(logins::set_role(tx, ana, Role::Officer.as_str())?)).await;
        change(&town, all, "what a profile shows", move |tx| {
            let usual = Profile::usual(&account_rows::by_id(tx, ana)?.unwrap());
            Ok(profiles::save(tx, &Profile { hides_collections: true, ..usual })?)
        })
        .await;
        change(&town, all, "an emoji", |tx| {
            let row = Emoji {
                id: EmojiId(5),
                shortcode: "blob".to_owned(),
                host: String::new(),
                image: "blob.png".to_owned(),
                category: None,
                created_at: Moment(1),
            };
            Ok(policy::insert_emoji(tx, &row)?)
        })
        .await;
        change(&town, all, "an emoji that is gone", |tx| {
            policy::remove_emoji(tx, "blob").map(|_| ()).map_err(Error::from)
        })
        .await;
        change(&town, all, "the name of somebody mentioned", move |tx| {
            let cem = account_rows::by_handle(tx, "cem", "")?.expect("cem").id;
            account(tx, cem, |a| a.url = "http://town.example/@cem-2".to_owned())
        })
        .await;
        change(&town, all, "a move", move |tx| {
            let row = Move { account_id: ana, target_id: bea, moved_at: Moment(1), is_shown: true };
            Ok(moves::record(tx, &row)?)
        })
        .await;
        change(&town, all, "the new account's name", move |tx| {
            account(tx, bea, |a| a.display_name = "Bea".to_owned())
        })
        .await;
        change(&town, all, "a move that does not show", move |tx| Ok(moves::show(tx, ana, false)?)).await;
        change(&town, all, "pictures behind a warning", move |tx| {
            account(tx, ana, |a| a.sensitized_at = Some(Moment(1)))
        })
        .await;
        change(&town, all, "another post", move |tx| {
            posts::publish(tx, ana, &Draft { text: "more".to_owned(), ..Draft::default() }).map(|_| ())
        })
        .await;
        change(&town, all, "another follower", move |tx| {
            let cem = account_rows::by_handle(tx, "cem", "")?.expect("cem").id;
            follows::follow(tx, cem, ana, &Wishes::default(), None).map(|_| ())
        })
        .await;
        change(&town, all, "a suspension", move |tx| account(tx, ana, |a| a.suspended_at = Some(Moment(1))))
            .await;
        change(&town, all, "its end", move |tx| account(tx, ana, |a| a.suspended_at = None)).await;
        town.clock.advance(DAY);
        change(&town, all, "a silence", move |tx| account(tx, ana, |a| a.silenced_at = Some(Moment(1))))
            .await;
    })
    .await;
}

#[tokio::test]
async fn nothing_is_kept_of_what_was_taken_back() {
    both(|town| async move {
        let (scene, [ana, ..]) = scene(&town).await;
        let first = scene.posts[0];
        let before = shown(&town, &scene, "nothing").await;
        let failed: Result<()> = town
            .db()
            .write(move |tx| {
                let edit = Edit { text: Some("never said".to_owned()), ..Edit::default() };
                posts::edit(tx, ana, first, &edit)?;
                let view = of_statuses(tx, Some(ana), &[first], Place::Elsewhere)?.pop().expect("seen");
                assert!(view.status.html.contains("never said"));
                Err(Error::internal("no"))
            })
            .await;
        assert!(failed.is_err());
        // The next edit gets the revision that the one before would have had.
        let edit = Edit { text: Some("said".to_owned()), ..Edit::default() };
        town.write(move |tx| posts::edit(tx, ana, first, &edit)).await;
        let after = shown(&town, &scene, "an edit that stayed").await;
        assert_ne!(before, after);
        assert!(!after.concat().contains("never said"));
    })
    .await;
}
