//! Video and sound before and on posts.

use parvis_domain::testing::{AVIF, FILM, SOUND, ffmpeg};

use super::media::{PICTURE, form, upload};
use super::*;

async fn api() -> Option<Api> {
    if !ffmpeg() {
        return None;
    }
    Some(Api::of(Town::builder().settings(|s| s.media.recordings = true)).await)
}

async fn send(api: &Api, who: &Person, version: u8, file: &[u8]) -> Answer {
    upload(api, who, Method::POST, &format!("/api/v{version}/media"), form(&[], Some(("file", file)))).await
}

#[tokio::test]
async fn a_video_is_accepted_processed_and_posted() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    let body = form(&[("description", "A test card")], Some(("file", FILM)));
    let accepted = upload(&api, &ana, Method::POST, "/api/v2/media", body).await;
    accepted.is(202);
    let waiting = accepted.json();
    assert_eq!(
        (&waiting["type"], &waiting["url"], &waiting["preview_url"]),
        (&"video".into(), &Value::Null, &Value::Null)
    );
    let path = format!("/api/v1/media/{}", id(&waiting));
    api.get(&ana, &path).await.is(206);
    let described = api.call(Method::PUT, &ana.token, &path, "description=The+test+card").await.ok();
    assert_eq!(described["description"], "The test card");
    let early = api.post(&ana, "/api/v1/statuses", &format!("status=x&media_ids[]={}", id(&waiting))).await;
    early.is(422);
    assert_eq!(
        early.json()["error"],
        "Cannot attach files that have not finished processing. Try again in a moment!"
    );

    api.town.run_jobs().await;
    let done = api.get(&ana, &path).await.ok();
    assert_eq!(done["description"], "The test card", "what was said meanwhile stays");
    let (url, preview) = (done["url"].as_str().unwrap(), done["preview_url"].as_str().unwrap());
    assert!(url.starts_with("http://town.example/media/attachments/") && url.ends_with(".mp4"), "{url}");
    assert!(preview.ends_with("-small.jpg") && done["blurhash"].is_string());
    let mut meta = done["meta"].clone();
    for (part, name) in [("original", "duration"), ("original", "bitrate")] {
        assert!(meta[part][name].as_f64().unwrap() > 0.0);
        meta[part][name] = "…".into();
    }
    for name in ["duration", "length"] {
        meta[name] = "…".into();
    }
    insta::assert_json_snapshot!(meta, @r#"
    {
      "original": {
        "width": 160,
        "height": 90,
        "frame_rate": "10/1",
        "duration": "…",
        "bitrate": "…"
      },
      "small": {
        "width": 160,
        "height": 90,
        "size": "160x90",
        "aspect": 1.7777777777777777
      },
      "focus": {
        "x": 0.0,
        "y": 0.0
      },
      "length": "…",
      "duration": "…",
      "fps": 10,
      "width": 160,
      "height": 90,
      "size": "160x90",
      "aspect": 1.7777777777777777,
      "audio_encode": "aac",
      "audio_bitrate": "44100 Hz",
      "audio_channels": "mono"
    }
    "#);

    let post = api.write(&ana, &format!("status=look&media_ids[]={}", id(&done))).await;
    assert_eq!(post["media_attachments"][0]["type"], "video");
    let picture =
        upload(&api, &ana, Method::POST, "/api/v2/media", form(&[], Some(("file", PICTURE)))).await.ok();
    let second = send(&api, &ana, 1, FILM).await.ok();
    let both = format!("status=x&media_ids[]={}&media_ids[]={}", id(&second), id(&picture));
    let mixed = api.post(&ana, "/api/v1/statuses", &both).await;
    mixed.is(422);
    assert!(mixed.text.contains("Cannot attach a video"), "{}", mixed.text);
}

#[tokio::test]
async fn a_sound_is_ready_at_once_for_who_asks_the_old_way() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    let sound = send(&api, &ana, 1, SOUND).await.ok();
    assert_eq!((&sound["type"], &sound["preview_url"]), (&"audio".into(), &Value::Null));
    assert!(sound["url"].as_str().unwrap().ends_with(".mp3"));
    assert_eq!(sound["meta"]["audio_encode"], "mp3");
    assert_eq!(sound["meta"]["audio_channels"], "mono");
    assert_eq!(sound["meta"]["original"].get("width"), None);
    assert!(sound["meta"]["length"].as_str().unwrap().starts_with("0:00:01."), "{}", sound["meta"]);
}

