//! The published document, made fit for comparing: our own shapes added, the exceptions put in, a few habits of the document undone.
//!
//! It is OpenAPI 3.1, whose schemas are JSON Schema 2020-12. What is undone:
//! - `oneOf` means `anyOf`: its branches overlap (every `Quote` is also a `ShallowQuote`).
//! - A `$ref` beside `"type": ["string", "null"]` leaves no room for null, and neither does an `enum` without it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use anyhow::{Context as _, Result, bail};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::members;
use super::rows::{Exceptions, Row, Shape, plain};

/// The entity of each event of a stream; the others carry an id or nothing.
const EVENTS: [(&str, &str); 6] = [
    ("update", "Status"),
    ("status.update", "Status"),
    ("notification", "Notification"),
    ("conversation", "Conversation"),
    ("announcement", "Announcement"),
    ("delete", "String"),
];

/// The document.
pub struct Schema {
    document: Value,
    validators: RefCell<HashMap<String, Rc<Validator>>>,
}

impl Schema {
    /// Adds our shapes to the published ones and puts the exceptions in.
    pub fn new(mut document: Value, shapes: &Map<String, Value>, exceptions: &Exceptions) -> Result<Self> {
        if !document.get("openapi").and_then(Value::as_str).is_some_and(|v| v.starts_with("3.1")) {
            bail!("the schema is no OpenAPI document of version 3.1");
        }
        let Some(Value::Object(all)) = document.pointer_mut("/components/schemas") else {
            bail!("the document has no schemas")
        };
        for (name, shape) in shapes {
            if all.insert(name.clone(), shape.clone()).is_some() {
                bail!("{name} of shapes.json is published, so ours is not needed");
            }
        }
        for (at, schema) in &exceptions.shapes {
            let pointer = format!("/components/schemas/{}", at.replace('.', "/properties/"));
            let place = document
                .pointer_mut(&pointer)
                .with_context(|| format!("exceptions.tsv: there is no {at}"))?;
            *place = schema.clone();
        }
        loosen(&mut document);
        Ok(Self { document, validators: RefCell::default() })
    }

    /// A schema by its name.
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.document.get("components")?.get("schemas")?.get(name)
    }

    /// What answers a row, or an event of it. `None` when nothing is said of it.
    pub fn of(&self, row: &Row, status: u64, event: &str) -> Option<Value> {
        match &row.shape {
            Shape::Published => self.published(row, status),
            Shape::Named { name, is_list: true } => {
                Some(json!({ "type": "array", "items": reference(name) }))
            }
            Shape::Named { name, is_list: false } => Some(reference(name)),
            Shape::Text(exact) => Some(json!({ "const": exact })),
            Shape::Page | Shape::Xml => None,
            Shape::Events => {
                EVENTS.iter().find(|(name, _)| *name == event).map(|(_, entity)| reference(entity))
            }
        }
    }

    fn published(&self, row: &Row, status: u64) -> Option<Value> {
        let paths = self.document.get("paths")?;
        let (_, operations) = members(paths).find(|(path, _)| plain(path) == plain(&row.path))?;
        let responses = operations.get(row.method.to_lowercase())?.get("responses")?;
        let at = |status: &str| responses.get(status)?.pointer("/content/application~1json/schema").cloned();
        at(&status.to_string()).or_else(|| at("200"))
    }

    /// What is wrong with a body: a sentence each.
    pub fn problems(&self, schema: &Value, body: &Value) -> Result<Vec<String>> {
        let validator = self.validator(schema)?;
        let problems = validator
            .iter_errors(body)
            .map(|e| format!("{}: {}", place(e.instance_path().as_str()), short(&e.to_string())));
        Ok(problems.collect())
    }

    fn validator(&self, schema: &Value) -> Result<Rc<Validator>> {
        let key = schema.to_string();
        if let Some(known) = self.validators.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let mut whole = schema.clone();
        if let (Value::Object(whole), Some(components)) = (&mut whole, self.document.get("components")) {
            whole.insert("components".to_owned(), components.clone());
        }
        let made = jsonschema::draft202012::options().should_validate_formats(true).build(&whole);
        let made = Rc::new(made.map_err(|e| anyhow::anyhow!("the schema {key} is none: {e}"))?);
        self.validators.borrow_mut().insert(key, Rc::clone(&made));
        Ok(made)
    }
}

