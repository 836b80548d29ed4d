//! Video and sound from the upload to the last file of it, on both databases. What ffmpeg makes of them is tested in `media`.

#[path = "files_go_tests.rs"]
mod files_go;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parvis_media::{Found, Part};
use parvis_model::ids::{AccountId, StatusId};
use parvis_model::time::{DAY, MINUTE};
use parvis_model::urls;
use parvis_store::media::{self as rows, Media};
use parvis_store::testing::Place;

use super::recordings::{Progress, progress};
use super::*;
use crate::remote::{RemoteKind, RemoteMedia, RemoteNote, accounts, statuses as remote_statuses};
use crate::statuses::{Draft, publish};
use crate::testing::{FILM, PICTURE, SECRET_OF_THE_TELEPHONE, SOUND, Town as TestTown, Web, ffmpeg};

async fn towns() -> Vec<TestTown> {
    if !ffmpeg() {
        return Vec::new();
    }
    let mut towns = Vec::new();
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        towns.push(TestTown::builder().place(place).settings(|s| s.media.recordings = true).build().await);
    }
    towns
}

async fn send(town: &TestTown, who: AccountId, file: &'static [u8], patience: Patience) -> Result<MediaId> {
    receive(town, who, upload_of(town, file), Details::default(), patience).await
}

fn upload_of(town: &TestTown, file: &'static [u8]) -> Upload {
    Upload::of(town.settings().work_folder(), Bytes::from_static(file))
}

async fn row(town: &TestTown, who: AccountId, id: MediaId) -> Media {
    town.read(move |c| own(c, who, id)).await
}

/// All stored files, by their keys.
fn files(town: &TestTown) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let root = town.settings().data_dir.join("media");
    let mut found = Vec::new();
    walk(&root, &mut found);
    let mut keys: Vec<String> =
        found.iter().map(|path| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned()).collect();
    keys.sort();
    keys
}

async fn part(town: &TestTown, key: &str, part: Part) -> Bytes {
    match stored_part(town, key, part).await.unwrap().content {
        Found::Part(opened) => opened.bytes().await.unwrap(),
        Found::OutOfRange(length) => panic!("outside of {length}"),
    }
}

#[tokio::test]
async fn a_film_is_processed_later_and_hangs_on_a_post_only_then() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let id = send(&town, ana, FILM, Patience::AsksAgain).await.unwrap();
        let waiting = row(&town, ana, id).await;
        assert_eq!((progress(&waiting), waiting.kind.as_str()), (Progress::InWork, "video"));
        let source = waiting.source_key.unwrap();
        assert!(stored_file(&town, &source).await.is_err(), "nobody sees what was sent");
        let draft = Draft { media: vec![id], ..Draft::default() };
        let tried = draft.clone();
        let early = town.db().write(move |tx| publish(tx, ana, &tried)).await;
        assert!(matches!(early, Err(Error::Refused(Refusal::MediaNotReady))), "{early:?}");

        town.run_jobs().await;
        let done = row(&town, ana, id).await;
        assert_eq!(progress(&done), Progress::Ready);
        assert_eq!((done.kind.as_str(), done.mime.as_str()), ("video", "video/mp4"));
        assert_eq!((done.width, done.height, done.frame_rate.as_str()), (160, 90, "10/1"));
        assert!((900..1_200).contains(&done.duration_ms) && done.blurhash.is_some());
        assert_eq!((done.audio_codec.as_str(), done.audio_channels), ("aac", 1));
        let (film, poster) = (done.file_key.unwrap(), done.small_key.unwrap());
        assert_eq!(files(&town), [poster.clone(), film.clone()], "the source is gone");
        let whole = part(&town, &film, Part::Whole).await;
        assert!(!whole.windows(9).any(|w| w == &SECRET_OF_THE_TELEPHONE.as_bytes()[..9]), "threats M4");
        assert_eq!(part(&town, &film, Part::Between(4, 7)).await, whole.slice(4..8));
        assert_eq!(part(&town, &film, Part::Last(3)).await, whole.slice(whole.len() - 3..));
        let beyond = stored_part(&town, &film, Part::From(1 << 40)).await.unwrap();
        assert!(
            matches!(beyond.content, Found::OutOfRange(length) if usize::try_from(length) == Ok(whole.len()))
        );

        let mixed = upload(&town, ana, Bytes::from_static(PICTURE), Details::default()).await.unwrap();
        let both = Draft { media: vec![id, mixed], ..Draft::default() };
        let refused = town.db().write(move |tx| publish(tx, ana, &both)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::MediaMixed))), "{refused:?}");
        town.write(move |tx| publish(tx, ana, &draft)).await;
    }
}

