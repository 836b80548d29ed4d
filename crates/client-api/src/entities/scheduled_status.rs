//! ScheduledStatus. Source: <https://docs.joinmastodon.org/entities/ScheduledStatus/>.

use parvis_domain::scheduled_statuses::ScheduledView;
use parvis_model::ids::{AppId, MediaId, ScheduledId};
use parvis_model::urls::Urls;
use serde::Serialize;

use super::MediaAttachment;

/// A post that waits for its time.
#[derive(Clone, Debug, Serialize)]
pub struct ScheduledStatus {
    id: ScheduledId,
    scheduled_at: String,
    params: Params,
    media_attachments: Vec<MediaAttachment>,
}

/// What was sent.
#[derive(Clone, Debug, Serialize)]
struct Params {
    text: String,
    poll: Option<Poll>,
    media_ids: Option<Vec<MediaId>>,
    sensitive: bool,
    spoiler_text: Option<String>,
    visibility: &'static str,
    /// A number, unlike other ids.
    in_reply_to_id: Option<i64>,
    language: Option<String>,
    /// A number, and old.
    application_id: i64,
    /// Always null: it is published once.
    scheduled_at: Option<String>,
    idempotency: Option<String>,
    /// Old, always false.
    with_rate_limit: bool,
    quoted_status_id: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Poll {
    options: Vec<String>,
    /// Seconds.
    expires_in: i64,
    multiple: bool,
    hide_totals: bool,
}

impl ScheduledStatus {
    /// Renders one of its owner's.
    #[must_use]
    pub fn of(view: &ScheduledView, urls: &Urls) -> Self {
        let draft = &view.draft;
        Self {
            id: view.row.id,
            scheduled_at: view.row.scheduled_at.to_rfc3339(),
            params: Params {
                text: draft.text.clone(),
                poll: draft.poll.as_ref().map(|poll| Poll {
                    options: poll.options.clone(),
                    expires_in: poll.seconds.unwrap_or(0),
                    multiple: poll.is_multiple,
                    hide_totals: poll.hides_totals,
                }),
                media_ids: Some(draft.media.clone()).filter(|ids| !ids.is_empty()),
                sensitive: draft.is_sensitive,
                spoiler_text: Some(draft.warning.clone()).filter(|text| !text.is_empty()),
                visibility: draft.visibility.as_str(),
                in_reply_to_id: draft.in_reply_to.map(i64::from),
                language: draft.language.clone(),
                application_id: draft.app.map_or(0, |AppId(id)| id),
                scheduled_at: None,
                idempotency: None,
                with_rate_limit: false,
                quoted_status_id: None,
            },
            media_attachments: view.media.iter().map(|m| MediaAttachment::of(m, urls)).collect(),
        }
    }
}
