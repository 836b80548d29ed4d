//! What a picture is for, and so how large its results are. The sizes are Mastodon's: clients lay out for them.

use serde::{Deserialize, Serialize};

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Of a post or a complaint: keeps its shape.
    Attachment,
    /// Square, 400 × 400.
    Avatar,
    /// Three times as wide as high, 1500 × 500.
    Header,
    /// A custom emoji: keeps its shape, always PNG or an animated GIF.
    Emoji,
}

/// What shall be made of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub kind: Kind,
    /// The most pixels (width × height) of the result; larger pictures are scaled down, none is scaled up.
    pub max_pixels: u32,
    /// The most pixels of the small still picture. `None`: none is made, except of an animation, where it is
    /// the still form that clients show to people who turned animations off.
    pub thumbnail_pixels: Option<u32>,
}

impl Wanted {
    /// 3840 × 2160 and 640 × 360.
    pub const ATTACHMENT: Self =
        Self { kind: Kind::Attachment, max_pixels: 8_294_400, thumbnail_pixels: Some(230_400) };
    /// Of a preview card: 640 × 360, still.
    pub const CARD: Self = Self { kind: Kind::Attachment, max_pixels: 230_400, thumbnail_pixels: None };
    /// Of a video: 640 × 360, still.
    pub const POSTER: Self = Self::CARD;
    pub const AVATAR: Self = Self { kind: Kind::Avatar, max_pixels: 160_000, thumbnail_pixels: None };
    pub const HEADER: Self = Self { kind: Kind::Header, max_pixels: 750_000, thumbnail_pixels: None };
    pub const EMOJI: Self = Self { kind: Kind::Emoji, max_pixels: 16_384, thumbnail_pixels: None };

    /// The shape that the result must have, as width and height of a ratio.
    pub(crate) const fn ratio(&self) -> Option<(u32, u32)> {
        match self.kind {
            Kind::Avatar => Some((1, 1)),
            Kind::Header => Some((3, 1)),
            Kind::Attachment | Kind::Emoji => None,
        }
    }
}

/// The size to which a picture shrinks so that it has at most `max_pixels`, in its own proportions. Never larger
/// than it was, never without a pixel.
pub(crate) fn fit(width: u32, height: u32, max_pixels: u32) -> (u32, u32) {
    let (wide, high, most) =
        (u64::from(width.max(1)), u64::from(height.max(1)), u64::from(max_pixels.max(1)));
    if wide * high <= most {
        return (width, height);
    }
    let new_wide = (most * wide / high).isqrt().min(most).clamp(1, wide);
    let new_high = ((new_wide * high + wide / 2) / wide).clamp(1, (most / new_wide).max(1));
    (u32::try_from(new_wide).unwrap_or(width), u32::try_from(new_high).unwrap_or(height))
}

/// The part in the middle that has the ratio: left, top, width, height.
pub(crate) fn middle(width: u32, height: u32, ratio: (u32, u32)) -> (u32, u32, u32, u32) {
    let (wide, high) = (u64::from(width), u64::from(height));
    let (across, down) = (u64::from(ratio.0.max(1)), u64::from(ratio.1.max(1)));
    let new_wide = (high * across / down).clamp(1, wide.max(1));
    let new_high = (wide * down / across).clamp(1, high.max(1));
    let new_wide = u32::try_from(new_wide).unwrap_or(width);
    let new_high = u32::try_from(new_high).unwrap_or(height);
    ((width - new_wide.min(width)) / 2, (height - new_high.min(height)) / 2, new_wide, new_high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_shrinks_in_its_own_proportions_and_never_grows() {
        assert_eq!(fit(100, 100, 160_000), (100, 100));
        assert_eq!(fit(7680, 4320, 8_294_400), (3840, 2160));
        assert_eq!(fit(4320, 7680, 8_294_400), (2160, 3840));
        for (width, height) in [(1, 16_000), (16_000, 1), (15_999, 2), (3, 7), (6_333, 6_301)] {
            let (wide, high) = fit(width, height, 1_000);
            assert!(wide >= 1 && high >= 1 && wide * high <= 1_000 && wide <= width && high <= height);
        }
    }

    #[test]
    fn the_middle_is_cut_out() {
        assert_eq!(middle(400, 300, (1, 1)), (50, 0, 300, 300));
        assert_eq!(middle(300, 400, (1, 1)), (0, 50, 300, 300));
        assert_eq!(middle(300, 300, (3, 1)), (0, 100, 300, 100));
        assert_eq!(middle(1, 5_000, (3, 1)), (0, 2_499, 1, 1));
    }
}
