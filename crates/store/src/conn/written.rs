//! Statements written by hand that connections keep ready (diesel's `sql_query` is parsed and planned anew each time). The text is one for both
//! databases; what differs is how a list of numbers is given.

use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Text};
use diesel::sqlite::Sqlite;

use super::among::Numbers;

/// What stands for a parameter.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Number(i64),
    /// Rendered as a table of one column without a name: select from it by giving it one.
    List(Numbers),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Numbers> for Value {
    fn from(list: Numbers) -> Self {
        Self::List(list)
    }
}

/// A query whose text names its parameters in braces: `WITH posts (id) AS ({posts}) SELECT … WHERE account_id = {viewer}`. A parameter may stand at
/// several places. Columns are taken by their order, of the types `ST`. `N` is the name of the statement, a type of its own for each text: by it the
/// connection finds what it keeps ready, without putting the text together. Run it in `each!`.
#[derive(Debug, Clone)]
pub(crate) struct Written<ST, N> {
    text: &'static str,
    values: Vec<(&'static str, Value)>,
    columns: PhantomData<(ST, N)>,
}

impl<ST, N> Written<ST, N> {
    /// `values` are what the names in braces stand for.
    pub(crate) const fn new(text: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self { text, values, columns: PhantomData }
    }

    /// The text in pieces: what is given as it is, and what comes behind it.
    fn pieces(&self) -> impl Iterator<Item = (&'static str, Option<&Value>)> {
        self.text.split('}').map(|piece| match piece.split_once('{') {
            Some((text, name)) => {
                (text, self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value))
            }
            None => (piece, None),
        })
    }
}

impl<ST, N> QueryFragment<Pg> for Written<ST, N> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (text, value) in self.pieces() {
            pass.push_sql(text);
            match value {
                Some(Value::Number(number)) => pass.push_bind_param::<BigInt, _>(number)?,
                Some(Value::List(list)) => {
                    pass.push_sql("SELECT unnest(");
                    pass.push_bind_param::<Array<BigInt>, _>(list.list())?;
                    pass.push_sql(")");
                }
                None => {}
            }
        }
        Ok(())
    }
}

impl<ST, N> QueryFragment<Sqlite> for Written<ST, N> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        for (text, value) in self.pieces() {
            pass.push_sql(text);
            match value {
                Some(Value::Number(number)) => pass.push_bind_param::<BigInt, _>(number)?,
                Some(Value::List(list)) => {
                    pass.push_sql("SELECT value FROM json_each(");
                    pass.push_bind_param::<Text, _>(list.json())?;
                    pass.push_sql(")");
                }
                None => {}
            }
        }
        Ok(())
    }
}

impl<ST: 'static, N: 'static> QueryId for Written<ST, N> {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<ST, N> Query for Written<ST, N> {
    type SqlType = ST;
}

impl<ST, N, C> RunQueryDsl<C> for Written<ST, N> {}
