//! The index of the words of posts, on both databases.

use diesel::prelude::*;

use super::*;
use crate::Error;
use crate::testing::{TestDatabase, both};

async fn with_posts(db: &TestDatabase, count: i64) {
    db.write(move |tx| {
        let run = |tx: &mut crate::Tx<'_>, sql: String| diesel::sql_query(sql).execute(&mut tx.db);
        run(
            tx,
            "INSERT INTO accounts (id, username, username_key, uri, url, kind, created_at) \
             VALUES (1, 'ana', 'ana', 'https://a.example/1', 'https://a.example/1', 'person', 1)"
                .to_owned(),
        )?;
        for id in 1..=count {
            run(
                tx,
                format!(
                    "INSERT INTO statuses (id, uri, url, account_id, is_local, visibility, thread_id, created_at) \
                     VALUES ({id}, 'https://a.example/s{id}', 'https://a.example/s{id}', 1, TRUE, 0, {id}, 1)"
                ),
            )?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

fn list(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

async fn keep(db: &TestDatabase, id: i64, words: &'static str, marks: &'static str) {
    db.write(move |tx| set(tx, StatusId(id), &list(words), &list(marks))).await.unwrap();
}

async fn found(db: &TestDatabase, wanted: Wanted) -> Vec<i64> {
    let newest = Range::newest(20);
    let wanted = Wanted { marks: [vec![list("open")], wanted.marks].concat(), ..wanted };
    let found = db.read(move |c| find(c, &wanted, newest, 0)).await.unwrap();
    found.into_iter().map(|id| id.0).collect()
}

fn phrases(all: &[&str]) -> Wanted {
    Wanted { all: all.iter().map(|p| vec![list(p)]).collect(), ..Wanted::default() }
}

#[tokio::test]
async fn posts_are_found_by_words_phrases_and_marks() {
    both(|db| async move {
        with_posts(&db, 4).await;
        keep(&db, 1, "le plan local du marche", "open hasmedia").await;
        keep(&db, 2, "un plan pour le marche local été", "open").await;
        keep(&db, 3, "le plan local", "for7").await;
        assert_eq!(found(&db, phrases(&["plan"])).await, [2, 1]);
        assert_eq!(found(&db, phrases(&["plan local"])).await, [1]);
        assert_eq!(found(&db, phrases(&["local", "plan"])).await, [2, 1]);
        assert_eq!(found(&db, phrases(&["plans"])).await, [0_i64; 0], "words, not their beginnings");
        assert_eq!(found(&db, phrases(&["été"])).await, [2]);
        let one_of = Wanted { all: vec![vec![list("un"), list("du marche")]], ..Wanted::default() };
        assert_eq!(found(&db, one_of).await, [2, 1]);
        let not = Wanted { none: vec![list("marche local")], ..phrases(&["plan"]) };
        assert_eq!(found(&db, not).await, [1]);
        let not = Wanted { no_marks: list("hasmedia"), ..phrases(&["plan"]) };
        assert_eq!(found(&db, not).await, [2]);
        let marked = Wanted { marks: vec![list("hasmedia haspoll")], ..Wanted::default() };
        assert_eq!(found(&db, marked).await, [1]);
        assert_eq!(found(&db, phrases(&["open"])).await, [0_i64; 0], "a mark is no word");
        assert_eq!(found(&db, phrases(&["hasmedia"])).await, [0_i64; 0], "a mark is no word");
        let nobody = db.read(|c| find(c, &phrases(&["plan"]), Range::newest(9), 0)).await;
        assert_eq!(nobody, Ok(vec![]), "without saying who looks");
    })
    .await;
}

#[tokio::test]
async fn the_newest_come_first_and_pages_go_on() {
    both(|db| async move {
        with_posts(&db, 6).await;
        for id in 1..=6 {
            keep(&db, id, "word", "open").await;
        }
        let page = |range, offset| {
            let wanted = Wanted { marks: vec![list("open")], ..phrases(&["word"]) };
            let db = &db;
            async move {
                let ids = db.read(move |c| find(c, &wanted, range, offset)).await.unwrap();
                ids.into_iter().map(|id| id.0).collect::<Vec<_>>()
            }
        };
        assert_eq!(page(Range::newest(2), 0).await, [6, 5]);
        assert_eq!(page(Range::newest(2), 2).await, [4, 3]);
        assert_eq!(page(Range { max: Some(3), ..Range::newest(2) }, 0).await, [2, 1]);
        assert_eq!(page(Range { since: Some(5), ..Range::newest(2) }, 0).await, [6]);
    })
    .await;
}

#[tokio::test]
async fn a_post_is_written_anew_forgotten_and_gone_with_its_row() {
    both(|db| async move {
        with_posts(&db, 3).await;
        for id in 1..=3 {
            keep(&db, id, "old", "open").await;
        }
        keep(&db, 1, "new", "open").await;
        keep(&db, 1, "newer", "open").await;
        assert_eq!(found(&db, phrases(&["old"])).await, [3, 2]);
        assert_eq!(found(&db, phrases(&["new"])).await, [0_i64; 0]);
        assert_eq!(found(&db, phrases(&["newer"])).await, [1]);
        db.write(|tx| forget(tx, &[StatusId(2), StatusId(99)])).await.unwrap();
        assert_eq!(found(&db, phrases(&["old"])).await, [3]);
        db.write(|tx| crate::statuses::delete(tx, StatusId(3))).await.unwrap();
        assert_eq!(found(&db, phrases(&["old"])).await, [0_i64; 0]);
    })
    .await;
}

#[tokio::test]
async fn i3_no_word_is_part_of_a_question() {
    both(|db| async move {
        with_posts(&db, 1).await;
        keep(&db, 1, "word", "open").await;
        for hostile in ["'", "\"", "a\" OR marks : \"open", "*", "\\", "' | '", "\0", ":*", "!", "(", "NEAR("]
        {
            let some = vec![hostile.to_owned()];
            let wanted =
                Wanted { all: vec![vec![vec!["word".to_owned()], some.clone()]], ..Wanted::default() };
            assert!(!found(&db, wanted).await.contains(&2), "{hostile}");
            let marks = vec![vec!["open".to_owned()], some.clone()];
            let wanted = Wanted { marks, ..Wanted::default() };
            let newest = Range::newest(3);
            db.read(move |c| find(c, &wanted, newest, 0)).await.unwrap();
            db.write(move |tx| set(tx, StatusId(1), &some, &some)).await.unwrap();
            keep(&db, 1, "word", "open").await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_noted_is_taken_once() {
    both(|db| async move {
        with_posts(&db, 3).await;
        db.write(|tx| {
            for id in [1, 2, 2, 3] {
                let now = tx.now();
                note(tx, StatusId(id), now)?;
            }
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        let mut taken = db.claim(|tx| take(tx, 2)).await.unwrap();
        taken.sort();
        assert_eq!(taken, [StatusId(1), StatusId(2)]);
        assert_eq!(db.claim(|tx| take(tx, 2)).await.unwrap(), [StatusId(3)]);
        assert_eq!(db.claim(|tx| take(tx, 2)).await.unwrap(), []);
    })
    .await;
}
