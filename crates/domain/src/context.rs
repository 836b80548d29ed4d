//! What use cases reach from inside a transaction, and who hears of events there. Handed to `Database` when it is opened; see `events`.

use std::sync::Arc;

use parvis_config::Settings;
use parvis_model::event::Event;
use parvis_model::urls::Urls;
use parvis_store::Tx;

use crate::error::Result;
use crate::kept::{Digests, Kept};
use crate::matchers::Matchers;
use crate::secrets::Secrets;

/// Hears of an event in its transaction: rows only, no I/O. An error rolls the whole use case back.
pub type Listener = fn(&mut Tx<'_>, &Event) -> Result<()>;

/// What use cases reach from inside a transaction: addresses, settings, the list of listeners. Handed to [`crate::Database`] when it is opened.
#[derive(Debug)]
pub struct Context {
    /// Our addresses.
    pub urls: Urls,
    /// The settings.
    pub settings: Settings,
    /// The town's secret.
    pub secrets: Secrets,
    /// Keywords of filters, ready to be found.
    pub matchers: Matchers,
    /// What is the same for everybody of posts and accounts.
    pub kept: Kept,
    /// Digests of followers by server.
    pub digests: Digests,
    /// Who hears of events in the transaction, in this order.
    pub listeners: Vec<Listener>,
}

impl Context {
    /// For a town with these settings.
    #[must_use]
    pub fn new(settings: Settings, secrets: Secrets, listeners: Vec<Listener>) -> Arc<Self> {
        let origin = settings.origin();
        let domain = parvis_model::urls::authority(&origin).unwrap_or_default();
        Arc::new(Self {
            urls: Urls::new(origin.scheme(), &domain),
            kept: Kept::new(settings.cache.bytes()),
            settings,
            secrets,
            matchers: Matchers::default(),
            digests: Digests::default(),
            listeners,
        })
    }
}
