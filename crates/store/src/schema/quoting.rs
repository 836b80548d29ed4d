//! Tables of quotes.

diesel::table! {
    quotes (status_id) {
        status_id -> BigInt,
        account_id -> BigInt,
        quoted_id -> Nullable<BigInt>,
        quoted_uri -> Text,
        quoted_account_id -> Nullable<BigInt>,
        state -> SmallInt,
        request_uri -> Nullable<Text>,
        approval_uri -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    quote_policies (status_id) {
        status_id -> BigInt,
        automatic -> SmallInt,
        manual -> SmallInt,
    }
}
