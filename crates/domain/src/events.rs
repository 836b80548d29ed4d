//! How a use case says what happened. Listeners run in the transaction, in the order of `server::wire`, and write rows only; whoever must only
//! wake up is told after the commit through `Tx::notify`.

use std::sync::Arc;

use parvis_model::event::Event;
use parvis_model::urls::Urls;
use parvis_store::{Conn, Tx};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::news;

/// What a transaction can reach of its town.
pub trait Record {
    /// The town's context.
    ///
    /// # Errors
    /// Internal: the database was opened without one.
    fn context(&self) -> Result<Arc<Context>>;

    /// Says what happened, to every listener, now.
    ///
    /// # Errors
    /// The first listener's.
    fn record(&mut self, event: Event) -> Result<()>;
}

impl Record for Tx<'_> {
    fn context(&self) -> Result<Arc<Context>> {
        context_of(self)
    }

    fn record(&mut self, event: Event) -> Result<()> {
        let context = context_of(self)?;
        news::begin(self);
        let told = context.listeners.iter().try_for_each(|listener| listener(self, &event));
        news::end(self);
        told
    }
}

/// The town's context of this transaction.
///
/// # Errors
/// Internal: the database was opened without one.
pub fn context_of(c: &Conn) -> Result<Arc<Context>> {
    c.extension()
        .and_then(|any| Arc::clone(any).downcast::<Context>().ok())
        .ok_or_else(|| Error::internal("the database was opened without a context"))
}

/// Our addresses of this transaction.
///
/// # Errors
/// Internal.
pub fn urls_of(c: &Conn) -> Result<Urls> {
    Ok(context_of(c)?.urls.clone())
}
