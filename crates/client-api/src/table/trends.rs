//! What trends, and what staff think of it; and a few small routes that stand alone.

use parvis_model::permission::Permission::ManageTaxonomies;

use crate::access::Access::{Optional, Program, Public, Staff, User};
use crate::access::{Route, read, replace, send};
use crate::routes::admin::tags;
use crate::routes::{embeds, translations, trends};

pub fn routes() -> Vec<Route> {
    let looks = Staff(&["admin:read"], ManageTaxonomies);
    let judges = Staff(&["admin:write"], ManageTaxonomies);
    vec![
        read("/api/v1/trends", Optional(&[]), trends::tags),
        read("/api/v1/trends/tags", Optional(&[]), trends::tags),
        read("/api/v1/trends/statuses", Optional(&[]), trends::statuses),
        read("/api/v1/trends/links", Optional(&[]), trends::links),
        read("/api/v1/timelines/link", Optional(&["read:statuses"]), trends::link_timeline),
        read("/api/v1/admin/tags", looks, tags::list),
        read("/api/v1/admin/tags/{id}", looks, tags::one),
        replace("/api/v1/admin/tags/{id}", judges, tags::change),
        read("/api/v1/admin/trends/tags", looks, trends::admin_tags),
        send("/api/v1/admin/trends/tags/{id}/approve", judges, trends::approve_tag),
        send("/api/v1/admin/trends/tags/{id}/reject", judges, trends::reject_tag),
        read("/api/v1/admin/trends/statuses", looks, trends::admin_statuses),
        send("/api/v1/admin/trends/statuses/{id}/approve", judges, trends::approve_status),
        send("/api/v1/admin/trends/statuses/{id}/reject", judges, trends::reject_status),
        read("/api/v1/admin/trends/links", looks, trends::admin_links),
        send("/api/v1/admin/trends/links/{id}/approve", judges, trends::approve_link),
        send("/api/v1/admin/trends/links/{id}/reject", judges, trends::reject_link),
        read("/api/v1/admin/trends/links/publishers", looks, trends::publishers),
        send("/api/v1/admin/trends/links/publishers/{id}/approve", judges, trends::approve_publisher),
        send("/api/v1/admin/trends/links/publishers/{id}/reject", judges, trends::reject_publisher),
        send("/api/v1/statuses/{id}/translate", Program(&["read:statuses"]), translations::translate),
        read("/api/oembed", Public, embeds::by_url),
        read("/api/web/embeds/{id}", Public, embeds::by_id),
        read("/api/v1_alpha/async_refreshes/{id}", User(&["read"]), embeds::refresh),
    ]
}
