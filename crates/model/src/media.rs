//! Pictures of posts: kinds, focal points. Decoding is in the `media` crate, use cases in `domain::media`.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn focal_points_are_clamped_and_nonsense_is_refused() {
        assert_eq!(Focus::parse("0.5,-2"), Some(Focus { x: 0.5, y: -1.0 }));
        for bad in ["", "1", "a,b", "NaN,0", "inf,1"] {
            assert_eq!(Focus::parse(bad), None, "{bad}");
        }
    }
}
