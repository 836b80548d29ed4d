//! Accounts put together under a name.

use serde_json::json;

use super::*;

#[tokio::test]
async fn somebody_puts_accounts_together_and_everybody_may_take_themselves_out() {
    let api = Api::new().await;
    let (ana, ben, cem) = (api.resident("ana").await, api.resident("ben").await, api.resident("cem").await);
    api.call(Method::PATCH, &cem.token, "/api/v1/accounts/update_credentials", "discoverable=false")
        .await
        .ok();
    let body = format!(
        r##"{{"name":" Our clubs ","description":"Sport","tag_name":"#Clubs","account_ids":["{}"]}}"##,
        ben.id
    );
    let made = api.post(&ana, "/api/v1/collections", &body).await.ok();
    let collection = &made["collection"];
    assert_eq!((&collection["name"], &collection["item_count"]), (&json!("Our clubs"), &json!(1)));
    assert_eq!(collection["tag"]["name"], "clubs");
    assert_eq!(collection["items"][0]["state"], "accepted");
    let path = format!("/api/v1/collections/{}", id(collection));
    let shown = api.look(&path).await.ok();
    assert_eq!(shown["collection"], *collection);
    assert_eq!(ids(&shown["accounts"]), [ben.id.to_string()]);
    assert_eq!(api.look(&path.replace("/v1/", "/v1_alpha/")).await.ok(), shown);
    let list = api.look(&format!("/api/v1/accounts/{}/collections", ana.id)).await.ok();
    assert_eq!(list["collections"][0]["id"], collection["id"]);
    let mine = format!("/api/v1/accounts/{}/in_collections", ben.id);
    assert_eq!(api.get(&ben, &mine).await.ok()["collections"][0]["id"], collection["id"]);
    api.get(&ana, &mine).await.is(404);
    for (account, code) in [(cem.id, 422), (ben.id, 422), (AccountId(99), 404)] {
        api.post(&ana, &format!("{path}/items"), &format!("account_id={account}")).await.is(code);
    }
    for (who, method) in [(&ben, Method::PATCH), (&ben, Method::DELETE)] {
        api.call(method, &who.token, &path, "name=mine").await.is(404);
    }
    let item = format!("{path}/items/{}", id(&collection["items"][0]));
    api.post(&ana, &format!("{item}/revoke"), "").await.is(404);
    assert_eq!(api.post(&ben, &format!("{item}/revoke"), "").await.ok(), json!({}));
    assert_eq!(api.look(&path).await.ok()["accounts"], json!([]));
    api.post(&ana, &format!("{path}/items"), &format!("account_id={}", ben.id)).await.is(422);
    let added = api.post(&ana, &format!("{path}/items"), &format!("account_id={}", ana.id)).await.ok();
    let own = format!("{path}/items/{}", id(&added["collection_item"]));
    api.call(Method::DELETE, &ana.token, &own, "").await.ok();
    let changed =
        api.call(Method::PATCH, &ana.token, &path, "name=Clubs&sensitive=true&tag_name=").await.ok();
    assert_eq!(
        (&changed["collection"]["name"], &changed["collection"]["tag"]),
        (&json!("Clubs"), &Value::Null)
    );
    api.post(&ben, &format!("/api/v1/accounts/{}/block", ana.id), "").await.ok();
    api.get(&ben, &path).await.is(404);
    api.call(Method::DELETE, &ana.token, &path, "").await.ok();
    api.look(&path).await.is(404);
}

#[tokio::test]
async fn j4_collections_have_a_name_and_an_end() {
    let api = Api::new().await;
    let ana = api.resident("ana").await;
    let long = format!("name={}", "x".repeat(41));
    for bad in ["", "name=", "name=%20", long.as_str(), "name=x&sensitive=perhaps"] {
        api.post(&ana, "/api/v1/collections", bad).await.is(422);
    }
    for n in 0..11 {
        let answer = api.post(&ana, "/api/v1/collections", &format!("name=c{n}")).await;
        answer.is(if n < 10 { 200 } else { 422 });
    }
    for odd in ["abc", "99", "-1", "99999999999999999999"] {
        api.look(&format!("/api/v1/collections/{odd}")).await.is(404);
    }
}
