//! Pictures across towns (threats M4, M5, M6, O3).

use system_tests::{Answer, camera_picture, each, json, tells, text};

#[tokio::test(flavor = "multi_thread")]
async fn m4_a_picture_is_seen_from_the_other_town_with_its_description_and_without_what_the_camera_wrote() {
    each(|towns| async move {
        let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
        bea.follow(&ana).await;
        towns.settle().await;
        let picture = ana.upload(camera_picture(), "The fountain in frost").await.ok();
        assert_eq!(picture["description"], "The fountain in frost");
        let post = ana.publish(json!({"status": "Cold this morning", "media_ids": [picture["id"]]})).await;
        let original = towns.a.get(&text(&post["media_attachments"][0], "url")).await;
        assert_eq!(original.code(), 200);
        assert!(!tells(&original.bytes), "the town shows where the camera was");
        towns.settle().await;

        let there = bea.copy_of(&post).await.expect("it arrived");
        let attached = &there["media_attachments"][0];
        assert_eq!(
            (&attached["type"], &attached["description"]),
            (&json!("image"), &json!("The fountain in frost"))
        );
        assert!(attached["blurhash"].is_string());
        for address in ["url", "preview_url"] {
            let address = text(attached, address);
            assert!(
                address.starts_with(&towns.b.url("/media_proxy/")),
                "other towns see who looks: {address}"
            );
            let seen: Answer = towns.b.get(&address).await;
            assert_eq!(seen.code(), 200, "{address}");
            assert!(seen.header("content-type").starts_with("image/"));
            assert_eq!(seen.header("x-content-type-options"), "nosniff");
            assert!(seen.header("content-security-policy").contains("default-src 'none'"));
            assert!(!tells(&seen.bytes));
            let (numbers, mark) = address.rsplit_once('/').expect("a mark");
            for guess in [mark.replace(['0', '1'], "f"), String::new(), "0".repeat(16)] {
                let guessed = towns.b.get(&format!("{numbers}/{guess}")).await;
                assert!(guess == mark || guessed.code() == 404, "threats I2: {numbers}/{guess}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m5_what_is_no_picture_is_refused_and_an_uploaded_name_is_never_used() {
    let towns = system_tests::TwoTowns::new().await;
    let ana = towns.a.resident("ana").await;
    for bad in [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"<html><script>1</script>".to_vec(),
        b"{}".to_vec(),
        Vec::new(),
    ] {
        assert_eq!(ana.upload(bad, "").await.code(), 422);
    }
    let picture = ana.upload(camera_picture(), "").await.ok();
    assert!(!picture.to_string().contains("IMG_4711"));
}

#[tokio::test(flavor = "multi_thread")]
async fn m6_somebody_elses_picture_can_neither_be_posted_nor_described() {
    let towns = system_tests::TwoTowns::new().await;
    let (ana, ari) = (towns.a.resident("ana").await, towns.a.resident("ari").await);
    let picture = ana.upload(camera_picture(), "mine").await.ok();
    let id = text(&picture, "id");
    let taken = ari.post("/api/v1/statuses", json!({"status": "", "media_ids": [id]})).await;
    assert!(taken.status.is_client_error(), "{}", taken.status);
    let described = ari
        .ask(reqwest::Method::PUT, &format!("/api/v1/media/{id}"), Some(json!({"description": "hers"})))
        .await;
    assert_eq!(described.code(), 404);
    assert_eq!(ana.get(&format!("/api/v1/media/{id}")).await.ok()["description"], "mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_what_is_added_to_the_address_of_a_picture_changes_nothing() {
    let towns = system_tests::TwoTowns::new().await;
    let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
    bea.follow(&ana).await;
    towns.settle().await;
    let picture = ana.upload(camera_picture(), "").await.ok();
    let post = ana.publish(json!({"status": "", "media_ids": [picture["id"]]})).await;
    towns.settle().await;
    let there = bea.copy_of(&post).await.expect("it arrived");
    let address = text(&there["media_attachments"][0], "url");
    let plain = towns.b.get(&address).await;
    assert_eq!(plain.code(), 200);
    for smuggled in ["?url=http://evil.localhost/", "?proxy=//evil.localhost", "?x=/../../secret.key"] {
        let answer = towns.b.get(&format!("{address}{smuggled}")).await;
        assert_eq!((answer.code(), &answer.bytes), (200, &plain.bytes), "{smuggled}");
    }
    for path in [
        "/media_proxy/http:%2F%2Fevil.localhost/original",
        "/media_proxy/1/..%2F..%2Fsecret.key",
        "/media_proxy/0/original",
    ] {
        assert_eq!(towns.b.get(path).await.code(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_the_head_of_a_picture_fetches_nothing_and_a_copy_is_kept_for_a_day() {
    let towns = system_tests::TwoTowns::new().await;
    let (ana, bea) = (towns.a.resident("ana").await, towns.b.resident("bea").await);
    bea.follow(&ana).await;
    towns.settle().await;
    let picture = ana.upload(camera_picture(), "").await.ok();
    let post = ana.publish(json!({"status": "", "media_ids": [picture["id"]]})).await;
    towns.settle().await;
    let there = bea.copy_of(&post).await.expect("it arrived");
    let address = text(&there["media_attachments"][0], "url");
    let head = async |address: &str| Answer::to(towns.b.http.head(address)).await;
    let unknown = head(&address).await;
    assert_eq!((unknown.code(), unknown.header("content-length").as_str()), (200, ""));
    let remote = towns.b.data_dir().join("media/remote");
    assert!(!remote.exists(), "nothing was fetched");
    let seen = towns.b.get(&address).await;
    assert_eq!((seen.code(), seen.header("cache-control").as_str()), (200, "public, max-age=86400"));
    let known = head(&address).await;
    assert_eq!(known.header("content-length"), seen.bytes.len().to_string());
    assert_eq!((known.code(), known.bytes.len()), (200, 0));
    for name in ["content-type", "cache-control", "content-security-policy", "accept-ranges"] {
        assert_eq!(known.header(name), seen.header(name), "{name}");
    }
    assert_eq!(head(&format!("{address}0")).await.code(), 404);

    let mine = text(&picture, "url");
    let (head, seen) = (Answer::to(towns.a.http.head(&mine)).await, towns.a.get(&mine).await);
    assert!(seen.header("cache-control").contains("immutable"));
    for name in ["content-type", "content-length", "cache-control"] {
        assert_eq!(head.header(name), seen.header(name), "{name}");
    }
    assert_eq!(Answer::to(towns.a.http.head(mine.replace(".png", "0.png"))).await.code(), 404);
}
