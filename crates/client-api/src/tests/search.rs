//! Search by words: accounts by what they are called, posts by what they say.

use parvis_domain::remote::{RemoteActor, accounts as elsewhere};
use parvis_domain::search::index::index_noted;
use parvis_domain::testing::{Place, somebody};
use serde_json::json;

use super::*;

async fn index(api: &Api) {
    while api.town.db().claim(index_noted).await.unwrap() {}
}

async fn call(api: &Api, who: &Person, change: &str) {
    api.call(Method::PATCH, &who.token, "/api/v1/accounts/update_credentials", change).await.ok();
}

fn accts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|a| a["acct"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn accounts_are_found_by_what_they_are_called() {
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let api = Api::of(Town::builder().place(place)).await;
        let (lea, ben) = (api.resident("lm").await, api.resident("ben").await);
        call(&api, &lea, "display_name=L%C3%A9a+Martin").await;
        let zoe = RemoteActor { name: "Zoé MARTIN".to_owned(), ..somebody("away.example", "zm") };
        let zoe = api.town.write(move |tx| elsewhere::upsert(tx, &zoe)).await;
        for (q, found) in [
            ("lea", vec!["lm"]),
            ("L%C3%89A", vec!["lm"]),
            ("martin", vec!["lm", "zm@away.example"]),
            ("mart+zoe", vec!["zm@away.example"]),
            ("artin", vec![]),
        ] {
            let list = api.get(&ben, &format!("/api/v1/accounts/search?q={q}")).await.ok();
            assert_eq!(accts(&list), found, "{q}");
            let list = api.get(&ben, &format!("/api/v2/search?type=accounts&q={q}")).await.ok();
            assert_eq!(accts(&list["accounts"]), found, "{q}");
            let list = api.look(&format!("/api/v2/search?q={q}")).await.ok();
            assert_eq!(accts(&list["accounts"]), found, "{q}");
        }
        let list = api.get(&ben, "/api/v1/accounts/search?q=martin&limit=1&offset=1").await.ok();
        assert_eq!(accts(&list), ["zm@away.example"]);
        // Whom one follows comes first, and alone if that is asked.
        let who = ben.id;
        api.post(&ben, &format!("/api/v1/accounts/{zoe}/follow"), "").await.ok();
        api.town.write(move |tx| parvis_domain::follows::accept(tx, zoe, who)).await;
        let list = api.get(&ben, "/api/v1/accounts/search?q=martin").await.ok();
        assert_eq!(accts(&list), ["zm@away.example", "lm"]);
        for list in [
            "/api/v1/accounts/search?q=martin&following=true",
            "/api/v2/search?type=accounts&q=martin&following=true",
        ] {
            let found = api.get(&ben, list).await.ok();
            assert_eq!(accts(found.get("accounts").unwrap_or(&found)), ["zm@away.example"]);
        }
    }
}

#[tokio::test]
async fn posts_are_found_by_words_by_people_signed_in() {
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let api = Api::of(Town::builder().place(place)).await;
        let (ana, ben) = (api.resident("ana").await, api.resident("ben").await);
        call(&api, &ana, "indexable=true").await;
        let market = api.write(&ana, "status=Le+march%C3%A9+de+No%C3%ABl&language=fr").await;
        let poll =
            "status=When?&poll[options][]=Marche&poll[options][]=Train&poll[expires_in]=3600&language=fr";
        let poll = api.write(&ana, poll).await;
        let private = api.write(&ana, "status=march%C3%A9+secret&visibility=private").await;
        let reply = api.write(&ben, &format!("status=Au+march%C3%A9+!&in_reply_to_id={}", id(&market))).await;
        index(&api).await;
        let found = async |who: &Person, q: &str| {
            ids(&api.get(who, &format!("/api/v2/search?type=statuses&q={q}")).await.ok()["statuses"])
        };
        for (q, wanted) in [
            ("MARCHE", vec![&reply, &poll, &market]),
            ("%22marche+de+noel%22", vec![&market]),
            ("marche+-noel", vec![&reply, &poll]),
            ("marche+from:@ana", vec![&poll, &market]),
            ("marche+from:ana@town.example", vec![&poll, &market]),
            ("from:me", vec![&reply]),
            ("marche+is:reply", vec![&reply]),
            ("has:poll", vec![&poll]),
            ("marche+language:fr", vec![&poll, &market]),
            ("marche+in:library", vec![&reply]),
            ("marche+before:2020-01-01", vec![]),
            ("marche+after:2020-01-01", vec![&reply, &poll, &market]),
            ("secret", vec![]),
            ("march", vec![]),
        ] {
            assert_eq!(found(&ben, q).await, wanted.into_iter().map(id).collect::<Vec<_>>(), "{q}");
        }
        assert_eq!(found(&ana, "secret").await, [id(&private)]);
        assert_eq!(found(&ben, &format!("marche&account_id={}", ana.id)).await, [id(&poll), id(&market)]);
        assert_eq!(found(&ben, "marche&limit=1&offset=1").await, [id(&poll)]);
        assert_eq!(found(&ben, &format!("marche&max_id={}", id(&poll))).await, [id(&market)]);
        assert_eq!(found(&ben, &format!("marche&min_id={}", id(&poll))).await, [id(&reply)]);
        let all = api.get(&ben, "/api/v2/search?q=marche").await.ok();
        assert_eq!(all["statuses"].as_array().unwrap().len(), 3, "every kind where none is named");
        assert_eq!(api.look("/api/v2/search?q=marche").await.ok()["statuses"], json!([]));
        for odd in [
            "%00",
            "%27",
            "%22",
            "a%22+OR+b",
            "(",
            "*",
            "%5C",
            ":*",
            "NEAR",
            "-",
            "from:",
            "has:x",
            "%F0%9F%8E%89",
        ] {
            let answer = api.get(&ben, &format!("/api/v2/search?type=statuses&q={odd}")).await;
            assert!([200, 422].contains(&answer.status.as_u16()), "{odd}: {}", answer.text);
        }
        // Who does not want that is not found any more.
        call(&api, &ana, "indexable=false").await;
        api.town.clock.advance(5 * parvis_model::time::MINUTE);
        api.town.run_jobs().await;
        index(&api).await;
        assert_eq!(found(&ben, "marche").await, [id(&reply)]);
        api.post(&ben, &format!("/api/v1/statuses/{}/bookmark", id(&market)), "").await.ok();
        index(&api).await;
        assert_eq!(found(&ben, "marche").await, [id(&reply), id(&market)], "but by those who bookmarked it");
    }
}
