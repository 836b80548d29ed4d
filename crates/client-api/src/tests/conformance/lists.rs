//! Lists: several of them, with several people, in which several posts stand.

use parvis_domain::lists::feed;
use parvis_model::ids::ListId;

use super::super::*;
use super::{Square, several};

#[tokio::test]
async fn several_lists_hold_several_people_and_their_posts() {
    let square = Square::new().await;
    let (ana, ben, cem) = (&square.ana, &square.ben, &square.cem);
    let mut lists = Vec::new();
    for title in ["Market", "Trees"] {
        let list =
            id(&square.post(ana, "/api/v1/lists", &format!("title={title}&replies_policy=followed")).await);
        let people = format!("account_ids[]={}&account_ids[]={}", ben.id, cem.id);
        square.post(ana, &format!("/api/v1/lists/{list}/accounts"), &people).await;
        several(square.get(ana, &format!("/api/v1/lists/{list}/accounts")).await);
        lists.push(list);
    }
    assert_eq!(several(square.get(ana, "/api/v1/lists").await).len(), 2);
    several(square.get(ana, &format!("/api/v1/accounts/{}/lists", ben.id)).await);
    for who in [ben, cem] {
        let post = square.rich_post(who, "Listed", None).await;
        let status: StatusId = id(&post).parse().unwrap();
        square.api.town.write(move |tx| feed::fan_out(tx, status, ListId(0))).await;
    }
    several(square.get(ana, &format!("/api/v1/timelines/list/{}", lists[0])).await);
    let gone =
        square.api.call(Method::DELETE, &ana.token, &format!("/api/v1/lists/{}", lists[1]), "").await.ok();
    assert_eq!(gone, serde_json::json!({}));
}
