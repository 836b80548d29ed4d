//! Whatever a change may touch in `statuses` and `accounts` raises the revision under which it is kept in memory (docs/adr/0008), or stands here with the
//! reason why it does not. The columns come from the database's own catalogue, so a new one cannot be forgotten.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::testing::{TestDatabase, both};
use crate::{Conn, Error};

/// Table, column, and why nobody is shown anything else when it changes.
const NOT_SHOWN: [(&str, &str, &str); 7] = [
    ("statuses", "id", "rows are kept by it, and never change it"),
    ("statuses", "version", "counts changes of columns that raise it themselves"),
    ("accounts", "id", "rows are kept by it, and never change it"),
    ("accounts", "version", "counts changes of columns that raise it themselves"),
    ("accounts", "fetched_at", "when an actor was looked at last; what was found there raises it"),
    ("accounts", "last_status_at", "changes with every post, so it is asked for with the revision"),
    ("statuses", "context_uri", "it comes with the post and is never changed"),
];

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct Revision {
    #[diesel(sql_type = BigInt)]
    revision: i64,
}

async fn columns(db: &TestDatabase, table: &str) -> Vec<Column> {
    let sql = if db.is_postgres() {
        format!(
            "SELECT column_name::text AS name, data_type::text AS kind FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}'"
        )
    } else {
        format!("SELECT name, lower(type) AS kind FROM pragma_table_info('{table}')")
    };
    db.read(move |c| Ok::<_, Error>(diesel::sql_query(sql).load(&mut c.db)?))
        .await
        .expect("the catalogue is read")
}

/// Another value than the one that is there.
fn another(column: &Column) -> String {
    let name = &column.name;
    match (name.as_str(), column.kind.as_str()) {
        // The second post and the second account.
        ("account_id" | "in_reply_to_account_id", _) => "2".to_owned(),
        ("in_reply_to_id" | "boost_of_id", _) => "20".to_owned(),
        (_, "boolean") => format!("NOT {name}"),
        (_, "text" | "character varying") => format!("COALESCE({name}, '') || 'x'"),
        (_, "integer" | "bigint" | "smallint") => format!("COALESCE({name}, 0) + 1"),
        (_, kind) => panic!("what is another {kind}, for {name}?"),
    }
}

fn run(c: &mut Conn, sql: &str) -> Result<(), Error> {
    diesel::sql_query(sql).execute(&mut c.db)?;
    Ok(())
}

fn revision(c: &mut Conn, table: &str, id: i64) -> Result<i64, Error> {
    let one = if table == "accounts" { "account" } else { "status" };
    let sql = format!("SELECT revision FROM {one}_heads WHERE {one}_id = {id}");
    Ok(diesel::sql_query(sql).get_result::<Revision>(&mut c.db)?.revision)
}

async fn with_rows(db: &TestDatabase) {
    db.write(|tx| {
        for id in [1, 2] {
            run(
                tx,
                &format!(
                    "INSERT INTO accounts (id, username, username_key, uri, url, kind, created_at) \
                     VALUES ({id}, 'a{id}', 'a{id}', 'https://a.example/{id}', 'https://a.example/{id}', 'Person', 1)"
                ),
            )?;
            run(
                tx,
                &format!(
                    "INSERT INTO statuses (id, uri, url, account_id, is_local, visibility, thread_id, created_at) \
                     VALUES ({id}0, 'https://a.example/{id}0', 'https://a.example/{id}0', {id}, TRUE, 0, 1, 1)"
                ),
            )?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("two accounts and two posts");
}

#[tokio::test]
async fn every_column_that_shows_raises_the_revision() {
    both(|db| async move {
        with_rows(&db).await;
        let mut seen = Vec::new();
        for (table, id) in [("accounts", 1), ("statuses", 10)] {
            for column in columns(&db, table).await {
                seen.push((table, column.name.clone()));
                if column.name == "id" {
                    continue;
                }
                let change =
                    format!("UPDATE {table} SET {} = {} WHERE id = {id}", column.name, another(&column));
                let rose = db.write(move |tx| {
                    let before = revision(tx, table, id)?;
                    run(tx, &change)?;
                    Ok::<_, Error>(revision(tx, table, id)? - before)
                });
                let rose = rose.await.unwrap_or_else(|error| panic!("{table}.{}: {error}", column.name));
                let named = (table, column.name.as_str());
                let is_shown = !NOT_SHOWN.iter().any(|(t, c, _)| (*t, *c) == named);
                assert_eq!(rose, i64::from(is_shown), "{table}.{}", column.name);
            }
        }
        for (table, column, why) in NOT_SHOWN {
            assert!(seen.contains(&(table, column.to_owned())), "{table}.{column} is gone, though: {why}");
        }
    })
    .await;
}
