//! What is to be said of each row after all answers were compared.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::{Value, json};

use super::recording::{Answer, Recording};
use super::rows::{Exceptions, Row, Rows, Shape, reason};
use super::schema::{Schema, referred};
use super::seen::{Class, Seen, possible};

/// Answers that are nothing but lists: each must have had two elements.
const FRAMES: [&str; 4] = ["Context", "Search", "GroupedNotificationsResults", "Collections"];
/// How many elements show that a list is one.
const ENOUGH: usize = 2;

/// A row, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// So many answers, all as they must be.
    Covered(usize),
    /// Lists that never had two elements.
    Few(Vec<String>),
    /// What was wrong with answers.
    Wrong(Vec<String>),
    /// Served, but no test was ever told that all is well.
    NeverCalled,
    /// Not served.
    Missing,
    /// Not served, for a reason.
    Absent(String),
    /// Off on purpose, for a reason; answered as Mastodon answers then.
    Off(String),
}

/// All rows, and what was seen of the entities in tiers 1 and 2.
pub struct Judged {
    pub rows: Vec<(Row, Verdict)>,
    /// How many parts of entities there can be, and how many there were.
    pub parts: (usize, usize),
    /// Parts that are entities and were never there.
    pub lacking: Vec<String>,
    /// Plain values that were never there.
    pub unseen: Vec<String>,
    /// Parts that Mastodon does not have.
    pub extra: BTreeSet<String>,
    /// How many answers were compared.
    pub compared: usize,
}

/// What is known of a row.
#[derive(Default)]
struct Heard {
    well: usize,
    /// Answers that say that the feature is off.
    off: usize,
    problems: Vec<String>,
    longest: BTreeMap<String, usize>,
}

/// Compares all answers and judges all rows.
pub fn judge(rows: &Rows, exceptions: &Exceptions, schema: &Schema, recording: &Recording) -> Result<Judged> {
    let mut heard: Vec<Heard> = rows.0.iter().map(|_| Heard::default()).collect();
    let mut seen = Seen::default();
    let mut compared = 0;
    for answer in &recording.answers {
        let Some(index) = rows.of(&answer.method, &answer.path) else { continue };
        let (Some(row), Some(heard)) = (rows.0.get(index), heard.get_mut(index)) else { continue };
        compared += 1;
        match exceptions.off(row) {
            Some((status, _)) if status == answer.status => heard.hear_off(answer),
            _ => heard.hear(row, answer, schema, &mut seen)?,
        }
    }
    let served: BTreeSet<usize> = recording.routes.iter().filter_map(|(m, t)| rows.same(m, t)).collect();
    let judged: Vec<(Row, Verdict)> = rows
        .0
        .iter()
        .zip(heard)
        .enumerate()
        .map(|(index, (row, heard))| {
            let verdict = heard.verdict(row, served.contains(&index), exceptions);
            (row.clone(), verdict)
        })
        .collect();
    let (possible, lacking, unseen) = parts(&judged, exceptions, schema, &seen);
    let parts = (possible, possible - lacking.len() - unseen.len());
    Ok(Judged { rows: judged, parts, lacking, unseen, extra: seen.extra, compared })
}

impl Heard {
    fn hear(&mut self, row: &Row, answer: &Answer, schema: &Schema, seen: &mut Seen) -> Result<()> {
        match answer.status {
            200..=299 => self.hear_well(row, answer, schema, seen)?,
            300..=399 if row.shape == Shape::Page => self.well += 1,
            400..=499 if answer.kind == "application/json" && !says_why(answer) => {
                self.problem(format!("{} without `error`", answer.status));
            }
            _ => {}
        }
        Ok(())
    }

    /// That a feature is off is said as every refusal is, or by nothing at all (204).
    fn hear_off(&mut self, answer: &Answer) {
        if answer.status >= 400 && !says_why(answer) {
            self.problem(format!("{} without `error`", answer.status));
        } else {
            self.off += 1;
        }
    }

