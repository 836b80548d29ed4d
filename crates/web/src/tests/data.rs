//! Lists as files on the pages: taken along, brought, and what hostile files do.

use axum::body::Body;
use http::{Method, header};
use parvis_domain::follows::{self, Wishes};
use parvis_domain::imports;
use parvis_domain::testing::Town;

use super::{Browser, Seen};

impl Browser {
    /// Sends a file by the form of the page.
    async fn bring(&mut self, kind: &str, mode: &str, file: &[u8]) -> Seen {
        let mark = self.get("/settings/data").await.form("/settings/data").remove("mark").expect("a mark");
        self.bring_with(&mark, kind, mode, file).await
    }

    async fn bring_with(&mut self, mark: &str, kind: &str, mode: &str, file: &[u8]) -> Seen {
        let mut body = Vec::new();
        for (name, value) in [("mark", mark), ("kind", kind), ("mode", mode)] {
            body.extend(
                format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .into_bytes(),
            );
        }
        body.extend(
            b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../x.csv\"\r\nContent-Type: text/csv\r\n\r\n",
        );
        body.extend(file);
        body.extend(b"\r\n--b--\r\n");
        let request = self
            .request(Method::POST, "/settings/data")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }
}

async fn work(town: &Town) {
    let ana = town.read(|c| parvis_domain::accounts::find::local(c, "ana")).await.id;
    for standing in town.read(move |c| imports::list(c, ana)).await {
        while imports::work::some(town, standing.import.id).await.expect("it works") {}
    }
}

#[tokio::test]
async fn somebody_takes_their_follows_along_and_brings_them_back() {
    let town = Town::new().await;
    let (ana, ben) = (town.resident("ana").await, town.resident("ben").await);
    town.resident("cem").await;
    town.write(move |tx| follows::follow(tx, ana, ben, &Wishes::default(), None)).await;
    let mut browser = Browser::new(&town);
    assert_eq!(browser.get("/settings/data").await.code, 303, "not without signing in");
    assert_eq!(browser.get("/settings/data/following_accounts.csv").await.code, 303);
    browser.sign_in("ana").await;
    let file = browser.get("/settings/data/following_accounts.csv").await;
    assert_eq!(file.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert_eq!(
        file.html,
        "Account address,Show boosts,Notify on new posts,Languages\nben@town.example,true,false,\n"
    );
    assert_eq!(browser.get("/settings/data/passwords.csv").await.code, 404);
    let list = b"Account address,Show boosts\ncem@town.example,false\nnobody@town.example,true\n";
    assert_eq!(browser.bring("following", "overwrite", list).await.location(), "/settings/data");
    assert!(browser.get("/settings/data").await.html.contains("Under way: 0 of 2 rows"));
    work(&town).await;
    let page = browser.get("/settings/data").await.html;
    assert!(page.contains("Done: 1 of 2 rows") && page.contains("nobody@town.example"), "{page}");
    let file = browser.get("/settings/data/following_accounts.csv").await;
    assert!(
        file.html.contains("cem@town.example,false,false,") && !file.html.contains("ben@"),
        "{}",
        file.html
    );
}

#[tokio::test]
async fn j1_a_hostile_file_is_refused_in_words_and_shown_as_text() {
    let town = Town::new().await;
    town.resident("ana").await;
    let mut browser = Browser::new(&town);
    browser.sign_in("ana").await;
    let long = "a@x.example\n".repeat(9).into_bytes();
    let files: [(&[u8], u16); 5] =
        [(b"\xff\xfe", 422), (b"a\0b", 422), (b"", 422), (b"\"", 422), (&long, 303)];
    for (file, code) in files {
        let seen = browser.bring("blocking", "merge", file).await;
        assert_eq!(seen.code, code, "{file:?}");
    }
    for (kind, mode) in [("passwords", "merge"), ("muting", "everything")] {
        assert_eq!(browser.bring(kind, mode, b"a@x.example").await.code, 400);
    }
    let html = b"<script>alert(1)</script>@x.example\n=HYPERLINK(1)\n127.0.0.1\n@@@@\na@127.0.0.1";
    assert_eq!(browser.bring("muting", "merge", html).await.code, 303);
    work(&town).await;
    let page = browser.get("/settings/data").await.html;
    assert!(!page.contains("<script") && page.contains("Done: 0 of"), "{page}");
    let forged = browser.bring_with("another", "muting", "merge", b"a@x.example").await;
    assert_eq!(forged.code, 403, "without our mark");
    let big = vec![b'a'; imports::FILE_MAX + 200_000];
    assert_eq!(browser.bring("muting", "merge", &big).await.code, 413);
}
