//! Pictures, video and sound of posts: focal points, durations. Decoding is in the `media` crate, use cases in `domain::media`.

/// Where a picture's centre of attention lies, each axis from −1 to 1 (Mastodon's focal point).
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Focus {
    /// −1 left, 1 right.
    pub x: f64,
    /// −1 bottom, 1 top.
    pub y: f64,
}

impl Focus {
    /// Reads `x,y`; both must be numbers; they are clamped to −1…1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (x, y) = text.split_once(',')?;
        let read =
            |t: &str| t.trim().parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n.clamp(-1.0, 1.0));
        Some(Self { x: read(x)?, y: read(y)? })
    }
}

/// Where files are until they are processed: `incoming/ab/cdef….mov`. Never served.
pub const INCOMING: &str = "incoming/";
/// Ends of the files that are made of recordings.
const MADE: [&str; 3] = ["mp4", "mp3", "m4a"];

/// The file that is made of what was sent; both have the same name, so that whoever dies in the middle leaves nothing that nobody knows of.
#[must_use]
pub fn made_of(source: &str, extension: &str) -> String {
    format!("attachments/{}.{extension}", name_of(source))
}

/// The small picture that is made of what was sent.
#[must_use]
pub fn poster_of(source: &str) -> String {
    format!("attachments/{}-small.jpg", name_of(source))
}

/// What was sent and all that may have been made of it.
#[must_use]
pub fn files_around(source: &str) -> Vec<String> {
    let made = MADE.iter().map(|extension| made_of(source, extension));
    [source.to_owned(), poster_of(source)].into_iter().chain(made).collect()
}

fn name_of(source: &str) -> &str {
    let name = source.strip_prefix(INCOMING).unwrap_or(source);
    name.split_once('.').map_or(name, |(name, _)| name)
}

/// A duration as ActivityStreams writes it (xsd:duration, <https://www.w3.org/TR/xmlschema11-2/#duration>): `PT88.654S`.
#[must_use]
pub fn xsd_duration(milliseconds: i64) -> String {
    let whole = milliseconds.max(0);
    format!("PT{}.{:03}S", whole / 1_000, whole % 1_000)
}

/// Reads such a duration, in milliseconds. Years and months are no length of a recording, nor is more than a week.
#[must_use]
pub fn from_xsd_duration(text: &str) -> Option<i64> {
    const WEEK: f64 = 7.0 * 86_400.0;
    let (days, time) = text.trim().strip_prefix('P')?.split_once('T').unwrap_or((text.get(1..)?, ""));
    let (mut seconds, mut number) = (0.0, String::new());
    for (part, units) in
        [(days, [('D', 86_400.0), (' ', 0.0), (' ', 0.0)]), (time, [('H', 3_600.0), ('M', 60.0), ('S', 1.0)])]
    {
        for character in part.chars() {
            if character.is_ascii_digit() || character == '.' {
                number.push(character);
                continue;
            }
            let (_, weight) = units.iter().find(|(unit, _)| *unit == character)?;
            seconds += std::mem::take(&mut number).parse::<f64>().ok()? * weight;
        }
    }
    let is_usable = number.is_empty() && text.len() <= 40 && (0.0..=WEEK).contains(&seconds);
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "at most a week, in milliseconds"
    )]
    is_usable.then(|| (seconds * 1_000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_a_file_has_its_name() {
        let files = files_around("incoming/ab/cd.mov");
        assert_eq!(
            files[..3],
            ["incoming/ab/cd.mov", "attachments/ab/cd-small.jpg", "attachments/ab/cd.mp4"]
        );
        assert_eq!(files.len(), 2 + MADE.len());
    }

    #[test]
    fn durations_are_read_as_they_are_written_and_nonsense_is_none() {
        assert_eq!(xsd_duration(88_654), "PT88.654S");
        for (text, milliseconds) in
            [("PT88.654S", 88_654), ("PT1M28S", 88_000), ("PT2H", 7_200_000), ("P1DT1S", 86_401_000)]
        {
            assert_eq!(from_xsd_duration(text), Some(milliseconds), "{text}");
        }
        for bad in [
            "",
            "88",
            "PT",
            "P1Y",
            "PT1",
            "PTxS",
            "PT1.2.3S",
            "PT1e9S",
            "PT99999999999999S",
            "-PT1S",
            "PTNaNS",
        ] {
            assert!(from_xsd_duration(bad).is_none_or(|n| n == 0), "{bad}");
        }
    }

    #[test]
    fn focal_points_are_clamped_and_nonsense_is_refused() {
        assert_eq!(Focus::parse("0.5,-2"), Some(Focus { x: 0.5, y: -1.0 }));
        for bad in ["", "1", "a,b", "NaN,0", "inf,1"] {
            assert_eq!(Focus::parse(bad), None, "{bad}");
        }
    }
}
