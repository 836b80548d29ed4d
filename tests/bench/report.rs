//! The table of a run, its figures as JSON, and the difference to an earlier run.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::Outcome;
use crate::load::{Done, figure};
use crate::operations::Operation;
use crate::place::Place;
use crate::server::Spent;

/// Processor milliseconds of an operation.
pub fn per(spent: Duration, done: &Done) -> f64 {
    spent.as_secs_f64() * 1_000.0 / figure(done.count().max(1))
}

/// One operation.
pub struct Row {
    name: &'static str,
    rate: f64,
    p50: f64,
    p99: f64,
    own: f64,
    database: f64,
    size: f64,
    target: Option<(f64, f64)>,
    p99_target: Option<f64>,
}

impl Row {
    /// From a run as fast as possible and one at fixed times.
    pub fn of(operation: &Operation, done: &Done, spent: Spent, punctual: &Done) -> Self {
        Self {
            name: operation.name,
            rate: done.rate(),
            p50: punctual.p50().as_secs_f64() * 1_000.0,
            p99: punctual.p99().as_secs_f64() * 1_000.0,
            own: per(spent.own, done),
            database: per(spent.database, done),
            size: done.size(),
            target: operation.target,
            p99_target: operation.p99,
        }
    }
}

/// All operations.
pub struct Report {
    title: String,
    is_postgres: bool,
    idle: u64,
    rss: u64,
    load: String,
    reference: f64,
    rows: Vec<Row>,
}

impl Report {
    /// Before anything was asked.
    pub fn begin(place: &Place, idle: u64) -> Self {
        Self {
            title: place.describe(),
            is_postgres: place.url().is_some(),
            idle,
            rss: idle,
            load: std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned(),
            reference: reference(),
            rows: Vec::new(),
        }
    }

    /// One more.
    pub fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// After everything was asked.
    pub const fn end(&mut self, rss: u64) {
        self.rss = rss;
    }

    /// For people. `before` are the figures of an earlier run.
    pub fn table(&self, before: Option<&HashMap<String, f64>>) -> String {
        let mut text = format!(
            "\n{}\nload {}; reference loop {:.1} ms; memory (RssAnon) {} MiB idle, {} MiB at the end\n\n",
            self.title, self.load, self.reference, self.idle, self.rss
        );
        let _ = writeln!(
            text,
            "{:<30} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>7} {:>8}  verdict{}",
            "operation",
            "ops/s",
            "p50 ms",
            "p99 ms",
            "CPU ms",
            "DB ms",
            "kB",
            "target",
            "ratio",
            if before.is_some() { "   before" } else { "" }
        );
        for row in &self.rows {
            let target =
                row.target.map(|(sqlite, postgres)| if self.is_postgres { postgres } else { sqlite });
            let misses = target.is_some_and(|t| row.own > t) || row.p99_target.is_some_and(|t| row.p99 > t);
            let verdict = match target {
                None => "-",
                Some(_) if misses => "MISSED",
                Some(_) => "ok",
            };
            let _ = write!(
                text,
                "{:<30} {:>8.0} {:>8.2} {:>8.2} {:>8.3} {:>8} {:>8.1} {:>7} {:>8.4}  {verdict:<7}",
                row.name,
                row.rate,
                row.p50,
                row.p99,
                row.own,
                if self.is_postgres { format!("{:.3}", row.database) } else { "-".to_owned() },
                row.size / 1_000.0,
                target.map_or_else(|| "-".to_owned(), |t| format!("{t:.2}")),
                row.own / self.reference,
            );
            if let Some(old) = before.and_then(|b| b.get(row.name)) {
                let _ = write!(text, "  {old:.3} ({:+.0} %)", (row.own / old - 1.0) * 100.0);
            }
            text.push('\n');
        }
        text.push_str("\nCPU ms: processor time of the server for one operation, asked as fast as possible over 8 connections; p50 and p99: at half that rate.\nratio: CPU ms over the reference loop, for comparing machines.\n");
        text
    }

    /// For the next run.
    pub fn json(&self) -> String {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "operation": row.name, "per_second": row.rate, "p50_ms": row.p50, "p99_ms": row.p99,
                    "cpu_ms": row.own, "database_ms": row.database, "bytes": row.size,
                })
            })
            .collect();
        let whole = json!({
            "title": self.title, "load": self.load, "reference_ms": self.reference, "idle_mib": self.idle,
            "mib": self.rss, "rows": rows,
        });
        format!("{whole:#}\n")
    }

    /// Processor milliseconds of an earlier run's operations.
    pub fn read(path: &Path) -> Outcome<HashMap<String, f64>> {
        let whole: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let rows = whole.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
        let one =
            |row: &Value| Some((row.get("operation")?.as_str()?.to_owned(), row.get("cpu_ms")?.as_f64()?));
        Ok(rows.iter().filter_map(one).collect())
    }
}

/// A loop that only this processor decides about: milliseconds of the best of five.
fn reference() -> f64 {
    let once = || {
        let begin = Instant::now();
        let mut n: u64 = 1;
        for step in 0..3_000_000_u64 {
            n = std::hint::black_box(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step));
        }
        std::hint::black_box(n);
        begin.elapsed().as_secs_f64() * 1_000.0
    };
    (0..5).map(|_| once()).fold(f64::INFINITY, f64::min)
}
