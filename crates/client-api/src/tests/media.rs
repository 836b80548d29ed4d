//! Pictures before and on posts.

use super::*;

/// A form with a picture and its texts.
pub fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        let head = "filename=\"../../evil.html\"\r\nContent-Type: text/html";
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"; {head}\r\n\r\n").bytes(),
        );
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    body
}

/// The same with a small picture before the file.
pub fn form_with_thumbnail(thumbnail: &[u8], file: Option<&[u8]>) -> Vec<u8> {
    let mut body = form(&[], Some(("thumbnail", thumbnail)));
    body.truncate(body.len() - b"--b--\r\n".len());
    body.extend(form(&[], file.map(|file| ("file", file))));
    body
}

/// Sends such a form.
pub async fn upload(api: &Api, who: &Person, method: Method, path: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {}", who.token))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap();
    api.send(request).await
}

pub const PICTURE: &[u8] = include_bytes!("../../assets/missing-header.png");

/// The id of a picture that somebody uploaded.
pub(super) async fn picture_of(api: &Api, who: &Person) -> String {
    id(&upload(api, who, Method::POST, "/api/v2/media", form(&[], Some(("file", PICTURE)))).await.ok())
}

#[tokio::test]
async fn a_picture_is_uploaded_described_and_hung_on_a_post() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let body = form(&[("description", "A square"), ("focus", "0.5,-0.5")], Some(("file", PICTURE)));
    let picture = upload(&api, &ana, Method::POST, "/api/v2/media", body).await.ok();
    assert_eq!((&picture["type"], &picture["description"]), (&"image".into(), &"A square".into()));
    assert_eq!(picture["meta"]["original"]["size"], "600x200");
    assert_eq!(picture["meta"]["focus"], serde_json::json!({ "x": 0.5, "y": -0.5 }));
    assert!(picture["blurhash"].is_string());
    let url = picture["url"].as_str().unwrap();
    assert!(url.starts_with("http://town.example/media/") && !url.contains("evil"), "{url}");
    let path = format!("/api/v1/media/{}", id(&picture));
    let changed = api.call(Method::PUT, &ana.token, &path, "description=The+square&focus=0,0").await.ok();
    assert_eq!(changed["description"], "The square");
    let post = api.write(&ana, &format!("status=&media_ids[]={}", id(&picture))).await;
    assert_eq!(ids(&post["media_attachments"]), [id(&picture)]);
    api.call(Method::PUT, &ana.token, &path, "description=late").await.is(404);
    api.call(Method::DELETE, &ana.token, &path, "").await.is(422);
    let edit = format!(
        "media_attributes[][id]={}&media_attributes[][description]=Edited&status=Now+with+text",
        id(&picture)
    );
    let edited =
        api.call(Method::PUT, &ana.token, &format!("/api/v1/statuses/{}", id(&post)), &edit).await.ok();
    assert_eq!(edited["media_attachments"][0]["description"], "Edited");
    let again = api.post(&ana, "/api/v1/statuses", &format!("status=x&media_ids[]={}", id(&picture))).await;
    again.is(422);

    // Deleted and written anew: the picture waits.
    let gone =
        api.call(Method::DELETE, &ana.token, &format!("/api/v1/statuses/{}", id(&post)), "").await.ok();
    assert_eq!(ids(&gone["media_attachments"]), [id(&picture)]);
    let anew = api.write(&ana, &format!("status=anew&media_ids[]={}", id(&picture))).await;
    assert_eq!(ids(&anew["media_attachments"]), [id(&picture)]);
}

#[tokio::test]
async fn m6_a_picture_of_somebody_else_is_not_there() {
    let api = Api::new().await;
    let (ana, eve) = (api.resident("ana").await, api.resident("eve").await);
    let picture =
        upload(&api, &ana, Method::POST, "/api/v1/media", form(&[], Some(("file", PICTURE)))).await.ok();
    let path = format!("/api/v1/media/{}", id(&picture));
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let hidden = api.call(method.clone(), &eve.token, &path, "description=mine").await;
        let missing = api.call(method, &eve.token, "/api/v1/media/1", "description=mine").await;
        hidden.is(404);
        assert_eq!(hidden.text, missing.text);
    }
    api.post(&eve, "/api/v1/statuses", &format!("status=x&media_ids[]={}", id(&picture))).await.is(422);
    let post = api.write(&eve, "status=hers").await;
    let body =
        format!("status=hers&media_attributes[][id]={}&media_attributes[][description]=mine", id(&picture));
    api.call(Method::PUT, &eve.token, &format!("/api/v1/statuses/{}", id(&post)), &body).await.ok();
    assert_eq!(api.get(&ana, &path).await.ok()["description"], Value::Null);
}

