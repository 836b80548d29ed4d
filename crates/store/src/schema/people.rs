//! Tables of actors and of what they have to do with one another.

diesel::table! {
    accounts (id) {
        id -> BigInt,
        username -> Text,
        username_key -> Text,
        skeleton -> Nullable<Text>,
        host -> Text,
        uri -> Text,
        url -> Text,
        kind -> Text,
        display_name -> Text,
        bio_html -> Text,
        bio_source -> Text,
        fields -> Text,
        avatar -> Nullable<Text>,
        header -> Nullable<Text>,
        is_locked -> Bool,
        is_discoverable -> Bool,
        inbox -> Text,
        shared_inbox -> Nullable<Text>,
        outbox -> Text,
        followers_uri -> Text,
        featured_uri -> Nullable<Text>,
        created_at -> BigInt,
        fetched_at -> Nullable<BigInt>,
        suspended_at -> Nullable<BigInt>,
        gone_at -> Nullable<BigInt>,
        last_status_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    actor_keys (id) {
        id -> BigInt,
        account_id -> BigInt,
        uri -> Text,
        algorithm -> Text,
        public_der -> Binary,
        private_sealed -> Nullable<Binary>,
        created_at -> BigInt,
    }
}

diesel::table! {
    key_pool (id) {
        id -> BigInt,
        public_der -> Binary,
        private_sealed -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    custom_emojis (id) {
        id -> BigInt,
        shortcode -> Text,
        host -> Text,
        image -> Text,
        category -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    domain_blocks (host) {
        host -> Text,
        severity -> Text,
        reject_media -> Bool,
        public_comment -> Text,
        private_comment -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    follows (id) {
        id -> BigInt,
        follower_id -> BigInt,
        followee_id -> BigInt,
        uri -> Text,
        state -> SmallInt,
        shows_boosts -> Bool,
        notifies -> Bool,
        languages -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    blocks (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        id -> BigInt,
        uri -> Text,
    }
}

diesel::table! {
    mutes (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        id -> BigInt,
        hides_notifications -> Bool,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    account_notes (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        note -> Text,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        from_account_id -> BigInt,
        status_id -> Nullable<BigInt>,
        unique_key -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    markers (account_id, timeline) {
        account_id -> BigInt,
        timeline -> Text,
        last_read_id -> BigInt,
        version -> BigInt,
        updated_at -> BigInt,
    }
}
