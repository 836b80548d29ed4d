//! `column IN (list)` as a text that is the same however long the list is, so that connections keep the statement ready. Diesel's own `eq_any` has one
//! parameter for each element on SQLite, which makes every call a new statement to be parsed and planned.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel::sqlite::Sqlite;

use super::db::MultiBackend;

/// Numbers as both databases take them.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    list: Vec<i64>,
    json: String,
}

impl Numbers {
    /// Ids, for instance.
    pub(crate) fn of<T: Copy + Into<i64>>(items: &[T]) -> Self {
        let list: Vec<i64> = items.iter().map(|item| (*item).into()).collect();
        let mut json = String::with_capacity(list.len() * 20 + 2);
        json.push('[');
        for (place, number) in list.iter().enumerate() {
            if place > 0 {
                json.push(',');
            }
            json.push_str(&number.to_string());
        }
        json.push(']');
        Self { list, json }
    }

    /// The list for PostgreSQL.
    pub(crate) const fn list(&self) -> &Vec<i64> {
        &self.list
    }

    /// The list for SQLite.
    pub(crate) const fn json(&self) -> &String {
        &self.json
    }
}

/// Texts as both databases take them.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    list: Vec<String>,
    json: String,
}

impl Texts {
    fn of(items: &[String]) -> Self {
        let mut json = String::from("[");
        for (place, text) in items.iter().enumerate() {
            if place > 0 {
                json.push(',');
            }
            quote(text, &mut json);
        }
        json.push(']');
        Self { list: items.to_vec(), json }
    }
}

/// A JSON string (RFC 8259 §7).
fn quote(text: &str, json: &mut String) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                json.push('\\');
                json.push(c);
            }
            '\u{0}'..='\u{1f}' => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => json.push(c),
        }
    }
    json.push('"');
}

/// Whether a column is one of a list; for filters only, where NULL counts as no.
#[derive(Debug, Clone)]
pub(crate) struct Among<E, L> {
    column: E,
    list: L,
}

/// `column.among(&ids)`.
pub(crate) trait AmongExt: Expression + Sized {
    /// Whether it is one of these numbers.
    fn among<T: Copy + Into<i64>>(self, items: &[T]) -> Among<Self, Numbers> {
        Among { column: self, list: Numbers::of(items) }
    }

    /// Whether it is one of these texts.
    fn among_texts(self, items: &[String]) -> Among<Self, Texts> {
        Among { column: self, list: Texts::of(items) }
    }
}

impl<E: Expression> AmongExt for E {}

impl<E: Expression, L> Expression for Among<E, L> {
    type SqlType = Bool;
}

impl<E, L, Q> AppearsOnTable<Q> for Among<E, L> where E: AppearsOnTable<Q> {}

impl<E, L, Q> SelectableExpression<Q> for Among<E, L> where E: SelectableExpression<Q> {}

impl<E: ValidGrouping<G>, L, G> ValidGrouping<G> for Among<E, L> {
    type IsAggregate = E::IsAggregate;
}

impl<E: QueryId, L: 'static> QueryId for Among<E, L> {
    type QueryId = Among<E::QueryId, L>;
    const HAS_STATIC_QUERY_ID: bool = E::HAS_STATIC_QUERY_ID;
}

impl<E: QueryFragment<Pg>> QueryFragment<Pg> for Among<E, Numbers> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" = ANY(");
        pass.push_bind_param::<Array<BigInt>, _>(&self.list.list)?;
        pass.push_sql(")");
        Ok(())
    }
}

impl<E: QueryFragment<Pg>> QueryFragment<Pg> for Among<E, Texts> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" = ANY(");
        pass.push_bind_param::<Array<Text>, _>(&self.list.list)?;
        pass.push_sql(")");
        Ok(())
    }
}

/// What SQLite is given: one parameter that holds the list as JSON.
trait Json {
    fn json(&self) -> &String;
}

impl Json for Numbers {
    fn json(&self) -> &String {
        &self.json
    }
}

impl Json for Texts {
    fn json(&self) -> &String {
        &self.json
    }
}

impl<E: QueryFragment<Sqlite>, L: Json> QueryFragment<Sqlite> for Among<E, L> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" IN (SELECT value FROM json_each(");
        pass.push_bind_param::<Text, _>(self.list.json())?;
        pass.push_sql("))");
        Ok(())
    }
}

impl<E, L> QueryFragment<MultiBackend> for Among<E, L>
where
    Self: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, pass)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_json_whatever_stands_in_them() {
        let texts = Texts::of(&["plain".to_owned(), "a\"b\\c\n\u{1}é".to_owned()]);
        assert_eq!(texts.json, "[\"plain\",\"a\\\"b\\\\c\\u000a\\u0001é\"]");
        assert_eq!(Texts::of(&[]).json, "[]");
        assert_eq!(Numbers::of(&[3_i64, -4, i64::MAX]).json, "[3,-4,9223372036854775807]");
    }
}
