//! Whether other servers would find the town: its name in the DNS, its certificate, what the proxy lets through, and the clock, by which they
//! judge signatures. All requests go through the one guarded client, so what it refuses is told like any failure.

use std::time::Duration;

use parvis_domain::{Town, outbox};
use parvis_federation::client::{Client, Limits, is_localhost};
use parvis_model::time::{MINUTE, Moment, SECOND};
use serde_json::Value;
use url::Url;

use super::Finding;
use crate::instance::Machine;
use crate::wire;

/// Other servers that the clock is compared with.
const WITNESSES: i64 = 3;
/// How far the clock may be off, in milliseconds. Others refuse signatures that are off by more: 30 s in the strictest, hours in most.
const CLOCK_OFF_MOST: i64 = 30 * SECOND;

/// Looks from here at the town as others would.
pub(super) async fn look(town: &Town, machine: &Machine) -> Vec<Finding> {
    let limits = Limits { json_total: Duration::from_secs(8), ..machine.limits.clone() };
    let client = match wire::client(town, limits) {
        Ok(client) => client,
        Err(error) => return vec![Finding::Bad(format!("federation: {error:#}"))],
    };
    if town.settings().development {
        return vec![Finding::Warning(
            "federation: names, certificate and clock are not checked in development mode".to_owned(),
        )];
    }
    vec![
        name(town).await,
        front_door(town, &client).await,
        documents(town, &client).await,
        clock(town, &client).await,
    ]
}

/// The domain has addresses.
async fn name(town: &Town) -> Finding {
    let origin = town.settings().origin();
    let host = origin.host_str().unwrap_or_default().to_owned();
    if is_localhost(&host) {
        return Finding::Good(format!("DNS: {host} is this machine, and nobody else's business"));
    }
    let port = origin.port_or_known_default().unwrap_or(443);
    match tokio::net::lookup_host((host.as_str(), port)).await {
        Ok(found) => {
            let mut addresses: Vec<String> = found.map(|address| address.ip().to_string()).collect();
            addresses.sort_unstable();
            addresses.dedup();
            if addresses.is_empty() {
                Finding::Bad(format!("DNS: {host} has no address; make an A or AAAA record for it"))
            } else {
                Finding::Good(format!("DNS: {host} is at {}", addresses.join(", ")))
            }
        }
        Err(error) => {
            Finding::Bad(format!("DNS: {host} is not found ({error}); make an A or AAAA record for it"))
        }
    }
}

/// What other servers ask for first: it says who we are, over a connection whose certificate they believe.
async fn front_door(town: &Town, client: &Client) -> Finding {
    let origin = town.settings().origin();
    let Ok(url) = origin.join("/.well-known/nodeinfo") else {
        return Finding::Bad(format!("reachable: {origin} is no address"));
    };
    let looked = match client.look(&url, "application/json").await {
        Ok(looked) => looked,
        Err(why) => {
            return Finding::Bad(format!(
                "reachable: {url}: {why}; the town must run, and the proxy lead this name to it with a certificate for it"
            ));
        }
    };
    if links_to(&looked.document, &origin) {
        let believed = if origin.scheme() == "https" { ", its certificate is believed" } else { "" };
        Finding::Good(format!("reachable: {} answers{believed}", origin.as_str().trim_end_matches('/')))
    } else {
        Finding::Bad(format!(
            "reachable: {url} is answered by something that calls itself otherwise; look at where the proxy leads, and whether it passes on `Host`"
        ))
    }
}

/// Whether each link of a NodeInfo list (NodeInfo 2.1 §6.1) leads to us.
fn links_to(document: &Value, origin: &Url) -> bool {
    let links = document.get("links").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    !links.is_empty()
        && links.iter().all(|link| {
            let href = link.get("href").and_then(Value::as_str).and_then(|href| Url::parse(href).ok());
            href.is_some_and(|href| href.origin() == origin.origin())
        })
}

