//! Video and sound across towns (threats M4, M5, O3).

use std::path::Path;
use std::process::Command;

use parvis_domain::testing::{FILM, Place, SOUND, ffmpeg};
use system_tests::{Program, TwoTowns, json, tells, text};

/// Both towns take recordings; on SQLite, and once more with PostgreSQL.
async fn towns() -> Vec<TwoTowns> {
    if !ffmpeg() {
        return Vec::new();
    }
    let mut all = vec![TwoTowns::on(Place::sqlite(), Place::sqlite(), |s| s.media.recordings = true).await];
    if let Some(postgres) = Place::postgres() {
        all.push(TwoTowns::on(Place::sqlite(), postgres, |s| s.media.recordings = true).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn m4_a_video_is_seen_from_the_other_town_in_parts_and_without_what_the_telephone_wrote() {
    for towns in towns().await {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let accepted = ana.upload(FILM.to_vec(), "The fountain is on again").await;
        assert_eq!(accepted.code(), 202);
        towns.settle().await;
        let video = ana.get(&format!("/api/v1/media/{}", text(&accepted.json(), "id"))).await.ok();
        let post = ana.publish(json!({"status": "Listen", "media_ids": [video["id"]]})).await;
        let mine = towns.a.get(&text(&post["media_attachments"][0], "url")).await;
        assert_eq!((mine.code(), mine.header("content-type").as_str()), (200, "video/mp4"));
        assert!(!tells(&mine.bytes), "the town shows where the telephone was");
        let page = towns.a.get(&text(&post, "url")).await.text();
        assert!(
            page.contains("<video controls preload=\"none\"") && page.contains("The fountain is on again"),
            "{page}"
        );
        assert!(page.contains("poster=\"") && !page.contains("autoplay"));
        towns.settle().await;

        let there = bea.copy_of(&post).await.expect("it arrived");
        let attached = &there["media_attachments"][0];
        assert_eq!(
            (&attached["type"], &attached["description"]),
            (&json!("video"), &json!("The fountain is on again"))
        );
        assert!(attached["blurhash"].is_string() && attached["meta"]["original"]["duration"].is_number());
        let seen = towns.b.get(&text(attached, "preview_url")).await;
        assert_eq!((seen.code(), seen.header("content-type").as_str()), (200, "image/jpeg"));
        let address = text(attached, "url");
        assert!(address.starts_with(&towns.b.url("/media_proxy/")), "other towns see who looks: {address}");
        let whole = towns.b.get(&address).await;
        assert_eq!((whole.code(), whole.header("accept-ranges").as_str()), (200, "bytes"));
        assert!(!tells(&whole.bytes) && whole.bytes.len() > 1_000);
        for (range, status, told) in [
            ("bytes=0-", 200, String::new()),
            ("bytes=4-7", 206, format!("bytes 4-7/{}", whole.bytes.len())),
            (
                "bytes=-10",
                206,
                format!("bytes {}-{}/{}", whole.bytes.len() - 10, whole.bytes.len() - 1, whole.bytes.len()),
            ),
            ("bytes=99999999-", 416, format!("bytes */{}", whole.bytes.len())),
        ] {
            let request = towns.b.http.get(&address).header("range", range);
            let part = system_tests::Answer::to(request).await;
            assert_eq!((part.code(), part.header("content-range")), (status, told), "{range}");
            assert_eq!(part.header("x-content-type-options"), "nosniff");
            assert!(part.header("content-security-policy").contains("default-src 'none'; sandbox"));
            match range {
                "bytes=4-7" => assert_eq!(part.bytes, whole.bytes[4..8]),
                "bytes=-10" => assert_eq!(part.bytes, whole.bytes[whole.bytes.len() - 10..]),
                _ => {}
            }
        }
        let page = towns.b.get(&format!("/@ana@{}/{}", towns.a.domain(), text(&there, "id"))).await.text();
        assert!(page.contains("/media_proxy/") && page.contains("<video controls"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn m4_a_sound_is_heard_from_the_other_town() {
    for towns in towns().await {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let accepted = ana.upload(SOUND.to_vec(), "").await;
        towns.settle().await;
        let post = ana.publish(json!({"status": "", "media_ids": [text(&accepted.json(), "id")]})).await;
        let page = towns.a.get(&text(&post, "url")).await.text();
        assert!(
            page.contains("<audio controls preload=\"none\"") && page.contains("without a description"),
            "{page}"
        );
        towns.settle().await;
        let there = bea.copy_of(&post).await.expect("it arrived");
        let attached = &there["media_attachments"][0];
        assert_eq!((&attached["type"], &attached["preview_url"]), (&json!("audio"), &json!(null)));
        let heard = towns.b.get(&text(attached, "url")).await;
        assert_eq!((heard.code(), heard.header("content-type").as_str()), (200, "audio/mpeg"));
        assert!(!tells(&heard.bytes));
    }
}

/// The names of all files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => all.extend(files(&path)),
            path => all.push(path.to_string_lossy().into_owned()),
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_a_town_killed_while_it_converts_a_video_goes_on_after_its_start() {
    if !ffmpeg() {
        return;
    }
    let mut town = Program::new("a.localhost");
    town.serve().await;
    let ana = super::killed::resident(&town, "ana");
    // A film that must be converted, which takes a few seconds.
    let film = town.folder().join("film.mov");
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=20"])
        .args(["-c:v", "mpeg4", "-q:v", "5"])
        .arg(&film)
        .status();
    assert!(made.expect("ffmpeg runs").success());
    let accepted = town.upload(&ana, std::fs::read(&film).expect("a film")).await;
    assert_eq!(accepted.code(), 202);
    let path = format!("/api/v1/media/{}", text(&accepted.json(), "id"));
    let (work, media) = (town.folder().join("work"), town.folder().join("media"));
    let is_at_it = || files(&work).iter().any(|file| file.ends_with("out/result"));
    town.until("ffmpeg is at it", async || is_at_it()).await;
    assert_eq!(town.code(&ana, &path).await, 206);
    town.kill();
    assert!(is_at_it(), "it was killed in the middle");

    town.serve().await;
    town.until("the video is ready", async || town.code(&ana, &path).await == 200).await;
    let video = town.get(&ana, &path).await;
    assert_eq!((&video["type"], &video["meta"]["size"]), (&json!("gifv"), &json!("1280x720")));
    town.until("the work is put away", async || files(&work).is_empty()).await;
    assert_eq!(files(&media).len(), 2, "the video and its poster, and nothing else: {:?}", files(&media));
}
