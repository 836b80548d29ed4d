//! `parvis community remove|lock|pin|ban|facilitator`: what those who look after a community can do, for whoever has the machine.

use anyhow::Context as _;
use parvis_domain::accounts::find;
use parvis_domain::staff::By;
use parvis_domain::{Error, Town, Tx, actors, facilitation, groups};
use parvis_model::ids::{AccountId, StatusId};

use super::out;

/// What is done.
#[derive(Debug, Clone)]
pub enum Deed {
    Remove { post: String, reason: String },
    Lock { post: String, undo: bool },
    Pin { post: String, undo: bool },
    Ban { who: String, reason: String, undo: bool },
    Facilitator { who: String, undo: bool },
}

/// Does it in the community of this name.
///
/// # Errors
/// In words for the operator.
pub async fn run(town: &Town, name: &str, deed: Deed) -> anyhow::Result<()> {
    let named = name.trim_start_matches('@').to_owned();
    let group = town.db().read(move |c| find::local(c, &named)).await;
    let group =
        group.ok().filter(groups::is_group).with_context(|| format!("there is no community {name}"))?.id;
    let (about, what) = match &deed {
        Deed::Remove { post, .. } | Deed::Lock { post, .. } | Deed::Pin { post, .. } => {
            (post.clone(), About::Post(post_of(town, post).await?))
        }
        Deed::Ban { who, .. } | Deed::Facilitator { who, .. } => {
            let id = facilitation::whom(town, who).await.with_context(|| who.clone())?;
            (who.clone(), About::Account(id))
        }
    };
    town.db().write(move |tx| apply(tx, group, &deed, &what)).await.with_context(|| about.clone())?;
    out::line(format_args!("done: {about}"));
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum About {
    Post(StatusId),
    Account(AccountId),
}

fn apply(tx: &mut Tx<'_>, group: AccountId, deed: &Deed, about: &About) -> Result<(), Error> {
    let by = By::Operator;
    match (deed, *about) {
        (Deed::Remove { reason, .. }, About::Post(post)) => facilitation::remove(tx, by, group, post, reason),
        (Deed::Lock { undo, .. }, About::Post(post)) => facilitation::lock(tx, by, group, post, !undo),
        (Deed::Pin { undo, .. }, About::Post(post)) => facilitation::pin(tx, by, group, post, !undo),
        (Deed::Ban { undo: true, .. }, About::Account(who)) => facilitation::unban(tx, by, group, who),
        (Deed::Ban { reason, .. }, About::Account(who)) => facilitation::ban(tx, by, group, who, reason),
        (Deed::Facilitator { undo: true, .. }, About::Account(who)) => {
            facilitation::remove_moderator(tx, by, group, who)
        }
        (Deed::Facilitator { .. }, About::Account(who)) => facilitation::add_moderator(tx, by, group, who),
        _ => Err(Error::NotFound),
    }
}

/// A post by its number or address.
async fn post_of(town: &Town, text: &str) -> anyhow::Result<StatusId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let (urls, address) = (town.urls().clone(), text.to_owned());
    let found = town.db().read(move |c| actors::post_by_any_address(c, &urls, &address)).await?;
    Ok(found.with_context(|| format!("there is no post {text}"))?.id)
}
