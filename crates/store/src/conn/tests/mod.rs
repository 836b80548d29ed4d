//! Tests of the connection layer: what holds on both databases here and in `both`, the rest in `sqlite` and `postgres`.

mod both;
mod postgres;
mod sqlite;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::db::each;
use super::{Conn, Database, Notice, Tx};
use crate::error::Error;

diesel::table! {
    things (id) {
        id -> BigInt,
        name -> Text,
        number -> BigInt,
    }
}

/// A table of the tests' own, so that they do not depend on any topic.
async fn with_things(db: &Database) {
    db.write(|tx| {
        run(tx, "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE, number BIGINT NOT NULL)")
    })
    .await
    .unwrap();
}

/// Any SQL.
fn run(conn: &mut Conn, sql: &str) -> Result<(), Error> {
    each!(conn, |c| c.batch_execute(sql)).map_err(Error::from)
}

fn insert(tx: &mut Tx<'_>, name: &str) -> Result<i64, Error> {
    let id = tx.new_id();
    diesel::insert_into(things::table)
        .values((things::id.eq(id), things::name.eq(name), things::number.eq(0)))
        .execute(&mut tx.db)?;
    Ok(id)
}

fn list(conn: &mut Conn) -> Result<Vec<String>, Error> {
    Ok(things::table.order(things::name).select(things::name).load(&mut conn.db)?)
}

async fn names(db: &Database) -> Vec<String> {
    db.read(list).await.unwrap()
}

fn notice(topic: &str, id: i64) -> Notice {
    Notice { topic: topic.into(), id }
}
