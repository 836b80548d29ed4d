//! Tables of addresses that cannot come in, and of announcements.

diesel::table! {
    email_domain_blocks (id) {
        id -> BigInt,
        domain -> Text,
        allow_with_approval -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    canonical_email_blocks (id) {
        id -> BigInt,
        hash -> Text,
        account_id -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    ip_blocks (id) {
        id -> BigInt,
        network -> Text,
        severity -> Text,
        comment -> Text,
        expires_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    announcements (id) {
        id -> BigInt,
        source -> Text,
        html -> Text,
        starts_at -> Nullable<BigInt>,
        ends_at -> Nullable<BigInt>,
        is_all_day -> Bool,
        published_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    announcement_statuses (announcement_id, status_id) {
        announcement_id -> BigInt,
        status_id -> BigInt,
    }
}

diesel::table! {
    announcement_dismissals (account_id, announcement_id) {
        account_id -> BigInt,
        announcement_id -> BigInt,
    }
}

diesel::table! {
    announcement_reactions (announcement_id, account_id, name) {
        announcement_id -> BigInt,
        account_id -> BigInt,
        name -> Text,
        created_at -> BigInt,
    }
}