/// The instance's own actor at `/`: only there if the proxy passes on what was asked for.
async fn documents(town: &Town, client: &Client) -> Finding {
    let wanted = town.urls().instance_actor();
    let Ok(url) = Url::parse(&wanted) else {
        return Finding::Bad(format!("documents: {wanted} is no address"));
    };
    match client.look(&url, "application/activity+json").await {
        Ok(looked) if looked.document.get("id").and_then(Value::as_str) == Some(wanted.as_str()) => {
            Finding::Good("documents: other servers can read who signs for the town".to_owned())
        }
        Ok(_) => {
            Finding::Bad(format!("documents: {url} is not the town's own; look at where the proxy leads"))
        }
        Err(why) => {
            Finding::Bad(format!("documents: {url}: {why}; the proxy must pass on the header `Accept`"))
        }
    }
}

/// The clock against those of other servers, by the middle one of them.
async fn clock(town: &Town, client: &Client) -> Finding {
    let hosts = match town.db().read(|c| outbox::lately_reached(c, WITNESSES)).await {
        Ok(hosts) => hosts,
        Err(error) => return Finding::Bad(format!("clock: {error}")),
    };
    let mut differences = Vec::new();
    for host in &hosts {
        let address = format!("{}://{host}/.well-known/nodeinfo", town.settings().origin().scheme());
        let Ok(url) = Url::parse(&address) else { continue };
        if let Ok(looked) = client.look(&url, "application/json").await {
            differences.extend(looked.date.map(|date| town.now().since(date)));
        }
    }
    judge(differences, town.now())
}

fn judge(mut differences: Vec<i64>, now: Moment) -> Finding {
    differences.sort_unstable();
    let Some(off) = differences.get(differences.len() / 2).copied() else {
        return Finding::Warning(format!(
            "clock: it is {} here; no other server is known yet to compare it with, so see that NTP runs",
            now.to_http_date()
        ));
    };
    let seconds = off.abs() / SECOND;
    if off.abs() <= CLOCK_OFF_MOST {
        Finding::Good(format!("clock: at most {seconds} s from that of {} other servers", differences.len()))
    } else {
        let way = if off > 0 { "ahead of" } else { "behind" };
        let amount = if off.abs() < 2 * MINUTE {
            format!("{seconds} s")
        } else {
            format!("{} min", off.abs() / MINUTE)
        };
        Finding::Bad(format!(
            "clock: {amount} {way} that of other servers, which will refuse our signatures; let NTP set it (`timedatectl set-ntp true`)"
        ))
    }
}

#[cfg(test)]
mod tests {
    use parvis_model::time::HOUR;
    use serde_json::json;

    use super::*;

    const NOW: Moment = Moment(1_795_341_600_000);

    #[test]
    fn one_server_with_a_wrong_clock_does_not_accuse_ours() {
        assert!(matches!(judge(vec![-3 * HOUR, 400, 900], NOW), Finding::Good(_)));
        let Finding::Bad(text) = judge(vec![4 * MINUTE, 5 * MINUTE, -400], NOW) else {
            panic!("not noticed")
        };
        assert!(text.contains("4 min ahead of"), "{text}");
        let Finding::Bad(text) = judge(vec![-45_000], NOW) else { panic!("not noticed") };
        assert!(text.contains("45 s behind"), "{text}");
        assert!(matches!(judge(Vec::new(), NOW), Finding::Warning(_)));
    }

    #[test]
    fn another_server_behind_our_name_is_noticed() {
        let origin = Url::parse("https://clairval.fr").unwrap();
        let link = |to: &str| json!({"links": [{"rel": "x", "href": to}]});
        assert!(links_to(&link("https://clairval.fr/nodeinfo/2.1"), &origin));
        assert!(!links_to(&link("http://clairval.fr/nodeinfo/2.1"), &origin));
        assert!(!links_to(&link("https://elsewhere.fr/nodeinfo/2.1"), &origin));
        assert!(!links_to(&json!({"links": []}), &origin));
        assert!(!links_to(&json!([1]), &origin));
    }
}
