//! Tables of what goes out and comes in, and of the job queue.

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

diesel::table! {
    upkeep (task) {
        task -> Text,
        version -> Integer,
        cursor_id -> Nullable<BigInt>,
    }
}
