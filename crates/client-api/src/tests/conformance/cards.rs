//! What links lead to.

use std::sync::Arc;

use parvis_domain::testing::Web;

use super::super::*;
use super::Square;

#[tokio::test]
async fn a_post_shows_what_its_link_leads_to_with_everything_that_page_says() {
    let page = r#"<title>The mill</title><meta property="og:description" content="It turns.">
        <meta name="author" content="Paul"><meta property="article:author" content="https://news.example/paul">
        <meta name="fediverse:creator" content="@ana@town.example">
        <meta property="og:image" content="/mill.png"><meta property="article:published_time" content="2026-03-01T10:00:00Z">"#;
    let square = Square::new().await;
    square.api.town.connect(Arc::new(Web::of(page)));
    let sites = "attribution_domains[]=news.example";
    square
        .api
        .call(Method::PATCH, &square.ana.token, "/api/v1/accounts/update_credentials", sites)
        .await
        .ok();
    let post = square.api.write(&square.ana, "status=See+https://news.example/mill").await;
    square.api.town.run_jobs().await;
    let shown = square.get(&square.ben, &format!("/api/v1/statuses/{}", id(&post))).await;
    assert_eq!(
        (&shown["card"]["title"], &shown["card"]["authors"][0]["name"]),
        (&"The mill".into(), &"Paul".into())
    );
    assert_eq!(shown["card"]["authors"][0]["account"]["acct"], "ana");
}
