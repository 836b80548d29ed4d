//! Tables of how people read: lists and what follows them.

diesel::table! {
    lists (id) {
        id -> BigInt,
        account_id -> BigInt,
        title -> Text,
        replies_policy -> SmallInt,
        is_exclusive -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    list_accounts (list_id, account_id) {
        list_id -> BigInt,
        account_id -> BigInt,
        id -> BigInt,
    }
}

diesel::table! {
    list_entries (list_id, status_id) {
        list_id -> BigInt,
        status_id -> BigInt,
        author_id -> BigInt,
    }
}

diesel::joinable!(list_accounts -> lists (list_id));
diesel::joinable!(list_entries -> lists (list_id));
