//! Tables of what is told to people at once: streams, push.

diesel::table! {
    stream_deletions (id) {
        id -> BigInt,
        status_id -> BigInt,
        audience -> Text,
        created_at -> BigInt,
    }
}
