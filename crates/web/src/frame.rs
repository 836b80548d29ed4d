//! What every page has around its content: words in the visitor's language, title, ways through the site, links for machines, the foot. Templates
//! extend `templates/layout.html` and reach all of it as `frame`.

use parvis_i18n::{Language, Value, Words};

use crate::visitor::{Me, Visitor};
use crate::{assets, when};

/// Where this program's source is (AGPL §13), also in NodeInfo.
pub const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");
/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Which of the ways at the top leads here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// The front page.
    Square,
    /// The town's public timeline.
    Local,
    /// Everybody's public timeline.
    Wide,
    /// The search.
    Search,
    /// Anything else.
    Elsewhere,
}

/// What others show of a link to this page (<https://ogp.me>).
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// `website`, `profile` or `article`.
    pub kind: &'static str,
    /// One line.
    pub title: String,
    /// A sentence or two of plain text.
    pub description: String,
    /// A picture's full address and its description.
    pub picture: Option<(String, String)>,
    /// RFC 3339, of a post.
    pub published: Option<String>,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Frame {
    visitor: Visitor,
    /// Without the town's name.
    pub title: String,
    pub here: Here,
    /// Full address of the page as others should know it.
    pub canonical: Option<String>,
    /// The ActivityPub document of what is shown.
    pub activity: Option<String>,
    pub preview: Option<Preview>,
    /// Whether search engines are asked not to list it.
    pub is_hidden_from_search: bool,
}

impl Frame {
    /// A page with this title.
    #[must_use]
    pub fn new(visitor: &Visitor, title: impl Into<String>) -> Self {
        Self {
            visitor: visitor.clone(),
            title: title.into(),
            here: Here::Elsewhere,
            canonical: None,
            activity: None,
            preview: None,
            is_hidden_from_search: false,
        }
    }

    /// A page whose title is the sentence of `key`.
    #[must_use]
    pub fn titled(visitor: &Visitor, key: &str) -> Self {
        Self::new(visitor, Words::text(visitor.language(), key, &[]))
    }

    /// Asks search engines not to list the page.
    #[must_use]
    pub fn hidden_from_search(mut self) -> Self {
        self.is_hidden_from_search = true;
        self
    }

    /// One of the ways at the top.
    #[must_use]
    pub fn at(mut self, here: Here) -> Self {
        self.here = here;
        self
    }

    /// Whether this is the town's timeline.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.here == Here::Local
    }

    /// Whether this is everybody's timeline.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.here == Here::Wide
    }

    /// Whether this is the search.
    #[must_use]
    pub fn is_search(&self) -> bool {
        self.here == Here::Search
    }

    /// The sentence of `key`.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        Words::text(self.language(), key, &[])
    }

    /// The sentence of `key` with one text put in.
    #[must_use]
    pub fn say_with(&self, key: &str, name: &'static str, value: &str) -> String {
        Words::text(self.language(), key, &[(name, Value::from(value))])
    }

    /// The sentence of `key` with two texts put in.
    #[must_use]
    pub fn say_with_two(&self, key: &str, a: &(&'static str, &str), b: &(&'static str, &str)) -> String {
        Words::text(self.language(), key, &[(a.0, Value::from(a.1)), (b.0, Value::from(b.1))])
    }

    /// The sentence of `key` with a number, in its plural form.
    #[must_use]
    pub fn count(&self, key: &str, count: &i64) -> String {
        Words::text(self.language(), key, &[("count", Value::from(*count))])
    }

    /// The language of the page.
    #[must_use]
    pub fn language(&self) -> Language {
        self.visitor.language()
    }

    /// All languages with the address of this page in each.
    #[must_use]
    pub fn languages(&self) -> Vec<(Language, String)> {
        let path = self.visitor.path().as_str();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Language::ALL
            .into_iter()
            .map(|language| {
                let mut kept = url::form_urlencoded::Serializer::new(String::new());
                kept.extend_pairs(
                    url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "lang"),
                );
                kept.append_pair("lang", language.code());
                (language, format!("{path}?{}", kept.finish()))
            })
            .collect()
    }

    /// Who is signed in.
    #[must_use]
    pub fn me(&self) -> Option<&Me> {
        self.visitor.me()
    }

    /// Whether the visitor may look after the rules.
    #[must_use]
    pub fn is_for_staff(&self) -> bool {
        self.me().is_some_and(|me| me.role >= parvis_model::account::Role::Moderator)
    }

    /// The hidden field of a form.
    #[must_use]
    pub fn mark(&self) -> String {
        self.visitor.mark()
    }

    /// The town's name.
    #[must_use]
    pub fn town(&self) -> &str {
        &self.visitor.town().settings().town.name
    }

    /// `host[:port]` of the town's handles.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.visitor.town().urls().domain()
    }

    /// Whether one can ask for an account.
    #[must_use]
    pub fn may_sign_up(&self) -> bool {
        self.visitor.town().settings().accounts.registration != parvis_config::Registration::Closed
    }

    /// The number to give when something went wrong.
    #[must_use]
    pub fn request_id(&self) -> &str {
        self.visitor.request_id()
    }

    /// The style sheet's path.
    #[must_use]
    pub fn style(&self) -> &'static str {
        assets::style_path()
    }

    /// The source of this program.
    #[must_use]
    pub fn source(&self) -> &'static str {
        SOURCE
    }

    /// The program's version.
    #[must_use]
    pub fn version(&self) -> &'static str {
        VERSION
    }

    /// "3 hours ago", or the date.
    #[must_use]
    pub fn ago(&self, then: &parvis_model::time::Moment) -> String {
        when::ago(self.language(), *then, self.visitor.town().now())
    }

    /// Day and time, with the zone.
    #[must_use]
    pub fn in_full(&self, then: &parvis_model::time::Moment) -> String {
        when::in_full(self.language(), *then)
    }

    /// The day.
    #[must_use]
    pub fn day(&self, then: &parvis_model::time::Moment) -> String {
        when::day(self.language(), *then)
    }
}
