//! One post for many viewers at once: who of them may see it, and what each did with it, in a number of statements that does not grow with them.
//! For streams; a page for one viewer is `views`. The rule is the same, `model::visibility::may_see`.

use std::collections::{HashMap, HashSet};

use parvis_model::ids::{AccountId, StatusId};
use parvis_model::visibility::{Relation, may_see};
use parvis_store::reactions::Flags;
use parvis_store::{Conn, crowds, statuses};

use crate::error::Result;
use crate::filters::matching::Active;
use crate::views::{self, Place, StatusView};

/// A post and those of the asked viewers who may see it.
#[derive(Clone, Debug)]
pub struct Crowd {
    view: StatusView,
    eyes: HashMap<AccountId, Flags>,
    filters: HashMap<AccountId, Active>,
}

impl Crowd {
    /// The post, as far as it is the same for everybody.
    #[must_use]
    pub const fn post(&self) -> &StatusView {
        &self.view
    }

    /// Whether a viewer may see it on a timeline.
    #[must_use]
    pub fn is_for(&self, viewer: AccountId) -> bool {
        self.eyes.contains_key(&viewer)
    }

    /// What distinguishes a viewer's copy from others': equal marks are equal copies.
    #[must_use]
    pub fn mark(&self, viewer: AccountId) -> Option<(Flags, bool, Option<AccountId>)> {
        // Who has filters has a copy of their own.
        let own = self.filters.contains_key(&viewer).then_some(viewer);
        self.eyes.get(&viewer).map(|flags| (*flags, self.shown().status.account_id == viewer, own))
    }

    /// A viewer's copy. Whatever is added to [`StatusView`] that depends on the viewer must be set here and show in [`Crowd::mark`].
    #[must_use]
    pub fn seen_by(&self, viewer: AccountId) -> Option<StatusView> {
        let flags = *self.eyes.get(&viewer)?;
        let mut view = self.view.clone();
        view.flags = Some(flags);
        if let Some(original) = &mut view.boost_of {
            original.flags = Some(flags);
        }
        views::refilter(&mut view, self.filters.get(&viewer));
        Some(view)
    }

    /// The post whose text shows: of a boost, the one behind it.
    fn shown(&self) -> &StatusView {
        self.view.boost_of.as_deref().unwrap_or(&self.view)
    }
}

/// A post for those of `viewers` who may see it on a timeline: not blocked either way, not muted, and of boosts those who want them. `None` when
/// the post is gone or its author barred.
///
/// # Errors
/// Internal.
pub fn on_timelines(c: &mut Conn, id: StatusId, viewers: &[AccountId]) -> Result<Option<Crowd>> {
    let Some(author) = statuses::by_id(c, id)?.map(|s| s.account_id) else { return Ok(None) };
    // As its author sees it: nobody sees more.
    let Some(view) = views::of_statuses(c, Some(author), &[id], Place::Elsewhere)?.pop() else {
        return Ok(None);
    };
    let mut crowd = Crowd { view, eyes: HashMap::new(), filters: HashMap::new() };
    let layers: Vec<StatusView> =
        std::iter::once(crowd.view.clone()).chain(crowd.view.boost_of.as_deref().cloned()).collect();
    let shown = crowd.shown().status.id;
    let posts: Vec<StatusId> = layers.iter().map(|l| l.status.id).collect();
    for some in viewers.chunks(crowds::SOME) {
        let ties = Ties::load(c, some, &layers)?;
        let flags = crowds::flags(c, some, shown)?;
        crowd.filters.extend(Active::load_many(c, some, &posts)?);
        for viewer in some.iter().filter(|v| ties.let_see(**v, &layers)) {
            crowd.eyes.insert(*viewer, flags.get(viewer).copied().unwrap_or_default());
        }
    }
    Ok(Some(crowd))
}

/// What some viewers have to do with the authors of a post: (viewer, author).
struct Ties {
    followed: HashSet<(AccountId, AccountId)>,
    without_boosts: HashSet<(AccountId, AccountId)>,
    blocked: HashSet<(AccountId, AccountId)>,
    muted: HashSet<(AccountId, AccountId)>,
    /// (viewer, host)
    avoided: HashSet<(AccountId, String)>,
}

impl Ties {
    fn load(c: &mut Conn, viewers: &[AccountId], layers: &[StatusView]) -> Result<Self> {
        let now = c.now();
        let authors: Vec<AccountId> =
            layers.iter().map(|l| l.status.account_id).collect::<HashSet<_>>().into_iter().collect();
        let authors = authors.as_slice();
        let hosts: Vec<String> = layers.iter().map(|l| l.author.account.host.clone()).collect();
        let follows = crowds::follows(c, viewers, authors)?;
        Ok(Self {
            followed: follows.iter().map(|f| (f.0, f.1)).collect(),
            without_boosts: follows.iter().filter(|f| !f.2).map(|f| (f.0, f.1)).collect(),
            blocked: crowds::blocks(c, viewers, authors)?,
            muted: crowds::mutes(c, viewers, authors, now)?,
            avoided: crowds::host_blocks(c, viewers, &hosts)?,
        })
    }

