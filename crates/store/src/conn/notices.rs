//! What is told after a commit: a topic and an id, nothing more; whoever hears it reads the rest from the database.
//!
//! On SQLite the writer sends them in this process. On PostgreSQL they are `NOTIFY`s, and one extra connection listens for all nodes' own.
//! They may be missed (a slow subscriber, a broken connection), which [`RESYNC`] says: read again what you keep.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{Either, select};
use tokio::sync::{broadcast, oneshot};
use tokio_postgres::AsyncMessage;

use super::tls::Connector;
use crate::error::Error;

/// The topic that says: something may have been missed or changed by another process, so drop caches and look again.
pub const RESYNC: &str = "resync";

/// PostgreSQL's channel.
const CHANNEL: &str = "parvis";

/// How many notices a subscriber may lag behind. Behind that it gets `RecvError::Lagged`, to be taken as [`RESYNC`].
pub(super) const BACKLOG: usize = 4096;

/// Something happened to the thing with this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What kind of thing, as given to `Tx::notify`.
    pub topic: String,
    /// Its id; 0 with [`RESYNC`].
    pub id: i64,
}

impl Notice {
    /// The notice that something may have been missed.
    pub(super) fn resync() -> Self {
        Self { topic: RESYNC.to_owned(), id: 0 }
    }

    /// The statement that sends this notice with the transaction.
    pub(super) fn to_sql(&self) -> String {
        format!("SELECT pg_notify('{CHANNEL}', '{} {}');", self.topic.replace('\'', "''"), self.id)
    }

    fn parse(payload: &str) -> Option<Self> {
        let (topic, id) = payload.rsplit_once(' ')?;
        Some(Self { topic: topic.to_owned(), id: id.parse().ok()? })
    }
}

/// Keeps one connection listening until the task is aborted. `ready` hears how the first attempt went; when that fails, it ends.
pub(super) async fn listen(
    connector: Arc<Connector>,
    sender: broadcast::Sender<Notice>,
    ready: oneshot::Sender<Result<(), Error>>,
) {
    const FIRST_WAIT: Duration = Duration::from_millis(100);
    const LONGEST_WAIT: Duration = Duration::from_secs(5);
    let mut ready = Some(ready);
    let mut wait = FIRST_WAIT;
    loop {
        let is_first = ready.is_some();
        match hear(&connector, &sender, &mut ready).await {
            // It listened for a while and the connection ended.
            Ok(()) => wait = FIRST_WAIT,
            Err(error) if is_first => {
                if let Some(ready) = ready.take() {
                    let _ = ready.send(Err(error));
                    return;
                }
                tracing::warn!(%error, "the connection that listens for notices ended");
            }
            Err(error) => tracing::warn!(%error, "cannot listen for notices, trying again"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

/// Listens on one connection until it ends.
async fn hear(
    connector: &Connector,
    sender: &broadcast::Sender<Notice>,
    ready: &mut Option<oneshot::Sender<Result<(), Error>>>,
) -> Result<(), Error> {
    let (client, mut messages) = connector.listener().await?;
    let command = format!("LISTEN {CHANNEL}");
    let subscribe = async {
        client.batch_execute(&command).await.map_err(|e| Error::Unavailable(e.to_string()))?;
        match ready.take() {
            Some(ready) => {
                let _ = ready.send(Ok(()));
            }
            // What was sent while nobody listened is lost.
            None => {
                let _ = sender.send(Notice::resync());
            }
        }
        Ok(())
    };
    let pump = async {
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(note)) => {
                    if let Some(notice) = Notice::parse(note.payload()) {
                        let _ = sender.send(notice);
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the connection that listens for notices broke");
                    return;
                }
            }
        }
    };
    // The command is only sent while the messages are polled, and `client` must live as long as they are.
    match select(pin!(subscribe), pin!(pump)).await {
        Either::Left((Ok(()), pump)) => {
            pump.await;
            Ok(())
        }
        // Refused (a standby server does that), though the connection lives.
        Either::Left((Err(error), _)) => Err(error),
        Either::Right(((), subscribe)) => subscribe.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_survives_the_wire_even_with_quotes_and_spaces_in_its_topic() {
        let notice = Notice { topic: "it's a topic".into(), id: -3 };
        assert_eq!(notice.to_sql(), "SELECT pg_notify('parvis', 'it''s a topic -3');");
        assert_eq!(Notice::parse("it's a topic -3"), Some(notice));
        assert_eq!(Notice::parse("nonsense"), None);
    }
}
