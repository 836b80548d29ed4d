//! Our list of Mastodon's routes (`tests/conformance/rows.tsv`), which row an address belongs to, and the exceptions (`exceptions.tsv`).

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// A route of Mastodon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub method: String,
    /// With parameters in braces: `/api/v1/statuses/{id}`.
    pub path: String,
    /// 1: nothing works without it; 2: clients use it; 3: seldom used, or for staff.
    pub tier: u8,
    pub shape: Shape,
}

/// What answers a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// What the published document says.
    Published,
    /// A named schema, or a list of it: the document says nothing, or not enough.
    Named { name: String, is_list: bool },
    /// Exactly this text.
    Text(String),
    /// A page, or a redirection.
    Page,
    /// XML.
    Xml,
    /// Events of a stream.
    Events,
}

/// All rows.
#[derive(Debug)]
pub struct Rows(pub Vec<Row>);

impl Rows {
    /// Reads `rows.tsv`.
    pub fn parse(text: &str) -> Result<Self> {
        text.lines().skip(1).map(row).collect::<Result<_>>().map(Self)
    }

    /// The row of an address: of several that fit, the one with the fewest parameters.
    pub fn of(&self, method: &str, path: &str) -> Option<usize> {
        let fits =
            self.0.iter().enumerate().filter(|(_, row)| row.method == method && is_at(&row.path, path));
        fits.min_by_key(|(_, row)| row.path.matches('{').count()).map(|(index, _)| index)
    }

    /// The row that a route of ours is, whatever its parameters are called.
    pub fn same(&self, method: &str, template: &str) -> Option<usize> {
        self.0.iter().position(|row| row.method == method && plain(&row.path) == plain(template))
    }
}

fn row(line: &str) -> Result<Row> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [method, path, tier, _access, shape] = columns.as_slice() else { bail!("rows.tsv: `{line}`") };
    let tier = tier.parse().with_context(|| format!("rows.tsv: `{line}`"))?;
    Ok(Row { method: (*method).to_owned(), path: (*path).to_owned(), tier, shape: Shape::parse(shape) })
}

impl Shape {
    fn parse(text: &str) -> Self {
        let named = |name: &str, is_list| Self::Named { name: name.to_owned(), is_list };
        match text {
            "=" => Self::Published,
            "page" => Self::Page,
            "xml" => Self::Xml,
            "events" => Self::Events,
            other => match (other.strip_prefix("text:"), other.strip_prefix('[')) {
                (Some(exact), _) => Self::Text(exact.to_owned()),
                (None, Some(name)) => named(name.trim_end_matches(']'), true),
                (None, None) => named(other, false),
            },
        }
    }
}

/// Whether a path is one of a template's.
fn is_at(template: &str, path: &str) -> bool {
    let mut asked = path.split('?').next().unwrap_or_default().trim_end_matches('/').split('/');
    let fits = template.split('/').all(|part| asked.next().is_some_and(|a| a == part || is_parameter(part)));
    fits && asked.next().is_none()
}

fn is_parameter(part: &str) -> bool {
    part.starts_with('{')
}

/// A template with nameless parameters.
pub fn plain(template: &str) -> String {
    let parts = template.split('/').map(|part| if is_parameter(part) { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// So many rows of tier 3 may be off.
const OFF_MAX: usize = 15;

/// What may differ, each with a reason.
#[derive(Debug, Default)]
pub struct Exceptions {
    /// `Entity.property` and the schema to use instead of the published one.
    pub shapes: Vec<(String, Value)>,
    /// `Entity.property` that is never there.
    pub never: Vec<(String, String)>,
    /// `METHOD /path#list` that has fewer than two elements.
    pub few: Vec<(String, String)>,
    /// `METHOD /path` that does not exist here.
    pub absent: Vec<(String, String)>,
    /// `METHOD /path`, the status of its answer while the feature is off, and why it is.
    pub off: Vec<(String, u64, String)>,
}

impl Exceptions {
    /// Reads `exceptions.tsv`. Rows of kind `access` are for a test of the client API.
    pub fn parse(text: &str) -> Result<Self> {
        let mut all = Self::default();
        for line in text.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [kind, at, value, reason] = columns.as_slice() else { bail!("exceptions.tsv: `{line}`") };
            if reason.trim().is_empty() {
                bail!("exceptions.tsv: `{line}` gives no reason");
            }
            let entry = ((*at).to_owned(), (*reason).to_owned());
            match *kind {
                "shape" => {
                    let schema =
                        serde_json::from_str(value).with_context(|| format!("exceptions.tsv: `{line}`"))?;
                    all.shapes.push((entry.0, schema));
                }
                "never" => all.never.push(entry),
                "few" => all.few.push(entry),
                "absent" => all.absent.push(entry),
                "off" => {
                    let status = value.parse().with_context(|| format!("exceptions.tsv: `{line}`"))?;
                    all.off.push((entry.0, status, entry.1));
                }
                "access" => {}
                other => bail!("exceptions.tsv: unknown kind `{other}`"),
            }
        }
        if all.off.len() > OFF_MAX {
            bail!("exceptions.tsv: more than {OFF_MAX} rows are off");
        }
        Ok(all)
    }

    /// The status that answers a row which is off on purpose, and the reason.
    pub fn off(&self, row: &Row) -> Option<(u64, &str)> {
        let name = format!("{} {}", row.method, row.path);
        self.off
            .iter()
            .find(|(at, ..)| row.tier == 3 && *at == name)
            .map(|(_, status, why)| (*status, why.as_str()))
    }
}

/// The reason noted for something.
pub fn reason<'a>(list: &'a [(String, String)], at: &str) -> Option<&'a str> {
    list.iter().find(|(what, _)| what == at).map(|(_, reason)| reason.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_the_row_with_the_fewest_parameters() {
        let rows = Rows::parse(
            "method\tpath\ttier\taccess\tshape\nGET\t/a/{id}\t1\tpublic\t=\nGET\t/a/lookup\t2\tpublic\t[Account]\nGET\t/a/{id}/b\t1\tpublic\ttext:OK",
        )
        .unwrap();
        assert_eq!(rows.of("GET", "/a/lookup?x=/y"), Some(1));
        assert_eq!(rows.of("GET", "/a/7/"), Some(0));
        assert_eq!(rows.of("GET", "/a/7/b"), Some(2));
        assert_eq!(rows.of("POST", "/a/7"), None);
        assert_eq!(rows.of("GET", "/a"), None);
        assert_eq!(rows.same("GET", "/a/{name}"), Some(0));
        assert_eq!(rows.0[1].shape, Shape::Named { name: "Account".to_owned(), is_list: true });
        assert_eq!(rows.0[2].shape, Shape::Text("OK".to_owned()));
    }

    #[test]
    fn an_exception_needs_a_reason() {
        let all = Exceptions::parse("head\nnever\tA.b\t-\tnot here\nshape\tC.d\t{\"type\":\"string\"}\tslip")
            .unwrap();
        assert_eq!(reason(&all.never, "A.b"), Some("not here"));
        assert_eq!(all.shapes[0].1["type"], "string");
        Exceptions::parse("head\nnever\tA.b\t-\t ").unwrap_err();
    }
}
