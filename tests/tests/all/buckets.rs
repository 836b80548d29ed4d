//! A town whose files lie in a bucket (docs/adr/0010).

use std::io::{Seek as _, Write as _};

use parvis_domain::testing::{FILM, ffmpeg};
use parvis_media::{Found, Part};
use system_tests::{Answer, Bucket, Setup, Town, camera_picture, json, tells, text};

async fn town(bucket: &Bucket) -> Town {
    let mut wanted = parvis_config::Settings::for_tests("a.localhost");
    bucket.into_settings(&mut wanted);
    let change = move |settings: &mut parvis_config::Settings| {
        settings.s3 = wanted.s3.clone();
        settings.s3.region = "eu-test".to_owned();
        settings.media.recordings = true;
    };
    Town::start(Setup { settings: Box::new(change), ..Setup::named("a.localhost") }).await
}

async fn part_of(town: &Town, address: &str, range: &str) -> Answer {
    Answer::to(town.http.get(address).header("range", range)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_videos_lie_in_the_bucket_and_are_served_by_the_town() {
    let bucket = Bucket::start().await;
    let town = town(&bucket).await;
    let ana = town.resident("ana").await;
    let picture = ana.upload(camera_picture(), "").await.ok();
    let address = text(&picture, "url");
    assert!(address.starts_with(&town.url("/media/attachments/")), "{address}");
    let key = address.rsplit_once("/media/").expect("a key").1.to_owned();
    let kept = bucket.object(&key).expect("it is in the bucket");
    assert!(!tells(&kept), "the bucket never sees what the camera wrote");
    assert!(bucket.objects().iter().all(|(_, kind)| kind == "image/png" || kind == "image/jpeg"));
    assert!(!town.data_dir().join("media").exists(), "nothing is on the disk");
    let seen = town.get(&address).await;
    assert_eq!((seen.code(), &seen.bytes), (200, &kept.to_vec()));
    assert!(seen.header("content-security-policy").contains("sandbox"));
    let part = part_of(&town, &address, "bytes=1-3").await;
    assert_eq!((part.code(), part.bytes.as_ref()), (206, b"PNG".as_slice()));
    assert_eq!(part_of(&town, &address, "bytes=9999999-").await.code(), 416);
    assert_eq!(town.get(&address.replace(".png", "0.png")).await.code(), 404);
    ana.delete(&format!("/api/v1/media/{}", text(&picture, "id"))).await.ok();
    assert_eq!(bucket.objects(), [], "threats M7");

    if !ffmpeg() {
        return;
    }
    let accepted = ana.upload(FILM.to_vec(), "").await;
    assert_eq!(accepted.code(), 202);
    system_tests::settle(&[&town]).await;
    let video = ana.get(&format!("/api/v1/media/{}", text(&accepted.json(), "id"))).await.ok();
    let kinds: Vec<String> = bucket.objects().into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, ["image/jpeg", "video/mp4"], "and nothing of what was sent");
    let _ = bucket.asked();
    let part = part_of(&town, &text(&video, "url"), "bytes=4-7").await;
    assert_eq!((part.code(), part.bytes.as_ref()), (206, b"ftyp".as_slice()));
    assert!(bucket.asked().iter().any(|asked| asked.ends_with("bytes=4-7")), "only that part is fetched");
    ana.publish(json!({"status": "", "media_ids": [video["id"]]})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_goes_into_the_bucket_in_pieces() {
    let bucket = Bucket::start().await;
    let town = town(&bucket).await;
    let large: Vec<u8> = (0..20_000_000_u32).map(|n| u8::try_from(n % 251).expect("a byte")).collect();
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&large).expect("room");
    file.rewind().expect("the beginning");
    let key = "attachments/ab/cd.mp4".parse().expect("a key");
    town.town().files().put_file(&key, file).await.expect("it is stored");
    assert!(bucket.object("attachments/ab/cd.mp4").expect("it is there") == large);
    let Some(Found::Part(opened)) =
        town.town().files().open_part(&key, Part::From(19_999_990)).await.expect("read")
    else {
        panic!("it is not there")
    };
    assert_eq!(opened.bytes().await.expect("read").as_ref(), &large[19_999_990..]);
    town.town().files().check("x").await.expect("the doctor is content");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_refuses_is_our_fault_and_nobody_elses() {
    let bucket = Bucket::start().await;
    let mut wanted = parvis_config::Settings::for_tests("a.localhost");
    bucket.into_settings(&mut wanted);
    // The signature names another region, so the bucket answers 403.
    let change = move |settings: &mut parvis_config::Settings| settings.s3 = wanted.s3.clone();
    let town = Town::start(Setup { settings: Box::new(change), ..Setup::named("a.localhost") }).await;
    let ana = town.resident("ana").await;
    let refused = ana.upload(camera_picture(), "").await;
    assert_eq!(refused.code(), 503);
    assert!(
        !refused.text().contains("Credential") && !refused.text().contains("127.0.0.1"),
        "{}",
        refused.text()
    );
    assert!(town.town().files().check("x").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_told_to_be_at_the_public_address_if_the_operator_says_so() {
    let bucket = Bucket::start().await;
    let mut wanted = parvis_config::Settings::for_tests("a.localhost");
    bucket.into_settings(&mut wanted);
    let change = move |settings: &mut parvis_config::Settings| {
        settings.s3 = wanted.s3.clone();
        settings.s3.region = "eu-test".to_owned();
        settings.s3.public_url = "https://files.example/town/".parse().ok();
    };
    let town = Town::start(Setup { settings: Box::new(change), ..Setup::named("a.localhost") }).await;
    let ana = town.resident("ana").await;
    let picture = ana.upload(camera_picture(), "").await.ok();
    let address = text(&picture, "url");
    assert!(
        address.starts_with(&town.url("/media/attachments/")),
        "what others know stays the town's: {address}"
    );
    let key = address.rsplit_once("/media/").expect("a key").1.to_owned();
    let _ = bucket.asked();
    for sent in [town.get(&address).await, Answer::to(town.http.head(&address)).await] {
        let there = sent.header("location");
        assert_eq!(
            (sent.code(), there.as_str()),
            (302, format!("https://files.example/town/{key}").as_str())
        );
        assert_eq!(sent.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(bucket.asked(), Vec::<String>::new(), "the town does not open it");
    for hidden in ["incoming/ab/cd.mp4", "secret.key", "..%2F..%2Fsecret.key"] {
        assert_eq!(town.get(&format!("/media/{hidden}")).await.code(), 404, "{hidden}");
    }
    let policy = town.get("/").await.header("content-security-policy");
    assert!(policy.contains("https://files.example"), "pages may show them: {policy}");
}
