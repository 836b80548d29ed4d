//! Tables of what is told to people at once: streams, push.

diesel::table! {
    stream_deletions (id) {
        id -> BigInt,
        status_id -> BigInt,
        audience -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    push_subscriptions (id) {
        id -> BigInt,
        token_id -> BigInt,
        account_id -> BigInt,
        endpoint -> Text,
        p256dh -> Text,
        auth -> Text,
        is_standard -> Bool,
        alerts -> Text,
        policy -> Text,
        token_sealed -> Binary,
        created_at -> BigInt,
    }
}
