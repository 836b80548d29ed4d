//! Files that no row shows any more, or never came to show, are deleted by the durable job, whoever forgets to (threats M7).

use parvis_model::ids::CardId;
use parvis_model::time::HOUR;

use super::*;
use crate::accounts::profile::{self, Change};
use crate::emojis;
use crate::foreign_pictures::{self, Which};
use crate::leftovers::ShownBy;
use crate::testing::both;

async fn picture(town: &TestTown, wanted: Wanted, shown_by: ShownBy) -> String {
    keep_picture(town, Bytes::from_static(PICTURE), wanted, shown_by).await.unwrap()
}

fn sorted(mut keys: [String; 2]) -> [String; 2] {
    keys.sort();
    keys
}

#[tokio::test]
async fn m7_pictures_of_profiles_and_emojis_go_with_what_showed_them() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        let avatar = picture(&town, Wanted::AVATAR, ShownBy::Account(ana)).await;
        let header = picture(&town, Wanted::HEADER, ShownBy::Account(ana)).await;
        let worn = Change { avatar: Some(Some(avatar)), header: Some(Some(header)), ..Change::default() };
        town.write(move |tx| profile::update(tx, ana, &worn)).await;
        let emoji = picture(&town, Wanted::EMOJI, ShownBy::Emoji("blob".to_owned())).await;
        town.write(move |tx| emojis::add(tx, "blob", &emoji, None)).await;
        town.clock.advance(2 * HOUR);
        town.run_jobs().await;
        assert_eq!(files(&town).len(), 3, "what is shown stays");

        let bare = Change { avatar: Some(None), ..Change::default() };
        town.write(move |tx| profile::update(tx, ana, &bare)).await;
        town.write(|tx| emojis::remove(tx, "blob")).await;
        town.run_jobs().await;
        assert_eq!(files(&town).len(), 1, "the header");
        town.write(move |tx| crate::accounts::delete::delete(tx, ana)).await;
        while !town.write(move |tx| crate::accounts::delete::delete_some(tx, ana, 10)).await.is_done {}
        town.run_jobs().await;
        assert_eq!(files(&town), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn m7_a_copy_of_a_picture_of_another_server_goes_by_the_job() {
    both(|town| async move {
        let web = Arc::new(Web::of(""));
        town.connect(web);
        let avatar = Some("https://cdn.example/bea.png".to_owned());
        let bea = crate::remote::RemoteActor { avatar, ..crate::remote::tests::actor("away.example", "bea") };
        let id = town.write(move |tx| accounts::upsert(tx, &bea)).await;
        foreign_pictures::shown(&town, Which::Avatar(id)).await.unwrap();
        town.clock.advance(2 * HOUR);
        town.run_jobs().await;
        assert_eq!(files(&town).len(), 1, "it is shown");
        town.clock.advance(31 * DAY);
        town.write(|tx| foreign_pictures::forget(tx, 10)).await;
        town.run_jobs().await;
        assert_eq!(files(&town), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn m7_a_picture_that_nothing_came_to_show_goes_after_an_hour() {
    both(|town| async move {
        let ana = town.resident("ana").await;
        picture(&town, Wanted::AVATAR, ShownBy::Account(ana)).await;
        picture(&town, Wanted::EMOJI, ShownBy::Emoji("blob".to_owned())).await;
        picture(&town, Wanted::AVATAR, ShownBy::Foreign("https://cdn.example/a.png".to_owned())).await;
        keep_card(&town, CardId(5), Bytes::from_static(PICTURE)).await.unwrap();
        upload(&town, ana, Bytes::from_static(PICTURE), Details::default()).await.unwrap();
        town.run_jobs().await;
        assert_eq!(files(&town).len(), 4 + 2, "their rows may be on their way");
        town.clock.advance(2 * HOUR);
        town.run_jobs().await;
        assert_eq!(files(&town).len(), 2, "those of the upload have theirs");
    })
    .await;
}

#[tokio::test]
async fn the_small_picture_is_the_one_that_its_owner_chose() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let details = Details { thumbnail: Some(Bytes::from_static(PICTURE)), ..Details::default() };
        let id =
            receive(&town, ana, upload_of(&town, FILM), details.clone(), Patience::AsksAgain).await.unwrap();
        let chosen = row(&town, ana, id).await.small_key.unwrap();
        town.run_jobs().await;
        let done = row(&town, ana, id).await;
        assert_eq!((progress(&done), done.small_key.as_ref()), (Progress::Ready, Some(&chosen)));
        assert_eq!((done.small_width, done.small_height, done.width), (32, 18, 160));
        assert_eq!(files(&town), sorted([chosen.clone(), done.file_key.clone().unwrap()]));

        change(&town, ana, id, details).await.unwrap();
        let changed = row(&town, ana, id).await.small_key.unwrap();
        assert_ne!(changed, chosen);
        town.run_jobs().await;
        assert_eq!(files(&town), sorted([changed, done.file_key.unwrap()]), "the old one is gone");
    }
}

#[tokio::test]
async fn a_small_picture_chosen_during_the_work_stays() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let id = send(&town, ana, SOUND, Patience::AsksAgain).await.unwrap();
        let details = Details { thumbnail: Some(Bytes::from_static(PICTURE)), ..Details::default() };
        change(&town, ana, id, details).await.unwrap();
        town.run_jobs().await;
        let done = row(&town, ana, id).await;
        assert_eq!((progress(&done), done.small_width), (Progress::Ready, 32));
        assert!(done.blurhash.is_some() && files(&town).contains(&done.small_key.unwrap()));
        let bad = Details { thumbnail: Some(Bytes::from_static(b"<svg/>")), ..Details::default() };
        let Err(Error::Invalid(problems)) = change(&town, ana, id, bad).await else { panic!("it is none") };
        assert_eq!((problems[0].field, problems[0].refusal), ("thumbnail", Refusal::MediaType));
    }
}
