//! The report: what failed first, then the rows of tier 3, then the counts.

use super::verdict::{Judged, Verdict};

/// So many problems of one row are enough to begin with.
const SHOWN: usize = 6;

/// Prints everything and gives the number of failures in tiers 1 and 2.
pub fn print(judged: &Judged, whole: bool) -> usize {
    for (row, verdict) in judged.rows.iter().filter(|(row, _)| row.tier <= 2) {
        if let Some(line) = complaint(verdict) {
            println!("{}  {} {} (tier {}){line}", label(verdict), row.method, row.path, row.tier);
        }
    }
    println!("\ntier 3");
    for (row, verdict) in judged.rows.iter().filter(|(row, _)| row.tier == 3) {
        println!("{}  {} {}{}", label(verdict), row.method, row.path, complaint(verdict).unwrap_or_default());
    }
    list("entities that were never there", judged.lacking.iter());
    list("values that were never there", judged.unseen.iter());
    list("not in Mastodon", judged.extra.iter());
    println!(
        "\n{} answers compared; {} of {} parts of entities were there",
        judged.compared, judged.parts.1, judged.parts.0
    );
    let mut failures = judged.lacking.len();
    for tier in 1..=3 {
        let of = |which: fn(&Verdict) -> bool| {
            judged.rows.iter().filter(|(row, v)| row.tier == tier && which(v)).count()
        };
        let (rows, covered) = (of(|_| true), of(|v| matches!(v, Verdict::Covered(_))));
        let (missing, absent) = (of(|v| *v == Verdict::Missing), of(|v| matches!(v, Verdict::Absent(_))));
        let off = of(|v| matches!(v, Verdict::Off(_)));
        let failed = of(is_failure);
        println!(
            "tier {tier}: {covered} of {rows} rows covered, {failed} failures, {missing} missing, {absent} left out and {off} off for a reason"
        );
        if tier <= 2 {
            failures += failed + if whole { missing } else { 0 };
        }
    }
    println!("{failures} failures in tiers 1 and 2, entities that were never there included");
    failures
}

const fn is_failure(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Few(_) | Verdict::Wrong(_) | Verdict::NeverCalled)
}

const fn label(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Covered(_) => "ok     ",
        Verdict::Few(_) => "FEW    ",
        Verdict::Wrong(_) => "WRONG  ",
        Verdict::NeverCalled => "UNUSED ",
        Verdict::Missing => "missing",
        Verdict::Absent(_) => "absent ",
        Verdict::Off(_) => "off    ",
    }
}

/// What there is to say of a row beside its label; nothing of one that is covered.
fn complaint(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Covered(_) => None,
        Verdict::Few(lists) => Some(format!(": {}", lists.join(", "))),
        Verdict::Wrong(problems) => {
            let more = problems.len().saturating_sub(SHOWN);
            let lines: String = problems.iter().take(SHOWN).map(|p| format!("\n           {p}")).collect();
            Some(if more == 0 { lines } else { format!("{lines}\n           and {more} more") })
        }
        Verdict::NeverCalled | Verdict::Missing => Some(String::new()),
        Verdict::Absent(reason) | Verdict::Off(reason) => Some(format!(": {reason}")),
    }
}

fn list<'a>(title: &str, parts: impl ExactSizeIterator<Item = &'a String>) {
    if parts.len() > 0 {
        println!("\n{title} ({}):", parts.len());
        println!("  {}", parts.map(String::as_str).collect::<Vec<_>>().join(" "));
    }
}
