//! Hashtags: how many of them somebody may follow and show. What a hashtag is made of is in `text`.

/// Hashtags that one person follows.
pub const FOLLOWED_MAX: i64 = 1_000;
/// Hashtags on a profile (Mastodon's limit).
pub const FEATURED_MAX: i64 = 10;
/// Hashtags suggested for a profile.
pub const SUGGESTED_MAX: i64 = 10;
/// Days that a hashtag's history shows, today among them.
pub const HISTORY_DAYS: i64 = 7;
/// Hashtags that a hashtag timeline takes in each of `any`, `all` and `none` (Mastodon's limit).
pub const COMBINED_MAX: usize = 4;
