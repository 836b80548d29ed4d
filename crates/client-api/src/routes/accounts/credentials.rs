//! One's own account: what it is, changing it, its defaults.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use parvis_domain::accounts::profile::{self, Change};
use parvis_domain::leftovers::ShownBy;
use parvis_domain::{Conn, Town, access, accounts, follows, media, views};
use parvis_media::Wanted;
use parvis_model::account::Role;
use parvis_model::ids::AccountId;
use parvis_model::quote::QuotePolicy;
use parvis_model::visibility::Visibility;

use crate::body::Params;
use crate::entities::credentials::{CredentialAccount, Owner};
use crate::entities::profile::Profile;
use crate::entities::reading::Preferences;
use crate::error::{ApiError, Result};
use crate::extract::Me;
use crate::routes::statuses::quote::quote_policy;
use crate::routes::statuses::write::language;

/// `GET /api/v1/accounts/verify_credentials`.
pub async fn verify(State(town): State<Town>, Me(me): Me) -> Result<Json<CredentialAccount>> {
    shown(&town, me).await
}

async fn shown(town: &Town, me: AccountId) -> Result<Json<CredentialAccount>> {
    let (view, owner) = town
        .db()
        .read(move |c| {
            let row = access::account(c, me)?;
            Ok::<_, parvis_domain::Error>((views::of_account(c, &row)?, owner(c, me)?))
        })
        .await?;
    Ok(Json(CredentialAccount::of(&view, &owner, town.urls())))
}

fn owner(c: &mut Conn, me: AccountId) -> parvis_domain::Result<Owner> {
    let login = accounts::find::login(c, me)?;
    Ok(Owner {
        role: Role::parse(&login.role).unwrap_or_default(),
        visibility: Visibility::from_code(login.default_visibility),
        is_sensitive: login.default_sensitive,
        language: login.default_language,
        quotes: QuotePolicy::from_default(login.default_quote_policy),
        follow_requests: follows::count_requests(c, me)?,
    })
}

