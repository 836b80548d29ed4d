//! Asking an object for its members in the shapes that JSON-LD allows: one or many, id or object, text or map of languages.

use std::collections::BTreeMap;

use parvis_model::time::Moment;
use serde_json::{Map, Value};
use url::Url;

use super::limits::{COUNT, LANGUAGES, URL};
use super::parse::Document;

/// One text per language tag, as `contentMap`. Sorted, bounded.
pub type LangMap = BTreeMap<String, String>;

/// A web address as it is believed in a document: http(s), with a host, without a login, not endless.
#[must_use]
pub fn web_url(text: &str) -> Option<Url> {
    if text.len() > URL {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let usable = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    usable.then_some(url)
}

/// A text without U+0000, which PostgreSQL refuses (threats J1).
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// A member that may hold one thing or a list of things. Absent and `null` are an empty list.
#[derive(Debug, Clone, Copy)]
pub struct OneOrMany<'a>(&'a [Value]);

impl<'a> OneOrMany<'a> {
    pub(super) fn of(value: Option<&'a Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self(&[]),
            Some(Value::Array(items)) => Self(items),
            Some(one) => Self(std::slice::from_ref(one)),
        }
    }

    /// The things, without looking into lists inside the list.
    pub fn iter(self) -> impl Iterator<Item = &'a Value> {
        self.0.iter()
    }

    /// The objects among them.
    pub fn objects(self) -> impl Iterator<Item = Members<'a>> {
        self.iter().filter_map(Members::of)
    }

    /// The texts among them.
    pub fn texts(self) -> impl Iterator<Item = String> {
        self.iter().filter_map(Value::as_str).map(clean)
    }

    /// What they name: a URL, or an object's `id`, or the `href` of a Link.
    pub fn urls(self) -> impl Iterator<Item = Url> {
        self.iter().filter_map(named)
    }
}

/// The URL that a value names.
fn named(value: &Value) -> Option<Url> {
    match value {
        Value::String(text) => web_url(text),
        Value::Object(_) => {
            let members = Members::of(value)?;
            members.string("id").or_else(|| members.string("href")).and_then(web_url)
        }
        _ => None,
    }
}

/// Something that is either named by its id or put inside.
#[derive(Debug, Clone, PartialEq)]
pub enum IdOrObject {
    /// Only the id.
    Id(Url),
    /// The object itself. It is only a hint unless it comes from the one who sent it (threats O4).
    Object(Box<Document>),
}

impl IdOrObject {
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => web_url(text).map(Self::Id),
            Value::Object(members) => Some(Self::Object(Box::new(Document::embedded(members)))),
            _ => None,
        }
    }

    /// The id, of the object too if it has one.
    #[must_use]
    pub fn id(&self) -> Option<Url> {
        match self {
            Self::Id(id) => Some(id.clone()),
            Self::Object(document) => document.members().id(),
        }
    }

    /// The object, when it is inside.
    #[must_use]
    pub fn object(&self) -> Option<&Document> {
        match self {
            Self::Id(_) => None,
            Self::Object(document) => Some(document),
        }
    }
}

