//! Avatars, headers and emojis of other servers, through us: nobody's browser or program asks another server for them, so nobody there learns who
//! looks (threats M5, X2). Fetched on first view, decoded like an upload, kept for a time. Pictures of posts: [`crate::media::proxied`].

use parvis_media::Wanted;
use parvis_model::ids::{AccountId, EmojiId};
use parvis_model::time::DAY;
use parvis_store::accounts::Account;
use parvis_store::foreign_pictures::{self as rows, Copy};
use parvis_store::{Conn, Tx, policy as policy_rows};

use crate::access;
use crate::error::{Error, OrNotFound, Result};
use crate::leftovers::{self, ShownBy};
use crate::media::{self, About, REMOTE_MAX, Served, discard, keep_picture, stored_file};
use crate::policy;
use crate::town::Town;

/// How long copies are kept; who looks later has them fetched again.
const KEPT_FOR: i64 = 30 * DAY;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The small one of an account.
    Avatar(AccountId),
    /// The wide one.
    Header(AccountId),
    /// Of a name or text.
    Emoji(EmojiId),
}

impl Which {
    const fn wanted(self) -> Wanted {
        match self {
            Self::Avatar(_) => Wanted::AVATAR,
            Self::Header(_) => Wanted::HEADER,
            Self::Emoji(_) => Wanted::EMOJI,
        }
    }

    /// Where it stands. Of who is suspended, of a blocked server and of one whose pictures the town does not want, nothing is fetched or shown
    /// (threats O14).
    fn url(self, c: &mut Conn) -> Result<String> {
        let url = match self {
            Self::Avatar(id) => foreign(c, id)?.avatar,
            Self::Header(id) => foreign(c, id)?.header,
            Self::Emoji(id) => {
                let emoji = policy_rows::emoji(c, id)?.filter(|e| !e.host.is_empty()).or_not_found()?;
                if policy::is_suspended(c, &emoji.host)? || policy::rejects_media(c, &emoji.host)? {
                    return Err(Error::NotFound);
                }
                Some(emoji.image)
            }
        };
        url.or_not_found()
    }
}

fn foreign(c: &mut Conn, id: AccountId) -> Result<Account> {
    let account = Some(access::active_account(c, id)?).filter(|a| !a.is_local()).or_not_found()?;
    if policy::rejects_media(c, &account.host)? { Err(Error::NotFound) } else { Ok(account) }
}

/// The picture, fetched on first view.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Remote`].
pub async fn shown(town: &Town, which: Which) -> Result<Served> {
    let (url, known) = town.db().read(move |c| known(c, which)).await?;
    if let Some(copy) = known {
        return stored_file(town, &copy.file_key).await;
    }
    let bytes = town.remote().picture(&url, REMOTE_MAX).await?;
    let shown_by = ShownBy::Foreign(url.clone());
    let key =
        keep_picture(town, bytes.into(), which.wanted(), shown_by).await.map_err(|_| Error::NotFound)?;
    let file_key = key.clone();
    let is_new = town
        .db()
        .write(move |tx| {
            let row = Copy { url: url.clone(), file_key: file_key.clone(), created_at: tx.now() };
            Ok::<_, Error>(rows::insert(tx, &row)?)
        })
        .await?;
    let served = stored_file(town, &key).await;
    if !is_new {
        // Somebody looked at the same time, and theirs is the copy.
        discard(town, vec![key]).await;
    }
    served
}

/// What is known of it, without fetching it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn about(town: &Town, which: Which) -> Result<About> {
    match town.db().read(move |c| known(c, which)).await? {
        (_, Some(copy)) => media::about(town, &copy.file_key).await,
        (_, None) => Ok(About::default()),
    }
}

/// Where it stands, and our copy if there is one.
fn known(c: &mut Conn, which: Which) -> Result<(String, Option<Copy>)> {
    let url = which.url(c)?;
    let copy = rows::of(c, &url)?;
    Ok((url, copy))
}

/// Forgets old copies, some at a time, and says which files go with them.
///
/// # Errors
/// Internal.
pub fn forget(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<String>> {
    let before = tx.now().minus(KEPT_FOR);
    let old = rows::older_than(tx, before, limit)?;
    let (urls, keys): (Vec<String>, Vec<String>) = old.into_iter().map(|c| (c.url, c.file_key)).unzip();
    rows::delete(tx, &urls)?;
    leftovers::delete(tx, &keys)?;
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parvis_store::testing::Place;

    use super::*;
    use crate::policy::Severity;
    use crate::remote::tests::actor;
    use crate::remote::{RemoteActor, RemoteEmoji, accounts};
    use crate::testing::{Town as TestTown, Web};

    const AVATAR: &str = "https://cdn.example/bea.png";
    const EMOJI: &str = "https://cdn.example/blob.png";

    fn bea() -> RemoteActor {
        let emoji = RemoteEmoji { shortcode: "blob".to_owned(), url: EMOJI.to_owned() };
        let avatar = Some(AVATAR.to_owned());
        RemoteActor {
            avatar,
            name: "Bea :blob:".to_owned(),
            emojis: vec![emoji],
            ..actor("away.example", "bea")
        }
    }

    #[tokio::test]
    async fn m5_a_picture_of_another_server_is_asked_for_once_and_by_us() {
        for place in [Some(Place::sqlite()), Place::postgres()].into_iter().flatten() {
            let town = TestTown::builder().place(place).build().await;
            let web = Arc::new(Web::of(""));
            town.connect(web.clone());
            let id = town.write(|tx| accounts::upsert(tx, &bea())).await;
            let emoji = town
                .read(|c| Ok(policy_rows::emojis(c, &["blob".to_owned()], &["away.example".to_owned()])?))
                .await[0]
                .id;
            assert_eq!(about(&town, Which::Avatar(id)).await.unwrap(), About::default());
            assert_eq!(web.asked(), Vec::<String>::new(), "looking at what there is fetches nothing");
            for _ in 0..2 {
                assert_eq!(shown(&town, Which::Avatar(id)).await.unwrap().mime, "image/png");
                shown(&town, Which::Emoji(emoji)).await.unwrap();
            }
            assert_eq!(web.asked(), [AVATAR, EMOJI]);
            let known = about(&town, Which::Avatar(id)).await.unwrap();
            assert!(known.mime == Some("image/png") && known.length > Some(0));
            assert!(matches!(shown(&town, Which::Header(id)).await, Err(Error::NotFound)), "there is none");
            let ana = town.resident("ana").await;
            assert!(matches!(shown(&town, Which::Avatar(ana)).await, Err(Error::NotFound)), "ours are files");

            town.clock.advance(KEPT_FOR + DAY);
            let files = town.write(|tx| forget(tx, 10)).await;
            assert_eq!(files.len(), 2);
            discard(&town, files).await;
            shown(&town, Which::Avatar(id)).await.unwrap();
            assert_eq!(web.asked(), [AVATAR], "after a time it is asked for again");

            town.write(|tx| policy::block(tx, "away.example", Severity::Suspend, false, "")).await;
            for which in [Which::Avatar(id), Which::Emoji(emoji)] {
                assert!(matches!(shown(&town, which).await, Err(Error::NotFound)), "threats O14");
            }
        }
    }
}
