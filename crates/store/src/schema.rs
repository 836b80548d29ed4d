//! The tables, as diesel sees them on both databases. Written by hand from `migrations/`; the store tests run every query against both.
//!
//! Not here: table of diesel's own migrations.

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
    logins (account_id) {
        account_id -> BigInt,
        email -> Text,
        email_key -> Text,
        password_hash -> Text,
        role -> Text,
        locale -> Text,
        sign_up_reason -> Text,
        rules_accepted_at -> Nullable<BigInt>,
        confirmed_at -> Nullable<BigInt>,
        approved_at -> Nullable<BigInt>,
        last_active_at -> BigInt,
        default_visibility -> SmallInt,
        default_sensitive -> Bool,
        default_language -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    email_links (token_hash) {
        token_hash -> Text,
        account_id -> BigInt,
        purpose -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    web_sessions (token_hash) {
        token_hash -> Text,
        account_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    oauth_apps (id) {
        id -> BigInt,
        client_id -> Text,
        secret_hash -> Text,
        name -> Text,
        website -> Nullable<Text>,
        redirect_uris -> Text,
        scopes -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    oauth_codes (code_hash) {
        code_hash -> Text,
        app_id -> BigInt,
        account_id -> BigInt,
        redirect_uri -> Text,
        scopes -> Text,
        challenge -> Nullable<Text>,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        token_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    oauth_tokens (id) {
        id -> BigInt,
        token_hash -> Text,
        app_id -> BigInt,
        account_id -> Nullable<BigInt>,
        scopes -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    statuses (id) {
        id -> BigInt,
        uri -> Text,
        url -> Text,
        account_id -> BigInt,
        is_local -> Bool,
        source -> Text,
        html -> Text,
        warning -> Text,
        is_sensitive -> Bool,
        language -> Nullable<Text>,
        visibility -> SmallInt,
        in_reply_to_id -> Nullable<BigInt>,
        in_reply_to_uri -> Nullable<Text>,
        in_reply_to_account_id -> Nullable<BigInt>,
        thread_id -> BigInt,
        boost_of_id -> Nullable<BigInt>,
        app_id -> Nullable<BigInt>,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    status_edits (id) {
        id -> BigInt,
        status_id -> BigInt,
        html -> Text,
        warning -> Text,
        is_sensitive -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    mentions (status_id, account_id) {
        status_id -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    tags (id) {
        id -> BigInt,
        name -> Text,
        display -> Text,
    }
}

diesel::table! {
    status_tags (tag_id, status_id) {
        tag_id -> BigInt,
        status_id -> BigInt,
    }
}

diesel::table! {
    media (id) {
        id -> BigInt,
        account_id -> BigInt,
        status_id -> Nullable<BigInt>,
        position -> SmallInt,
        kind -> Text,
        mime -> Text,
        description -> Text,
        focus_x -> Double,
        focus_y -> Double,
        blurhash -> Nullable<Text>,
        width -> Integer,
        height -> Integer,
        small_width -> Integer,
        small_height -> Integer,
        file_key -> Nullable<Text>,
        small_key -> Nullable<Text>,
        remote_url -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    favourites (status_id, account_id) {
        account_id -> BigInt,
        status_id -> BigInt,
        id -> BigInt,
        uri -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    bookmarks (account_id, status_id) {
        account_id -> BigInt,
        status_id -> BigInt,
        id -> BigInt,
    }
}

diesel::table! {
    pins (account_id, status_id) {
        account_id -> BigInt,
        status_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    home_entries (account_id, status_id) {
        account_id -> BigInt,
        status_id -> BigInt,
        author_id -> BigInt,
    }
}

diesel::table! {
    big_entries (status_id) {
        status_id -> BigInt,
        author_id -> BigInt,
    }
}

diesel::table! {
    big_authors (account_id) {
        account_id -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (account_id, key) {
        account_id -> BigInt,
        key -> Text,
        status_id -> BigInt,
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

diesel::table! {
    outbox (id) {
        id -> BigInt,
        seq -> Nullable<BigInt>,
        uri -> Text,
        actor_id -> BigInt,
        kind -> Text,
        object_uri -> Nullable<Text>,
        body -> Text,
        followers_of -> Nullable<BigInt>,
        as_of -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    outbox_inboxes (outbox_id, host, inbox) {
        outbox_id -> BigInt,
        host -> Text,
        inbox -> Text,
    }
}

diesel::table! {
    leaders (task) {
        task -> Text,
        holder -> BigInt,
        leased_until -> BigInt,
    }
}

diesel::table! {
    peers (host) {
        host -> Text,
        cursor_seq -> BigInt,
        failures -> Integer,
        next_try_at -> Nullable<BigInt>,
        first_failure_at -> Nullable<BigInt>,
        last_success_at -> Nullable<BigInt>,
        last_inbound_at -> Nullable<BigInt>,
        is_dead -> Bool,
        signature -> Text,
        shared_inbox -> Nullable<Text>,
        software -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    peer_follows (id) {
        id -> BigInt,
        host -> Text,
        actor_id -> BigInt,
        since -> BigInt,
        until -> Nullable<BigInt>,
    }
}

diesel::table! {
    inbound (id) {
        id -> BigInt,
        actor_uri -> Text,
        activity_uri -> Text,
        host -> Text,
        body -> Binary,
        received_at -> BigInt,
        state -> SmallInt,
        attempts -> Integer,
        run_at -> BigInt,
        leased_until -> Nullable<BigInt>,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    tombstones (uri) {
        uri -> Text,
        actor_uri -> Text,
        kind -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        payload -> Text,
        unique_key -> Nullable<Text>,
        run_at -> BigInt,
        attempts -> Integer,
        state -> SmallInt,
        leased_until -> Nullable<BigInt>,
        problem -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    actor_keys,
    key_pool,
    custom_emojis,
    domain_blocks,
    logins,
    email_links,
    web_sessions,
    oauth_apps,
    oauth_codes,
    oauth_tokens,
    statuses,
    status_edits,
    mentions,
    tags,
    status_tags,
    media,
    favourites,
    bookmarks,
    pins,
    home_entries,
    big_entries,
    big_authors,
    idempotency_keys,
    follows,
    blocks,
    mutes,
    account_notes,
    notifications,
    markers,
    outbox,
    outbox_inboxes,
    leaders,
    peers,
    peer_follows,
    inbound,
    tombstones,
    jobs,
);

diesel::joinable!(mentions -> accounts (account_id));
diesel::joinable!(mentions -> statuses (status_id));
diesel::joinable!(status_tags -> tags (tag_id));
diesel::joinable!(status_tags -> statuses (status_id));
diesel::joinable!(statuses -> accounts (account_id));
