//! Finding out whether a quoted author allowed a quote. Asked for by [`crate::quotes::told`].

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};
use parvis_model::ids::StatusId;
use parvis_model::time::HOUR;

use crate::{Town, quotes};

/// Tries for one quote. Without an answer it stays pending, and is shown to nobody.
const TRIES: u8 = 3;

/// Verifies one quote: `[quoting post, tries that failed]`.
pub struct VerifyQuote;

#[async_trait]
impl Job<Town> for VerifyQuote {
    const KIND: &'static str = quotes::VERIFY;
    type Payload = (i64, u8);

    async fn run((quoting, tries): (i64, u8), town: &Town) -> Result<Next<(i64, u8)>, Problem> {
        let again = quotes::verify(town, StatusId(quoting)).await? && tries + 1 < TRIES;
        let wait = HOUR * (1 + 5 * i64::from(tries));
        Ok(if again { Next::At((quoting, tries + 1), town.now().plus(wait)) } else { Next::Done })
    }
}
