//! The table of routes beside the list of Mastodon's (`tests/conformance/rows.tsv`): what is served is in the list or ours, and asks for the scope that
//! client programs have. Each difference is in `tests/conformance/exceptions.tsv` with its reason.

use std::collections::BTreeMap;

use super::*;
use crate::access::{Access, Route};
use crate::table::table;

const ROWS: &str = include_str!("../../../../tests/conformance/rows.tsv");
const EXCEPTIONS: &str = include_str!("../../../../tests/conformance/exceptions.tsv");

/// Routes of this door that Mastodon's list does not have: RFC 7662, and the pictures of who has none.
const OURS: [&str; 3] =
    ["POST /oauth/introspect", "GET /avatars/original/missing.png", "GET /headers/original/missing.png"];

/// `GET /api/v1/statuses/{id}` with nameless parameters.
fn name(method: &str, path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    format!("{method} {}", parts.collect::<Vec<_>>().join("/"))
}

fn lines(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).map(|line| line.split('\t').collect())
}

/// Mastodon's word for who may call each route: `public`, `app`, `user`, `staff`, then scopes of which one is enough.
fn published() -> BTreeMap<String, &'static str> {
    lines(ROWS).map(|columns| (name(columns[0], columns[1]), columns[3])).collect()
}

/// The same words for a route of ours.
fn declared(route: &Route) -> String {
    let (who, scopes): (&str, &[&str]) = match route.access {
        Access::Public => ("public", &[]),
        Access::Optional(scopes) => ("public", scopes),
        Access::Program(scopes) => ("app", scopes),
        Access::User(scopes) | Access::Newcomer(scopes) => ("user", scopes),
        Access::Staff(scopes, _) => ("staff", scopes),
    };
    [&[who], scopes].concat().join(" ")
}

#[test]
fn every_route_is_mastodons_or_named_as_ours() {
    let published = published();
    for route in table() {
        record::route(route.method.as_str(), route.path);
        let name = name(route.method.as_str(), route.path);
        assert!(
            published.contains_key(&name) || OURS.contains(&name.as_str()) || name.contains("/api/parvis/"),
            "{name} is not in tests/conformance/rows.tsv"
        );
    }
}

#[test]
fn every_route_asks_for_the_scope_that_client_programs_have() {
    let published = published();
    let mut allowed: BTreeMap<String, &str> =
        lines(EXCEPTIONS).filter(|c| c[0] == "access").map(|c| (c[1].to_owned(), c[2])).collect();
    let mut differences = Vec::new();
    let mut same = Vec::new();
    for route in table() {
        let name = name(route.method.as_str(), route.path);
        let Some(theirs) = published.get(&name) else { continue };
        let ours = declared(&route);
        // `follow` is the old word for all scopes of relationships: `Scopes` knows it.
        let theirs = theirs.strip_suffix(" follow").unwrap_or(theirs);
        // Open in Mastodon and here; whoever does bring a token needs the scope of what it is about, as on its neighbours.
        let is_open = theirs == "public" && matches!(route.access, Access::Optional(_));
        if ours == theirs || is_open {
            same.push(name);
            continue;
        }
        match allowed.remove(&name) {
            Some(known) if known == ours => {}
            _ => differences.push(format!("access\t{name}\t{ours}\tpublished: {theirs}")),
        }
    }
    assert!(differences.is_empty(), "not in exceptions.tsv:\n{}", differences.join("\n"));
    same.retain(|name| allowed.contains_key(name));
    assert!(same.is_empty(), "no longer different: {same:?}");
}
