//! Registering client programs, and recognising them by their secret.

use parvis_model::ids::AppId;
use parvis_model::scope::Scopes;
use parvis_store::oauth::{self, App};
use subtle::ConstantTimeEq;

use super::{Answer, OAuthError, redirect};
use crate::error::{OrNotFound, Result};
use crate::{Conn, Tx, secrets};

/// Scopes of a program that names none.
pub const DEFAULT_SCOPES: &str = "read";

const NAME_MAX: usize = 200;
const WEBSITE_MAX: usize = 2_000;
/// As long as the column.
const REDIRECTS_MAX: usize = 8_192;

/// What a program says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewApp {
    /// Shown on the consent page and below posts.
    pub name: String,
    /// Each may itself be a list separated by line ends.
    pub redirect_uris: Vec<String>,
    /// Separated by blanks; [`DEFAULT_SCOPES`] when not given.
    pub scopes: Option<String>,
    /// Its page.
    pub website: Option<String>,
}

/// A registered program with its secret, which is shown this once.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The row.
    pub app: App,
    /// `client_secret`.
    pub secret: String,
}

/// Registers a program. Anybody may, so everything it says is checked here.
///
/// # Errors
/// `InvalidRequest` (a sentence), `InvalidRedirect`, `InvalidScope`.
pub fn register(tx: &mut Tx<'_>, new: &NewApp) -> Answer<Registered> {
    let checked = match check(new) {
        Ok(checked) => checked,
        Err(error) => return Ok(Err(error)),
    };
    let secret = secrets::new_token(tx.random());
    let app = App {
        id: AppId(tx.new_id()),
        client_id: secrets::new_token(tx.random()),
        secret_hash: secrets::hash(&secret),
        created_at: tx.now(),
        ..checked
    };
    oauth::insert_app(tx, &app)?;
    Ok(Ok(Registered { app, secret }))
}

/// The texts of a row, checked.
fn check(new: &NewApp) -> std::result::Result<App, OAuthError> {
    let name = parvis_text::names::display_name(&new.name, NAME_MAX);
    if name.is_empty() || new.name.chars().count() > NAME_MAX {
        return Err(OAuthError::InvalidRequest(
            "Validation failed: Application name can't be blank or too long",
        ));
    }
    let uris: Vec<&str> = new.redirect_uris.iter().flat_map(|u| redirect::split(u)).collect();
    let redirect_uris = uris.join("\n");
    if uris.is_empty() || uris.len() > redirect::MOST || redirect_uris.len() > REDIRECTS_MAX {
        return Err(OAuthError::InvalidRequest("Validation failed: Redirect URI can't be blank or too many"));
    }
    if !uris.iter().all(|u| redirect::is_acceptable(u)) {
        return Err(OAuthError::InvalidRedirect);
    }
    let asked = new.scopes.as_deref().map(str::trim).filter(|s| !s.is_empty()).unwrap_or(DEFAULT_SCOPES);
    let scopes = Scopes::parse(asked).map_err(|_| OAuthError::InvalidScope)?;
    let website = new.website.as_deref().map(str::trim).filter(|w| !w.is_empty());
    let is_page = |w: &str| {
        w.len() <= WEBSITE_MAX && url::Url::parse(w).is_ok_and(|u| matches!(u.scheme(), "http" | "https"))
    };
    if website.is_some_and(|w| !is_page(w)) {
        return Err(OAuthError::InvalidRequest("Validation failed: Website is not a valid URL"));
    }
    Ok(App {
        id: AppId::default(),
        client_id: String::new(),
        secret_hash: String::new(),
        name,
        website: website.map(str::to_owned),
        redirect_uris,
        scopes: scopes.to_string(),
        created_at: parvis_model::time::Moment::default(),
    })
}

/// A program by id.
///
/// # Errors
/// `NotFound`.
pub fn by_id(c: &mut Conn, id: AppId) -> Result<App> {
    oauth::app_by_id(c, id)?.or_not_found()
}

/// A program by its `client_id`.
///
/// # Errors
/// Internal.
pub fn by_client_id(c: &mut Conn, client_id: &str) -> Result<Option<App>> {
    Ok(oauth::app_by_client_id(c, client_id)?)
}

/// The redirect URIs of a program.
pub fn redirect_uris(app: &App) -> impl Iterator<Item = &str> {
    redirect::split(&app.redirect_uris)
}

/// The scopes of a program. What was registered once and is unknown today counts for nothing.
#[must_use]
pub fn scopes(app: &App) -> Scopes {
    Scopes::parse(&app.scopes).unwrap_or_default()
}

/// Whether this is the program's secret, in constant time.
#[must_use]
pub fn is_secret(app: &App, secret: &str) -> bool {
    secrets::hash(secret).as_bytes().ct_eq(app.secret_hash.as_bytes()).into()
}
