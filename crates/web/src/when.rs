//! Instants in words. Near ones are told by their distance, which is the same in every time zone; a full date names its zone.

use jiff::tz::TimeZone;
use parvis_i18n::{Language, Value, Words};
use parvis_model::time::{DAY, HOUR, MINUTE, Moment};

/// "3 hours ago" within a week, the day after that. What lies in the future (a clock elsewhere is ahead) is "just now".
#[must_use]
pub fn ago(language: Language, then: Moment, now: Moment) -> String {
    let (key, count) = match now.since(then) {
        distance if distance < MINUTE => ("ago-now", 0),
        distance if distance < HOUR => ("ago-minutes", distance / MINUTE),
        distance if distance < DAY => ("ago-hours", distance / HOUR),
        distance if distance < 7 * DAY => ("ago-days", distance / DAY),
        _ => return day(language, then),
    };
    Words::text(language, key, &[("count", Value::from(count))])
}

/// "12 November 2026".
#[must_use]
pub fn day(language: Language, then: Moment) -> String {
    let Some(date) = zoned(then) else { return then.to_date() };
    let month = Words::text(language, &format!("month-{}", date.month()), &[]);
    let (day, year) = (date.day().to_string(), date.year().to_string());
    Words::text(
        language,
        "date-day",
        &[("day", Value::from(day)), ("month", Value::from(month)), ("year", Value::from(year))],
    )
}

/// "12 November 2026, 14:05 UTC".
#[must_use]
pub fn in_full(language: Language, then: Moment) -> String {
    let time = zoned(then).map(|d| format!("{:02}:{:02}", d.hour(), d.minute())).unwrap_or_default();
    Words::text(
        language,
        "date-full",
        &[("day", Value::from(day(language, then))), ("time", Value::from(time))],
    )
}

fn zoned(then: Moment) -> Option<jiff::Zoned> {
    Some(jiff::Timestamp::from_millisecond(then.0).ok()?.to_zoned(TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_795_000_000_000);

    #[test]
    fn near_instants_are_told_by_distance_and_far_ones_by_their_day() {
        let told = |language, millis| ago(language, NOW.minus(millis), NOW);
        assert_eq!(told(Language::En, 5_000), "just now");
        assert_eq!(told(Language::En, -HOUR), "just now");
        assert_eq!(told(Language::En, MINUTE), "1 minute ago");
        assert_eq!(told(Language::Fr, 3 * HOUR), "il y a 3 heures");
        assert_eq!(told(Language::Fr, 2 * DAY), "il y a 2 jours");
        assert_eq!(told(Language::Fr, 30 * DAY), "19 octobre 2026");
        assert_eq!(told(Language::En, 30 * DAY), "19 October 2026");
        assert_eq!(in_full(Language::En, NOW), "18 November 2026, 11:06 UTC");
    }

    #[test]
    fn no_instant_is_too_far() {
        for far in [i64::MIN, i64::MAX, 0] {
            let _ = ago(Language::En, Moment(far), NOW);
            let _ = in_full(Language::Fr, Moment(far));
        }
    }
}