/// A reference to a named schema.
fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The name a reference refers to.
pub fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// Undoes the habits named above, everywhere.
fn loosen(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(loosen),
        Value::Object(map) => {
            map.values_mut().for_each(loosen);
            if let Some(branches @ Value::Array(_)) = map.remove("oneOf") {
                map.insert("anyOf".to_owned(), branches);
            }
            let takes_null =
                map.get("type").and_then(Value::as_array).is_some_and(|t| t.contains(&json!("null")));
            if !takes_null {
                return;
            }
            if let Some(Value::Array(choices)) = map.get_mut("enum") {
                choices.push(Value::Null);
            }
            if let Some(to) = map.remove("$ref") {
                map.remove("type");
                map.insert("anyOf".to_owned(), json!([{ "$ref": to }, { "type": "null" }]));
            }
        }
        _ => {}
    }
}

/// `/0/account/fields/2` → `*.account.fields.*`
fn place(pointer: &str) -> String {
    let parts =
        pointer.split('/').skip(1).map(|p| if p.bytes().all(|b| b.is_ascii_digit()) { "*" } else { p });
    let place = parts.collect::<Vec<_>>().join(".");
    if place.is_empty() { "body".to_owned() } else { place }
}

/// A sentence without the whole entity in it.
fn short(sentence: &str) -> String {
    let length = sentence.chars().count();
    if length <= 160 {
        return sentence.to_owned();
    }
    let (head, tail): (String, String) =
        (sentence.chars().take(60).collect(), sentence.chars().skip(length - 90).collect());
    format!("{head} … {tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::rows::Rows;

    fn document() -> Value {
        json!({
            "openapi": "3.1.0",
            "paths": { "/a/{x}": { "get": { "responses": { "200": { "content": { "application/json": {
                "schema": { "type": "array", "items": { "$ref": "#/components/schemas/A" } } } } } } } } },
            "components": { "schemas": {
                "A": { "type": "object", "required": ["id"], "properties": {
                    "id": { "type": "string" },
                    "at": { "type": ["string", "null"], "format": "date-time" },
                    "kind": { "type": ["string", "null"], "$ref": "#/components/schemas/Kind" },
                    "b": { "oneOf": [{ "$ref": "#/components/schemas/B" }, { "type": "object" }] },
                    "count": { "type": "string" } } },
                "B": { "type": "object", "properties": { "n": { "type": ["string", "null"], "enum": ["x"] } } },
                "Kind": { "type": "string", "enum": ["k"] } } }
        })
    }

    fn problems(body: &Value) -> Vec<String> {
        let exceptions = Exceptions::parse("h\nshape\tA.count\t{\"type\":\"integer\"}\tslip").unwrap();
        let schema = Schema::new(document(), &Map::new(), &exceptions).unwrap();
        let rows = Rows::parse("h\nGET\t/a/{id}\t1\tpublic\t=").unwrap();
        let of = schema.of(&rows.0[0], 200, "").unwrap();
        schema.problems(&of, body).unwrap()
    }

    #[test]
    fn what_fits_has_no_problems() {
        let body = json!([{ "id": "1", "kind": null, "count": 2, "b": { "n": null } }, { "id": "2", "at": "2026-01-01T00:00:00.000Z" }]);
        assert_eq!(problems(&body), [""; 0]);
    }

    #[test]
    fn a_wrong_type_a_lack_and_a_wrong_format_are_problems() {
        let found = problems(
            &json!([{ "id": 1 }, {}, { "id": "3", "at": "yesterday" }, { "id": "4", "kind": "other" }]),
        );
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].starts_with("*.id: "), "{found:?}");
    }

    #[test]
    fn another_version_is_refused() {
        assert!(Schema::new(json!({ "openapi": "3.0.0" }), &Map::new(), &Exceptions::default()).is_err());
    }
}
