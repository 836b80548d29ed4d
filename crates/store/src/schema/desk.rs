//! Tables of reports, decisions and their record.

diesel::table! {
    reports (id) {
        id -> BigInt,
        uri -> Text,
        account_id -> BigInt,
        target_id -> BigInt,
        category -> Text,
        comment -> Text,
        rule_ids -> Text,
        is_forwarded -> Bool,
        assigned_id -> Nullable<BigInt>,
        acted_by_id -> Nullable<BigInt>,
        acted_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    report_statuses (report_id, status_id) {
        report_id -> BigInt,
        status_id -> BigInt,
    }
}

diesel::table! {
    strikes (id) {
        id -> BigInt,
        account_id -> Nullable<BigInt>,
        target_id -> BigInt,
        action -> Text,
        text -> Text,
        report_id -> Nullable<BigInt>,
        created_at -> BigInt,
        overruled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    appeals (id) {
        id -> BigInt,
        strike_id -> BigInt,
        account_id -> BigInt,
        text -> Text,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        is_approved -> Bool,
        decided_by_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    warning_presets (id) {
        id -> BigInt,
        title -> Text,
        text -> Text,
    }
}

diesel::table! {
    audit_log (id) {
        id -> BigInt,
        account_id -> Nullable<BigInt>,
        actor -> Text,
        action -> Text,
        target_kind -> Text,
        target_id -> Nullable<BigInt>,
        target -> Text,
        reason -> Text,
        created_at -> BigInt,
    }
}
