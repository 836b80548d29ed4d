//! Who boosted and who favourited a post.

use axum::response::Response;
use parvis_domain::reactions;
use parvis_model::ids::StatusId;

use crate::error::Result;
use crate::extract::{Id, Viewer};
use crate::listing::Listing;

/// `GET /api/v1/statuses/:id/reblogged_by`.
pub async fn boosted(Viewer(viewer): Viewer, Id(id): Id<StatusId>, list: Listing) -> Result<Response> {
    list.accounts((40, 80), move |c, range| reactions::boosted_by(c, viewer, id, range)).await
}

/// `GET /api/v1/statuses/:id/favourited_by`.
pub async fn favourited(Viewer(viewer): Viewer, Id(id): Id<StatusId>, list: Listing) -> Result<Response> {
    list.accounts((40, 80), move |c, range| reactions::favourited_by(c, viewer, id, range)).await
}
