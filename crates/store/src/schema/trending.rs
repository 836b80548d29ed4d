//! Tables of what trends.

diesel::table! {
    trends (kind, subject) {
        kind -> SmallInt,
        subject -> BigInt,
        score -> Double,
    }
}

diesel::table! {
    trend_days (kind, subject, day) {
        kind -> SmallInt,
        subject -> BigInt,
        day -> BigInt,
        accounts -> BigInt,
        uses -> BigInt,
    }
}

diesel::table! {
    trend_reviews (kind, subject) {
        kind -> SmallInt,
        subject -> BigInt,
        is_allowed -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    trend_publishers (id) {
        id -> BigInt,
        host -> Text,
        is_allowed -> Nullable<Bool>,
        created_at -> BigInt,
    }
}
