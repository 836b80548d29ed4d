//! Tables of what links lead to.

diesel::table! {
    preview_cards (id) {
        id -> BigInt,
        url -> Text,
        title -> Text,
        description -> Text,
        author_name -> Text,
        author_url -> Text,
        provider_name -> Text,
        provider_url -> Text,
        language -> Nullable<Text>,
        image_key -> Nullable<Text>,
        image_description -> Text,
        width -> Integer,
        height -> Integer,
        blurhash -> Nullable<Text>,
        published_at -> Nullable<BigInt>,
        fetched_at -> Nullable<BigInt>,
        created_at -> BigInt,
        author_account_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    status_cards (status_id) {
        status_id -> BigInt,
        card_id -> BigInt,
    }
}

diesel::table! {
    translations (status_id, language) {
        status_id -> BigInt,
        language -> Text,
        source_hash -> Text,
        source_language -> Text,
        answer -> Text,
        created_at -> BigInt,
    }
}
