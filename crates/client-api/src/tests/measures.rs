//! Figures for staff.

use parvis_domain::testing::Place;
use parvis_model::account::Role;
use parvis_model::time::DAY;
use serde_json::json;

use super::*;

#[tokio::test]
async fn staff_see_how_much_happens_and_who_stays() {
    for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
        let api = Api::of(Town::builder().place(place)).await;
        let mo = api.town.account("mo", Role::Moderator).await;
        let mo = Person { id: mo, token: api.token(mo, "admin:read").await };
        let ana = api.resident("ana").await;
        let tagged = api.write(&ana, "status=Hello+%23March%C3%A9").await;
        api.post(&ana, "/api/v1/reports", &format!("account_id={}", mo.id)).await.ok();
        api.town.clock.advance(DAY);
        let ben = api.resident("ben").await;
        api.post(&ben, &format!("/api/v1/statuses/{}/favourite", id(&tagged)), "").await.ok();
        api.write(&ben, &format!("status=Hi&in_reply_to_id={}", id(&tagged))).await;

        let days = "start_at=2026-11-21&end_at=2026-11-23T23:00:00Z";
        let keys = "keys[]=new_users&keys[]=interactions&keys[]=opened_reports&keys[]=odd&keys[]=instance_statuses&instance_statuses[domain]=x.example";
        let found = api.post(&mo, "/api/v1/admin/measures", &format!("{days}&{keys}")).await.ok();
        let totals: Vec<(&str, &str)> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|m| (m["key"].as_str().unwrap(), m["total"].as_str().unwrap()))
            .collect();
        assert_eq!(
            totals,
            [("new_users", "3"), ("interactions", "2"), ("opened_reports", "1"), ("instance_statuses", "0")]
        );
        let values: Vec<&str> =
            found[0]["data"].as_array().unwrap().iter().map(|d| d["value"].as_str().unwrap()).collect();
        assert_eq!(values, ["0", "2", "1"]);
        assert_eq!(found[0]["data"][1]["date"], "2026-11-22T00:00:00.000Z");

        let keys = "keys[]=servers&keys[]=languages&limit=5";
        let found = api.post(&mo, "/api/v1/admin/dimensions", &format!("{days}&{keys}")).await.ok();
        assert_eq!(
            found[0],
            json!({ "key": "servers", "data": [{ "key": "town.example", "human_key": "town.example", "value": "2" }] })
        );
        assert_eq!(found[1]["data"][0], json!({ "key": "en", "human_key": "en", "value": "3" }));

        let days = "start_at=2026-11-22&end_at=2026-11-23&frequency=day";
        let found = api.post(&mo, "/api/v1/admin/retention", days).await.ok();
        assert_eq!(found[0]["data"][0]["value"], "2");
        assert_eq!(
            found[1]["data"][0],
            json!({ "date": "2026-11-23T00:00:00.000Z", "rate": 1.0, "value": "1" })
        );
        for (path, bad) in [
            ("measures", "keys[]=new_users"),
            ("measures", "start_at=x&end_at=2026-11-23"),
            ("measures", "start_at=2026-11-23&end_at=2026-11-22"),
            ("measures", "start_at=2020-11-23&end_at=2026-11-22"),
            ("retention", "start_at=2026-11-22&end_at=2026-11-23&frequency=year"),
        ] {
            api.post(&mo, &format!("/api/v1/admin/{path}"), bad).await.is(422);
        }
    }
}
