//! Things of one person under every address that has an id in it, asked for by somebody else: the answer is that of something that is not there,
//! to the letter (threats I1, I2, I5). A new address with an id must say here what it is about.

use serde_json::json;

use super::conformance::Square;
use super::*;
use crate::access::{Access, Route};
use crate::table::table;

/// What an id in an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    /// Everybody may know that it is there.
    Public,
    /// A post for followers, and what hangs on it.
    Status,
    Media,
    Notification,
    List,
    Poll,
    Scheduled,
    Conversation,
    Filter,
    FilterKeyword,
    FilterStatus,
    FeaturedTag,
    /// What shows as one.
    Group,
    /// Somebody who waits.
    Request,
}

/// The first that fits an address counts.
const THINGS: &[(&str, Thing)] = &[
    ("/api/v1/admin/", Thing::Public),
    ("/api/v2/admin/", Thing::Public),
    ("/api/v1/accounts/{", Thing::Public),
    // By the account that asked: there is no id of a request.
    ("/api/v1/follow_requests/{", Thing::Public),
    ("/api/v1/timelines/tag/{", Thing::Public),
    ("/api/v1/suggestions/{", Thing::Public),
    ("/api/v1/announcements/{", Thing::Public),
    ("/api/v1/instance/terms_of_service/{", Thing::Public),
    // Everybody may look at a collection; that only its owner changes it is tested in `collections`.
    ("/api/v1/collections/{", Thing::Public),
    ("/api/v1_alpha/", Thing::Public),
    ("/api/v1/annual_reports/{", Thing::Public),
    ("/api/v1/statuses/{", Thing::Status),
    ("/api/web/embeds/{", Thing::Status),
    // There are none.
    ("/api/v1_alpha/async_refreshes/{", Thing::Public),
    ("/api/v1/media/{", Thing::Media),
    ("/api/v1/notifications/{", Thing::Notification),
    ("/api/v1/polls/{", Thing::Poll),
    ("/api/v1/scheduled_statuses/{", Thing::Scheduled),
    ("/api/v1/notifications/requests/{", Thing::Request),
    ("/api/v2/notifications/{", Thing::Group),
    ("/api/v2_alpha/notifications/{", Thing::Group),
    ("/api/v1/lists/{", Thing::List),
    ("/api/v1/timelines/list/{", Thing::List),
    ("/api/v1/conversations/{", Thing::Conversation),
    ("/api/v2/filters/keywords/{", Thing::FilterKeyword),
    ("/api/v2/filters/statuses/{", Thing::FilterStatus),
    ("/api/v2/filters/{", Thing::Filter),
    ("/api/v1/filters/{", Thing::FilterKeyword),
    // By its name, which is everybody's.
    ("/api/v1/tags/{", Thing::Public),
    ("/api/v1/featured_tags/{", Thing::FeaturedTag),
];

fn thing(route: &Route) -> Option<Thing> {
    THINGS.iter().find(|(beginning, _)| route.path.starts_with(beginning)).map(|(_, thing)| *thing)
}