#[tokio::test]
async fn what_cannot_be_processed_says_so() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    let broken: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0 and then nothing of a film";
    let accepted = send(&api, &ana, 2, broken).await;
    accepted.is(202);
    api.town.run_jobs().await;
    let failed = api.get(&ana, &format!("/api/v1/media/{}", id(&accepted.json()))).await;
    failed.is(422);
    assert!(failed.text.contains("damaged"), "{}", failed.text);
    send(&api, &ana, 1, broken).await.is(422);
    let attached = format!("status=x&media_ids[]={}", id(&accepted.json()));
    api.post(&ana, "/api/v1/statuses", &attached).await.is(422);
}

#[tokio::test]
async fn m2_a_playlist_or_a_script_is_no_video() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    for file in [
        b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n".as_slice(),
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'/>",
        b"RIFF\x24\0\0\0AVI LIST",
        b"FLV\x01\x05",
    ] {
        send(&api, &ana, 2, file).await.is(422);
    }
}

#[tokio::test]
async fn m3_what_is_too_large_is_refused_while_it_comes() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    let mut large = vec![0_u8; 100 << 20];
    large[..12].copy_from_slice(b"\0\0\0\x20ftypisom");
    send(&api, &ana, 2, &large).await.is(413);
    large[..12].copy_from_slice(b"\x89PNG\r\n\x1A\n\0\0\0\0");
    let text = "x".repeat(2 << 20);
    let words = form(&[("description", &text)], Some(("file", FILM)));
    upload(&api, &ana, Method::POST, "/api/v2/media", words).await.is(413);
    large.truncate(17 << 20);
    send(&api, &ana, 2, &large).await.is(413);
}

#[tokio::test]
async fn m6_a_video_of_somebody_else_is_not_there_however_far_it_is() {
    let Some(api) = api().await else { return };
    let (ana, eve) = (api.resident("ana").await, api.resident("eve").await);
    let video = send(&api, &ana, 2, FILM).await.json();
    let path = format!("/api/v1/media/{}", id(&video));
    for _ in ["in work", "ready"] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let hidden = api.call(method.clone(), &eve.token, &path, "description=mine").await;
            let missing = api.call(method, &eve.token, "/api/v1/media/1", "description=mine").await;
            hidden.is(404);
            assert_eq!(hidden.text, missing.text);
        }
        api.post(&eve, "/api/v1/statuses", &format!("status=x&media_ids[]={}", id(&video))).await.is(422);
        api.town.run_jobs().await;
    }
    api.get(&ana, &path).await.ok();
}

#[tokio::test]
async fn m7_a_video_uploaded_by_mistake_goes_while_it_is_processed() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    let video = send(&api, &ana, 2, FILM).await.json();
    let path = format!("/api/v1/media/{}", id(&video));
    api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    api.town.run_jobs().await;
    api.get(&ana, &path).await.is(404);
}

#[tokio::test]
async fn a_town_without_ffmpeg_says_what_it_takes_and_what_not() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    for file in [FILM, SOUND] {
        let refused = send(&api, &ana, 2, file).await;
        refused.is(422);
        assert!(refused.text.contains("does not take video or sound"), "{}", refused.text);
    }
    for path in ["/api/v1/instance", "/api/v2/instance"] {
        let media = api.look(path).await.ok()["configuration"]["media_attachments"].clone();
        let types = media["supported_mime_types"].as_array().unwrap().clone();
        assert!(types.iter().all(|kind| kind.as_str().unwrap().starts_with("image/")), "{types:?}");
        assert_eq!(media["video_size_limit"], 0);
    }
    let Some(api) = self::api().await else { return };
    let media = api.look("/api/v2/instance").await.ok()["configuration"]["media_attachments"].clone();
    let types = media["supported_mime_types"].as_array().unwrap();
    for kind in ["image/jpeg", "video/mp4", "video/quicktime", "video/webm", "audio/ogg", "audio/mpeg"] {
        assert!(types.contains(&kind.into()), "{kind}");
    }
    assert_eq!(media["video_size_limit"], 99 * 1024 * 1024);
    assert_eq!(
        (&media["video_frame_rate_limit"], &media["video_matrix_limit"]),
        (&120.into(), &8_294_400.into())
    );
}

#[tokio::test]
async fn pictures_of_telephones_that_browsers_do_not_show_are_refused_with_what_to_do() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    for (brand, name) in [(b"heic", "HEIC"), (b"mif1", "HEIC"), (b"avif", "AVIF")] {
        let file = [b"\0\0\0\x1Cftyp".as_slice(), brand, &[0; 40]].concat();
        let refused = send(&api, &ana, 2, &file).await;
        refused.is(422);
        assert!(refused.text.contains(name) && refused.text.contains("as JPEG"), "{}", refused.text);
    }
}

