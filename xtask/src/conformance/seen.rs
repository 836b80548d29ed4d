//! Which parts of an entity were ever there: an answer that leaves out everything optional fits every schema and proves little.
//!
//! A part is called `Entity.property`, or `Entity.object.property` where the object has no name of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::members;
use super::schema::{Schema, referred};

/// Whether a part is itself an entity (or a list of them), or a plain value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Entity,
    Value,
}

/// What was there.
#[derive(Debug, Default)]
pub struct Seen {
    /// Parts that were there and not null; lists that were not empty.
    pub parts: BTreeSet<String>,
    /// Parts of which the published shape says nothing.
    pub extra: BTreeSet<String>,
}

impl Seen {
    /// Looks at a body that fits its schema.
    pub fn look(&mut self, schema: &Schema, at: &Value, body: &Value, place: &str) {
        let (at, name) = resolve(schema, at, body);
        let place = name.unwrap_or(place);
        match body {
            Value::Object(object) => {
                for (key, value) in object {
                    let part = join(place, key);
                    if let Some(inner) = at.get("properties").and_then(|p| p.get(key)) {
                        if is_there(value) {
                            self.parts.insert(part.clone());
                            self.look(schema, inner, value, &part);
                        }
                    } else if let Some(inner @ Value::Object(_)) = at.get("additionalProperties") {
                        self.look(schema, inner, value, place);
                    } else {
                        self.extra.insert(part);
                    }
                }
            }
            Value::Array(list) => {
                let Some(items) = at.get("items") else { return };
                list.iter().for_each(|item| self.look(schema, items, item, place));
            }
            _ => {}
        }
    }
}

fn is_there(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

/// Follows references, and of several possible shapes takes the one that knows the most of the body's members.
fn resolve<'a>(schema: &'a Schema, at: &'a Value, body: &Value) -> (&'a Value, Option<&'a str>) {
    if let Some(name) = referred(at) {
        return (schema.named(name).unwrap_or(&Value::Null), Some(name));
    }
    let Some(branches) = at.get("anyOf").and_then(Value::as_array) else { return (at, None) };
    let known = |(shape, _): &(&Value, Option<&str>)| {
        let properties = shape.get("properties");
        members(body).filter(|(key, _)| properties.and_then(|p| p.get(key.as_str())).is_some()).count()
    };
    let candidates = branches.iter().rev().map(|branch| resolve(schema, branch, body));
    candidates
        .filter(|(shape, _)| shape.get("type").is_none_or(|t| t != "null"))
        .max_by_key(known)
        .unwrap_or((at, None))
}

/// Every part that an answer of this schema may have, with its class; parts in `without` and what is inside are left out.
pub fn possible(
    schema: &Schema,
    at: &Value,
    without: &dyn Fn(&str) -> bool,
    all: &mut BTreeMap<String, Class>,
) {
    let mut been = BTreeSet::new();
    collect(schema, at, "", without, &mut been, all);
}

fn collect(
    schema: &Schema,
    at: &Value,
    place: &str,
    without: &dyn Fn(&str) -> bool,
    been: &mut BTreeSet<String>,
    all: &mut BTreeMap<String, Class>,
) {
    if let Some(name) = referred(at) {
        let inside = schema.named(name).filter(|_| been.insert(name.to_owned()));
        if let Some(inside) = inside {
            collect(schema, inside, name, without, been, all);
        }
        return;
    }
    for branch in ["anyOf", "allOf"].iter().filter_map(|k| at.get(k)).filter_map(Value::as_array).flatten() {
        collect(schema, branch, place, without, been, all);
    }
    for inner in ["items", "additionalProperties"].iter().filter_map(|k| at.get(k)) {
        collect(schema, inner, place, without, been, all);
    }
    for (key, inner) in at.get("properties").into_iter().flat_map(members) {
        let part = join(place, key);
        if without(&part) {
            continue;
        }
        all.insert(part.clone(), class(schema, inner));
        collect(schema, inner, &part, without, been, all);
    }
}

fn class(schema: &Schema, at: &Value) -> Class {
    let is_entity = |at: &Value| {
        let at = referred(at).and_then(|name| schema.named(name)).unwrap_or(at);
        at.get("properties").is_some()
    };
    let inner =
        at.get("items").into_iter().chain(at.get("anyOf").and_then(Value::as_array).into_iter().flatten());
    if is_entity(at) || inner.into_iter().any(is_entity) { Class::Entity } else { Class::Value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::rows::Exceptions;
    use serde_json::{Map, json};

    fn schema() -> Schema {
        let document = json!({ "openapi": "3.1.0", "components": { "schemas": {
            "Status": { "properties": {
                "id": { "type": "string" },
                "tags": { "items": { "$ref": "#/components/schemas/Tag" } },
                "reblog": { "oneOf": [{ "$ref": "#/components/schemas/Status" }, { "type": "null" }] },
                "quote": { "oneOf": [{ "$ref": "#/components/schemas/Quote" }, { "$ref": "#/components/schemas/Shallow" }] },
                "meta": { "type": "object", "properties": { "x": { "type": "number" } } } } },
            "Tag": { "properties": { "name": { "type": "string" } } },
            "Quote": { "properties": { "state": {}, "quoted": {} } },
            "Shallow": { "properties": { "state": {}, "quoted_id": {} } } } } });
        Schema::new(document, &Map::new(), &Exceptions::default()).unwrap()
    }

    #[test]
    fn parts_are_seen_where_they_are_and_not_null() {
        let schema = schema();
        let mut seen = Seen::default();
        let list = json!({ "items": { "$ref": "#/components/schemas/Status" } });
        let body = json!([{ "id": "1", "tags": [], "odd": 1, "meta": { "x": 1 } }, { "id": "2", "reblog": { "id": "1", "tags": [{ "name": "a" }] }, "quote": { "state": "s", "quoted_id": "3" } }]);
        seen.look(&schema, &list, &body, "");
        let parts: Vec<&str> = seen.parts.iter().map(String::as_str).collect();
        assert_eq!(
            parts,
            [
                "Shallow.quoted_id",
                "Shallow.state",
                "Status.id",
                "Status.meta",
                "Status.meta.x",
                "Status.quote",
                "Status.reblog",
                "Status.tags",
                "Tag.name"
            ]
        );
        assert_eq!(seen.extra.into_iter().collect::<Vec<_>>(), ["Status.odd"]);
    }

    #[test]
    fn what_may_be_there_is_known_beforehand() {
        let schema = schema();
        let mut all = BTreeMap::new();
        possible(
            &schema,
            &json!({ "$ref": "#/components/schemas/Status" }),
            &|part| part == "Status.quote",
            &mut all,
        );
        let entities: Vec<&str> =
            all.iter().filter(|(_, c)| **c == Class::Entity).map(|(p, _)| p.as_str()).collect();
        assert_eq!(entities, ["Status.meta", "Status.reblog", "Status.tags"]);
        assert!(all.contains_key("Tag.name") && !all.contains_key("Quote.state"));
    }
}
