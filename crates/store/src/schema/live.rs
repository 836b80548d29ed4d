//! Tables of what is told to people at once: streams, push, what is held back.

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

diesel::table! {
    notification_policies (account_id) {
        account_id -> BigInt,
        for_not_following -> SmallInt,
        for_not_followers -> SmallInt,
        for_new_accounts -> SmallInt,
        for_private_mentions -> SmallInt,
        for_limited_accounts -> SmallInt,
    }
}

diesel::table! {
    notification_permissions (account_id, from_account_id) {
        account_id -> BigInt,
        from_account_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    notification_requests (id) {
        id -> BigInt,
        account_id -> BigInt,
        from_account_id -> BigInt,
        last_status_id -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    severances (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        target -> Text,
        followers -> BigInt,
        following -> BigInt,
        created_at -> BigInt,
    }
}
