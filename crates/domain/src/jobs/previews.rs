//! Looking at what links lead to. Asked for by [`crate::preview_cards::on_event`].

use async_trait::async_trait;
use parvis_jobs::{Job, Next, Problem};

use crate::{Town, preview_cards};

/// Fetches one page and makes its card: `[card]`. Tried once; what fails has no card (threats F11).
pub struct FetchPreview;

#[async_trait]
impl Job<Town> for FetchPreview {
    const KIND: &'static str = preview_cards::FETCH;
    type Payload = (i64,);

    async fn run((card,): (i64,), town: &Town) -> Result<Next<(i64,)>, Problem> {
        preview_cards::fetch(town, card.into()).await?;
        Ok(Next::Done)
    }
}
