//! Tables of how people read: lists, filters, followed and shown hashtags, conversations.

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

diesel::table! {
    filters (id) {
        id -> BigInt,
        account_id -> BigInt,
        title -> Text,
        contexts -> SmallInt,
        action -> SmallInt,
        expires_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    filter_keywords (id) {
        id -> BigInt,
        filter_id -> BigInt,
        keyword -> Text,
        is_whole_word -> Bool,
    }
}

diesel::table! {
    filter_statuses (id) {
        id -> BigInt,
        filter_id -> BigInt,
        status_id -> BigInt,
    }
}

diesel::joinable!(filter_keywords -> filters (filter_id));
diesel::joinable!(filter_statuses -> filters (filter_id));

diesel::table! {
    tag_follows (account_id, tag_id) {
        account_id -> BigInt,
        tag_id -> BigInt,
        id -> BigInt,
    }
}

diesel::table! {
    featured_tags (id) {
        id -> BigInt,
        account_id -> BigInt,
        tag_id -> BigInt,
    }
}

diesel::table! {
    conversations (id) {
        id -> BigInt,
        account_id -> BigInt,
        thread_id -> BigInt,
        participants -> Text,
        last_status_id -> BigInt,
        is_unread -> Bool,
    }
}

diesel::table! {
    conversation_statuses (account_id, status_id) {
        account_id -> BigInt,
        status_id -> BigInt,
        conversation_id -> BigInt,
    }
}

diesel::joinable!(conversation_statuses -> conversations (conversation_id));

diesel::table! {
    tag_rules (tag_id) {
        tag_id -> BigInt,
        is_usable -> Bool,
        is_listable -> Bool,
    }
}