    /// `layers`: the post and, of a boost, the one behind it.
    fn let_see(&self, viewer: AccountId, layers: &[StatusView]) -> bool {
        let is_unwanted_boost = layers.len() > 1
            && layers.first().is_some_and(|b| self.without_boosts.contains(&(viewer, b.status.account_id)));
        !is_unwanted_boost
            && layers.iter().all(|layer| {
                let pair = (viewer, layer.status.account_id);
                let relation = Relation {
                    is_author: pair.0 == pair.1,
                    is_mentioned: layer.mentions.iter().any(|m| m.account_id == viewer),
                    is_follower: self.followed.contains(&pair),
                    is_blocked: self.blocked.contains(&pair),
                    is_author_barred: false,
                };
                may_see(layer.visibility, Some(relation))
                    && !self.muted.contains(&pair)
                    && !self.avoided.contains(&(viewer, layer.author.account.host.clone()))
            })
    }
}

#[cfg(test)]
mod tests {
    use parvis_model::visibility::Visibility;

    use super::*;
    use crate::follows::{self, Wishes};
    use crate::statuses::{self as posts, Draft};
    use crate::testing::both;
    use crate::{blocks, reactions};

    fn draft(text: &str, visibility: Visibility) -> Draft {
        Draft { text: text.to_owned(), visibility, ..Draft::default() }
    }

    #[tokio::test]
    async fn i5_of_many_viewers_those_see_a_post_who_would_see_it_alone() {
        both(|town| async move {
            let mut people = Vec::new();
            for name in ["ana", "bea", "cem", "dia", "eli", "fay"] {
                people.push(town.resident(name).await);
            }
            let [ana, bea, cem, dia, eli, fay] = people[..] else { unreachable!() };
            let all = people.clone();
            let (public, private, direct, boost) = town
                .write(move |tx| {
                    follows::follow(tx, bea, ana, &Wishes::default(), None)?;
                    let wishes = Wishes { shows_boosts: Some(false), ..Wishes::default() };
                    follows::follow(tx, cem, ana, &wishes, None)?;
                    blocks::block(tx, ana, dia, None)?;
                    blocks::mute(tx, eli, ana, true, None)?;
                    let public = posts::publish(tx, ana, &draft("all", Visibility::Public))?;
                    let private = posts::publish(tx, ana, &draft("followers", Visibility::Private))?;
                    let direct = posts::publish(tx, ana, &draft("@fay you", Visibility::Direct))?;
                    let other = posts::publish(tx, fay, &draft("by fay", Visibility::Public))?;
                    blocks::block(tx, bea, fay, None)?;
                    let boost = posts::boost::boost(tx, ana, other, None)?;
                    reactions::favourite(tx, cem, public, None)?;
                    Ok((public, private, direct, boost))
                })
                .await;
            for (id, expected) in [
                (public, vec![ana, bea, cem, fay]),
                (private, vec![ana, bea, cem]),
                (direct, vec![ana, fay]),
                (boost, vec![ana, fay]),
            ] {
                let viewers = all.clone();
                let crowd = town.read(move |c| on_timelines(c, id, &viewers)).await.unwrap();
                let seen: Vec<AccountId> = all.iter().copied().filter(|v| crowd.is_for(*v)).collect();
                assert_eq!(seen, expected, "post {id}");
                for viewer in all.clone() {
                    let alone = town
                        .read(move |c| views::of_statuses(c, Some(viewer), &[id], Place::Timeline))
                        .await
                        .pop();
                    assert_eq!(crowd.is_for(viewer), alone.is_some(), "{viewer} and {id}");
                    let shown = |view: Option<StatusView>| {
                        view.and_then(|v| v.boost_of.map_or(v.flags, |original| original.flags))
                    };
                    assert_eq!(shown(crowd.seen_by(viewer)), shown(alone), "{viewer} and {id}");
                }
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_post_costs_as_many_statements_for_many_viewers_as_for_one() {
        both(|town| async move {
            let ana = town.resident("ana").await;
            let mut people = vec![ana];
            for n in 0..12 {
                people.push(town.resident(&format!("p{n}")).await);
            }
            let id = town.write(move |tx| posts::publish(tx, ana, &draft("hi", Visibility::Public))).await;
            let mut costs = Vec::new();
            for viewers in [vec![ana], people] {
                let count = viewers.len();
                let (crowd, cost) = town
                    .db()
                    .counted_read(move |c| {
                        on_timelines(c, id, &viewers).map(|crowd| crowd.unwrap().eyes.len())
                    })
                    .await
                    .unwrap();
                assert_eq!(crowd, count);
                costs.push(cost);
            }
            assert_eq!(costs[0], costs[1]);
        })
        .await;
    }
}