/// The members of one object. All readers answer `None` for what is absent or of a shape that means nothing to them.
#[derive(Debug, Clone, Copy)]
pub struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    pub(super) const fn new(members: &'a Map<String, Value>) -> Self {
        Self(members)
    }

    fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// A member as one or many things.
    #[must_use]
    pub fn many(self, name: &str) -> OneOrMany<'a> {
        OneOrMany::of(self.0.get(name))
    }

    fn string(self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// The `id`. Only a text names an object: lists and objects do not.
    #[must_use]
    pub fn id(self) -> Option<Url> {
        self.string("id").and_then(web_url)
    }

    /// Whether `type` names or contains this.
    #[must_use]
    pub fn is(self, kind: &str) -> bool {
        self.many("type").iter().any(|one| one.as_str() == Some(kind))
    }

    /// The first of these types that the object has, in the order asked.
    #[must_use]
    pub fn kind<T: Copy>(self, known: &[(&str, T)]) -> Option<T> {
        known.iter().find(|(name, _)| self.is(name)).map(|(_, kind)| *kind)
    }

    /// A text, or the first of a list of texts. Empty texts are absent.
    #[must_use]
    pub fn text(self, name: &str) -> Option<String> {
        self.many(name).texts().next().filter(|text| !text.is_empty())
    }

    /// A text, or the first of its translations (`name`, then `nameMap`).
    #[must_use]
    pub fn translated(self, name: &str, map: &str) -> Option<String> {
        self.text(name).or_else(|| self.languages(map).into_values().next())
    }

    /// A map from language tags to texts. Tags longer than any real one are left out.
    #[must_use]
    pub fn languages(self, name: &str) -> LangMap {
        let Some(map) = self.0.get(name).and_then(Value::as_object) else { return LangMap::new() };
        map.iter()
            .filter(|(tag, _)| {
                (1..=35).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
            .filter_map(|(tag, text)| Some((tag.clone(), clean(text.as_str()?))))
            .filter(|(_, text)| !text.is_empty())
            .take(LANGUAGES)
            .collect()
    }

    /// The first thing that a member names by URL, `id` or `href`.
    #[must_use]
    pub fn url(self, name: &str) -> Option<Url> {
        self.many(name).urls().next()
    }

    /// The first thing of a member, named or inside.
    #[must_use]
    pub fn thing(self, name: &str) -> Option<IdOrObject> {
        self.many(name).iter().find_map(IdOrObject::of)
    }

    /// The first object of a member.
    #[must_use]
    pub fn object(self, name: &str) -> Option<Members<'a>> {
        self.many(name).objects().next()
    }

    /// Yes or no. Texts are not taken: `"false"` would be yes to somebody.
    #[must_use]
    pub fn flag(self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    /// A count, or the `totalItems` of a collection. Negative is 0, enormous is a thousand million.
    #[must_use]
    pub fn count(self, name: &str) -> Option<u32> {
        match self.0.get(name)? {
            Value::Number(number) => Some(counted(number)),
            Value::Object(collection) => match collection.get("totalItems")? {
                Value::Number(number) => Some(counted(number)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A number of pixels and the like; `None` when it is not between 1 and 100,000.
    #[must_use]
    pub fn size(self, name: &str) -> Option<u32> {
        self.count(name).filter(|size| (1..=100_000).contains(size))
    }

    /// Two numbers between −1 and 1, as `focalPoint`.
    #[must_use]
    pub fn point(self, name: &str) -> Option<(f64, f64)> {
        let [x, y] = self.0.get(name)?.as_array()?.as_slice() else { return None };
        let within = |value: &Value| value.as_f64().filter(|number| (-1.0..=1.0).contains(number));
        Some((within(x)?, within(y)?))
    }

    /// An instant of the past; what lies ahead becomes `now`, what lies before 1970 becomes 1970 (threats J1).
    #[must_use]
    pub fn past(self, name: &str, now: Moment) -> Option<Moment> {
        self.moment(name).map(|at| at.clamp(Moment(0), now.max(Moment(0))))
    }

    /// An instant, wherever it lies.
    #[must_use]
    pub fn moment(self, name: &str) -> Option<Moment> {
        self.string(name).filter(|text| text.len() <= 64).and_then(Moment::parse_rfc3339)
    }

    /// The address of a picture or film and its media type: a URL, a Link, an Image with `url`, or a list of these, of
    /// which the first usable is taken.
    #[must_use]
    pub fn media(self, name: &str) -> Option<(Url, Option<String>)> {
        self.many(name).iter().find_map(|value| match value {
            Value::String(text) => web_url(text).map(|url| (url, None)),
            Value::Object(_) => {
                let inner = Self::of(value)?;
                let kind = inner.text("mediaType");
                if let Some(url) = inner.string("href").and_then(web_url) {
                    return Some((url, kind));
                }
                // One step down and no further: `icon: {url: {href}}`.
                let (url, below) = inner.many("url").iter().find_map(|value| match value {
                    Value::String(text) => web_url(text).map(|url| (url, None)),
                    _ => {
                        let link = Self::of(value)?;
                        Some((link.string("href").and_then(web_url)?, link.text("mediaType")))
                    }
                })?;
                Some((url, kind.or(below)))
            }
            _ => None,
        })
    }

    /// The page for people: of several addresses the one that says it is HTML, else the first.
    #[must_use]
    pub fn page(self, name: &str) -> Option<Url> {
        let html = |members: &Members<'_>| members.string("mediaType") == Some("text/html");
        let best =
            self.many(name).objects().filter(html).find_map(|link| link.string("href").and_then(web_url));
        best.or_else(|| self.url(name))
    }
}

fn counted(number: &serde_json::Number) -> u32 {
    match (number.as_u64(), number.as_f64()) {
        (Some(count), _) => u32::try_from(count).unwrap_or(COUNT).min(COUNT),
        (None, Some(count)) if count >= f64::from(COUNT) => COUNT,
        // A negative number or a fraction: nobody counts like that.
        _ => 0,
    }
}
