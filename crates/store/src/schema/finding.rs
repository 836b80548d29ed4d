//! Tables of the words by which accounts and posts are found. Not here: `status_words`, of which diesel knows no type (`store::status_words`).

diesel::table! {
    account_words (is_local, word, account_id) {
        account_id -> BigInt,
        word -> Text,
        is_local -> Bool,
        is_in_name -> Bool,
    }
}

diesel::table! {
    unindexed_statuses (status_id) {
        status_id -> BigInt,
        changed_at -> BigInt,
    }
}
