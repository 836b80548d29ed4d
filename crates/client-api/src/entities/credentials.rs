//! CredentialAccount: a profile as its owner sees it, with what was typed and the defaults for posting. Compose screens crash without `source`.
//! Source: <https://docs.joinmastodon.org/entities/Account/#CredentialAccount>.

use parvis_domain::views::AccountView;
use parvis_model::account::Role as RoleName;
use parvis_model::quote::QuotePolicy;
use parvis_model::urls::Urls;
use parvis_model::visibility::Visibility;
use serde::Serialize;

use super::Account;
use super::account::Field;
use super::role::Role;

/// A profile as its owner sees it.
#[derive(Clone, Debug, Serialize)]
pub struct CredentialAccount {
    #[serde(flatten)]
    pub account: Account,
    pub source: Source,
    pub role: Role,
}

/// What the owner typed and chose.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    privacy: &'static str,
    sensitive: bool,
    language: Option<String>,
    note: String,
    fields: Vec<Field>,
    follow_requests_count: i64,
    hide_collections: bool,
    discoverable: bool,
    indexable: bool,
    attribution_domains: Vec<String>,
    quote_policy: &'static str,
}

/// What is known of the owner beside the profile.
#[derive(Clone, Debug)]
pub struct Owner {
    pub role: RoleName,
    pub visibility: Visibility,
    pub is_sensitive: bool,
    pub language: Option<String>,
    pub quotes: QuotePolicy,
    pub follow_requests: i64,
}

impl CredentialAccount {
    /// Renders one's own profile.
    #[must_use]
    pub fn of(view: &AccountView, owner: &Owner, urls: &Urls) -> Self {
        let row = &view.account;
        Self {
            source: Source {
                privacy: owner.visibility.as_str(),
                sensitive: owner.is_sensitive,
                language: owner.language.clone(),
                note: row.bio_source.clone(),
                fields: Field::typed(view),
                follow_requests_count: owner.follow_requests,
                hide_collections: view.chosen.hides_collections,
                discoverable: row.is_discoverable,
                quote_policy: owner.quotes.as_str(),
                indexable: view.chosen.is_indexable,
                attribution_domains: view
                    .chosen
                    .attribution_domains
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect(),
            },
            role: Role::of(owner.role),
            account: Account::of(view, urls),
        }
    }
}
