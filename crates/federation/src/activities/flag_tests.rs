//! Reports from other servers, delivered through the inbox, on both databases.

use parvis_domain::moderation::{ReportFilter, desk};
use parvis_domain::policy::{self, Severity, Terms};
use parvis_domain::rows::Range;
use parvis_domain::statuses::{self, Draft};
use parvis_domain::testing::Town;
use parvis_model::ids::AccountId;
use serde_json::{Value, json};

use crate::world::{both, fetcher, receive, remote};

const BEA: &str = "https://away.example/users/bea";

fn flag(id: &str, object: Value, members: Value) -> Value {
    let mut flag = json!({ "id": format!("https://away.example/flags/{id}"), "type": "Flag", "actor": BEA, "object": object });
    flag.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    flag
}

async fn reports(town: &Town, mo: AccountId) -> Vec<desk::StaffReport> {
    town.read(move |c| desk::page(c, mo, ReportFilter::default(), Range::newest(20))).await
}

#[tokio::test]
async fn a_flag_from_elsewhere_is_a_report_by_that_server() {
    both(|town| async move {
        let (ana, mo) = (town.resident("ana").await, town.moderator("mo").await);
        remote(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        let id = town
            .write(move |tx| {
                statuses::publish(tx, ana, &Draft { text: "one".to_owned(), ..Draft::default() })
            })
            .await;
        let (actor, post) = (town.urls().actor("ana"), town.urls().status("ana", id));
        let said = flag("1", json!([actor, post]), json!({ "content": "rude\u{202e}" }));
        receive(&town, &fetcher, BEA, &said).await;
        let seen = reports(&town, mo).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].report.comment, "rude");
        assert_eq!(seen[0].target.view.account.id, ana);
        assert_eq!(seen[0].statuses.iter().map(|s| s.status.id).collect::<Vec<_>>(), [id]);
        assert_eq!(seen[0].reporter.view.account.uri, BEA);

        // The same again, in Lemmy's shape and with another id, adds nothing new.
        receive(&town, &fetcher, BEA, &flag("2", json!(post), json!({ "summary": "very rude" }))).await;
        assert_eq!(reports(&town, mo).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_flag_about_nobody_here_or_from_who_is_not_heard_has_no_effect() {
    both(|town| async move {
        let mo = town.moderator("mo").await;
        town.resident("ana").await;
        remote(&town, "bea").await;
        let fetcher = fetcher(&town).await;
        for (n, object) in
            [json!("https://away.example/users/bob"), json!([]), json!(town.urls().actor("nobody"))]
                .into_iter()
                .enumerate()
        {
            receive(&town, &fetcher, BEA, &flag(&n.to_string(), object, json!({}))).await;
        }
        assert!(reports(&town, mo).await.is_empty());
        town.write(|tx| {
            let terms = Terms { severity: Severity::Noop, reject_reports: true, ..Terms::default() };
            policy::set(tx, "away.example", &terms)
        })
        .await;
        receive(&town, &fetcher, BEA, &flag("x", json!(town.urls().actor("ana")), json!({}))).await;
        assert!(reports(&town, mo).await.is_empty());
    })
    .await;
}
