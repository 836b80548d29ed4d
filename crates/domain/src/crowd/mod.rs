//! One post for many viewers at once: who of them may see it, and how, in a number of statements that does not grow with them. For streams; a page
//! for one viewer is `views`. Both come from the same rows by the same functions, so nobody gets a copy that is not theirs (threats I1, I5).

use std::collections::HashMap;

use parvis_model::ids::{AccountId, StatusId};
use parvis_store::{Conn, crowds};

use crate::error::Result;
use crate::views::{self, Eyes, Mark, Page, Place, StatusView};

/// A post and those of the asked viewers who may see it.
#[derive(Clone, Debug)]
pub struct Crowd {
    id: StatusId,
    page: Page,
    bare: StatusView,
    /// Of those only who may see it on a timeline.
    eyes: HashMap<AccountId, Eyes>,
}

impl Crowd {
    /// The post without anything that depends on who looks: to decide where it belongs, not to be shown.
    #[must_use]
    pub const fn post(&self) -> &StatusView {
        &self.bare
    }

    /// Whether it shows there to a viewer.
    #[must_use]
    pub fn is_for(&self, viewer: AccountId, place: Place) -> bool {
        self.eyes.get(&viewer).is_some_and(|eyes| self.page.shows(self.id, eyes, place))
    }

    /// What distinguishes a viewer's copy from others': equal marks are equal copies.
    #[must_use]
    pub fn mark(&self, viewer: AccountId) -> Option<Mark<'_>> {
        self.eyes.get(&viewer).map(|eyes| self.page.mark(eyes))
    }

    /// A viewer's copy, as on their home timeline.
    #[must_use]
    pub fn seen_by(&self, viewer: AccountId) -> Option<StatusView> {
        self.page.view(self.id, self.eyes.get(&viewer)?, Place::Timeline)
    }
}

/// A post for those of `viewers` who may see it on a timeline: not blocked either way, not muted, and of boosts those who want them. `None` when
/// the post is gone.
///
/// # Errors
/// Internal.
pub fn on_timelines(c: &mut Conn, id: StatusId, viewers: &[AccountId]) -> Result<Option<Crowd>> {
    let page = views::page_of(c, &[id])?;
    let Some(bare) = page.bare(id) else { return Ok(None) };
    let mut eyes = HashMap::new();
    for some in viewers.chunks(crowds::SOME) {
        let all = page.eyes_of_many(c, some)?.into_iter();
        eyes.extend(all.filter(|(_, eyes)| page.shows(id, eyes, Place::Timeline)));
    }
    Ok(Some(Crowd { id, page, bare, eyes }))
}

#[cfg(test)]
mod tests;
