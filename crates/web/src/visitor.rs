//! Who looks at a page: language, session, and the mark that ties forms to this browser. Made once per request by [`look`], taken by handlers as an
//! extractor. Signing in and out is in `pages::sign_in`, the rules of sessions in `domain::sign_in`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, Uri, header};
use parvis_domain::outside::RequestId;
use parvis_domain::{Town, secrets};
use parvis_i18n::Language;
use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use subtle::ConstantTimeEq;

use crate::cookies::{Cookies, Purpose};
use crate::headers::FormTarget;
use crate::redirects::OwnPath;
use crate::session;
use crate::trouble::{self, Trouble};

/// The account of a session.
#[derive(Clone, Debug)]
pub struct Me {
    /// Whose session it is.
    pub id: AccountId,
    /// Username.
    pub username: String,
    /// What the login may do.
    pub role: Role,
}

/// Who looks at a page.
#[derive(Clone, Debug)]
pub struct Visitor(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    language: Language,
    me: Option<Me>,
    /// What the marks of forms are bound to: the session's token or the nonce of the forms cookie.
    binding: String,
    has_fresh_nonce: bool,
    is_nonce_used: AtomicBool,
    session_token: Option<String>,
    path: OwnPath,
    request_id: String,
    town: Town,
}

impl Visitor {
    /// The language of the answer.
    #[must_use]
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// Who is signed in.
    #[must_use]
    pub fn me(&self) -> Option<&Me> {
        self.0.me.as_ref()
    }

    /// Whose eyes the database looks with.
    #[must_use]
    pub fn viewer(&self) -> Option<AccountId> {
        self.0.me.as_ref().map(|m| m.id)
    }

    /// The session's token, if it is a valid one.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.0.session_token.as_deref()
    }

    /// The account of the session, for pages that need one.
    ///
    /// # Errors
    /// The way to the sign-in page, which comes back here.
    pub fn signed_in(&self) -> Result<&Me, Trouble> {
        self.me().ok_or_else(|| Trouble::SignIn(self.path().clone()))
    }

    /// The path and query that were asked for.
    #[must_use]
    pub fn path(&self) -> &OwnPath {
        &self.0.path
    }

    /// The number to give when something went wrong.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The town.
    #[must_use]
    pub fn town(&self) -> &Town {
        &self.0.town
    }

    /// The hidden field of a form of this page.
    #[must_use]
    pub fn mark(&self) -> String {
        self.0.is_nonce_used.store(true, Ordering::Relaxed);
        self.expected_mark()
    }

    fn expected_mark(&self) -> String {
        self.0.town.secrets().mark("form", &self.0.binding)
    }

    /// Whether a form came from a page that this browser got from us.
    #[must_use]
    pub fn is_mark_ours(&self, mark: &str) -> bool {
        !self.0.has_fresh_nonce && bool::from(mark.as_bytes().ct_eq(self.expected_mark().as_bytes()))
    }

    async fn of(
        town: Town,
        uri: &Uri,
        headers: &HeaderMap,
        number: Option<&RequestId>,
    ) -> Result<Self, parvis_domain::Error> {
        let cookies = Cookies::new(town.settings());
        let token = cookies.read(headers, Purpose::Session);
        let me = match &token {
            Some(token) => session::whose(&town, token).await?,
            None => None,
        };
        let session_token = me.as_ref().and(token);
        let nonce = cookies.read(headers, Purpose::Forms);
        let (binding, has_fresh_nonce) = match (&session_token, nonce) {
            (Some(token), _) => (format!("session {}", secrets::hash(token)), false),
            (None, Some(nonce)) => (format!("nonce {nonce}"), false),
            (None, None) => (format!("nonce {}", secrets::new_token(&**town.random())), true),
        };
        Ok(Self(Arc::new(Inner {
            language: language(&town, uri, headers),
            me,
            binding,
            has_fresh_nonce,
            is_nonce_used: AtomicBool::new(false),
            session_token,
            path: uri.path_and_query().and_then(|p| OwnPath::parse(p.as_str())).unwrap_or_default(),
            request_id: number.map_or_else(|| "-".to_owned(), |n| n.0.clone()),
            town,
        })))
    }

    /// The nonce that the browser must keep for its forms to be accepted.
    fn nonce_to_keep(&self) -> Option<&str> {
        let is_needed = self.0.has_fresh_nonce && self.0.is_nonce_used.load(Ordering::Relaxed);
        is_needed.then(|| self.0.binding.strip_prefix("nonce ")).flatten()
    }
}

/// The `lang` parameter of an address.
fn asked_language(uri: &Uri) -> Option<Language> {
    let query = uri.query()?;
    let (_, code) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang")?;
    Language::from_code(&code)
}

fn language(town: &Town, uri: &Uri, headers: &HeaderMap) -> Language {
    if let Some(asked) = asked_language(uri) {
        return asked;
    }
    let kept = Cookies::new(town.settings()).read(headers, Purpose::Language);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let own =
        town.settings().town.languages.iter().find_map(|code| Language::from_code(code)).unwrap_or_default();
    Language::negotiate(kept.as_deref(), accepted, own)
}

/// The middleware around every page: finds out who looks, dresses failures as pages, and sets headers and cookies.
pub async fn look(State(town): State<Town>, mut request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let cookies = Cookies::new(town.settings());
    let number = request.extensions().get::<RequestId>();
    let media = town.settings().media_origin();
    let visitor = match Visitor::of(town, &uri, request.headers(), number).await {
        Ok(visitor) => visitor,
        Err(error) => return trouble::bare(error),
    };
    request.extensions_mut().insert(visitor.clone());
    let mut response = trouble::dress(next.run(request).await, &visitor);
    let target: Option<FormTarget> = response.extensions_mut().remove();
    let headers = response.headers_mut();
    if let Some(language) = asked_language(&uri) {
        headers.extend(
            cookies.set(Purpose::Language, language.code(), Some(365)).map(|v| (header::SET_COOKIE, v)),
        );
    }
    if let Some(nonce) = visitor.nonce_to_keep() {
        headers.extend(cookies.set(Purpose::Forms, nonce, None).map(|v| (header::SET_COOKIE, v)));
    }
    if visitor.0.is_nonce_used.load(Ordering::Relaxed) {
        headers.insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    }
    crate::headers::set(headers, target.as_ref(), media.as_deref());
    response
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or_else(|| Trouble::Internal("a page without the visitor layer".to_owned()))
    }
}
