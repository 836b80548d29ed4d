//! Tells one device of one notification. A push service that does not know the device ends the subscription; one that is busy is asked again.

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::{NotificationId, PushId};
use parvis_model::time::{DAY, HOUR, MINUTE, Moment, SECOND};
use parvis_store::{logins, push as rows};

use crate::error::Result as DomainResult;
use crate::notifications::{self, NotificationView};
use crate::outside::PushAnswer as Answer;
use crate::push::message::{Told, request};
use crate::push::{self, Subscription};
use crate::{Conn, Town};

/// What is older is not told any more: it would be lost on the way, too (`message::KEPT_FOR_SECONDS`).
const NEWS: i64 = 2 * DAY;
/// Times a push service is asked.
const TRIES: i64 = 7;

/// `[subscription, notification, failures]`.
pub struct Deliver;

#[async_trait]
impl Job<Town> for Deliver {
    const KIND: &'static str = push::DELIVER;
    type Payload = (i64, i64, i64);

    async fn run(
        (device, notification, failures): Self::Payload,
        town: &Town,
    ) -> Result<Next<Self::Payload>, Problem> {
        let id = PushId(device);
        // Both are looked at anew at each try: a token may have been revoked, a post deleted (threats A5).
        let load = move |c: &mut Conn| load(c, id, NotificationId(notification));
        let Some((subscription, told)) = town.db().read(load).await? else { return Ok(Next::Done) };
        let urls = town.urls();
        let told = told.into_words(|key| urls.media_file(key), || urls.page("/avatars/original/missing.png"));
        let answer = town.remote().push(request(town, &subscription, &told)?).await?;
        match answer {
            Answer::Delivered => {}
            Answer::Gone => town.db().write(move |tx| push::forget(tx, id)).await?,
            Answer::Refused => tracing::debug!(%id, "a push service refused a message"),
            Answer::Later(asked) if failures + 1 < TRIES => {
                let wait = pause(failures).max(asked.unwrap_or(0)).min(6 * HOUR);
                return Ok(Next::At((device, notification, failures + 1), town.now().plus(wait)));
            }
            Answer::Later(_) => tracing::info!(%id, "a push service did not take a message in time"),
        }
        Ok(Next::Done)
    }
}

/// Milliseconds to wait after so many failures before: 10 s, 40 s, 2 min 40 s … 1 h.
fn pause(failures: i64) -> i64 {
    let quadruplings = u32::try_from(failures.clamp(0, 10)).unwrap_or(0);
    (10 * SECOND).saturating_mul(4_i64.saturating_pow(quadruplings)).clamp(SECOND, 60 * MINUTE)
}

/// A notification and the language in which it is told.
struct Loaded {
    view: NotificationView,
    locale: String,
}

fn load(
    c: &mut Conn,
    device: PushId,
    notification: NotificationId,
) -> DomainResult<Option<(Subscription, Loaded)>> {
    let since: Moment = c.now().minus(NEWS);
    let Some(device) = rows::in_force(c, device)? else { return Ok(None) };
    let Some(view) = notifications::one(c, device.account_id, notification)? else { return Ok(None) };
    let Some(login) = logins::of_account(c, device.account_id)? else { return Ok(None) };
    let is_news = view.row.created_at >= since;
    Ok(is_news.then_some((device, Loaded { view, locale: login.locale })))
}

impl Loaded {
    fn into_words(self, file: impl Fn(&str) -> String, missing: impl Fn() -> String) -> Told {
        let Self { view, locale } = self;
        let from = &view.from.account;
        let icon = match &from.avatar {
            Some(key) if from.is_local() => file(key),
            Some(url) => url.clone(),
            None => missing(),
        };
        let text = match &view.status {
            Some(post) => {
                let shown = post.boost_of.as_deref().unwrap_or(post);
                if shown.status.warning.is_empty() {
                    parvis_text::sanitise::plain_text(&shown.status.html)
                } else {
                    shown.status.warning.clone()
                }
            }
            None => parvis_text::sanitise::plain_text(&from.bio_html),
        };
        let name =
            if from.display_name.is_empty() { from.username.clone() } else { from.display_name.clone() };
        Told { id: view.row.id.0, kind: view.kind, name, icon, text, locale }
    }
}
