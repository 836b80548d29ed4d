//! NodeInfo 2.0 and 2.1 (nodeinfo.diaspora.software): what runs here and how large it is.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use http::{HeaderValue, header};
use parvis_config::Registration;
use parvis_domain::figures::{self, Figures};
use parvis_domain::{Result, Town};
use parvis_model::time::{DAY, MINUTE, Moment};
use serde_json::{Value, json};

use super::answer::{PUBLIC, failed, put};
use super::webfinger::open;

/// How long counted figures are told again before they are counted anew.
const KEPT: i64 = 5 * MINUTE;
const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema";

pub(super) fn router() -> Router<Town> {
    Router::new()
        .route("/.well-known/nodeinfo", get(links))
        .route("/nodeinfo/2.0", get(two))
        .route("/nodeinfo/2.1", get(two_one))
        .layer(Extension(Arc::new(Counted::default())))
}

/// The figures, and when they were counted.
#[derive(Debug, Default)]
struct Counted(Mutex<Option<(Moment, Usage)>>);

#[derive(Debug, Clone, Copy)]
struct Usage {
    figures: Figures,
    month: i64,
    half_year: i64,
}

impl Counted {
    async fn usage(&self, town: &Town) -> Result<Usage> {
        let now = town.now();
        let kept = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, usage)) = kept
            && (0..KEPT).contains(&now.since(at))
        {
            return Ok(usage);
        }
        let usage = town
            .db()
            .read(move |c| {
                Ok::<_, parvis_domain::Error>(Usage {
                    figures: figures::count(c)?,
                    month: figures::active_since(c, now.minus(30 * DAY))?,
                    half_year: figures::active_since(c, now.minus(180 * DAY))?,
                })
            })
            .await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, usage));
        Ok(usage)
    }
}

/// `GET /.well-known/nodeinfo`, with the instance actor (FEP-2677).
async fn links(State(town): State<Town>) -> Response {
    let link = |version: &str| json!({ "rel": format!("{SCHEMA}/{version}"), "href": town.urls().page(&format!("/nodeinfo/{version}")) });
    let application = json!({
        "rel": "https://www.w3.org/ns/activitystreams#Application",
        "href": town.urls().instance_actor(),
    });
    served(&json!({ "links": [link("2.1"), link("2.0"), application] }), "application/json; charset=utf-8")
}

/// `GET /nodeinfo/2.0`.
async fn two(State(town): State<Town>, Extension(counted): Extension<Arc<Counted>>) -> Response {
    document(&town, &counted, "2.0").await
}

/// `GET /nodeinfo/2.1`.
async fn two_one(State(town): State<Town>, Extension(counted): Extension<Arc<Counted>>) -> Response {
    document(&town, &counted, "2.1").await
}

async fn document(town: &Town, counted: &Counted, version: &str) -> Response {
    let usage = match counted.usage(town).await {
        Ok(usage) => usage,
        Err(error) => return open(failed(&error)),
    };
    let settings = town.settings();
    let mut software = json!({ "name": "parvis", "version": env!("CARGO_PKG_VERSION") });
    if let Some(members) = software.as_object_mut().filter(|_| version == "2.1") {
        // The licence asks for the source of what runs here (AGPL-3.0 §13).
        members.insert("repository".to_owned(), json!(env!("CARGO_PKG_REPOSITORY")));
        members.insert("homepage".to_owned(), json!(env!("CARGO_PKG_REPOSITORY")));
    }
    let document = json!({
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": { "inbound": [], "outbound": [] },
        "openRegistrations": settings.accounts.registration == Registration::Open,
        "usage": {
            "users": {
                "total": usage.figures.accounts,
                "activeMonth": usage.month,
                "activeHalfyear": usage.half_year,
            },
            "localPosts": usage.figures.statuses,
        },
        "metadata": { "nodeName": settings.town.name, "nodeDescription": settings.town.description },
    });
    served(&document, &format!("application/json; profile=\"{SCHEMA}/{version}#\"; charset=utf-8"))
}

fn served(document: &Value, kind: &str) -> Response {
    let mut response = document.to_string().into_response();
    if let Ok(kind) = HeaderValue::from_str(kind) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    put(&mut response, header::CACHE_CONTROL, PUBLIC);
    open(response)
}
