//! What is asked, by whom, and what it may cost.

use parvis_domain::testing::crowded::{Plan, Who};

const HOME: &str = "/api/v1/timelines/home?limit=20";

/// One kind of request.
pub struct Operation {
    pub name: &'static str,
    /// Server milliseconds of processor an operation may take on SQLite; on PostgreSQL those of the server alone.
    pub target: Option<(f64, f64)>,
    /// The 99th percentile in milliseconds.
    pub p99: Option<f64>,
    /// The request with a number, counted or random.
    request: Request,
}

impl Operation {
    /// The whole request with this number.
    pub fn request(&self, plan: &Plan, number: i64) -> Vec<u8> {
        (self.request)(plan, number)
    }
}

type Request = fn(&Plan, i64) -> Vec<u8>;

/// One without a target for its percentiles.
fn operation(name: &'static str, target: Option<(f64, f64)>, request: Request) -> Operation {
    Operation { name, target, p99: None, request }
}

/// In the order of the table.
pub fn all() -> Vec<Operation> {
    vec![
        Operation {
            name: "home timeline, 1,000 people",
            target: Some((0.20, 0.40)),
            p99: Some(25.0),
            request: |plan, n| get(plan, Who::Viewer(n), HOME),
        },
        operation("home timeline, follows 10", Some((0.20, 0.40)), |plan, _| get(plan, Who::Ten, HOME)),
        operation("home timeline, follows 1,000", Some((0.20, 0.40)), |plan, _| {
            get(plan, Who::Thousand, HOME)
        }),
        operation("local timeline", None, |plan, n| {
            get(plan, Who::Viewer(n), "/api/v1/timelines/public?local=true&limit=20")
        }),
        operation("thread of 30 answers", None, |plan, n| {
            get(plan, Who::Viewer(n), &format!("/api/v1/statuses/{}/context", plan.thread(n)))
        }),
        operation("notifications", None, |plan, n| {
            get(plan, Who::Viewer(n), "/api/v1/notifications?limit=20")
        }),
        operation("verify_credentials", None, |plan, n| {
            get(plan, Who::Viewer(n), "/api/v1/accounts/verify_credentials")
        }),
        operation("post a status", Some((1.0, 1.0)), |plan, n| post(plan, Who::Poster(n), n)),
    ]
}

fn get(plan: &Plan, who: Who, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench.example\r\nauthorization: Bearer {}\r\n\r\n", plan.token(who))
        .into_bytes()
}

/// Somebody writes something.
pub fn post(plan: &Plan, who: Who, number: i64) -> Vec<u8> {
    let body = format!(
        "{{\"status\":\"No. {number}: the market moves to the bridge on Saturday, says the council. #market\",\"visibility\":\"public\"}}"
    );
    format!(
        "POST /api/v1/statuses HTTP/1.1\r\nhost: bench.example\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        plan.token(who),
        body.len()
    )
    .into_bytes()
}