/// `PATCH /api/v1/accounts/update_credentials`. What is not sent stays as it is; an empty picture takes it away.
pub async fn update(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<CredentialAccount>> {
    take(&town, me, &params).await?;
    shown(&town, me).await
}

/// Changes what a form says.
async fn take(town: &Town, me: AccountId, params: &Params) -> Result<()> {
    let mut change = change(params)?;
    let mut kept = Vec::new();
    change.avatar = picture(town, me, params, "avatar", Wanted::AVATAR, &mut kept).await?;
    change.header = picture(town, me, params, "header", Wanted::HEADER, &mut kept).await?;
    let outcome = apply(town, me, change).await;
    if outcome.is_err() {
        media::discard(town, kept).await;
    }
    outcome
}

/// `GET /api/v1/profile`: one's own profile for the screen on which it is changed.
pub async fn profile(State(town): State<Town>, Me(me): Me) -> Result<Json<Profile>> {
    let view = town
        .db()
        .read(move |c| {
            let row = access::account(c, me)?;
            views::of_account(c, &row)
        })
        .await?;
    Ok(Json(Profile::of(&view, town.urls())))
}

/// `PATCH /api/v1/profile`: what `update_credentials` does, answered with the profile alone.
pub async fn update_profile(State(town): State<Town>, Me(me): Me, params: Params) -> Result<Json<Profile>> {
    take(&town, me, &params).await?;
    profile(State(town), Me(me)).await
}

async fn apply(town: &Town, me: AccountId, change: Change) -> Result<()> {
    let changed = town.db().write(move |tx| profile::update(tx, me, &change)).await?;
    media::discard(town, changed.files).await;
    Ok(())
}

/// `DELETE /api/v1/profile/avatar`.
pub async fn remove_avatar(State(town): State<Town>, Me(me): Me) -> Result<Json<CredentialAccount>> {
    apply(&town, me, Change { avatar: Some(None), ..Change::default() }).await?;
    shown(&town, me).await
}

/// `DELETE /api/v1/profile/header`.
pub async fn remove_header(State(town): State<Town>, Me(me): Me) -> Result<Json<CredentialAccount>> {
    apply(&town, me, Change { header: Some(None), ..Change::default() }).await?;
    shown(&town, me).await
}

/// Names are read one by one: nothing that is not listed here can be changed (threats A9).
fn change(params: &Params) -> Result<Change> {
    let rows = params.rows("fields_attributes");
    let mut fields = Vec::new();
    for row in &rows {
        fields.push((row.text("name")?.unwrap_or_default(), row.text("value")?.unwrap_or_default()));
    }
    let source = params.under("source").unwrap_or_default();
    let visibility = match source.word("privacy")? {
        Some(word) => {
            // A post to nobody in particular cannot be what is meant without saying.
            let known = Visibility::parse(&word).filter(|v| *v != Visibility::Direct);
            Some(known.ok_or_else(|| ApiError::invalid("privacy must be public, unlisted or private"))?)
        }
        None => None,
    };
    let chosen = source.has("language").then(|| language(&source)).transpose()?;
    Ok(Change {
        display_name: params.text("display_name")?,
        bio: params.text("note")?,
        fields: params.has("fields_attributes").then_some(fields),
        is_locked: params.flag("locked")?,
        is_discoverable: params.flag("discoverable")?,
        is_bot: params.flag("bot")?,
        is_indexable: params.flag("indexable")?,
        hides_collections: params.flag("hide_collections")?,
        shows_media: params.flag("show_media")?,
        shows_media_replies: params.flag("show_media_replies")?,
        shows_featured: params.flag("show_featured")?,
        avatar_description: params.text("avatar_description")?,
        header_description: params.text("header_description")?,
        attribution_domains: params
            .has("attribution_domains")
            .then(|| params.list("attribution_domains"))
            .transpose()?,
        avatar: None,
        header: None,
        default_visibility: visibility,
        default_sensitive: source.flag("sensitive")?,
        default_language: chosen,
        default_quote_policy: quote_policy(&source, "quote_policy")?,
    })
}

/// A new picture, decoded and stored; `Some(None)` takes it away.
async fn picture(
    town: &Town,
    me: AccountId,
    params: &Params,
    name: &str,
    wanted: Wanted,
    kept: &mut Vec<String>,
) -> Result<Option<Option<String>>> {
    let bytes = match params.file(name) {
        Some(bytes) if bytes.is_empty() => return Err(ApiError::invalid(format!("{name} is an empty file"))),
        Some(bytes) => Bytes::clone(bytes),
        None => match params.text(name)?.as_deref() {
            None => return Ok(None),
            Some("") => return Ok(Some(None)),
            Some(text) => {
                data_url(text).ok_or_else(|| ApiError::invalid(format!("{name} is not a picture")))?
            }
        },
    };
    let key = media::keep_picture(town, bytes, wanted, ShownBy::Account(me)).await?;
    kept.push(key.clone());
    Ok(Some(Some(key)))
}

/// The bytes of a `data:` URL in base64 (RFC 2397), as programs without multipart send pictures.
fn data_url(text: &str) -> Option<Bytes> {
    let (kind, data) = text.strip_prefix("data:")?.split_once(',')?;
    kind.ends_with(";base64").then(|| BASE64_STANDARD.decode(data).ok().map(Bytes::from))?
}

/// `GET /api/v1/preferences`.
pub async fn preferences(State(town): State<Town>, Me(me): Me) -> Result<Json<Preferences>> {
    let login = town.db().read(move |c| accounts::find::login(c, me)).await?;
    Ok(Json(Preferences::of(
        Visibility::from_code(login.default_visibility),
        login.default_sensitive,
        login.default_language,
        QuotePolicy::from_default(login.default_quote_policy),
    )))
}
