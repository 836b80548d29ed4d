//! Waiting for the database to tell that something is to be done. Notices may be missed, so whoever waits here also looks by the clock.

use std::future::pending;

use parvis_domain::Notice;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Returns when one of these topics was told, or something may have been missed.
pub(crate) async fn told(notices: &mut Receiver<Notice>, topics: &[&str]) {
    loop {
        match notices.recv().await {
            Ok(notice)
                if notice.topic == parvis_domain::RESYNC || topics.contains(&notice.topic.as_str()) =>
            {
                return;
            }
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            // The database is closed.
            Err(RecvError::Closed) => pending().await,
        }
    }
}