    fn hear_well(&mut self, row: &Row, answer: &Answer, schema: &Schema, seen: &mut Seen) -> Result<()> {
        let expected = match row.shape {
            Shape::Page => "text/html",
            Shape::Xml => "application/xrd+xml",
            Shape::Text(_) => "text/plain",
            Shape::Events => "event",
            Shape::Published | Shape::Named { .. } => "json",
        };
        if !answer.kind.ends_with(expected) {
            // The head of a stream, or a picture of a page: nothing that has a shape.
            if row.shape != Shape::Events {
                self.problem(format!("is {} instead of {expected}", answer.kind));
            }
            return Ok(());
        }
        let Some(at) = schema.of(row, answer.status, &answer.event) else {
            let is_known = !matches!(row.shape, Shape::Published | Shape::Named { .. });
            if is_known {
                self.well += 1
            } else {
                self.problem("nothing says what the answer should be".to_owned())
            }
            return Ok(());
        };
        let problems = schema.problems(&at, &answer.body)?;
        if problems.is_empty() {
            self.well += 1;
            self.measure(schema, &at, &answer.body);
            seen.look(schema, &at, &answer.body, "");
        }
        problems.into_iter().for_each(|problem| self.problem(problem));
        Ok(())
    }

    fn problem(&mut self, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Remembers how long the lists of an answer are.
    fn measure(&mut self, schema: &Schema, at: &Value, body: &Value) {
        let mut note = |name: &str, list: &Value| {
            let length = list.as_array().map_or(0, Vec::len);
            let longest = self.longest.entry(name.to_owned()).or_default();
            *longest = length.max(*longest);
        };
        if at.get("type") == Some(&json!("array")) {
            note("list", body);
        }
        let frame = referred(at).filter(|name| FRAMES.contains(name)).and_then(|name| schema.named(name));
        for required in frame.and_then(|f| f.get("required")).and_then(Value::as_array).into_iter().flatten()
        {
            let name = required.as_str().unwrap_or_default();
            note(name, body.get(name).unwrap_or(&Value::Null));
        }
    }

    fn verdict(self, row: &Row, is_served: bool, exceptions: &Exceptions) -> Verdict {
        let name = format!("{} {}", row.method, row.path);
        if !self.problems.is_empty() {
            return Verdict::Wrong(self.problems);
        }
        if let Some((_, why)) = exceptions.off(row).filter(|_| self.off > 0) {
            return Verdict::Off(why.to_owned());
        }
        if self.well == 0 {
            return match reason(&exceptions.absent, &name) {
                Some(reason) => Verdict::Absent(reason.to_owned()),
                None if is_served => Verdict::NeverCalled,
                None => Verdict::Missing,
            };
        }
        let may_be_few = |list: &str| reason(&exceptions.few, &format!("{name}#{list}")).is_some();
        let few = self.longest.iter().filter(|(list, longest)| **longest < ENOUGH && !may_be_few(list));
        let few: Vec<String> = few.map(|(list, longest)| format!("{list} had at most {longest}")).collect();
        if few.is_empty() { Verdict::Covered(self.well) } else { Verdict::Few(few) }
    }
}

/// Whether a refusal has the member that clients show.
fn says_why(answer: &Answer) -> bool {
    answer.body.get("error").is_some_and(Value::is_string)
}

/// The parts that entities of served rows in tiers 1 and 2 can have, and which of them were never there.
fn parts(
    judged: &[(Row, Verdict)],
    exceptions: &Exceptions,
    schema: &Schema,
    seen: &Seen,
) -> (usize, Vec<String>, Vec<String>) {
    let mut all = BTreeMap::new();
    let without = |part: &str| reason(&exceptions.never, part).is_some();
    for (row, verdict) in judged {
        let counts = row.tier <= 2 && !matches!(verdict, Verdict::Missing | Verdict::Absent(_));
        if let Some(at) = schema.of(row, 200, "").filter(|_| counts) {
            possible(schema, &at, &without, &mut all);
        }
    }
    let never = |class: Class| {
        let parts = all.iter().filter(|(part, of)| **of == class && !seen.parts.contains(*part));
        parts.map(|(part, _)| part.clone()).collect::<Vec<_>>()
    };
    (all.len(), never(Class::Entity), never(Class::Value))
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    fn judged(answers: &[(&str, u64, Value)], exceptions: &str) -> Judged {
        let document = json!({ "openapi": "3.1.0",
            "paths": { "/a": { "get": { "responses": { "200": { "content": { "application/json": { "schema":
                { "type": "array", "items": { "$ref": "#/components/schemas/A" } } } } } } } } },
            "components": { "schemas": {
                "A": { "type": "object", "properties": { "id": { "type": "string" }, "b": { "$ref": "#/components/schemas/B" } }, "required": ["id"] },
                "B": { "type": "object", "properties": { "n": { "type": "integer" } } } } } });
        let exceptions = Exceptions::parse(&format!("head\n{exceptions}")).unwrap();
        let schema = Schema::new(document, &Map::new(), &exceptions).unwrap();
        let rows = Rows::parse("h\nGET\t/a\t1\tpublic\t=\nGET\t/gone\t3\tpublic\tA").unwrap();
        let answers = answers.iter().map(|(path, status, body)| Answer {
            method: "GET".to_owned(),
            path: (*path).to_owned(),
            status: *status,
            kind: "application/json".to_owned(),
            event: String::new(),
            body: body.clone(),
        });
        let routes = vec![("GET".to_owned(), "/a".to_owned())];
        let recording = Recording { routes, answers: answers.collect() };
        judge(&rows, &exceptions, &schema, &recording).unwrap()
    }

    #[test]
    fn a_row_is_covered_by_two_elements_of_the_right_shape() {
        let all = judged(
            &[
                ("/a", 200, json!([])),
                ("/a?x=1", 200, json!([{ "id": "1" }, { "id": "2", "b": { "n": 1 } }])),
            ],
            "",
        );
        assert_eq!(all.rows[0].1, Verdict::Covered(2));
        assert_eq!(all.rows[1].1, Verdict::Missing);
        assert!(all.lacking.is_empty() && all.unseen.is_empty());
    }

    #[test]
    fn a_short_list_a_wrong_shape_and_silence_are_no_cover() {
        assert_eq!(
            judged(&[("/a", 200, json!([{ "id": "1" }]))], "").rows[0].1,
            Verdict::Few(vec!["list had at most 1".to_owned()])
        );
        assert!(matches!(judged(&[("/a", 200, json!([{}, {}]))], "").rows[0].1, Verdict::Wrong(_)));
        assert!(matches!(judged(&[("/a", 404, json!({}))], "").rows[0].1, Verdict::Wrong(_)));
        assert_eq!(judged(&[("/a", 404, json!({ "error": "no" }))], "").rows[0].1, Verdict::NeverCalled);
    }

    #[test]
    fn exceptions_are_taken_into_account() {
        let all = judged(
            &[("/a", 200, json!([{ "id": "1" }]))],
            "few\tGET /a#list\t-\tone at most\nnever\tA.b\t-\tnot here\nabsent\tGET /gone\t-\tremoved",
        );
        assert_eq!(all.rows[0].1, Verdict::Covered(1));
        assert_eq!(all.rows[1].1, Verdict::Absent("removed".to_owned()));
        assert!(all.lacking.is_empty(), "{:?}", all.lacking);
    }

    #[test]
    fn a_row_that_is_off_answers_so_and_only_in_tier_3() {
        let off = "off\tGET /gone\t404\tno use here\noff\tGET /a\t404\tno use here";
        let verdict =
            |body: Value| judged(&[("/gone", 404, body), ("/a", 404, json!({ "error": "no" }))], off).rows;
        let rows = verdict(json!({ "error": "no" }));
        assert_eq!(
            (&rows[0].1, &rows[1].1),
            (&Verdict::NeverCalled, &Verdict::Off("no use here".to_owned()))
        );
        assert!(matches!(verdict(json!({}))[1].1, Verdict::Wrong(_)));
    }

    #[test]
    fn an_entity_that_was_never_there_is_named() {
        let all = judged(&[("/a", 200, json!([{ "id": "1" }, { "id": "2" }]))], "");
        assert_eq!((all.lacking, all.unseen), (vec!["A.b".to_owned()], vec!["B.n".to_owned()]));
    }
}
