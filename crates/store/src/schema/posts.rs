//! Tables of posts and of what hangs on them.

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
        context_uri -> Nullable<Text>,
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
        poll_options -> Nullable<Text>,
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
        state -> SmallInt,
        failure -> Nullable<Text>,
        source_key -> Nullable<Text>,
        remote_preview_url -> Nullable<Text>,
        duration_ms -> BigInt,
        frame_rate -> Text,
        bitrate -> BigInt,
        audio_codec -> Text,
        audio_frequency -> Integer,
        audio_channels -> Integer,
        fetched_at -> Nullable<BigInt>,
        tries -> SmallInt,
    }
}

diesel::table! {
    favourites (status_id, account_id) {
        account_id -> BigInt,
        status_id -> BigInt,
        id -> BigInt,
        uri -> Nullable<Text>,
        created_at -> BigInt,
        emoji -> Nullable<Text>,
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
    polls (id) {
        id -> BigInt,
        status_id -> BigInt,
        is_multiple -> Bool,
        hides_totals -> Bool,
        expires_at -> Nullable<BigInt>,
        remote_voters -> Nullable<BigInt>,
        fetched_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    poll_options (poll_id, position) {
        poll_id -> BigInt,
        position -> SmallInt,
        title -> Text,
        remote_votes -> BigInt,
    }
}

diesel::table! {
    poll_voters (poll_id, account_id) {
        poll_id -> BigInt,
        account_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    poll_votes (poll_id, account_id, position) {
        poll_id -> BigInt,
        account_id -> BigInt,
        position -> SmallInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    scheduled_statuses (id) {
        id -> BigInt,
        account_id -> BigInt,
        draft -> Text,
        scheduled_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    scheduled_media (media_id) {
        media_id -> BigInt,
        scheduled_id -> BigInt,
        position -> SmallInt,
    }
}

diesel::table! {
    thread_mutes (account_id, thread_id) {
        account_id -> BigInt,
        thread_id -> BigInt,
    }
}
