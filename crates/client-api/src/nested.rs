//! Names with brackets, as Rails reads them: `a[b]` is `{"a": {"b": …}}`, `a[]` is a list, `a[][b]` a list of objects in which a repeated name
//! begins the next one. Used by [`crate::body`] only.

use serde_json::{Map, Value};

/// Brackets of one name; what is deeper is dropped (threats J2).
const DEPTH_MAX: usize = 8;

/// Puts a value where its name says. A name that contradicts an earlier one (`a=1&a[b]=2`) replaces it.
pub fn insert(root: &mut Map<String, Value>, name: &str, value: String) {
    let Some((first, keys)) = split(name) else { return };
    let slot = root.entry(first).or_insert(Value::Null);
    put(slot, &keys, value);
}

/// `a[b][]` → `a`, [`b`, ``]. Unbalanced brackets are part of the name.
fn split(name: &str) -> Option<(String, Vec<&str>)> {
    let Some((first, rest)) = name.split_once('[') else { return Some((name.to_owned(), Vec::new())) };
    let Some(rest) = rest.strip_suffix(']') else { return Some((name.to_owned(), Vec::new())) };
    let keys: Vec<&str> = rest.split("][").take(DEPTH_MAX + 1).collect();
    (keys.len() <= DEPTH_MAX).then(|| (first.to_owned(), keys))
}

fn put(slot: &mut Value, keys: &[&str], value: String) {
    let mut slot = slot;
    let mut keys = keys;
    loop {
        match keys {
            [] => {
                *slot = Value::String(value);
                return;
            }
            [""] => {
                if let Some(list) = list(slot) {
                    list.push(Value::String(value));
                }
                return;
            }
            ["", key, rest @ ..] => {
                let Some(rows) = list(slot) else { return };
                let begins_anew = rest.is_empty()
                    && rows.last().and_then(Value::as_object).is_none_or(|row| row.contains_key(*key));
                if begins_anew || rows.is_empty() {
                    rows.push(Value::Object(Map::new()));
                }
                let Some(last) = rows.last_mut().and_then(object) else { return };
                slot = last.entry(*key).or_insert(Value::Null);
                keys = rest;
            }
            [key, rest @ ..] => {
                let Some(map) = object(slot) else { return };
                slot = map.entry(*key).or_insert(Value::Null);
                keys = rest;
            }
        }
    }
}

fn list(slot: &mut Value) -> Option<&mut Vec<Value>> {
    if !slot.is_array() {
        *slot = Value::Array(Vec::new());
    }
    slot.as_array_mut()
}

fn object(slot: &mut Value) -> Option<&mut Map<String, Value>> {
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> String {
        let mut root = Map::new();
        for (name, value) in pairs {
            insert(&mut root, name, (*value).to_owned());
        }
        Value::Object(root).to_string()
    }

    #[test]
    fn names_with_brackets_nest() {
        assert_eq!(read(&[("a[b][c]", "1"), ("a[d]", "2")]), r#"{"a":{"b":{"c":"1"},"d":"2"}}"#);
        assert_eq!(read(&[("a[]", "1"), ("a[]", "2")]), r#"{"a":["1","2"]}"#);
        assert_eq!(
            read(&[("a[][b]", "1"), ("a[][c]", "2"), ("a[][b]", "3")]),
            r#"{"a":[{"b":"1","c":"2"},{"b":"3"}]}"#
        );
    }

    #[test]
    fn contradicting_and_broken_names_do_no_harm() {
        assert_eq!(read(&[("a", "1"), ("a[b]", "2")]), r#"{"a":{"b":"2"}}"#);
        assert_eq!(read(&[("a[", "1"), ("]", "2"), ("", "3")]), r#"{"a[":"1","]":"2","":"3"}"#);
        assert_eq!(read(&[("a[][]", "1")]), r#"{"a":[{"":"1"}]}"#);
    }
}