#[tokio::test]
async fn m7_a_picture_uploaded_by_mistake_goes_at_once() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let picture =
        upload(&api, &ana, Method::POST, "/api/v2/media", form(&[], Some(("file", PICTURE)))).await.ok();
    let key = picture["url"].as_str().unwrap().strip_prefix("http://town.example/media/").unwrap().to_owned();
    parvis_domain::media::stored_file(&api.town, &key).await.unwrap();
    api.call(Method::DELETE, &ana.token, &format!("/api/v1/media/{}", id(&picture)), "").await.ok();
    assert!(parvis_domain::media::stored_file(&api.town, &key).await.is_err(), "the file is gone too");

    let picture =
        upload(&api, &ana, Method::POST, "/api/v2/media", form(&[], Some(("file", PICTURE)))).await.ok();
    let post = api.write(&ana, &format!("status=oops&media_ids[]={}", id(&picture))).await;
    let path = format!("/api/v1/statuses/{}?delete_media=true", id(&post));
    api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    api.get(&ana, &format!("/api/v1/media/{}", id(&picture))).await.is(404);
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let svg: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for file in [svg, b"", b"GIF89a", b"%PDF-1.4", b"<!doctype html><script>1</script>"] {
        let answer = upload(&api, &ana, Method::POST, "/api/v2/media", form(&[], Some(("file", file)))).await;
        answer.is(422);
        assert!(answer.json()["error"].is_string());
    }
    upload(&api, &ana, Method::POST, "/api/v2/media", form(&[], None)).await.is(422);
    let body = form(&[("focus", "middle")], Some(("file", PICTURE)));
    upload(&api, &ana, Method::POST, "/api/v2/media", body).await.is(422);
    let large = vec![0_u8; 40 << 20];
    upload(&api, &ana, Method::POST, "/api/v2/media", form(&[], Some(("file", &large)))).await.is(413);
}

#[tokio::test]
async fn somebody_changes_their_pictures() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let path = "/api/v1/accounts/update_credentials";
    let body = form(&[("display_name", "Ana")], Some(("avatar", PICTURE)));
    let me = upload(&api, &ana, Method::PATCH, path, body).await.ok();
    let avatar = me["avatar"].as_str().unwrap().to_owned();
    assert!(avatar.starts_with("http://town.example/media/avatars/"), "{avatar}");
    assert_eq!(me["display_name"], "Ana");
    let me = api.call(Method::DELETE, &ana.token, "/api/v1/profile/avatar", "").await.ok();
    assert!(me["avatar"].as_str().unwrap().ends_with("/avatars/original/missing.png"));
    let key = avatar.strip_prefix("http://town.example/media/").unwrap();
    assert!(parvis_domain::media::stored_file(&api.town, key).await.is_err(), "the old file is gone");
}

#[tokio::test]
async fn x2_pictures_of_other_servers_are_shown_through_us() {
    let square = conformance::Square::new().await;
    let bea = square.get(&square.ana, &format!("/api/v1/accounts/{}", square.bea)).await;
    for part in ["avatar", "avatar_static", "header", "header_static"] {
        let address = bea[part].as_str().unwrap();
        let ours = format!("http://town.example/media_proxy/accounts/{}/", square.bea);
        assert!(address.starts_with(&ours), "{part}: {address}");
    }
    for part in ["url", "static_url"] {
        let address = bea["emojis"][0][part].as_str().unwrap();
        assert!(address.starts_with("http://town.example/media_proxy/emojis/"), "{part}: {address}");
    }
    assert_ne!(
        bea["avatar"].as_str().unwrap().rsplit('/').next(),
        bea["header"].as_str().unwrap().rsplit('/').next()
    );
}

#[tokio::test]
async fn a_small_picture_of_ones_own_is_shown_as_the_preview() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let small = parvis_domain::testing::PICTURE;
    let body = form_with_thumbnail(small, Some(PICTURE));
    let picture = upload(&api, &ana, Method::POST, "/api/v2/media", body).await.ok();
    assert_eq!(picture["meta"]["original"]["size"], "600x200");
    assert_eq!(picture["meta"]["small"]["size"], "32x18");
    let path = format!("/api/v1/media/{}", id(&picture));
    let changed = upload(&api, &ana, Method::PUT, &path, form_with_thumbnail(PICTURE, None)).await.ok();
    assert_eq!(changed["meta"]["small"]["size"], "600x200");
    assert_ne!(changed["preview_url"], picture["preview_url"]);
    assert_eq!(changed["url"], picture["url"]);

    let refused = upload(&api, &ana, Method::PUT, &path, form_with_thumbnail(b"<svg/>", None)).await;
    refused.is(422);
    assert!(refused.json()["details"]["thumbnail"].is_array(), "{}", refused.text);
    let body = form_with_thumbnail(b"<svg/>", Some(PICTURE));
    upload(&api, &ana, Method::POST, "/api/v1/media", body).await.is(422);
    let large = vec![0; (16 << 20) + 1];
    let body = form_with_thumbnail(&large, Some(PICTURE));
    upload(&api, &ana, Method::POST, "/api/v2/media", body).await.is(413);
    let eve = api.resident("eve").await;
    upload(&api, &eve, Method::PUT, &path, form_with_thumbnail(PICTURE, None)).await.is(404);
}

#[tokio::test]
async fn a8_who_sends_many_files_at_a_time_is_told_to_wait() {
    let api = Api::new().await;
    let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
    let turns = api.town.turns();
    let _coming = [turns.upload(ana.id).await.unwrap(), turns.upload(ana.id).await.unwrap()];
    let mut waiting: Vec<_> = (0..6).map(|_| Box::pin(turns.upload(ana.id))).collect();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for one in &mut waiting {
        assert!(one.as_mut().poll(&mut context).is_pending());
    }
    let send = |who| upload(&api, who, Method::POST, "/api/v2/media", form(&[], Some(("file", PICTURE))));
    let refused = send(&ana).await;
    refused.is(429);
    assert!(refused.text.contains("many files at the same time"), "{}", refused.text);
    send(&ben).await.ok();
    drop((waiting, _coming));
    send(&ana).await.ok();
}