#[tokio::test]
async fn avif_pictures_are_taken_where_ffmpeg_reads_them_and_come_out_like_any_other() {
    let types = async |api: &Api| {
        let v1 = api.look("/api/v1/instance").await.ok();
        let v2 = api.look("/api/v2/instance").await.ok();
        assert_eq!(v1["configuration"]["media_attachments"], v2["configuration"]["media_attachments"]);
        v2["configuration"]["media_attachments"]["supported_mime_types"].as_array().unwrap().clone()
    };
    let without = Api::new().await;
    assert!(!types(&without).await.contains(&"image/avif".into()));
    let ana = without.resident("ana").await;
    send(&without, &ana, 2, AVIF).await.is(422);
    let Some(api) = api().await else { return };
    assert!(types(&api).await.contains(&"image/avif".into()));
    let ana = api.resident("ana").await;
    for version in [1, 2] {
        let picture = send(&api, &ana, version, AVIF).await.ok();
        assert_eq!(
            (&picture["type"], &picture["meta"]["original"]["size"]),
            (&"image".into(), &"64x48".into())
        );
        assert!(picture["url"].as_str().unwrap().ends_with(".jpg") && picture["blurhash"].is_string());
    }
    let cut = AVIF.get(..AVIF.len() / 2).unwrap();
    send(&api, &ana, 2, cut).await.is(422);
    let body = form(&[], Some(("avatar", AVIF)));
    upload(&api, &ana, Method::PATCH, "/api/v1/accounts/update_credentials", body).await.ok();
    let heic = [b"\0\0\0\x1Cftypheic".as_slice(), &[0; 40]].concat();
    send(&api, &ana, 2, &heic).await.is(422);
}

/// A form of which the end comes late, and whether anybody read that.
fn slow(file: &[u8]) -> (Body, std::sync::Arc<std::sync::atomic::AtomicBool>) {
    use std::sync::atomic::{AtomicBool, Ordering};
    let mut start = form(&[], Some(("file", file)));
    let end = start.split_off(start.len() - 1_000);
    let was_read = std::sync::Arc::new(AtomicBool::new(false));
    let read = was_read.clone();
    // The start at once, the end when it was asked for often enough: the reader of forms looks ahead.
    let mut left = vec![end, start];
    let mut pauses = 20;
    let pieces = futures_util::stream::poll_fn(move |context| {
        if left.len() == 1 && pauses > 0 {
            pauses -= 1;
            context.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        let piece = left.pop();
        read.store(left.is_empty(), Ordering::SeqCst);
        std::task::Poll::Ready(piece.map(|piece| Ok::<_, std::io::Error>(bytes::Bytes::from(piece))))
    });
    (Body::from_stream(pieces), was_read)
}

#[tokio::test]
async fn m3_a_recording_too_many_is_refused_before_it_is_here() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    let post = |body| {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v2/media")
            .header("authorization", format!("Bearer {}", ana.token))
            .header("content-type", "multipart/form-data; boundary=b");
        api.send(request.body(body).unwrap())
    };
    for n in 0..20 {
        let (body, was_read) = slow(FILM);
        post(body).await.is(202);
        assert!(was_read.load(std::sync::atomic::Ordering::SeqCst), "film {n}");
    }
    let (body, was_read) = slow(FILM);
    let refused = post(body).await;
    refused.is(422);
    assert!(refused.text.contains("many recordings"), "{}", refused.text);
    assert!(!was_read.load(std::sync::atomic::Ordering::SeqCst));
    upload(&api, &ana, Method::POST, "/api/v2/media", form(&[], Some(("file", PICTURE)))).await.ok();

    let without = Api::new().await;
    let ben = without.resident("ben").await;
    let (body, was_read) = slow(FILM);
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v2/media")
        .header("authorization", format!("Bearer {}", ben.token))
        .header("content-type", "multipart/form-data; boundary=b");
    without.send(request.body(body).unwrap()).await.is(422);
    assert!(!was_read.load(std::sync::atomic::Ordering::SeqCst));
}

#[tokio::test]
async fn the_preview_of_a_sound_is_the_picture_that_came_with_it() {
    let Some(api) = api().await else { return };
    let ana = api.resident("ana").await;
    let body = super::media::form_with_thumbnail(PICTURE, Some(SOUND));
    let accepted = upload(&api, &ana, Method::POST, "/api/v2/media", body).await;
    accepted.is(202);
    let preview = accepted.json()["preview_url"].clone();
    assert!(preview.is_string());
    api.town.run_jobs().await;
    let done = api.get(&ana, &format!("/api/v1/media/{}", id(&accepted.json()))).await.ok();
    assert_eq!((&done["type"], &done["preview_url"]), (&"audio".into(), &preview));
    assert_eq!(done["meta"]["small"]["size"], "600x200");
}
