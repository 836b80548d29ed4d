//! The tables, as diesel sees them on both databases. Written by hand from `migrations/`; the store tests run every query against both.
//!
//! Not here: table of diesel's own migrations.

mod live;
mod desk;
mod gates;
mod grouping;
mod people;
mod finding;
mod posts;
mod reading;
mod previews;
mod quoting;
mod sign_in;
mod transport;
mod trending;

pub use desk::*;
pub use finding::*;
pub use gates::*;
pub use grouping::*;
pub use live::*;
pub use people::*;
pub use posts::*;
pub use previews::*;
pub use quoting::*;
pub use reading::*;
pub use sign_in::*;
pub use transport::*;
pub use trending::*;

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    account_words,
    unindexed_statuses,
    actor_keys,
    key_pool,
    custom_emojis,
    foreign_pictures,
    domain_blocks,
    domain_allows,
    logins,
    email_links,
    web_sessions,
    oauth_apps,
    oauth_codes,
    oauth_tokens,
    statuses,
    status_edits,
    mentions,
    tags,
    status_tags,
    media,
    favourites,
    bookmarks,
    pins,
    home_entries,
    big_entries,
    big_authors,
    idempotency_keys,
    lists,
    list_accounts,
    list_entries,
    preview_cards,
    status_cards,
    translations,
    quotes,
    quote_policies,
    trends,
    trend_days,
    trend_reviews,
    trend_publishers,
    polls,
    poll_options,
    poll_voters,
    poll_votes,
    scheduled_statuses,
    scheduled_media,
    thread_mutes,
    filters,
    filter_keywords,
    filter_statuses,
    tag_rules,
    tag_follows,
    featured_tags,
    conversations,
    conversation_statuses,
    follows,
    blocks,
    mutes,
    account_notes,
    account_aliases,
    account_moves,
    endorsements,
    suggestion_dismissals,
    town_picks,
    host_blocks,
    activity_weeks,
    activity_logins,
    profiles,
    imports,
    import_rows,
    collections,
    collection_items,
    communities,
    group_posts,
    group_moderators,
    group_bans,
    notifications,
    markers,
    outbox,
    outbox_inboxes,
    leaders,
    peers,
    peer_follows,
    inbound,
    tombstones,
    jobs,
    upkeep,
    stream_deletions,
    push_subscriptions,
    reports,
    report_statuses,
    strikes,
    appeals,
    warning_presets,
    audit_log,
    email_domain_blocks,
    canonical_email_blocks,
    ip_blocks,
    announcements,
    announcement_statuses,
    announcement_dismissals,
    announcement_reactions,
    severances,
    notification_policies,
    notification_permissions,
    notification_requests,
);

diesel::joinable!(mentions -> accounts (account_id));
diesel::joinable!(mentions -> statuses (status_id));
diesel::joinable!(status_cards -> preview_cards (card_id));
diesel::joinable!(status_cards -> statuses (status_id));
diesel::joinable!(status_edits -> statuses (status_id));
diesel::joinable!(poll_options -> polls (poll_id));
diesel::joinable!(poll_voters -> accounts (account_id));
diesel::joinable!(scheduled_media -> media (media_id));
diesel::joinable!(status_tags -> tags (tag_id));
diesel::joinable!(conversation_statuses -> statuses (status_id));
diesel::joinable!(tag_follows -> tags (tag_id));
diesel::joinable!(featured_tags -> tags (tag_id));
diesel::joinable!(status_tags -> statuses (status_id));
diesel::joinable!(statuses -> accounts (account_id));
