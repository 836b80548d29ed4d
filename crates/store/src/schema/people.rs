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
        silenced_at -> Nullable<BigInt>,
        sensitized_at -> Nullable<BigInt>,
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
        proof_public_der -> Nullable<Binary>,
        proof_private_sealed -> Nullable<Binary>,
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
    foreign_pictures (url) {
        url -> Text,
        file_key -> Text,
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
        id -> BigInt,
        reject_reports -> Bool,
        obfuscate -> Bool,
    }
}

diesel::table! {
    domain_allows (id) {
        id -> BigInt,
        host -> Text,
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
    account_aliases (account_id, uri) {
        account_id -> BigInt,
        uri -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    account_moves (account_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        moved_at -> BigInt,
        is_shown -> Bool,
    }
}

diesel::table! {
    endorsements (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
        id -> BigInt,
    }
}

diesel::table! {
    suggestion_dismissals (account_id, target_id) {
        account_id -> BigInt,
        target_id -> BigInt,
    }
}

diesel::table! {
    town_picks (account_id) {
        account_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    host_blocks (account_id, host) {
        account_id -> BigInt,
        host -> Text,
        id -> BigInt,
    }
}

diesel::table! {
    activity_weeks (week) {
        week -> BigInt,
        statuses -> BigInt,
        logins -> BigInt,
        registrations -> BigInt,
    }
}

diesel::table! {
    activity_logins (week, account_id) {
        week -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    profiles (account_id) {
        account_id -> BigInt,
        avatar_description -> Text,
        header_description -> Text,
        is_indexable -> Bool,
        hides_collections -> Bool,
        shows_media -> Bool,
        shows_media_replies -> Bool,
        shows_featured -> Bool,
        attribution_domains -> Text,
    }
}

diesel::table! {
    imports (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        is_overwriting -> Bool,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_rows (import_id, position) {
        import_id -> BigInt,
        position -> BigInt,
        target -> Text,
        options -> Text,
        state -> SmallInt,
    }
}

diesel::table! {
    collections (id) {
        id -> BigInt,
        account_id -> BigInt,
        name -> Text,
        description -> Text,
        tag_name -> Nullable<Text>,
        language -> Nullable<Text>,
        is_sensitive -> Bool,
        is_discoverable -> Bool,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    collection_items (id) {
        id -> BigInt,
        collection_id -> BigInt,
        account_id -> BigInt,
        state -> SmallInt,
        created_at -> BigInt,
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
        report_id -> Nullable<BigInt>,
        strike_id -> Nullable<BigInt>,
        group_key -> Text,
        is_filtered -> Bool,
        severance_id -> Nullable<BigInt>,
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