#[tokio::test]
async fn who_waits_gets_the_sound_at_once_and_hears_what_is_wrong_with_it() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let id = send(&town, ana, SOUND, Patience::Waits).await.unwrap();
        let sound = row(&town, ana, id).await;
        assert_eq!((progress(&sound), sound.kind.as_str()), (Progress::Ready, "audio"));
        assert_eq!((sound.mime.as_str(), sound.width, sound.small_key), ("audio/mpeg", 0, None));
        let bytes = part(&town, &sound.file_key.unwrap(), Part::Whole).await;
        assert!(!bytes.windows(9).any(|w| w == &SECRET_OF_THE_TELEPHONE.as_bytes()[..9]), "threats M4");

        let broken = send(&town, ana, b"ID3\x04\0\0\0\0\0\0nothing that can be heard", Patience::Waits).await;
        assert!(matches!(broken, Err(Error::Invalid(_))), "{broken:?}");
        let broken = send(&town, ana, b"\0\0\0\x20ftypisom\0\0\x02\0", Patience::AsksAgain).await.unwrap();
        town.run_jobs().await;
        let failed = row(&town, ana, broken).await;
        assert_eq!(progress(&failed), Progress::Failed(Refusal::MediaDamaged));
        assert_eq!(files(&town).len(), 1, "nothing is left of what is broken");
    }
}

#[tokio::test]
async fn m7_a_recording_removed_while_it_is_processed_leaves_nothing() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let id = send(&town, ana, FILM, Patience::AsksAgain).await.unwrap();
        assert_eq!(files(&town).len(), 1);
        // What a process that is at it may have written.
        let source = row(&town, ana, id).await.source_key.unwrap();
        let half = parvis_model::media::made_of(&source, "mp4");
        town.files().put(&half.parse().unwrap(), Bytes::from_static(b"half a film")).await.unwrap();
        let keys = town.write(move |tx| remove(tx, ana, id)).await;
        delete_files(&town, keys).await.unwrap();
        assert_eq!(files(&town), Vec::<String>::new());

        // The process ends after that, and writes what it made.
        town.files().put(&source.parse().unwrap(), Bytes::from_static(FILM)).await.unwrap();
        town.files().put(&half.parse().unwrap(), Bytes::from_static(b"a film")).await.unwrap();
        town.run_jobs().await;
        assert_eq!(files(&town), Vec::<String>::new());
    }
}

#[tokio::test]
async fn r14_a_process_that_is_killed_leaves_a_job_that_does_it_again() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let id = send(&town, ana, FILM, Patience::AsksAgain).await.unwrap();
        // It had written half of the film and was killed; its lease ran out.
        let source = row(&town, ana, id).await.source_key.unwrap();
        let half = parvis_model::media::made_of(&source, "mp4");
        town.files().put(&half.parse().unwrap(), Bytes::from_static(b"half a film")).await.unwrap();
        town.run_jobs().await;
        let done = row(&town, ana, id).await;
        assert_eq!((progress(&done), done.file_key.as_deref()), (Progress::Ready, Some(half.as_str())));
        assert!(part(&town, &half, Part::Whole).await.len() > 1_000);
        assert_eq!(files(&town).len(), 2);

        // What no post took goes after a day, with its files.
        send(&town, ana, FILM, Patience::AsksAgain).await.unwrap();
        town.clock.advance(2 * DAY);
        let keys = town.write(|tx| remove_orphans(tx, 10)).await;
        delete_files(&town, keys).await.unwrap();
        town.run_jobs().await;
        assert_eq!(files(&town), Vec::<String>::new());
    }
}

#[tokio::test]
async fn r14_a_recording_over_which_the_process_dies_every_time_is_given_up() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let id = send(&town, ana, FILM, Patience::AsksAgain).await.unwrap();
        let mut tried = row(&town, ana, id).await;
        assert_eq!(tried.tries, 0);
        tried.tries = 5;
        town.write(move |tx| Ok(rows::save(tx, &tried)?)).await;
        town.run_jobs().await;
        assert_eq!(progress(&row(&town, ana, id).await), Progress::Failed(Refusal::MediaLost));
        assert_eq!(files(&town), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_recording_is_put_off_while_another_has_the_processor() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        let other = town.recordings().turn().unwrap();
        let id = send(&town, ana, FILM, Patience::AsksAgain).await.unwrap();
        town.run_jobs().await;
        let waiting = row(&town, ana, id).await;
        assert_eq!((progress(&waiting), waiting.tries), (Progress::InWork, 0), "that was no try");
        drop(other);
        town.clock.advance(MINUTE);
        town.run_jobs().await;
        let done = row(&town, ana, id).await;
        assert_eq!((progress(&done), done.tries), (Progress::Ready, 1));
    }
}

