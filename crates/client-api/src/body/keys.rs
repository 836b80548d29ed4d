//! Keys of forms and queries as Rails reads them: `ids[]=1&ids[]=2`, `poll[options][]=a`, `fields[0][name]=x`, `fields[][name]=x`.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::error::ApiError;

/// Parameters of one request, at most.
const MOST: usize = 1_000;
/// Brackets of one key, and levels of a JSON value, at most.
const DEPTH: usize = 8;

/// Puts parameters into the tree.
pub(super) fn insert_all<'a>(
    tree: &mut Map<String, Value>,
    pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
) -> Result<(), ApiError> {
    for (count, (key, value)) in pairs.enumerate() {
        if count >= MOST {
            return Err(ApiError::Unreadable("Too many parameters".to_owned()));
        }
        insert(tree, &key, value.into_owned())?;
    }
    Ok(())
}

/// Puts one parameter into the tree.
pub(super) fn insert(tree: &mut Map<String, Value>, key: &str, value: String) -> Result<(), ApiError> {
    check_text(key)?;
    check_text(&value)?;
    // Never a parameter of a use case, and never to be printed.
    if key == "access_token" {
        return Ok(());
    }
    let (first, rest) = split(key);
    if rest.len() > DEPTH {
        return Err(ApiError::Unreadable(format!("Parameter {} is nested too deeply", shown(key))));
    }
    let mut place = tree.entry(first).or_insert(Value::Null);
    for (position, segment) in rest.iter().enumerate() {
        let next = rest.get(position + 1).copied();
        place = step(place, segment, next)
            .ok_or_else(|| ApiError::Unreadable(format!("Parameter {} contradicts another", shown(key))))?;
    }
    *place = Value::String(value);
    Ok(())
}

/// `a[b][]` → `a`, [`b`, ``]. A key with unbalanced brackets is taken as it is.
fn split(key: &str) -> (&str, Vec<&str>) {
    let Some((first, brackets)) = key.split_once('[') else { return (key, Vec::new()) };
    let Some(brackets) = brackets.strip_suffix(']').filter(|_| !first.is_empty()) else {
        return (key, Vec::new());
    };
    (first, brackets.split("][").collect())
}

fn step<'a>(place: &'a mut Value, segment: &str, next: Option<&str>) -> Option<&'a mut Value> {
    if !segment.is_empty() {
        if !place.is_object() {
            place.is_null().then_some(())?;
            *place = Value::Object(Map::new());
        }
        return Some(place.as_object_mut()?.entry(segment).or_insert(Value::Null));
    }
    if !place.is_array() {
        place.is_null().then_some(())?;
        *place = Value::Array(Vec::new());
    }
    let list = place.as_array_mut()?;
    // `fields[][name]=…&fields[][value]=…`: a key that the last element has begins another one.
    let goes_on = match (list.last(), next) {
        (Some(Value::Object(last)), Some(key)) if !key.is_empty() => !last.contains_key(key),
        _ => false,
    };
    if !goes_on {
        list.push(Value::Null);
    }
    list.last_mut()
}

/// No text with U+0000: PostgreSQL cannot store it (threats J1).
fn check_text(text: &str) -> Result<(), ApiError> {
    if text.contains('\0') {
        Err(ApiError::Unreadable("Null bytes are not allowed".to_owned()))
    } else {
        Ok(())
    }
}

/// The same for a JSON value, without recursion (threats J2).
pub(super) fn check_value(value: &Value) -> Result<(), ApiError> {
    let mut left = vec![(value, 0)];
    while let Some((value, depth)) = left.pop() {
        if depth > DEPTH {
            return Err(ApiError::Unreadable("The request body is nested too deeply".to_owned()));
        }
        match value {
            Value::String(text) => check_text(text)?,
            Value::Array(list) => left.extend(list.iter().map(|v| (v, depth + 1))),
            Value::Object(map) => {
                for (key, value) in map {
                    check_text(key)?;
                    left.push((value, depth + 1));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    Ok(())
}

fn shown(key: &str) -> String {
    key.chars().take(60).collect()
}
