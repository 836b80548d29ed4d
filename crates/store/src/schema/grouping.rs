//! Tables of groups of this town.

diesel::table! {
    communities (account_id) {
        account_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    group_posts (status_id) {
        status_id -> BigInt,
        group_id -> BigInt,
        root_id -> BigInt,
        entered_at -> BigInt,
        passed_on_at -> Nullable<BigInt>,
        locked_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
        reason -> Text,
    }
}

diesel::table! {
    group_moderators (group_id, account_id) {
        group_id -> BigInt,
        account_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    group_bans (group_id, account_id) {
        group_id -> BigInt,
        account_id -> BigInt,
        reason -> Text,
        created_at -> BigInt,
    }
}
