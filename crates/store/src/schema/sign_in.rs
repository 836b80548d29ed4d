//! Tables of logins, sessions and OAuth.

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
        default_quote_policy -> SmallInt,
        disabled_at -> Nullable<BigInt>,
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
