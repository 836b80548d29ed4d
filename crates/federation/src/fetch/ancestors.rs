//! Fetching what a post answers, one parent after the other, within the budget of one activity (threats F10). What is beyond it is left
//! out: the address of the next parent stays in the database, and a later answer asks again.

use super::{Federation, Problem, note};
use crate::wire::web_url;

/// Parents above a post that are fetched for it.
const DEPTH: usize = 8;

impl Federation {
    /// Fetches a missing parent, its parent, and so on. Each is kept with its author and adopts those that waited for it.
    ///
    /// # Errors
    /// [`Problem`]; asking again helps when it [`Problem::is_passing`].
    pub async fn fetch_ancestors(&self, uri: &str) -> Result<usize, Problem> {
        let data = self.data();
        let mut next = web_url(uri);
        let mut fetched = 0;
        while let Some(url) = next.take().filter(|_| fetched < DEPTH) {
            let parent = match note(&url, &data).await {
                Ok(parent) => parent,
                Err(problem) if fetched == 0 => return Err(problem),
                Err(problem) => {
                    tracing::debug!(%url, %problem, "the thread above could not be fetched");
                    break;
                }
            };
            fetched += 1;
            if parent.in_reply_to_id.is_none() {
                next = parent.in_reply_to_uri.as_deref().and_then(web_url);
            }
        }
        Ok(fetched)
    }
}
