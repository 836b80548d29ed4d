//! Which of a viewer's filters match the posts of a page: loaded once for the page, in three statements at most, whatever is on it. Keywords are
//! made ready once per viewer and kept (`matchers`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use parvis_model::ids::{AccountId, FilterId, StatusId};
use parvis_store::Conn;
use parvis_store::filters::{self as rows, Filter};
use parvis_text::keywords::{Keyword, Matcher, Searchable};

use crate::error::Result;
use crate::events::context_of;

/// A filter that matches a post, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtered {
    pub filter: Arc<Filter>,
    /// As the post has it; the first find only.
    pub keyword: Option<String>,
    /// The post, and what it boosts, where the filter names them.
    pub statuses: Vec<StatusId>,
}

/// The filters of a viewer that are in force, ready for a page.
#[derive(Clone, Debug)]
pub struct Active {
    filters: Vec<Arc<Filter>>,
    matcher: Option<Arc<Matcher>>,
    statuses: Vec<(FilterId, StatusId)>,
}

impl Active {
    /// Loads a viewer's filters for these posts; `None` when there are none in force.
    ///
    /// # Errors
    /// Internal.
    pub fn load(c: &mut Conn, viewer: AccountId, posts: &[StatusId]) -> Result<Option<Self>> {
        Ok(Self::load_many(c, &[viewer], posts)?.remove(&viewer))
    }

    /// The same for many viewers, as streams have them; those without filters in force are left out.
    ///
    /// # Errors
    /// Internal.
    pub fn load_many(
        c: &mut Conn,
        viewers: &[AccountId],
        posts: &[StatusId],
    ) -> Result<HashMap<AccountId, Self>> {
        let now = c.now();
        let mut filters: HashMap<AccountId, Vec<Arc<Filter>>> = HashMap::new();
        let mut ids = Vec::new();
        for filter in rows::active_of_owners(c, viewers, now)? {
            ids.push(filter.id);
            filters.entry(filter.account_id).or_default().push(Arc::new(filter));
        }
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let keywords = rows::keywords_of(c, &ids)?;
        let statuses = rows::statuses_among(c, &ids, posts)?;
        let context = context_of(c)?;
        let active = |(viewer, filters): (AccountId, Vec<Arc<Filter>>)| {
            let group_of = |id: FilterId| filters.iter().position(|f| f.id == id);
            let own: Vec<Keyword> = keywords
                .iter()
                .filter_map(|row| {
                    let group = group_of(row.filter_id)?;
                    Some(Keyword { text: row.keyword.clone(), is_whole_word: row.is_whole_word, group })
                })
                .collect();
            let matcher = (!own.is_empty()).then(|| context.matchers.ready(viewer, own));
            let statuses = statuses.iter().filter(|(id, _)| group_of(*id).is_some()).copied().collect();
            (viewer, Self { matcher, statuses, filters })
        };
        Ok(filters.into_iter().map(active).collect())
    }

    /// The filters that match a post: by its text, which is put together only if it is looked at, or because they name one of `posts`
    /// (itself, and what it boosts).
    #[must_use]
    pub fn of<'a>(&self, text: impl FnOnce() -> Cow<'a, Searchable>, posts: &[StatusId]) -> Vec<Filtered> {
        let found = self.matcher.as_ref().map(|m| m.find(&text())).unwrap_or_default();
        let result = |(number, filter): (usize, &Arc<Filter>)| {
            let keyword = found.iter().find(|(group, _)| *group == number).map(|(_, text)| text.clone());
            let statuses: Vec<StatusId> =
                posts.iter().copied().filter(|post| self.statuses.contains(&(filter.id, *post))).collect();
            let matches = keyword.is_some() || !statuses.is_empty();
            matches.then(|| Filtered { filter: Arc::clone(filter), keyword, statuses })
        };
        self.filters.iter().enumerate().filter_map(result).collect()
    }
}
