//! A person, department or machine as pages show it. Names of people of other towns always stand with their host (threats V10).

use parvis_domain::views::AccountView;
use parvis_model::account::ActorKind;
use parvis_model::urls::Urls;
use parvis_text::sanitise::plain_text;

use crate::sanitised::{Emojis, Sanitised};

/// How many tones there are for initials (`assets/posts.css`).
const TONES: usize = 6;

/// A portrait, or an initial on a tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Avatar {
    /// Address of a picture here.
    pub picture: Option<String>,
    /// The picture is another server's, through us: it may not come, so the initial stands behind it.
    pub is_foreign: bool,
    /// One or two letters.
    pub initial: String,
    /// Which tone.
    pub tone: usize,
}

/// One line of a profile.
#[derive(Clone, Debug)]
pub struct Fact {
    pub name: String,
    pub value: Sanitised,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct PersonCard {
    /// Display name, or the username.
    pub name: String,
    /// The same with emojis.
    pub shown_name: Sanitised,
    /// `@user@host`.
    pub handle: String,
    /// Path of the profile here.
    pub path: String,
    pub avatar: Avatar,
    /// Address of a header picture here.
    pub header: Option<String>,
    pub is_bot: bool,
    pub is_group: bool,
    pub is_local: bool,
    /// The account that it has moved to: its handle and the path of its profile here.
    pub moved: Option<(String, String)>,
    /// The account is suspended: its profile says nothing.
    pub is_suspended: bool,
    pub bio: Sanitised,
    /// The same as plain text.
    pub about: String,
    pub facts: Vec<Fact>,
    pub joined: parvis_model::time::Moment,
    pub posts: i64,
    pub followers: i64,
    pub following: i64,
}

impl PersonCard {
    /// From what `domain` loaded.
    #[must_use]
    pub fn new(view: &AccountView, urls: &Urls) -> Self {
        let account = &view.account;
        let acct = account.acct();
        let host = if account.is_local() { urls.domain() } else { &account.host };
        let name = if account.display_name.is_empty() { &account.username } else { &account.display_name };
        let is_suspended = account.suspended_at.is_some();
        let emojis = Emojis::new(&view.emojis, urls);
        let name = if is_suspended { account.username.clone() } else { name.clone() };
        let facts = view
            .fields
            .iter()
            .map(|f| Fact { name: f.name.clone(), value: Sanitised::from_database(&f.value, &emojis) });
        Self {
            shown_name: Sanitised::from_text(&name, &emojis),
            handle: format!("@{}@{host}", account.username),
            path: format!("/@{acct}"),
            avatar: Avatar {
                picture: shown(view, account.avatar.as_deref(), "avatar", urls),
                is_foreign: !account.is_local(),
                initial: initial(&name),
                tone: tone(&acct),
            },
            name,
            header: shown(view, account.header.as_deref(), "header", urls),
            is_bot: view.kind.is_bot(),
            is_group: view.kind == ActorKind::Group,
            is_local: account.is_local(),
            moved: view.moved.as_ref().filter(|_| !is_suspended).map(|target| {
                let target = Self::new(target, urls);
                (target.handle, target.path)
            }),
            is_suspended,
            bio: if is_suspended {
                Sanitised::default()
            } else {
                Sanitised::from_database(&account.bio_html, &emojis)
            },
            about: if is_suspended { String::new() } else { plain_text(&account.bio_html) },
            facts: if is_suspended { Vec::new() } else { facts.collect() },
            joined: account.created_at,
            posts: view.counts.statuses,
            followers: view.counts.followers,
            following: view.counts.following,
        }
    }

    /// `@user`, where a line may end.
    #[must_use]
    pub fn handle_name(&self) -> &str {
        self.handle.rfind('@').and_then(|at| self.handle.get(..at)).unwrap_or(&self.handle)
    }

    /// `@host`.
    #[must_use]
    pub fn handle_host(&self) -> &str {
        self.handle.rfind('@').and_then(|at| self.handle.get(at..)).unwrap_or_default()
    }
}

/// The address here of a portrait or banner: a page makes no request to anybody else, so those of other servers come through us.
fn shown(view: &AccountView, stored: Option<&str>, what: &str, urls: &Urls) -> Option<String> {
    let account = &view.account;
    let stored = stored.filter(|text| !text.is_empty() && account.suspended_at.is_none())?;
    Some(if account.is_local() {
        urls.media_file(stored)
    } else {
        urls.foreign_picture(account.id, what, stored)
    })
}

fn initial(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect())
}

/// The same tone for the same handle, on every page.
fn tone(acct: &str) -> usize {
    acct.bytes().fold(7_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b))) % TONES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_an_initial() {
        assert_eq!(initial("élodie"), "É");
        assert_eq!(initial("🌳 2 trees"), "2");
        assert_eq!(initial("…"), "·");
        assert!(tone("ana") < TONES && tone("") < TONES);
    }
}