#[tokio::test]
async fn nobody_keeps_many_recordings_that_are_in_no_post() {
    for town in towns().await {
        let ana = town.resident("ana").await;
        for _ in 0..20 {
            send(&town, ana, FILM, Patience::AsksAgain).await.unwrap();
        }
        let one_more = send(&town, ana, FILM, Patience::AsksAgain).await;
        let Err(Error::Invalid(problems)) = one_more else { panic!("{one_more:?}") };
        assert_eq!(problems[0].refusal, Refusal::MediaWaiting);
    }
}

#[tokio::test]
async fn m5_a_film_of_another_server_is_fetched_once_by_us_and_kept_for_a_time() {
    for town in towns().await {
        let web = Arc::new(Web::of(""));
        town.connect(web.clone());
        let (film, still) = ("https://cdn.example/film.mp4", "https://cdn.example/still.png");
        let bea =
            town.write(|tx| accounts::upsert(tx, &crate::remote::tests::actor("away.example", "bea"))).await;
        let id = town
            .write(move |tx| {
                let media = RemoteMedia {
                    url: film.to_owned(),
                    preview: Some(still.to_owned()),
                    kind: RemoteKind::Video,
                    duration: 1_000,
                    ..RemoteMedia::default()
                };
                let note = RemoteNote {
                    uri: "https://away.example/notes/1".to_owned(),
                    author: "https://away.example/users/bea".to_owned(),
                    is_public: true,
                    media: vec![media],
                    ..RemoteNote::default()
                };
                remote_statuses::create(tx, &note, remote_statuses::Wanted::Yes)
            })
            .await
            .kept()
            .unwrap();
        let remote = town.read(town_media(id)).await;
        assert_eq!((remote.account_id, remote.kind.as_str(), remote.duration_ms), (bea, "video", 1_000));
        let mark = urls::mark(film);
        let ask = |small, wanted| proxied(&town, remote.id, &mark, small, wanted);
        assert_eq!(ask(true, Part::Whole).await.unwrap().mime, "image/png");
        let (first, second) = tokio::join!(ask(false, Part::Between(4, 7)), ask(false, Part::Whole));
        assert_eq!(first.unwrap().bytes().await.unwrap().as_ref(), b"ftyp");
        let second = second.unwrap();
        assert_eq!(second.mime, "video/mp4");
        let whole = second.bytes().await.unwrap();
        assert!(!whole.windows(9).any(|w| w == &SECRET_OF_THE_TELEPHONE.as_bytes()[..9]));
        assert_eq!(web.asked(), [still, film], "each once, by us");
        let wrong = proxied(&town, remote.id, &urls::mark(still), false, Part::Whole).await;
        assert!(matches!(wrong, Err(Error::NotFound)), "threats I2");

        assert_eq!(files(&town).len(), 2);
        town.clock.advance(31 * DAY);
        let keys = town.write(|tx| forget_copies(tx, 10)).await;
        delete_files(&town, keys).await.unwrap();
        assert_eq!(files(&town), Vec::<String>::new());
        ask(false, Part::Whole).await.unwrap();
        assert_eq!(web.asked(), [film], "after a time it is asked for again");
    }
}

fn town_media(id: StatusId) -> impl FnOnce(&mut parvis_store::Conn) -> Result<Media> + Send + 'static {
    move |c| Ok(rows::of_statuses(c, &[id])?.remove(0))
}

#[tokio::test]
async fn m7_files_that_cannot_be_deleted_now_are_deleted_later() {
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let town = TestTown::builder().place(place).build().await;
        let ana = town.resident("ana").await;
        let id = upload(&town, ana, Bytes::from_static(PICTURE), Details::default()).await.unwrap();
        assert_eq!(files(&town).len(), 2);
        // The process dies after the commit: nobody calls `delete_files`.
        let keys = town.write(move |tx| remove(tx, ana, id)).await;
        // One of the files cannot be deleted: a folder stands in its place.
        let stuck = town.settings().data_dir.join("media").join(&keys[0]);
        std::fs::remove_file(&stuck).unwrap();
        std::fs::create_dir_all(stuck.join("x")).unwrap();
        assert!(delete_files(&town, vec![keys[0].clone()]).await.is_err());
        town.run_jobs().await;
        assert_eq!(files(&town), Vec::<String>::new(), "the other is gone");
        assert!(stuck.exists());
        std::fs::remove_dir_all(&stuck).unwrap();
        std::fs::write(&stuck, "free again").unwrap();
        town.clock.advance(DAY);
        town.run_jobs().await;
        assert_eq!(files(&town), Vec::<String>::new());
    }
}