/// One thing of each kind, all of them Ana's.
async fn of_ana(square: &Square, thing: Thing) -> String {
    let ana = &square.ana;
    match thing {
        Thing::Public => String::new(),
        Thing::Status => id(&square.api.write(ana, "status=for+friends&visibility=private").await),
        Thing::Media => square.picture(ana).await,
        Thing::Scheduled => {
            let at = square.api.town.now().plus(parvis_model::time::HOUR).to_rfc3339();
            id(&square.api.write(ana, &format!("status=later&scheduled_at={at}")).await)
        }
        Thing::Poll => {
            let poll = "poll[options][]=a&poll[options][]=b&poll[expires_in]=600";
            let body = format!("status=for+friends&visibility=private&{poll}");
            id(&square.api.write(ana, &body).await["poll"])
        }
        Thing::Notification => id(&square.get(ana, "/api/v1/notifications").await[0]),
        Thing::Group => format!("ungrouped-{}", id(&square.get(ana, "/api/v1/notifications").await[0])),
        Thing::Request => {
            let waiting = ids(&square.get(ana, "/api/v1/notifications/requests").await).len();
            let stranger = square.resident(&format!("stranger{waiting}")).await;
            square.api.write(&stranger, "status=%40ana+hello&visibility=direct").await;
            id(&square.get(ana, "/api/v1/notifications/requests").await[0])
        }
        Thing::List => id(&square.post(ana, "/api/v1/lists", "title=Friends").await),
        Thing::Conversation => {
            square.api.write(&square.ben, "status=%40ana+between+us&visibility=direct").await;
            id(&square.get(ana, "/api/v1/conversations").await[0])
        }
        Thing::Filter => filter_of_ana(square).await,
        Thing::FilterKeyword => {
            let path = format!("/api/v2/filters/{}/keywords", filter_of_ana(square).await);
            id(&square.post(ana, &path, "keyword=rain").await)
        }
        Thing::FilterStatus => {
            let path = format!("/api/v2/filters/{}/statuses", filter_of_ana(square).await);
            let post = id(&square.api.write(ana, "status=rain").await);
            id(&square.post(ana, &path, &format!("status_id={post}")).await)
        }
        Thing::FeaturedTag => {
            for shown in square.get(ana, "/api/v1/featured_tags").await.as_array().unwrap() {
                let path = format!("/api/v1/featured_tags/{}", id(shown));
                square.api.call(Method::DELETE, &ana.token, &path, "").await.ok();
            }
            id(&square.post(ana, "/api/v1/featured_tags", "name=square").await)
        }
    }
}

async fn filter_of_ana(square: &Square) -> String {
    id(&square.post(&square.ana, "/api/v2/filters", "title=Weather&context[]=home").await)
}

#[tokio::test]
async fn i1_i2_i5_the_things_of_somebody_else_are_not_there() {
    let square = Square::new().await;
    let eve = square.resident("eve").await;
    let mut wrong = Vec::new();
    for route in table().iter().filter(|r| r.path.contains('{')) {
        let what = format!("{} {}", route.method, route.path);
        let Some(thing) = thing(route) else {
            wrong.push(format!("{what}: what does the id name?"));
            continue;
        };
        if thing == Thing::Public {
            continue;
        }
        let theirs = of_ana(&square, thing).await;
        let open = matches!(route.access, Access::Optional(_) | Access::Public);
        for token in [Some(eve.token.as_str()), open.then_some("")].into_iter().flatten() {
            let ask = async |id: &str| {
                let path = path_with(route.path, id);
                let answer = square.api.call(route.method.clone(), token, &path, &form()).await;
                (answer.status.as_u16(), answer.text)
            };
            let (hidden, missing) = (ask(&theirs).await, ask("1").await);
            if hidden != missing || hidden.0 != 404 {
                wrong.push(format!("{what}: {hidden:?}, and of nothing {missing:?}"));
            }
        }
        assert!(exists(&square, thing, &theirs).await, "{what} took it away");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first parameter is the id.
fn path_with(template: &str, id: &str) -> String {
    let parts = template.split('/').map(|part| if part.starts_with('{') { id } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// What any of the routes may need, so that the id is what they stumble over.
fn form() -> String {
    json!({ "status": "hers", "description": "hers", "title": "hers" }).to_string()
}

async fn exists(square: &Square, thing: Thing, id: &str) -> bool {
    let among = |list: Value| ids(&list).iter().any(|one| one == id);
    let path = match thing {
        Thing::Public => return true,
        Thing::Conversation => return among(square.get(&square.ana, "/api/v1/conversations").await),
        Thing::FeaturedTag => return among(square.get(&square.ana, "/api/v1/featured_tags").await),
        Thing::Filter => format!("/api/v2/filters/{id}"),
        Thing::FilterKeyword => format!("/api/v2/filters/keywords/{id}"),
        Thing::FilterStatus => format!("/api/v2/filters/statuses/{id}"),
        Thing::Status => format!("/api/v1/statuses/{id}"),
        Thing::Media => format!("/api/v1/media/{id}"),
        Thing::Poll => format!("/api/v1/polls/{id}"),
        Thing::Scheduled => format!("/api/v1/scheduled_statuses/{id}"),
        Thing::Notification => format!("/api/v1/notifications/{id}"),
        Thing::List => format!("/api/v1/lists/{id}"),
        Thing::Group => format!("/api/v2/notifications/{id}"),
        Thing::Request => format!("/api/v1/notifications/requests/{id}"),
    };
    square.api.get(&square.ana, &path).await.status == 200
}
